"""What the quantities of the model are called in a report: no parameter's name, no id."""

from __future__ import annotations

import re
from collections.abc import Mapping

from forecasting.dossier.edition import EditionDossier
from forecasting.forecasts import Forecast

# by the names that `forecasting.models.network.build` gives them; {} is what one element is about
QUANTITIES = {
    "p": "{}",
    "log_hazard": "pace of {}",
    "class_rate": "yearly rate of {}",
    "class_prob": "chance per occasion in {}",
    "class_spread_unit": "how far members of {} differ",
    "member": "how far {} differs from its class",
    "log_shape": "how the pace changes with age in {}",
    "effect_beta": "strength of {}",
    "driver_level": "level of {}",
    "loading_weight": "weight of {}",
    "signal_log_ratio": "weight of a reported fact about {}",
    "occasion_log_mass": "chance on the occasion of {}",
    "signal_overlap": "how far facts about one event overlap",
    "claim_residual": "what a judgement errs by beyond wording and grades",
    "claim_drift": "how far a hazard wanders in a year from what was said of it",
    "source": "error that claims of one source about {} share",
    "origin": "error that claims of one origin about {} share",
    "source_spread": "size of the errors that claims of one source share",
    "origin_spread": "size of the errors that claims of one origin share",
}
# how `forecasting.fitting.further.worst_of` names what a further model's verdict is about
OF_MODEL = re.compile(r"(?P<model>[a-z_]+), (?:base|prior|posterior): (?P<name>.*)")
RIVAL = "the place kept free for a rival class"


def quantity_titles(edition: EditionDossier, forecasts: tuple[Forecast, ...]) -> dict[str, str]:
    """Return what every id that a quantity may be about is called."""
    events = {event.id: event.title for event in edition.events}
    return {
        **{name: f"class “{name.replace('-', ' ')}”" for name in edition.dossier.reference_classes},
        **{driver.id: f"pressure “{driver.title}”" for driver in edition.drivers},
        **{effect.id: f"effect from “{events[effect.from_]}” to “{events[effect.to]}”" for effect in edition.effects},
        **{name: f"“{title}”" for name, title in events.items()},
        **{forecast.question: f"“{forecast.title}”" for forecast in forecasts},
    }


def quantity_words(name: str, titles: Mapping[str, str]) -> str:
    """Return a quantity of the gate's table in words, or its name as it is where none of its ids is known.

    Examples
    --------
    >>> quantity_words("log_hazard[pact-signed]", {"pact-signed": "“The pact is signed”"})
    'pace of “The pact is signed”'
    >>> quantity_words("class_rate[rival (per year)]", {}), quantity_words("chain 3", {})
    ('yearly rate of the place kept free for a rival class', 'chain 3')
    """
    if name in titles:
        return titles[name]
    if (of_model := OF_MODEL.fullmatch(name)) and of_model["model"] in titles:
        return f"{titles[of_model['model']]}: {quantity_words(of_model['name'], titles)}"
    head, _, inside = name.partition("[")
    pattern = QUANTITIES.get(head.removesuffix("_offset"))
    if pattern is None:
        return name
    if "{}" not in pattern:
        return pattern
    known = [titles[part] for part in re.split(r"[ :,]", inside.rstrip("]")) if part in titles]
    about = RIVAL if inside.startswith("rival (") else " on ".join(known) if head.startswith("loading") else (known or [""])[0]
    return pattern.format(about) if about else name

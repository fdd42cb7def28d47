"""From the place of a hedge among surveyed phrases to what a reader means by it, and how many readers are behind that."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forecasting.dossier.wordings import Wording
from forecasting.elicitation.habits import ROUNDING
from forecasting.elicitation.meaning import PhraseDraws, meaning_quantiles
from forecasting.elicitation.placements import PHRASES, Placement, share_slack, weights
from forecasting.elicitation.survey_traits import TRAITS, Habits
from forecasting.files import write_file

DRAWS = Path(__file__).with_name("placed_draws.json")
PLACE_PREDICTIONS = Path("tests/elicitation/place_predictions.json")
REPEAT = 20
"""Times that each stored draw is used, each with noise of its own: what is left of chance in a quantile is below 0.005."""


@dataclass(frozen=True)
class PlacedDraws:
    """Posterior draws of `forecasting.models.phrases.placed`.

    ``traits`` has dims (draw, trait, phrase), phrases as in `PHRASES`; ``share_sd`` (draw); ``place_sd`` and ``survey_sd``
    (draw, trait); ``log_tail`` (survey).
    """

    traits: np.ndarray
    share_sd: np.ndarray
    place_sd: np.ndarray
    survey_sd: np.ndarray
    log_tail: np.ndarray


def place(draws: PlacedDraws, placements: Sequence[Placement], *, habits: Habits | None = None, random_seed: int) -> PhraseDraws:
    """Return draws of what readers mean by wordings that stand at their places, give or take.

    For wording h with weights w over the surveyed phrases: θ_h = Σ w θ_f + √(τ² + σ²) ε, where τ is how far surveyed phrases
    were from their places and σ how far readers of one survey are from those of another, since readers of articles are of
    neither. Of location both are counted in spreads of readers there, exp(Σ w λ_f), and between two phrases the error of the
    share comes on top. Tails are those of the surveys in turn.

    Parameters
    ----------
    placements : sequence of Placement
        The places.
    habits : Habits, optional
        How readers round, for `forecasting.elicitation.meaning.answer_probabilities`; without them nobody rounds.
    random_seed : int
        Of ε.

    Returns
    -------
    PhraseDraws
        *How to read it:* `meaning_quantiles` of it are what a reader means whom nobody has asked about these words.
    """
    w = weights(placements, PHRASES)
    centre = draws.traits @ w.T  # dims (draw, trait, placement)
    n_draws, _, n_placed = centre.shape
    step, at = np.ones_like(centre), TRAITS.index("location")
    step[:, at] = np.exp(centre[:, TRAITS.index("log_scale")])
    spread = np.hypot(draws.place_sd, draws.survey_sd)[:, :, None] * step
    gap = draws.traits[:, at] @ share_slack(placements, PHRASES).T  # dims (draw, placement)
    spread[:, at] = np.hypot(spread[:, at], draws.share_sd[:, None] * gap)
    location, log_scale, skew = np.moveaxis(
        centre + spread * np.random.default_rng(random_seed).standard_normal(centre.shape), 1, 0
    )  # fmt: skip
    used = habits or Habits(tuple(float(name == "ones") for name in ROUNDING), 0.0, (0.0, 0.0), 0.0)
    return PhraseDraws(
        location, np.exp(log_scale), skew, np.exp(np.resize(draws.log_tail, n_draws)),
        rounding=np.broadcast_to(used.rounding, (n_draws, n_placed, len(ROUNDING))),
        beside_even=np.full((n_draws, n_placed), used.beside_even), pile_up=np.broadcast_to(used.pile_up, (n_draws, 2)),
        slip=np.full(n_draws, used.slip),
    )  # fmt: skip


def hedge_quantiles(draws: PlacedDraws, placements: Mapping[str, Placement], *, random_seed: int) -> dict[str, np.ndarray]:
    """Return the quantiles of each wording at 5, 25, 50, 75 and 95 %, by its words; see `place`.

    Each place has noise of its own, so that a new wording leaves the others as they are, and synonyms read alike. Of a wording
    whose place is *not* that of a phrase ("not almost no chance": what is denied is the event whose absence it is said of)
    they are those of the complement, exactly: whoever gives an event 2 % gives its absence 98.
    """
    found = {}
    for wording, placement in placements.items():
        seed = random_seed + zlib.crc32(f"{placement.at}/{placement.towards}/{placement.share:g}".encode())
        (quantiles,) = meaning_quantiles(place(draws, [placement], random_seed=seed))
        found[wording] = 1 - quantiles[::-1] if placement.denied else quantiles
    return found


def placement_of(row: Wording) -> Placement:
    """Return where a row of a lexicon stands among surveyed phrases."""
    phrases = (*row.phrases, "")
    return Placement(phrases[0], phrases[1], row.share or 0.0, row.at.startswith("not "))


def readers_behind(row: Wording, n_readers: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Return how many readers of each survey were asked about a phrase that a wording is placed at or between.

    Examples
    --------
    >>> row = Wording(wording="could be", p05=0.1, p25=0.3, p50=0.4, p75=0.5, p95=0.7, at="could happen", n=0, citation="Ed.")
    >>> readers_behind(row, {"one": {"could happen": 2587}, "two": {"likely": 46}})
    {'one': 2587}
    """
    asked = {survey: max((n.get(phrase, 0) for phrase in row.phrases), default=0) for survey, n in n_readers.items()}
    return {survey: n for survey, n in asked.items() if n}


def write_draws(file: Path, draws: PlacedDraws) -> None:
    """Write draws as plain figures, to four places."""
    stored = {name: np.round(getattr(draws, name), 4).tolist() for name in PlacedDraws.__dataclass_fields__}
    write_file(file, json.dumps(stored, separators=(",", ":")) + "\n")


def read_draws(file: Path = DRAWS) -> PlacedDraws:
    """Return the stored draws, each `REPEAT` times."""
    stored = {name: np.array(value) for name, value in json.loads(file.read_text("utf-8")).items()}
    return PlacedDraws(**{
        name: value if name == "log_tail" else np.repeat(value, REPEAT, axis=0) for name, value in stored.items()
    })  # fmt: skip

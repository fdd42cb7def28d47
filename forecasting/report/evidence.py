"""Records in words: who said a claim, what an effect does, what outcomes are called; and the largest changes of a table."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from forecasting.arguments import EDITION, ID, takes
from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.effects import Effect
from forecasting.forecasts import Forecast
from forecasting.report.formatting import (
    ACTS,
    day,
    pace,
    time_words,
)


@dataclass(frozen=True)
class EffectLine:
    """One effect into an event."""

    title: str
    acts: str
    why: str


def largest_changes(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the row of the largest |change| for each value of ``key``, the largest first."""
    rows = rows.assign(change=pd.to_numeric(rows["change"], errors="coerce")).dropna(subset=["change"])
    rows = rows.assign(size=rows["change"].abs())
    return rows.sort_values(["size", key], ascending=[False, True], kind="stable").drop_duplicates(key)


def speaker_words(claim: Claim) -> str:
    """Return who said it and in what role, nothing twice: a role that names its bearer stands alone."""
    if claim.speaker == "author":
        return "the author"
    if not claim.speaker_role or claim.speaker_role.casefold() in claim.speaker.casefold():
        return claim.speaker
    said_twice = claim.speaker.casefold() in claim.speaker_role.casefold()
    return claim.speaker_role if said_twice else f"{claim.speaker}, {claim.speaker_role}"


def outcome_titles(edition: EditionDossier, forecast: Forecast) -> dict[str, str]:
    """Return the outcomes' titles by id; a stage, or one of competing events, is named after its event."""
    return {
        outcome.id: _stage_title(edition, forecast, outcome.id) if forecast.kind in ("stages", "first") else outcome.title
        for outcome in forecast.outcomes
    }


def _stage_title(edition: EditionDossier, forecast: Forecast, stage: str) -> str:
    event = edition.dossier.events.get(stage)
    return edition.dossier.questions[forecast.question].form.called(stage, event.title) if event else "None of these"


def effect_words(effect: Effect) -> str:
    """Return what an effect does to an event, how surely and when, in words.

    Examples
    --------
    >>> effect = {"id": "e-1", "from": "order-given", "to": "base-left", "acts": "leads_to", "why": "One decision.",
    ...           "wording": "almost certain", "lexicon": "icd203", "lag_years": 0.25}
    >>> effect_words(Effect.model_validate(effect))
    'leads to it (“almost certain”), after three months on average'
    """
    if effect.acts == "leads_to":
        return f"leads to it (“{effect.wording}”), after {time_words(effect.lag_years or 0.0)} on average"
    words = pace(effect.sign, effect.grade) if effect.acts == "multiplies" else ACTS[effect.acts]
    words += f" from {day(effect.begins_on)}" if effect.begins_on else ""
    words += f" until {day(effect.until)}" if effect.until else ""
    if not effect.half_life_years:
        return words
    return f"{words}, half as much every {time_words(effect.half_life_years).removeprefix('a ')}"


@takes(edition=EDITION, event_id=ID)
def effect_lines(edition: EditionDossier, event_id: str) -> tuple[EffectLine, ...]:
    """Return the effects into an event and the shared pressures on it, in words."""
    events = edition.dossier.events
    effects = [
        EffectLine(
            title=events[effect.from_].title,
            acts=effect_words(effect),
            why=effect.why,
        )
        for effect in edition.effects
        if effect.to == event_id
    ]
    pressures = [
        EffectLine(
            title=driver.title,
            acts=f"where high, {pace(loading.sign, loading.grade)}; a pressure shared with other events",
            why=f"High means: {driver.high_means} {driver.why}",
        )
        for driver in edition.drivers
        for loading in driver.loadings
        if loading.event == event_id
    ]
    return tuple(effects + pressures)

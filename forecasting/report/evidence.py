"""What stands behind one question, ready to show: claims that moved it, rival reference classes, effects."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from forecasting.analysis.pathways import EXPIRED, conditions_of, has_expired, indirect, resting_effects
from forecasting.arguments import EDITION, ID, takes
from forecasting.dossier.claim_kinds import CLAIM_KINDS
from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.edits import try_count
from forecasting.dossier.effects import Effect
from forecasting.dossier.events import Event
from forecasting.dossier.questions import Question
from forecasting.elicitation.quantify import quantify, read_claim
from forecasting.forecasts import Forecast
from forecasting.report.facts import FactLine, fact_lines, occurred_rows
from forecasting.report.formatting import (
    ACTS,
    CREDIBILITY,
    RELIABILITY,
    day,
    interval,
    pace,
    percent,
    points,
)
from forecasting.runs.store import Run
from forecasting.trace.claim_counts import claim_counts, moving_claims
from forecasting.trace.readings import judgement_reading, sign_reason

MOST_CLAIMS = 8


@dataclass(frozen=True)
class ClaimLine:
    """One claim behind a number, and how far it moved it."""

    claim: Claim
    source_title: str
    speaker: str
    grade: str
    pathway: str
    reading: str
    sign: str
    indirect: str
    moved: str
    outcome: str


@dataclass(frozen=True)
class ClaimsBehind:
    """The claims to show for a question, how many move it, and whether anything could."""

    lines: tuple[ClaimLine, ...]
    n_moving: int
    settled: bool


@dataclass(frozen=True)
class ClassLine:
    """One reference class of an event: what was counted, what it alone gives the event, and the answer with it."""

    name: str
    chosen: bool
    counted: str
    base: str
    base_interval: str
    posterior: str


@dataclass(frozen=True)
class EffectLine:
    """One effect into an event."""

    title: str
    acts: str
    why: str


@dataclass(frozen=True)
class EventView:
    """One event behind a question; ``told_at`` is the question that described it before, if any.

    ``span`` is the time for which the classes' own probabilities are given: the event's reference horizon.
    """

    event: Event
    told_at: str
    span: str
    worth: str
    classes: tuple[ClassLine, ...]
    try_count: str
    effects: tuple[EffectLine, ...]
    facts: tuple[FactLine, ...]
    happened: str


def largest_changes(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the row of the largest |change| for each value of ``key``, the largest first."""
    rows = rows.assign(change=pd.to_numeric(rows["change"], errors="coerce")).dropna(subset=["change"])
    rows = rows.assign(size=rows["change"].abs())
    return rows.sort_values(["size", key], ascending=[False, True], kind="stable").drop_duplicates(key)


def claims_behind(run: Run, edition: EditionDossier, forecast: Forecast) -> ClaimsBehind:
    """Return the claims that move a question most, at most eight, of those that trace lists (`moving_claims`)."""
    known = {claim.id: claim for claim in edition.claims}
    rows = run.influence[(run.influence["question"] == forecast.question) & run.influence["claim"].isin(list(known))]
    best = {str(row.claim): row for row in largest_changes(rows, "claim").itertuples()}
    order = [name for name in moving_claims(run, forecast.question) if name in best]
    titles = outcome_titles(edition, forecast)
    question = edition.dossier.questions[forecast.question]
    lines = tuple(
        _claim_line(edition, question, known[name], best[name], titles) for name in order[:MOST_CLAIMS]
    )
    return ClaimsBehind(lines, len(order), all(outcome.mcse == 0 for outcome in forecast.outcomes))


def _claim_line(edition: EditionDossier, question: Question, claim: Claim, row: Any, titles: dict[str, str]) -> ClaimLine:
    number = quantify(edition).of_claim(claim.id) if claim.kind == "judgement" else None
    return ClaimLine(
        claim=claim,
        source_title=edition.dossier.sources[claim.source].title,
        speaker=speaker_words(claim),
        grade=_grade(claim),
        pathway=pathway_words(edition, claim),
        reading=judgement_reading(edition.dossier, claim, number) if number else "",
        sign=sign_reason(claim, number, question, float(row.change)) if number else "",
        indirect=indirect(edition, claim, question),
        moved=points(row.change),
        outcome=titles[row.outcome] if len(titles) > 1 and row.outcome in titles else "",
    )


def pathway_words(edition: EditionDossier, claim: Claim) -> str:
    """Return by which pathway a claim enters, in plain words: its kind, its condition, whether it expired, effects it carries."""
    number = read_claim(edition.dossier, claim) if claim.kind == "fact" else None
    shown = CLAIM_KINDS[claim.kind].shown
    parts = [f"{shown} ({number.read})" if number else shown]
    if conditions := conditions_of(edition.dossier, claim):
        parts[0] += f", {conditions}"
    if claim.kind == "fact" and has_expired(edition, claim):
        parts.append(EXPIRED)
    carried = resting_effects(edition, frozenset({claim.id})) if claim.kind != "effect" else frozenset()
    for effect in edition.effects:
        if effect.id in carried:
            first, then = (edition.dossier.events[name].title for name in (effect.from_, effect.to))
            parts.append(f"the effect from “{first}” to “{then}” depends on it alone, and would go with it")
    return "; ".join(parts)


def _grade(claim: Claim) -> str:
    words = f"{RELIABILITY[claim.reliability]}, {CREDIBILITY[claim.credibility]}"
    return f"{claim.reliability}{claim.credibility} ({words})"


def speaker_words(claim: Claim) -> str:
    """Return who said it and in what role, nothing twice: a role that names its bearer stands alone."""
    if claim.speaker == "author":
        return "the author"
    if not claim.speaker_role or claim.speaker_role.casefold() in claim.speaker.casefold():
        return claim.speaker
    said_twice = claim.speaker.casefold() in claim.speaker_role.casefold()
    return claim.speaker_role if said_twice else f"{claim.speaker}, {claim.speaker_role}"


def outcome_titles(edition: EditionDossier, forecast: Forecast) -> dict[str, str]:
    """Return the outcomes' titles by id; a stage, or one of competing events, is named by the title of its event."""
    return {
        outcome.id: _stage_title(edition, outcome.id) if forecast.kind in ("stages", "first") else outcome.title
        for outcome in forecast.outcomes
    }


def _stage_title(edition: EditionDossier, stage: str) -> str:
    event = edition.dossier.events.get(stage)
    return event.title if event else "None of these"


def event_view(run: Run, edition: EditionDossier, forecast: Forecast, event: Event, told_at: str) -> EventView:
    """Return one event behind a question."""
    occurred = occurred_rows(edition).get(event.id)
    return EventView(
        event=event,
        told_at=told_at,
        span="on its date" if event.scheduled_on else f"within {event.reference_years:.2g} years",
        worth=claim_counts(edition)[event.id].words(),
        classes=class_lines(run, edition, forecast, event),
        try_count=try_count(edition.edition.id, edition.dossier.reference_classes[event.reference_class]),
        effects=() if told_at else effect_lines(edition, event.id),
        facts=() if told_at else fact_lines(edition, event.id),
        happened=day(occurred.on) if occurred else "",
    )


def class_lines(run: Run, edition: EditionDossier, forecast: Forecast, event: Event) -> tuple[ClassLine, ...]:
    """Return the chosen reference class of an event, then its rivals, each with what it gives for the question."""
    leading = forecast.headline.id
    rows = run.classes[
        (run.classes["event"] == event.id)
        & (run.classes["question"] == forecast.question)
        & (run.classes["outcome"] == leading)
    ]
    lines = [_class_line(edition, row) for row in rows.itertuples()]
    return tuple(sorted(lines, key=lambda line: not line.chosen))


def _class_line(edition: EditionDossier, row: Any) -> ClassLine:
    known = edition.dossier.reference_classes.get(row.reference_class)
    counted = ""
    if known:
        unit = "years at risk" if known.unit == "year" else "occasions"
        counted = f"{known.events:g} in {known.exposure:g} {unit}, {known.period}"
        counted += ", counted from memory and not looked up" if known.basis == "unverified" else ""
        if ageing := quantify(edition).find("life-table", known.id):
            counted += "; such things " + ("fail early" if ageing.location < 0 else "fail late")
            counted += f" (Weibull shape {math.exp(ageing.location):.2f})"
    found = (row.base_p, row.base_low, row.base_high, row.p)
    base_p, low, high, p = (pd.to_numeric(value, errors="coerce") for value in found)
    return ClassLine(
        name=str(row.reference_class),
        chosen=str(row.chosen).lower() in ("true", "1", "1.0"),
        counted=counted,
        base="" if pd.isna(base_p) else percent(base_p),
        base_interval="" if pd.isna(low) or pd.isna(high) else interval(low, high),
        posterior="" if pd.isna(p) else percent(p),
    )


def effect_words(effect: Effect) -> str:
    """Return what an effect does to an event, how surely and when, in words.

    Examples
    --------
    >>> effect = {"id": "e-1", "from": "order-given", "to": "base-left", "acts": "leads_to", "why": "One decision.",
    ...           "wording": "almost certain", "lexicon": "icd203", "lag_years": 0.25}
    >>> effect_words(Effect.model_validate(effect))
    'leads to it (“almost certain”), after 0.25 years in the mean'
    """
    if effect.acts == "leads_to":
        return f"leads to it (“{effect.wording}”), after {effect.lag_years:g} years in the mean"
    words = pace(effect.sign, effect.grade) if effect.acts == "multiplies" else ACTS[effect.acts]
    words += f" from {day(effect.begins_on)}" if effect.begins_on else ""
    words += f" until {day(effect.until)}" if effect.until else ""
    return words + (f", half as much every {effect.half_life_years:g} years" if effect.half_life_years else "")


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

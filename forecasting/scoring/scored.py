"""Which forecasts of a ledger are scored, against which outcome, and the probabilities that each forecaster gave it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasting.dossier.edition import Dossier
from forecasting.ledger.records import MODEL, UNDECIDED, ForecastEntry, OutcomeEntry
from forecasting.ledger.standing import Standing, known_before
from forecasting.scoring.rules import brier, log_score, ranked
from forecasting.scoring.uncertainty import stories

# kinds of questions whose outcomes have an order, in which they are listed
ORDERED = {"level": "numbers in ranges", "sides": "sides of a balance", "stages": "stages"}
STAYS = 0.95  # what the status quo forecaster gives the outcome if nothing happens; the rest is shared equally
FORECASTERS = {  # besides those that stand in the ledger, in the order in which they are shown
    "prior": "base rates and claims", "base": "base rates alone", "status-quo": "status quo at 95 %", "even": "even odds",
}  # fmt: skip
COLUMNS = (
    "record", "edition", "question", "title", "theme", "kind", "standing", "forecaster", "as_of", "deadline", "outcome", "on",
    "no_report", "story", "p", "brier", "log", "ranked", "issued_on",
)  # fmt: skip


@dataclass(frozen=True)
class Count:
    """What became of the forecasts of one edition: how many of each state, and which questions."""

    edition: str
    standing: str
    states: dict[str, tuple[str, ...]]  # scored, open, unresolved, void, ambiguous, late, known, changed: question ids

    @property
    def n_issued(self) -> int:
        """How many of its questions the ledger has."""
        return sum(len(ids) for ids in self.states.values())


def latest(standing: Standing) -> dict[tuple[str, str, tuple[str, str]], ForecastEntry]:
    """Return the last forecast that stands, by edition, forecaster, and question with its contract.

    A correction that came too late is none: what was said before it counts.
    """
    counted = (entry for entry in standing.forecasts if entry.digest not in standing.in_vain)
    return {(entry.edition, entry.forecaster, (entry.question, entry.contract)): entry for entry in counted}


def state(forecast: ForecastEntry, outcome: OutcomeEntry | None, other_contract: bool, today: dt.date) -> str:
    """Return what became of a forecast: only *scored* gives a score.

    *open*: its deadline is ahead. *unresolved*: it has passed, and no outcome is in the ledger. *void*, *ambiguous*: as resolved.
    *late*: said after the deadline. *known*: the outcome was there when it was said. *changed*: the outcome is one of another
    contract.
    """
    if forecast.late:
        return "late"
    if outcome is None:
        return "changed" if other_contract else "open" if forecast.deadline >= today else "unresolved"
    if outcome.outcome in UNDECIDED:
        return outcome.outcome
    return "known" if known_before(forecast, outcome) else "scored"


def counts(standing: Standing, today: dt.date) -> list[Count]:
    """Return what became of the model's forecasts, edition by edition."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for (edition, forecaster, (question, _)), forecast in latest(standing).items():
        if forecaster == MODEL:
            outcome = standing.settles(forecast)
            other = question in standing.outcomes and outcome is None
            states = found.setdefault((edition, forecast.standing), {})
            states.setdefault(state(forecast, outcome, other, today), []).append(question)
    return [Count(*key, {name: tuple(ids) for name, ids in states.items()}) for key, states in found.items()]


def scored(standing: Standing, dossier: Dossier, today: dt.date) -> pd.DataFrame:
    """Return a row per scored forecast and forecaster: what each gave the outcome that came, and its scores.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`: ``p`` is the probability of the outcome that came, ``ranked`` is NaN where outcomes have no order,
        ``story`` the number of the story that the question belongs to (`forecasting.scoring.uncertainty.stories`). Forecasters
        are those of the ledger and, where the model's record has them, `FORECASTERS`.
    """
    chosen = [(forecast, outcome) for forecast, outcome in settled(standing, today) if forecast.outcomes]
    numbers = story_numbers([forecast.question for forecast, _ in chosen], dossier)
    rows = [
        (
            f.number, f.edition, f.question, f.title, f.theme, f.kind, f.standing, name, f.as_of, f.deadline, o.outcome, o.on,
            o.no_report, numbers[f.question], *_scores(p, came, f.kind), f.day,
        )
        for f, o in chosen
        for came in [[share.id for share in f.outcomes].index(o.outcome)]
        for name, p in said(f)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def settled(standing: Standing, today: dt.date) -> list[tuple[ForecastEntry, OutcomeEntry]]:
    """Return the last forecast that stands of each edition, forecaster and contract, with its outcome, of all that are scored."""
    return [
        (forecast, outcome)
        for forecast in latest(standing).values()
        if (outcome := standing.settles(forecast)) is not None and state(forecast, outcome, False, today) == "scored"
    ]


def said(forecast: ForecastEntry) -> Iterator[tuple[str, list[float]]]:
    """Yield each forecaster that a record speaks for, and its probabilities of all outcomes."""
    yield forecast.forecaster, [share.p for share in forecast.outcomes]
    if forecast.forecaster != MODEL:
        return
    for name, layer in (("prior", "prior_p"), ("base", "base_p")):
        layered = [getattr(share, layer) for share in forecast.outcomes]
        if None not in layered:
            yield name, [p / sum(layered) for p in layered]
    k = len(forecast.outcomes)
    if forecast.status_quo:
        yield "status-quo", [STAYS if share.id == forecast.status_quo else (1 - STAYS) / (k - 1) for share in forecast.outcomes]
    yield "even", [1 / k] * k


def _scores(p: list[float], came: int, kind: str) -> tuple[float, float, float, float]:
    return p[came], brier(p, came), log_score(p, came), ranked(p, came) if kind in ORDERED else np.nan


def story_numbers(questions: Sequence[str], dossier: Dossier) -> dict[str, int]:
    """Return the number of the story of each question; one that the dossier has no more is a story of its own."""
    names = list(dict.fromkeys(questions))
    events = [frozenset(dossier.questions[q].events()) if q in dossier.questions else frozenset({f"?{q}"}) for q in names]
    return dict(zip(names, stories(events, dossier.effects.values()), strict=True)) if names else {}

"""What refits were worth: scores day by day and of the evolving forecast, its flip-flop, each variant against all evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from forecasting.backtest.points import Point, Said
from forecasting.backtest.variants import ALL_EVIDENCE
from forecasting.dossier.edition import Dossier
from forecasting.dossier.forms.base import VOID
from forecasting.dossier.questions import Question
from forecasting.dossier.resolution import outcome_of
from forecasting.ledger.contracts import contract_digest
from forecasting.ledger.records import UNDECIDED
from forecasting.ledger.resolve import deciding
from forecasting.ledger.standing import Standing
from forecasting.scoring.rules import brier, flip_flop, time_weighted
from forecasting.scoring.scored import story_numbers
from forecasting.scoring.uncertainty import mean_by

DAILY = ("variant", "question", "as_of", "outcome", "on", "p", "brier", "days", "story")
PER_QUESTION = ("variant", "question", "outcome", "on", "n", "brier", "flip_flop", "story")
PER_VARIANT = (
    "variant", "n_questions", "n_stories", "brier", "low", "high", "less_all", "less_low", "less_high", "flip_flop", "n_refits",
    "n_blocked",
)  # fmt: skip


@dataclass(frozen=True)
class Came:
    """The outcome of a question, and the day since which it is so: the last on which a forecast of it can stand."""

    outcome: str
    on: dt.date


def outcomes(dossier: Dossier, questions: Sequence[str], standing: Standing) -> dict[str, Came]:
    """Return what came of each question that is settled: by the ledger's outcome, else by the dossier's history.

    One that is void or ambiguous, or that was resolved under other contracts than its own alone, is not settled. The day is
    never later than the deadline.
    """
    last = max((row.on for row in dossier.history), default=dt.date.min)
    found = {}
    for name in questions:
        question = dossier.questions[name]
        entry = standing.settled.get((name, contract_digest(dossier, question)))
        if entry or name in standing.outcomes:
            if entry and entry.outcome not in UNDECIDED:
                found[name] = Came(entry.outcome, min(entry.on, question.deadline))
            continue
        outcome = outcome_of(dossier, question, last)
        if outcome and outcome != VOID:
            found[name] = Came(outcome, min(deciding(dossier, question, outcome, last)[0], question.deadline))
    return found


def probabilities(question: Question, said: Mapping[str, Said]) -> dict[str, float]:
    """Return P(outcome) of every outcome of a question given that it is not void; they sum to 1."""
    p = {name: one.p for name, one in said.items() if name != VOID}
    if (rest := question.form.complement) and rest not in p:
        p[rest] = max(0.0, 1 - sum(p.values()))
    total = sum(p.values())
    return {name: value / total for name, value in p.items()}


def daily_scores(points: Sequence[Point], came: Mapping[str, Came], dossier: Dossier) -> pd.DataFrame:
    """Return the score of every refit of every settled question, before its outcome was known.

    Variants are compared on the same days: a day counts for a question only if every variant has a refit that passed the gate
    and answers it. ``days`` is for how long the forecast stood: until the next one that counts, or the outcome.

    Returns
    -------
    DataFrame
        Columns variant, question, as_of, outcome, on, p (of the outcome that came), brier, days, story.
    """
    by_variant = by_day(points)
    numbers = story_numbers(list(came), dossier)
    rows = []
    for name, settled in came.items():
        counted = _days(by_variant, name, settled.on)
        ends = [*counted[1:], settled.on][: len(counted)]  # a question may have no day on which all variants answer it
        for variant, own in by_variant.items():
            for day, end in zip(counted, ends, strict=True):
                p = probabilities(dossier.questions[name], own[day].answers[name])
                score = brier(list(p.values()), list(p).index(settled.outcome))
                stood = (end - day).days
                rows.append((variant, name, day, settled.outcome, settled.on, p[settled.outcome], score, stood, numbers[name]))
    return pd.DataFrame(rows, columns=list(DAILY))


def by_day(points: Sequence[Point]) -> dict[str, dict[dt.date, Point]]:
    """Return the points of each variant by their days, all evidence first."""
    found: dict[str, dict[dt.date, Point]] = {}
    for point in sorted(points, key=lambda point: (point.variant != ALL_EVIDENCE, point.as_of)):
        found.setdefault(point.variant, {})[point.as_of] = point
    return found


def _days(by_variant: Mapping[str, Mapping[dt.date, Point]], question: str, on: dt.date) -> list[dt.date]:
    """Return the days before an outcome on which every variant answers a question and has passed the gate."""
    good = [{day for day, p in own.items() if p.scored and question in p.answers} for own in by_variant.values()]
    return sorted(day for day in set.intersection(*good) if day < on) if good else []


def question_scores(daily: pd.DataFrame, points: Sequence[Point], dossier: Dossier) -> pd.DataFrame:
    """Return a row per variant and settled question: the time-weighted Brier score of its evolving forecast, and its flip-flop.

    The score is Σ wᵢ Bᵢ / Σ wᵢ with Bᵢ the Brier score of the i-th forecast and wᵢ the days for which it stood. The flip-flop is
    the mean over steps of half the summed absolute changes of all outcomes; of a yes/no question that is the mean of |Δp|.

    Returns
    -------
    DataFrame
        Columns variant, question, outcome, on, n (forecasts scored), brier, flip_flop, story.
    """
    by_variant = by_day(points)
    rows = []
    for (variant, name), own in daily.groupby(["variant", "question"], sort=False):
        said = [probabilities(dossier.questions[name], by_variant[variant][day].answers[name]) for day in own["as_of"]]
        first = own.iloc[0]
        score = time_weighted(own["brier"], own["days"])
        moved = flip_flop([list(one.values()) for one in said])
        rows.append((variant, name, first["outcome"], first["on"], len(own), score, moved, first["story"]))
    return pd.DataFrame(rows, columns=list(PER_QUESTION))


def variant_scores(per_question: pd.DataFrame, points: Sequence[Point]) -> pd.DataFrame:
    """Return a row per variant: its mean score, what it is less that of all evidence, and its flip-flop.

    Intervals are the central 90 % with stories drawn anew (`forecasting.scoring.uncertainty.mean_by`): with fewer than about ten
    they are rough, and mostly too narrow. ``less_all`` above 0 says that what the variant lacks has helped.

    Returns
    -------
    DataFrame
        Columns variant, n_questions, n_stories, brier with low and high, less_all with less_low and less_high, flip_flop,
        n_refits, n_blocked; scores are NaN where nothing is settled.
    """
    by_variant, nan = by_day(points), float("nan")
    every = per_question[per_question["variant"] == ALL_EVIDENCE].set_index("question")["brier"]
    rows = []
    for variant, refits in by_variant.items():
        own = per_question[per_question["variant"] == variant].set_index("question")
        blocked = sum(not point.scored for point in refits.values())
        if not len(own):
            rows.append((variant, 0, 0, *[nan] * 7, len(refits), blocked))
            continue
        mean = mean_by(own["brier"], own["story"])
        less = (nan, nan, nan)
        if variant != ALL_EVIDENCE and len(every):
            found = mean_by(own["brier"] - every.reindex(own.index), own["story"])
            less = (found.mean, found.low, found.high)
        flips = float(own["flip_flop"].mean())
        rows.append((variant, mean.n, mean.clusters, mean.mean, mean.low, mean.high, *less, flips, len(refits), blocked))
    return pd.DataFrame(rows, columns=list(PER_VARIANT))

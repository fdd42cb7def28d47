"""Analytic confidence: how good the evidence for a probability is, kept apart from how large the probability is.

ICD 203 asks for both and forbids mixing them in one sentence: likelihood is about the world, confidence about the evidence.
Confidence is computed by a fixed rule and cannot be adjusted by hand.

References
----------
Office of the Director of National Intelligence (2015), *Intelligence Community Directive 203: Analytic Standards*,
D.6.e(2)(b). Friedman, J. A. and Zeckhauser, R. (2018), *Analytic confidence and political decision-making*, Political
Psychology 39 (reliability of evidence, range of reasonable opinion, responsiveness to new information).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.events import Event
from forecasting.dossier.questions import Question
from forecasting.forecasts import Forecast
from forecasting.runs.store import Run
from forecasting.runs.tables import no_bound
from forecasting.trace.claim_counts import ClaimCounts, claim_counts, moving, moving_words

Level = Literal["low", "moderate", "high"]
Rating = Literal["weak", "middling", "strong"]


@dataclass(frozen=True)
class Criterion:
    """One thing that confidence is judged by: what was found, and whether that is weak, middling or strong."""

    name: str
    found: str
    rating: Rating


@dataclass(frozen=True)
class Confidence:
    """The confidence in one answer, with every criterion it was judged by."""

    question: str
    level: Level
    criteria: tuple[Criterion, ...]


def rating(value: float, weak_from: float, strong_to: float) -> Rating:
    """Return the rating of a value of which more is worse: strong up to ``strong_to``, weak from ``weak_from``.

    Examples
    --------
    >>> rating(0.05, 0.2, 0.1), rating(0.15, 0.2, 0.1), rating(0.2, 0.2, 0.1)
    ('strong', 'middling', 'weak')
    """
    return "strong" if value <= strong_to else "weak" if value >= weak_from else "middling"


def level(criteria: Iterable[Criterion]) -> Level:
    """Return *low* from two weak criteria on, *high* with none and at least three strong ones, else *moderate*."""
    ratings = [criterion.rating for criterion in criteria]
    if ratings.count("weak") >= 2:
        return "low"
    return "high" if "weak" not in ratings and ratings.count("strong") >= 3 else "moderate"


def confidence(run: Run, edition: EditionDossier, question: Question) -> Confidence:
    """Judge the confidence in one answer by five criteria.

    ================  ==========================================================  ===========  ============
    criterion         measured by                                                 weak         strong
    ================  ==========================================================  ===========  ============
    evidence          effective number of independent claims, fewest of events    under 1      3 and more
    reference class   how well the analyst says it fits, worst of events          poor         good
                      (a count that nobody looked up is rated a step lower)
    sensitivity       range of the answer over the class and its rivals,          20 points    8 points
                      ceilings and floors left aside
    conflict          tail probability of history and claims, worst of events     5 %          20 %
    precision         width of the 90 % interval                                  50 points    25 points
    ================  ==========================================================  ===========  ============

    Where no rival class was tried, the weight of the base rate is asked instead (power-scaling): strong if it hardly
    matters, else middling. A conflict between the base rate and the evidence in the answer itself also makes this criterion weak.

    Parameters
    ----------
    run : Run
        The gated run of the edition.
    question : Question
        One of the edition's; of several outcomes the likeliest is judged.

    Returns
    -------
    Confidence
        Low says: sound new evidence could change this number much. It does not say that the number is small.
    """
    forecast = run.forecast(question.id)
    known = claim_counts(edition)
    events = [edition.dossier.events[name] for name in question.events()]
    criteria = (
        _evidence(edition, [known[event.id] for event in events if event.id in known], moving(run, question.id)),
        _class_fit(edition, events),
        _sensitivity(run, forecast),
        _conflict(run, forecast, [event.id for event in events]),
        _precision(forecast),
    )
    return Confidence(question.id, level(criteria), criteria)


def _evidence(edition: EditionDossier, known: list[ClaimCounts], n_moving: int) -> Criterion:
    least = min(known, key=lambda item: item.n_effective, default=ClaimCounts("", 0, 0.0, 0))
    what = "its event" if len(known) < 2 else f"“{edition.dossier.events[least.event].title}”, the least of its events"
    found = f"{least.words(what)}; {moving_words(n_moving)}"
    return Criterion("evidence", found, rating(-least.n_effective, -0.999, -3.0))


def _class_fit(edition: EditionDossier, events: list[Event]) -> Criterion:
    """Judge the fit of the worst class; an unverified count takes a step off, whatever the fit."""
    order = {"good": 0.0, "fair": 1.0, "poor": 2.0}
    unverified = {event.id: edition.dossier.reference_classes[event.reference_class].basis == "unverified" for event in events}
    worst = max((event.class_fit for event in events), key=lambda fit: order[fit], default="poor")
    steps = max((order[event.class_fit] + unverified[event.id] for event in events), default=2.0)
    found = f"fits {worst}ly" if worst != "good" else "fits well"
    found += "; counted from memory" if any(unverified.values()) else ""
    return Criterion("reference class", found, rating(steps, 2.0, 0.0))


def _sensitivity(run: Run, forecast: Forecast) -> Criterion:
    rows = run.classes[(run.classes["question"] == forecast.question) & (run.classes["outcome"] == forecast.headline.id)]
    p = pd.to_numeric(rows[no_bound(rows)]["p"], errors="coerce").dropna()
    if len(p) < 2:
        return _weight_of_class(run, forecast)
    width = float(p.max() - p.min())
    found = f"{100 * p.min():.0f} to {100 * p.max():.0f} % over {len(p)} reference classes"
    return Criterion("sensitivity", found, rating(width, 0.20, 0.08))


def _weight_of_class(run: Run, forecast: Forecast) -> Criterion:
    """Judge by power-scaling an answer for which no rival class was tried, as for sets of outcomes."""
    rows = run.sensitivity[(run.sensitivity["question"] == forecast.question) & (run.sensitivity["part"] == "base")]
    rows = rows[rows["outcome"] == forecast.headline.id]
    if rows.empty or bool(rows["counts"].iloc[0]):
        return Criterion("sensitivity", "no rival class was tried, and the base rate matters", "middling")
    return Criterion("sensitivity", "no rival class was tried, but the base rate hardly matters", "strong")


def _conflict(run: Run, forecast: Forecast, events: list[str]) -> Criterion:
    rows = run.sensitivity[run.sensitivity["question"] == forecast.question]
    against = rows[(rows["outcome"] == forecast.headline.id) & (rows["verdict"] == "conflict")]
    if not against.empty:
        return Criterion("conflict", str(against["words"].iloc[0]), "weak")
    known = run.conflicts[run.conflicts["event"].isin(events)]
    if known.empty:
        return Criterion("conflict", "neither history nor a judgement to compare", "middling")
    worst = known.loc[known["p"].idxmin()]
    return Criterion("conflict", str(worst["words"]), rating(-float(worst["p"]), -0.05, -0.20))


def _precision(forecast: Forecast) -> Criterion:
    width = forecast.headline.high - forecast.headline.low
    return Criterion("precision", f"90 % interval {100 * width:.0f} points wide", rating(width, 0.50, 0.25))

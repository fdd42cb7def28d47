"""Analytic confidence in an answer that a model beside the event network gives: by observations, their outcome, precision.

The criteria of `forecasting.trace.confidence` ask for events and their reference classes, which these questions have not.
"""

from __future__ import annotations

from forecasting.dossier.questions import Question
from forecasting.inference.noticeable import noticeable
from forecasting.runs.further import ModelTables
from forecasting.runs.store import Run
from forecasting.trace.confidence import Confidence, Criterion, level, rating

NEVER_SETTLED = ("ahead", "turned")  # forms whose answer nobody can look up


def observed_confidence(run: Run, question: Question) -> Confidence:
    """Judge the confidence in one answer of a model that reads observations, by three criteria.

    ================  ==========================================================  ===========  ============
    criterion         measured by                                                 weak         strong
    ================  ==========================================================  ===========  ============
    evidence          how many observations move the answer noticeably            none         5 and more
    outcome           whether anybody can look the answer up                      no           yes
    precision         width of the 90 % interval                                  50 points    25 points
    ================  ==========================================================  ===========  ============

    The level follows as in `forecasting.trace.confidence.level`; with three criteria, *high* takes all of them.
    """
    forecast = run.forecast(question.id)
    told = run.further.get(question.form.model)
    n = observations_moving(told, question.id) if told else 0
    width = forecast.headline.high - forecast.headline.low
    settled = question.form.name not in NEVER_SETTLED
    criteria = (
        Criterion("evidence", f"{n} observations move the answer", rating(-n, 0.0, -5.0)),
        Criterion("outcome", "it can be looked up" if settled else "nobody can look it up", "strong" if settled else "weak"),
        Criterion("precision", f"90 % interval {100 * width:.0f} points wide", rating(width, 0.50, 0.25)),
    )
    return Confidence(question.id, level(criteria), criteria)


def observations_moving(told: ModelTables, question_id: str) -> int:
    """Return how many observations move some outcome of a question noticeably, each left out alone."""
    rows = told.influence[told.influence["outcome"].str.startswith(f"{question_id}:")]
    return int(rows[noticeable(rows["change"], rows["mcse"])]["claim"].nunique())

"""Everything that a report shows, worked out before a template sees it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from markupsafe import Markup

from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.forecasts import Forecast, error_points
from forecasting.report.evidence import (
    outcome_titles,
)
from forecasting.report.figures import questions_figure
from forecasting.report.formatting import half_interval, interval, is_skewed, percent, short_day, weighs
from forecasting.report.svg import inline_svg
from forecasting.trace.observed_confidence import NEVER_SETTLED

PHONE_WIDTH = 364.0


@dataclass(frozen=True)
class Line:
    """One line of the answer table."""

    anchor: str
    title: str
    by: str
    answer: str
    percent: str
    words: str
    half: str
    interval: str
    range_words: str
    base: str
    prior: str
    mcse: str
    p: float = 0.0
    skewed: bool = False


@dataclass(frozen=True)
class Theme:
    """Lines of one theme."""

    title: str
    lines: tuple[Line, ...]


def titled(edition: EditionDossier, forecasts: tuple[Forecast, ...]) -> tuple[Forecast, ...]:
    """Return the forecasts with stages named by the titles of their events."""
    named = []
    for forecast in forecasts:
        titles = outcome_titles(edition, forecast)
        outcomes = tuple(dataclasses.replace(outcome, title=titles[outcome.id]) for outcome in forecast.outcomes)
        named.append(dataclasses.replace(forecast, outcomes=outcomes))
    return tuple(named)


def without_intervals(dossier: Dossier, forecasts: tuple[Forecast, ...]) -> tuple[Forecast, ...]:
    """Return the forecasts with no interval (`weighs`) where a question weighs power: who is ahead, who has turned.

    Each draw answers those with yes or no, so that quantiles over draws say nothing of the probability. That holds whatever the
    quantiles are: a little after the last observation some draws answer with a number between, and of an answer of 99 % both ends
    are 1.
    """
    def without(one: Forecast) -> Forecast:
        bare = tuple(dataclasses.replace(o, low=0.0, low_50=0.0, high_50=1.0, high=1.0) for o in one.outcomes)
        return dataclasses.replace(one, outcomes=bare)

    asked = dossier.questions
    return tuple(without(one) if asked[one.question].form.name in NEVER_SETTLED else one for one in forecasts)


def lines_of(forecast: Forecast) -> tuple[Line, ...]:
    """Return one line per outcome."""
    return tuple(
        Line(
            anchor=f"q-{forecast.question}",
            title=forecast.title,
            by=short_day(forecast.deadline),
            answer="" if outcome.id == "yes" else outcome.title,
            percent=outcome.percent,
            words=outcome.words,
            half=half_interval(outcome),
            interval=interval(outcome.low, outcome.high),
            range_words=outcome.range_words if weighs(outcome.low, outcome.high) else "",
            base=percent(outcome.base_p),
            prior=percent(outcome.prior_p),
            mcse=error_points(outcome.mcse),
            p=outcome.p,
            skewed=is_skewed(outcome),
        )
        for outcome in forecast.outcomes
    )


def headline_of(forecast: Forecast) -> Line:
    """Return the line of the outcome to quote."""
    return lines_of(forecast)[forecast.outcomes.index(forecast.headline)]


def themes_of(forecasts: tuple[Forecast, ...]) -> tuple[Theme, ...]:
    """Return the answer table: every forecast once, by theme; the likeliest first, and sets of outcomes last."""
    ranked = sorted(forecasts, key=lambda forecast: (forecast.kind != "yes/no", -forecast.headline.p))
    return tuple(
        Theme(theme, tuple(headline_of(forecast) for forecast in ranked if forecast.theme == theme))
        for theme in dict.fromkeys(forecast.theme for forecast in forecasts)
    )


def overview(forecasts: tuple[Forecast, ...]) -> tuple[Markup, Markup] | None:
    """Return the picture of all yes/no questions for a desk and for a phone."""
    if not any(forecast.kind == "yes/no" for forecast in forecasts):
        return None
    return (
        inline_svg(questions_figure(forecasts), "wide"),
        inline_svg(questions_figure(forecasts, PHONE_WIDTH), "narrow"),
    )

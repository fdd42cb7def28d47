"""Everything that a report shows, worked out before a template sees it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from markupsafe import Markup

from forecasting.dossier.decided import excluded
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.forms.base import VOID
from forecasting.forecasts import Forecast
from forecasting.report.changes import waterfall_of
from forecasting.report.curves import scale_of
from forecasting.report.evidence import (
    ClaimsBehind,
    EventView,
    claims_behind,
    event_view,
    outcome_titles,
)
from forecasting.report.facts import occurred_rows
from forecasting.report.figures import curve_figure, layers_figure, questions_figure, scenario_figure
from forecasting.report.formatting import error_points, interval, percent, short_day
from forecasting.report.sensitivity import conflicts, depends_on, no_news
from forecasting.report.svg import inline_svg
from forecasting.runs.store import Run
from forecasting.trace.confidence import Confidence, confidence

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


@dataclass(frozen=True)
class Theme:
    """Lines of one theme."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Section:
    """Everything behind one question."""

    forecast: Forecast
    line: Line
    outcomes: tuple[Line, ...]
    may_be_void: str
    excluded: tuple[str, ...]
    why_it_matters: str
    note: str
    inverted: bool
    curves: tuple[Markup, ...]
    layers: Markup | None
    bars: Markup | None
    changes: Markup | None
    depends_on: str
    no_news: str
    conflicts: tuple[str, ...]
    confidence: Confidence
    claims: ClaimsBehind
    events: tuple[EventView, ...]


def titled(edition: EditionDossier, forecasts: tuple[Forecast, ...]) -> tuple[Forecast, ...]:
    """Return the forecasts with stages named by the titles of their events."""
    named = []
    for forecast in forecasts:
        titles = outcome_titles(edition, forecast)
        outcomes = tuple(dataclasses.replace(outcome, title=titles[outcome.id]) for outcome in forecast.outcomes)
        named.append(dataclasses.replace(forecast, outcomes=outcomes))
    return tuple(named)


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
            half=interval(outcome.low_50, outcome.high_50),
            interval=interval(outcome.low, outcome.high),
            range_words=outcome.range_words,
            base=percent(outcome.base_p),
            prior=percent(outcome.prior_p),
            mcse=error_points(outcome.mcse),
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


def sections_of(run: Run, edition: EditionDossier, forecasts: tuple[Forecast, ...]) -> tuple[Section, ...]:
    """Return a section per question of the event network; an event is described where it comes up first, and linked to then."""
    told: dict[str, str] = {}
    sections = []
    own = {question.id for question in edition.questions}
    for forecast in (forecast for forecast in forecasts if forecast.question in own):
        section = _section(run, edition, forecast, told)
        sections.append(section)
        for view in section.events:
            told.setdefault(view.event.id, forecast.question)
    return tuple(sections)


def _section(run: Run, edition: EditionDossier, forecast: Forecast, told: dict[str, str]) -> Section:
    question = next(question for question in edition.questions if question.id == forecast.question)
    events = [edition.dossier.events[name] for name in question.events()]
    asked = forecast.kind == "yes/no"
    return Section(
        forecast=forecast,
        line=headline_of(forecast),
        outcomes=lines_of(forecast),
        may_be_void=next((outcome.percent for outcome in forecast.outcomes if outcome.id == VOID), ""),
        excluded=excluded(edition, question),
        why_it_matters=question.why_it_matters,
        note=question.note,
        inverted=bool((single := question.form.single()) and not single[2]),
        curves=_curves(run, edition, forecast, question.events()),
        layers=_layers(run, forecast) if asked else None,
        bars=None if asked else inline_svg(scenario_figure(forecast)),
        changes=waterfall_of(run, edition, forecast),
        depends_on=depends_on(run, forecast),
        no_news=no_news(run, forecast),
        conflicts=conflicts(run, question.events(), {event.id: event.title for event in events}),
        confidence=confidence(run, edition, question),
        claims=claims_behind(run, edition, forecast),
        events=tuple(event_view(run, edition, forecast, event, told.get(event.id, "")) for event in events),
    )


def _curves(run: Run, edition: EditionDossier, forecast: Forecast, events: tuple[str, ...]) -> tuple[Markup, ...]:
    drawn = set(run.curves["event"]) - set(occurred_rows(edition))
    open_ = [name for name in events if name in drawn]
    if not open_:
        return ()
    most = scale_of(run.curves[run.curves["event"].isin(open_)])
    figures = (
        curve_figure(run.curves, forecast.deadline, {name: edition.dossier.events[name].title}, most=most)
        for name in open_
    )
    return tuple(inline_svg(figure) for figure in figures)


def _layers(run: Run, forecast: Forecast) -> Markup | None:
    found = (run.layers["question"] == forecast.question) & (run.layers["outcome"] == forecast.headline.id)
    return inline_svg(layers_figure(run.layers[found].to_dict("records"))) if found.any() else None

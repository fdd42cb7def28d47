"""The sections of a report about models other than the event network: pictures, answers, and what moved them; titles, no ids."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from forecasting.dossier.edition import EditionDossier
from forecasting.forecasts import Forecast
from forecasting.inference.noticeable import noticeable
from forecasting.report.context import Line, lines_of
from forecasting.report.formatting import points
from forecasting.report.ribbons import ribbon_figure
from forecasting.report.svg import inline_svg
from forecasting.runs.further import ModelTables
from forecasting.runs.store import Run
from forecasting.trace.models import reading_words

SHOWN = 8  # observations under a question


@dataclass(frozen=True)
class MovedLine:
    """An observation that moved an answer: what it is, and by how much."""

    what: str
    moved: str
    outcome: str


@dataclass(frozen=True)
class Asked:
    """One question that a further model answers."""

    forecast: Forecast
    lines: tuple[Line, ...]
    why_it_matters: str
    note: str
    moved: tuple[MovedLine, ...]
    n_moving: int


@dataclass(frozen=True)
class ReadLine:
    """One observation in words, and what it was read as."""

    what: str
    read: str


@dataclass(frozen=True)
class FurtherSection:
    """Everything that a report shows of one further model."""

    anchor: str
    title: str
    figures: tuple[Markup, ...]
    asked: tuple[Asked, ...]
    read: tuple[ReadLine, ...]


def further_sections(run: Run, edition: EditionDossier, forecasts: tuple[Forecast, ...]) -> tuple[FurtherSection, ...]:
    """Return a section per further model that answers a question of the edition, but for those that a draft lacks."""
    there = [name for name in edition.further if name in run.further or not run.manifest.draft]
    return tuple(_section(run, run.further[name], edition, name, forecasts) for name in there)


def _section(
    run: Run, told: ModelTables, edition: EditionDossier, name: str, forecasts: tuple[Forecast, ...]
) -> FurtherSection:
    figures = (
        ribbon_figure(told.bands[told.bands["panel"] == panel], told.points, edition.as_of) for panel in told.panels
    )
    own = {question.id: question for question in edition.further[name]}
    asked = tuple(
        _asked(told, forecast, own[forecast.question].why_it_matters, own[forecast.question].note)
        for forecast in forecasts
        if forecast.question in own
    )
    named = told.readings.assign(about=told.readings["about"].replace(told.panels))
    read = tuple(
        ReadLine(told.observations.get(row.claim, row.about), reading_words(row)) for row in named.itertuples()
    )
    return FurtherSection(f"model-{name}", told.title, tuple(inline_svg(figure) for figure in figures), asked, read)


def _asked(told: ModelTables, forecast: Forecast, why: str, note: str) -> Asked:
    rows = told.influence[told.influence["outcome"].str.startswith(f"{forecast.question}:")]
    rows = rows[noticeable(rows["change"], rows["mcse"])]
    rows = rows.iloc[rows["change"].abs().argsort()[::-1]].drop_duplicates("claim")
    titles = {f"{forecast.question}:{outcome.id}": outcome.title for outcome in forecast.outcomes}
    several = len(forecast.outcomes) > 1
    moved = tuple(
        MovedLine(told.observations.get(row.claim, row.claim), points(row.change), titles[row.outcome] if several else "")
        for row in rows.head(SHOWN).itertuples()
    )
    return Asked(forecast, lines_of(forecast), why, note, moved, len(rows))

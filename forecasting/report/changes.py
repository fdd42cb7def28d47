"""What a report says of the edition before: every answer then and now, and what lies between."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from forecasting.analysis.pathways import expired_between
from forecasting.dossier.differences import differences
from forecasting.dossier.edition import EditionDossier
from forecasting.forecasts import Forecast
from forecasting.inference.noticeable import noticeable
from forecasting.report.change_parts import PARTS
from forecasting.report.formatting import percent, points, short_day
from forecasting.report.names import question_name
from forecasting.report.svg import inline_svg
from forecasting.report.waterfall import waterfall_figure
from forecasting.runs.store import Run


@dataclass(frozen=True)
class Cell:
    """What one part did to one answer; ``clear`` if Monte Carlo error alone could hardly explain it."""

    part: str
    points: str
    clear: bool


@dataclass(frozen=True)
class ChangeLine:
    """One answer then and now."""

    anchor: str
    title: str
    name: str
    answer: str
    before: str
    cells: tuple[Cell, ...]
    after: str


@dataclass(frozen=True)
class Changed:
    """The section on what changed since the previous edition."""

    title: str
    since: dt.date
    parts: tuple[tuple[str, str], ...]
    n_records: int
    n_asked_then: int
    expired: tuple[str, ...]
    lines: tuple[ChangeLine, ...]
    skipped: tuple[tuple[str, str], ...]


def previous_of(edition: EditionDossier) -> EditionDossier | None:
    """Return the edition before, if the record names one."""
    name = edition.edition.previous
    return edition.dossier.edition(name) if name else None


def asked_before(edition: EditionDossier, question: str) -> bool:
    """Return whether the edition before asked a question, so that its number then is one that was published."""
    before = previous_of(edition)
    return before is not None and question in {one.id for one in before.asked}


def changed_since(run: Run, edition: EditionDossier, forecasts: tuple[Forecast, ...]) -> Changed | None:
    """Return what changed since the previous edition, the largest change first, or nothing if there is none."""
    before = previous_of(edition)
    if before is None or run.changes.empty:
        return None
    found = differences(before, edition)
    moved = run.changes[noticeable(run.changes["change"])]
    parts = [part for part in PARTS if (moved["part"] == part).any()]
    told = []
    for forecast in forecasts:
        rows = _rows(run.changes, forecast)
        if not rows.empty:
            total = float(rows["change"].sum())
            told.append((abs(total), _line(forecast, rows, parts, _then(edition, forecast, total))))
    told.sort(key=lambda pair: -pair[0])
    titles = {forecast.question: forecast.title for forecast in forecasts}
    return Changed(
        title=before.edition.title,
        since=before.as_of,
        parts=tuple((PARTS[part][0], PARTS[part][2]) for part in parts),
        n_records=sum(len(found.behind[part]) for part in ("no-news", "news", "claims", "regrades", "model")),
        n_asked_then=sum(asked_before(edition, line.anchor[2:]) for _, line in told),
        expired=expired_between(before, edition),
        lines=tuple(line for _, line in told),
        skipped=tuple((titles[name], reason) for name, reason in found.skipped.items()),
    )


def _rows(changes: pd.DataFrame, forecast: Forecast) -> pd.DataFrame:
    return changes[(changes["question"] == forecast.question) & (changes["outcome"] == forecast.headline.id)]


def _line(forecast: Forecast, rows: pd.DataFrame, parts: list[str], before: str) -> ChangeLine:
    found = {row["part"]: row for row in rows.to_dict("records")}
    cells = []
    for part in parts:
        change, error = float(found[part]["change"]), float(found[part]["mcse"])
        clear = noticeable(change, error)
        cells.append(Cell(PARTS[part][0], points(change), clear))
    return ChangeLine(
        anchor=f"q-{forecast.question}",
        title=forecast.title,
        name=f"{question_name(forecast.title)}, {short_day(forecast.deadline)}",
        answer="" if forecast.kind == "yes/no" else forecast.headline.title,
        before=before,
        cells=tuple(cells),
        after=forecast.headline.percent,
    )


def _then(edition: EditionDossier, forecast: Forecast, total: float) -> str:
    """Return the first number, with a star where nobody published it."""
    return percent(forecast.headline.p - total) + ("" if asked_before(edition, forecast.question) else "*")


def waterfall_of(run: Run, edition: EditionDossier, forecast: Forecast) -> Markup | None:
    """Return the picture of one answer's way from the previous edition, if there is one."""
    before = previous_of(edition)
    if before is None or run.changes.empty:
        return None
    rows = _rows(run.changes, forecast)
    if rows.empty:
        return None
    figure = waterfall_figure(rows.to_dict("records"), forecast.headline.p, before.as_of, edition.as_of)
    return inline_svg(figure)

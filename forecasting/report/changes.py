"""What a report says of an earlier edition: every answer then and now, and what lies between."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from forecasting.analysis.pathways import expired_between
from forecasting.dossier.differences import differences
from forecasting.dossier.edition import EditionDossier
from forecasting.forecasts import Forecast
from forecasting.inference.noticeable import noticeable
from forecasting.report.change_parts import PARTS
from forecasting.report.compared import Compared
from forecasting.report.formatting import day, percent, points, short_day
from forecasting.report.names import question_name
from forecasting.report.svg import inline_svg
from forecasting.report.waterfall import waterfall_figure

ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


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
    """The section on what changed since an earlier edition; ``again`` is the command that says the same."""

    lead: str
    title: str
    since: dt.date
    parts: tuple[tuple[str, str], ...]
    n_records: int
    n_asked_then: int
    star: str
    expired: tuple[str, ...]
    lines: tuple[ChangeLine, ...]
    skipped: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # a reason, and anchor and name of each question
    warning: str
    again: str

    @property
    def n_skipped(self) -> int:
        """How many questions the earlier edition could not have been asked."""
        return sum(len(lines) for _, lines in self.skipped)


def changed_since(compared: Compared | None, edition: EditionDossier, forecasts: tuple[Forecast, ...]) -> Changed | None:
    """Return what changed since an earlier edition, the largest change first, or nothing if there is none."""
    if compared is None or compared.table.empty:
        return None
    before, names = compared.before, (compared.before.edition.id, edition.edition.id)
    found = differences(before, edition)
    moved = compared.table[noticeable(compared.table["change"])]
    parts = [part for part in PARTS if (moved["part"] == part).any()]
    told = []
    for forecast in forecasts:
        rows = changes_of(compared, forecast)
        if not rows.empty:
            total = float(rows["change"].sum())
            told.append((abs(total), _line(forecast, rows, parts, then_percent(compared, forecast, total))))
    told.sort(key=lambda pair: -pair[0])
    return Changed(
        lead="The edition before this one" if names[0] == edition.edition.previous else "The edition compared with",
        title=before.edition.title,
        since=before.as_of,
        parts=tuple((PARTS[part][0], PARTS[part][2]) for part in parts),
        n_records=sum(len(found.behind[part]) for part in ("no-news", "news", "claims", "regrades", "model")),
        n_asked_then=sum(line.anchor[2:] in compared.published for _, line in told),
        star=compared.star,
        expired=expired_between(before, edition),
        lines=tuple(line for _, line in told),
        skipped=_skipped(found.skipped, forecasts),
        warning=compared.warning,
        again=f"forecast compare {names[1]} --with {names[0]}" if compared.worked_out else "",
    )


def _skipped(
    reasons: Mapping[str, str], forecasts: tuple[Forecast, ...]
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the questions that could not have been asked then, by the reason, in the order of the edition."""
    known, grouped = {forecast.question: forecast for forecast in forecasts}, dict[str, list[tuple[str, str]]]()
    for name, reason in reasons.items():
        told = ISO_DAY.sub(lambda found: day(dt.date.fromisoformat(found.group())), reason)
        grouped.setdefault(told, []).append((f"q-{name}", _named(known[name])))
    return tuple((reason, tuple(lines)) for reason, lines in grouped.items())


def _named(forecast: Forecast) -> str:
    return f"{question_name(forecast.title)}, {short_day(forecast.deadline)}"


def changes_of(compared: Compared, forecast: Forecast) -> pd.DataFrame:
    """Return the parts of what changed an answer; none where it was not compared."""
    table = compared.table
    return table[(table["question"] == forecast.question) & (table["outcome"] == forecast.headline.id)]


def _line(forecast: Forecast, rows: pd.DataFrame, parts: list[str], before: str) -> ChangeLine:
    found = {row["part"]: row for row in rows.to_dict("records")}
    return ChangeLine(
        anchor=f"q-{forecast.question}",
        title=forecast.title,
        name=_named(forecast),
        answer="" if forecast.kind == "yes/no" else forecast.headline.title,
        before=before,
        cells=tuple(_cell(part, found.get(part)) for part in parts),
        after=forecast.headline.percent,
    )


def _cell(part: str, row: Mapping | None) -> Cell:
    """Return what one part did; of an answer that is split into others, a dash."""
    if row is None:
        return Cell(PARTS[part][0], "–", False)
    change, error = float(row["change"]), float(row["mcse"])
    return Cell(PARTS[part][0], points(change), noticeable(change, error))


def then_percent(compared: Compared, forecast: Forecast, total: float) -> str:
    """Return the first number, with a star where nobody published it."""
    return percent(forecast.headline.p - total) + ("" if forecast.question in compared.published else "*")


def waterfall_of(compared: Compared | None, edition: EditionDossier, forecast: Forecast) -> Markup | None:
    """Return the picture of one answer's way from an earlier edition, if there is one."""
    if compared is None or (rows := changes_of(compared, forecast)).empty:
        return None
    figure = waterfall_figure(rows.to_dict("records"), forecast.headline.p, compared.before.as_of, edition.as_of)
    return inline_svg(figure)

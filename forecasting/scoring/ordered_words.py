"""What scores of ordered outcomes and of numbers say, as rows and sentences for a terminal and a page."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from forecasting.ledger.records import MODEL
from forecasting.scoring.ordered import PLAIN, means

NONE_YET = "No question whose outcomes have an order (a number, stages, sides) is scored yet."


@dataclass(frozen=True)
class OrderedRow:
    """One forecaster's scores of one question, or of all of a population, as they are shown; '' where there is none."""

    forecaster: str
    ranked: str
    crps: str
    share: str


@dataclass(frozen=True)
class OrderedGroup:
    """What is shown of one question, or with no ``question`` of all: what came, and a row for each forecaster."""

    question: str
    came: str
    rows: tuple[OrderedRow, ...]


def populations(table: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield (edition, standing, rows) for each population: live and reconstructed forecasts apart, edition by edition."""
    for (standing, edition), own in table.groupby(["standing", "edition"], sort=False):
        yield str(edition), str(standing), own


def groups(own: pd.DataFrame) -> list[OrderedGroup]:
    """Return what is shown of one population: each question, and the means if there are several.

    A forecaster that does not speak of the same questions as the model has no mean.
    """
    shown = [_question(part) for _, part in own.groupby("question", sort=False)]
    if len(shown) < 2:
        return shown
    rows = [
        OrderedRow(named(row.forecaster), number(row.ranked), "", number(row.share))
        for row in means(own).itertuples() if not (math.isnan(row.ranked) and math.isnan(row.share))
    ]  # fmt: skip
    first = own[own["forecaster"] == (MODEL if MODEL in set(own["forecaster"]) else own["forecaster"].iloc[0])]
    n, k = first["ranked"].notna().sum(), first["share"].notna().sum()
    return [*shown, OrderedGroup("", f"mean of {n} ranked scores, and of {k} number{'s' if k != 1 else ''}", tuple(rows))]


def _question(part: pd.DataFrame) -> OrderedGroup:
    first = part.iloc[0]
    came = str(first["outcome"]) if math.isnan(first["value"]) else f"{first['value']:,.10g} {first['unit']}"
    rows = tuple(
        OrderedRow(named(row.forecaster), number(row.ranked), amount(row.crps), number(row.share)) for row in part.itertuples()
    )
    return OrderedGroup(str(first["question"]), came, rows)


def named(forecaster: str) -> str:
    """Return the title of a forecaster."""
    return PLAIN.get(forecaster, forecaster)


def number(score: float) -> str:
    """Return a score from 0 to 1, or nothing."""
    return "" if math.isnan(score) else f"{score:.3f}"


def amount(score: float) -> str:
    """Return a score in the unit of its number to three digits, or nothing.

    Examples
    --------
    >>> amount(118866.8), amount(1.3913), amount(float("nan"))
    ('119,000', '1.39', '')
    """
    return "" if math.isnan(score) else f"{float(f'{score:.3g}'):,.10g}"

"""Competing hypotheses: claims against the outcomes of a question with several, and how far each claim tells them apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasting.report.claim_entries import ClaimEntry
from forecasting.report.families import Family
from forecasting.report.formatting import points
from forecasting.runs.store import Run

MOST = 8


@dataclass(frozen=True)
class MatrixRow:
    """One claim: what it adds to each outcome, in points, and its diagnosticity."""

    entry: ClaimEntry
    cells: tuple[str, ...]
    diagnosticity: float


@dataclass(frozen=True)
class Matrix:
    """The claims that tell the outcomes of one question apart, the most diagnostic first."""

    outcomes: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    more: int


def matrix_of(run: Run, family: Family, claims: Mapping[str, ClaimEntry]) -> Matrix | None:
    """Return claim × outcome for a question with several outcomes, or nothing if no claim moves it.

    Notes
    -----
    Diagnosticity is the half-sum of the absolute changes over the outcomes, ½ Σ_o |p_o − p_o^without|: the total variation
    between the answer with and without the claim, in points. A claim that moves all outcomes alike cannot exist, since they
    make 100 % together; one with 0 speaks for no hypothesis against another, however striking it is (Heuer 1999,
    *Psychology of Intelligence Analysis*, ch. 8).
    """
    last = family.last
    if len(last.outcomes) < 2:
        return None
    rows = run.influence[(run.influence["question"] == last.question) & run.influence["claim"].isin(list(claims))]
    if rows.empty:
        return None
    rows = rows.assign(change=pd.to_numeric(rows["change"], errors="coerce"))
    table = rows.pivot_table(index="claim", columns="outcome", values="change", aggfunc="first")
    table = table.reindex(columns=[outcome.id for outcome in last.outcomes])
    size = table.abs().sum(axis=1) / 2
    order = size.sort_values(ascending=False, kind="stable")
    found = tuple(
        MatrixRow(
            claims[str(name)],
            tuple("·" if pd.isna(value) else points(float(value)) for value in table.loc[name]),
            round(100 * float(order[name]), 1),
        )
        for name in order.index[:MOST]
    )
    return Matrix(tuple(outcome.title for outcome in last.outcomes), found, max(int(np.count_nonzero(size)) - MOST, 0))

"""One population of scored forecasts in figures, with intervals, skill, reliability; never live and reconstructed as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasting.errors import UsageError
from forecasting.ledger.records import MODEL
from forecasting.scoring.reliability import Reliability, reliability, sharpness
from forecasting.scoring.scored import FORECASTERS
from forecasting.scoring.uncertainty import Mean, mean_by, more_needed

YES_NO = "yes/no"
ALL_EDITIONS = "all editions"


@dataclass(frozen=True)
class Line:
    """One forecaster's scores over one population.

    Parameters
    ----------
    brier, log : Mean
        With the central 90 % over stories.
    by_question : Mean
        The Brier score with questions drawn one by one: what the interval would be if they were independent.
    ranked : Mean, optional
        Of the questions whose outcomes have an order; none for a forecaster that does not speak of the same ones as the first.
    skill : float, optional
        1 − Brier / Brier of base rates, over the questions that both have.
    against_base : Mean, optional
        Brier less that of base rates; below 0 is better than they.
    more : int, optional
        About how many more stories would tell this from the base rates.
    """

    forecaster: str
    title: str
    brier: Mean
    by_question: Mean
    log: Mean
    ranked: Mean | None
    skill: float | None
    against_base: Mean | None
    more: int | None


@dataclass(frozen=True)
class Scorecard:
    """All forecasters over one population: an edition, or all editions of one standing."""

    title: str
    standing: str
    lines: tuple[Line, ...]
    n: int
    n_stories: int
    n_no_report: int
    reliability: Reliability | None
    sharpness: float | None
    n_shared: int = 0  # stories to which questions of more than one edition belong

    def line(self, forecaster: str) -> Line | None:
        """Return the scores of one forecaster."""
        return next((line for line in self.lines if line.forecaster == forecaster), None)


def scorecards(table: pd.DataFrame) -> Iterator[Scorecard]:
    """Yield a card per edition and, where a standing has more than one edition, one for all of it."""
    for _, part in table.groupby("standing", sort=True):
        editions = list(dict.fromkeys(part["edition"]))
        for edition in editions:
            yield scorecard(part[part["edition"] == edition], edition)
        if len(editions) > 1:
            yield scorecard(part, ALL_EDITIONS)


def scorecard(table: pd.DataFrame, title: str) -> Scorecard:
    """Return the card of one population, a part of what `forecasting.scoring.scored.scored` gives.

    Raises
    ------
    UsageError
        If it is empty, or live and reconstructed forecasts stand in it together.
    """
    if table.empty:
        raise UsageError(f"{title}: no forecast is scored yet")
    if table["standing"].nunique() > 1:
        raise UsageError(f"{title}: live and reconstructed forecasts are never scored together; score each apart")
    of_model = table[table["forecaster"] == MODEL]
    asked = of_model[of_model["kind"] == YES_NO]
    curve = reliability(_p_yes(asked), (asked["outcome"] == "yes").to_list()) if len(asked) > 1 else None
    present = list(dict.fromkeys(table["forecaster"]))
    order = [MODEL, *(name for name in present if name != MODEL and name not in FORECASTERS), *FORECASTERS]
    order = [name for name in order if name in present]
    lines = tuple(_line(table, name, _ordered(table, order[0])) for name in order)
    first = of_model if len(of_model) else table.drop_duplicates(["edition", "question"])
    return Scorecard(
        title, str(table["standing"].iloc[0]), lines, len(first), first["story"].nunique(), int(first["no_report"].sum()), curve,
        sharpness(_p_yes(asked)) if len(asked) else None, int((first.groupby("story")["edition"].nunique() > 1).sum()),
    )  # fmt: skip


def _p_yes(asked: pd.DataFrame) -> list[float]:
    return np.where(asked["outcome"] == "yes", asked["p"], 1 - asked["p"]).tolist()


def _ordered(table: pd.DataFrame, name: str) -> set[tuple[str, str]]:
    """Return the questions whose outcomes have an order of which a forecaster speaks."""
    own = table[(table["forecaster"] == name) & table["ranked"].notna()]
    return set(zip(own["edition"], own["question"], strict=True))


def _base_of(own: pd.DataFrame, base: pd.DataFrame) -> pd.Series:
    """Return the score of base rates beside each row: of its edition and question, if asked under two contracts its record's."""
    keys = ["edition", "question"]
    asked = base.drop_duplicates(keys, keep="last").set_index(keys)["brier"]
    found = pd.Series(asked.reindex(pd.MultiIndex.from_frame(own[keys])).to_numpy(), index=own.index)
    twice = base[base.duplicated(keys, keep=False)].set_index("record")["brier"]
    return own["record"].map(twice).astype(float).fillna(found)


def _line(table: pd.DataFrame, name: str, same: set[tuple[str, str]]) -> Line:
    own = table[table["forecaster"] == name]
    stories, log = own["story"].to_list(), own["log"].to_numpy()
    ordered = own[own["ranked"].notna()]
    comparable = len(ordered) and _ordered(table, name) == same
    reference = _base_of(own, table[table["forecaster"] == "base"])
    both = own.assign(base=reference)[reference.notna()]
    against, skill, more = None, None, None
    if name != "base" and len(both):
        differences = (both["brier"] - both["base"]).to_list()
        against = mean_by(differences, both["story"].to_list())
        more = more_needed(differences, both["story"].to_list())
        mean = float(both["base"].mean())
        skill = 1 - float(both["brier"].mean()) / mean if mean else None
    return Line(
        name, FORECASTERS.get(name, name), mean_by(own["brier"].to_list(), stories),
        mean_by(own["brier"].to_list(), list(range(len(own)))), mean_by(log, stories),
        mean_by(ordered["ranked"].to_list(), ordered["story"].to_list()) if comparable else None, skill, against, more,
    )  # fmt: skip

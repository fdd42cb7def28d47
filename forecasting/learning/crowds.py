"""Score a crowd's probabilities of yes/no questions, and recalibrate and pool them on what was known before each was said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from forecasting.errors import FileError
from forecasting.learning.pools import fit_factor, pools
from forecasting.learning.recalibration import fit_map
from forecasting.scoring.uncertainty import Mean, mean_by, more_needed

COLUMNS = {
    "id": "id", "source": "source", "question": "title", "crowd_prob": "p", "outcome": "came", "freeze_date": "said_on",
    "resolution_date": "resolved_on",
}  # fmt: skip
MAPS = {
    "log-odds": "linear in log odds, one map",
    "beta": "beta calibration, one map",
    "by source": "linear in log odds, a map per source",
}


def read_crowds(path: Path) -> pd.DataFrame:
    """Return the resolved questions of a table of crowds, in the order in which probabilities were said.

    Columns ``id source title p came said_on resolved_on``, the last two days.

    Raises
    ------
    FileError
        If a column is missing, a probability is not inside (0, 1), an outcome is not 0 or 1, or a question was resolved
        before its probability was said.
    """
    table = pd.read_csv(path)
    if missing := [name for name in COLUMNS if name not in table]:
        raise FileError(f"{path}: has no column {', '.join(missing)}")
    days = ("freeze_date", "resolution_date")
    table = (
        table[list(COLUMNS)]
        .assign(**{day: pd.to_datetime(table[day], format="%Y-%m-%d") for day in days})
        .rename(columns=COLUMNS)
    )
    faults = {
        "a probability that is not strictly between 0 and 1": ~((table["p"] > 0) & (table["p"] < 1)),
        "an outcome other than 0 or 1": ~table["came"].isin([0, 1]),
        "a resolution before the probability was said": ~(table["resolved_on"] >= table["said_on"]),
    }
    for fault, rows in faults.items():
        if rows.any():
            raise FileError(f"{path}:{int(rows.to_numpy().argmax()) + 2}: {fault}; leave the row out or mend it at its source")
    return table.sort_values(["said_on", "source", "id"], kind="stable").reset_index(drop=True)


def base_rates(table: pd.DataFrame) -> np.ndarray:
    """Return for each row how often other questions of its source came true, (yes + ½) / (n + 1), a question counting once."""
    once = table.groupby(["source", "id"], sort=False)["came"].mean().reset_index()
    n, yes = (once.groupby("source")["came"].agg(what) for what in ("size", "sum"))
    return ((table["source"].map(yes) - table["came"] + 0.5) / table["source"].map(n)).to_numpy(float)


@dataclass(frozen=True)
class Gain:
    """How much lower the Brier and log scores of something are than those of what it is held against; above 0 it is better.

    ``more`` is about how many more questions would tell the two apart by the Brier score, if they go on so.
    """

    title: str
    brier: float
    against: float
    gain: Mean
    log_gain: Mean
    more: int | None


def gain(title: str, q: np.ndarray, p: np.ndarray, came: np.ndarray, clusters: np.ndarray) -> Gain:
    """Return the gain of probabilities ``q`` over ``p``, with the central 90 % over clusters drawn anew."""
    ids = np.unique(clusters, return_inverse=True)[1].tolist()
    new, old = np.square(q - came), np.square(p - came)
    log = _log(q, came) - _log(p, came)
    more = more_needed((old - new).tolist(), ids)
    return Gain(title, float(new.mean()), float(old.mean()), mean_by((old - new).tolist(), ids), mean_by(log.tolist(), ids), more)


def _log(p: np.ndarray, came: np.ndarray) -> np.ndarray:
    return np.log(np.where(came == 1, p, 1 - p))


def by_round(table: pd.DataFrame, say: Callable[[pd.DataFrame, pd.DataFrame], np.ndarray]) -> np.ndarray:
    """Return what is said of each row from the rows that had been resolved before it was said, round by round.

    ``say(earlier, now)`` gets the rows of one day on which probabilities were said, and those resolved before that day. Rows
    of the first rounds, before which nothing had been resolved, are NaN.
    """
    found = np.full(len(table), np.nan)
    for day, now in table.groupby("said_on", sort=True):
        earlier = table[table["resolved_on"] < day]
        if len(earlier):
            found[now.index.to_numpy()] = say(earlier, now)
    return found


def recalibrated(table: pd.DataFrame, maps: Iterable[str] = MAPS) -> dict[str, np.ndarray]:
    """Return the probabilities of each row under some of `MAPS`, fitted on what had been resolved before."""

    def one(form: str) -> Callable[[pd.DataFrame, pd.DataFrame], np.ndarray]:
        return lambda earlier, now: fit_map(form, earlier["p"], earlier["came"], earlier["id"])(now["p"])

    def each(earlier: pd.DataFrame, now: pd.DataFrame) -> np.ndarray:
        common = fit_map("log-odds", earlier["p"], earlier["came"], earlier["id"])
        found = pd.Series(np.nan, now.index)
        for source, rows in now.groupby("source"):
            own = earlier[earlier["source"] == source]
            found[rows.index] = fit_map("log-odds", own["p"], own["came"], own["id"], towards=common)(rows["p"])
        return found.to_numpy()

    return {name: by_round(table, each if name == "by source" else one(name)) for name in maps}


def with_earlier(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose question had been asked in an earlier round, with ``before``: what the crowd said then."""
    before = table.groupby("id")["p"].shift()
    return table.assign(before=before)[before.notna()].reset_index(drop=True)


def pooled(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return pools of what one crowd said now and the round before, the factor learned on what had been resolved before.

    ``table`` is from `with_earlier`. A crowd and its own past are the forecasters.
    """
    columns = ["p", "before"]

    def of(name: str) -> Callable[[pd.DataFrame, pd.DataFrame], np.ndarray]:
        return lambda earlier, now: pools(now[columns], fit_factor(earlier[columns], earlier["came"], earlier["id"])).p[name]

    return {name: by_round(table, of(name)) for name in ("linear", "log-odds", "extremised")}


def day(table: pd.DataFrame, column: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a column."""
    return table[column].min().date(), table[column].max().date()

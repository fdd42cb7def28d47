"""Forecasts of a number as probabilities of ranges: from quantiles, and from a random walk through what was published."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from forecasting.dossier.counts import Series
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.questions import Question
from forecasting.errors import UsageError
from forecasting.ledger.values import edges_of
from forecasting.models.counts.readings import Stock, after, known_counts, readings_of, years

LOOSE = 0.1  # standard deviation of the log in a year, where a single count says nothing of how a series moves


def ranges_of_quantiles(levels: Sequence[float], values: Sequence[float], edges: Sequence[float]) -> list[float]:
    """Return the probabilities of ranges that quantiles stand for.

    F is linear between quantiles; beyond the outermost it goes on with the slope of the last piece until it reaches 0 or 1. Where
    several levels have one value, F jumps to the highest of them.

    Raises
    ------
    UsageError
        If there are fewer than two different values, or they are no quantiles.

    Examples
    --------
    >>> ranges_of_quantiles([0.25, 0.5, 0.75], [10.0, 12.0, 14.0], [9.0, 12.0])
    [0.125, 0.375, 0.5]
    """
    alpha, x = np.asarray(levels, dtype=float), np.asarray(values, dtype=float)
    if alpha.shape != x.shape or alpha.ndim != 1 or (np.diff(alpha) <= 0).any() or (np.diff(x) < 0).any():
        raise UsageError("levels have to rise, and values must not fall")
    last = np.append(np.diff(x) > 0, True)
    alpha, x = alpha[last], x[last]
    if len(x) < 2:
        raise UsageError("quantiles of one value say nothing of the ranges around it; write two or more values")
    first, end = np.diff(alpha)[0] / np.diff(x)[0], np.diff(alpha)[-1] / np.diff(x)[-1]
    at = np.asarray(edges, dtype=float)
    below, above = alpha[0] - first * (x[0] - at), alpha[-1] + end * (at - x[-1])
    cdf = np.where(at < x[0], below, np.where(at > x[-1], above, np.interp(at, x, alpha)))
    return _between(np.clip(cdf, 0, 1))


def _between(cdf: np.ndarray) -> list[float]:
    """Return the probabilities of ranges from those of lying below each edge."""
    return [float(p) for p in np.diff([0.0, *cdf, 1.0])]


@dataclass(frozen=True)
class Walk:
    """A random walk with drift of a log level: where it was last known, and how it has moved, per year."""

    log: float
    time: float
    drift: float
    sd: float

    def below(self, log: float, time: float) -> float:
        """Return P(log level < ``log``) at a time, in years since the series starts."""
        gap = max(time - self.time, 0.0)
        over, sd = log - self.log - self.drift * gap, self.sd * math.sqrt(gap)
        return float(ndtr(over / sd)) if sd else float(over > 0)


def logs_known(edition: EditionDossier, series: Series) -> tuple[np.ndarray, np.ndarray]:
    """Return times (years since the series starts) and log levels of what is known: stocks, or rates in the middle of periods.

    They are in no order of time (`walk_of`).
    """
    if series.kind == "stock":
        counts = [c for c in known_counts(edition) if c.series == series.id]
        return np.array([years(series.starts_on, after(c.until)) for c in counts]), np.log([c.value for c in counts])
    own = [one for one in readings_of(edition, "posterior", frozenset()) if one.series == series.id and one.noisy]
    spans = [reading.period(series.starts_on) for reading in own]
    return np.array([(low + high) / 2 for low, high in spans]), np.array([reading.log_level for reading in own])


def walk_of(times: np.ndarray, logs: np.ndarray) -> Walk | None:
    """Return the random walk with drift that what is known points to, by maximum likelihood; None if nothing is known.

    Two counts have no scatter about their own drift, which is then taken for the standard deviation too; of one, see `LOOSE`.

    Examples
    --------
    >>> import numpy as np
    >>> walk = walk_of(np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.3, 0.2]))
    >>> round(walk.drift, 3), round(walk.sd, 3)
    (0.1, 0.2)
    """
    if not len(times):
        return None
    order = np.argsort(times, kind="stable")
    times, logs = times[order], logs[order]
    drift = float((logs[-1] - logs[0]) / (times[-1] - times[0])) if times[-1] > times[0] else 0.0
    apart = np.diff(times) > 0  # of two at one time the step says nothing
    steps, gaps = np.diff(logs)[apart], np.diff(times)[apart]
    sd = float(np.sqrt(((steps - drift * gaps) ** 2 / gaps).mean())) if len(steps) > 1 else abs(drift) if len(steps) else LOOSE
    return Walk(float(logs[-1]), float(times[-1]), drift, sd)


def ranges_of_walk(edition: EditionDossier, question: Question) -> list[float] | None:
    """Return what a random walk with drift through the published counts gives each range of a question, or None without counts.

    It is the plain forecaster of the count model's backtest (docs/counts-backtest.md), of what was published by the as-of date:
    a stock on the day; of a volume or a total the rate in the middle of the period asked about.

    Parameters
    ----------
    edition : EditionDossier
        What is known on its as-of date.
    question : Question
        One that asks in which range a quantity lies.
    """
    found = [series for series in edition.series if edges_of(question) and series.id == question.form.stated.quantity]
    if not found or (walk := walk_of(*logs_known(edition, found[0]))) is None:
        return None
    series, on = found[0], question.form.stated.at
    end = years(series.starts_on, after(on))
    if series.kind == "stock":
        return _between(np.array([walk.below(math.log(edge), end) for edge in edges_of(question)]))
    since = series.total_since if series.kind == "total" else dt.date(on.year, 1, 1)
    assert since  # a total has its first day
    begin = years(series.starts_on, since)
    rates = [_rate(edition, series, edge, since, end - begin) for edge in edges_of(question)]
    middle = (begin + end) / 2
    return _between(np.array([1.0 if rate == math.inf else walk.below(math.log(rate), middle) for rate in rates]))


def _rate(edition: EditionDossier, series: Series, total: float, since: dt.date, length: float) -> float:
    """Return the yearly rate that adds up to a number over a period; infinite where no rate does."""
    if series.out_of is None:
        return total / length
    stock = Stock.of(edition, known_counts(edition), series.out_of).on(since)
    return -math.log1p(-total / stock) / length if total < stock else math.inf

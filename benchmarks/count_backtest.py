"""What the counts of December 2024 forecast of the months after, beside a random walk with drift and the last rate going on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd
import scoringrules

from forecasting.dossier.counts import Count, Series
from forecasting.dossier.edition import EditionDossier
from forecasting.fitting.further import three_layers
from forecasting.models.counts.model import Counts, stacked
from forecasting.models.counts.paths import count_paths
from forecasting.models.counts.readings import Stock, after, known_counts, years
from forecasting.scoring.ranges import logs_known, walk_of

DRAWS, SEED = 4000, 20241213
COLUMNS = ("series", "until", "value", "who", "crps", "inside_50", "inside_90", "middle", "low", "high")
WHO = ("count model", "random walk with drift", "last rate goes on")


def backtest(edition: EditionDossier) -> pd.DataFrame:
    """Return a row per later count and forecaster: CRPS in the series' unit, and whether its intervals held the count."""
    fit = three_layers(Counts(), edition, random_seed=edition.edition.seed)["posterior"]
    names = {series.id for series in edition.series}
    later = [
        count for count in edition.dossier.counts
        if count.series in names and min(count.until, count.published_on) > edition.as_of and _asked(edition, count)
    ]  # fmt: skip
    last = max(count.until for count in later)
    paths = count_paths(fit.inputs, *stacked(fit.posterior), last, SEED, more={count.until for count in later})
    rows = []
    rng = np.random.default_rng(SEED)
    for count in sorted(later, key=lambda one: (one.series, one.until)):
        (series,) = [one for one in edition.series if one.id == count.series]
        own = paths.value(count.series, count.until).ravel()
        for who, values in zip(WHO, (own, walk(edition, series, count, rng), carried(edition, series, count)), strict=True):
            some = values[:: max(1, values.size // DRAWS)]
            low, low_50, middle, high_50, high = np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95])
            score = float(scoringrules.crps_ensemble(count.value, some))
            rows.append((
                series.title, count.until, count.value, who, score, low_50 <= count.value <= high_50, low <= count.value <= high,
                middle, low, high,
            ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _asked(edition: EditionDossier, count: Count) -> bool:
    """Return whether paths have this number: a stock, a total since its day, a volume of a year that is asked about."""
    (series,) = [one for one in edition.series if one.id == count.series]
    if count.counted_by != series.counted_by:
        return False
    if series.kind == "volume":
        asked = {q.deadline for q in edition.further["counts"] if series.id in q.form.subjects()}
        return count.until in asked and count.since == dt.date(count.until.year, 1, 1)
    return series.kind == "stock" or count.since == series.total_since


def walk(edition: EditionDossier, series: Series, count: Count, rng: np.random.Generator) -> np.ndarray:
    """Return draws of a random walk with drift, both estimated from the logs of what is known by maximum likelihood."""
    found = walk_of(*logs_known(edition, series))
    assert found

    def ahead(gap: float) -> np.ndarray:
        return np.exp(found.log + found.drift * gap + found.sd * np.sqrt(gap) * rng.standard_normal(DRAWS))

    return _from_rates(edition, series, count, ahead, found.time)


def carried(edition: EditionDossier, series: Series, count: Count) -> np.ndarray:
    """Return the one number that follows if the last rate, or the last yearly change of a stock, goes on."""
    times, logs = logs_known(edition, series)
    slope = (logs[-1] - logs[-2]) / (times[-1] - times[-2]) if series.kind == "stock" and len(times) > 1 else 0.0
    return _from_rates(edition, series, count, lambda gap: np.exp(np.full(1, logs[-1] + slope * gap)), times[-1])


def _from_rates(
    edition: EditionDossier, series: Series, count: Count, level: Callable[[float], np.ndarray], last: float
) -> np.ndarray:
    """Return a stock on the day, or what a rate adds up to over the period."""
    end = years(series.starts_on, after(count.until))
    if series.kind == "stock":
        return level(end - last)
    assert count.since
    begin = years(series.starts_on, count.since)
    rate = level((begin + end) / 2 - last)
    if series.out_of is None:
        return rate * (end - begin)
    stock = Stock.of(edition, known_counts(edition), series.out_of).on(count.since)
    return stock * -np.expm1(-rate * (end - begin))

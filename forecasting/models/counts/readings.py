"""Published counts and claims as readings of log levels: each an average over a period, with its error."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.dossier.claims import Claim
from forecasting.dossier.counts import Count, Series
from forecasting.dossier.edition import EditionDossier
from forecasting.models.base import Layer

DAYS = 365.25
UNIFORM = 12.0  # the variance of a number rounded to r is r²/12


@dataclass(frozen=True)
class Reading:
    """One reading of a series: the log of its level on average over a period (of no length: on a day), and how it is known.

    ``since`` and ``until`` are days: from the morning of the one to the evening of the other. ``error`` is the standard deviation
    of what rounding, or a speaker's looseness, adds; ``noisy`` says whether the series' own noise is added too.
    """

    id: str
    series: str
    since: dt.date | None
    until: dt.date
    log_level: float
    error: float
    counted_by: str
    noisy: bool
    words: str

    def period(self, start: dt.date) -> tuple[float, float]:
        """Return from when to when, in years since a day."""
        return (years(start, self.since) if self.since else years(start, after(self.until))), years(start, after(self.until))


def years(start: dt.date, day: dt.date) -> float:
    """Return the time from the morning of one day to that of another, in years."""
    return (day - start).days / DAYS


def after(day: dt.date) -> dt.date:
    """Return the morning after a day."""
    return day + dt.timedelta(days=1)


def readings_of(case: EditionDossier, layer: Layer, without: frozenset[str]) -> tuple[Reading, ...]:
    """Return what a layer reads of all series: nothing in *base*, claims in *prior*, counts too in *posterior*."""
    if layer == "base":
        return ()
    found = [reading for series in case.series for reading in claims_read(series, case.claims) if reading.id not in without]
    if layer == "posterior":
        counts = known_counts(case, without)
        for series in case.series:
            found += counts_read(series, counts, case)
    return tuple(found)


def known_counts(case: EditionDossier, without: frozenset[str] = frozenset()) -> tuple[Count, ...]:
    """Return the counts that an edition knows, those left out left out."""
    return tuple(count for count in case.counts if count.id not in without)


def claims_read(series: Series, claims: Iterable[Claim]) -> list[Reading]:
    """Return the claims of kind *quantity* that are about a series; one that the edition does not know is passed over."""
    told = {one.claim: one for one in series.claims}
    return [
        Reading(
            claim.id, series.id, None, claim.made_on, float(np.log(claim.value * told[claim.id].scale)), told[claim.id].spread,
            series.counted_by, False, "a claim about it, as loose as its speaker",
        )
        for claim in claims
        if claim.id in told and claim.value
    ]


def counts_read(series: Series, counts: Sequence[Count], case: EditionDossier) -> list[Reading]:
    """Return the counts of a series as readings; of sums that grow, each is read less the one before it."""
    own = [count for count in counts if count.series == series.id]
    if series.kind == "stock":
        gone = Departed.of(case, counts, series.id)
        return [_stock(series, count, gone) for count in own]
    stocks = Stock.of(case, counts, series.out_of) if series.out_of else None
    read = []
    for _, group in sorted(_sums(own).items()):
        for before, count in zip([None, *group], group, strict=False):
            if reading := _rate(series, count, before, stocks):
                read.append(reading)
    return read


def _sums(counts: Iterable[Count]) -> dict[tuple[str, dt.date], list[Count]]:
    found: dict[tuple[str, dt.date], list[Count]] = {}
    for count in sorted(counts, key=lambda count: (count.until, count.id)):
        assert count.since  # `forecasting.rules.counts.count_period` sees to it
        found.setdefault((count.counted_by, count.since), []).append(count)
    return found


def _stock(series: Series, count: Count, gone: Departed) -> Reading:
    log_level = float(np.log(count.value)) + gone.until(after(count.until))
    error = count.rounded_to / np.sqrt(UNIFORM) / count.value
    return Reading(count.id, series.id, None, count.until, log_level, float(error), count.counted_by, True, "a count")


def _rate(series: Series, count: Count, before: Count | None, stocks: Stock | None) -> Reading | None:
    """Return the yearly rate between two sums of one register; None where the later is not larger: a revision, no flow."""
    since = after(before.until) if before else count.since
    assert since
    more = count.value - (before.value if before else 0.0)
    length = years(since, after(count.until))
    if more <= 0 or length <= 0:
        return None
    rounding = np.hypot(count.rounded_to, before.rounded_to if before else 0.0) / np.sqrt(UNIFORM)
    if stocks:
        left = min(more / stocks.on(since), 0.99)
        rate, unit = -np.log1p(-left) / length, "of those left per year"
    else:
        rate, unit = more / length, f"{series.unit} per year"
    words = f"the rate between two sums, {unit}" if before else f"the rate over its period, {unit}"
    error = float(rounding / more)
    return Reading(count.id, series.id, since, count.until, float(np.log(rate)), error, count.counted_by, True, words)


@dataclass(frozen=True)
class Stock:
    """A stock as published, by straight lines between the logs of its counts; the prior median where nothing is published."""

    days: tuple[int, ...]
    logs: tuple[float, ...]

    @classmethod
    def of(cls, case: EditionDossier, counts: Sequence[Count], name: str) -> Stock:
        """Return the stock of a name in an edition, by its own register."""
        (series,) = [one for one in case.series if one.id == name]
        own = sorted((c for c in counts if c.series == name and c.counted_by == series.counted_by), key=lambda c: c.until)
        if not own:
            return cls((0,), (float(np.log(series.level.median)),))
        return cls(tuple(c.until.toordinal() for c in own), tuple(float(np.log(c.value)) for c in own))

    def on(self, day: dt.date) -> float:
        """Return the stock on a day."""
        return float(np.exp(np.interp(day.toordinal(), self.days, self.logs)))


@dataclass(frozen=True)
class Departed:
    """∫ of the published rates at which a stock was left, up to any day; beyond the last period the last rate goes on."""

    edges: tuple[dt.date, ...]
    rates: tuple[float, ...]

    @classmethod
    def of(cls, case: EditionDossier, counts: Sequence[Count], stock: str) -> Departed:
        """Return the departures from a stock, by the own register of the total that counts them; none if there is none."""
        out = [one for one in case.series if one.out_of == stock]
        if not out:
            return cls((), ())
        own = [(row.since, row) for row in counts_read(out[0], counts, case) if row.since and row.counted_by == out[0].counted_by]
        edges: list[dt.date] = []
        rates: list[float] = []
        for since, row in sorted(own, key=lambda pair: (pair[0], pair[1].until)):
            if edges and since > edges[-1]:
                edges[-1] = since  # a gap is filled with the rate before it
            edges += [] if edges else [since]
            edges.append(after(row.until))
            rates.append(float(np.exp(row.log_level)))
        return cls(tuple(edges), tuple(rates))

    def until(self, day: dt.date) -> float:
        """Return ∫ rate dt up to the morning of a day; zero before anything is known."""
        total = 0.0
        for i, rate in enumerate(self.rates):
            end = day if i == len(self.rates) - 1 else min(day, self.edges[i + 1])
            total += rate * max(years(self.edges[i], end), 0.0)
        return total

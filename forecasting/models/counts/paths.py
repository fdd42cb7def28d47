"""What could follow: paths of every series from its last count on, stocks less what leaves them, volumes up to their capacity."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from forecasting.dossier.counts import Count, Series, Shift
from forecasting.models.counts.design import Design
from forecasting.models.counts.inputs import CountInputs, periods
from forecasting.models.counts.readings import Departed, after, known_counts, years
from forecasting.paths.curves import chances_by

PATHS = 32  # for each draw
JITTER = 1e-10


@dataclass(frozen=True)
class SeriesPaths:
    """Paths of one series (draw, path, day): of a stock or a total its value on the evening of each day.

    Of a volume ``values`` is its rate per year from the day before to each day, and ``sums`` what flowed in the year that ends on
    some days.
    """

    days: tuple[dt.date, ...]
    values: np.ndarray
    sums: Mapping[dt.date, np.ndarray]


@dataclass(frozen=True)
class CountPaths:
    """Paths of all series, and what is asked of them (`forecasting.dossier.forms.quantities.Measured`)."""

    series: Mapping[str, SeriesPaths]

    def at_least(self, series: str, value: float, on: dt.date) -> np.ndarray:
        """Return on which paths a series is so large on the evening of a day (draw, path); a volume in the year up to it."""
        return self.value(series, on) >= value

    def value(self, series: str, on: dt.date) -> np.ndarray:
        """Return the series on the evening of a day, or its sum in the year up to it (draw, path)."""
        own = self.series[series]
        return own.sums[on] if own.sums else own.values[:, :, own.days.index(on)]


def count_paths(
    inputs: CountInputs, sigma: np.ndarray, noise: np.ndarray, until: dt.date, random_seed: int, n_paths: int = PATHS,
    more: Iterable[dt.date] = (),
) -> CountPaths:  # fmt: skip
    """Simulate every series up to a day, for each draw of the wander σ and the noise s (draw, series).

    Paths of stocks and totals have a value on the evening of every day in ``more`` besides those that questions look at.
    """
    rng = np.random.default_rng([random_seed, 7])
    place = {name: i for i, name in enumerate(inputs.designs)}
    found: dict[str, SeriesPaths] = {}
    for name, design in inputs.designs.items():
        one = (sigma[:, place[name]], noise[:, place[name]])
        if design.series.kind == "volume":
            found[name] = _volume(inputs, design, *one, until, rng, n_paths)
        if design.series.kind == "stock":
            out = next((other for other in inputs.designs.values() if other.series.out_of == name), None)
            rates = (sigma[:, place[out.series.id]], noise[:, place[out.series.id]]) if out else None
            found |= _stock(inputs, design, one, out, rates, until, rng, n_paths, set(more))
    return CountPaths(found)


def day_grid(first: dt.date, until: dt.date, wanted: set[dt.date]) -> tuple[dt.date, ...]:
    """Return a first day, every month's last day from there on, and the days that are wanted, up to a day."""
    days, day = {first, until} | {one for one in wanted if first < one <= until}, first
    while day < until:
        day = (day.replace(day=1) + dt.timedelta(days=62)).replace(day=1) - dt.timedelta(days=1)
        days |= {day} if first < day < until else set()
    return tuple(sorted(days))


def asked_days(inputs: CountInputs) -> set[dt.date]:
    """Return the days on which questions look, the as-of date, and the years' last days."""
    days = {question.deadline for question in inputs.case.further.get("counts", ())} | {inputs.case.as_of}
    return days | {dt.date(day.year - 1, 12, 31) for day in days}


def conditional(
    inputs: CountInputs, design: Design, sigma: np.ndarray, noise: np.ndarray, a: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and Cholesky factor of the log level over periods given the readings, for every draw: kriging, exactly."""
    return _kriged(inputs, design, sigma, noise, design.columns(a, b), (a, b))


def _kriged(
    inputs: CountInputs, design: Design, sigma: np.ndarray, noise: np.ndarray, columns: np.ndarray,
    spans: tuple[np.ndarray, np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return mean and Cholesky factor of rows of columns given the readings; rows before those of the periods do not wander."""
    own, (a, b) = inputs.of(design.series.id), spans
    n, still, prior = columns.shape[0], columns.shape[0] - a.size, np.diag(design.sd**2)
    square = sigma[:, None, None] ** 2
    ahead = columns @ prior @ columns.T + square * np.pad(design.wander(a, b, a, b), (still, 0))
    mean = np.broadcast_to(columns @ design.mean, (sigma.size, n))
    if own:
        c, d = periods(own, design)
        seen = design.columns(c, d, tuple(reading.counted_by for reading in own))
        error = np.array([reading.error**2 for reading in own]) + noise[:, None] ** 2 * [reading.noisy for reading in own]
        between = columns @ prior @ seen.T + square * np.pad(design.wander(a, b, c, d), ((still, 0), (0, 0)))
        known = seen @ prior @ seen.T + square * design.wander(c, d, c, d)
        known[:, np.arange(len(own)), np.arange(len(own))] += error
        gain = np.linalg.solve(known, between.transpose(0, 2, 1)).transpose(0, 2, 1)
        residual = np.array([reading.log_level for reading in own]) - seen @ design.mean
        mean, ahead = mean + gain @ residual, ahead - gain @ between.transpose(0, 2, 1)
    ahead = (ahead + ahead.transpose(0, 2, 1)) / 2
    ahead[:, np.arange(n), np.arange(n)] += JITTER + 1e-9 * np.trace(ahead, axis1=1, axis2=2)[:, None] / n
    return mean, np.linalg.cholesky(ahead)


def log_paths(
    inputs: CountInputs, design: Design, sigma: np.ndarray, noise: np.ndarray, a: np.ndarray, b: np.ndarray,
    rng: np.random.Generator, n_paths: int,
) -> np.ndarray:  # fmt: skip
    """Return paths of the log level over periods given the readings (draw, path, period).

    What is so already is drawn once for each draw: levels, trend, steps, season and registers, and where the level stands on the
    as-of date. Only the wander from there on is drawn for each path. All of it together is `conditional`: one Cholesky factor,
    the rows of what is so already first.
    """
    now = np.array([design.bend])
    a, b = np.concatenate([now, a]), np.concatenate([now, b])
    fixed = design.mean.size + 1
    columns = np.vstack([np.eye(design.mean.size), design.columns(a, b)])
    mean, root = _kriged(inputs, design, sigma, noise, columns, (a, b))
    constant = root[:, fixed:, :fixed] @ rng.standard_normal((sigma.size, fixed, 1))
    chance = rng.standard_normal((sigma.size, n_paths, a.size - 1)) @ root[:, fixed:, fixed:].transpose(0, 2, 1)
    return mean[:, None, fixed:] + constant.transpose(0, 2, 1) + chance


def _logs(
    inputs: CountInputs, design: Design, sigma: np.ndarray, noise: np.ndarray, spans: list[tuple[dt.date, dt.date]],
    rng: np.random.Generator, n_paths: int,
) -> np.ndarray:  # fmt: skip
    """Return paths of the log level over spans of days (draw, path, span), with what open events would do to it."""
    start = design.series.starts_on
    a, b = (np.array([years(start, after(day)) for day in days]) for days in zip(*spans, strict=True))
    logs = log_paths(inputs, design, sigma, noise, a, b, rng, n_paths)
    for shift in design.open_:
        logs = logs + _open_shift(inputs, shift, [last for _, last in spans], logs.shape[:2], rng)
    return logs


def _open_shift(
    inputs: CountInputs, shift: Shift, days: list[dt.date], shape: tuple[int, ...], rng: np.random.Generator
) -> np.ndarray:
    """Return what an event that may happen adds to the log level on each path: nothing before it, its factor from then on.

    Whether and when it happens is drawn for each path; what it is worth is not known either, but one thing for each draw.
    """
    curve = inputs.case.chances.get(inputs.layer, {}).get(shift.event or "", ())
    size = rng.standard_normal((shape[0], 1, 1))
    draw = rng.random(shape)[..., None]
    if not curve or not shift.times:
        return np.zeros((*shape, len(days)))
    return (draw < chances_by(curve, days)) * (np.log(shift.times.median) + shift.times.spread * size)


def _volume(
    inputs: CountInputs, design: Design, sigma: np.ndarray, noise: np.ndarray, until: dt.date, rng: np.random.Generator,
    n_paths: int,
) -> SeriesPaths:  # fmt: skip
    series, as_of = design.series, inputs.case.as_of
    ends = sorted(q.deadline for q in inputs.case.further.get("counts", ()) if series.id in q.form.subjects())
    published = _year_to_date(inputs, series)
    first = min([dt.date(as_of.year - 1, 12, 31), *(dt.date(end.year - 1, 12, 31) for end in ends)])
    days = day_grid(first, max([until, *ends]), asked_days(inputs) | {count.until for count in published.values()})
    spans = list(itertools.pairwise(days))
    rates = np.exp(_logs(inputs, design, sigma, noise, spans, rng, n_paths))
    if series.capacity:
        most = np.exp(np.log(series.capacity.median) + series.capacity.spread * rng.standard_normal((sigma.size, 1, 1)))
        rates = np.minimum(rates, most)
    lengths = np.array([years(low, high) for low, high in spans])
    sums = {}
    for end in ends:
        begin = dt.date(end.year - 1, 12, 31)
        done = published.get(end.year)
        since = done.until if done else begin
        inside = np.array([low >= since and high <= end for low, high in spans])
        sums[end] = (rates * lengths)[:, :, inside].sum(axis=2) + (done.value if done else 0.0)
    return SeriesPaths(days[1:], rates, sums)


def _year_to_date(inputs: CountInputs, series: Series) -> dict[int, Count]:
    """Return, by year, the last published sum from its first day on by the series' own register."""
    own = [
        count
        for count in (known_counts(inputs.case, inputs.without) if inputs.layer == "posterior" else ())
        if count.series == series.id and count.counted_by == series.counted_by and count.since == dt.date(count.until.year, 1, 1)
    ]
    return {count.until.year: count for count in sorted(own, key=lambda count: count.until)}


def _stock(
    inputs: CountInputs, design: Design, own: tuple[np.ndarray, np.ndarray], out: Design | None,
    rates: tuple[np.ndarray, np.ndarray] | None, until: dt.date, rng: np.random.Generator, n_paths: int, more: set[dt.date],
) -> dict[str, SeriesPaths]:  # fmt: skip
    """Simulate a stock, and the total that leaves it.

    log stock = what it would be had nobody left − ∫ rate dt, so on every path the stock is the last one, less those who left,
    times what births, naturalisations and the rest make of it.
    """
    counts = known_counts(inputs.case, inputs.without) if inputs.layer == "posterior" else ()
    last = _last_total(out.series, counts, inputs.case.as_of) if out else None
    first = last.until if last and out else (_before(out.series, inputs.case.as_of) if out else inputs.case.as_of)
    days = day_grid(first, until, asked_days(inputs) | more)
    moments = [(day, day) for day in days]
    whole = _logs(inputs, design, *own, moments, rng, n_paths)
    gone = Departed.of(inputs.case, counts, design.series.id).until(after(first))
    if not out or rates is None:
        return {design.series.id: SeriesPaths(days, np.exp(whole - gone), {})}
    spans = list(itertools.pairwise(days))
    hazard = np.exp(_logs(inputs, out, *rates, spans, rng, n_paths)) * [years(low, high) for low, high in spans]
    left = np.concatenate([np.zeros((*hazard.shape[:2], 1)), hazard.cumsum(axis=2)], axis=2)
    stock = np.exp(whole - gone - left)
    leaving = stock[:, :, :-1] * -np.expm1(-hazard)
    total = np.concatenate([np.zeros((*leaving.shape[:2], 1)), leaving.cumsum(axis=2)], axis=2) + (last.value if last else 0.0)
    published = stock * np.exp(own[1][:, None, None] * rng.standard_normal(stock.shape))  # a question asks for what is published
    return {design.series.id: SeriesPaths(days, published, {}), out.series.id: SeriesPaths(days, total, {})}


def _last_total(series: Series, counts: tuple[Count, ...], as_of: dt.date) -> Count | None:
    """Return the last published sum since the day from which the total is counted, by the series' own register."""
    own = [c for c in counts if c.series == series.id and c.counted_by == series.counted_by and c.since == series.total_since]
    return max((c for c in own if c.until <= as_of), key=lambda count: count.until, default=None)


def _before(series: Series, as_of: dt.date) -> dt.date:
    """Return the evening before the total begins, or the as-of date if that is earlier."""
    assert series.total_since
    return min(series.total_since - dt.timedelta(days=1), as_of)

"""What could follow: paths of every series from its last count on, stocks less what leaves them, volumes up to their capacity."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from forecasting.dossier.counts import Count, Series, Shift
from forecasting.models.counts.design import Design
from forecasting.models.counts.inputs import CountInputs, periods
from forecasting.models.counts.kept import Kept
from forecasting.models.counts.readings import Departed, after, known_counts, years
from forecasting.paths.curves import chances_by

PATHS = 32  # for each draw
BLOCK = 128  # draws looked at together: what they need stays in the processor's own memory


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
    more: Iterable[dt.date] = (), kept: Kept | None = None,
) -> CountPaths:  # fmt: skip
    """Simulate every series up to a day, for each draw of the wander σ and the noise s (draw, series).

    Paths of stocks and totals have a value on the evening of every day in ``more`` besides those that questions look at.
    ``kept`` is of these draws (`forecasting.models.counts.kept.kept_of`).
    """
    rng = np.random.default_rng([random_seed, 7])
    place, further = {name: i for i, name in enumerate(inputs.designs)}, frozenset(more)
    found: dict[str, SeriesPaths] = {}
    for name, design in inputs.designs.items():
        if design.series.kind == "total":
            continue  # with the stock that it leaves
        one = (sigma[:, place[name]], noise[:, place[name]])
        out = next((other for other in inputs.designs.values() if other.series.out_of == name), None)
        if design.series.kind == "volume":
            made = partial(_volume, inputs, design, *one, until, rng, n_paths)
        else:
            rates = (sigma[:, place[out.series.id]], noise[:, place[out.series.id]]) if out else None
            made = partial(_stock, inputs, design, one, out, rates, until, rng, n_paths, further)
        group = (design, out) if out else (design,)
        lacks, read = inputs.without & _records(inputs, group), tuple(inputs.of(part.series.id) for part in group)
        found |= kept.again((name, until, n_paths, further, lacks, read), rng, not lacks, made) if kept else made()
    return CountPaths(found)


def _records(inputs: CountInputs, group: tuple[Design, ...]) -> set[str]:
    """Return the ids of all counts and claims that some series are read from."""
    series = [design.series for design in group]
    counts = {count.id for count in inputs.case.counts if count.series in {one.id for one in series}}
    return counts | {claim.claim for one in series for claim in one.claims}


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
    from forecasting.models.counts.kriging import every_root

    expected, numbers = _numbers(inputs, design, design.columns(a, b), (a, b))
    mean, root = np.empty((sigma.size, a.size)), np.empty((sigma.size, a.size, a.size))
    _rooted(every_root(sigma, noise, expected, numbers, mean, root), design)
    return mean, root


def _numbers(
    inputs: CountInputs, design: Design, columns: np.ndarray, spans: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """Return the prior mean of rows of columns and what `forecasting.models.counts.kriging.given` reads, the same for all draws.

    Rows before those of the periods do not wander.
    """
    own, (a, b), prior = inputs.of(design.series.id), spans, np.diag(design.sd**2)
    still = columns.shape[0] - a.size
    c, d = periods(own, design)
    seen = design.columns(c, d, tuple(reading.counted_by for reading in own))
    found = (
        columns @ prior @ columns.T, np.pad(design.wander(a, b, a, b), (still, 0)),
        seen @ prior @ columns.T, np.pad(design.wander(c, d, a, b), ((0, 0), (still, 0))),
        seen @ prior @ seen.T, design.wander(c, d, c, d),
        np.array([reading.error for reading in own], dtype=float), np.array([reading.noisy for reading in own], dtype=float),
        np.array([reading.log_level for reading in own], dtype=float) - seen @ design.mean,
    )  # fmt: skip
    return columns @ design.mean, found


def _rooted(failed: int, design: Design) -> None:
    if failed:
        raise np.linalg.LinAlgError(f"{design.series.id}: {failed} draws have a covariance without a Cholesky factor")


def log_paths(
    inputs: CountInputs, design: Design, sigma: np.ndarray, noise: np.ndarray, a: np.ndarray, b: np.ndarray,
    rng: np.random.Generator, n_paths: int,
) -> np.ndarray:  # fmt: skip
    """Return paths of the log level over periods given the readings (draw, path, period).

    What is so already is drawn once for each draw: levels, trend, steps, season and registers, and where the level stands on the
    as-of date. Only the wander from there on is drawn for each path. All of it together is `conditional`: one Cholesky factor,
    the rows of what is so already first.
    """
    from forecasting.models.counts.kriging import every_path

    now = np.array([design.bend])
    a, b = np.concatenate([now, a]), np.concatenate([now, b])
    fixed = design.mean.size + 1
    columns = np.vstack([np.eye(design.mean.size), design.columns(a, b)])
    expected, numbers = _numbers(inputs, design, columns, (a, b))
    shared = rng.standard_normal((sigma.size, fixed))
    found = rng.standard_normal((sigma.size, n_paths, a.size - 1))
    _rooted(every_path(sigma, noise, expected, numbers, shared, found), design)
    return found


def _logs(
    inputs: CountInputs, design: Design, sigma: np.ndarray, noise: np.ndarray, spans: list[tuple[dt.date, dt.date]],
    rng: np.random.Generator, n_paths: int,
) -> np.ndarray:  # fmt: skip
    """Return paths of the log level over spans of days (draw, path, span), with what open events would do to it."""
    start = design.series.starts_on
    a, b = (np.array([years(start, after(day)) for day in days]) for days in zip(*spans, strict=True))
    logs = log_paths(inputs, design, sigma, noise, a, b, rng, n_paths)
    for shift in design.open_:
        _open_shift(logs, inputs, shift, [last for _, last in spans], rng)
    return logs


def _open_shift(logs: np.ndarray, inputs: CountInputs, shift: Shift, days: list[dt.date], rng: np.random.Generator) -> None:
    """Add what an event that may happen does to the log level on each path: nothing before it, its factor from then on.

    Whether and when it happens is drawn for each path; what it is worth is not known either, but one thing for each draw.
    """
    curve = inputs.case.chances.get(inputs.layer, {}).get(shift.event or "", ())
    size = rng.standard_normal((len(logs), 1, 1))
    draw = rng.random(logs.shape[:2])[..., None]
    if curve and shift.times:
        add = np.log(shift.times.median) + shift.times.spread * size
        np.add(logs, add, out=logs, where=draw < chances_by(curve, days))


def _volume(
    inputs: CountInputs, design: Design, sigma: np.ndarray, noise: np.ndarray, until: dt.date, rng: np.random.Generator,
    n_paths: int,
) -> dict[str, SeriesPaths]:  # fmt: skip
    series, as_of = design.series, inputs.case.as_of
    ends = sorted(q.deadline for q in inputs.case.further.get("counts", ()) if series.id in q.form.subjects())
    published = _year_to_date(inputs, series)
    first = min([dt.date(as_of.year - 1, 12, 31), *(dt.date(end.year - 1, 12, 31) for end in ends)])
    days = day_grid(first, max([until, *ends]), asked_days(inputs) | {count.until for count in published.values()})
    spans = list(itertools.pairwise(days))
    logs = _logs(inputs, design, sigma, noise, spans, rng, n_paths)
    rates = np.exp(logs, out=logs)
    if series.capacity:
        most = np.exp(np.log(series.capacity.median) + series.capacity.spread * rng.standard_normal((sigma.size, 1, 1)))
        np.minimum(rates, most, out=rates)
    lengths = np.array([years(low, high) for low, high in spans])
    sums = {}
    for end in ends:
        begin = dt.date(end.year - 1, 12, 31)
        done = published.get(end.year)
        since = done.until if done else begin
        inside = np.array([low >= since and high <= end for low, high in spans])
        sums[end] = (rates[:, :, inside] * lengths[inside]).sum(axis=2) + (done.value if done else 0.0)
    return {series.id: SeriesPaths(days[1:], rates, sums)}


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
    rates: tuple[np.ndarray, np.ndarray] | None, until: dt.date, rng: np.random.Generator, n_paths: int, more: frozenset[dt.date],
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
        return {design.series.id: SeriesPaths(days, np.exp(whole - gone, out=whole), {})}
    spans = list(itertools.pairwise(days))
    rated = _logs(inputs, out, *rates, spans, rng, n_paths)
    lengths, total = np.array([years(low, high) for low, high in spans]), np.empty_like(whole)
    published = rng.standard_normal(whole.shape)  # a question asks for what is published
    for some in (slice(i, i + BLOCK) for i in range(0, len(whole), BLOCK)):
        hazard = np.exp(rated[some]) * lengths
        left = np.concatenate([np.zeros((*hazard.shape[:2], 1)), hazard.cumsum(axis=2)], axis=2)
        stock = np.exp(whole[some] - gone - left)
        leaving = stock[:, :, :-1] * -np.expm1(-hazard)
        total[some, :, 0] = last.value if last else 0.0
        total[some, :, 1:] = leaving.cumsum(axis=2) + (last.value if last else 0.0)
        published[some] = stock * np.exp(own[1][some, None, None] * published[some])
    return {design.series.id: SeriesPaths(days, published, {}), out.series.id: SeriesPaths(days, total, {})}


def _last_total(series: Series, counts: tuple[Count, ...], as_of: dt.date) -> Count | None:
    """Return the last published sum since the day from which the total is counted, by the series' own register."""
    own = [c for c in counts if c.series == series.id and c.counted_by == series.counted_by and c.since == series.total_since]
    return max((c for c in own if c.until <= as_of), key=lambda count: count.until, default=None)


def _before(series: Series, as_of: dt.date) -> dt.date:
    """Return the evening before the total begins, or the as-of date if that is earlier."""
    assert series.total_since
    return min(series.total_since - dt.timedelta(days=1), as_of)

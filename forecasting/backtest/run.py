"""A backtest: which refits are to be made, which are there already, and every point written as soon as it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from forecasting.backtest.known_on import known_on
from forecasting.backtest.points import Point, point_file, read_point, write_point
from forecasting.backtest.schedulers import in_pool, on_dask
from forecasting.backtest.tasks import Length, Task, prepare, program_digest, records_digest, run_task
from forecasting.backtest.variants import Variant
from forecasting.dossier.edition import Dossier
from forecasting.errors import ForecastingError, UsageError

FOLDER = "backtests"  # below the folder of runs
WORKERS = 2


@dataclass(frozen=True)
class Plan:
    """What a backtest makes: its tasks, and the points that are there already and are as they would be made now."""

    folder: Path
    tasks: tuple[Task, ...]
    done: tuple[Point, ...]


def days_between(first: dt.date, last: dt.date, step: int) -> tuple[dt.date, ...]:
    """Return every ``step``-th day from one day to another, both included if the steps meet the last one.

    Raises
    ------
    UsageError
        If the last is before the first, or the step is less than a day.

    Examples
    --------
    >>> [str(day) for day in days_between(dt.date(2025, 1, 1), dt.date(2025, 3, 5), 30)]
    ['2025-01-01', '2025-01-31', '2025-03-02']
    """
    if step < 1:
        raise UsageError(f"--step {step}d: write one day or more, as in --step 30d")
    if last < first:
        raise UsageError(f"--to {last} is before --from {first}; exchange them, or leave --to out")
    return tuple(first + dt.timedelta(days=n) for n in range(0, (last - first).days + 1, step))


def plan(
    dossier: Dossier, edition_id: str, days: Sequence[dt.date], chosen: Sequence[Variant], runs: Path, length: Length = "short"
) -> Plan:
    """Return the refits of an edition that are to be made, day by day, and the points that are current.

    A point is current if it was made from the same records, program, packages and seed; one whose fit was not possible is tried
    again.
    """
    edition = dossier.edition(edition_id).edition
    folder, priors = runs / FOLDER / edition_id, str(dossier.root.resolve())
    records, code = records_digest(dossier), program_digest()
    tasks, done = [], []
    for day in days:
        known = known_on(dossier, edition, day)
        for variant in chosen:
            task = Task(priors, records, code, edition_id, variant.id, day, length)
            point = _current(point_file(folder, variant.folder, day))
            if point and not point.problem and point.made_from == prepare(dossier, known, task).made_from:
                done.append(point)
            else:
                tasks.append(task)
    return Plan(folder, tuple(tasks), tuple(done))


def _current(path: Path) -> Point | None:
    try:
        return read_point(path)
    except ForecastingError:  # damaged: made anew in its place
        return None


def carry_out(
    given: Plan, *, workers: int = WORKERS, scheduler: str = "", progress: Callable[[int, int], None] = lambda done, all: None
) -> tuple[Point, ...]:
    """Make the refits of a plan, each written when it is done, and return all points by variant and day.

    Only this process writes. A command that is killed leaves whole points, and the next one begins with those.

    Parameters
    ----------
    workers : int
        Processes on this machine, if there is no scheduler.
    scheduler : str
        Address of a Dask scheduler.
    progress : callable
        Called with how many refits are done, and of how many.
    """
    points = list(given.done)
    total = len(points) + len(given.tasks)
    progress(len(points), total)
    for point in _results(given.tasks, workers, scheduler):
        write_point(point_file(given.folder, Variant(point.variant).folder, point.as_of), point)
        points.append(point)
        progress(len(points), total)
    return tuple(sorted(points, key=lambda point: (point.variant, point.as_of)))


def _results(tasks: Sequence[Task], workers: int, scheduler: str) -> Iterator[Point]:
    if not tasks:
        return iter(())
    return on_dask(run_task, tasks, scheduler) if scheduler else in_pool(run_task, tasks, workers)


def changes_of_structure(points: Sequence[Point]) -> int:
    """Return how often the network is another one than on the day before it, variant by variant.

    It changes when events open or are asked about no more, and when effects, claims' speakers or days come to be known.
    """
    made: dict[str, list[str]] = {}
    for point in sorted(points, key=lambda point: point.as_of):
        if point.structure:
            made.setdefault(point.variant, []).append(point.structure)
    return sum(one != other for own in made.values() for one, other in pairwise(own))

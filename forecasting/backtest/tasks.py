"""One refit as a task: a small record that any process can be given, and the function that does it. Same task, same bytes."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from forecasting.backtest.known_on import KnownOn, known_on
from forecasting.backtest.points import Point, digest_of
from forecasting.backtest.variants import ALL_EVIDENCE, Variant
from forecasting.dossier.edition import Dossier, Edition, EditionDossier
from forecasting.errors import ForecastingError, SamplingStopped
from forecasting.files import file_digest
from forecasting.fitting.fit import MOST_SEEDS
from forecasting.forecasts import NOT_JUDGED
from forecasting.rules.load import load_dossier
from forecasting.runs.freshness import PACKAGES, code_digest, record_digests

Length = Literal["short", "edition"]
_ONE = threading.Lock()  # a worker with several threads fits one edition at a time: sampler and caches are its process's own


@dataclass(frozen=True)
class Task:
    """One refit: which records (``priors``, held to their digest), which edition and variant, as of which day, how long.

    ``length`` is *short* (`forecasting.backtest.refit.SHORT`, and the edition's own where that does not pass the gate) or
    *edition* (its own at once, as `forecast run`). ``code`` is the digest of the program that gave the task.
    """

    priors: str
    records: str
    code: str
    edition: str
    variant: str
    day: dt.date
    length: Length = "short"

    @property
    def name(self) -> str:
        """Edition, variant and day, for messages and schedulers."""
        return f"{self.edition} {self.variant} {self.day}"


def seed_of(edition: Edition, variant: Variant, day: dt.date) -> int:
    """Return the seed of one refit: a digest of edition, variant and day, and of the edition's own seed.

    As of its own day and with all evidence an edition keeps its own seed, so that at its own length the refit is its run.

    Examples
    --------
    >>> import forecasting as fc
    >>> edition = fc.load_dossier("priors").editions["2024-12-syria"]
    >>> seed_of(edition, Variant("all-evidence"), edition.as_of) == edition.seed
    True
    """
    if variant.id == ALL_EVIDENCE and day == edition.as_of:
        return edition.seed
    return int(digest_of(edition.id, variant.id, day.isoformat(), edition.seed)[:16], 16) % MOST_SEEDS


@cache
def program_digest() -> str:
    """Return one digest of the program behind a refit: what is behind a run, and this room."""
    own = sorted(Path(__file__).parent.glob("*.py"))
    return digest_of(code_digest(), {path.name: file_digest(path) for path in own})


def records_digest(dossier: Dossier) -> str:
    """Return one digest of every file that a dossier was read from."""
    return digest_of(dict(dossier.digests))


@lru_cache(maxsize=1)
def _records(priors: str, digest: str) -> Dossier:
    """Return the records below a folder, read once per process."""
    dossier = load_dossier(priors)
    if records_digest(dossier) != digest:
        raise ForecastingError(
            f"{priors}: other records than those of the command; leave them alone while it works, and give every worker the same"
        )
    return dossier


def made_from(edition: EditionDossier, variant: Variant, seed: int, length: Length) -> str:
    """Return a digest of all that the digits of a refit depend on."""
    packages = {name: version(name) for name in PACKAGES}
    return digest_of(record_digests(edition), program_digest(), packages, variant.id, seed, length)


@lru_cache(maxsize=64)
def _known(priors: str, digest: str, edition: str, day: dt.date) -> KnownOn:
    """Return an edition as of a day; the variants of one day follow each other."""
    dossier = _records(priors, digest)
    return known_on(dossier, dossier.editions[edition], day)


@dataclass(frozen=True)
class Prepared:
    """A task with its records at hand: what the edition sees under the variant, the seed, and what the point is made from."""

    variant: Variant
    known: KnownOn
    seen: EditionDossier
    seed: int
    made_from: str


def prepare(dossier: Dossier, known: KnownOn, task: Task) -> Prepared:
    """Return a task with its records at hand, given the edition as it was known on the day."""
    variant = Variant(task.variant)
    seen = known.select(variant.records(dossier))
    seed = seed_of(dossier.editions[task.edition], variant, task.day)
    made = digest_of(made_from(seen, variant, seed, task.length), dict(known.answered), dict(known.left_out))
    return Prepared(variant, known, seen, seed, made)


def run_task(task: Task) -> Point:
    """Refit an edition as of a day and return what it says; what cannot be fitted is said in the point.

    Raises
    ------
    ForecastingError
        If the records or the program of this process are not those of the command.
    """
    if task.code != program_digest():
        raise ForecastingError("a worker has another version of this program; install the same one everywhere, and restart it")
    with _ONE:
        known = _known(task.priors, task.records, task.edition, task.day)
        return point_of(task, prepare(_records(task.priors, task.records), known, task))


def point_of(task: Task, given: Prepared) -> Point:
    """Return what a refit says, with its records at hand; what cannot be fitted is said in the point."""
    seen = given.seen
    empty = Point(
        edition=task.edition, variant=task.variant, as_of=task.day, seed=given.seed, draws="", gate=NOT_JUDGED, answers={},
        answered=dict(given.known.answered), left_out=dict(given.known.left_out), n_events=len(seen.events),
        n_claims=len(seen.claims), n_history=len(seen.history), structure="", made_from=given.made_from,
    )  # fmt: skip
    if not seen.questions:
        return replace(empty, problem="no question of the edition could be asked on that day")
    from forecasting.backtest.refit import refit  # samplers: only in a process that samples

    try:
        found = refit(seen, given.variant, given.seed, task.length)
    except SamplingStopped:
        raise
    except ForecastingError as error:
        return replace(empty, problem=str(error))
    return replace(empty, draws=found.draws, gate=found.gate, answers=found.answers, structure=found.structure)

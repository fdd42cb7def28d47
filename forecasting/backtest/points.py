"""One refit of an edition, as a record: what it said as of a day, what the gate found, and what it was made from."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forecasting.errors import ForecastingError
from forecasting.files import canonical_json, plain_bytes, strict_json, text_digest, write_file
from forecasting.forecasts import Gate

SCHEMA = 2  # a point has a digest of what it says


@dataclass(frozen=True)
class Said:
    """What one fit says of one outcome: its probability, central intervals of 50 and 90 %, and Monte Carlo error."""

    p: float
    low_50: float
    high_50: float
    low: float
    high: float
    mcse: float


@dataclass(frozen=True)
class Point:
    """One refit of an edition as of a day.

    Parameters
    ----------
    answers : mapping
        `Said` by question and outcome; empty where nothing could be fitted.
    answered, left_out : mapping
        Questions that the history had answered by that day, with the answer, and those that could not be asked, with the reason.
    draws : str
        Chains × draws of each, of the fit whose answers these are.
    gate : Gate
        What the gate found; only what passed is scored.
    problem : str
        Why nothing was fitted, if so.
    structure : str
        Digest of the labels of every dimension of the network: it changes when events open or effects come to be known.
    made_from : str
        Digest of the records that were seen, the program, the packages and the seed.
    """

    edition: str
    variant: str
    as_of: dt.date
    seed: int
    draws: str
    gate: Gate
    answers: Mapping[str, Mapping[str, Said]]
    answered: Mapping[str, str]
    left_out: Mapping[str, str]
    n_events: int
    n_claims: int
    n_history: int
    structure: str
    made_from: str
    problem: str = ""

    @property
    def scored(self) -> bool:
        """Whether its answers may be scored: they were fitted and passed the gate."""
        return bool(self.answers) and self.gate.passed


def point_text(point: Point) -> str:
    """Return a point as JSON, outcomes in the order of their question; the same point gives the same bytes.

    ``digest`` is that of the canonical JSON of all other fields: a number that was changed since is not taken for one that a fit
    gave. It finds damage, not forgery.
    """
    record = json.loads(json.dumps({"schema": SCHEMA, **dataclasses.asdict(point)}, default=_plain))
    return json.dumps({**record, "digest": text_digest(canonical_json(record))}, indent=1, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a point")


def parse_point(content: bytes, where: str) -> Point:
    """Return the point that JSON text stands for.

    Raises
    ------
    ForecastingError
        If it is damaged, or of another version of this program.
    """
    fix = "remove the file; the same backtest fits that day anew"
    try:
        record = strict_json(content)
        digest = record.pop("digest", None)
        if record["schema"] != SCHEMA:
            raise ValueError("written by another version of this program")
        if text_digest(canonical_json(record)) != digest:
            raise ValueError("other content than its digest stands for: it was changed since it was written")
        del record["schema"]
        gate, answers = record.pop("gate"), record.pop("answers")
        return Point(
            **record | {"as_of": dt.date.fromisoformat(record["as_of"])},
            gate=Gate(gate["n_criteria"], tuple(gate["failed"])),
            answers={q: {name: Said(**said) for name, said in outcomes.items()} for q, outcomes in answers.items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ForecastingError(f"{where}: no point of a backtest ({error}); {fix}") from None


def point_file(folder: Path, variant_folder: str, day: dt.date) -> Path:
    """Return where the point of a variant and a day is kept below the folder of an edition's backtests."""
    return folder / variant_folder / f"{day.isoformat()}.json"


def write_point(path: Path, point: Point) -> None:
    """Write a point in one step: a command that is killed leaves the whole file or none."""
    write_file(path, point_text(point))


def read_point(path: Path) -> Point | None:
    """Return the point in a file, or None if there is no file."""
    try:
        content = plain_bytes(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ForecastingError(f"{path}: cannot be read ({error.strerror}); remove it, and run the backtest again") from None
    return parse_point(content, str(path))


def digest_of(*parts: Any) -> str:
    """Return one digest of some values that JSON can hold."""
    return text_digest(canonical_json(parts))

"""Values that no caller means, and that a caller may hand in all the same: each is made anew whenever it is asked for."""

from __future__ import annotations

import datetime as dt
import threading
from collections import UserString
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


class Refusal(RuntimeError):
    """What the objects below raise: none of this package's errors, and none that Python raises of itself."""


def _raises(*_: Any, **__: Any) -> Any:
    raise Refusal("this object answers nothing")


class Unprintable:
    """An object that cannot be shown."""

    __repr__ = __str__ = __format__ = _raises


class Uncountable(list[str]):
    """A list that does not say how long it is."""

    __len__ = _raises


class Unlistable(list[str]):
    """A list that does not say what it holds."""

    __iter__ = _raises


class Unmatched:
    """An object that equals nothing and cannot be a key."""

    __eq__ = __hash__ = __bool__ = __lt__ = _raises  # type: ignore[assignment]


class Closed:
    """An object that has no attribute one may look at."""

    def __getattr__(self, name: str) -> Any:
        raise Refusal(name)


class Masked:
    """An object that does not say of which class it is."""

    @property
    def __class__(self) -> Any:
        raise Refusal("class")


class Text(str):
    """A text of a class of its own."""


class Mute(str):
    """A text that cannot be shown."""

    __repr__ = __str__ = __format__ = _raises


class Whole(int):
    """A whole number of a class of its own."""


class Dumb(int):
    """A whole number that cannot be shown, compared or calculated with."""

    __repr__ = __str__ = __format__ = __float__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __hash__ = _raises


class Table(dict[Any, Any]):
    """A mapping that does not say what it holds."""

    __iter__ = __getitem__ = keys = items = values = __contains__ = get = _raises


def _own_list() -> list[Any]:
    found: list[Any] = ["a"]
    found.append(found)
    return found


def _own_dict() -> dict[Any, Any]:
    found: dict[Any, Any] = {"a": 1}
    found["b"] = found
    return found


def _deep() -> list[Any]:
    found: list[Any] = []
    for _ in range(100_000):
        found = [found]
    return found


ABSURD: dict[str, Callable[[], Any]] = {
    "unprintable": Unprintable, "uncountable": lambda: Uncountable(["a"]), "unlistable": lambda: Unlistable(["a"]),
    "unmatched": Unmatched, "closed": Closed, "masked": Masked, "unread mapping": lambda: Table(a=1),
    "text of a class": lambda: Text("pact"), "mute text": lambda: Mute("pact"), "numpy text": lambda: np.str_("pact"),
    "user string": lambda: UserString("pact"),
    "half a character": lambda: "\ud800", "NUL": lambda: "a\0b", "long text": lambda: "x" * 100_000,
    "line breaks": lambda: "a\nb\r\u2028",
    "upwards": lambda: "../..", "braces": lambda: "{0.x} %s %(a)d", "markup": lambda: "<b>&amp;|*`",
    "bytes": lambda: b"\xff\xfe\x00", "bytearray": lambda: bytearray(b"pact"), "memoryview": lambda: memoryview(b"pact"),
    "whole number of a class": lambda: Whole(3), "dumb number": lambda: Dumb(3), "huge": lambda: 10**400,
    "huger": lambda: -(10**5000),
    "infinity": lambda: float("inf"), "minus infinity": lambda: -np.inf, "smallest": lambda: 5e-324,
    "largest": lambda: 1.7e308,
    "minus zero": lambda: -0.0, "complex": lambda: 1 + 2j, "decimal": lambda: Decimal("0.3"),
    "no decimal": lambda: Decimal("NaN"),
    "signalling decimal": lambda: Decimal("sNaN"), "fraction": lambda: Fraction(1, 3),
    "huge fraction": lambda: Fraction(10**400, 3),
    "numpy whole": lambda: np.int64(3), "numpy number": lambda: np.float32(0.3), "numpy NaN": lambda: np.float64("nan"),
    "numpy truth": lambda: np.bool_(True), "0-d array": lambda: np.array(0.3), "0-d text": lambda: np.array("pact"),
    "0-d object": lambda: np.array(Unprintable(), dtype=object), "empty array": lambda: np.array([]),
    "2-d array": lambda: np.ones((2, 2)), "array of objects": lambda: np.array([None, "a", 1], dtype=object),
    "array of texts": lambda: np.array(["pact", "a\0b"]), "no time": lambda: np.datetime64("NaT", "D"),
    "pandas NA": lambda: pd.NA, "pandas NaT": lambda: pd.NaT, "series": lambda: pd.Series(["a", None]),
    "index": lambda: pd.Index(["a", 1]), "frame": lambda: pd.DataFrame({"question": [1],
    "change": ["x"], "mcse_change": [None]}),
    "generator": lambda: (one for one in ("a", 1)), "empty generator": lambda: (one for one in ()),
    "generator that raises": lambda: (_raises() for _ in "ab"), "map": lambda: map(_raises, "ab"),
    "iterator": lambda: iter(["a"]),
    "list within itself": _own_list, "mapping within itself": _own_dict, "deep list": _deep,
    "mixed keys": lambda: {1: 2, "a": 3, None: 4, (): 5}, "mixed list": lambda: [1, "a", None, b"", {}, set()],
    "list of unprintable": lambda: [Unprintable()], "list of unmatched": lambda: [Unmatched()],
    "list of halves": lambda: ["\ud800"],
    "list of NUL": lambda: ["a\0b"], "list of huge": lambda: [10**400], "list of closed": lambda: [Closed()],
    "list of NaN": lambda: [float("nan")], "list of NA": lambda: [pd.NA, pd.NaT],
    "list of lists": lambda: [["a"], ["b", 1], []],
    "mapping to unprintable": lambda: {"pact-by-2025": Unprintable()},
    "mapping to a huge number": lambda: {"pact-by-2025": 10**400},
    "mapping to NA": lambda: {"pact-by-2025": pd.NA}, "mapping of halves": lambda: {"\ud800": 0.5},
    "mapping of numbers": lambda: {5: 0.5, 2.5: None}, "mapping to an array": lambda: {"pact-by-2025": np.array([0.1, 0.2])},
    "mapping to texts": lambda: {"p": "x", "mcse": "y"}, "set": lambda: {"a", 1}, "frozen set": frozenset,
    "range": lambda: range(3),
    "slice": lambda: slice(None), "ellipsis": lambda: ..., "not implemented": lambda: NotImplemented,
    "class": lambda: int, "function": lambda: _raises, "module": lambda: dt, "lock": threading.Lock,
    "path with NUL": lambda: Path("a\0b"), "path with a half": lambda: Path("\ud800"), "root": lambda: Path("/dev/null"),
    "first day": lambda: dt.date.min, "last day": lambda: dt.date.max, "first day as text": lambda: "0001-01-01",
    "last day as text": lambda: "9999-12-31", "no day": lambda: "2025-02-30",
    "moment": lambda: dt.datetime.max.replace(tzinfo=dt.UTC),
    "time": lambda: dt.time(1), "span": lambda: dt.timedelta.max, "early stamp": lambda: pd.Timestamp.min,
    "numpy early": lambda: np.datetime64("-5000-01-01"), "exception": lambda: Refusal("handed in"),
}  # fmt: skip

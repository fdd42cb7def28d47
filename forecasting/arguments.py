"""What public functions take: a wrong type or value is answered with what was found and what to write.

An object that cannot even be looked at, because it raises when it is, is of no kind. Of a kind, but of a class of the caller's
own, such as a subclass of ``str``, it is handed on as what it stands for, so that nothing below meets its methods.
"""

from __future__ import annotations

import datetime as dt
import inspect
import math
import numbers
import operator
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from forecasting.errors import UsageError

MOST_SHOWN = 60
MOST_COUNTED = 10**9  # no list here is longer
MOST_PATH, MOST_NAME = 3_000, 255  # bytes: with what is written below it, a longer path is none of any file system


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Kind:
    """What an argument must be: in words, as a test, and what to write; ``taken`` returns it as a function gets it."""

    what: str
    holds: Callable[[Any], bool]
    write: str
    taken: Callable[[Any], Any] = _as_it_is


def looked_at[T](look: Callable[[], T]) -> T | None:
    """Return what a look at somebody else's object finds; None if the object raises instead.

    Examples
    --------
    >>> looked_at(lambda: str(5)), looked_at(lambda: str(10**9999))
    ('5', None)
    """
    try:
        return look()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  whatever an object of another library raises
        return None


def taken(kind: Kind, value: Any) -> tuple[bool, Any]:
    """Return whether a value is of a kind, and the value as a function gets it; one that raises when looked at is of none."""

    def look() -> tuple[bool, Any]:
        found = kind.taken(value)
        return bool(kind.holds(found)), found

    return looked_at(look) or (False, value)


def of_plain(value: Any) -> Any:
    """Return a text or whole number of a class of its own as a plain one, which answers as its class does not; else the value.

    Examples
    --------
    >>> class Name(str):
    ...     __repr__ = None
    >>> of_plain(Name("a"))
    'a'
    """
    found = type(value)
    if found is str or found is int or found is bool or found is float:
        return value
    if issubclass(found, str):
        return str.__str__(value)
    return int.__int__(value) if issubclass(found, int) else value


def of_whole(value: Any) -> Any:
    """Return a whole number as an ``int``, and all else as it is."""
    value = of_plain(value)
    return int(value) if is_number(value) and value == int(value) else value


def of_day(value: Any) -> Any:
    """Return the day of a moment, and all else as it is; what pandas holds for no time differs from itself."""
    return value.date() if isinstance(value, dt.datetime) and value == value else of_plain(value)


def of_list(value: Any) -> Any:
    """Return what holds other values as a list or tuple, so that it can be read twice, and all else as it is."""
    own = type(value) in (list, tuple) or type(value).__module__.startswith("forecasting.")
    return value if own or not is_list(value) else tuple(value)


def of_mapping(value: Any) -> Any:
    """Return a mapping of a class from elsewhere as a ``dict``, and all else as it is."""
    own = type(value) in (dict, MappingProxyType) or type(value).__module__.startswith("forecasting.")
    return value if own or not isinstance(value, Mapping) else dict(value)


def made_by(names: str, how: str) -> Kind:
    """Return the kind of the objects of a class of this package, or of one of several; by name: nothing is imported to look."""
    wanted = names.split(" or ")

    def holds(value: Any) -> bool:
        return any(one.__name__ in wanted and one.__module__.startswith("forecasting.") for one in type(value).__mro__)

    return Kind(names, holds, f"write {how}")


def one_of(*names: str) -> Kind:
    """Return the kind of a choice between some words."""
    write = f"write {' or '.join(map(repr, names))}"
    return Kind("of these", lambda value: isinstance(value, str) and value in names, write, of_plain)


def many(kind: Kind) -> Kind:
    """Return the kind of a list of some kind; what can be read once only, such as a generator, is read into one."""
    def holds(value: Any) -> bool:
        return is_list(value) and all(kind.holds(one) for one in value)

    def listed(value: Any) -> Any:
        value = of_list(value)
        return type(value)(map(kind.taken, value)) if is_list(value) and kind.taken is not _as_it_is else value

    return Kind(f"list of {kind.what}", holds, f"in a list: {kind.write}", listed)


def is_list(value: Any) -> bool:
    """Return whether a value holds others one after the other, and is no text and no mapping."""
    if not isinstance(value, Iterable) or isinstance(value, (str, bytes, bytearray, memoryview, Mapping)):
        return False
    return type(value).__name__ != "DataFrame" and getattr(value, "ndim", 1) > 0  # an array of no dimension holds one value


def is_number(value: Any) -> bool:
    """Return whether a value is one finite number."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)


def as_number(value: Any) -> float | None:
    """Return one number of Python or NumPy as a float, and None for all else; what is too large for one is infinite.

    Examples
    --------
    >>> as_number(3), as_number(10**999), as_number(True), as_number("3")
    (3.0, inf, None, None)
    """
    kind = type(value)
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, bool) or not (issubclass(kind, int) or (kind.__module__ == "numpy" and issubclass(kind, numbers.Real))):
        return None
    try:
        return float(of_plain(value))
    except OverflowError:
        return math.inf if int.__gt__(value, 0) else -math.inf


def is_text(value: Any) -> bool:
    """Return whether a value is a text that a file can hold: one without halves of characters."""
    return isinstance(value, str) and (value.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in value))


def _is_step(value: Any) -> bool:
    return is_text(value) or value is None or isinstance(value, (int, float))


def _is_part(value: Any) -> bool:
    return _is_step(value) or isinstance(value, dt.date)  # of the key of a case, which has the day on which it starts


def _are_texts(value: Any) -> bool:
    return isinstance(value, str) or (is_list(value) and all(map(is_text, value)))  # what one text says is not known here


def _of_lists(value: Any) -> Any:
    return [_of_lists(one) for one in value] if is_list(value) else of_plain(value)


def is_path(value: Any) -> bool:
    """Return whether a value is the path of a file or folder that can be there."""
    if not isinstance(value, (str, Path)) or not str(value):
        return False
    parts = os.fsencode(value).split(os.sep.encode())  # which raises if it is none
    return b"\0" not in os.fsencode(value) and max(map(len, parts)) <= MOST_NAME and sum(map(len, parts)) <= MOST_PATH


def are_numbers(value: Any, least: float = -math.inf, most: float = math.inf) -> bool:
    """Return whether a value is one or more finite numbers within bounds, in whatever array or list."""
    import numpy as np  # here, because checking a dossier needs none

    try:
        found = np.asarray(value)
    except (TypeError, ValueError):  # lists of different lengths
        return False
    if found.size == 0 or found.dtype.kind not in "iuf" or not np.isfinite(found).all():
        return False
    return bool(found.min() >= least and found.max() <= most)


def iso_day(text: str) -> dt.date:
    """Return the day that a text names as ``YYYY-MM-DD``, the one way in which days are written here.

    Raises
    ------
    ValueError
        If it is written otherwise, or no day of the calendar: saying so, and what to write.

    Examples
    --------
    >>> iso_day("2025-06-30")
    datetime.date(2025, 6, 30)
    >>> iso_day("20250630")
    Traceback (most recent call last):
    ValueError: '20250630' is not a date; write YYYY-MM-DD
    """
    if not is_text(text) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{shown(text)} is not a date; write YYYY-MM-DD")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar; write a day that exists") from None


ID = Kind("id", is_text, "write it as text, in quotes", of_plain)
MAYBE = Kind("text", lambda value: value is None or is_text(value), "write text, in quotes", of_plain)
KEY = Kind("id", lambda value: _is_step(value) or (isinstance(value, tuple) and all(map(_is_part, value))),
           "write an id, or of a wording (lexicon, wording)", of_plain)  # fmt: skip
STEP = Kind("field", _is_step, "write a field or a position", of_plain)
TEXT = Kind("text", is_text, "write text, in quotes", of_plain)
PATH = Kind("path", is_path, "write it as text, for example \"priors\"", of_plain)
BOOL = Kind("truth value", lambda value: type(value).__name__ in ("bool", "bool_"), "write True or False")
NUMBER = Kind("number", is_number, "write one finite number, for example 0.3", of_plain)
NUMBERS = Kind("numbers", are_numbers, "write finite numbers, for example [0.2, 0.4]", of_plain)
POWER = Kind("power of two", lambda value: is_number(value) and value in [2**n for n in range(1, 21)], "write for example 4096",
             of_whole)  # fmt: skip
WHOLE = Kind("whole number above 0", lambda value: is_number(value) and value == int(value) and 0 < value <= MOST_COUNTED,
             "write for example 8", of_whole)  # fmt: skip
MAPPING = Kind("mapping", lambda value: isinstance(value, Mapping), "write for example dossier.grades", of_mapping)
NAMED = Kind("mapping from texts", lambda value: isinstance(value, Mapping) and all(map(is_text, value)),
             "write for example {\"pact-by-2025\": 0.4}", of_mapping)  # fmt: skip
TITLES = Kind("mapping from texts to texts", lambda value: NAMED.holds(value) and all(map(is_text, value.values())),
              "write for example {\"pact-signed\": \"A pact is signed\"}", of_mapping)  # fmt: skip
FUNCTION = Kind("function", callable, "write a function")
DOSSIER = made_by("Dossier", "fc.load_dossier()")
EDITION = made_by("EditionDossier", "dossier.edition(id), with a dossier of load_dossier()")
RUN = made_by("Run", "fc.open_run(id)")
RUNS = Kind("runs by edition", lambda value: isinstance(value, Mapping) and bool(value) and all(map(RUN.holds, value.values())),
            "write {id: fc.open_run(id)}", of_mapping)  # fmt: skip
FIT = made_by("EditionFit", "fc.open_fit(id) or fc.fit(dossier.edition(id))")
FORECAST = made_by("Forecast", "fit.forecast(id)")
CLAIM = made_by("Claim", "dossier.claims[id]")
PRIOR = made_by("ElicitedPrior", "fc.quartile(...), fc.maxent(...) or fc.read_prior(path)")
CLASS = made_by("ReferenceClass", "dossier.reference_classes[id]")
WORDING = made_by("Wording", "dossier.lexicons[lexicon][wording]")
OUTCOME = made_by("Outcome", "fit.forecast(id).headline")
CHANGE = made_by("Change", "fc.change(\"c-017\", wording=\"unlikely\")")
GATE = made_by("Gate", "fit.gate.mark")
NETWORK = made_by("CompiledNetwork", "compile_network(edition)")
RECORD = made_by("ElicitedPrior or Mixture", "fc.quartile(...), fc.mixture(...) or fc.read_prior(path)")
KEPT = made_by("Record", "fc.open_record()")
RELIABILITY = made_by("Reliability", "record.cards[0].reliability")
FITTED = made_by("EditionDossier or EditionFit or Run", "dossier.edition(id), fc.open_fit(id) or fc.open_run(id)")
LIST = Kind("list of lists of texts", lambda value: is_list(value) and all(map(_are_texts, value)),
            "write for example [[\"a\", \"b\"]]", _of_lists)  # fmt: skip
LETTER = one_of(*"ABCDEF")
GRADE = Kind("grade", lambda value: is_number(value) and value in range(1, 7), "write 1 to 6", of_whole)
SHARES = Kind("numbers from 0 to 1", lambda value: are_numbers(value, 0.0, 1.0), "write for example [0.05, 0.5, 0.95]")
LAYER = one_of("base", "prior", "posterior")
DIRECTION = one_of("occurs", "does-not-occur")
DAY = Kind("date", lambda value: isinstance(value, dt.date) and value == value, "write datetime.date(2025, 6, 30)", of_day)
DAY_OR_TEXT = Kind("date", lambda value: is_text(value) or DAY.holds(value), "write YYYY-MM-DD as text, in quotes", of_day)
MOVED = Kind("table of answers", lambda value: {"question", "change", "mcse_change"} <= set(getattr(value, "columns", ())),
             "write what fit.given or fit.intervene returned")  # fmt: skip
BANDS = Kind("table of bands", lambda value: {"panel", "title", "unit", "on", "middle"} <= set(getattr(value, "columns", ())),
             "write run.further[\"balance\"].bands")  # fmt: skip
LEVELS = made_by("Levels", "fc.upper_hand.levels(edition, run)")
MOVE = made_by("Move", "fc.figures.moves_of(run, dossier, id)")
PLACE = made_by("Place", "fc.articles.begin()")
RIVAL = made_by("Rival", "fc.figures.rivals_of(run, dossier, id)")
OUTCOMES = Kind("table of outcomes", lambda value: {"question", "happened", "p", "base_p"} <= set(getattr(value, "columns", ())),
                "write what fc.outcomes.outcome_table returned")  # fmt: skip
CURVES = Kind("table of curves", lambda value: {"event", "layer", "date", "p"} <= set(getattr(value, "columns", ())),
              "write run.curves")  # fmt: skip
REFERENCE = Kind("number with its error", lambda value: isinstance(value, Mapping) and {"p", "mcse"} <= value.keys() and all(
    map(is_number, (value["p"], value["mcse"]))), "write {\"p\": 0.3, \"mcse\": 0.01}", of_mapping)  # fmt: skip


def takes[**P, R](**kinds: Kind) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Have a function refuse arguments of another kind than these, before it does anything.

    An argument whose default is None may be None. Arguments that are missing, unknown or too many are refused as well.

    Examples
    --------
    >>> @takes(event_id=ID)
    ... def happened(event_id: str) -> bool: ...
    >>> happened(5)
    Traceback (most recent call last):
    ...
    forecasting.errors.UsageError: happened: event_id is 5, no id; write it as text, in quotes
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        name, names = function.__name__, tuple(signature.parameters)
        plain = all(one.kind is one.POSITIONAL_OR_KEYWORD for one in signature.parameters.values())
        needed = sum(one.default is one.empty for one in signature.parameters.values())

        @wraps(function)
        def asked(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                if plain and not kwargs and needed <= len(args) <= len(names):
                    given: Mapping[str, Any] = dict(zip(names, args, strict=False))  # as `bind` does, in a tenth of the time
                else:
                    given = signature.bind(*args, **kwargs).arguments
            except TypeError as error:
                wanted = ", ".join(str(one) for one in signature.parameters.values() if one.name != "self")
                raise UsageError(f"{name}: {error}; write {name}({wanted})") from None
            changed: dict[str, Any] = {}
            for argument, kind in kinds.items():
                if argument in given:
                    value = _held(name, argument, kind, given[argument], signature.parameters[argument])
                    if value is not given[argument]:
                        changed[argument] = value
            if not changed:
                return function(*args, **kwargs)
            bound = signature.bind(*args, **kwargs)
            bound.arguments.update(changed)
            return cast(Callable[..., R], function)(*bound.args, **bound.kwargs)

        return asked

    return decorate


def _held(name: str, argument: str, kind: Kind, given: Any, parameter: inspect.Parameter) -> Any:
    """Return an argument as the function gets it, or say that it is of another kind."""
    if given is None and parameter.default is None:
        return given
    several = parameter.kind is parameter.VAR_POSITIONAL
    values = []
    for value in given if several else (given,):
        holds, found = taken(kind, value)
        if not holds:
            raise UsageError(f"{name}: {argument} is {shown(value)}, no {kind.what}; {kind.write}")
        values.append(found)
    if not several:
        return values[0]
    return given if all(map(operator.is_, values, given)) else tuple(values)


def shown(value: Any) -> str:
    """Return a value as it is named in a message: short, and of a large object, or one that cannot be shown, its class.

    Examples
    --------
    >>> shown(5), shown("x" * 100)[-8:], shown(object()), shown(10**9999)
    ('5', 'xxxxx...', 'an object of class object', 'an object of class int')
    """
    large = f"an object of class {type(value).__name__}"
    if not issubclass(type(value), (str, bytes, numbers.Number, type(None), list, tuple, dict, Path)):
        return large
    text = looked_at(lambda: repr(of_plain(value)))
    if text is None:
        return large
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 3]}..."

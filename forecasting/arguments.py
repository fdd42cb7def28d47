"""What public functions take: a wrong type or value is answered with what was found and what to write."""

from __future__ import annotations

import datetime as dt
import inspect
import math
import numbers
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from forecasting.errors import UsageError

MOST_SHOWN = 60


@dataclass(frozen=True)
class Kind:
    """What an argument must be: in words, as a test, and what to write."""

    what: str
    holds: Callable[[Any], bool]
    write: str


def made_by(names: str, how: str) -> Kind:
    """Return the kind of the objects of a class of this package, or of one of several; by name: nothing is imported to look."""
    wanted = names.split(" or ")

    def holds(value: Any) -> bool:
        return any(one.__name__ in wanted and one.__module__.startswith("forecasting.") for one in type(value).__mro__)

    return Kind(names, holds, f"write {how}")


def one_of(*names: str) -> Kind:
    """Return the kind of a choice between some words."""
    return Kind("of these", lambda value: isinstance(value, str) and value in names, f"write {' or '.join(map(repr, names))}")


def many(kind: Kind) -> Kind:
    """Return the kind of a list of some kind."""
    def holds(value: Any) -> bool:
        # what can be read once only, such as a generator, is left alone
        return is_list(value) and (not hasattr(value, "__len__") or all(kind.holds(one) for one in value))

    return Kind(f"list of {kind.what}", holds, f"in a list: {kind.write}")


def is_list(value: Any) -> bool:
    """Return whether a value holds others one after the other, and is no text and no mapping."""
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping)) and type(value).__name__ != "DataFrame"


def is_number(value: Any) -> bool:
    """Return whether a value is one finite number."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)


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
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{text!r} is not a date; write YYYY-MM-DD")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar; write a day that exists") from None


ID = Kind("id", lambda value: isinstance(value, str), "write it as text, in quotes")
MAYBE = Kind("text", lambda value: value is None or isinstance(value, str), "write text, in quotes")
KEY = Kind("id", lambda value: isinstance(value, (str, tuple, int)), "write an id, or of a wording (lexicon, wording)")
STEP = Kind("field", lambda value: isinstance(value, (str, int, bool, type(None))), "write a field or a position")
TEXT = Kind("text", lambda value: isinstance(value, str), "write text, in quotes")
PATH = Kind("path", lambda value: isinstance(value, (str, Path)) and bool(str(value)), "write it as text, for example \"priors\"")
BOOL = Kind("truth value", lambda value: type(value).__name__ in ("bool", "bool_"), "write True or False")
NUMBER = Kind("number", is_number, "write one finite number, for example 0.3")
NUMBERS = Kind("numbers", are_numbers, "write finite numbers, for example [0.2, 0.4]")
POWER = Kind("power of two", lambda value: is_number(value) and value in [2**n for n in range(1, 21)], "write for example 4096")
WHOLE = Kind("whole number above 0", lambda value: is_number(value) and value == int(value) and value > 0, "write for example 8")
MAPPING = Kind("mapping", lambda value: isinstance(value, Mapping), "write for example {\"pact-by-2025\": 0.4}")
FUNCTION = Kind("function", callable, "write a function")
DOSSIER = made_by("Dossier", "fc.load_dossier()")
EDITION = made_by("EditionDossier", "dossier.edition(id), with a dossier of load_dossier()")
RUN = made_by("Run", "fc.open_run(id)")
RUNS = Kind("runs by edition", lambda value: isinstance(value, Mapping) and bool(value) and all(map(RUN.holds, value.values())),
            "write {id: fc.open_run(id)}")  # fmt: skip
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
LIST = Kind("list of lists", lambda value: is_list(value) and all(hasattr(one, "__len__") for one in value),
            "write for example [[\"a\", \"b\"]]")  # fmt: skip
LETTER, GRADE = one_of(*"ABCDEF"), Kind("grade", lambda value: is_number(value) and value in range(1, 7), "write 1 to 6")
SHARES = Kind("numbers from 0 to 1", lambda value: are_numbers(value, 0.0, 1.0), "write for example [0.05, 0.5, 0.95]")
LAYER = one_of("base", "prior", "posterior")
DIRECTION = one_of("occurs", "does-not-occur")
DAY = Kind("date", lambda value: isinstance(value, dt.date), "write datetime.date(2025, 6, 30)")
DAY_OR_TEXT = Kind("date", lambda value: isinstance(value, (dt.date, str)), "write YYYY-MM-DD as text, in quotes")
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
    map(is_number, (value["p"], value["mcse"]))), "write {\"p\": 0.3, \"mcse\": 0.01}")  # fmt: skip


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
            for argument, kind in kinds.items():
                _hold(name, argument, kind, given, signature.parameters[argument])
            return function(*args, **kwargs)

        return asked

    return decorate


def _hold(name: str, argument: str, kind: Kind, given: Mapping[str, Any], parameter: inspect.Parameter) -> None:
    if argument not in given or (given[argument] is None and parameter.default is None):
        return
    each = given[argument] if parameter.kind is parameter.VAR_POSITIONAL else (given[argument],)
    for value in each:
        if not kind.holds(value):
            raise UsageError(f"{name}: {argument} is {shown(value)}, no {kind.what}; {kind.write}")


def shown(value: Any) -> str:
    """Return a value as it is named in a message: short, and of a large object its class.

    Examples
    --------
    >>> shown(5), shown("x" * 100)[-8:], shown(object())
    ('5', 'xxxxx...', 'an object of class object')
    """
    if not isinstance(value, (str, bytes, int, float, type(None), list, tuple, dict, Path)):
        return f"an object of class {type(value).__name__}"
    text = repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 3]}..."

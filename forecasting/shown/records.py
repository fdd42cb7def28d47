"""Records in one line and as a table of their fields, by the names of the fields, whatever their class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forecasting.arguments import shown
from forecasting.errors import UnknownRecordError, near
from forecasting.shown.html import small_table
from forecasting.shown.text import MOST_BYTES, WIDTH, shorten

# the field that says in words what a record is, the first that it has
SAYS = ("title", "paraphrase", "statement")
NAMES = ("id", "event", "series", "wording")  # what it goes by
LONGEST = 400  # characters of a field in a table


def record_text(record: Any, width: int = WIDTH) -> str:
    """Return a record in one line: its class, its id, and what it says in words, or else its fields.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> record_text(SimpleNamespace(id="c-001", title="The pact will probably be signed"))
    '<SimpleNamespace c-001: The pact will probably be signed>'
    """
    kind, named = type(record).__name__, dict(fields_of(record))
    name = next((value_text(named[field]) for field in NAMES if field in named), "")
    says = next((str(named[field]) for field in SAYS if field in named), "")
    if not says:
        told = {field.rstrip("_"): value_text(value) for field, value in named.items()}
        says = ", ".join(f"{field} {text}" for field, text in told.items() if text != name)
    head = f"<{kind} {name}" if name else f"<{kind}"
    if not says:
        return f"{shorten(head, width - 1)}>"
    head += ": "
    return f"{head}{shorten(says, max(width - len(head) - 1, 12))}>"


def record_html(record: Any, most: int = MOST_BYTES) -> str:
    """Return the fields of a record that say something as a small table, in the order of the record."""
    named = dict(fields_of(record))
    rows = [(field.rstrip("_").replace("_", " "), shorten(value_text(value), LONGEST)) for field, value in named.items()]
    kind = type(record).__name__
    return small_table((kind, str(named.get("id", ""))), rows, most=most)


def fields_of(record: Any) -> Iterator[tuple[str, Any]]:
    """Yield the names and values of a record's fields, without those that are empty."""
    for field in getattr(type(record), "model_fields", vars(record)):
        value = getattr(record, field)
        if not (value is None or value == "" or (isinstance(value, (tuple, list, Mapping)) and not value)):
            yield field, value


def value_text(value: Any) -> str:
    """Return the value of a field: lists with commas, records within it as *field value*.

    Examples
    --------
    >>> value_text(("a", "b")), value_text({"event": "pact"}), value_text(0.25)
    ('a, b', 'event pact', '0.25')
    """
    if isinstance(value, (tuple, list)):
        return ", ".join(map(value_text, value))
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {value_text(one)}" for name, one in value.items())
    if hasattr(value, "model_fields_set"):
        return "; ".join(f"{name.rstrip('_')} {value_text(one)}" for name, one in fields_of(value))
    return str(value)


def counted(n: int, what: str) -> str:
    """Return a number of things in words.

    Examples
    --------
    >>> counted(1, "claim"), counted(119, "claim"), counted(2, "reference class")
    ('1 claim', '119 claims', '2 reference classes')
    """
    return f"{n:,} {what}{'' if n == 1 else 'es' if what.endswith('s') else 's'}"


class Records(dict):
    """A table of records by id, which shows how many it holds and the first of them; a wrong id is answered with near ones."""

    def __missing__(self, key: Any) -> Any:
        name = key if isinstance(key, str) else shown(key)
        raise UnknownRecordError(f"there is no {shown(key)} here; {near(name, map(str, self), 'known ids')}")

    def __repr__(self) -> str:
        if not self:
            return "{}"
        names = ", ".join(map(str, list(self)[:4]))
        return f"<{counted(len(self), 'record')}: {shorten(names, 56)}{', …' if len(self) > 4 else ''}>"


class RecordRows(tuple):
    """Records without ids, in an order, which show how many they are and the first of them, not all."""

    def __repr__(self) -> str:
        if not self:
            return "()"
        first = "\n".join(f"  {record!r}" for record in self[:3])
        return f"({counted(len(self), 'record')}:\n{first}{chr(10) + '  …' if len(self) > 3 else ''})"

"""A change of a record that an analyst wants to try: named, and read from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from forecasting.arguments import ID, takes
from forecasting.dossier.parse import ParseError, parse_value
from forecasting.errors import UsageError


@dataclass(frozen=True)
class Change:
    """One record and the fields that it would have instead."""

    id: str
    fields: Mapping[str, Any]


@takes(record_id=ID)
def change(record_id: str, **fields: Any) -> Change:
    """Return a change of one record, to be tried: ``change("c-017", wording="unlikely")``.

    Examples
    --------
    >>> change("c-017", wording="unlikely").fields["wording"]
    'unlikely'
    """
    return Change(record_id, MappingProxyType(fields))


def parse_setting(text: str) -> Change:
    """Read ``ID.field=value`` as a change; the value is YAML, as in a record.

    Raises
    ------
    UsageError
        If the text has another form.

    Examples
    --------
    >>> parse_setting("c-017.wording=unlikely")
    Change(id='c-017', fields=mappingproxy({'wording': 'unlikely'}))
    >>> dict(parse_setting("e-003.claims=[c-001, c-002]").fields)
    {'claims': ('c-001', 'c-002')}
    """
    left, equals, value = text.partition("=")
    record_id, dot, name = left.strip().rpartition(".")
    if not (equals and dot and record_id and name):
        raise UsageError(f"--set {text}: write ID.field=value, for example c-017.wording=unlikely")
    try:
        return Change(record_id, MappingProxyType({name: parse_value(value.strip())}))
    except ParseError as error:
        raise UsageError(f"--set {text}: {error.result.found}; {error.result.fix}") from None

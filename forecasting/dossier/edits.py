"""A change of a record that an analyst wants to try: named, and read from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from forecasting.arguments import ID, takes
from forecasting.dossier.parse import ParseError, parse_value
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.errors import UsageError


@dataclass(frozen=True)
class Change:
    """One record and the fields that it would have instead."""

    id: str
    fields: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"fc.change({self.id!r}, {', '.join(f'{name}={value!r}' for name, value in self.fields.items())})"


@takes(record_id=ID)
def change(record_id: str, **fields: Any) -> Change:
    """Return a change of one record, to be tried: ``change("c-017", wording="unlikely")``.

    Parameters
    ----------
    record_id : str
        Of a claim, a class, an effect, … as it stands in its file.
    **fields
        New values by the names that fields have in the file; nothing is looked up or held to a rule before it is tried.

    Returns
    -------
    Change
        For ``fit.update``.

    Raises
    ------
    UsageError
        If ``record_id`` is no text.

    Examples
    --------
    >>> change("c-017", wording="unlikely").fields["wording"]
    'unlikely'
    """
    return Change(record_id, MappingProxyType(fields))


def try_count(edition_id: str, counted: ReferenceClass) -> str:
    """Return the line that tries another count of a class: one case more, or a spread where a life table fixes it.

    Examples
    --------
    >>> import forecasting as fc
    >>> counted = fc.load_dossier("priors").reference_classes["foreign-base-no-demand"]
    >>> try_count("2024-12-syria", counted)[:62]
    'forecast whatif 2024-12-syria --set foreign-base-no-demand.eve'
    """
    more = counted.events + (1 if counted.unit == "year" or counted.events + 1 <= counted.exposure else -1)
    changed = f"spread={min(3, round(1.5 * counted.spread, 2)):g}" if counted.life_table else f"events={more:g}"
    return f"forecast whatif {edition_id} --set {counted.id}.{changed}"


def parse_setting(text: str) -> Change:
    """Read ``ID.field=value`` as a change; the value is YAML, as in a record; a field inside a field has a dot.

    Raises
    ------
    UsageError
        If the text has another form.

    Examples
    --------
    >>> parse_setting("c-017.wording=unlikely")
    fc.change('c-017', wording='unlikely')
    >>> dict(parse_setting("c-017.seen_if.comes=likely").fields)
    {'seen_if.comes': 'likely'}
    >>> dict(parse_setting("e-003.claims=[c-001, c-002]").fields)
    {'claims': ('c-001', 'c-002')}
    """
    left, equals, value = text.partition("=")
    record_id, dot, name = left.strip().partition(".")
    if not (equals and dot and record_id and name):
        raise UsageError(f"--set {text}: write ID.field=value, for example c-017.wording=unlikely")
    try:
        return Change(record_id, MappingProxyType({name: parse_value(value.strip())}))
    except ParseError as error:
        raise UsageError(f"--set {text}: {error.result.found}; {error.result.fix}") from None

"""A change of a record that an analyst wants to try: named, read from the command line, and held to every rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.messages import near
from forecasting.dossier.parse import ParseError, parse_value
from forecasting.dossier.records import Question
from forecasting.errors import DossierError, UsageError
from forecasting.rules.check import check_dossier

TABLES = ("claims", "effects", "drivers", "events", "reference_classes", "questions", "sources", "editions")


@dataclass(frozen=True)
class Change:
    """One record and the fields that it would have instead."""

    id: str
    fields: Mapping[str, Any]


def change(record_id: str, **fields: Any) -> Change:
    """Name a change of one record: ``change("c-017", wording="unlikely")``.

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


def edited(edition: EditionDossier, changes: tuple[Change, ...]) -> EditionDossier:
    """Return the edition with changed records, held to every rule.

    Raises
    ------
    UsageError
        If there is no such record or field, or a value has the wrong form.
    DossierError
        If a rule fails for the changed records; nothing of the dossier on disk is touched.
    """
    dossier = edition.dossier
    for item in changes:
        name = next((table for table in TABLES if item.id in getattr(dossier, table)), None)
        if name is None:
            known = [key for table in TABLES for key in getattr(dossier, table)]
            raise UsageError(f"no record '{item.id}'; {near(item.id, known)}")
        table = getattr(dossier, name)
        changed: dict[str, Any] = {name: MappingProxyType({**table, item.id: _changed(table[item.id], item)})}
        dossier = replace(dossier, **changed)
    if broken := check_dossier(dossier, warnings=False):
        raise DossierError(broken)
    return dossier.edition(edition.edition.id)


def _changed(record: Any, item: Change) -> Any:
    model = type(record)
    if unknown := sorted(set(item.fields) - set(model.model_fields)):
        if isinstance(record, Question) and unknown[0] in ("deadline", "by", "until"):
            raise UsageError(f"{item.id} has no field '{unknown[0]}'; {_deadline_hint(record)}")
        raise UsageError(f"{item.id} has no field '{unknown[0]}'; {near(unknown[0], model.model_fields, 'its fields')}")
    try:
        return model.model_validate({**record.model_dump(by_alias=True), **item.fields})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or next(iter(item.fields))
        raise UsageError(f"{item.id}: {where} is {first['input']!r}: {first['msg']}") from None


def _deadline_hint(question: Question) -> str:
    """Return what to change instead of a deadline, which is no field of its own."""
    if question.at:
        return f"its deadline is 'at', {question.at}: write {question.id}.at=YYYY-MM-DD"
    asked = question.asks.model_dump(mode="json", by_alias=True, exclude_defaults=True) if question.asks else {}
    dated = next((name for name in ("by", "until") if name in asked), None)
    if dated is None:
        return f"its dates stand inside its statements; write the statement anew: '{question.id}.asks={{…}}'"
    inside = ", ".join(f"{name}: {'YYYY-MM-DD' if name == dated else value}" for name, value in asked.items())
    return f"its deadline is '{dated}' inside 'asks', {asked[dated]}: write '{question.id}.asks={{{inside}}}'"

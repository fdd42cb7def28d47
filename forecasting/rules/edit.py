"""Try changes of records: an edition with changed records is held to every rule, and nothing on disk is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.edits import Change
from forecasting.dossier.messages import in_words
from forecasting.dossier.questions import Question
from forecasting.errors import DossierError, UsageError, near
from forecasting.rules.check import check_dossier

TABLES = ("claims", "effects", "drivers", "events", "reference_classes", "questions", "sources", "editions")


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
        if name == "sources" and "defaults" in item.fields:
            fix = "change the claims that inherit them: ID.reliability=B"
            raise UsageError(f"{item.id}: defaults are read with the files; {fix}")
        table = getattr(dossier, name)
        changed: dict[str, Any] = {name: MappingProxyType({**table, item.id: _changed(table[item.id], item)})}
        dossier = replace(dossier, **changed)
    if broken := check_dossier(dossier, warnings=False):
        raise DossierError(broken)
    return dossier.edition(edition.edition.id)


def _changed(record: Any, item: Change) -> Any:
    model = type(record)
    if unknown := sorted({name.partition(".")[0] for name in item.fields} - set(model.model_fields)):
        if isinstance(record, Question) and unknown[0] in ("deadline", "by", "until"):
            raise UsageError(f"{item.id} has no field '{unknown[0]}'; {_deadline_hint(record)}")
        raise UsageError(f"{item.id} has no field '{unknown[0]}'; {near(unknown[0], model.model_fields, 'its fields')}")
    try:
        return model.model_validate(_with(record.model_dump(by_alias=True), item.fields))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        found, fix = in_words(model, first["loc"], first, False)
        raise UsageError(f"{item.id}: {found}; {fix}") from None


def _with(fields: dict[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a record with some changed; ``seen_if.comes`` names a field inside a field.

    Examples
    --------
    >>> _with({"id": "c-1", "seen_if": {"comes": "likely", "stays_away": "unlikely"}}, {"seen_if.comes": "very likely"})
    {'id': 'c-1', 'seen_if': {'comes': 'very likely', 'stays_away': 'unlikely'}}
    """
    for path, value in changed.items():
        name, _, inner = path.partition(".")
        if inner:
            inside = fields.get(name) or {}
            if not isinstance(inside, Mapping):
                raise UsageError(f"'{name}' holds no fields, so there is no '{path}'; write {name}=…")
            value = _with(dict(inside), {inner: value})
        fields = {**fields, name: value}
    return fields


def _deadline_hint(question: Question) -> str:
    """Return what to change instead of a deadline, which is no field of its own."""
    if question.at:
        return f"its deadline is 'at', {question.at}: write {question.id}.at=YYYY-MM-DD"
    return question.form.deadline_hint().replace("ID.", f"{question.id}.")

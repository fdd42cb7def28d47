"""The list of changes that an analyst tries: made, replaced and undone one by one; nothing here computes a probability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.edits import Change
from forecasting.errors import UsageError
from forecasting.lab.panel.behind import HISTORY
from forecasting.lab.panel.controls import Control, InLexicon
from forecasting.lab.panel.rivals import InClass
from forecasting.rules.edit import edited

TRIED = "Tried in the panel."  # the reason of a reading until the analyst gives one


@dataclass(frozen=True)
class Edit:
    """One field of one record, what it held and what it would hold."""

    record: str
    field: str
    old: Any
    new: Any


type Edits = tuple[Edit, ...]


def made(edits: Edits, control: Control, value: Any) -> Edits:
    """Return a list of changes with one more, or with the earlier change of the same field replaced where it stands.

    A field that is given its first value again is no change, and leaves the list.

    Raises
    ------
    UsageError
        If the control does not offer the value.

    Examples
    --------
    >>> from forecasting.lab.panel.controls import Option
    >>> grade = Control("e-1", "grade", "Strength", "weak", (Option("weak", "weak"), Option("strong", "strong")))
    >>> made((), grade, "strong")
    (Edit(record='e-1', field='grade', old='weak', new='strong'),)
    >>> made(made((), grade, "strong"), grade, "weak")
    ()
    """
    new = control.taken(value)
    edit = Edit(control.record, control.field, control.value, new)
    same = [other for other in edits if (other.record, other.field) == (edit.record, edit.field)]
    if not same:
        return edits if new == control.value else (*edits, edit)
    kept = tuple(edit if other is same[0] else other for other in edits)
    return tuple(other for other in kept if other.new != other.old)


def undone(edits: Edits, index: int) -> Edits:
    """Return a list of changes without one of them.

    Raises
    ------
    UsageError
        If there is no such change.
    """
    if not 0 <= index < len(edits):
        raise UsageError(f"no change {index}; there are {len(edits)}, counted from 0")
    return (*edits[:index], *edits[index + 1 :])


def value_of(edits: Edits, control: Control) -> Any:
    """Return what a control's field holds under some changes."""
    return next((e.new for e in edits if (e.record, e.field) == (control.record, control.field)), control.value)


def fields_of(record: Any, edits: Edits, reason: str = TRIED, first: Any = None) -> dict[str, Any]:
    """Return the new values of a record's own fields: those inside another one are put into it, a reading gets its reason.

    A reading that is again that of the record as it was ``first`` gets back the reason that it had there.
    """
    found: dict[str, Any] = {}
    for edit in edits:
        name, _, inner = edit.field.partition(".")
        if isinstance(edit.new, InLexicon):
            found |= {"wording": edit.new.wording, "lexicon": edit.new.lexicon}
            continue
        if isinstance(edit.new, InClass):
            found |= edit.new.fields
            continue
        if not inner:
            found[name] = edit.new
            continue
        whole = dict(found.get(name) or getattr(record, name).model_dump())
        found[name] = {**whole, inner: edit.new}
    if "reads" in found:
        again = first is not None and found["reads"] == first.reads
        found["reads_why"] = first.reads_why if again else reason if found["reads"] else None
    return found


def changed(edition: EditionDossier, edits: Edits) -> EditionDossier:
    """Return an edition under some changes, held to every rule; nothing on disk is touched.

    Raises
    ------
    UsageError, DossierError
        If a value has the wrong form, or a rule forbids it.
    """
    history = with_history(edition, [edit for edit in edits if edit.record.startswith(HISTORY)])
    changes = [
        Change(name, MappingProxyType(fields_of(record_of(edition, name), own)))
        for name, own in by_record(edits).items() if not name.startswith(HISTORY)
    ]  # fmt: skip
    return edited(history, tuple(changes))


def by_record(edits: Edits) -> Mapping[str, Edits]:
    """Return changes by the record that they are of, in the order of their first change."""
    found: dict[str, Edits] = {}
    for edit in edits:
        found[edit.record] = (*found.get(edit.record, ()), edit)
    return found


def record_of(edition: EditionDossier, name: str) -> Any:
    """Return the record of a card: a claim, an effect, an event, a counted class, or a row of the history."""
    dossier = edition.dossier
    if name.startswith(HISTORY):
        return dossier.history[int(name.removeprefix(HISTORY))]
    tables = (dossier.claims, dossier.effects, dossier.events, dossier.reference_classes)
    return next(table[name] for table in tables if name in table)


def with_history(edition: EditionDossier, edits: list[Edit]) -> EditionDossier:
    """Return an edition whose dossier has changed rows of history, or lacks those that are left out."""
    if not edits:
        return edition
    rows: list[Any] = list(edition.dossier.history)
    for name, own in by_record(tuple(edits)).items():
        i = int(name.removeprefix(HISTORY))
        fields = {edit.field: edit.new for edit in own}
        if not fields.pop("counted", True):
            rows[i] = None
            continue
        try:
            rows[i] = type(rows[i]).model_validate({**rows[i].model_dump(), **fields})
        except ValidationError as error:
            raise UsageError(f"history of {rows[i].on}: {error.errors(include_url=False)[0]['msg']}") from None
    kept = tuple(row for row in rows if row is not None)
    return replace(edition, dossier=replace(edition.dossier, history=kept))

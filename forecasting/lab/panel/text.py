"""Changes as text to keep: YAML of the changed fields with a reason, and the sentence that goes into the record's note."""

from __future__ import annotations

import datetime as dt
from typing import Any

import yaml

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.errors import UsageError, Where
from forecasting.lab.panel.behind import HISTORY
from forecasting.lab.panel.controls import InLexicon
from forecasting.lab.panel.edits import Edits, by_record, fields_of, record_of
from forecasting.lab.panel.rivals import InClass
from forecasting.lab.parts.text import plain, reasoned


def where_of(edition: EditionDossier, name: str) -> Where:
    """Return the file and line of a card's record."""
    record, dossier = record_of(edition, name), edition.dossier
    if name.startswith(HISTORY):
        return dossier.where("history", int(name.removeprefix(HISTORY)))
    if isinstance(record, ReferenceClass):
        return dossier.where_counted(record)
    return dossier.where(type(record).__name__.lower(), name)


def as_yaml(edition: EditionDossier, edits: Edits, reason: str) -> str:
    """Return the changed fields of every changed record as YAML, with the reason, what stood there, and where.

    Raises
    ------
    UsageError
        If nothing is changed, or the reason says nothing.
    """
    if not edits:
        raise UsageError("nothing is changed; move a control first")
    lines = [f"# Reason: {reasoned(reason)}", f"# tried on edition {edition.edition.id}, as of {edition.as_of}"]
    for name, own in by_record(edits).items():
        lines += ["", f"# {where_of(edition, name)}", f"- id: {name}"]
        record = record_of(edition, name)
        if name.startswith(HISTORY):
            lines[-1] = f"- {{on: {record.on}, event: {record.event}, what: {record.what}}}"
        for field, value in fields_of(record, own, reasoned(reason)).items():
            old = _dumped(getattr(record, field, None))
            was = f"  # was {_plain(old)}" if old is not None else ""
            lines.append(f"  {field}: {_plain(value)}{was}" if field != "counted" else "  # left out: delete the row")
    return "\n".join(lines) + "\n"


def _dumped(value: Any) -> Any:
    return value.model_dump() if hasattr(value, "model_dump") else value


def _plain(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000, allow_unicode=True, sort_keys=False)
    return text.removesuffix("...\n").strip()


def note_of(edits: Edits, reason: str, on: dt.date) -> str:
    """Return the sentence that a record's note gets: on which day what became what, and why.

    Examples
    --------
    >>> from forecasting.lab.panel.edits import Edit
    >>> note_of((Edit("c-1", "credibility", 3, 5),), "Its source denied it.", dt.date(2025, 1, 2))
    'On 2025-01-02 credibility 3 became 5: Its source denied it.'
    """
    words = [f"{edit.field} {_said(edit.old)} became {_said(edit.new)}" for edit in edits]
    return f"On {on} {', '.join(words)}: {reasoned(reason)}"


def _said(value: Any) -> str:
    """Return a value as a note has it: words in quotation marks, so that nobody takes them for the note's own judgement."""
    if value is None:
        return "(by its lexicon)"
    if isinstance(value, float):
        return plain(value)
    if isinstance(value, InLexicon):
        return f"“{value.wording}” of {value.lexicon}"
    if isinstance(value, InClass):
        return f"“{value}”"
    return f"“{value}”" if isinstance(value, str) and len(value) > 1 else str(value)

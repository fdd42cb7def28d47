"""What stands in the files beside what the panel shows: a change that is undone here stays there until it is written back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.events import HistoryRow
from forecasting.lab.panel.behind import HISTORY
from forecasting.lab.panel.edits import Edit, Edits, by_record, record_of


@dataclass(frozen=True)
class Gone:
    """A row of the history that was taken out of its file: the record, and its text as it stood there."""

    record: HistoryRow
    file: str
    text: str


@dataclass(frozen=True)
class Disk:
    """The records of an edition as its files hold them: those of the fit, but for what a panel has written since.

    ``written`` has, of each field that differs from the fit, what the fit has (*old*) and what the file says (*new*);
    ``records`` and ``files`` hold the records that were written and where they stand, and ``gone`` the rows that were left out.
    """

    edition: EditionDossier
    written: Edits = ()
    records: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    gone: Mapping[str, Gone] = field(default_factory=dict)

    def record(self, name: str) -> Any:
        """Return a record as its file has it; of a row that was left out, as it stood there last."""
        if name in self.gone:
            return self.gone[name].record
        return self.records[name] if name in self.records else record_of(self.edition, name)

    def row(self, name: str) -> int:
        """Return the place of a row among the rows of its file, or before which a row stood that was left out."""
        index = _index(name)
        return index - sum(_index(other) < index for other in self.gone)

    def pending(self, edits: Edits) -> Edits:
        """Return what has to be written so that the files say what a list of changes says: new ones, and those taken back.

        Examples
        --------
        >>> disk = Disk(None, written=(Edit("c-1", "credibility", 3, 5),))
        >>> disk.pending((Edit("c-1", "reliability", "B", "C"),))
        (Edit(record='c-1', field='reliability', old='B', new='C'), Edit(record='c-1', field='credibility', old=5, new=3))
        """
        there = {_key(edit): edit.new for edit in self.written}
        wanted = [replace(edit, old=there.get(_key(edit), edit.old)) for edit in edits]
        found = tuple(edit for edit in (*wanted, *self.taken_back(edits)) if edit.old != edit.new)
        back = {edit.record for edit in found if edit.field == "counted"}
        return tuple(edit for edit in found if edit.record not in self.gone or edit.record in back)

    def taken_back(self, edits: Edits) -> Edits:
        """Return the written changes that are not in the list: *old* is what the file still says, *new* what the fit has.

        Of a row that was left out there is nothing to take back as long as it stays out.

        Examples
        --------
        >>> ratio, out = Edit("history-0", "likelihood_ratio", 1.5, 2.5), Edit("history-0", "counted", True, False)
        >>> disk = Disk(None, written=(ratio, out), gone={"history-0": None})
        >>> disk.taken_back((out,))
        ()
        >>> [edit.field for edit in disk.taken_back(())]
        ['likelihood_ratio', 'counted']
        """
        listed = {_key(edit) for edit in edits}
        found = [edit for edit in self.written if _key(edit) not in listed]
        back = {edit.record for edit in found if edit.field == "counted"}
        return tuple(replace(e, old=e.new, new=e.old) for e in found if e.record not in self.gone or e.record in back)

    def holds(self, edit: Edit) -> bool:
        """Return whether the file says already what a change says."""
        return edit in self.written and self.in_file(edit)

    def in_file(self, edit: Edit) -> bool:
        """Return whether a file can say anything of a field: of a row that was left out, only that it is."""
        return edit.field == "counted" or edit.record not in self.gone

    def after(
        self, pending: Edits, records: Mapping[str, Any], files: Mapping[str, str], gone: Mapping[str, Gone]
    ) -> Disk:
        """Return the same once some changes were written; of a row that was left out nothing else was."""
        there = {_key(edit): edit for edit in self.written}
        for edit in _written(pending):
            first = there.get(_key(edit), edit)
            there[_key(edit)] = replace(first, new=edit.new)
        kept = tuple(edit for edit in there.values() if edit.new != edit.old)
        return Disk(self.edition, kept, {**self.records, **records}, {**self.files, **files}, gone)


def left_out(edits: Iterable[Edit]) -> bool:
    """Return whether changes take a row of the history out."""
    return any(edit.field == "counted" and not edit.new for edit in edits)


def _written(pending: Edits) -> Iterable[Edit]:
    for own in by_record(pending).values():
        yield from (edit for edit in own if edit.field == "counted" or not left_out(own))


def _key(edit: Edit) -> tuple[str, str]:
    return edit.record, edit.field


def _index(name: str) -> int:
    return int(name.removeprefix(HISTORY))

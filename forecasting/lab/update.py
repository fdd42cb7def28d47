"""What answers become under changed records, as a notebook has it: the update, which shows itself as a table."""

from __future__ import annotations

from dataclasses import fields

from forecasting.analysis import what_if
from forecasting.lab.answer_tables import AnswerTable
from forecasting.shown.html import said_above


class Update(what_if.Update):
    """An edition under changed records; `forecasting.analysis.what_if.Update` that shows titles, percent and words."""

    @classmethod
    def of(cls, found: what_if.Update) -> Update:
        """Return an update that shows itself, and whose table does."""
        given = {field.name: getattr(found, field.name) for field in fields(found)}
        return cls(**{**given, "table": AnswerTable.of(found.table, "update", found.edition)})

    @property
    def _head(self) -> str:
        found = f"by {self.how} (k-hat {self.k_hat:.2f})" if self.how == "weights" else f"by {self.how}"
        warning = f"; {self.gate.warning}" if self.gate.warning else ""
        return f"{self.edition.edition.id} under changed records, {found}; .table has all answers{warning}"

    def __repr__(self) -> str:
        return f"{self._head}\n{self.table!r}"

    def _repr_html_(self) -> str:
        return said_above(self._head, self.table._repr_html_() or "")

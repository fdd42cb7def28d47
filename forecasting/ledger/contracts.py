"""What a question's outcome is settled by, as one digest; and its outcome if nothing happens from now on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from forecasting.dossier.edition import Dossier
from forecasting.dossier.fields import Record
from forecasting.dossier.forms.base import VOID
from forecasting.dossier.questions import Question
from forecasting.dossier.resolution import History
from forecasting.files import canonical_json, text_digest

SETTLES = ("title", "opens_on", "scheduled_on", "resolution")  # of an event; its class or rivals settle nothing
COUNTS = ("title", "unit", "kind", "counted_by", "total_since", "counts_what")  # of a series; its priors settle nothing
# fields of a question that change nothing of what is asked
ASKS_NO_MORE = {"theme", "why_it_matters", "note", "statement", "short"}
# of an index: what came of it, earlier ones, what else answers it, and how it stood so far
NO_CONTRACT = ("result", "cases", "in_network", "so_far", "margin")


def contract_digest(dossier: Dossier, question: Question) -> str:
    """Return the digest of all that settles a question: what it asks, by when, its events' contracts, and what a quantity counts.

    A forecast keeps it, so that an outcome is set against what was asked, and not against a contract that was reworded later.
    """
    asked = {name: value for name, value in _json(question).items() if name not in ASKS_NO_MORE}
    for stated in asked.values():
        if isinstance(stated, dict):
            for name in NO_CONTRACT:
                stated.pop(name, None)
    events = {name: {field: _json(dossier.events[name])[field] for field in SETTLES} for name in sorted(question.events())}
    quantity = getattr(question.form.stated, "quantity", None)
    counted = {field: _json(dossier.series[quantity])[field] for field in COUNTS} if quantity else {}
    return text_digest(canonical_json({"question": asked, "events": events, **({"counted": counted} if counted else {})}))


def _json(record: Record) -> dict[str, Any]:
    return record.model_dump(mode="json", by_alias=True)


class _NothingMore:
    """The history up to a day, and after it nothing."""

    def __init__(self, dossier: Dossier, as_of: dt.date) -> None:
        self.known = History(dossier, as_of)

    def happened(self, event: str, by: dt.date) -> bool:
        on = self.known.status(event).occurred_on
        return on is not None and on <= by

    def before(self, event: str, other: str) -> bool:
        first, then = self.known.status(event).occurred_on, self.known.status(other).occurred_on
        return first is not None and (then is None or first < then)


def status_quo(dossier: Dossier, question: Question, as_of: dt.date) -> str | None:
    """Return the id of the outcome if nothing happens after a day, or None if the question is void then.

    None too for a question that looks at no event, but at a quantity or a balance: these move also where nothing happens.
    """
    form = question.form
    if not question.events():
        return None
    came = [name for name, truth in form.outcomes(_NothingMore(dossier, as_of)) if truth]
    outcome = came[0] if came else form.complement
    return None if outcome == VOID else outcome

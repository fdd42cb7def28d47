"""What the history of an edition says, in words: what happened, what had not happened by when, signs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.events import HistoryRow
from forecasting.elicitation.facts import read_signal, signal_words
from forecasting.report.formatting import day, link_parts


@dataclass(frozen=True)
class FactLine:
    """One row of history: when, what it says, and how it is known."""

    event: str
    on: str
    what: str
    note: str
    source: tuple[tuple[str, str], ...]
    partly: str = ""


def occurred_rows(edition: EditionDossier) -> dict[str, HistoryRow]:
    """Return the first row that says an event has happened, by event."""
    rows: dict[str, HistoryRow] = {}
    for row in sorted(edition.history, key=lambda row: row.on):
        if row.what == "occurred":
            rows.setdefault(row.event, row)
    return rows


def fact_line(edition: EditionDossier, row: HistoryRow, *, briefly: bool = False) -> FactLine:
    """Return one row of history in words; ``briefly`` with the factor of a sign, and not how it was read."""
    what = {"occurred": "happened", "survived": "had not happened"}.get(row.what)
    if what is None:
        ratio, _ = read_signal(edition.dossier, row)
        read = f"×{math.exp(ratio.mean):.2g}" if briefly else signal_words(edition.dossier, row)
        what = f"a sign {'for' if ratio.mean > 0 else 'against'} it ({read})"
    partly = "(partly confirmed)" if row.status == "partly" else ""
    known = edition.dossier.sources.get(row.source)
    source = ((f"{known.publisher} {known.published_on.year}", ""),) if known else link_parts(row.source)
    return FactLine(edition.dossier.events[row.event].title, day(row.on), what, row.note, source, partly)


def fact_lines(edition: EditionDossier, event_id: str) -> tuple[FactLine, ...]:
    """Return what history says of an event: signs, occurrence, and the last day it was known not to have happened."""
    rows = sorted((row for row in edition.history if row.event == event_id), key=lambda row: row.on)
    survived = [row for row in rows if row.what == "survived"]
    shown = [row for row in rows if row.what != "survived" or row is survived[-1]]
    return tuple(fact_line(edition, row, briefly=True) for row in shown)

"""A ledger as a table, a row for each outcome or quantile of a forecast: those that stand, or all with what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from forecasting.ledger.records import ForecastEntry
from forecasting.ledger.standing import Standing, known_before
from forecasting.shown.inert import csv_bytes, inert

ABOUT = ("record", "issued_at", "question", "title", "theme", "kind", "edition", "as_of", "deadline", "forecaster", "standing")
SAID = ("outcome", "outcome_title", "p", "mcse", "low_50", "high_50", "low", "high", "base_p", "prior_p", "level", "value")
ORIGIN = ("unit", "void_p", "why", "judgement", "run", "digest")
CAME = ("status", "status_reason", "resolved_to", "came", "resolved_on", "source", "no_report")
TABLES = {"forecasts": (*ABOUT, *SAID, *ORIGIN), "record": (*ABOUT, *SAID, *CAME, *ORIGIN)}


def ledger_rows(standing: Standing, table: str, edition: str | None = None) -> list[tuple[Any, ...]]:
    """Return the rows of a table of the ledger, with the columns of `TABLES`.

    Parameters
    ----------
    table : {"forecasts", "record"}
        Forecasts that stand; or every one that was ever issued, with its status, and what came of its question.
    edition : str, optional
        Only forecasts of this one.

    Returns
    -------
    list of tuple
        *status* is ``stands``, ``corrected``, ``taken back``, ``late`` or ``outcome known before``: only the first kind is
        ever scored. *came* is 1 for the outcome that came and 0 for the others, and empty where the question is open, void or
        ambiguous.
    """
    entries = standing.forecasts if table == "forecasts" else standing.all_forecasts
    rows = [row for entry in entries if edition in (None, entry.edition) for row in _rows(entry, standing)]
    return [tuple(row.get(name) for name in TABLES[table]) for row in rows]


def _rows(entry: ForecastEntry, standing: Standing) -> Iterator[dict[str, Any]]:
    about = {
        **{name: getattr(entry, name) for name in (*ABOUT, *ORIGIN) if name not in ("record", "issued_at")},
        "record": entry.number, "issued_at": entry.written_at, **_came(entry, standing),
    }  # fmt: skip
    outcome = standing.settles(entry)
    for share in entry.outcomes:
        decided = outcome is not None and outcome.outcome in {one.id for one in entry.outcomes}
        came = int(share.id == outcome.outcome) if outcome and decided else None
        shown = {name: getattr(share, name) for name in SAID if name in type(share).model_fields}
        yield {**about, **shown, "outcome": share.id, "outcome_title": share.title, "came": came}
    for quantile in entry.quantiles:
        yield {**about, "level": quantile.level, "value": quantile.value, "came": outcome.value if outcome else None}


def _came(entry: ForecastEntry, standing: Standing) -> dict[str, Any]:
    outcome, by = standing.settles(entry), standing.taken_back.get(entry.digest)
    if by is not None:
        status = "taken back" if by.entry == "retraction" else "corrected"
    elif entry.late:
        status = "late"
    else:
        status = "outcome known before" if outcome and known_before(entry, outcome) else "stands"
    return {
        "status": status, "status_reason": by.reason if by is not None else None,
        "resolved_to": outcome.outcome if outcome else None, "resolved_on": outcome.on if outcome else None,
        "source": outcome.source if outcome else None, "no_report": outcome.no_report if outcome else None,
    }  # fmt: skip


def ledger_table(standing: Standing, table: str, suffix: str, edition: str | None = None) -> tuple[bytes, int]:
    """Return a table of the ledger as a file, and how many rows it has; no cell of it is ever computed.

    Parameters
    ----------
    suffix : {".csv", ".xlsx"}
        The form of the file.
    """
    columns, rows = TABLES[table], ledger_rows(standing, table, edition)
    if suffix == ".csv":
        return csv_bytes(columns, ([inert(cell) for cell in row] for row in rows)), len(rows)
    from forecasting.coding.sheets.workbook import answers_book

    return answers_book(columns, _plain(rows), title=table), len(rows)


def _plain(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return rows with days as texts, as a CSV file has them: a workbook would show them as the reader's system likes."""
    return [tuple(cell.isoformat() if hasattr(cell, "isoformat") else cell for cell in row) for row in rows]

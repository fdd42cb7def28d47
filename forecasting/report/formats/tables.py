"""An edition's answers as tables for spreadsheet programs, in which no text is computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forecasting.coding.sheets.workbook import Sheet, results_book
from forecasting.report.formats.archive import stable_zip
from forecasting.report.formats.twin_records import ForecastTwin
from forecasting.shown.inert import csv_bytes, inert

ANSWERS = (
    "edition", "as_of", "question", "title", "theme", "deadline", "outcome", "outcome_title", "headline", "p", "mcse", "words",
    "low_50", "high_50", "low_90", "high_90", "range_words", "base_p", "prior_p", "confidence", "model", "warning",
)  # fmt: skip
MOVED = ("question", "outcome", "id", "change", "k_hat", "how", "warning")
CHANGED = ("question", "outcome", "part", "change", "mcse", "warning")
GATE = ("criterion", "value", "worst_at", "wanted", "passed")
SOURCES = ("id", "title", "publisher", "author", "published_on", "precision", "claims", "text_sha256")


def answers_csv(twin: ForecastTwin) -> bytes:
    """Return a row per outcome as a CSV file in UTF-8; a text that begins like a formula has an apostrophe before it.

    Read ``p`` with ``mcse``, and quote no row whose ``warning`` is not empty.
    """
    return csv_bytes(ANSWERS, [[inert(cell) for cell in row] for row in _answers(twin)])


def answers_xlsx(twin: ForecastTwin) -> bytes:
    """Return a workbook with answers, what moves them, what changed, the gate and the sources; it holds no formula."""
    book = results_book(
        (
            Sheet("answers", ANSWERS, tuple(_answers(twin))),
            Sheet("what moves them", MOVED, tuple(_moved(twin))),
            Sheet("what changed", CHANGED, tuple(_changed(twin))),
            Sheet("gate", GATE, tuple((c.name, c.value, c.worst_at, c.wanted, c.passed) for c in twin.gate.criteria)),
            Sheet("sources", SOURCES, tuple(_sources(twin))),
        )
    )
    return stable_zip(book)


def _answers(twin: ForecastTwin) -> Iterator[tuple[Any, ...]]:
    for q in twin.questions:
        level = q.confidence.level if q.confidence else ""
        for o in q.outcomes:
            yield (
                twin.edition, twin.as_of.isoformat(), q.id, q.title, q.theme, q.deadline.isoformat(), o.id, o.title,
                o.id == q.headline, o.p, o.mcse, o.words, *o.interval_50, *o.interval_90, o.range_words, o.base_p, o.prior_p,
                level, q.model, twin.warning,
            )  # fmt: skip


def _moved(twin: ForecastTwin) -> Iterator[tuple[Any, ...]]:
    for q in twin.questions:
        for o in q.outcomes:
            for m in o.moved_by:
                yield q.id, o.id, m.id, m.change, m.k_hat, m.how, twin.warning


def _changed(twin: ForecastTwin) -> Iterator[tuple[Any, ...]]:
    for q in twin.questions:
        for o in q.outcomes:
            for c in o.changed:
                yield q.id, o.id, c.part, c.change, c.mcse, twin.warning


def _sources(twin: ForecastTwin) -> Iterator[tuple[Any, ...]]:
    for s in twin.sources:
        yield s.id, s.title, s.publisher, s.author, s.published_on.isoformat(), s.published_precision, s.n_claims, s.text_sha256

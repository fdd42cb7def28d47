"""Tables of answers as a fit returns them: data frames that show titles, percent and words; pandas works on them as on any."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from forecasting.dossier.edition import EditionDossier
from forecasting.forecasts import error_points, likelihood_words, percent
from forecasting.inference.noticeable import ERRORS, LEAST, noticeable
from forecasting.lab.titles import outcome_title, questions_by_id
from forecasting.report.formatting import interval, points
from forecasting.shown.html import small_table
from forecasting.shown.text import Entry, listing, shorten

LONGEST_ID = 33  # of the questions of a page of 80 columns
PARTS = ("base", "grades", "claims", "facts", "history")
WHOLE = ".to_string() shows every row and column"


@dataclass(frozen=True)
class Names:
    """What the ids of a table are called, in plain dictionaries, so that a table can be kept and sent as any other.

    ``standard`` is that of the edition's words (`forecasting.standards.tables`).
    """

    questions: dict[str, str]
    outcomes: dict[tuple[str, str], str]
    events: dict[str, str]
    standard: str

    @classmethod
    def of(cls, table: pd.DataFrame, edition: EditionDossier) -> Names:
        """Return the names of what a table holds; *yes* of a yes/no question has none of its own."""
        known, asked = questions_by_id(edition), table.get("question", pd.Series(dtype=str))
        several = {(name, outcome) for name, outcome in zip(asked, table.get("outcome", asked), strict=True)
                   if known[name].form.kind != "yes/no" or outcome != "yes"}  # fmt: skip
        events = {name: edition.dossier.events[name].title for name in table.get("event", ())}
        outcomes = {(name, outcome): outcome_title(edition, known[name], outcome) for name, outcome in several}
        return cls({name: known[name].title for name in asked}, outcomes, events, edition.edition.standard)

    def know(self, table: pd.DataFrame) -> bool:
        """Return whether everything in a table has a name: what was put in by hand may have none."""
        return set(table.get("question", ())) <= self.questions.keys() and set(table.get("event", ())) <= self.events.keys()

    def answer(self, row: dict[str, Any]) -> tuple[str, str]:
        """Return what an answer is called, and the id below it: the question's, or after it the outcome's own title."""
        title, name = self.questions[row["question"]], row["question"]
        own = self.outcomes.get((name, row["outcome"]))
        return (title, name) if own is None else (f"{title} ({name})", shorten(own, LONGEST_ID))


type Rows = Iterator[tuple[Entry, tuple[str, ...]]]


@dataclass(frozen=True)
class Layout:
    """How one kind of table is shown: the columns it needs, its heads on paper and on screen, and what a row becomes."""

    needs: frozenset[str]
    heads: tuple[str, ...]
    html_heads: tuple[str, ...]
    rows: Callable[[pd.DataFrame, Names], Rows]
    nothing: str


class AnswerTable(pd.DataFrame):
    """A data frame of answers that shows itself with titles and percent, the largest change first, as long as it has its columns.

    What pandas makes of it has the same numbers and, where the columns are still there, the same look; ``to_string`` and
    ``pd.DataFrame(table)`` show the plain table.
    """

    _metadata = ["kind", "names"]  # noqa: RUF012  # what pandas hands on from one table to the next
    kind: str = ""
    names: Names | None = None

    @property
    def _constructor(self) -> type[AnswerTable]:
        return AnswerTable

    @classmethod
    def of(cls, table: pd.DataFrame, kind: str, edition: EditionDossier) -> AnswerTable:
        """Return a table that shows itself as one of `LAYOUTS`."""
        shown = cls(table)
        shown.attrs = dict(table.attrs)
        shown.kind, shown.names = kind, Names.of(table, edition)
        return shown

    def _told(self) -> list[tuple[Entry, tuple[str, ...]]] | None:
        layout = LAYOUTS.get(self.kind)
        if layout is None or self.names is None or not layout.needs <= set(self.columns) or self.columns.has_duplicates:
            return None
        return list(layout.rows(pd.DataFrame(self), self.names)) if self.names.know(self) else None

    def _warning(self) -> str:
        return "; ".join(dict.fromkeys(map(str, self["gate"]))) if "gate" in self.columns else ""

    def __repr__(self) -> str:
        told = self._told()
        if told is None:
            return super().__repr__()
        text = listing(LAYOUTS[self.kind].heads, [entry for entry, _ in told], more=WHOLE, most=4700)
        return "\n".join(filter(None, (shorten(self._warning(), 200), text or LAYOUTS[self.kind].nothing)))

    def _repr_html_(self) -> str | None:
        told = self._told()
        if told is None:
            return super()._repr_html_()
        layout = LAYOUTS[self.kind]
        rows: list[tuple[str | tuple[str, str], ...]] = [((entry.title, entry.id), *cells) for entry, cells in told]
        caption = ". ".join(filter(None, (self._warning(), "" if rows else layout.nothing)))
        return small_table(("", *layout.html_heads), rows, caption=caption, more=WHOLE)


def _forecast_rows(table: pd.DataFrame, names: Names) -> Rows:
    for row in table.to_dict("records"):
        half, most = interval(row["low_50"], row["high_50"]), interval(row["low"], row["high"])
        p, words = percent(row["p"]), likelihood_words(row["p"], names.standard)
        base = percent(row["base_p"]), percent(row["prior_p"])
        yield Entry(*names.answer(row), (p, half, most, words)), (*base, p, half, most, words)


def _changed_rows(before: str, after: str) -> Callable[[pd.DataFrame, Names], Rows]:
    """Return what shows the answers that moved noticeably, the largest change first."""

    def rows(table: pd.DataFrame, names: Names) -> Rows:
        moved = table[noticeable(table["change"], table["mcse_change"])]
        for row in moved.iloc[moved["change"].abs().argsort()[::-1]].to_dict("records"):
            was, now, words = percent(row[before]), percent(row[after]), likelihood_words(row[after], names.standard)
            change = points(row["change"])
            yield Entry(*names.answer(row), (was, now, words, change)), (
                was, now, words, f"{change} ± {error_points(row['mcse_change'])}",
            )  # fmt: skip

    return rows


def _watch_rows(table: pd.DataFrame, names: Names) -> Rows:
    for row in table.sort_values("expected_change", ascending=False, kind="stable").to_dict("records"):
        cells = (percent(row["p_event"]), percent(row["p_if"]), percent(row["p_if_not"]), f"{100 * row['expected_change']:.1f}")
        yield Entry(names.events[row["event"]], row["event"], cells), cells


def _sensitivity_rows(table: pd.DataFrame, names: Names) -> Rows:
    order = table.groupby(["question", "outcome"], sort=False)["sensitivity"].max().sort_values(ascending=False, kind="stable")
    for question, outcome in order.index:
        rows = table[(table["question"] == question) & (table["outcome"] == outcome)].set_index("part")
        cells = tuple(f"{rows['sensitivity'].get(part, 0.0):.2f}" for part in PARTS)
        words = str(rows["words"].iloc[0])
        yield Entry(*names.answer({"question": question, "outcome": outcome}), cells, words), (*cells, words)


_CHANGE = frozenset({"question", "outcome", "change", "mcse_change"})
_STILL = f"no answer moves noticeably: by {100 * LEAST:g} points and {ERRORS:g} Monte Carlo errors"
_MOVED = ("", "in words", "points")
LAYOUTS = {
    "forecasts": Layout(
        frozenset({"question", "outcome", "base_p", "prior_p", "p", "low_50", "high_50", "low", "high"}),
        ("p", "50 %", "90 %", "in words"), ("base rate", "prior", "probability", "50 % interval", "90 % interval", "in words"),
        _forecast_rows, "no forecasts",
    ),
    "given": Layout(
        _CHANGE | {"p", "p_given"}, ("now", "given", *_MOVED[1:]), ("as it is", "given that", *_MOVED[1:]),
        _changed_rows("p", "p_given"), _STILL,
    ),
    "intervene": Layout(
        _CHANGE | {"p", "p_do"}, ("now", "then", *_MOVED[1:]), ("as it is", "if made to happen", *_MOVED[1:]),
        _changed_rows("p", "p_do"), _STILL,
    ),
    "update": Layout(
        _CHANGE | {"before", "after"}, ("before", "after", *_MOVED[1:]), ("before", "after", *_MOVED[1:]),
        _changed_rows("before", "after"), _STILL,
    ),
    "watch": Layout(
        frozenset({"event", "p_event", "p_if", "p_if_not", "expected_change"}), ("chance", "if it comes", "if not", "change"),
        ("chance", "answer if it comes", "answer if it does not", "expected change (points)"), _watch_rows,
        "no event that could be seen by then would move it noticeably",
    ),
    "sensitivity": Layout(
        frozenset({"question", "outcome", "part", "sensitivity", "words"}), PARTS, (*PARTS, "in words"), _sensitivity_rows,
        "no answer depends on anything",
    ),
}  # fmt: skip

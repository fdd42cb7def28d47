"""Answers under a supposition as tables for a terminal: titles with ids that are never cut, words, a change in points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from forecasting.cli.tables import named
from forecasting.cli.terminal import out

if TYPE_CHECKING:
    from forecasting.dossier.edition import EditionDossier
    from forecasting.lab.fit import Fit

NARROW, WORDS = 105, 12  # below so many columns a likelihood term takes two lines of so many


@dataclass(frozen=True)
class Answer:
    """One answer before and after: what is asked, the probabilities, and what stands below the second one."""

    title: str
    id: str
    before: float
    after: float
    below: str = ""


def titled(edition: EditionDossier, question_id: str, outcome: str) -> tuple[str, str]:
    """Return what an answer is called, with its outcome below where the question has several, and the question's id."""
    from forecasting.lab.titles import outcome_title, questions_by_id

    question = questions_by_id(edition)[question_id]
    if question.form.kind == "yes/no" and outcome == "yes":  # else it is void
        return question.title, question_id
    return f"{question.title}\n– {outcome_title(edition, question, outcome)}", question_id


def answers_of(edition: EditionDossier, moved: Any, before: str, after: str) -> Iterable[Answer]:
    """Yield the rows of a table of changed answers, in their order, from its columns *before* and *after*."""
    from forecasting.report.formatting import interval

    for row in moved.to_dict("records"):
        title, record_id = titled(edition, row["question"], row["outcome"])
        below = interval(row["low"], row["high"]) if "low" in row else ""
        yield Answer(title, record_id, row[before], row[after], below)


def answer_table(answers: Iterable[Answer], title: str, heads: tuple[str, str], standard: str, width: int = 0) -> Table:
    """Return answers before and after in numbers and words, with the change in points; ids are never wrapped or cut.

    Parameters
    ----------
    standard : str
        Of the words, as the edition names it.
    width : int, optional
        Columns that the table may take; by default those of the terminal.
    """
    from forecasting.forecasts import likelihood_words, percent
    from forecasting.report.formatting import points

    answers = list(answers)
    shown = _table(title, "question", max((len(one.id) for one in answers), default=0))
    for head in heads:
        shown.add_column(head, width=WORDS if (width or out.width) < NARROW else None)
    shown.add_column("points", justify="right", no_wrap=True)
    for one in answers:
        cells = [f"{percent(p)}\n{likelihood_words(p, standard)}" for p in (one.before, one.after)]
        cells[1] += f"\n{one.below}" if one.below else ""
        shown.add_row(named(one.title, one.id), *cells, points(one.after - one.before))
    return shown


def watch_table(fit: Fit, watched: Any, most: int, width: int = 0) -> Table:
    """Return what to look out for: each event, its chance by the day, and the answer if it comes and if it does not."""
    from forecasting.forecasts import likelihood_words, percent

    rows, standard = watched.head(most).to_dict("records"), fit.edition.edition.standard
    shown = _table("", "look out for", max((len(row["event"]) for row in rows), default=0))
    shown.add_column("chance", no_wrap=True)
    for head in ("if it\ncomes", "if it does\nnot come"):
        shown.add_column(head, width=WORDS if (width or out.width) < NARROW else None)
    shown.add_column("expected\nchange", justify="right", no_wrap=True)
    for row in rows:
        words = [f"{percent(p)}\n{likelihood_words(p, standard)}" for p in (row["p_if"], row["p_if_not"])]
        event = fit.edition.dossier.events[row["event"]]
        shown.add_row(named(event.title, event.id), percent(row["p_event"]), *words, f"{100 * row['expected_change']:.1f}")
    return shown


def _table(title: str, first: str, longest: int) -> Table:
    shown = Table(
        title=title or None, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False, show_edge=False,
        leading=1,
    )  # fmt: skip
    shown.add_column(first, min_width=longest, overflow="fold")
    return shown

"""What the panel shows, as plain values that a page can draw: pure functions over changes and what they give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.forms.base import VOID
from forecasting.dossier.questions import Question
from forecasting.forecasts import Gate, likelihood_words, percent
from forecasting.inference.importance import MAX_K_HAT
from forecasting.inference.noticeable import noticeable
from forecasting.lab.panel.behind import Card
from forecasting.lab.panel.controls import Control
from forecasting.lab.panel.curve import drawing
from forecasting.lab.panel.disk import Disk
from forecasting.lab.panel.edits import Edit, Edits, value_of
from forecasting.lab.panel.follow import Followed
from forecasting.lab.panel.moved import Moved
from forecasting.lab.panel.rivals import titled
from forecasting.lab.titles import NOTHING, outcome_title
from forecasting.paths.questions import Answer
from forecasting.report.articles import stated_words
from forecasting.report.formatting import interval, points, short_day
from forecasting.standards.tables import DEFAULT

GROUPS = {
    "claims": "What is said", "effects": "What acts on what", "events": "Which cases an event is counted in",
    "classes": "Counted cases", "history": "What has happened",
}  # fmt: skip
MOST_ROWS = 12
UNFORESEEN = "this could not be done, for a reason that nobody foresaw; the list of changes is as it was"


def questions_view(questions: Iterable[Question]) -> list[dict[str, str]]:
    """Return the questions that can be picked, in the order of the edition."""
    return [{"id": question.id, "title": question.title} for question in questions]


def cards_view(
    cards: Iterable[Card], edits: Edits, moved: Mapping[str, Moved], titles: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the records behind a question with their controls, each with what it holds under the changes.

    ``moved`` has by how much records move the answer, where that is known, and ``titles`` what each outcome is called.
    """
    return [
        {
            "id": card.id, "group": card.group, "title": card.title, "note": card.note, "about": card.about,
            "code": card.id if card.group in ("claims", "effects") else "",
            "moves": moves_words(moved[card.id], titles) if card.id in moved else "",
            "controls": [_control(control, edits) for control in card.controls],
        }
        for card in cards
    ]  # fmt: skip


def moves_words(moved: Moved, titles: Mapping[str, str]) -> str:
    """Return what a record has moved the answer by, what a rival class would, in whole points, or one more case in a count.

    Examples
    --------
    >>> moves_words(Moved(-0.031, "yes"), {}), moves_words(Moved(0.214, "yes", "pacts-signed"), {})
    ('has moved the answer by −3.1 points', 'Pacts signed would move the answer by about +21 points')
    """
    if moved.why:
        return moved.why
    of = titles.get(moved.outcome, "")
    by = points(round(moved.change, 2)).partition(".")[0] if moved.rival else points(moved.change)
    tried = titled(moved.rival) if moved.rival else moved.case
    moves = f"{tried} would move the answer by{' about' if moved.rival else ''}" if tried else "has moved the answer by"
    return f"{moves} {by} {'point' if by in ('+1', '−1') else 'points'}{f' ({of})' if of else ''}"


def _control(control: Control, edits: Edits) -> dict[str, Any]:
    value = value_of(edits, control)
    found = {
        "field": control.field, "label": control.label, "changed": value != control.value, "shown": control.shown(value),
        "was": control.shown(control.value),
    }  # fmt: skip
    if control.range is None:
        values = [option.value for option in control.options]
        options = [{"label": option.label, "group": option.group} for option in control.options]
        return {**found, "options": options, "at": values.index(value)}
    return {**found, "low": control.range.low, "high": control.range.high, "step": control.range.step, "value": value}


def outcome_titles(edition: EditionDossier, question: Question, named: Answer) -> tuple[str, ...]:
    """Return what each outcome of a question is called: of one that can be void what is given, of a plain yes nothing.

    Stages, and what may come first, are called after their events.
    """
    if question.void:
        names = {"yes": "yes, if not void", VOID: "void"}
        return tuple(names.get(name, title) for name, title in zip(named.outcomes, named.titles, strict=True))
    if question.form.kind in NOTHING:
        return tuple(outcome_title(edition, question, outcome) for outcome in named.outcomes)
    return tuple("" for _ in named.titles) if question.form.kind == "yes/no" else named.titles


def void_words(edition: EditionDossier, question: Question) -> str:
    """Return what makes a question void; nothing of one that cannot be."""
    return f"Void if: {stated_words(edition, question.void)}" if question.void else ""


def answer_view(
    question: Question, titles: tuple[str, ...], before: Followed, after: Followed, standard: str = DEFAULT, void: str = ""
) -> dict[str, Any]:
    """Return the answer of the picked question, outcome by outcome, as it was and under the changes, in a standard's words."""
    was, now = before.answers[question.id], after.answers[question.id]
    return {
        "title": question.title,
        "deadline": f"by {short_day(question.deadline)}", "void": void,
        "outcomes": [
            {
                "title": title,
                "p": percent(now.p[i]), "words": likelihood_words(float(now.p[i]), standard), "before": percent(was.p[i]),
                "interval": interval(float(now.low[i]), float(now.high[i])),
                "points": _moved(now.p[i] - was.p[i], now.mcse_change[i]),
            }
            for i, title in enumerate(titles)
        ],
    }  # fmt: skip


def _moved(change: float, mcse: float) -> str:
    """Return a change in points, or nothing where it may be chance."""
    return points(float(change)) if noticeable(change, mcse) else ""


def table_view(
    edition: EditionDossier, picked: str, answers: Mapping[str, Answer], before: Followed, after: Followed
) -> list[dict[str, Any]]:
    """Return every answer but the picked one that moved noticeably, the largest change first, with its outcome moved most."""
    rows = []
    for question in (one for one in edition.questions if one.id != picked):
        was, now = before.answers[question.id], after.answers[question.id]
        changes = now.p - was.p
        counts = [i for i in range(len(changes)) if noticeable(changes[i], now.mcse_change[i])]
        if counts:
            i = max(counts, key=lambda i: abs(changes[i]))
            outcome = outcome_titles(edition, question, answers[question.id])[i]
            rows.append((abs(float(changes[i])), {
                "title": question.title, "outcome": outcome, "before": percent(was.p[i]), "after": percent(now.p[i]),
                "change": points(float(changes[i])),
            }))  # fmt: skip
    rows.sort(key=lambda row: -row[0])
    return [row for _, row in rows[:MOST_ROWS]]


def edit_view(edit: Edit, card: Card, moved: str, disk: Disk) -> dict[str, str]:
    """Return one change in words, with what it moved the picked answer by, given those above it, and whether it is written."""
    control = card.control(edit.field)
    there = next((one.new for one in disk.written if (one.record, one.field) == (edit.record, edit.field)), edit.old)
    differs = there != edit.old and disk.in_file(edit)
    kept = "written" if disk.holds(edit) else f"the file says {control.shown(there)}" if differs else ""
    return {
        "title": card.title, "label": control.label, "old": control.shown(edit.old), "new": control.shown(edit.new),
        "moved": moved, "kept": kept,
    }  # fmt: skip


def disk_view(disk: Disk, edits: Edits, card_of: Callable[[str], Card]) -> dict[str, list[str]]:
    """Return what the files still say though it was undone, and which fields a write would change."""
    back = [taken_back_words(edit, card_of(edit.record), disk) for edit in disk.taken_back(edits)]
    return {"taken_back": back, "unwritten": [f"{edit.record} {edit.field}" for edit in disk.pending(edits)]}


def taken_back_words(edit: Edit, card: Card, disk: Disk) -> str:
    """Return what a file still says after a written change was undone in the panel, or what a row said that was left out."""
    control = card.control(edit.field)
    record = card.title if card.group in ("events", "classes", "history") else edit.record
    says = "still says" if disk.in_file(edit) else "had, before its row was left out,"
    return f"Taken back here only: {disk.files[edit.record]} {says} {control.label}: {control.shown(edit.old)} ({record})"


def written_words(files: Iterable[str], disk: Disk) -> str:
    """Return what a write did, and what to do next."""
    names = ", ".join(files)
    if not disk.written:
        return f"Written back to {names}: the values are those of the fit again, and the notes say what was done"
    return f"Written to {names}. The panel shows the fit before that; fit anew: forecast run {disk.edition.edition.id}"


def step_words(question: Question, before: Followed, after: Followed, titles: tuple[str, ...]) -> str:
    """Return how far one change moved the picked answer; of several outcomes the one that it moved most."""
    was, now = before.answers[question.id], after.answers[question.id]
    changes = now.p - was.p
    i = int(abs(changes).argmax())
    if not noticeable(changes[i], now.mcse_change[i]):
        return "no noticeable change"
    of = f" ({titles[i]})" if titles[i] else ""
    return f"{points(float(changes[i]))} points{of}"


def curve_view(
    edition: EditionDossier, question: Question, event: str, before: Followed, after: Followed
) -> dict[str, Any]:
    """Return the drawing of an event's curve, in the sense of the question where it asks of this event alone.

    The answer of a question that can be void is given that it is not, which no curve shows: there the event has its own.
    """
    single = None if question.void else question.form.single()
    occurs = single[2] if single and single[0] == event else True
    title = edition.dossier.events[event].title
    drawn = drawing(before.curves[event], after.curves[event], edition.as_of, question.deadline, title, occurs)
    if occurs:
        return {"title": title, **drawn}
    words = f"Probability of the answer “yes” if the question ended on that day, with the 90 % interval. No is: {title}"
    return {**drawn, "title": question.title, "words": words}


def found_words(found: Followed, seconds: float) -> str:
    """Return how numbers were found, as small print below them."""
    if found.how == "nothing":
        return "As the fit has it: no number that the model reads is changed."
    if found.how == "weights":
        how = f"importance weights, {seconds:.1f} s; k-hat {found.k_hat:.2f}, at most {MAX_K_HAT:g}"
        return f"The draws of the fit were weighed anew, and they suffice for this change ({how})."
    return f"The draws of the fit do not suffice for this change, so it was fitted anew, shorter (refit, {seconds:.1f} s)."


def head_view(edition: EditionDossier, gate: Gate) -> dict[str, str]:
    """Return the edition, its as-of date, and what the gate found of its fit."""
    return {
        "edition": edition.edition.id, "title": edition.edition.title, "as_of": f"as of {short_day(edition.as_of)}",
        "gate": gate.words, "warning": gate.warning,
    }  # fmt: skip

"""``forecast given`` and ``forecast watch``: what answers become once an event is seen, and which events to look out for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.arguments import iso_day
from forecasting.cli.terminal import HERE_PRIORS, HERE_RUNS, EditionId, Priors, Runs, out, plain_errors, progress_bars, say
from forecasting.errors import UsageError

if TYPE_CHECKING:
    from forecasting.dossier.edition import EditionDossier
    from forecasting.dossier.questions import Question

MOST_WATCHED, MOST_EACH = 8, 2  # events of one question, and of each of many
By = Annotated[str | None, typer.Option("--by", metavar="DATE", help="Day by which it is seen; by default the last deadline.")]


def given(
    edition: EditionId,
    event: Annotated[str, typer.Option("--event", metavar="ID", help="The event that is seen; forecast check --list events.")],
    by: By = None,
    not_: Annotated[bool, typer.Option("--not", help="It is seen not to happen by that day.")] = False,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
) -> None:
    """Show what every answer becomes if an event is seen to happen by a day, or not to; nothing is written.

    Seeing an event also tells of what brought it about. A fit in Python has `intervene` for what its effects alone would do.
    The numbers are shares of the simulated paths on which the event happens.

    Example: forecast given 2024-12-syria --event basing-deal --by 2025-06-30
    Example: forecast given 2024-12-syria --event basing-deal --not
    """
    from forecasting.inference.noticeable import ERRORS
    from forecasting.report.formatting import LEAST_MOVE
    from forecasting.rules.load import load_dossier

    with plain_errors():
        selected = load_dossier(priors).edition(edition)
        seen = _open_event(selected, event)
        day = _day(selected, by) if by else max(question.deadline for question in selected.questions)
        from forecasting.cli.answers import answer_table, answers_of
        from forecasting.cli.fits import simulated_fit
        from forecasting.inference.noticeable import noticeable

        with progress_bars() as progress:
            fit = simulated_fit(selected, runs, progress)
            table = fit.given(event, by=day, occurs=not not_)
        moved = table[noticeable(table["change"], table["mcse_change"])]
        moved = moved.iloc[moved["change"].abs().argsort()[::-1]]
    what = "does not happen" if not_ else "happens"
    title = f"{edition}, given that “{seen}” ({event}) {what} by {day}; {fit.gate.mark.words}"
    if moved.empty:
        say(f"{title}\nno answer moves noticeably")
        return
    answers = answers_of(fit.edition, moved, "p", "p_given")
    out.print(answer_table(answers, title, ("as it is", "given that"), selected.edition.standard))
    say(f"left out: {len(table) - len(moved)} answers that move by less than {LEAST_MOVE} or {ERRORS:g} Monte Carlo errors")


def watch(
    edition: EditionId,
    question: Annotated[str | None, typer.Option("--question", metavar="ID", help="One question, with more events.")] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="DATE", help="The day on which one looks; by default half-way to the deadline.")
    ] = None,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
) -> None:
    """List the events to look out for, ranked by how much seeing them would change an answer.

    The expected change is in points: how far the answer is expected to be from today's on that day, whichever way it goes.
    Events that a question names are left out: seeing those would only answer it.

    Example: forecast watch 2024-12-syria
    Example: forecast watch 2024-12-syria --question khmeimim-held-2025 --by 2025-06-30
    """
    from forecasting.rules.load import load_dossier

    with plain_errors():
        selected = load_dossier(priors).edition(edition)
        asked = [_asked(selected, question)] if question else list(selected.questions)
        day = _day(selected, by) if by else None
        from forecasting.cli.answers import watch_table
        from forecasting.cli.fits import simulated_fit
        from forecasting.inference.noticeable import noticeable

        with progress_bars() as progress:
            fit = simulated_fit(selected, runs, progress)
            found = [(one, fit.watch(one.id, by=day)) for one in asked]
    say(f"{edition}, as of {selected.as_of}; {fit.gate.mark.words}")
    for one, table in found:
        looked = day or selected.as_of + (one.deadline - selected.as_of) / 2
        say(f"\n{one.title}\n{one.id}, looked at on {looked}")
        table = table[noticeable(table["expected_change"])]
        if table.empty:
            say("  no event that could be seen by then would move it noticeably")
        else:
            out.print(watch_table(fit, table, MOST_WATCHED if question else MOST_EACH))
    if not question:
        say(f"\nmore events for one question: forecast watch {edition} --question {found[0][0].id}")


def _open_event(edition: EditionDossier, event_id: str) -> str:
    """Return the title of an event that can still be supposed: this is said before anything is simulated."""
    from forecasting.dossier.edition import lookup
    from forecasting.dossier.status import event_status

    event = lookup({one.id: one for one in edition.events}, event_id, "event in this edition")
    if not event_status(edition, event_id).is_open:
        raise UsageError(f"event '{event_id}' has happened already: there is nothing left to suppose")
    return event.title


def _asked(edition: EditionDossier, question_id: str) -> Question:
    """Return a question that the event network answers; those of other models hang on no event."""
    from forecasting.dossier.edition import lookup

    others = {one.id: name for name, questions in edition.further.items() for one in questions}
    if question_id in others:
        raise UsageError(f"'{question_id}' is answered by the model '{others[question_id]}', which knows no events to look out "
                         f"for; forecast trace {question_id} shows what moves it")  # fmt: skip
    return lookup({one.id: one for one in edition.questions}, question_id, "question of this edition")


def _day(edition: EditionDossier, text: str) -> dt.date:
    """Return a day that paths reach, from the as-of date to the last deadline."""
    try:
        day = iso_day(text)
    except ValueError:
        raise UsageError(f"--by {text}: no date; write it as YYYY-MM-DD") from None
    last = max(question.deadline for question in edition.questions)
    if not edition.as_of < day <= last:
        raise UsageError(f"--by {text}: write a day after {edition.as_of}, the as-of date, and up to {last}, the last deadline")
    return day

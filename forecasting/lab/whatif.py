"""What-ifs for a reader: how far an event would move the answers if it were seen, or made to happen, and what to watch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecasting.analysis.suppositions import as_date
from forecasting.arguments import BOOL, FIT, ID, MOVED, NAMED, WHOLE, takes
from forecasting.dossier.edition import lookup
from forecasting.dossier.edits import Change
from forecasting.dossier.questions import Question
from forecasting.dossier.status import DAYS_PER_YEAR, years_between
from forecasting.errors import UsageError
from forecasting.inference.noticeable import noticeable
from forecasting.lab.fit import Fit
from forecasting.lab.probability_lines import Move, Moves
from forecasting.lab.tables import Table, warned
from forecasting.paths.conditional import position
from forecasting.paths.questions import happened, valid_hits
from forecasting.report.formatting import day, percent, plain, points

MOSTLY = 0.5  # of the paths on which an event is seen: a question that is void on more of them is not shown
HOW = {"weights": "the same draws, weighted", "refit": "fitted again", "nothing": "no number changes"}


@takes(table=MOVED, fit=FIT, event_id=ID, most=WHOLE)
def moved_answers(table: pd.DataFrame, fit: Fit, event_id: str, most: int = 8) -> pd.DataFrame:
    """Return the answers that `Fit.given` or `Fit.intervene` moved, the largest change first.

    Noticeably, by `forecasting.inference.noticeable`. Left out: questions that name the event, which it moves
    by what they mean and not by what it does, and all but the furthest-moved outcome of a question.
    """
    questions = {question.id: question for question in fit.edition.questions}
    about = [event_id in lookup(questions, name, "question of this edition").events() for name in table["question"]]
    moved = table[~pd.Series(about, index=table.index) & noticeable(table["change"], table["mcse_change"])]
    order = moved["change"].abs().sort_values(ascending=False, kind="stable").index
    return moved.loc[order].drop_duplicates("question").head(most).reset_index(drop=True)


@takes(fit=FIT, event_id=ID, occurs=BOOL)
def mostly_void(fit: Fit, event_id: str, by: str | dt.date, *, occurs: bool = True) -> dict[str, float]:
    """Return the questions that are void on more than half of the paths on which an event is seen, and on what share of them.

    Their answer is that of the few paths on which they can still be answered; quoted for the event it misleads.
    """
    position(fit.paths.world, event_id)  # an event that the edition has
    seen, found = happened(fit.paths, event_id, as_date(by)) == occurs, {}
    for question in fit.edition.questions:
        if question.void and seen.any():
            _, valid = valid_hits(fit.paths, question)
            found[question.id] = float((seen & ~valid).sum() / seen.sum())
    return {name: share for name, share in found.items() if share > MOSTLY}


@takes(fit=FIT, event_id=ID, occurs=BOOL)
def void_note(fit: Fit, event_id: str, by: str | dt.date, *, occurs: bool = True) -> str:
    """Return which answers are left out because their question is mostly void once an event is seen; nothing where none is."""
    found, seen = mostly_void(fit, event_id, by, occurs=occurs), "seen" if occurs else "not seen"
    left = [
        f"“{plain(title_of(fit, name, 'yes'))}” is void on {percent(share)} of the paths on which this is {seen}"
        for name, share in found.items()
    ]
    return f"Left out: {'; '.join(left)}." if left else ""


@takes(fit=FIT, question_id=ID, outcome=ID)
def title_of(fit: Fit, question_id: str, outcome: str) -> str:
    """Return a question's title, with the outcome's after a colon where there are several."""
    question: Question = lookup({q.id: q for q in fit.edition.questions}, question_id, "question of this edition")
    if question.form.kind == "yes/no":
        return question.title
    got = fit.posterior.answers[question_id]
    named = dict(zip(got.outcomes, got.titles, strict=True))
    known = fit.edition.dossier.events
    lookup(named, outcome, f"outcome of {question_id}")
    return f"{question.title.rstrip('?')}: {known[outcome].title if outcome in known else named[outcome]}"


@takes(fit=FIT, event_id=ID, occurs=BOOL, most=WHOLE)
def moves_if(fit: Fit, event_id: str, by: str | dt.date, *, occurs: bool = True, most: int = 6) -> Moves:
    """Return what seeing an event by a day (or not seeing it) would do to the answers, for `influence_figure`.

    Answers whose question is then void on most paths are left out (`mostly_void`).
    """
    table = moved_answers(_answerable(fit, event_id, by, occurs), fit, event_id, most)
    warning = fit.gate.mark.warning
    found = (
        Move(title_of(fit, row.question, row.outcome), f"{percent(row.p)} → {percent(row.p_given)}", row.change, warning)
        for row in table.itertuples()
    )
    return Moves(found, warning)


@takes(fit=FIT, event_id=ID)
def middle_day(fit: Fit, event_id: str, by: str | dt.date) -> dt.date:
    """Return the day by which an event has happened on half of the paths on which it happens by a later day."""
    paths = fit.paths
    times = paths.times[:, :, position(paths.world, event_id)]
    seen = times[times <= years_between(fit.edition.as_of, as_date(by))]
    if not seen.size:
        raise UsageError(f"event '{event_id}' happens on no path by {as_date(by)}; name a later day")
    return fit.edition.as_of + dt.timedelta(days=round(float(np.median(seen)) * DAYS_PER_YEAR))


def _answerable(fit: Fit, event_id: str, by: str | dt.date, occurs: bool = True) -> pd.DataFrame:
    """Return what `Fit.given` finds, without the questions that are void on most of the paths that are kept."""
    table = fit.given(event_id, by=by, occurs=occurs)
    return table[~table["question"].isin(list(mostly_void(fit, event_id, by, occurs=occurs)))]


@takes(fit=FIT, event_id=ID, most=WHOLE)
def seen_and_done(fit: Fit, event_id: str, by: str | dt.date, most: int = 6) -> Table:
    """Return side by side what answers become if an event is *seen* to happen by a day, and if it is *made* to happen.

    It is made to happen on the middle of the days on which it is seen (`middle_day`), so that its effects have as long.
    Seeing also tells of what brought the event about; making it happen has its effects only. Where the two differ,
    part of what goes together is not caused. Answers whose question is void on most paths once it is seen are left out.
    """
    seen, middle = moved_answers(_answerable(fit, event_id, by), fit, event_id, most), middle_day(fit, event_id, by)
    done = fit.intervene(event_id, at=middle).set_index(["question", "outcome"])
    rows = []
    for row in seen.itertuples():
        made = done.loc[(row.question, row.outcome)]
        rows.append({
            "answer": title_of(fit, row.question, row.outcome), "as it is": percent(row.p),
            "if seen": percent(row.p_given), "if made to happen": percent(made["p_do"]),
        })  # fmt: skip
    title = fit.edition.dossier.events[event_id].title
    caption = f"{title}: seen by {day(as_date(by))}, or made to happen on {day(middle)}, the middle of those days"
    return Table(rows, warned(caption, fit.gate.mark))


@takes(fit=FIT, question_id=ID, most=WHOLE)
def watch_table(fit: Fit, question_id: str, by: str | dt.date, most: int = 6) -> Table:
    """Return what to look out for: how likely each event is by a day, and what seeing it, or not, would make of an answer."""
    rows = [
        {
            "look out for": fit.edition.dossier.events[row.event].title, "chance": percent(row.p_event),
            "answer if it comes": percent(row.p_if), "if it does not": percent(row.p_if_not),
            "expected change": f"{points(row.expected_change).lstrip('+')} points",
        }
        for row in fit.watch(question_id, by=by).head(most).itertuples()
    ]  # fmt: skip
    question = next(q for q in fit.edition.questions if q.id == question_id)
    return Table(rows, warned(f"{question.title} What could be seen by {day(as_date(by))}.", fit.gate.mark))


@takes(fit=FIT, question_id=ID, tries=NAMED)
def tries_table(fit: Fit, question_id: str, tries: Mapping[str, Change]) -> Table:
    """Return what an answer would be under each of some changed records, tried one at a time, and how it was found.

    ``tries`` holds what `forecasting.change` made, by what it is called. An answer comes from the draws of the fit, weighted,
    or from a new fit where the weights do not carry it.

    Raises
    ------
    UsageError, DossierError
        If a record or field is unknown, or a rule forbids the value.
    """
    question, rows = lookup({q.id: q for q in fit.edition.questions}, question_id, "question of this edition"), []
    for name, one in tries.items():
        update = fit.update(one)
        own = update.table[update.table["question"] == question_id]
        row = own.loc[own["before"].idxmax()]
        how = HOW.get(update.how, update.how)
        rows.append({"read as": name, "as it is": percent(row["before"]), "then": percent(row["after"]),
                     "change": f"{points(row['change'])} points", "how": how})  # fmt: skip
    return Table(rows, warned(question.title, fit.gate.mark))

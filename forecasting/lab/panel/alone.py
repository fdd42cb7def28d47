"""How much a row of the history and a count move the answers by themselves, by weights of the draws at hand.

A sign that is left out does not act; of a row that says that nothing had happened the quiet time is no evidence then, though
the event is still known to be open. A count cannot be left out: without its cases a rate has Jeffreys' prior alone, which is no
distribution, so that nothing would be left to answer from. What is asked of it is what *one more case* in the same exposure
would move, which says how much hangs on each case that was counted or overlooked. Where the weights do not carry nothing is said
in numbers: a short refit would answer, and takes seconds for each record; the control itself starts one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from forecasting.dossier.events import HistoryRow
from forecasting.dossier.questions import Question
from forecasting.dossier.status import statuses
from forecasting.errors import ForecastingError
from forecasting.fitting.fit import EditionFit
from forecasting.inference.noticeable import noticeable
from forecasting.lab.panel.behind import HISTORY
from forecasting.lab.panel.controls import Card
from forecasting.lab.panel.edits import Edit, changed, record_of, with_history
from forecasting.lab.panel.follow import Followed, Follower
from forecasting.lab.panel.moved import Moved
from forecasting.models.network.evidence import Evidence
from forecasting.models.network.history_rows import HistoryRows, build_history_rows
from forecasting.models.network.rows import build_rows

MORE, FEWER = "one more case", "one case fewer"
LIFE_TABLE = "its cases are counted by age, so that one more has no single place"
REFUSED = "it cannot be left out by itself"
ANEW = "what {what} moves is not known without fitting anew; try it below"
NO_CHANGE = "moves the answer by nothing that can be told from chance"


@dataclass(frozen=True)
class Alone:
    """What one record by itself gives: the answers with it left out, or with one case more; or why that is not known.

    ``case`` says of a count what was tried, and is empty for a row that was left out.
    """

    followed: Followed | None
    case: str = ""
    why: str = ""


def asked_alone(card: Card) -> bool:
    """Return whether a record is one that is asked here: a count or a row of the history."""
    return card.group in ("classes", "history")


def alone(follower: Follower, card: Card) -> Alone:
    """Return what a count or a row of the history gives by itself; a tenth of a second to one of one core."""
    try:
        return _row(follower, card.id) if card.id.startswith(HISTORY) else _count(follower, card.id)
    except ForecastingError:  # a rule forbids the edition without it
        return Alone(None, why=REFUSED)


def _row(follower: Follower, name: str) -> Alone:
    row: HistoryRow = record_of(follower.fit.edition, name)
    if row.what == "occurred":  # without it the event is open again, in a world of which these draws know nothing
        return Alone(None, why=ANEW.format(what="leaving it out"))
    evidence = without_quiet(follower.fit, name) if row.what == "survived" else without_signal(follower.fit, row)
    found = follower.by_evidence(evidence)
    return Alone(found) if isinstance(found, Followed) else Alone(None, why=ANEW.format(what="leaving it out"))


def _count(follower: Follower, name: str) -> Alone:
    counted = record_of(follower.fit.edition, name)
    if counted.life_table:
        return Alone(None, why=LIFE_TABLE)
    full = counted.unit == "trial" and counted.events + 1 > counted.exposure
    case, events = (FEWER, max(counted.events - 1, 0.0)) if full else (MORE, counted.events + 1)
    found = follower.by_weights(changed(follower.fit.edition, (Edit(name, "events", counted.events, events),)))
    return Alone(found, case) if isinstance(found, Followed) else Alone(None, case, ANEW.format(what=case))


def without_signal(fit: EditionFit, row: HistoryRow) -> Evidence:
    """Return the evidence in which a sign of the history does not act; what it repeated of others counts in full then."""
    rows = [one for one in fit.edition.history if one.what == "signal"]
    places = [i for i, signal in enumerate(fit.structure.signals) if signal.claim is None]
    use = fit.posterior.evidence.use_signals.copy()
    use[places[rows.index(row)]] = False
    return _with(fit, use, fit.posterior.evidence.history)


def without_quiet(fit: EditionFit, name: str) -> Evidence:
    """Return the evidence without the quiet time that one row tells of, since the last day known without it.

    That the event is still open stays known, as in `forecasting.analysis.survived_exposure`: only what that time teaches of
    its hazard is taken out.
    """
    less = with_history(fit.edition, [Edit(name, "counted", True, False)]).dossier.edition(fit.edition.edition.id)
    history = build_history_rows(fit.edition, replace(fit.structure, statuses=statuses(less)))
    return _with(fit, fit.posterior.evidence.use_signals, history)


def _with(fit: EditionFit, use: np.ndarray, history: HistoryRows) -> Evidence:
    full = fit.posterior.evidence
    rows = build_rows(fit.edition, fit.structure, (*full.claims.worlds, *history.worlds), use)
    return replace(full, use_signals=use, history=history, rows=rows)


def alone_moved(found: Alone, follower: Follower, question: Question) -> Moved:
    """Return how far a record by itself moves the answer to a question; of several outcomes the one moved most.

    Of a row that is p − p without it, as of a claim; of a count p with one more case − p. A change that may be chance is none.
    """
    if found.followed is None:
        return Moved(why=found.why)
    before, after = follower.before.answers[question.id], found.followed.answers[question.id]
    changes = (after.p - before.p) if found.case else (before.p - after.p)
    i = 0 if question.form.kind == "yes/no" else int(np.abs(changes).argmax())
    outcome = follower.fit.posterior.answers[question.id].outcomes[i]
    if not noticeable(changes[i], after.mcse_change[i]):
        return Moved(case=found.case, why=f"{found.case or 'it'} {NO_CHANGE}")
    return Moved(float(changes[i]), outcome, case=found.case)

"""What a fit's answers become under a supposition: an event seen, an event made to happen, probabilities typed by hand.

Nothing is fitted anew: the simulated paths are kept, conditioned on, run again from the same thresholds, or reweighted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from forecasting.analysis.registry import columns_of
from forecasting.arguments import DAY_OR_TEXT, iso_day, shown, taken
from forecasting.dossier.edition import EditionDossier, lookup
from forecasting.dossier.graph import joined, reach
from forecasting.dossier.questions import Question
from forecasting.errors import UsageError
from forecasting.fitting.fit import EditionFit
from forecasting.inference.gate_report import gated
from forecasting.inference.monte_carlo import mean_errors
from forecasting.paths import conditional, entropy_pooling
from forecasting.paths.entropy_pooling import Tilted
from forecasting.paths.grids import middle
from forecasting.paths.packed import seen_by
from forecasting.paths.questions import answer
from forecasting.paths.simulate import simulate

INTERVENED = ("question", "outcome", "p", "p_do", "mcse_p_do", "change", "mcse_change")


def as_date(day: str | dt.date) -> dt.date:
    """Return a date, also from text such as "2025-06-30".

    Raises
    ------
    UsageError
        If the text is no date.

    Examples
    --------
    >>> as_date("2025-06-30")
    datetime.date(2025, 6, 30)
    """
    if type(day) is np.datetime64 and not np.isnat(day):
        day = day.astype("datetime64[D]").item()
    holds, found = taken(DAY_OR_TEXT, day)
    if holds and isinstance(found, dt.date):
        return found
    try:
        return iso_day(found if holds else "")
    except ValueError:
        raise UsageError(f"{shown(day)} is no date; write it as YYYY-MM-DD") from None


def simulated_day(fit: EditionFit, day: str | dt.date) -> dt.date:
    """Return a date that the paths of a fit reach: later than its last deadline nothing was simulated.

    Raises
    ------
    UsageError
        If it is no date, or lies after the last deadline of the edition's questions.
    """
    wanted, end = as_date(day), max(question.deadline for question in fit.edition.questions)
    if wanted > end:
        raise UsageError(f"{wanted} lies after the last deadline of the edition, where its paths end; write {end} or earlier, or "
                         f"add a question to the edition with a deadline on {wanted} or later")  # fmt: skip
    return wanted


def given(fit: EditionFit, event_id: str, *, by: str | dt.date, occurs: bool = True) -> pd.DataFrame:
    """Return every answer given that an event is seen to happen by a day, or not to; see `forecasting.paths.conditional.given`.

    Returns
    -------
    DataFrame
        Columns question, outcome, p, p_given, mcse_p_given, change = p_given − p, mcse_change: each error is that of the
        number it names, and stands after it.
    """
    day = simulated_day(fit, by)
    return conditional.given(fit.paths, fit.edition.questions, event_id, day, occurs=occurs, gate=fit.gate.mark)


def tilted(fit: EditionFit, typed: Mapping[str, float]) -> Tilted:
    """Return every answer once some questions have typed probabilities; see `forecasting.paths.entropy_pooling.tilted`."""
    return entropy_pooling.tilted(fit.paths, fit.edition.questions, typed, gate=fit.gate.mark)


def watch(fit: EditionFit, question_id: str, *, by: str | dt.date | None = None) -> pd.DataFrame:
    """Return the events that could be seen by a day, ranked by how much seeing them would move a question.

    ``by`` is half-way to the question's deadline unless given. See `forecasting.paths.conditional.watch`. Only events that have
    something to do with the question are there (`connected_events`).
    """
    question = lookup({question.id: question for question in fit.edition.questions}, question_id, "question of this edition")
    return _watched(fit, question, middle(fit.edition, question.deadline) if by is None else simulated_day(fit, by))


def watch_table(fit: EditionFit) -> pd.DataFrame:
    """Return `watch` for every question of the edition, half-way to its deadline, one below the other.

    Returns
    -------
    DataFrame
        The columns of `forecasting.paths.conditional.watch` after question and ``by``, the day of which it is asked.
    """
    days = {question.id: middle(fit.edition, question.deadline) for question in fit.edition.questions}
    seen = {by: seen_by(fit.paths, by) for by in set(days.values())}
    tables = []
    for question in fit.edition.questions:
        by = days[question.id]
        found = _watched(fit, question, by, seen[by])
        found.insert(0, "question", question.id)
        found.insert(1, "by", by)
        tables.append(found)
    kept = [table for table in tables if len(table)]  # an empty table has columns without a type
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=list(columns_of("watch")))


def _watched(fit: EditionFit, question: Question, by: dt.date, seen: np.ndarray | None = None) -> pd.DataFrame:
    among = connected_events(fit.edition, question.events())
    return conditional.watch(fit.paths, question, by, gate=fit.gate.mark, among=among, seen=seen)


def connected_events(edition: EditionDossier, events: Iterable[str]) -> frozenset[str]:
    """Return the events that have a cause in common with some events, or are one: by effects, drivers, classes, conditions.

    Two events of one author are correlated also where nothing joins them: if one comes, that author is believed more, and so
    is what he says of the other. It is right that an answer moves by that, and no reader would look out for it.

    Examples
    --------
    >>> import forecasting as fc
    >>> edition = fc.load_dossier("priors").edition("2024-12-syria")
    >>> "basing-deal" in connected_events(edition, ["khmeimim-lost"])
    True
    """
    causes = joined([
        *((effect.to, effect.from_) for effect in edition.effects),
        *((loading.event, f"driver {driver.id}") for driver in edition.drivers for loading in driver.loadings),
        *((event.id, f"class {event.reference_class}") for event in edition.events),
        *((event.id, name) for event in edition.events for name in event.class_given),
    ])  # fmt: skip
    own: frozenset[str] = reach(causes, events)
    before: dict[str, frozenset[str]] = {name: reach(causes, [name]) for name in edition.event_ids}
    return frozenset(name for name, found in before.items() if own & found)


@gated
def intervene(fit: EditionFit, event_id: str, *, at: str | dt.date | None) -> pd.DataFrame:
    """Return every answer if an event were made to happen on a day, or kept from happening (``at`` is None).

    Only its effects follow; what would have brought it about is left as it was. See `forecasting.paths.conditional.intervene`.

    Returns
    -------
    DataFrame
        Columns question, outcome, p, p_do, mcse_p_do, change = p_do − p, mcse_change: each error is that of the number it
        names. The paths share their thresholds with the fit's, so an answer that nothing reaches has changed by exactly 0,
        with an error of 0, while p_do is known no better than p.
    """
    simulated = fit.paths
    world = conditional.intervene(simulated.world, event_id, None if at is None else simulated_day(fit, at))
    paths = simulate(world, simulated.grid, paths_per_draw=simulated.times.shape[1], random_seed=fit.seed)
    rows = []
    for question in fit.edition.questions:
        got, before = answer(paths, question), fit.posterior.answers[question.id].p
        for i, outcome in enumerate(got.outcomes):
            p, p_do = before[:, i], got.p[:, i]
            error, change_error = mean_errors(np.stack([p_do, p_do - p], axis=1)).tolist()
            rows.append((question.id, outcome, p.mean(), p_do.mean(), error, p_do.mean() - p.mean(), change_error))
    return pd.DataFrame(rows, columns=list(INTERVENED))

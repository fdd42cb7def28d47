"""What else would change: paths on which an event is seen, forced or forbidden, and what is worth looking out for.

Conditioning keeps the paths on which something happens, so it also says what its happening teaches about causes and about
the hazards themselves. Forcing makes it happen and lets only its effects follow. The two differ whenever what brings an
event about bears on the question by another way too.

References
----------
Pearl, J. (2009), *Causality*, 2nd ed., section 3.2 (seeing and doing). Lindley, D. V. (1956), *On a measure of the
information provided by an experiment*, Ann. Math. Statist. 27 (expected information).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from forecasting.dossier.questions import Question
from forecasting.dossier.status import years_between
from forecasting.errors import UsageError, near
from forecasting.forecasts import NOT_JUDGED, Gate, marked
from forecasting.inference.monte_carlo import share_error
from forecasting.inference.noticeable import noticeable
from forecasting.paths.inputs import World
from forecasting.paths.packed import counted, packed, seen_by
from forecasting.paths.questions import happened, linearised, valid_hits
from forecasting.paths.simulate import Paths

GIVEN = ("question", "outcome", "p", "p_given", "mcse_p_given", "change", "mcse_change")
FEWEST = 100  # paths on which something can be conditioned
WATCH = ("event", "p_event", "p_if", "mcse_p_if", "p_if_not", "expected_change", "information_bits")


def position(world: World, event_id: str) -> int:
    """Return the place of an event that has not happened yet.

    Raises
    ------
    UsageError
        If there is no such event, or it has happened.
    """
    if event_id not in world.event_ids:
        raise UsageError(f"no event '{event_id}' in this edition; {near(event_id, world.event_ids, 'its events')}")
    k = world.event_ids.index(event_id)
    if np.isfinite(world.occurred[k]):
        raise UsageError(f"event '{event_id}' has happened already: there is nothing left to suppose")
    return k


def given(
    paths: Paths, questions: Sequence[Question], event_id: str, by: dt.date, *, occurs: bool = True, gate: Gate = NOT_JUDGED
) -> pd.DataFrame:
    """Return P(outcome | the event happens by a day), or does not, beside P(outcome).

    P(B | A) = Σ 1[A and B] / Σ 1[A] over all draws and paths: a ratio, so draws under which A is likelier count more.

    Parameters
    ----------
    paths : Paths
        From `forecasting.paths.simulate.simulate`.
    by : date
        The day by which it is seen to have happened (or not, with ``occurs=False``).
    gate : Gate
        What the gate found of the fit behind the paths; without it the table says that nobody asked.

    Returns
    -------
    DataFrame
        Columns question, outcome, p, p_given with its Monte Carlo error ``mcse_p_given``, change = p_given − p with its own,
        ``mcse_change``: the two numbers come from the same paths, so it is not that of p_given. Of a question that can be
        void both are given that it is not; one that is not void on fewer than 100 of the paths with the event has no row.

    Raises
    ------
    UsageError
        If the event is unknown or settled, or happens on fewer than 100 of the paths (too few to say anything).
    """
    position(paths.world, event_id)
    seen = packed(happened(paths, event_id, by) == occurs)
    if (n := counted(seen).sum()) < FEWEST:
        what, size = "happens" if occurs else "fails to happen", paths.times[:, :, 0].size
        raise UsageError(f"'{event_id}' {what} by {by} on {n} of {size} paths: too few to condition on")
    rows = []
    for question in questions:
        outcomes, valid = valid_hits(paths, question)
        on = packed(valid)
        if counted(seen & on).sum() < FEWEST:
            continue
        for outcome, hits in outcomes:
            bits = packed(hits)
            p, (after, error) = share(bits, on)[0], share(bits, seen & on)
            of_change = share_error(*_by_draw(bits, seen & on), less=linearised(hits, valid).mean(axis=1))  # paired over draws
            rows.append((question.id, outcome, p, after, error, after - p, of_change))
    return marked(pd.DataFrame(rows, columns=list(GIVEN)), gate)


def share(hits: np.ndarray, seen: np.ndarray) -> tuple[float, float]:
    """Return Σ hits·seen / Σ seen over all paths, and its standard error with draws as clusters; sets as bits (draw, word)."""
    both, one = _by_draw(hits, seen)
    return float(both.sum() / one.sum()), share_error(both, one)


def _by_draw(hits: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return counted(hits & seen).astype(float), counted(seen).astype(float)


def watch(
    paths: Paths, question: Question, by: dt.date, *, gate: Gate = NOT_JUDGED, among: Collection[str] | None = None,
    seen: np.ndarray | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Rank the events that could be seen by a day by how much seeing them would move a question.

    Parameters
    ----------
    question : Question
        Events that the question is about are left out: seeing those would only answer it.
    by : date
        The day on which one looks.
    gate : Gate
        As for `given`.
    among : collection of str, optional
        The events to look at, by default all.
    seen : ndarray, optional
        `forecasting.paths.packed.seen_by` of that day, where it is at hand: questions of one deadline share it.

    Returns
    -------
    DataFrame
        Per event: P(event by then); P(headline outcome) if it has and if it has not happened; the expected change
        P(e)·|p_if − p| + P(¬e)·|p_if_not − p|, by which rows are ranked; the mutual information of the event and all
        outcomes in bits (what one bit would be: knowing the answer to an even question). ``mcse_p_if`` is the error of p_if.
        The headline outcome is the likeliest, or *yes*. Events whose two numbers differ by less than four Monte Carlo
        errors are left out (`forecasting.inference.noticeable`), and so are those that are seen, or not seen, on fewer than
        100 of the paths on which the question is not void.
    """
    hits, valid = valid_hits(paths, question)
    _, headline = max(hits, key=lambda pair: pair[1].mean())
    outcomes, asked, on, size = [packed(hit) for _, hit in hits], packed(headline), packed(valid), valid.size
    p, rows = share(asked, on)[0], []
    for event_id, occurred, happens in zip(
        paths.world.event_ids, paths.world.occurred, seen_by(paths, by) if seen is None else seen, strict=True
    ):
        if np.isfinite(occurred) or event_id in question.events() or (among is not None and event_id not in among):
            continue
        if min(counted(on & side).sum() for side in (happens, ~happens)) < FEWEST:
            continue
        (p_if, error), (p_if_not, other) = (share(asked, on & side) for side in (happens, ~happens))
        if not noticeable(p_if - p_if_not, np.hypot(error, other)):
            continue
        p_event = float(counted(happens).sum()) / size
        expected = p_event * abs(p_if - p) + (1 - p_event) * abs(p_if_not - p)
        rows.append((event_id, p_event, p_if, error, p_if_not, expected, information(outcomes, happens, size)))
    table = pd.DataFrame(rows, columns=list(WATCH))
    return marked(table.sort_values("expected_change", ascending=False, kind="stable", ignore_index=True), gate)


def information(hits: Sequence[np.ndarray], seen: np.ndarray, size: int) -> float:
    """Return the mutual information, in bits, of an event and the outcomes of a question: Σ p(e,o) log₂ p(e,o)/p(e)p(o).

    Sets of paths are bits (draw, word), ``size`` how many paths there are. A yes/no question has the one outcome *yes*; its
    complement is added.
    """
    n_seen = int(counted(seen).sum())
    joint = np.array([[counted(hit & seen).sum(), counted(hit & ~seen).sum()] for hit in hits])
    if len(hits) == 1:
        joint = np.vstack([joint, [n_seen, size - n_seen] - joint[0]])
    joint = joint / size
    apart = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    inside = joint > 0
    return float((joint[inside] * np.log2(joint[inside] / apart[inside])).sum())


def intervene(world: World, event_id: str, at: dt.date | None) -> World:
    """Return the world in which an event happens on a day, or never (``at`` is None), whatever would have brought it about.

    Raises
    ------
    UsageError
        If the event is unknown or settled, or the day lies before the as-of date.
    """
    k = position(world, event_id)
    if at is None:
        hazard = world.hazard.copy()
        hazard[:, world.first_piece[k] : world.first_piece[k + 1]] = 0.0
        return replace(world, hazard=hazard)
    if at < world.as_of:
        raise UsageError(f"{at} lies before the as-of date {world.as_of}: only what is to come can be supposed")
    occurred, scheduled = world.occurred.copy(), world.scheduled.copy()
    occurred[k], scheduled[k] = years_between(world.as_of, at), np.inf
    return replace(world, occurred=occurred, scheduled=scheduled)

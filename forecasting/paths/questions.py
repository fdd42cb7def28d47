"""Ask questions of simulated paths: yes/no statements, stages reached, members of a scenario set."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from forecasting.dossier.records import Expression, Question
from forecasting.dossier.status import years_between
from forecasting.paths.simulate import Paths

EPS = 1e-9


@dataclass(frozen=True)
class Answer:
    """P(outcome | draw) for each outcome of a question.

    ``p`` has dims (draw, outcome). ``noise`` (draw, outcome) is the variance that counting a finite number of paths adds to
    each; it is zero where the hazard was integrated instead.
    """

    outcomes: tuple[str, ...]
    titles: tuple[str, ...]
    p: np.ndarray
    noise: np.ndarray


def when(paths: Paths, event_id: str) -> np.ndarray:
    """Return when an event happens, in years from the as-of date, inf if not before the end (draw, path)."""
    return paths.times[:, :, paths.world.event_ids.index(event_id)]


def happened(paths: Paths, event_id: str, by: dt.date) -> np.ndarray:
    """Return whether an event has happened by the end of a day (draw, path)."""
    return when(paths, event_id) <= years_between(paths.world.as_of, by) + EPS


def truth(paths: Paths, statement: Expression, deadline: dt.date) -> np.ndarray:
    """Return whether a statement is true on each path (draw, path)."""
    if statement.occurs:
        return happened(paths, statement.occurs, statement.by or deadline)
    if statement.holds:
        return ~happened(paths, statement.holds, statement.until or deadline)
    parts = statement.all_of or statement.any_of or statement.none_of or statement.one_of or ()
    count = np.sum([truth(paths, part, deadline) for part in parts], axis=0, dtype=np.int8)
    if statement.all_of:
        return count == len(parts)
    if statement.any_of:
        return count > 0
    return count == 0 if statement.none_of else count == 1


def _leaf(paths: Paths, statement: Expression, deadline: dt.date) -> np.ndarray | None:
    """Return P(statement | draw) from the integrated hazard, if it is about one event."""
    event_id = statement.occurs or statement.holds
    if event_id is None:
        return None
    k = paths.world.event_ids.index(event_id)
    t = years_between(paths.world.as_of, statement.by or statement.until or deadline)
    if np.isfinite(paths.world.occurred[k]):
        survival = np.full(paths.times.shape[0], float(paths.world.occurred[k] > t))
    else:
        at = int(np.argmin(np.abs(paths.grid - t)))
        if abs(paths.grid[at] - t) > 1e-6:
            raise ValueError(f"{deadline} is not on the grid of the simulation; simulate to every deadline")
        survival = paths.survival[:, k, at]
    return survival if statement.holds else 1 - survival


def _counted(hits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean over paths and the variance that counting adds to it."""
    n = hits.shape[1]
    p = hits.mean(axis=1)
    return p, p * (1 - p) / max(n - 1, 1)


def outcome_hits(paths: Paths, question: Question) -> list[tuple[str, np.ndarray]]:
    """Return, per outcome of a question, on which paths it comes about (draw, path).

    A yes/no question has the one outcome ``yes``; stages have ``none`` and one outcome per stage (the highest reached in
    order); competing events have ``none`` and one outcome each (the first to happen, of several at one time the first in
    the list); a scenario set has its members. Outcomes of one question are exclusive, and one of them comes about.
    """
    deadline = question.deadline
    if question.asks:
        return [("yes", truth(paths, question.asks, deadline))]
    if question.stages:
        reached = np.cumprod([happened(paths, name, deadline) for name in question.stages], axis=0).sum(axis=0)
        return [(name, reached == i) for i, name in enumerate(("none", *question.stages))]
    if question.first_of:
        at = np.stack([when(paths, name) for name in question.first_of])
        first = np.where(at.min(axis=0) <= years_between(paths.world.as_of, deadline) + EPS, at.argmin(axis=0) + 1, 0)
        return [(name, first == i) for i, name in enumerate(("none", *question.first_of))]
    scenarios = question.scenarios or ()
    named = {member.id: truth(paths, member, deadline) for member in scenarios if not member.other}
    rest = ~np.any(list(named.values()), axis=0)
    return [(member.id, rest if member.other else named[member.id]) for member in scenarios]


def answer(paths: Paths, question: Question) -> Answer:
    """Return the probability of every outcome of a question, draw by draw; those of `outcome_hits`, summing to one."""
    if question.asks and (p := _leaf(paths, question.asks, question.deadline)) is not None:
        return Answer(("yes",), ("yes",), p[:, None], np.broadcast_to(0.0, (len(p), 1)))
    hits = outcome_hits(paths, question)
    counted = [_counted(found) for _, found in hits]
    names = tuple(name for name, _ in hits)
    titles = {"none": "no stage" if question.stages else "none of them"}
    titles |= {member.id: member.title for member in question.scenarios or ()}
    return Answer(
        names,
        tuple(titles.get(name, name) for name in names),
        np.stack([p for p, _ in counted], axis=1),
        np.stack([v for _, v in counted], axis=1),
    )


def epistemic_draws(p: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Return P(outcome | θ) with the spread that counting paths added taken out again.

    Var(p̂) = Var(p) + E[noise], so p̄ + (p̂ − p̄)·√(1 − E[noise]/Var(p̂)) has the variance of p itself. Without this the
    interval over what is not known of the hazards would also hold the luck of a few dozen paths.

    References
    ----------
    Sun, Y., Apley, D. W. and Staum, J. (2011), *Efficient nested simulation for estimating the variance of a conditional
    expectation*, Operations Research 59.
    """
    total = p.var()
    keep = np.sqrt(max(0.0, 1 - noise.mean() / total)) if total > 0 else 1.0
    return p.mean() + (p - p.mean()) * keep

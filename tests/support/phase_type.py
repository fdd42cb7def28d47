"""The exact answer for small networks in which things follow from others: the master equation with phases, by SciPy's expm.

An independent method, which shares no code with the simulator: an exponential lag is a stage that a network is in. A state is
which events have happened, and for every lead whether it has not begun, is under way, or is over.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from master_equation import BLOCKS, ENABLES, MULTIPLIES
from scipy.linalg import expm

from forecasting.paths.inputs import LEADS, World

IDLE, UNDER_WAY, OVER = range(3)
State = tuple[frozenset[int], tuple[int, ...]]


class PhaseType:
    """The states of a network of constant hazards with leads, and how fast it goes from one to another.

    Parameters
    ----------
    w : World
        One piece per event, one draw; only its numbers are read.
    """

    def __init__(self, w: World) -> None:
        self.w, self.n = w, len(w.event_ids)
        self.leads = [int(e) for e in np.flatnonzero(w.effect_kind == LEADS)]
        sets = [frozenset(k for k in range(self.n) if code >> k & 1) for code in range(2**self.n)]
        self.states: list[State] = list(product(sets, product(range(3), repeat=len(self.leads))))
        self.place = {state: i for i, state in enumerate(self.states)}

    def can(self, k: int, happened: frozenset[int]) -> bool:
        """Return whether an event can happen in a state."""
        into = [(int(self.w.effect_from[e]), self.w.effect_kind[e]) for e in np.flatnonzero(self.w.effect_to == k)]
        missing = any(kind == ENABLES and cause not in happened for cause, kind in into)
        return k not in happened and not missing and not any(kind == BLOCKS and cause in happened for cause, kind in into)

    def rate(self, k: int, happened: frozenset[int]) -> float:
        """Return an event's own hazard in a state."""
        rate = self.w.hazard[0, self.w.first_piece[k]]
        for e in np.flatnonzero((self.w.effect_to == k) & (self.w.effect_kind == MULTIPLIES)):
            rate *= self.w.ratio[0, e] if self.w.effect_from[e] in happened else 1.0
        return float(rate) if self.can(k, happened) else 0.0

    def after(self, k: int, state: State, p: float = 1.0) -> list[tuple[State, float]]:
        """Return where an event takes the network, with probabilities: what it leads to begins, or happens at once."""
        happened, phases = state
        found: list[tuple[State, float]] = [((happened | {k}, phases), p)]
        for i, e in enumerate(self.leads):
            if self.w.effect_from[e] != k:
                continue
            q, target, split = float(self.w.ratio[0, e]), int(self.w.effect_to[e]), []
            for (events, at), mass in found:
                began = (*at[:i], UNDER_WAY, *at[i + 1 :])
                over = (*at[:i], OVER, *at[i + 1 :])
                split.append(((events, over), mass * (1 - q)))
                if self.w.effect_lag[e] > 0:
                    split.append(((events, began), mass * q))
                elif self.can(target, events):
                    split += self.after(target, (events, over), mass * q)
                else:
                    split.append(((events, over), mass * q))
            found = split
        return found

    def generator(self) -> np.ndarray:
        """Return Q (from state, to state)."""
        q = np.zeros((len(self.states), len(self.states)))
        for state, i in self.place.items():
            happened, phases = state
            moves = [(after, self.rate(k, happened) * p) for k in range(self.n) if k not in happened
                     for after, p in self.after(k, state)]  # fmt: skip
            for j, e in enumerate(self.leads):
                if phases[j] == UNDER_WAY and self.w.effect_lag[e] > 0:
                    target, over = int(self.w.effect_to[e]), (happened, (*phases[:j], OVER, *phases[j + 1 :]))
                    then = self.after(target, over) if self.can(target, happened) else [(over, 1.0)]
                    moves += [(after, p / float(self.w.effect_lag[e])) for after, p in then]
            for after, rate in moves:
                q[i, self.place[after]] += rate
                q[i, i] -= rate
        return q

    def distribution(self, until: float, known: dict[int, float] | None = None) -> dict[frozenset[int], float]:
        """Return P(set of happened events) at a time; ``known`` causes began that many years before, and nothing followed yet."""
        known = known or {}
        p = np.zeros(len(self.states))
        start: list[tuple[tuple[int, ...], float]] = [((), 1.0)]
        for e in self.leads:
            age = known.get(int(self.w.effect_from[e]))
            if age is None:
                start = [((*phases, IDLE), mass) for phases, mass in start]
                continue
            q = float(self.w.ratio[0, e])
            waits = q * np.exp(-age / self.w.effect_lag[e])
            chance = waits / (waits + 1 - q)  # Bayes: under way, given that nothing has followed
            start = [((*phases, at), mass * share) for phases, mass in start
                     for at, share in ((UNDER_WAY, chance), (OVER, 1 - chance))]  # fmt: skip
        for phases, mass in start:
            p[self.place[frozenset(known), phases]] += mass
        p = p @ expm(self.generator() * until)
        found: dict[frozenset[int], float] = {}
        for (happened, _), mass in zip(self.states, p, strict=True):
            found[happened] = found.get(happened, 0.0) + float(mass)
        return found

"""The coherent probabilities nearest to typed ones: a convex programme over the joint distributions of the possible worlds.

It is solved by an interior-point method; a linear programme then proves how far from its minimum F can still be. That
proof has to come out, or nothing does.

References
----------
Boyd, S. and Vandenberghe, L. (2004), *Convex Optimization*, sections 11.3 (the barrier method) and 5.5.1 (the gap as proof).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize

from forecasting.errors import ForecastingError

TOLERANCE = 1e-8  # two numbers that differ by less are taken for the same
GAP = 1e-6  # nats by which F may miss its minimum; the numbers themselves are then right to about 1e-7
ALMOST_NEVER = 1e-6  # a condition less likely than this was only made impossible to escape a contradiction
AIMS = tuple(10.0**-k for k in range(9))  # nats by which each stage of the barrier method may miss
REFINED = 2  # refinements of a solution of the Newton equations
STEPS, CLOSE, DONE = 60, 0.05, 1e-10  # Newton steps in each; squared Newton decrements
PRECISE = {"method": "highs", "options": {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}}


@dataclass(frozen=True)
class Typed:
    """Typed numbers over the possible worlds."""

    p: np.ndarray  # (statement,)
    weight: np.ndarray  # (statement,) infinite where the number is held fixed
    both: np.ndarray  # (statement, world) 1 where its condition is met and it is true
    given: np.ndarray  # (statement, world) 1 where its condition is met
    in_set: np.ndarray  # (statement,) member of a set that is one forecast

    def only(self, which: np.ndarray) -> Typed:
        """Return some of the statements, in all worlds."""
        return Typed(self.p[which], self.weight[which], self.both[which], self.given[which], self.in_set[which])

    def within(self, which: np.ndarray) -> Typed:
        """Return some of the statements, in the worlds where the condition of one of them is met."""
        met = self.given[which].any(axis=0)
        part = self.only(which)
        return Typed(part.p, part.weight, part.both[:, met], part.given[:, met], part.in_set)

    @property
    def excess(self) -> np.ndarray:
        """What a joint distribution has to average to zero: 1[A and B] − p·1[B] (statement, world)."""
        return self.both - self.p[:, None] * self.given


def possible(typed: Typed) -> bool:
    """Return whether some joint distribution has the typed numbers.

    Conditions that could then only have probability zero are judged among themselves, as Coletti and Scozzafava ask.
    """
    if typed.p.size == 0:
        return True
    excess, n = typed.excess, typed.both.shape[1]
    slack = np.ones((len(excess), 1))
    within = np.block([[excess, -slack], [-excess, -slack]])
    worst = optimize.linprog(
        np.eye(n + 1)[n], A_ub=within, b_ub=np.zeros(len(within)), A_eq=[[*np.ones(n), 0.0]], b_eq=[1.0], **PRECISE
    )
    if worst.fun > TOLERANCE:
        return False
    level, sums = np.vstack([excess, -excess, np.ones(n)]), np.append(np.full(2 * len(excess), TOLERANCE), 1.0)
    reach = [
        -optimize.linprog(-met, A_ub=level[:-1], b_ub=sums[:-1], A_eq=level[-1:], b_eq=sums[-1:], **PRECISE).fun
        for met in typed.given
    ]
    left = np.flatnonzero(np.array(reach) <= ALMOST_NEVER)
    return left.size == 0 or possible(typed.within(left))


def nearest(typed: Typed) -> tuple[np.ndarray, float]:
    """Return the coherent numbers nearest to the typed ones (statement,), and how far they are in nats."""
    joint, cost = project(typed)
    met = typed.given @ joint
    p = typed.both @ joint / np.maximum(met, ALMOST_NEVER)
    left = np.flatnonzero(met <= ALMOST_NEVER)
    if left.size:
        p[left], inner = nearest(typed.within(left))
        cost = max(cost, inner) if cost <= GAP else cost
    return np.where(np.isinf(typed.weight), typed.p, p), cost


def gains(typed: Typed, joint: np.ndarray) -> np.ndarray:
    """Return by how much the coherent numbers of a joint distribution score better in each world (world,), in nats.

    Its mean under the joint distribution is F, and it is the gradient of F.
    """
    met = typed.given @ joint
    r = np.where(met > 0, typed.both @ joint / np.maximum(met, 1e-300), typed.p)
    r = np.clip(r, 1e-300, 1)
    weight = np.where(np.isinf(typed.weight), 0.0, typed.weight)
    yes = np.log(r / typed.p)
    no = np.log(np.maximum(1 - r, 1e-300) / (1 - typed.p))
    single = typed.both * yes[:, None] + (typed.given - typed.both) * no[:, None]
    member = typed.both * yes[:, None] + (typed.p - r)[:, None]
    return weight @ np.where(typed.in_set[:, None], member, single)


def project(typed: Typed) -> tuple[np.ndarray, float]:
    """Return a joint distribution that minimises F (world,), and F.

    Newton steps on F − (1/s)·Σ log π, with s raised tenfold from stage to stage (F is then known to worlds/s); the Hessian
    of F has the rank of the statements, so a step costs no more than the number of worlds times its square.

    Raises
    ------
    ForecastingError
        If the minimum could not be proved to within 1e-6 nats.
    """
    columns, where = np.unique(np.vstack([typed.both, typed.given]), axis=1, return_index=True)
    rows = len(typed.p)
    held = Typed(typed.p, typed.weight, columns[:rows], columns[rows:], typed.in_set)
    equal = np.vstack([held.only(np.flatnonzero(np.isinf(held.weight))).excess, np.ones(columns.shape[1])])
    sums = np.append(np.zeros(len(equal) - 1), 1.0)
    joint = _inside(equal, sums)
    open_ = np.flatnonzero(joint > 0)
    free = np.flatnonzero(np.isfinite(held.weight))
    small = Typed(held.p[free], held.weight[free], held.both[np.ix_(free, open_)], held.given[np.ix_(free, open_)],
                  held.in_set[free])  # fmt: skip
    point = joint[open_]
    found, missed = point, np.inf
    for aim in AIMS:
        point = _centre(small, point, equal[:, open_], sums, len(point) / aim)
        gain = gains(small, point)
        gap = float(gain @ point - optimize.linprog(gain, A_eq=equal[:, open_], b_eq=sums, **PRECISE).fun)
        if gap < missed:  # the last stages can lose by rounding what they gain
            found, missed = point, gap
    if missed > GAP:
        raise ForecastingError(f"the nearest coherent set was missed by {missed:.2g} nats; type fewer statements at once")
    full = np.zeros(typed.both.shape[1])
    full[where[open_]] = found / found.sum()
    return full, float(max(gains(small, found) @ found, 0.0))


def _inside(equal: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """Return a joint distribution that the fixed numbers allow, positive in every world that can be (world,)."""
    n = equal.shape[1]
    most = 0.5 / n
    support = optimize.linprog(
        np.append(np.zeros(n), -np.ones(n)), A_ub=np.hstack([-np.eye(n), np.eye(n)]), b_ub=np.zeros(n),
        A_eq=np.hstack([equal, np.zeros_like(equal)]), b_eq=sums, bounds=[(0, 1)] * n + [(0, most)] * n, **PRECISE,
    )  # fmt: skip
    return np.where(support.x[n:] > 1e-9, support.x[:n], 0.0)


def _centre(typed: Typed, joint: np.ndarray, equal: np.ndarray, sums: np.ndarray, sharpness: float) -> np.ndarray:
    """Return the minimiser of F − Σ log π / sharpness by Newton's method from a joint distribution inside."""

    def value(x: np.ndarray) -> float:
        return float(gains(typed, x) @ x - np.log(x).sum() / sharpness)

    for _ in range(STEPS):
        met = typed.given @ joint
        r = typed.both @ joint / met
        inverse = np.where(typed.in_set, r, met * r * (1 - r)) / typed.weight
        x = typed.both - np.where(typed.in_set, 0.0, r)[:, None] * typed.given
        slope = gains(typed, joint) - 1 / (sharpness * joint)
        diagonal = sharpness * joint**2
        inner = linalg.cho_factor(np.diag(inverse) + (x * diagonal) @ x.T) if len(r) else None

        def times(y, x=x, inverse=inverse, joint=joint):  # H y
            return x.T @ (x @ y / inverse[:, None]) + y / (sharpness * joint[:, None] ** 2)

        def roughly(y, diagonal=diagonal, x=x, inner=inner):  # H⁻¹ y, by Woodbury
            scaled = diagonal[:, None] * y
            return scaled if inner is None else scaled - diagonal[:, None] * (x.T @ linalg.cho_solve(inner, x @ scaled))

        def solve(y, times=times, roughly=roughly):  # the same, what cancels in it brought back by two refinements
            found = roughly(y)
            for _ in range(REFINED):
                found = found + roughly(y - times(found))
            return found

        down, across = solve(slope[:, None])[:, 0], solve(equal.T)
        step = -down - across @ np.linalg.lstsq(equal @ across, equal @ (joint - down) - sums, rcond=None)[0]
        decrement = float(step @ times(step[:, None])[:, 0]) * sharpness
        length = min(1.0, 0.99 / max(np.max(-step / joint), 1e-300))
        if decrement > CLOSE:  # nearer than that, a full step is right, and values differ by less than they are known
            before = value(joint)
            while value(joint + length * step) > before - 0.1 * length * decrement / sharpness and length > 1e-9:
                length /= 2
        joint = joint + length * step
        if decrement <= DONE:
            break
    return joint

"""What keeps an event's probability where the evidence put it, once causes and drivers spread its hazard over worlds.

Written once for PyMC and for NumPy: functions take ``xp`` as in `forecasting.models.network.predictor`.

An event has the probability 1 − e^{−x} within its reference horizon, x = λ H. In worlds its hazard is θ A / H, with A random:
A = 1 + (r − 1) U for a cause of hazard ratio r (0 for a block) that is on for a share U of the horizon, or A = e^{ℓ f} for a
driver f ~ Normal(0, 1). The probability is kept if E exp(−θ A) = e^{−x}. This equation is solved for θ; what is added to the
log hazard is log(θ/x). With the *deficit* D(y) = 1 − E e^{−yU},

    N(θ) = −log E exp(−θ A) = θ − log(1 − D(θ (r − 1))) = x

N is concave and N(0) = 0, so Newton's steps from 0 rise to the root and never pass it. For a cause of constant hazard, ν over its
window, U = (1 − T)₊ with T ~ Exponential(ν), and the deficit has a closed form (that of a chain with two states); where hazards
age it is an integral over the cause's time; a cause on a date is on or off.

References
----------
Hougaard, P. (1984), *Life table methods for heterogeneous populations*, Biometrika 71 (the Laplace transform of a frailty).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasting.elicitation.held import LEAST_KEPT, MAX_GIVEN, MAX_HELD, MAX_ON_DATE, Z_WEIGHTS, Z
from forecasting.models.network.ageing import NODES, WEIGHTS, replaced

MAX_STEPS = 100
FEW = 2.0  # up to here the deficit is integrated, beyond it its closed form loses no digits
Deficit = Callable[[Any], tuple[Any, Any]]
"""D(y) and its derivative by y."""
Mass = Callable[[Any], tuple[Any, Any]]
"""N(θ) and its derivative by θ."""


def waited(xp: Any, nu: Any) -> Deficit:
    """Return the deficit for U = (1 − T)₊, T ~ Exponential(ν): 1 − e^{−ν} − ν (e^{−y} − e^{−ν})/(ν − y).

    Where ν and y are small that loses digits; there it is y ∫ e^{−yu} (1 − e^{−ν(1 − u)}) du on 16 nodes.
    """
    happened = -xp.expm1(-nu[..., None] * (1 - NODES))

    def deficit(y: Any) -> tuple[Any, Any]:
        few = (abs(y) < FEW) & (nu < FEW)
        inside = xp.where(few, y, 0.0)
        integral, slope = integrated(xp, NODES, happened)(inside)
        gap = xp.where(few, 1.0, nu - y)
        near = abs(gap) < 1e-2
        apart = xp.where(near, 1.0, gap)
        at_y, at_nu = xp.exp(-xp.where(few, 0.0, y)), xp.exp(-nu)
        series = 1 - gap / 2 + gap**2 / 6 - gap**3 / 24 + gap**4 / 120 - gap**5 / 720
        between = xp.where(near, at_y * series, (at_y - at_nu) / apart)
        series = 1 / 2 - gap / 6 + gap**2 / 24 - gap**3 / 120 + gap**4 / 720
        closed_slope = nu * xp.where(near, at_y * series, (at_y - between) / apart)
        return xp.where(few, integral, 1 - at_nu - nu * between), xp.where(few, slope, closed_slope)

    return deficit


def on_date(xp: Any, p: Any) -> Deficit:
    """Return the deficit for U = 1 with probability p, else 0: p (1 − e^{−y})."""
    return lambda y: (-p * xp.expm1(-y), p * xp.exp(-y))


def integrated(xp: Any, at: Any, happened: Any, window: Any = 1.0) -> Deficit:
    """Return the deficit y ∫ e^{−yu} P(U > u) du with P(U > u) = ``happened`` (…, node) at the nodes ``at`` of a ``window``."""
    weight = happened * WEIGHTS

    def deficit(y: Any) -> tuple[Any, Any]:
        decay = xp.exp(-y[..., None] * at) * weight
        first = window * decay.sum(axis=-1)
        return y * first, first - y * window * (decay * at).sum(axis=-1)

    return deficit


@dataclass(frozen=True)
class Causes:
    """Effects with what the time share U of their causes depends on; arrays end in the effect, or in the effects that are bent.

    ``excess`` is r − 1, or −1 for a block; ``width`` the window of the cause as a share of the target's horizon; ``later`` the
    cause's cumulative hazard over its window; ``chance`` the probability that it has happened by the date that counts, where
    ``dated`` says that the cause or the target can happen on one date only; ``known`` says that it had happened before. Of the
    effects ``bent``, which join an event whose hazard ages, ``integrate`` says for which U is integrated over ``window``, with
    ``nodes`` and P(U > u) there, ``happened`` (`forecasting.models.network.ageing.nodes_after`).
    """

    excess: Any
    width: Any
    later: Any
    chance: Any
    dated: Any
    known: Any
    bent: Any
    integrate: Any
    window: Any
    nodes: Any
    happened: Any

    def mass(self, xp: Any) -> Mass:
        """Return N(θ) with its derivative, as a function of θ (..., effect)."""
        always = xp.maximum(1 + self.excess, np.exp(-MAX_HELD))
        dated, waits = on_date(xp, self.chance), waited(xp, self.later)
        integral = integrated(xp, self.nodes, self.happened, self.window)

        def mass(theta: Any) -> tuple[Any, Any]:
            sides = [marginal_mass(xp, theta, self.excess * self.width, deficit) for deficit in (dated, waits)]
            aged = marginal_mass(xp, theta[..., self.bent], self.excess[..., self.bent], integral)
            found = []
            for of_dated, of_waits, part, known in zip(*sides, aged, (theta * always, always), strict=True):
                whole = xp.where(self.dated > 0, of_dated, of_waits)
                part = xp.where(self.integrate > 0, part, whole[..., self.bent])
                found.append(xp.where(self.known > 0, known, replaced(xp, whole, self.bent, part)))
            return found[0], found[1]

        return mass

    def kept(self, xp: Any, theta: Any) -> Any:
        """Return N(θ) of a hazard that is given (..., effect), between bounds beyond which no number would say more.

        N of more than `MAX_GIVEN` expected events is that of so many, since e^θ would be no number any more; of what can be
        blocked on its date, `MAX_ON_DATE` of them bring it as near to −log of the block's probability as it ever comes. Where
        the block is as good as certain, N is the share `LEAST_KEPT` of θ: a positive number, however it is rounded.
        """
        dated = replaced(xp, 1.0 * (self.dated > 0), self.bent, (self.dated[self.bent] > 0) * (1 - self.integrate))
        most = xp.where((self.excess * self.width <= -1) * (dated > 0), MAX_ON_DATE, MAX_GIVEN)
        theta = xp.minimum(theta, most)
        return xp.maximum(self.mass(xp)(theta)[0], LEAST_KEPT * theta)


@dataclass(frozen=True)
class Driven:
    """Events on which drivers load, with the variance Σ ℓ² of the shift of their log hazard."""

    variance: Any

    def mass(self, xp: Any) -> Mass:
        """Return N(θ) with its derivative, on 12 nodes of Gauss and Hermite."""
        ratio = xp.exp(xp.sqrt(xp.maximum(self.variance, 1e-12))[..., None] * Z)

        def mass(theta: Any) -> tuple[Any, Any]:
            left = xp.exp(-theta[..., None] * ratio) * Z_WEIGHTS
            whole = left.sum(axis=-1)
            return -xp.log(whole), (left * ratio).sum(axis=-1) / whole

        return mass


def marginal_mass(xp: Any, theta: Any, excess: Any, deficit: Deficit) -> tuple[Any, Any]:
    """Return N(θ) = θ − log(1 − D(θ · excess)) and its derivative by θ; ``excess`` is r − 1, times the window."""
    d, slope = deficit(theta * excess)
    return theta - xp.log1p(-d), 1 + excess * slope / (1 - d)


def root_of(x: np.ndarray, mass: Mass) -> tuple[np.ndarray, np.ndarray]:
    """Return θ with N(θ) = x, at most x · e^`MAX_HELD`, and N′(θ)."""
    theta, top = 0.0 * x, x * np.exp(MAX_HELD)
    slope = np.ones_like(x)
    for _ in range(MAX_STEPS):
        value, slope = mass(theta)
        slope = np.maximum(slope, 1e-12)
        after = np.minimum(theta + np.maximum(x - value, 0.0) / slope, top)
        if np.all(after - theta <= 1e-15 * top):
            break
        theta = after
    return theta, slope


def solved(x: np.ndarray, of: Causes | Driven) -> np.ndarray:
    """Return log(θ/x) for N(θ) = x, at most `MAX_HELD`, for arrays.

    For variables of PyTensor it is `forecasting.models.network.root.solved`; for draws by the thousand
    `forecasting.models.network.fused_compensation.held_of_draws`.
    """
    return np.log(root_of(x, of.mass(np))[0] / x)

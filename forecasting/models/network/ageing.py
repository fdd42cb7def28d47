"""Hazards that change with age: operational time, and shares of it, written once for PyMC and for NumPy.

An event whose class has a life table has the cumulative hazard Λ(t) = λ · T · (t/T)^κ at age t (years since its clock
started). In operational time, T (t/T)^κ, its hazard is the constant λ, so all that the predictor says of constant hazards
holds for it too, once exposures and shares are taken in that time (`forecasting.elicitation.life_tables`).

Functions take ``xp`` as in `forecasting.models.network.predictor`. Times are in years.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

TINY_AGE = 1e-12  # in place of zero, whose power has no derivative by κ
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
NODES, WEIGHTS = (1 + _NODES) / 2, _WEIGHTS / 2


def power(xp: Any, base: Any, exponent: Any) -> Any:
    """Return base^exponent for bases ≥ 0, with finite derivatives at zero."""
    return xp.exp(exponent * xp.log(xp.maximum(base, TINY_AGE)))


def operational_span(xp: Any, age: Any, years: Any, kappa: Any, scale: Any) -> Any:
    """Return the operational time T [((a + t)/T)^κ − (a/T)^κ] that passes in ``years`` from ``age`` on.

    Examples
    --------
    >>> [round(float(operational_span(np, *case)), 4) for case in ((0.0, 5.0, 0.5, 5.0), (1.0, 2.0, 1.0, 5.0))]
    [5.0, 2.0]
    """
    return scale * (power(xp, (age + years) / scale, kappa) - power(xp, age / scale, kappa))


@dataclass(frozen=True)
class Pair:
    """A cause and a target with what their shares of time depend on; all arrays end in the same dimension.

    ``hazard`` of the cause (per operational year; ignored for a scheduled one, which has ``p_scheduled``), its ``kappa``,
    ``scale`` T and ``age`` when its window begins; the target's ``target_kappa`` and ``target_age`` at the beginning of
    the ``horizon``; ``offset``, the time until the cause's window begins; ``restarts``, 1 where the target's clock starts
    when the cause happens, as that of an enabled event does.
    """

    hazard: Any
    p_scheduled: Any
    scheduled: Any
    kappa: Any
    scale: Any
    age: Any
    target_kappa: Any
    target_age: Any
    horizon: Any
    offset: Any
    restarts: Any


def happened_by(xp: Any, pair: Pair, years: Any) -> Any:
    """Return P(cause has happened) ``years`` after its window began."""
    mass = pair.hazard * operational_span(xp, pair.age, years, pair.kappa, pair.scale)
    return pair.scheduled * pair.p_scheduled + (1 - pair.scheduled) * -xp.expm1(-mass)


def nodes_after(xp: Any, pair: Pair) -> tuple[Any, Any, Any]:
    """Return the window, the nodes u and P(U > u) there, for the share U of a target's operational time after its cause.

    With F the cause's distribution function P(U > u) is F at the time at which the share 1 − u of the target's operational
    time has passed. The ``window`` (…, pair) is the share that is left when the cause can first happen; the nodes, and F at
    them (…, pair, node), are those of Gauss and Legendre on (0, window). Where the clock restarts, what counts is the
    operational time of a target as old as its enabling: U = (1 − t/H)^κ.
    """
    begin = power(xp, pair.target_age, pair.target_kappa)
    whole = power(xp, pair.target_age + pair.horizon, pair.target_kappa) - begin
    plain = 1 - (power(xp, pair.target_age + pair.offset, pair.target_kappa) - begin) / whole
    anew = power(xp, 1 - pair.offset / pair.horizon, pair.target_kappa)
    window = pair.restarts * anew + (1 - pair.restarts) * plain
    each = Pair(**{name: value[..., None] for name, value in vars(pair).items()})
    rest = window[..., None] * (1 - NODES)
    at_plain = power(xp, begin[..., None] + (1 - rest) * whole[..., None], 1 / each.target_kappa) - each.target_age
    at_anew = each.horizon * (1 - power(xp, rest, 1 / each.target_kappa))
    at = each.restarts * at_anew + (1 - each.restarts) * at_plain
    return window, rest, happened_by(xp, each, xp.maximum(at - each.offset, 0.0))


def share_of_nodes(window: Any, happened: Any) -> Any:
    """Return E[U] = ∫ P(U > u) du from what `nodes_after` returns."""
    return window * (happened * WEIGHTS).sum(axis=-1)


def shares_after(xp: Any, pair: Pair) -> Any:
    """Return E[U], the expected share of the target's operational time after the cause.

    Examples
    --------
    For constant hazards it is that of `forecasting.models.network.predictor`:

    >>> from forecasting.models.network.predictor import share_after
    >>> one, zero, h = np.ones(1), np.zeros(1), np.array([0.4])
    >>> pair = Pair(h, zero, zero, one, one, zero, one, zero, 2 * one, zero, zero)
    >>> bool(np.isclose(shares_after(np, pair), share_after(np, 2 * h))[0])
    True
    """
    window, _, happened = nodes_after(xp, pair)
    return share_of_nodes(window, happened)


def replaced(xp: Any, values: Any, index: Any, new: Any) -> Any:
    """Return ``values`` (..., n) with ``new`` (..., k) at the places ``index`` (k,)."""
    if xp is np:
        shape = np.broadcast_shapes(values.shape[:-1], new.shape[:-1])
        out = np.array(np.broadcast_to(values, (*shape, values.shape[-1])))
        out[..., index] = new
        return out
    return values[index].set(new)

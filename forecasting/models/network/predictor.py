"""The linear predictor of every log hazard, written once for PyMC and for NumPy.

Each function takes ``xp``: `pytensor.tensor` while the model is built, `numpy` when posterior draws are pushed through
the same formulas (arrays then carry the draw as first dimension; the last dimension is as written here). They keep to the
operations that both libraries share.

Time is in years, hazards are per year; for an event whose hazard changes with age, of its operational time
(`forecasting.models.network.ageing`). For event k with marginal log hazard m_k, effects e: j → k with hazard ratio r_e, and
drivers d of level f_d,

    η_k = m_k + Σ_e c_e + Σ_d ℓ_kd f_d + c_k

is its log hazard while no cause has happened. c_e is what keeps k's probability within its reference horizon where m_k put it,
whether the cause comes or not, c_k the same for drivers (`forecasting.models.network.compensation`). Each is solved for alone.
For one effect, or for the drivers of an event, that is exact; several are added, which is off by terms in which two of them
meet (docs/decisions/effects-keep-marginals.md has the figures).

References
----------
Cox, D. R. (1972), *Regression models and life-tables*, J. R. Stat. Soc. B 34 (log-linear hazards).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from forecasting.elicitation.held import MAX_CUMULATIVE
from forecasting.models.network.ageing import (
    Pair,
    happened_by,
    nodes_after,
    operational_span,
    replaced,
    share_of_nodes,
    shares_after,
)  # fmt: skip
from forecasting.models.network.compensation import Causes, Driven
from forecasting.models.network.constants import OVERLAP_WEIGHTS, RETOLD
from forecasting.models.network.following import cause_hazards, with_following
from forecasting.models.network.lasting import FADED, LEVELS
from forecasting.models.network.parameters import Network, Parameters
from forecasting.models.network.structure import Structure
from forecasting.models.network.sums import TINY, share_after, sum_into


def cause_share(xp: Any, hazard: Any, years: Any, window: Any, scheduled: Any) -> Any:
    """Return E[share of a horizon during which a cause has been on].

    ``window`` is the share of the horizon in which the cause can have happened, ``years`` that window in years; a
    scheduled cause happens at the start of its window with probability 1 − exp(−hazard), or not at all.
    """
    on_date = -xp.expm1(-hazard) * window
    return scheduled * on_date + (1 - scheduled) * window * share_after(xp, hazard * years)


@dataclass(frozen=True)
class Effects:
    """Effects as the rows need them: log ratio β, and what keeps the target's probability, both zero for what only enables.

    ``hazard`` and ``enabled`` (event) are those of `forecasting.models.network.following.cause_hazards`.
    """

    beta: Any
    held: Any
    hazard: Any
    enabled: Any


def causes_of(xp: Any, every: Any, beta: Any, kappa: Any, s: Network | Structure) -> Causes:
    """Return all effects with when their causes come; ``every`` is each event's hazard as a cause of others.

    A cause that itself waits for an enabler has its hazard, or its probability on its date, scaled by the share of time for
    which it is enabled. For a target that can happen on one date only, what counts is whether the cause has happened by then.
    Shares are of operational time; those of the few effects that join an event whose hazard changes with age (``bent``) are
    found by quadrature.
    """
    hazard = every[..., s.effect_from]
    p_scheduled = -xp.expm1(-hazard)
    enabled = xp.ones_like(hazard)
    for left in reversed(range(s.enabler_depth + 1)):
        chance, later = p_scheduled * enabled, hazard * enabled * s.effect_years
        by_then = (1 - s.effect_scheduled) * -xp.expm1(-later) + s.effect_scheduled * chance
        over = s.effect_window * (s.effect_scheduled * chance + (1 - s.effect_scheduled) * share_after(xp, later))
        # whether a cause is possible hangs on enablers alone: for draws, the quadrature of other effects waits for the last turn
        some = np.flatnonzero(s.effect_enables[s.bent]) if xp is np and left else slice(None)
        bent, at = _bent_pairs(kappa, s, hazard * enabled, chance, some), s.bent[some]
        window, nodes, happened = _nodes(xp, bent)
        by_then = replaced(xp, by_then, at, happened_by(xp, bent, s.effect_years[at])) * (s.effect_window > 0)
        over = replaced(xp, over, at, share_of_nodes(window, happened))
        share = s.effect_into_date * by_then + (1 - s.effect_into_date) * over
        share = s.effect_known + (1 - s.effect_known) * share
        log_enabled = sum_into(xp, s.effect_enables * xp.log(xp.maximum(share, TINY)), s.effect_to, every.shape[-1])
        enabled = xp.exp(log_enabled[..., s.effect_from])
    return Causes(
        excess=s.effect_multiplies * mean_excess(xp, beta, s.effect_left) - s.effect_blocks * s.effect_left[0],
        width=s.effect_into_date + (1 - s.effect_into_date) * s.effect_window,
        later=later,
        chance=s.effect_into_date * by_then + (1 - s.effect_into_date) * chance,
        dated=s.effect_scheduled + s.effect_into_date,
        known=s.effect_known,
        bent=s.bent,
        integrate=1 - s.effect_into_date[s.bent],
        window=window,
        nodes=nodes,
        happened=happened,
    )


def mean_excess(xp: Any, beta: Any, left: Any) -> Any:
    """Return r − 1 in the mean over the time after a cause: Σ_n w_n (e^{β 2^{−n/4}} − 1), w ``left`` (level, effect).

    Of an effect that lasts it is r − 1 itself: only its first level has a share.
    """
    levels = range(FADED) if xp is not np else np.flatnonzero(left.any(axis=1))
    return sum((left[n] * xp.expm1(beta * LEVELS[n]) for n in levels), start=xp.zeros_like(beta))


def marginals(xp: Any, p: Parameters, s: Network | Structure) -> Any:
    """Return marginal log hazards from the ``log_hazard`` that classes and members make, which differ for conditioned events.

    A class that counts worlds with a cause given (``class_given``) speaks of the hazard there, e^h, not of the marginal. With β
    the log ratio of the cause's effect, s whether it is given as having happened and N as in
    `forecasting.models.network.compensation`, the marginal is the other way through the same equation, in closed form:

        log N(H e^{h − s β}) − log H

    so that a row in which that cause is given reads h itself. The cause's own hazard is taken as it is without that event.
    """
    if not s.conditions:
        return p.log_hazard
    causes = causes_of(xp, cause_hazards(xp, p, s)[0], p.beta, p.kappa, s)
    horizon = operational_horizons(xp, p.kappa, s)[..., s.conditioned]
    effect, given = s.conditioned_effect, s.conditioned_on * s.effect_multiplies[s.conditioned_effect]
    theta = xp.exp(p.log_hazard[..., s.conditioned] - given * p.beta[..., effect]) * horizon
    mass = causes.kept(xp, replaced(xp, xp.ones_like(p.beta), effect, theta))
    return replaced(xp, p.log_hazard, s.conditioned, xp.log(mass[..., effect]) - xp.log(horizon))


def effect_terms(xp: Any, p: Parameters, s: Network | Structure) -> Effects:
    """Return the log ratio of every effect and what keeps its target's probability.

    Parameters
    ----------
    p : Parameters
        Of which ``log_hazard``, ``beta`` and ``kappa`` are read.
    s : Network
        Or the `forecasting.models.network.structure.Structure`, which has the same names.
    """
    every, possible = cause_hazards(xp, p, s)
    causes = causes_of(xp, every, p.beta, p.kappa, s)
    cumulative = xp.exp(p.log_hazard) * operational_horizons(xp, p.kappa, s)
    x = xp.minimum(cumulative, MAX_CUMULATIVE)[..., s.effect_to]
    held = _held(xp, x, causes)
    return Effects(p.beta * s.effect_multiplies, held, every, possible)


def _held(xp: Any, x: Any, of: Causes | Driven) -> Any:
    """Return what keeps probabilities: for draws by compiled code, which finds the same root some hundred times faster."""
    if xp is not np:
        from forecasting.models.network.root import solved

        return solved(x, of)
    from forecasting.models.network.fused_compensation import drivers_held, held_of_draws

    return held_of_draws(x, of) if isinstance(of, Causes) else drivers_held(x, of.variance)


def _nodes(xp: Any, pairs: Pair) -> tuple[Any, Any, Any]:
    """Return `forecasting.models.network.ageing.nodes_after`: for draws from compiled code, in a tenth of the time."""
    if xp is not np:
        return nodes_after(xp, pairs)
    from forecasting.models.network.fused_shares import nodes_of_draws

    return nodes_of_draws(pairs)


BLOCK = 2**18  # numbers per array looked at together


def effect_terms_of_draws(p: Parameters, s: Network | Structure) -> Effects:
    """Return `effect_terms` with NumPy for draws, some of them at a time: those of a large network would fill the memory."""
    found = [effect_terms(np, some, s) for some in _blocks(p, len(s.effect_from))]
    return Effects(*(np.concatenate([getattr(block, field.name) for block in found]) for field in fields(Effects)))


def marginals_of_draws(p: Parameters, s: Network | Structure) -> np.ndarray:
    """Return `marginals` with NumPy for draws, some of them at a time."""
    return np.concatenate([marginals(np, some, s) for some in _blocks(p, 16 * len(s.effect_from))])


def row_predictor_of_draws(p: Parameters, s: Network | Structure, rows: Any, first: int = 0) -> np.ndarray:
    """Return `row_predictor` with NumPy for draws, some of them at a time, and for the rows from the ``first`` on."""
    return np.concatenate([row_predictor(np, some, s, rows)[:, first:] for some in _blocks(p, len(rows.event))])


def _blocks(p: Parameters, width: int) -> Iterator[Parameters]:
    """Yield the parameters of some draws at a time, so that an array of ``width`` numbers per draw is of moderate size."""
    n, size = p.log_hazard.shape[0], max(1, BLOCK // max(1, width))
    for i in range(0, max(n, 1), size):
        yield p.part(i, i + size)


def operational_horizons(xp: Any, kappa: Any, s: Network | Structure) -> Any:
    """Return every event's reference horizon in its operational time."""
    age, years, kappa = s.event_age[s.aged], s.reference_years[s.aged], kappa[..., s.aged]
    return replaced(xp, s.reference_years, s.aged, operational_span(xp, age, years, kappa, s.event_scale[s.aged]))


def _bent_pairs(all_kappa: Any, s: Network | Structure, hazard: Any, p_scheduled: Any, some: Any) -> Pair:
    """Return effects that join an event whose hazard changes with age: ``some`` of ``s.bent``."""
    at, offset = s.bent[some], s.bent_offset[some]
    cause, target = s.effect_from[at], s.effect_to[at]
    return Pair(
        hazard=hazard[..., at], p_scheduled=p_scheduled[..., at], scheduled=s.effect_scheduled[at],
        kappa=all_kappa[..., cause], scale=s.event_scale[cause], age=s.bent_age[some],
        target_kappa=all_kappa[..., target], target_age=s.event_age[target],
        horizon=s.effect_years[at] + offset, offset=offset, restarts=s.effect_enables[at],
    )  # fmt: skip


def driver_shift(xp: Any, p: Parameters, s: Network | Structure) -> Any:
    """Return Σ_d ℓ_kd f_d + c_k per event: drivers spread an event's hazard over worlds and leave its probability in place.

    c_k is solved for with the variance Σ_d ℓ_kd² of all that loads on the event; without it, or with one that keeps the mean
    hazard, a driver would lower the probability of every event it touches before anybody had said anything.
    """
    n_events = s.reference_years.shape[0]
    spread = sum_into(xp, p.loading * p.driver[..., s.loading_driver], s.loading_event, n_events)
    variance = sum_into(xp, p.loading**2, s.loading_event, n_events)[..., s.driven]
    x = (xp.exp(p.log_hazard) * operational_horizons(xp, p.kappa, s))[..., s.driven]
    x = xp.minimum(x, MAX_CUMULATIVE)
    held = _held(xp, x, Driven(variance))
    return spread + replaced(xp, xp.zeros_like(spread), s.driven, held)


def signal_shares(p: Parameters, signal: Any, overlap: Any) -> Any:
    """Return γ_i · 0.1^n_retold · Π (1 − r·w) per active signal: what each adds beyond the stronger ones.

    ``overlap`` (4, active) counts the stronger signals of the same sign that share its origin in another source; its
    origin and its source; its source; or neither. A report retold elsewhere tells only that somebody found it worth
    repeating: it keeps a tenth, so that one wire in five papers weighs 1.11 times the wire. Different facts overlap by
    r ~ Beta(2, 2), in full where one speaker reports both, by ¾ in one source (its author chose both), else by ½.
    """
    share = p.signal[..., signal] * RETOLD ** overlap[0]
    for kind, weight in enumerate(OVERLAP_WEIGHTS, start=1):
        share = share * (1 - weight * p.overlap) ** overlap[kind]
    return share


def row_predictor(xp: Any, p: Parameters, s: Network | Structure, rows: Any, effects: Effects | None = None) -> Any:
    """Return the log cumulative hazard of every row: a claim's reading, or an interval of history.

    Parameters
    ----------
    p : Parameters
        Draws, or variables while the model is built.
    rows : Rows
        Which event, which effects are set and on, which signals are active, the log exposure; see
        `forecasting.models.network.rows.Rows`.
    effects : Effects, optional
        From `effect_terms`, where they were computed before.

    Returns
    -------
    (..., row)
        log Λ = log hazard in the row's world + log exposure (dimensionless).
    """
    if effects is None:
        effects = effect_terms_of_draws(p, s) if xp is np else effect_terms(xp, p, s)
    world = p.log_hazard + driver_shift(xp, p, s)
    waiting = cause_share(xp, effects.hazard[..., rows.wait_event], rows.wait_years, rows.wait_window, rows.wait_scheduled)
    if s.ages:
        waiting = replaced(xp, waiting, rows.aged_wait, shares_after(xp, _aged_waits(xp, p, s, rows, effects.hazard)))
    waiting = xp.log(xp.maximum(waiting, TINY))
    given = effects.beta[..., rows.given_effect] * rows.given_on + effects.held[..., rows.given_effect]
    signals = signal_shares(p, rows.active_signal, rows.active_overlap) * rows.active_left
    terms, into = [given, signals, waiting], [rows.given_row, rows.active_row, rows.wait_row]
    if s.ages:
        event = rows.event[rows.aged_row]
        passed = operational_span(xp, rows.aged_age, rows.aged_years, p.kappa[..., event], s.event_scale[event])
        terms, into = [*terms, xp.log(passed / rows.aged_years)], [*into, rows.aged_row]
    terms, into = xp.concatenate(terms, axis=-1), xp.concatenate(into)
    log_mass = (
        world[..., rows.event]
        + sum_into(xp, terms, into, rows.event.shape[0])
        + rows.log_exposure
    )
    if not s.lead_depth:
        return log_mass
    more = with_following(xp, log_mass, p, s, rows, effects.hazard, effects.enabled)
    return replaced(xp, log_mass, rows.extra_row, more)


def _aged_waits(xp: Any, p: Parameters, s: Network | Structure, rows: Any, every: Any) -> Pair:
    """Return the waits for an enabler in which the enabler's or the row's hazard changes with age."""
    cause, row = rows.wait_event[rows.aged_wait], rows.wait_row[rows.aged_wait]
    hazard, target = every[..., cause], rows.event[row]
    scheduled, horizon = rows.wait_scheduled[rows.aged_wait], xp.exp(rows.log_exposure[row])
    return Pair(
        hazard=hazard, p_scheduled=-xp.expm1(-hazard), scheduled=scheduled,
        kappa=p.kappa[..., cause], scale=s.event_scale[cause], age=rows.aged_wait_age,
        target_kappa=p.kappa[..., target], target_age=xp.zeros_like(horizon), horizon=horizon,
        offset=(1 - rows.wait_window[rows.aged_wait]) * horizon, restarts=xp.ones_like(horizon),
    )  # fmt: skip

"""What follows from causes, and occasions, as hazard: written once for PyMC and for NumPy.

An event to which others lead has, beside its own hazard, that of a mixture: once cause j has happened at T, it follows with
probability q after a lag of mean L. Known T = t − u, the cumulative hazard since is −log(1 − q + q e^{−u/L}). Where T is not
known, it is averaged over: with x the cumulative hazard of the cause over Y years and y = Y/L,

    P(T + lag > Y) = S = e^{−x} + x (e^{−x} − e^{−y})/(y − x),       cumulative hazard −log(S + (1 − S)(1 − q))

The cause's hazard is taken as constant over those years at its mean; the quotient is evaluated so that x = y is no exception.
Occasions are masses on a date. The parameter behind q is β = cloglog q: 1 − q = exp(−e^β).

Functions take ``xp`` as in `forecasting.models.network.predictor`. Why so: ``docs/decisions/logic-and-time.md``.
"""

from __future__ import annotations

from typing import Any

from forecasting.models.network.ageing import operational_span
from forecasting.models.network.sums import TINY, share_after, sum_into

AT_ONCE = 1e-9  # years: the lag of what is implied
CLOSE = 1e-7  # x and y closer than this are taken as equal
LEAST = 1e-300


def not_come(xp: Any, mass: Any, years: Any, lag: Any) -> Any:
    """Return P(T + lag > Y) for a cause with cumulative hazard ``mass`` over ``years`` Y, and an exponential lag of that mean.

    Examples
    --------
    A hazard of 0.5 a year, a lag of half a year: after two years neither 1 − e^{−1} nor all of it has come.

    >>> import numpy as np
    >>> round(float(not_come(np, 1.0, 2.0, 0.5)), 4)  # e⁻¹ + (e⁻¹ − e⁻⁴)/3
    0.4844
    """
    steps = years / lag
    apart = xp.maximum(xp.abs(steps - mass), CLOSE)
    return xp.exp(-mass) + mass * xp.exp(-xp.minimum(mass, steps)) * -xp.expm1(-apart) / apart


def led_mass(
    xp: Any, beta: Any, known: Any, since: Any, years: Any, lag: Any, scheduled: Any, mass: Any, on_date: Any
) -> Any:
    """Return the cumulative hazard that a cause adds to an event by leading to it.

    Parameters
    ----------
    beta
        cloglog of the probability that the event follows.
    known
        1 where the time of the cause is known; ``since`` are then the years passed at the beginning, over ``years`` to come.
        Else ``years`` are those in which it can happen, up to the end.
    lag
        Mean lag in years; 0 for an event that is implied.
    scheduled, on_date
        1 for a cause that happens on a date, ``years`` before the end, with probability ``on_date``.
    mass
        Cumulative hazard of a cause without a date over ``years``.
    """
    fails = xp.exp(-xp.exp(beta))
    lag = xp.maximum(lag, AT_ONCE)
    begin, end = xp.exp(-since / lag), xp.exp(-(since + years) / lag)
    from_known = xp.log(xp.maximum(fails + (1 - fails) * begin, LEAST) / xp.maximum(fails + (1 - fails) * end, LEAST))
    waits = scheduled * (1 + on_date * xp.expm1(-years / lag)) + (1 - scheduled) * not_come(xp, mass, years, lag)
    averaged = -xp.log(xp.maximum(waits + (1 - waits) * fails, LEAST))
    return known * from_known + (1 - known) * averaged


def cause_hazards(xp: Any, p: Any, s: Any) -> tuple[Any, Any]:
    """Return every event's hazard as a cause of others, and the share of time for which its enablers leave it possible.

    Parameters
    ----------
    p : Parameters
    s : Network
        Or the `forecasting.models.network.structure.Structure`.

    Returns
    -------
    (..., event), (..., event)
        The hazard is the event's own, with what leads to it and its occasions spread over its reference horizon. Where a
        network has neither, it is the own hazard alone, and the second is one.
    """
    own, n = xp.exp(p.log_hazard), p.log_hazard.shape[-1]
    if not s.lead_depth:
        return own, xp.ones_like(own)
    dates = xp.exp(p.occasion) * s.occasion_inside / s.reference_years[s.occasion_event]
    own = own + sum_into(xp, dates, s.occasion_event, n)
    total, enabled, cause = own, xp.ones_like(own), s.effect_from
    span = operational_span(xp, s.effect_age, s.effect_years, p.kappa[..., cause], s.event_scale[cause])
    for _ in range(s.lead_depth):
        mass = (total * enabled)[..., cause] * span
        on_date = -xp.expm1(-total[..., cause]) * enabled[..., cause]
        led = led_mass(
            xp, p.beta, s.effect_known, s.effect_since, s.effect_years, s.effect_lag, s.effect_scheduled, mass, on_date
        )  # fmt: skip
        by_then = s.effect_scheduled * on_date * (s.effect_window > 0) - (1 - s.effect_scheduled) * xp.expm1(-mass)
        over = s.effect_window * (s.effect_scheduled * on_date + (1 - s.effect_scheduled) * share_after(xp, mass))
        share = s.effect_into_date * by_then + (1 - s.effect_into_date) * over
        share = xp.maximum(s.effect_known + (1 - s.effect_known) * share, TINY)
        total = own + sum_into(xp, s.effect_leads * led, s.effect_to, n) / s.reference_years
        enabled = xp.exp(sum_into(xp, s.effect_enables * xp.log(share), s.effect_to, n))
    return total, enabled


def with_following(xp: Any, log_mass: Any, p: Any, s: Any, rows: Any, hazard: Any, enabled: Any) -> Any:
    """Return the log cumulative hazards of rows with what follows from causes, and occasions, added to some of them.

    With Λ a row's own, Λ₀ the part of it without anything that shifts the hazard (what its log exposure and its event's
    marginal make), O its occasions and F what follows: Λ (1 + O/Λ₀) + F. So whatever shifts a hazard shifts the occasions with
    it, as it does the date of a scheduled event, while what leads to an event is beside its own hazard.
    """
    n, event = rows.extra_row.shape[0], rows.event[rows.extra_row]
    own = log_mass[..., rows.extra_row]
    alone = p.log_hazard[..., event] + rows.log_exposure[rows.extra_row]
    if s.ages:
        passed = operational_span(xp, rows.aged_age, rows.aged_years, p.kappa[..., rows.event[rows.aged_row]],
                                  s.event_scale[rows.event[rows.aged_row]])  # fmt: skip
        older = sum_into(xp, xp.log(passed / rows.aged_years), rows.aged_row, rows.event.shape[0])
        alone = alone + older[..., rows.extra_row]
    dates = sum_into(xp, xp.exp(p.occasion[..., rows.dated_occasion]), rows.dated_place, n)
    effect, cause = rows.led_effect, s.effect_from[rows.led_effect]
    span = operational_span(xp, rows.led_age, rows.led_years, p.kappa[..., cause], s.event_scale[cause])
    led = led_mass(
        xp, p.beta[..., effect], rows.led_known, rows.led_since, rows.led_years, s.effect_lag[effect], rows.led_scheduled,
        (hazard * enabled)[..., cause] * span, -xp.expm1(-hazard[..., cause]) * enabled[..., cause],
    )  # fmt: skip
    follows = sum_into(xp, led * s.effect_leads[effect], rows.led_place, n)
    return own + xp.log1p(dates * xp.exp(-alone) + follows * xp.exp(-own))

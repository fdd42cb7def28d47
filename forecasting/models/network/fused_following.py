"""The part of `forecasting.models.network.fused` on what follows from causes, and occasions: `following` in scalars, for numba.

``total`` (event) is an event's hazard as a cause of others, ``possible`` (event) the share that its enablers leave.
"""

from __future__ import annotations

from math import exp, expm1, log, log1p

from numba import njit

from forecasting.models.network.following import AT_ONCE, LEAST
from forecasting.models.network.fused_shares import operational_span, shares_of_unit
from forecasting.models.network.stacked import (
    CAUSE,
    CAUSE_AGE,
    ENABLES,
    HORIZON,
    INTO_DATE,
    KNOWN,
    LAG,
    LEAD_ORDER,
    LEADS,
    LIES_BACK,
    SCALE,
    SCHEDULED,
    TARGET,
    WINDOW,
    YEARS,
)
from forecasting.models.network.sums import TINY

SERIES_BELOW = 1e-4


@njit(error_model="numpy")
def not_come(x, y):
    """Return S = e^{−x} + x (e^{−x} − e^{−y})/(y − x) and its derivative by x."""
    apart = y - x
    if abs(apart) < SERIES_BELOW:
        quotient = exp(-x) * (1 - apart / 2 + apart**2 / 6)
        slope = exp(-x) * (-1 / 2 + apart / 6 - apart**2 / 24)
    else:
        quotient = exp(-min(x, y)) * -expm1(-abs(apart)) / abs(apart)
        slope = (quotient - exp(-x)) / apart
    return exp(-x) + x * quotient, quotient - exp(-x) + x * slope


@njit(error_model="numpy")
def led_mass(beta, known, since, years, lag, scheduled, mass, on_date):
    """Return what `forecasting.models.network.following.led_mass` does, and its derivatives by β, ``mass`` and ``on_date``."""
    rate = exp(beta)
    fails, lag = exp(-rate), max(lag, AT_ONCE)
    slope = rate * fails  # of q by β
    if known > 0:
        begin, end = exp(-since / lag), exp(-(since + years) / lag)
        first, last = fails + (1 - fails) * begin, fails + (1 - fails) * end
        by_first = (begin - 1) / first if first > LEAST else 0.0
        by_last = (end - 1) / last if last > LEAST else 0.0
        return log(max(first, LEAST) / max(last, LEAST)), (by_first - by_last) * slope, 0.0, 0.0
    if scheduled > 0:
        fall = expm1(-years / lag)
        waits, by_mass, by_date = 1 + on_date * fall, 0.0, fall
    else:
        waits, by_mass = not_come(mass, years / lag)
        by_date = 0.0
    left = waits + (1 - waits) * fails
    if left <= LEAST:
        return -log(LEAST), 0.0, 0.0, 0.0
    by_waits = -(1 - fails) / left
    return -log(left), (1 - waits) * slope / left, by_waits * by_mass, by_waits * by_date


@njit(error_model="numpy")
def cause_mass(e, j, effects, follows, events, total, possible, kappa):
    """Return a cause's cumulative hazard in an effect's window and its derivatives by hazard and κ, and P(on its date)."""
    span, by_kappa, _ = operational_span(follows[CAUSE_AGE, e], effects[YEARS, e], kappa[j], events[SCALE, j])
    hazard = total[j] * possible[j]
    return hazard * span, span, hazard * by_kappa, -expm1(-total[j]) * possible[j]


@njit(error_model="numpy")
def enabler_share(e, effects, mass, on_date):
    """Return the share of time for which an enabler is on, and its derivatives by its ``mass`` and by ``on_date``."""
    window = effects[WINDOW, e]
    can = 1.0 if window > 0 else 0.0
    if effects[SCHEDULED, e] > 0:
        share, by_mass, by_date = on_date, 0.0, 1.0
        wide = can if effects[INTO_DATE, e] > 0 else window
        return share * wide, 0.0, by_date * wide
    if effects[INTO_DATE, e] > 0:
        return -expm1(-mass), exp(-mass), 0.0
    share, by_mass = shares_of_unit(mass)
    return window * share, window * by_mass, 0.0


@njit(error_model="numpy")
def cause_hazards(effects, effects_at, follows, events, occasions, occasions_at, dates, alone, beta, kappa, total, possible):
    """Fill every event's hazard as a cause and the share that its enablers leave; ``dates`` (occasion) are occasions' masses."""
    total[:], possible[:] = alone, 1.0
    for i in range(dates.size):
        k = occasions_at[0, i]
        total[k] += dates[i] * occasions[2, i] / events[HORIZON, k]
    for e in effects_at[LEAD_ORDER]:
        if follows[LEADS, e] + effects[ENABLES, e] == 0:
            continue
        j, k = effects_at[CAUSE, e], effects_at[TARGET, e]
        mass, _, _, on_date = cause_mass(e, j, effects, follows, events, total, possible, kappa)
        if follows[LEADS, e] > 0:
            led, _, _, _ = led_mass(
                beta[e], effects[KNOWN, e], follows[LIES_BACK, e], effects[YEARS, e], follows[LAG, e], effects[SCHEDULED, e],
                mass, on_date,
            )  # fmt: skip
            total[k] += led / events[HORIZON, k]
        elif effects[KNOWN, e] == 0:
            share, _, _ = enabler_share(e, effects, mass, on_date)
            possible[k] *= max(share, TINY)


@njit(error_model="numpy")
def back_to_causes(
    effects, effects_at, follows, events, occasions, occasions_at, dates, alone, beta, kappa, total, possible,
    g_total, g_possible, g_marginal, g_beta, g_kappa, g_dates,
):  # fmt: skip
    """Add the derivatives by marginals, β, κ and the logs of occasions; given those by ``total`` and ``possible``.

    A cause is looked at after what it leads to or enables; ``g_total`` and ``g_possible`` are changed on the way.
    """
    for e in effects_at[LEAD_ORDER, ::-1]:
        if follows[LEADS, e] + effects[ENABLES, e] == 0:
            continue
        j, k = effects_at[CAUSE, e], effects_at[TARGET, e]
        mass, span, by_kappa, on_date = cause_mass(e, j, effects, follows, events, total, possible, kappa)
        if follows[LEADS, e] > 0:
            slope = g_total[k] / events[HORIZON, k]
            _, by_beta, by_mass, by_date = led_mass(
                beta[e], effects[KNOWN, e], follows[LIES_BACK, e], effects[YEARS, e], follows[LAG, e], effects[SCHEDULED, e],
                mass, on_date,
            )  # fmt: skip
            g_beta[e] += slope * by_beta
        elif effects[KNOWN, e] == 0:
            share, by_mass, by_date = enabler_share(e, effects, mass, on_date)
            slope = g_possible[k] * possible[k] / share if share > TINY else 0.0
        else:
            continue
        back_to_cause(j, slope * by_mass, slope * by_date, span, by_kappa, total, possible, g_total, g_possible, g_kappa)
    for i in range(dates.size):
        k = occasions_at[0, i]
        g_dates[i] += g_total[k] * dates[i] * occasions[2, i] / events[HORIZON, k]
    for k in range(alone.size):
        g_marginal[k] += g_total[k] * alone[k]


@njit(error_model="numpy")
def back_to_cause(j, g_mass, g_date, span, by_kappa, total, possible, g_total, g_possible, g_kappa):
    """Add the derivatives by a cause's hazard, by what its enablers leave and by its κ."""
    g_total[j] += g_mass * span * possible[j] + g_date * exp(-total[j]) * possible[j]
    g_possible[j] += g_mass * span * total[j] - g_date * expm1(-total[j])
    g_kappa[j] += g_mass * by_kappa


@njit(error_model="numpy")
def rows_with_following(
    extra_at, led, led_at, dated_at, aged_rows, aged_rows_at, rows, rows_at, effects_at, follows, events, world_alone, beta,
    kappa, total, possible, dates, follow, dated, alone, log_mass,
):  # fmt: skip
    """Add what follows from causes, and occasions, to the rows that have any.

    Fill, per such row, ``follow`` and ``dated``, their sums relative to the row's own hazard and to the part of it that
    nothing shifts, whose logarithm is ``alone``. ``world_alone`` (event) are the marginal log hazards.
    """
    n = extra_at.shape[1]
    follow[:], dated[:] = 0.0, 0.0
    for place in range(n):
        r = extra_at[0, place]
        alone[place] = world_alone[rows_at[0, r]] + rows[0, r]
        for i in range(aged_rows.shape[1]):
            if aged_rows_at[0, i] == r:
                k = rows_at[0, r]
                span, _, _ = operational_span(aged_rows[0, i], aged_rows[1, i], kappa[k], events[SCALE, k])
                alone[place] += log(span / aged_rows[1, i])
    for i in range(dated_at.shape[1]):
        place = dated_at[1, i]
        dated[place] += dates[dated_at[0, i]] * exp(-alone[place])
    for i in range(led_at.shape[1]):
        e, place = led_at[0, i], led_at[1, i]
        value, _, _, _, _, _ = led_of_row(i, e, led, effects_at, follows, events, beta, kappa, total, possible)
        follow[place] += value * exp(-log_mass[extra_at[0, place]]) * follows[LEADS, e]
    for place in range(n):
        log_mass[extra_at[0, place]] += log1p(dated[place] + follow[place])


@njit(error_model="numpy")
def led_of_row(i, e, led, effects_at, follows, events, beta, kappa, total, possible):
    """Return what one lead adds to a row and its derivatives by β, mass and date; the span and the derivative of mass by κ."""
    j = effects_at[CAUSE, e]
    span, by_kappa, _ = operational_span(led[4, i], led[2, i], kappa[j], events[SCALE, j])
    hazard = total[j] * possible[j]
    value, by_beta, by_mass, by_date = led_mass(
        beta[e], led[0, i], led[1, i], led[2, i], follows[LAG, e], led[3, i], hazard * span, -expm1(-total[j]) * possible[j]
    )  # fmt: skip
    return value, by_beta, by_mass, by_date, span, hazard * by_kappa


@njit(error_model="numpy")
def back_from_following(
    extra_at, led, led_at, dated_at, effects_at, follows, events, beta, kappa, total, possible, dates, follow, dated, alone,
    log_mass, g_log_mass, g_alone, g_beta, g_kappa, g_total, g_possible, g_dates,
):  # fmt: skip
    """Turn the derivatives by rows' log masses into those by their own; add those by what was added to them.

    ``g_alone`` (extra) is filled with the derivatives by the part of a row's log hazard that nothing shifts.
    """
    for i in range(led_at.shape[1]):
        e, place = led_at[0, i], led_at[1, i]
        r, j = extra_at[0, place], effects_at[CAUSE, led_at[0, i]]
        _, by_beta, by_mass, by_date, span, by_kappa = led_of_row(
            i, e, led, effects_at, follows, events, beta, kappa, total, possible
        )
        slope = g_log_mass[r] * exp(-log_mass[r]) * follows[LEADS, e]
        g_beta[e] += slope * by_beta
        back_to_cause(j, slope * by_mass, slope * by_date, span, by_kappa, total, possible, g_total, g_possible, g_kappa)
    for i in range(dated_at.shape[1]):
        one, place = dated_at[0, i], dated_at[1, i]
        whole = 1 + dated[place] + follow[place]
        g_dates[one] += g_log_mass[extra_at[0, place]] * dates[one] * exp(-alone[place]) / whole
    for place in range(extra_at.shape[1]):
        r = extra_at[0, place]
        whole = 1 + dated[place] + follow[place]
        g_alone[place] = -g_log_mass[r] * dated[place] / whole
        g_log_mass[r] *= (1 + dated[place]) / whole

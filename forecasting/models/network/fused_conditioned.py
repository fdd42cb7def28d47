"""Events whose class counts worlds with a cause given, for `forecasting.models.network.fused`: marginals, and the way back.

As `forecasting.models.network.predictor.marginals`: the class's hazard in that world goes through log N(θ) − log H.
"""

from __future__ import annotations

from math import exp, expm1, log

import numpy as np
from numba import njit

from forecasting.models.network.fused_effects import back_through_effects, enable, hold
from forecasting.models.network.fused_following import back_to_causes, cause_hazards
from forecasting.models.network.stacked import MULTIPLIES, SD


@njit(error_model="numpy")
def condition(
    effects, effects_at, follows, occasions, occasions_at, dates, has_following, bent, place, events, conditions, conditioned_at,
    world, alone, on_date, beta, kappa, span, growth, left, before, share, masses,
):  # fmt: skip
    """Turn the hazards of conditioned events (``world``, ``alone``, ``on_date``) into marginals.

    Fill ``before`` (4, event) with the hazards as causes, what leaves them possible, probabilities on dates and what enablers
    leave, all as they are without that change; ``share`` (5, effect) of enablers; ``masses`` (7, effect) with log N(θ).
    """
    before[0], before[1], before[2], before[3] = alone, 1.0, on_date, 1.0
    if has_following:
        cause_hazards(
            effects, effects_at, follows, events, occasions, occasions_at, dates, alone, beta, kappa, before[0], before[1]
        )  # fmt: skip
        for k in range(alone.size):
            before[2, k] = -expm1(-before[0, k])
    enable(effects, effects_at, bent, place, events, before[0], before[2], kappa, before[3], share)
    theta = np.zeros(beta.size)
    for i in range(conditioned_at.shape[1]):
        k, e = conditioned_at[0, i], conditioned_at[1, i]
        theta[e] = exp(world[k] - conditions[0, i] * effects[MULTIPLIES, e] * beta[e]) * span[k]
    hold(effects, effects_at, bent, place, events, before[0], before[2], kappa, before[3], alone, growth, left, theta, masses)
    for i in range(conditioned_at.shape[1]):
        k, e = conditioned_at[0, i], conditioned_at[1, i]
        world[k] = masses[0, e] - log(span[k])
        alone[k] = exp(world[k])
        on_date[k] = -expm1(-alone[k])


@njit(error_model="numpy")
def back_from_conditions(
    effects, effects_at, follows, occasions, occasions_at, dates, has_following, events, conditions, conditioned_at, own, beta,
    kappa, span, span_kappa, steep, before, share, masses, g_offset, g_occasion, g_marginal, g_kappa,
):  # fmt: skip
    """Turn derivatives by the marginals of conditioned events into those by their own hazards, and add those by their causes.

    ``own`` (event) are the hazards before `condition`; ``g_offset`` and ``g_occasion`` are blocks of the gradient.
    """
    n_effect = beta.size
    g_held, g_beta, g_cause = np.zeros(n_effect), np.zeros(n_effect), np.zeros(own.size)
    for i in range(conditioned_at.shape[1]):
        k, e = conditioned_at[0, i], conditioned_at[1, i]
        g_held[e] = g_marginal[k]
        by_theta = g_marginal[k] * masses[1, e]
        g_kappa[k] += (by_theta - g_marginal[k]) * span_kappa[k] / span[k]
        g_beta[e] -= conditions[0, i] * effects[MULTIPLIES, e] * by_theta
        g_marginal[k] = by_theta
    nowhere = np.zeros(own.size)
    back_through_effects(
        effects, effects_at, share, masses, steep, before[0], before[2], before[3], g_beta, g_held, g_offset, nowhere, g_cause,
        g_kappa,
    )  # fmt: skip
    if not has_following:
        for k in range(own.size):
            g_marginal[k] += g_cause[k]
        return
    g_every, g_possible, g_led, g_dates = np.zeros(own.size), np.zeros(own.size), np.zeros(n_effect), np.zeros(dates.size)
    for k in range(own.size):
        g_every[k] = g_cause[k] / before[0, k]
    back_to_causes(
        effects, effects_at, follows, events, occasions, occasions_at, dates, own, beta, kappa, before[0], before[1], g_every,
        g_possible, g_marginal, g_led, g_kappa, g_dates,
    )  # fmt: skip
    for e in range(n_effect):
        g_offset[e] += g_led[e] * effects[SD, e]
    for i in range(dates.size):
        g_occasion[i] += g_dates[i] * occasions[1, i]

"""What readers mean by a phrase, and what they write down: one model of a whole survey.

A reader's bias shows in all answers: some read everything as likelier. What is left differs from phrase to phrase, by a
spread of its own below and above the phrase's location. Meanings are then rounded by habit
(`forecasting.elicitation.habits`), and now and then an answer is a slip.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from forecasting.elicitation.habits import CUTS, HABITS, N_ANSWERS, N_ATOMS, habit_maps
from forecasting.elicitation.meaning import NODES, Survey, node_weights

HABIT_PRIOR = (0.0, 1.0, 1.0, -2.0, -2.0)
"""Prior means of the habits' log weights relative to ``ones``: fives and tens are common, the rest is rare."""


def _masses(location: Any, below: Any, above: Any) -> Any:
    """Return the masses of atoms under a two-piece logistic on the logit scale; dims (phrase, node, atom)."""
    cuts = np.log(CUTS / (100 - CUTS))
    step = cuts[None, None, :] - location[:, :, None]
    low, high = below[:, None, None], above[:, None, None]
    left = 2 * low / (low + high) * pt.sigmoid(pt.minimum(step, 0) / low)
    right = 2 * high / (low + high) * (pt.sigmoid(pt.maximum(step, 0) / high) - 0.5)
    cdf = left + right
    return pt.concatenate([cdf[:, :, :1], cdf[:, :, 1:] - cdf[:, :, :-1], 1 - cdf[:, :, -1:]], axis=2)


def _by_phrase(name: str, mean: float, sd: float, spread: float) -> Any:
    """Return phrase-level normals around a common mean; the width's prior, Gamma(4, 4/spread), stays away from zero."""
    centre = pm.Normal(f"{name}_mean", mean, sd)
    width = pm.Gamma(f"{name}_sd", 4, 4 / spread)
    return pm.Normal(name, centre, width, dims="phrase")


def build_phrase_model(survey: Survey) -> pm.Model:
    """Build the model of one survey.

    For phrase j and reader i with bias b_i ~ Normal(0, 1), on a regular grid of nodes:

    - meaning: z_ij = μ_j + λ_j b_i + ε_ij on the logit scale, μ_j ~ Normal(0, 2²), λ_j ~ Normal(λ̄, τ²), λ̄ ~ Normal(0.3, 0.2²)
    - ε_ij two-piece logistic with scales s⁻_j below and s⁺_j above zero, log s ~ Normal over phrases
    - answer: P(y | z) = (1 − π) Σ_h w_jh [habit h maps logistic(z) to y] + π / 101; w_j a softmax of normals over phrases

    Bias is summed out: log L = Σ_i a_i log Σ_node w_node Π_j P(y_ij | node), with a_i (``included``) one, or zero for a
    reader who is held out of a refit.

    Parameters
    ----------
    survey : Survey
        Answers in whole per cents, dims (reader, phrase), none missing.

    Returns
    -------
    pm.Model
        With ``location``, ``log_below``, ``log_above``, ``lean`` (dims phrase), ``habit_weight`` (phrase, habit) and
        ``slip``.

    References
    ----------
    Two-piece distributions: Wallis, K. F. (2014), *The two-piece normal, binormal, or double Gaussian distribution*,
    Statistical Science 29. Readers differ more than phrases: Budescu, D. V. and Wallsten, T. S. (1985), *Consistency in
    interpretation of probabilistic phrases*, Organizational Behavior and Human Decision Processes 36.
    """
    n_phrases, n_nodes = len(survey.phrases), len(NODES)
    coords = {"phrase": survey.phrases, "habit": HABITS, "reader": range(len(survey.answers))}
    cell = survey.answers + N_ANSWERS * np.arange(n_phrases)
    with pm.Model(coords=coords) as model:
        location = pm.Normal("location", 0, 2, dims="phrase")
        log_below, log_above = (_by_phrase(f"log_{side}", -0.9, 0.5, 0.5) for side in ("below", "above"))
        lean = _by_phrase("lean", 0.3, 0.2, 0.3)
        slip = pm.Beta("slip", 1, 50)
        odds = [_by_phrase(f"log_{name}", mean, 1.0, 1.0) for name, mean in zip(HABITS[1:], HABIT_PRIOR[1:], strict=True)]
        log_odds = pt.stack([pt.zeros(n_phrases), *odds], axis=1)
        weight = pm.Deterministic("habit_weight", pm.math.softmax(log_odds, axis=1), dims=("phrase", "habit"))
        masses = _masses(location[:, None] + lean[:, None] * NODES, pt.exp(log_below), pt.exp(log_above))
        by_habit = pt.dot(masses.reshape((n_phrases * n_nodes, N_ATOMS)), np.hstack(list(habit_maps())))
        by_habit = by_habit.reshape((n_phrases, n_nodes, len(HABITS), N_ANSWERS))
        answer = (1 - slip) * (by_habit * weight[:, None, :, None]).sum(axis=2) + slip / N_ANSWERS
        table = pt.log(answer).dimshuffle(0, 2, 1).reshape((n_phrases * N_ANSWERS, n_nodes))
        per_reader = table[cell.ravel()].reshape((*cell.shape, n_nodes)).sum(axis=1)
        included = pm.Data("included", np.ones(len(survey.answers)), dims="reader")
        pm.Potential("readers", (included * pt.logsumexp(per_reader + np.log(node_weights()), axis=1)).sum())
    return model

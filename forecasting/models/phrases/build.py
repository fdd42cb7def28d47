"""What readers mean by a phrase, and what they write down: one model of a whole survey.

A reader's bias shows in all answers: some read everything as likelier. Meanings spread around each phrase's median, on the
logit scale, further on one side than on the other and with tails of their own. They are then rounded by habit
(`forecasting.elicitation.habits`), and now and then an answer is a slip.

How to read the result: `location` is the log odds that half of all readers mean less than, so that it can be held against
the middle answer; `log_scale` is the log of the standard deviation near it. What a new reader means is
`forecasting.elicitation.meaning.meaning_quantiles`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.sparse as ps
import pytensor.tensor as pt
import xarray as xr
from pytensor import function
from pytensor.graph import clone_replace
from scipy.sparse import csr_matrix

from forecasting.elicitation.habits import CUTS, N_ANSWERS, ROUNDING, habit_maps, habit_shares
from forecasting.elicitation.meaning import Survey

ROUNDING_PRIOR = (2.5, 2.0)
"""Prior means of the log odds of ``fives`` and ``tens`` against ``ones``: most people round."""
NODES = np.arange(-2.4, 2.41, 0.6)
"""Bias of a reader: a regular grid of standard normal values, dims (node)."""


def node_weights() -> np.ndarray:
    """Return the probability of each node: the normal density there, scaled to sum to one."""
    density = np.exp(-0.5 * NODES**2)
    return density / density.sum()


def _by_phrase(name: str, mean: tuple[float, float], width: float) -> Any:
    """Return phrase-level normals around a common mean; their width's prior, Gamma(4, 4/width), stays away from zero."""
    centre = pm.Normal(f"{name}_mean", *mean)
    return pm.Normal(name, centre, pm.Gamma(f"{name}_sd", 4, 4 / width), dims="phrase")


def _rounding() -> Any:
    """Return how many round how, dims (phrase, rounding): log odds against ``ones`` that phrases share in part."""
    odds = [_by_phrase(f"log_{name}", (mean, 1.0), 0.5) for name, mean in zip(ROUNDING[1:], ROUNDING_PRIOR, strict=True)]
    log_odds = pt.stack([pt.zeros_like(odds[0]), *odds], axis=1)
    return pm.Deterministic("rounding_share", pm.math.softmax(log_odds, axis=1), dims=("phrase", "rounding"))


def _masses(location: Any, scale: Any, skew: Any, tail: Any, bias: Any) -> Any:
    """Return the mass of each atom for a reader of given bias; dims (atom, phrase, node)."""
    cuts = np.log(CUTS / (100 - CUTS))[:, None]
    step = (cuts - location) / scale * pt.cosh(skew) / tail + pt.sinh(skew)
    standard = pt.sinh(tail * (pt.arcsinh(step) - skew))  # dims (cut, phrase): a standard normal over all readers
    own = (standard[:, :, None] - bias[:, None] * NODES) / pt.sqrt(1 - bias**2)[:, None]
    cdf = 0.5 + 0.5 * pt.erf(own / np.sqrt(2))
    return pt.concatenate([cdf[:1], cdf[1:] - cdf[:-1], 1 - cdf[-1:]], axis=0)


def _cells(survey: Survey) -> csr_matrix:
    """Return which cells of the table of answers each reader fills: ones, dims (reader, answer × phrase)."""
    n_readers, n_phrases = survey.answers.shape
    columns = (survey.answers * n_phrases + np.arange(n_phrases)).ravel()
    ends = np.arange(0, columns.size + 1, n_phrases)
    return csr_matrix((np.ones(columns.size), columns, ends), shape=(n_readers, N_ANSWERS * n_phrases))


def build_phrase_model(survey: Survey) -> pm.Model:
    """Build the model of one survey.

    For phrase j and reader i with bias b_i ~ Normal(0, 1), e_ij ~ Normal(0, 1):

    - place of the reader: u_ij = ρ_j b_i + √(1 − ρ_j²) e_ij, ρ_j ~ Beta(2, 3): bias lifts all phrases or leaves them, so
      that its sign is fixed
    - meaning: z_ij = μ_j + s_j δ (sinh(asinh(u_ij)/δ + γ_j) − sinh γ_j) / cosh γ_j on the logit scale, which is μ_j at
      u = 0 and has slope s_j there; μ_j ~ Normal(0, 2²), log s_j and the skew γ_j normal over phrases, one tail weight δ
      (below one: longer tails than the normal)
    - answer: P(y | z) = (1 − π) Σ_h w_jh(z) [habit h maps logistic(z) to y] + π / 101; of the habits' shares w
      (`habit_shares`) rounding is a softmax of normals over phrases, "beside even" Beta(1, 4) for each phrase, and the
      pile-up at 0 and at 100 Beta(1, 9) for the survey

    Over all readers u is a standard normal whatever ρ is, so that μ is the median, and quantiles have a closed form.
    Bias is summed out on a grid: log L = Σ_i a_i log Σ_node w_node Π_j P(y_ij | node), with a_i (``included``) one, or
    zero for a reader who is held out of a refit. P depends on a phrase, an answer and a node only: it is computed once
    for each, and the readers' products are one sparse matrix of ones times the table of its logarithms.

    Parameters
    ----------
    survey : Survey
        Answers in whole per cents, dims (reader, phrase), none missing.

    Returns
    -------
    pm.Model
        With ``location``, ``log_scale``, ``skew``, ``bias``, ``beside_even`` (dims phrase), ``rounding_share`` (phrase,
        rounding), ``pile_up`` (end), ``log_tail`` and ``slip``.

    References
    ----------
    Distribution of meanings: Jones, M. C. and Pewsey, A. (2009), *Sinh-arcsinh distributions*, Biometrika 96, here with
    median and slope as parameters. Readers differ more than phrases: Budescu, D. V. and Wallsten, T. S. (1985),
    *Consistency in interpretation of probabilistic phrases*, Organizational Behavior and Human Decision Processes 36.
    """
    n_phrases, n_nodes = len(survey.phrases), len(NODES)
    coords = {"phrase": survey.phrases, "rounding": ROUNDING, "end": ("0", "100"), "reader": range(len(survey.answers))}
    to_answers = ps.as_sparse_variable(csr_matrix(habit_maps().transpose(2, 0, 1).reshape((N_ANSWERS, -1))))
    with pm.Model(coords=coords) as model:
        location = pm.Normal("location", 0, 2, dims="phrase")
        scale = pt.exp(_by_phrase("log_scale", (-0.5, 0.5), 0.7))
        skew = _by_phrase("skew", (0.0, 0.3), 0.5)
        tail = pt.exp(pm.Normal("log_tail", -0.2, 0.2))
        bias = pm.Beta("bias", 2, 3, dims="phrase")
        beside_even = pm.Beta("beside_even", 1, 4, dims="phrase")
        pile_up = pm.Beta("pile_up", 1, 9, dims="end")
        slip = pm.Beta("slip", 1, 50)
        shares = habit_shares(_rounding(), beside_even, pile_up[None, :]).dimshuffle(1, 2, 0)  # dims (habit, atom, phrase)
        by_habit = shares[:, :, :, None] * _masses(location, scale, skew, tail, bias)
        answer = ps.structured_dot(to_answers, by_habit.reshape((-1, n_phrases * n_nodes)))
        table = pt.log((1 - slip) * answer + slip / N_ANSWERS).reshape((N_ANSWERS * n_phrases, n_nodes))
        per_reader = ps.structured_dot(ps.as_sparse_variable(_cells(survey)), table)
        included = pm.Data("included", np.ones(len(survey.answers)), dims="reader")
        by_reader = pt.logsumexp(per_reader + np.log(node_weights()), axis=1)
        pm.Potential("readers", included * by_reader, dims="reader")
    return model


def reader_log_likelihood(posterior: xr.Dataset, survey: Survey) -> np.ndarray:
    """Return log P(answers of a reader | draw) of every reader of a survey, dims (draw, reader), draws chain by chain."""
    model = build_phrase_model(survey)
    values = [rv.type() for rv in model.free_RVs]
    term = clone_replace(model["readers"], dict(zip(model.free_RVs, values, strict=True)))
    evaluate = function(values, term, on_unused_input="ignore")
    draws = posterior.stack(d=("chain", "draw")).transpose("d", ...)
    columns = [np.asarray(draws[rv.name].values, dtype=rv.dtype) for rv in model.free_RVs]
    return np.stack([evaluate(*(column[i] for column in columns)) for i in range(draws.sizes["d"])])

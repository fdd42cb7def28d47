"""What each answer depends on: how it moves when base rates, grades, claims or history are given more or less weight.

Each part of the joint density is raised to a power α (below 1 it says less, above 1 more) and the posterior draws are
weighted by part^(α − 1). The sensitivity is the cumulative Jensen-Shannon distance between the answer's distribution with
and without the weights, per doubling of the power, averaged over α = 0.8 and 1.25.

Only terms that bear on the question are scaled: those of its events and of all that a chain of effects leads from. Errors
that claims share are left as they are: they belong to neither side.

References
----------
Kallioinen, N., Paananen, T., Bürkner, P.-C. and Vehtari, A. (2024), *Detecting and diagnosing prior and likelihood
sensitivity with power-scaling*, Statistics and Computing 34 (the measure, the bound 0.05, and what to conclude).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasting.analysis.distribution_distance import cumulative_distance
from forecasting.analysis.registry import columns_of
from forecasting.dossier.graph import upstream
from forecasting.dossier.questions import Question
from forecasting.fitting.fit import Fit
from forecasting.inference.gate import gated
from forecasting.inference.importance import Weights, smoothed_weights
from forecasting.inference.monte_carlo import weighted_mean
from forecasting.models.network.hazards import stacked_parameters
from forecasting.models.network.likelihood import log_likelihood, reading_errors
from forecasting.models.network.prior_density import BASE, GRADES, log_prior

SENSITIVE, NOISE_FACTOR = 0.05, 2.0
AGAINST, CONFLICT = 0.1, 0.7  # pulls, in standard deviations per doubling
EVEN = 0.99
# the powers tried; smaller steps where the weights of larger ones are not to be trusted
ALPHAS = ((0.8, 1.25), (0.9, 1 / 0.9), (0.95, 1 / 0.95), (0.99, 1 / 0.99))
PARTS = {
    "base": "the base-rate prior",
    "grades": "the grades of effects, drivers and signals",
    "claims": "the claims",
    "history": "the history",
}
COLUMNS = columns_of("sensitivity")


@dataclass(frozen=True)
class Parts:
    """The joint density of one fit, by draw and by what it speaks of: (draw, event), (draw, class), (draw, …)."""

    prior: Mapping[str, np.ndarray]
    likelihood: np.ndarray

    @classmethod
    def of(cls, fit: Fit) -> Parts:
        """Evaluate every term of the prior and of the likelihood on the posterior draws of a fit."""
        posterior = fit.posterior.trace["posterior"].to_dataset()
        p, errors = stacked_parameters(posterior, fit.structure), reading_errors(posterior)
        return cls(log_prior(posterior, fit.structure), log_likelihood(p, errors, fit.structure, fit.posterior.evidence))

    def scaled(self, fit: Fit, question: Question) -> dict[str, np.ndarray]:
        """Return the log density of each part, over the terms that bear on a question (draw,)."""
        s, evidence = fit.structure, fit.posterior.evidence
        event = np.isin(np.arange(len(s.event_ids)), behind(fit, question))
        into, loaded = event[s.effect_to], event[s.loading_event]
        driver = np.isin(np.arange(len(s.driver_ids)), s.loading_driver[loaded])
        signal = np.array([event[one.event] for one in s.signals], dtype=bool) & evidence.use_signals
        known = np.isin(np.arange(len(s.class_shape)), s.event_class[event])
        n_rates, n_claims, n_drivers = len(s.rate_classes), len(evidence.claims.reading), len(evidence.drivers.reading)
        keep = {
            "class_rate": known[:n_rates], "class_prob": known[n_rates:], "class_spread_unit": known, "member_offset": event,
            "log_shape_offset": np.isin(np.arange(1, 1 + len(s.ageing_classes)), s.event_shape[event]),
            "effect_beta_offset": into & (s.effect_sd > 0), "driver_level": driver, "loading_weight_offset": loaded,
            "signal_log_ratio_offset": signal, "signal_overlap": np.array([signal.sum() > 1]),
        }  # fmt: skip

        def prior(names: tuple[str, ...]) -> np.ndarray:
            return sum(self.prior[name][:, keep[name]].sum(axis=1) for name in names if name in self.prior)  # type: ignore[return-value]

        told = np.concatenate([event[evidence.rows.event[:n_claims]], driver[evidence.drivers.driver]])
        lived = event[evidence.rows.event[n_claims:]]
        return {
            "base": prior(BASE),
            "grades": prior(GRADES),
            "claims": self.likelihood[:, : n_claims + n_drivers][:, told].sum(axis=1),
            "history": self.likelihood[:, n_claims + n_drivers :][:, lived].sum(axis=1),
        }


def behind(fit: Fit, question: Question) -> list[int]:
    """Return the positions of a question's events and of those with a chain of effects into them."""
    found = upstream(fit.edition.effects, question.events())
    return [k for k, name in enumerate(fit.structure.event_ids) if name in found]


def scaled_weights(log_density: np.ndarray) -> tuple[tuple[float, float], tuple[Weights, Weights]]:
    """Return the powers that can be reached by weights, and the weights: the first of ``ALPHAS`` to be relied on."""
    for alphas in ALPHAS:
        below, above = (smoothed_weights((alpha - 1) * log_density) for alpha in alphas)
        # weights that stand for nearly all draws are carried by no few of them, whatever the shape of their tail
        if all(weights.reliable or weights.share >= EVEN for weights in (below, above)):
            break
    return alphas, (below, above)


def power_sensitivity(answer: np.ndarray, alphas: tuple[float, float], weights: tuple[Weights, Weights]) -> float:
    """Return the cumulative Jensen-Shannon distance of an answer's distribution per doubling of the power.

    *How to read it:* from 0.05 the part matters to the answer.
    """
    if np.ptp(answer) < 1e-12:
        return 0.0
    below, above = (cumulative_distance(answer, one.values) for one in weights)
    return float((above / np.log2(alphas[1]) - below / np.log2(alphas[0])) / 2)


@gated
def sensitivity(fit: Fit) -> pd.DataFrame:
    """Return how every answer moves when each part of the model is given more or less weight, and the verdict.

    Returns
    -------
    DataFrame
        One row per outcome and part (*base*, *grades*, *claims*, *history*): ``sensitivity``; ``noise``, which is what the
        same measure gives for weights shuffled over the draws, where there is nothing to find; whether the part ``counts``
        (from 0.05 and twice the noise); ``pull`` in standard deviations of the answer, and ``points`` (of probability, as a
        fraction), per doubling of the power; the lower ``alpha`` and its k̂; and, the same in all rows of an outcome,
        ``verdict`` with its ``words`` (see `verdict`).
    """
    parts, rng, rows = Parts.of(fit), np.random.default_rng(fit.seed), []
    for question in fit.edition.questions:
        weights = {name: scaled_weights(density) for name, density in parts.scaled(fit, question).items()}
        got = fit.posterior.answers[question.id]
        for i, outcome in enumerate(got.outcomes):
            found = {name: _measured(got.p[:, i], *pair, rng) for name, pair in weights.items()}
            said, words = verdict({name: (row["sensitivity"], row["noise"], row["pull"]) for name, row in found.items()})
            rows += [
                {"question": question.id, "outcome": outcome, "part": name, **row, "verdict": said, "words": words}
                for name, row in found.items()
            ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _measured(
    p: np.ndarray, alphas: tuple[float, float], weights: tuple[Weights, Weights], rng: np.random.Generator
) -> dict[str, float]:
    """Return the measures of one outcome, P(outcome | draw), under one part."""
    below, above = weights
    size, noise = power_sensitivity(p, alphas, weights), power_sensitivity(rng.permutation(p), alphas, weights)
    change, spread = float(weighted_mean(above.values - below.values, p) / np.log2(alphas[1] / alphas[0])), float(p.std())
    return {
        "sensitivity": size, "noise": noise, "counts": matters(size, noise),
        "pull": change / spread if spread > 1e-12 else 0.0, "points": change,
        "alpha": alphas[0], "k_hat": max(below.k_hat, above.k_hat),
    }  # fmt: skip


def matters(size: float, noise: float) -> bool:
    """Return whether a sensitivity counts: from 0.05, and from twice what the measure gives where there is nothing."""
    return size >= SENSITIVE and size >= NOISE_FACTOR * noise


def verdict(measured: Mapping[str, tuple[float, float, float]]) -> tuple[str, str]:
    """Return what an answer depends on, as a code and in words, from (sensitivity, noise, pull) of each part.

    A part counts from a sensitivity of 0.05 that is twice its noise. Then, the first that holds:

    - *settled*: no part moves the answer at all;
    - *neither*: no part counts;
    - *conflict*: base rate and claims (or history) count, pull opposite ways, and each by 0.7 or more;
    - *against*: the same from 0.1: they disagree, and the answer is a compromise;
    - *shared*: several parts count;
    - *base*, *grades*, *claims* or *history*: it alone counts.

    Examples
    --------
    >>> verdict({"base": (0.21, 0.01, -0.4), "claims": (0.03, 0.01, 0.1)})
    ('base', 'driven by the base-rate prior')
    >>> verdict({"base": (0.09, 0.01, 0.2), "claims": (0.09, 0.01, -0.3)})[0]
    'against'
    """
    if all(size == 0 for size, _, _ in measured.values()):
        return "settled", "settled: no weight on any part changes it"
    counts = {
        name: pull for name, (size, noise, pull) in sorted(measured.items(), key=lambda item: -item[1][0]) if matters(size, noise)
    }
    named = [PARTS[name] for name in counts]
    if not counts:
        nothing = "none of them, given more or less weight, moves it much (reported facts are weighed one by one)"
        return "neither", f"driven by no single part: {nothing}"
    for code, least in (("conflict", CONFLICT), ("against", AGAINST)):
        for data in ("claims", "history"):
            pulls = (counts.get("base", 0.0), counts.get(data, 0.0))
            if min(map(abs, pulls)) >= least and pulls[0] * pulls[1] < 0:
                up, down = (PARTS["base"], PARTS[data]) if pulls[0] > 0 else (PARTS[data], PARTS["base"])
                head = "prior–data conflict" if code == "conflict" else "a compromise"
                return code, f"{head}: more weight on {up} raises it, more on {down} lowers it"
    if len(named) == 1:
        return next(iter(counts)), f"driven by {named[0]}"
    return "shared", f"driven by {', '.join(named[:-1])} and {named[-1]}"

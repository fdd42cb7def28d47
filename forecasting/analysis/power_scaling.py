"""What each answer depends on: how it moves when base rates, grades, claims, facts or history are given more or less weight.

Each part of the joint density is raised to a power α (below 1 it says less, above 1 more) and the posterior draws are
weighted by part^(α − 1). Facts are no factor of it: their likelihood ratios shift hazards, and are raised to the power where
they do (`forecasting.analysis.scaled_facts`). The sensitivity is the cumulative Jensen-Shannon distance between the answer's
distribution before and after, per doubling of the power, averaged over α = 0.8 and 1.25.

Only terms that bear on the question are scaled: those of its events and of all that a chain of effects leads from. Errors
that claims share are left as they are: they belong to neither side.

References
----------
Kallioinen, N., Paananen, T., Bürkner, P.-C. and Vehtari, A. (2024), *Detecting and diagnosing prior and likelihood
sensitivity with power-scaling*, Statistics and Computing 34 (the measure, the bound 0.05, and what to conclude).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasting.analysis.distribution_distance import cumulative_distance
from forecasting.analysis.registry import columns_of
from forecasting.analysis.scaled_facts import ScaledFacts
from forecasting.analysis.verdicts import PARTS, matters, verdict
from forecasting.dossier.events import Occasion
from forecasting.dossier.graph import upstream
from forecasting.dossier.questions import Question
from forecasting.fitting.fit import EditionFit
from forecasting.inference.gate_report import gated
from forecasting.inference.importance import Weights, smoothed_weights
from forecasting.inference.monte_carlo import weighted_mean
from forecasting.models.network.hazards import stacked_parameters
from forecasting.models.network.likelihood import log_likelihood, reading_errors
from forecasting.models.network.prior_density import BASE, GRADES, log_prior

EVEN = 0.99
DAYS = "occasion_log_mass_offset"
# the powers tried; smaller steps where the weights of larger ones are not to be trusted
ALPHAS = ((0.8, 1.25), (0.9, 1 / 0.9), (0.95, 1 / 0.95), (0.99, 1 / 0.99))
COLUMNS = columns_of("sensitivity")


@dataclass(frozen=True)
class Parts:
    """The joint density of one fit, by draw and by what it speaks of: (draw, event), (draw, class), (draw, …)."""

    prior: Mapping[str, np.ndarray]
    likelihood: np.ndarray

    @classmethod
    def of(cls, fit: EditionFit) -> Parts:
        """Evaluate every term of the prior and of the likelihood on the posterior draws of a fit."""
        posterior = fit.posterior.trace["posterior"].to_dataset()
        p, errors = stacked_parameters(posterior, fit.structure), reading_errors(posterior)
        return cls(log_prior(posterior, fit.structure), log_likelihood(p, errors, fit.structure, fit.posterior.evidence))

    def scaled(self, fit: EditionFit, question: Question) -> dict[str, np.ndarray]:
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
            DAYS: event[s.occasion_event],
            "signal_log_ratio_offset": signal, "signal_overlap": np.array([signal.sum() > 1]),
        }  # fmt: skip

        counted = np.array([one.reference_class is not None for one in _occasions(fit)], dtype=bool)

        def prior(names: tuple[str, ...], occasions: np.ndarray) -> np.ndarray:
            kept = {**keep, DAYS: keep[DAYS] & occasions}
            return sum(self.prior[name][:, kept[name]].sum(axis=1) for name in names if name in self.prior)  # type: ignore[return-value]

        rows, n = bearing_rows(fit, question), n_claims + n_drivers
        return {
            "base": prior((*BASE, DAYS), counted),  # a share that was counted is a base rate, on a day as by the year
            "grades": prior(GRADES, ~counted),
            "claims": self.likelihood[:, :n][:, rows[:n]].sum(axis=1),
            "history": self.likelihood[:, n:][:, rows[n:]].sum(axis=1),
        }


def _occasions(fit: EditionFit) -> Iterator[Occasion]:
    """Yield the occasions of a fit's events in the order of its structure."""
    days = {(event.id, one.on): one for event in fit.edition.events for one in event.occasions}
    yield from (days[fit.structure.event_ids[one.event], one.on] for one in fit.structure.occasions)


def bearing_rows(fit: EditionFit, question: Question) -> np.ndarray:
    """Return which rows of the likelihood bear on a question: of its events, those behind them, and their drivers (row,)."""
    s, evidence = fit.structure, fit.posterior.evidence
    event = np.isin(np.arange(len(s.event_ids)), behind(fit, question))
    driver = np.isin(np.arange(len(s.driver_ids)), s.loading_driver[event[s.loading_event]])
    n = len(evidence.claims.reading)
    judged, lived = event[evidence.rows.event[:n]], event[evidence.rows.event[n:]]
    return np.concatenate([judged, driver[evidence.drivers.driver], lived])


def behind(fit: EditionFit, question: Question) -> list[int]:
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
def sensitivity(fit: EditionFit) -> pd.DataFrame:
    """Return how every answer moves when each part of the model is given more or less weight, and the verdict.

    Returns
    -------
    DataFrame
        One row per outcome and part (*base*, *grades*, *claims*, *facts*, *history*): ``sensitivity``; ``noise``, which is
        what the same measure gives for weights shuffled over the draws, where there is nothing to find; whether the part
        ``counts`` (from 0.05 and twice the noise); ``pull`` in standard deviations of the answer, and ``points`` (of
        probability, as a fraction), per doubling of the power; the lower ``alpha`` and its k̂; and, the same in all rows of
        an outcome, ``verdict`` with its ``words`` (see `forecasting.analysis.verdicts.verdict`).
    """
    parts, facts, rng, rows = Parts.of(fit), ScaledFacts.of(fit), np.random.default_rng(fit.seed), []
    for question in fit.edition.questions:
        weights = {name: scaled_weights(density) for name, density in parts.scaled(fit, question).items()}
        by_facts = _fact_weights(facts, bearing_rows(fit, question))
        got, base = fit.posterior.answers[question.id], fit.layers["base"].answers[question.id].p.mean(axis=0)
        for i, outcome in enumerate(got.outcomes):
            found = {name: _measured(got.p[:, i], *pair, rng) for name, pair in weights.items()}
            found["facts"] = _facts_measured(facts, question.id, i, *by_facts, rng)
            found = {name: found[name] for name in PARTS}
            sizes = {name: (row["sensitivity"], row["noise"], row["pull"]) for name, row in found.items()}
            said, words = verdict(sizes, base[i], got.p[:, i].mean())
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
    change = float(weighted_mean(above.values - below.values, p))
    return _row(size, noise, change, p, alphas, weights)


def _row(
    size: float, noise: float, change: float, p: np.ndarray, alphas: tuple[float, float], weights: tuple[Weights, Weights]
) -> dict[str, float]:
    points, spread = change / float(np.log2(alphas[1] / alphas[0])), float(p.std())
    return {
        "sensitivity": size, "noise": noise, "counts": matters(size, noise),
        "pull": points / spread if spread > 1e-12 else 0.0, "points": points,
        "alpha": alphas[0], "k_hat": max(one.k_hat for one in weights),
    }  # fmt: skip


def _fact_weights(facts: ScaledFacts, rows: np.ndarray) -> tuple[tuple[float, float], tuple[Weights, Weights]]:
    """Return the powers that facts can be raised to by weights, as `scaled_weights` does for other parts."""
    for alphas in ALPHAS:
        below, above = (facts.weights(alpha, rows) for alpha in alphas)
        if all(weights.reliable or weights.share >= EVEN for weights in (below, above)):
            break
    return alphas, (below, above)


def _facts_measured(
    facts: ScaledFacts, question: str, outcome: int, alphas: tuple[float, float], weights: tuple[Weights, Weights],
    rng: np.random.Generator,
) -> dict[str, float]:  # fmt: skip
    """Return the measures of one outcome under facts to a power: other answers of the same draws, weighted."""
    p = facts.at(1.0).answers[question][:, outcome]
    there = [facts.distance(question, outcome, alpha, one.values) for alpha, one in zip(alphas, weights, strict=True)]
    means = [
        float(weighted_mean(one.values, facts.at(alpha).answers[question][:, outcome]))
        for alpha, one in zip(alphas, weights, strict=True)
    ]
    size = (there[1] / np.log2(alphas[1]) - there[0] / np.log2(alphas[0])) / 2
    noise = power_sensitivity(rng.permutation(p), alphas, weights)
    return _row(float(size), noise, means[1] - means[0], p, alphas, weights)

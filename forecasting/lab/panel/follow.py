"""Answers and curves under changed records: by importance weights where they carry, by a refit where they do not.

The weights are those of `forecasting.analysis.what_if`, on every n-th draw of the fit, so that answers and curves follow within
a second: Σ w p′ − mean(p) over the same draws and the same thresholds is added to what the whole fit says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import xarray as xr

from forecasting.analysis.class_weights import in_old_classes, moved_events, prior_ratio, weighable
from forecasting.analysis.what_if import same_network, same_variables, same_world
from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.quantify import quantify
from forecasting.fitting.fit import EditionFit
from forecasting.fitting.layers import answer_layer
from forecasting.inference.importance import Weights, smoothed_weights
from forecasting.inference.monte_carlo import mean_errors, paired_errors, weighted_mean
from forecasting.models.network.draws import recomputed
from forecasting.models.network.engine import QUICK, compile_network
from forecasting.models.network.evidence import Evidence, build_evidence
from forecasting.models.network.hazards import event_paths, stacked_parameters
from forecasting.models.network.likelihood import log_likelihood, reading_errors
from forecasting.models.network.parameters import Parameters
from forecasting.models.network.predictor import Effects, effect_terms_of_draws
from forecasting.models.network.structure import Structure, build_structure
from forecasting.paths.curves import Curves
from forecasting.paths.questions import INTERVAL, Answer, answer, epistemic_draws
from forecasting.paths.simulate import Paths

BOUNDS = ((1 - INTERVAL) / 2, (1 + INTERVAL) / 2)
# Of the fit's draws so many are weighted, and so many paths simulated for each: a few anew in a changed world, many once where
# the world stays the same. Of the 2024 edition the few take 1.7 s of one core, the many 3.1 s. With 6 paths a draw, which is
# what curves had, the end of an interval was off by up to 5 points, and jagged, as probabilities lie in so few places then.
DRAWS, PATHS, MANY = 2000, 16, 40


@dataclass(frozen=True)
class Said:
    """What is said of one question: P(outcome), the 90 % interval of each, and the Monte Carlo error of its change."""

    p: np.ndarray
    low: np.ndarray
    high: np.ndarray
    mcse_change: np.ndarray


@dataclass(frozen=True)
class Curve:
    """P(T ≤ t) of one event on a grid of years from the as-of date, with the 90 % interval of that probability."""

    grid: np.ndarray
    p: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Followed:
    """Every answer under changed records, curves of the events asked for, and how they were found; k̂ is that of the weights."""

    answers: Mapping[str, Said]
    curves: Mapping[str, Curve]
    how: Literal["nothing", "weights", "refit"]
    k_hat: float


@dataclass(frozen=True)
class Simulated:
    """Paths for each of the weighted draws, and the answers that they give: text and curve read the same ones."""

    paths: Paths
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class Follower:
    """A fit whose answers follow changed records; what they are compared with is computed once."""

    fit: EditionFit

    @cached_property
    def before(self) -> Followed:
        """What the fit itself says, with the curves of all events."""
        answers = {name: _said(got, np.zeros(len(got.outcomes))) for name, got in self.fit.posterior.answers.items()}
        return Followed(answers, self._all(self.fit.posterior.curves), "nothing", 0.0)

    @property
    def every(self) -> int:
        """The n of every n-th draw of a chain that is weighted."""
        sizes = self.fit.posterior.trace["posterior"].sizes
        return max(1, sizes["chain"] * sizes["draw"] // DRAWS)

    @cached_property
    def posterior(self) -> xr.Dataset:
        """Every n-th draw of the posterior."""
        return self.fit.posterior.trace["posterior"].to_dataset().isel(draw=slice(None, None, self.every))

    @cached_property
    def drawn(self) -> tuple[Parameters, Effects]:
        """The parameters of these draws and the terms of their effects, which most changes leave as they are."""
        p = stacked_parameters(self.posterior, self.fit.structure)
        return p, effect_terms_of_draws(p, self.fit.structure)

    @cached_property
    def log_likelihood(self) -> np.ndarray:
        """The log likelihood of all evidence on these draws (draw,)."""
        s, evidence = self.fit.structure, self.fit.posterior.evidence
        return log_likelihood(self.drawn[0], reading_errors(self.posterior), s, evidence, self.drawn[1]).sum(axis=1)

    @cached_property
    def few(self) -> Simulated:
        """A few paths for each of these draws, whose thresholds a changed world shares."""
        return self._simulated(self.fit.edition, self.fit.structure, self.fit.posterior.evidence, self.posterior, PATHS)

    @cached_property
    def many(self) -> Simulated:
        """Many paths (`MANY`) for each of these draws: what is weighted where the world is the same."""
        fit = self.fit
        return self._simulated(fit.edition, fit.structure, fit.posterior.evidence, self.posterior, MANY)

    def prepare(self) -> None:
        """Compute once what every change is compared with."""
        _ = self.before, self.log_likelihood, self.few, self.many

    def by_weights(self, edition: EditionDossier, events: Iterable[str] = ()) -> Followed | float:
        """Return what weighted draws say under a changed edition, or k̂ where they are not to be trusted.

        ``events`` are those whose curves are wanted. An event in another class is one with another prior: the draws keep the
        world that they have, and are weighed for it (`forecasting.analysis.class_weights`).
        """
        fit, wanted = self.fit, edition
        if moved := moved_events(fit.edition, wanted):
            if not weighable(fit.edition, wanted):
                return np.inf
            edition = in_old_classes(fit.edition, wanted, moved)
        s = build_structure(edition, quantify(edition))
        if not same_variables(fit.structure, s):
            return np.inf
        evidence, posterior, drawn = build_evidence(edition, s, quantify(edition)), self.posterior, self.drawn
        if not same_network(s, fit.structure):
            posterior = recomputed(posterior, s)
            p = stacked_parameters(posterior, s)
            drawn = p, effect_terms_of_draws(p, s)
        ratio = log_likelihood(drawn[0], reading_errors(posterior), s, evidence, drawn[1]).sum(axis=1) - self.log_likelihood
        weights = smoothed_weights(ratio + prior_ratio(posterior, fit.edition, wanted, fit.structure, s))
        if not weights.reliable:
            return weights.k_hat
        if same_world(fit, edition, s, evidence):
            if np.ptp(weights.values) == 0:
                return self.before
            base = given = self.many
        else:
            base, given = self.few, self._simulated(edition, s, evidence, posterior, PATHS)
        return self._followed(weights, given, base, events)

    def by_evidence(self, evidence: Evidence) -> Followed | float:
        """Return what weighted draws say under other evidence on the same network, or k̂ where they are not to be trusted."""
        s = self.fit.structure
        likelihood = log_likelihood(self.drawn[0], reading_errors(self.posterior), s, evidence, self.drawn[1]).sum(axis=1)
        weights = smoothed_weights(likelihood - self.log_likelihood)
        if not weights.reliable:
            return weights.k_hat
        if np.array_equal(evidence.use_signals, self.fit.posterior.evidence.use_signals):
            return self._followed(weights, self.many, self.many, ())
        given = self._simulated(self.fit.edition, s, evidence, self.posterior, PATHS)
        return self._followed(weights, given, self.few, ())

    def _followed(self, weights: Weights, given: Simulated, base: Simulated, events: Iterable[str]) -> Followed:
        answers = {
            name: _weighted(weights.values, given.answers[name], base.answers[name], said)
            for name, said in self.before.answers.items()
        }
        curves = {name: self._curve(weights.values, given.paths, base.paths, name) for name in events}
        return Followed(answers, curves, "weights", weights.k_hat)

    def by_refit(self, edition: EditionDossier, k_hat: float) -> Followed:
        """Return what a fresh fit of a changed edition says; it is short, and never published."""
        network = compile_network(edition)
        evidence = build_evidence(edition, network.structure, quantify(edition))
        trace = network.sample(evidence, random_seed=self.fit.seed, length=QUICK)
        layer = answer_layer(edition, network.structure, "prior", evidence, trace, self.fit.seed)
        chains = self.fit.edition.edition.chains
        answers = {}
        for name, before in self.fit.posterior.answers.items():
            got = layer.answers[name]
            answers[name] = _said(got, np.hypot(mean_errors(got.p, QUICK.chains), mean_errors(before.p, chains)))
        return Followed(answers, self._all(layer.curves), "refit", k_hat)

    def _all(self, curves: Curves) -> dict[str, Curve]:
        names = enumerate(self.fit.structure.event_ids)
        return {name: Curve(curves.grid, curves.p[k], curves.low[k], curves.high[k]) for k, name in names}

    def _simulated(
        self, edition: EditionDossier, s: Structure, evidence: Evidence, posterior: xr.Dataset, paths_per_draw: int
    ) -> Simulated:
        paths = event_paths(edition, s, evidence, posterior, paths_per_draw=paths_per_draw, random_seed=self.fit.seed)
        return Simulated(paths, {question.id: answer(paths, question) for question in edition.questions})

    def _curve(self, weights: np.ndarray, given: Paths, base: Paths, event: str) -> Curve:
        """Return the curve of an event as `_weighted` has an answer: of the same paths, with their noise taken out alike."""
        k, whole = self.fit.structure.event_ids.index(event), self.before.curves[event]
        if np.isfinite(given.world.occurred[k]):
            return whole
        after, before = 1 - given.survival[:, k, :], 1 - base.survival[:, k, :]
        p = whole.p + weighted_mean(weights, after) - before.mean(axis=0)
        return Curve(whole.grid, np.clip(p, 0, 1), *weighted_ends(weights, after, given.survival_noise[None, k]))


def weighted_quantiles(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the ends of the 90 % interval of weighted draws (draw, …) → (2, …).

    Each end is the least draw up to which the weights sum to 5 or 95 %.

    Examples
    --------
    >>> weighted_quantiles(np.array([0.02, 0.9, 0.08]), np.array([[0.1], [0.2], [0.3]])).ravel().tolist()
    [0.2, 0.3]
    """
    order = np.argsort(values, axis=0)
    reached = np.cumsum(weights[order], axis=0)
    places = [np.minimum((reached < bound).sum(axis=0), len(values) - 1) for bound in BOUNDS]
    ranked = np.take_along_axis(values, order, axis=0)
    return np.stack([np.take_along_axis(ranked, place[None], axis=0)[0] for place in places])


def weighted_ends(weights: np.ndarray, p: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Return the ends of the 90 % interval of probabilities under weights of the draws (draw, …) → (2, …).

    The one interval of the panel, for answers and curves: the noise of the paths is taken out (`epistemic_draws`) before the
    weighted quantiles are read, as in `forecasting.analysis.what_if.weighted_interval`.

    Examples
    --------
    >>> weighted_ends(np.array([0.02, 0.9, 0.08]), np.array([[0.1], [0.2], [0.3]]), np.zeros((3, 1))).ravel().tolist()
    [0.2, 0.3]
    """
    return weighted_quantiles(weights, np.clip(epistemic_draws(p, noise), 0, 1))


def _said(got: Answer, errors: np.ndarray) -> Said:
    ends = np.array([got.interval(i) for i in range(len(got.outcomes))]).reshape(-1, 2)
    return Said(got.p.mean(axis=0), ends[:, 0], ends[:, 1], errors)


def _weighted(weights: np.ndarray, given: Answer, base: Answer, before: Said) -> Said:
    p = np.clip(before.p + weighted_mean(weights, given.p) - base.p.mean(axis=0), 0, 1)
    low, high = weighted_ends(weights, given.p, given.noise)
    return Said(p, low, high, paired_errors(weights, given.p, base.p))

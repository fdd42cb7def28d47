"""Facts given more or less weight: every log likelihood ratio times α, so that facts count as if there were α times as much.

A fact that is e^γ times likelier where an event comes raises that event's log hazard by γ for as long as it acts. Its
likelihood to the power α is e^{αγ}: the shift becomes αγ, with what facts share of each other as it was. A fact is no factor
of the joint density that draws could be weighted by alone; it changes what a draw says of the future. So the answers of
the same draws are simulated anew, on the same thresholds, and the draws are weighted by what the changed shifts do to the
likelihood of readings and of history that fall into the time of a fact.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from forecasting.analysis.distribution_distance import distance_between
from forecasting.fitting.fit import EditionFit
from forecasting.inference.importance import Weights, smoothed_weights
from forecasting.models.network.hazards import event_paths, stacked_parameters
from forecasting.models.network.likelihood import log_likelihood, reading_errors
from forecasting.paths.grids import deadline_grid
from forecasting.paths.questions import answer, epistemic_draws

FACT_DRAWS, FACT_PATHS = 4000, 16


@dataclass(frozen=True)
class UnderFacts:
    """What some draws say with the facts to a power: P(outcome | draw) of every question, and the log likelihood by row."""

    answers: dict[str, np.ndarray]
    log_likelihood: np.ndarray


@dataclass(frozen=True)
class ScaledFacts:
    """Every n-th draw of a fit under facts to any power, each power simulated once."""

    fit: EditionFit
    posterior: xr.Dataset
    found: dict[float, UnderFacts] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, fit: EditionFit) -> ScaledFacts:
        """Return a fit's draws, thinned; nothing is simulated yet."""
        posterior = fit.posterior.trace["posterior"].to_dataset()
        step = max(1, posterior.sizes["chain"] * posterior.sizes["draw"] // FACT_DRAWS)
        return cls(fit, posterior.isel(draw=slice(None, None, step)))

    def at(self, alpha: float) -> UnderFacts:
        """Return what the draws say with the facts to the power ``alpha``, the chance of the paths taken out."""
        if alpha not in self.found:
            fit, scaled = self.fit, self.posterior
            if "signal_log_ratio" in scaled:
                scaled = scaled.assign(signal_log_ratio=alpha * scaled["signal_log_ratio"])
            evidence, s = fit.posterior.evidence, fit.structure
            paths = event_paths(
                fit.edition, s, evidence, scaled, paths_per_draw=FACT_PATHS, random_seed=fit.seed, grid=deadline_grid(fit.edition)
            )
            answers = {}
            for question in fit.edition.questions:
                got = answer(paths, question)
                answers[question.id] = epistemic_draws(got.p, got.noise)
            told = log_likelihood(stacked_parameters(scaled, s), reading_errors(scaled), s, evidence)
            self.found[alpha] = UnderFacts(answers, told)
        return self.found[alpha]

    def weights(self, alpha: float, rows: np.ndarray) -> Weights:
        """Return the weights of the draws under facts to a power, by the rows of the likelihood that bear on a question."""
        return smoothed_weights((self.at(alpha).log_likelihood - self.at(1.0).log_likelihood)[:, rows].sum(axis=1))

    def distance(self, question_id: str, outcome: int, alpha: float, weights: np.ndarray) -> float:
        """Return the cumulative Jensen-Shannon distance between an answer's distribution and that under scaled facts."""
        before, after = (self.at(power).answers[question_id][:, outcome] for power in (1.0, alpha))
        return distance_between(before, np.full(len(before), 1 / len(before)), after, weights)

"""Change a record and see what moves, without compiling and mostly without sampling again.

An edit changes the likelihood (a wording, a grade), the network's numbers (an effect's strength) or a class's counts. The
posterior under the changed records is the fitted one times L′(θ)/L(θ), times the ratio of the densities of the class's
rate where its counts changed; effects and signals are sampled as standard normal offsets, so under a changed strength the
same offsets stand for other ratios and no density changes. Draws are weighted by that (Pareto-smoothed); where the weights
are not to be trusted, or the edit changes what there is to sample, the network is sampled again.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from forecasting.analysis.leave_out import answers_of, thinned_answers
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.edits import Change
from forecasting.elicitation.quantify import quantify
from forecasting.errors import UsageError
from forecasting.fitting.fit import EditionFit
from forecasting.fitting.layers import answer_layer
from forecasting.forecasts import Gate, marked
from forecasting.inference.importance import smoothed_weights
from forecasting.inference.monte_carlo import mean_errors, paired_errors, weighted_mean
from forecasting.inference.noticeable import noticeable
from forecasting.models.network.draws import recomputed
from forecasting.models.network.engine import QUICK, compile_network
from forecasting.models.network.evidence import Evidence, build_evidence
from forecasting.models.network.hazards import stacked_parameters
from forecasting.models.network.likelihood import log_likelihood, reading_errors
from forecasting.models.network.parameters import Parameters
from forecasting.models.network.predictor import Effects, effect_terms_of_draws
from forecasting.models.network.structure import Structure, build_structure
from forecasting.paths.grids import deadline_grid
from forecasting.paths.questions import INTERVAL, Answer, epistemic_draws
from forecasting.rules.edit import edited

ROUNDING = 1e-12
COLUMNS = ("question", "outcome", "before", "after", "change", "mcse_change", "low", "high")
SAME = (
    "event_ids", "rate_classes", "trial_classes", "ageing_classes", "effect_ids", "driver_ids", "source_groups", "origin_groups",
)  # fmt: skip


@dataclass(frozen=True, repr=False)
class Update:
    """An edition under changed records: the table of what moved, how it was found, and the changed edition.

    ``table`` has columns question, outcome, before, after, change and its Monte Carlo error ``mcse_change``, and the 90 %
    interval of *after* from ``low`` to ``high``. ``how`` is
    *weights* with their k̂, *refit*, or *nothing* where no number that the model reads has changed. ``gate`` is what the
    gate found of the unchanged fit.
    """

    edition: EditionDossier
    table: pd.DataFrame
    k_hat: float
    how: str
    gate: Gate

    @property
    def moved(self) -> pd.DataFrame:
        """The answers that moved noticeably (`forecasting.inference.noticeable`), the largest change first."""
        found = self.table[noticeable(self.table["change"], self.table["mcse_change"])]
        return found.iloc[found["change"].abs().argsort()[::-1]].reset_index(drop=True)

    def __repr__(self) -> str:
        moved = self.moved
        shown = moved.round(4).to_string(index=False) if len(moved) else "no answer moves noticeably"
        gate = f"\n{self.gate.warning}" if self.gate.warning else ""
        return f"{self.edition.edition.id}, by {self.how}; all answers are in .table{gate}\n{shown}"


@dataclass(frozen=True)
class Unchanged:
    """What every edit of a fit is held against; computed when first asked for, and kept with the fit."""

    fit: EditionFit

    @cached_property
    def posterior(self) -> xr.Dataset:
        """All draws of the posterior."""
        return self.fit.posterior.trace["posterior"].to_dataset()

    @cached_property
    def parameters(self) -> Parameters:
        """The parameters of the predictor (draw, …)."""
        return stacked_parameters(self.posterior, self.fit.structure)

    @cached_property
    def effects(self) -> Effects:
        """The terms of the network's effects (draw, …), the dearest part of a likelihood; most edits leave the network alone."""
        return effect_terms_of_draws(self.parameters, self.fit.structure)

    @cached_property
    def log_likelihood(self) -> np.ndarray:
        """The log likelihood of all evidence (draw,)."""
        errors, evidence = reading_errors(self.posterior), self.fit.posterior.evidence
        return log_likelihood(self.parameters, errors, self.fit.structure, evidence, self.effects).sum(axis=1)

    @cached_property
    def answers(self) -> dict[str, np.ndarray]:
        """P(outcome | draw) (draw, outcome) from the paths of the fit."""
        return {name: got.p for name, got in self.fit.posterior.answers.items()}

    @cached_property
    def compared(self) -> dict[str, np.ndarray]:
        """The same from fewer paths, whose thresholds a changed world shares."""
        fit = self.fit
        return answers_of(fit.edition, fit.structure, fit.posterior.evidence, self.posterior, fit.seed)


def unchanged(fit: EditionFit) -> Unchanged:
    """Return what edits of a fit are held against, computed once per fit."""
    return fit.kept.setdefault("what_if", Unchanged(fit))


def update(fit: EditionFit, *changes: Change) -> Update:
    """Return what an edition's answers would be with some records changed.

    Parameters
    ----------
    fit : EditionFit
        The edition as it stands.
    changes : Change
        From `change`; several are made together.

    Examples
    --------
    >>> fit.update(fc.change("c-017", wording="unlikely")).table  # doctest: +SKIP
    """
    for item in changes:
        if not isinstance(item, Change):
            raise UsageError(f"{item!r} is no change; write fc.change(\"c-017\", wording=\"unlikely\")")
    return updated(fit, edited(fit.edition, changes))


def updated(fit: EditionFit, edition: EditionDossier) -> Update:
    """Return what an edition's answers would be as it stands after an edit (`forecasting.rules.edit.edited`)."""
    s = build_structure(edition, quantify(edition))
    if not same_variables(fit.structure, s):
        return _sampled(fit, edition, np.inf)
    plain = unchanged(fit)
    evidence = build_evidence(edition, s, quantify(edition))
    if same_network(s, fit.structure):  # then whatever is computed from the draws is too
        posterior, p, effects = plain.posterior, plain.parameters, plain.effects
    else:
        posterior = recomputed(plain.posterior, s)
        p = stacked_parameters(posterior, s)
        effects = effect_terms_of_draws(p, s)
    likelihood = log_likelihood(p, reading_errors(posterior), s, evidence, effects).sum(axis=1) - plain.log_likelihood
    weights = smoothed_weights(likelihood + class_ratio(posterior, fit.structure, s))
    if not weights.reliable:
        return _sampled(fit, edition, weights.k_hat)
    if same_world(fit, edition, s, evidence):
        base, given = plain.answers, fit.posterior.answers
    else:
        base, given = plain.compared, thinned_answers(edition, s, evidence, posterior, fit.seed)
    rows = []
    for question in edition.questions:
        if question.id in base:
            before, got = base[question.id], given[question.id]
            error = paired_errors(weights.values, got.p, before)
            ends = weighted_interval(weights.values, got)
            rows += _rows(fit, question.id, before.mean(axis=0), weighted_mean(weights.values, got.p), error, ends)
    table = marked(pd.DataFrame(rows, columns=list(COLUMNS)), fit.gate.mark)
    how = "weights" if (table["change"].abs() > ROUNDING).any() else "nothing"
    return Update(edition, table, weights.k_hat, how, fit.gate.mark)


def same_variables(old: Structure, new: Structure) -> bool:
    """Return whether a changed network samples the variables of another one, so that its draws can be weighed for it."""
    signals = [[signal.id for signal in s.signals] for s in (old, new)]
    return signals[0] == signals[1] and all(getattr(old, name) == getattr(new, name) for name in SAME)


def same_world(fit: EditionFit, edition: EditionDossier, s: Structure, evidence: Evidence) -> bool:
    """Return whether each draw says of the future what it said before, so that its answers can be weighed as they are.

    They do under another wording or grade of a judgement, and under other counts of a class, which only change how likely
    the draw is.
    """
    old = fit.edition
    signals = np.array_equal(evidence.use_signals, fit.posterior.evidence.use_signals)
    return same_network(s, fit.structure) and signals and (edition.events, edition.questions, edition.as_of) == (
        old.events, old.questions, old.as_of
    )  # fmt: skip


def same_network(one: Structure, other: Structure) -> bool:
    """Return whether two networks are the same but for the counts of their classes, on which no draw depends once it is drawn."""
    return all(_equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(one) if f.name != "class_shape")


def _equal(one: Any, other: Any) -> bool:
    return np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other


def _shape(posterior: xr.Dataset) -> tuple[int, int]:
    return posterior.sizes["chain"], posterior.sizes["draw"]


def class_ratio(posterior: xr.Dataset, old: Structure, new: Structure) -> np.ndarray:
    """Return log of the new over the old prior density of the classes' rates (draw,)."""
    n, total = len(old.rate_classes), np.zeros(int(np.prod(_shape(posterior))))
    if np.array_equal(old.class_shape, new.class_shape):
        return total
    from scipy import stats  # half a second to load

    for i in np.flatnonzero(np.any(old.class_shape != new.class_shape, axis=1)):
        rate = i < n
        values = posterior["class_rate" if rate else "class_prob"].values.reshape(total.size, -1)[:, i if rate else i - n]
        first, second = (
            stats.gamma.logpdf(values, s.class_shape[i, 0], scale=1 / s.class_shape[i, 1])
            if rate
            else stats.beta.logpdf(values, *s.class_shape[i])
            for s in (new, old)
        )
        total += first - second
    return total


def _sampled(fit: EditionFit, edition: EditionDossier, k_hat: float) -> Update:
    network = compile_network(edition)
    evidence = build_evidence(edition, network.structure, quantify(edition))
    trace = network.sample(evidence, random_seed=fit.seed, length=QUICK)
    layer = answer_layer(edition, network.structure, "prior", evidence, trace, fit.seed, deadline_grid(edition))
    rows = []
    for question_id, got in layer.answers.items():
        if question_id in fit.posterior.answers:
            before = fit.posterior.answers[question_id].p
            error = np.hypot(mean_errors(got.p, QUICK.chains), mean_errors(before, fit.edition.edition.chains))
            ends = np.array([got.interval(i) for i in range(len(got.outcomes))]).T
            rows += _rows(fit, question_id, before.mean(axis=0), got.p.mean(axis=0), error, ends)
    return Update(edition, marked(pd.DataFrame(rows, columns=list(COLUMNS)), fit.gate.mark), k_hat, "refit", fit.gate.mark)


def weighted_interval(weights: np.ndarray, got: Answer, share: float = INTERVAL) -> np.ndarray:
    """Return the ends of the central interval of every outcome under weights of the draws (2, outcome).

    As `forecasting.paths.questions.Answer.interval`, with the quantiles of the weighted draws.
    """
    spread = np.clip(epistemic_draws(got.p, got.noise), 0, 1)
    levels = [(1 - share) / 2, (1 + share) / 2]
    return np.quantile(spread, levels, axis=0, method="inverted_cdf", weights=weights)


def _rows(
    fit: EditionFit, question_id: str, before: np.ndarray, after: np.ndarray, error: np.ndarray, ends: np.ndarray
) -> list[tuple]:
    outcomes = fit.posterior.answers[question_id].outcomes
    return [
        (question_id, outcome, float(b), float(a), float(a - b), float(e), float(low), float(high))
        for outcome, b, a, e, low, high in zip(outcomes, before, after, error, *ends, strict=True)
    ]

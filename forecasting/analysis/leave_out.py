"""The forecast without some claims: the draws at hand weighted, or a refit where weights are not to be trusted.

Taking a claim out changes the likelihood (a judgement or a driver reading is gone), the linear predictor (a signal no
longer shifts a hazard), or the network (an effect that depends on the claim is gone). In each case the posterior without the
claim is proportional to the fitted posterior times L_without(θ) / L_with(θ), so the draws at hand can be weighted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import xarray as xr

from forecasting.analysis.pathways import resting_effects
from forecasting.dossier.claim_kinds import CLAIM_KINDS
from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.quantify import quantify
from forecasting.fitting.fit import EditionFit
from forecasting.fitting.layers import answer_layer
from forecasting.inference.importance import smoothed_weights
from forecasting.inference.monte_carlo import mean_errors, paired_errors, weighted_mean
from forecasting.models.network.engine import QUICK
from forecasting.models.network.evidence import Evidence, build_evidence
from forecasting.models.network.hazards import build_world, event_paths, stacked_parameters
from forecasting.models.network.likelihood import log_likelihood, reading_errors
from forecasting.models.network.parameters import Parameters
from forecasting.models.network.predictor import Effects, effect_terms_of_draws
from forecasting.models.network.structure import Structure
from forecasting.paths.grids import deadline_grid
from forecasting.paths.questions import Answer, answer
from forecasting.paths.simulate import descendants, simulate

# Where a comparison needs paths of its own: few per draw, because on more draws the tail of the weights shows.
THINNED_DRAWS = 4000
THINNED_PATHS = 4


def without_effects(s: Structure, drop: frozenset[str]) -> Structure:
    """Return the structure with some effects made void (they keep their place, so draws still fit)."""
    keep = np.array([float(effect not in drop) for effect in s.effect_ids])
    return replace(
        s,
        effect_multiplies=s.effect_multiplies * keep,
        effect_enables=s.effect_enables * keep,
        effect_blocks=s.effect_blocks * keep,
        effect_leads=s.effect_leads * keep,
        effect_mean=s.effect_mean * keep,
        effect_sd=s.effect_sd * keep,
    )


@dataclass(frozen=True)
class Draws:
    """Posterior draws with what weights need; paths and thresholds are common to all comparisons.

    ``log_likelihood`` (draw, row) has judgements first, then driver claims, then history. ``parameters`` and ``effects`` are
    those of the fit's own network, computed once, since most comparisons keep it; `under` gives those of another.
    """

    posterior: xr.Dataset
    parameters: Parameters
    effects: Effects
    log_likelihood: np.ndarray
    probabilities: dict[str, np.ndarray]

    def under(self, s: Structure) -> Draws:
        """Return the draws with the parameters and effects that they have in another network."""
        p = stacked_parameters(self.posterior, s)
        return replace(self, parameters=p, effects=effect_terms_of_draws(p, s))


def answers_of(
    edition: EditionDossier, s: Structure, evidence: Evidence, posterior: xr.Dataset, seed: int
) -> dict[str, np.ndarray]:
    """Return P(outcome | draw) (draw, outcome) of every question from few paths, on thresholds that comparisons share."""
    return {name: got.p for name, got in thinned_answers(edition, s, evidence, posterior, seed).items()}


def thinned_answers(
    edition: EditionDossier, s: Structure, evidence: Evidence, posterior: xr.Dataset, seed: int
) -> dict[str, Answer]:
    """Return the same with the variance that so few paths add."""
    grid = deadline_grid(edition)
    paths = event_paths(edition, s, evidence, posterior, paths_per_draw=THINNED_PATHS, random_seed=seed, grid=grid)
    return {question.id: answer(paths, question) for question in edition.questions}


def answers_after(
    fit: EditionFit, draws: Draws, s: Structure, evidence: Evidence, changed: Iterable[int]
) -> dict[str, np.ndarray]:
    """Return what `answers_of` does, simulating only what a change of some events' hazards can change.

    A question none of whose events is changed, or lies downstream of one that is, keeps the draws' answer. ``draws`` are
    those under ``s``.
    """
    last = max(question.deadline for question in fit.edition.questions)
    world = build_world(fit.edition, s, draws.posterior, evidence.use_signals, last, draws.effects, draws.parameters)
    moved, place = descendants(world, changed), {name: k for k, name in enumerate(s.event_ids)}
    asked = {question.id: {place[name] for name in question.events()} for question in fit.edition.questions}
    again = [question for question in fit.edition.questions if asked[question.id] & moved]
    needed = set().union(*(asked[question.id] for question in again))
    paths = simulate(world, deadline_grid(fit.edition), paths_per_draw=THINNED_PATHS, random_seed=fit.seed, events=needed)
    return {**draws.probabilities, **{question.id: answer(paths, question).p for question in again}}


def thin(fit: EditionFit) -> Draws:
    """Return every n-th draw, for comparisons that need paths of their own."""
    posterior = fit.posterior.trace["posterior"].to_dataset()
    step = max(1, posterior.sizes["chain"] * posterior.sizes["draw"] // THINNED_DRAWS)
    posterior = posterior.isel(draw=slice(None, None, step))
    answers = answers_of(fit.edition, fit.structure, fit.posterior.evidence, posterior, fit.seed)
    return _draws(fit, posterior, answers)


def all_draws(fit: EditionFit) -> Draws:
    """Return every draw with the fit's own answers, for comparisons that only weigh them."""
    answers = {name: got.p for name, got in fit.posterior.answers.items()}
    return _draws(fit, fit.posterior.trace["posterior"].to_dataset(), answers)


def _draws(fit: EditionFit, posterior: xr.Dataset, answers: dict[str, np.ndarray]) -> Draws:
    p, errors, s = stacked_parameters(posterior, fit.structure), reading_errors(posterior), fit.structure
    effects = effect_terms_of_draws(p, s)
    return Draws(posterior, p, effects, log_likelihood(p, errors, s, fit.posterior.evidence, effects), answers)


def _log_ratio(
    fit: EditionFit, draws: Draws, s: Structure, evidence: Evidence, claims: frozenset[str]
) -> np.ndarray:
    """Return log(L_without / L_with) per draw; where only readings go, it is minus their own log likelihood."""
    full = fit.posterior.evidence
    read = np.isin((*full.claims.claim_ids, *full.drivers.claim_ids), sorted(claims))
    # a claim that goes may make another one the first of its origin to say so, which then counts in full
    kept = np.concatenate([full.claims.spread, full.drivers.spread])[~read]
    alike = np.array_equal(kept, np.concatenate([evidence.claims.spread, evidence.drivers.spread]))
    if s is fit.structure and np.array_equal(evidence.use_signals, full.use_signals) and alike:
        return -draws.log_likelihood[:, : read.size][:, read].sum(axis=1)
    likelihood = log_likelihood(draws.parameters, reading_errors(draws.posterior), s, evidence, draws.effects)
    return likelihood.sum(axis=1) - draws.log_likelihood.sum(axis=1)


@dataclass(frozen=True)
class Without:
    """The forecast without some claims: P per question (outcome,), k̂ of the weights, how it was found, error of the change."""

    probabilities: dict[str, np.ndarray]
    k_hat: float
    how: str
    mcse: dict[str, np.ndarray]


def forecast_without(fit: EditionFit, draws: Draws, claims: frozenset[str], effects: frozenset[str] = frozenset()) -> Without:
    """Return the edition's probabilities as they would be without some claims (and without some effects besides)."""
    effects = effects | resting_effects(fit.edition, claims)
    s = without_effects(fit.structure, effects) if effects else fit.structure
    evidence = build_evidence(fit.edition, s, quantify(fit.edition), "posterior", claims)
    draws = draws.under(s) if effects else draws
    weights = smoothed_weights(_log_ratio(fit, draws, s, evidence, claims))
    if not weights.precise:
        return refit_without(fit, s, evidence, weights.k_hat)
    gone = np.flatnonzero(evidence.use_signals != fit.posterior.evidence.use_signals)
    changed = {s.signals[i].event for i in gone} | {int(s.effect_to[s.effect_ids.index(effect)]) for effect in effects}
    given = answers_after(fit, draws, s, evidence, changed) if changed else draws.probabilities
    changes, errors = paired_changes(weights.values, given, draws.probabilities)
    return Without(_less(fit, changes), weights.k_hat, "weights", errors)


def _less(fit: EditionFit, changes: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the fit's own probabilities less some changes, so that a change never holds the error of other draws."""
    return {name: fit.posterior.answers[name].p.mean(axis=0) - change for name, change in changes.items()}


def paired_changes(
    weights: np.ndarray, without: dict[str, np.ndarray], full: dict[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return mean(p_full) − Σ w p_without per question (outcome,), and its error: all outcomes at one stroke."""
    edges = np.cumsum([values.shape[1] for values in without.values()])[:-1]
    after = np.concatenate(list(without.values()), axis=1)
    before = after if without is full else np.concatenate([full[name] for name in without], axis=1)
    change, error = before.mean(axis=0) - weighted_mean(weights, after), paired_errors(weights, after, before)
    return tuple(dict(zip(without, np.split(values, edges), strict=True)) for values in (change, error))  # type: ignore[return-value]


def refit_without(fit: EditionFit, s: Structure, evidence: Evidence, k_hat: float) -> Without:
    """Return the forecast of a fresh fit without some claims, from the compiled network.

    The fresh draws are wider than those of the full posterior, so weights back to it are mild where weights away from it
    were not. With them the change is a difference over the *same* draws, without the error of comparing two fits.
    """
    if fit.network is None:
        return Without({}, k_hat, "not known: weights unreliable, and no compiled network to refit", {})
    trace = fit.network.sample(evidence, random_seed=fit.seed, structure=s, length=QUICK)
    layer = answer_layer(fit.edition, s, "prior", evidence, trace, fit.seed, deadline_grid(fit.edition))
    if s is fit.structure and np.array_equal(evidence.use_signals, fit.posterior.evidence.use_signals):
        posterior = trace["posterior"].to_dataset()
        p, off = stacked_parameters(posterior, s), reading_errors(posterior)
        terms = effect_terms_of_draws(p, s)
        with_them, without = (log_likelihood(p, off, s, e, terms).sum(axis=1) for e in (fit.posterior.evidence, evidence))
        back = smoothed_weights(with_them - without)
        if back.reliable:
            given = {name: got.p for name, got in layer.answers.items()}
            changes, paired = paired_changes(back.values, given, given)
            return Without(_less(fit, {name: -change for name, change in changes.items()}), k_hat, "refit", paired)
    errors = {
        name: np.hypot(mean_errors(got.p, QUICK.chains), mean_errors(fit.posterior.answers[name].p, fit.edition.edition.chains))
        for name, got in layer.answers.items()
    }
    return Without({name: got.p.mean(axis=0) for name, got in layer.answers.items()}, k_hat, "refit", errors)


@dataclass(frozen=True)
class Comparisons:
    """One fit's draws for leaving claims out, made once, and what has been compared before."""

    fit: EditionFit
    thinned: Draws
    every: Draws
    found: dict[tuple[frozenset[str], frozenset[str]], Without] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, fit: EditionFit) -> Comparisons:
        """Draw what the comparisons of a fit need."""
        return cls(fit, thin(fit), all_draws(fit))

    def draws_for(self, claims: frozenset[str]) -> Draws:
        """Return every draw if the claims are but readings of hazards and drivers, else few, on paths of their own."""
        readings = all(CLAIM_KINDS[claim.kind].weighed for claim in self.fit.edition.claims if claim.id in claims)
        weighed = readings and not resting_effects(self.fit.edition, claims)
        return self.every if weighed else self.thinned

    def without(self, claims: frozenset[str], effects: frozenset[str] = frozenset()) -> Without:
        """Return the forecast without some claims (and some effects besides), by `forecast_without`."""
        if (claims, effects) not in self.found:
            self.found[claims, effects] = forecast_without(self.fit, self.draws_for(claims), claims, effects)
        return self.found[claims, effects]

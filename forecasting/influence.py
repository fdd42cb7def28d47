"""What each claim moved: the forecast without it, by importance weights, or by a refit where those are not to be trusted.

Taking a claim out changes the likelihood (a judgement or a driver reading is gone), the linear predictor (a signal no
longer shifts a hazard), or the network (an arrow that rests on the claim is gone). In each case the posterior without the
claim is proportional to the fitted posterior times L_without(θ) / L_with(θ), so the draws at hand can be weighted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr

from forecasting.claims.edition import EditionDossier
from forecasting.claims.records import Claim
from forecasting.fit import Fit, answer_layer, forecast_grid
from forecasting.inference.engine import QUICK
from forecasting.inference.weights import smoothed_weights
from forecasting.models.evidence import Evidence, build_evidence
from forecasting.models.likelihood import log_likelihood, shared_errors
from forecasting.models.structure import Structure
from forecasting.paths.questions import answer
from forecasting.paths.simulate import simulate
from forecasting.paths.world import build_world, stacked_parameters

THINNED_DRAWS = 1000
PATHS = 16
NOTICEABLE = 0.0005
# a change counts from two of its Monte Carlo errors; correlated draws are taken as worth half their number
ERRORS, INEFFICIENCY = 2.0, 2.0

ROADS = {
    "judgement": "reads the hazard through its wording",
    "fact": "signal that shifts the hazard",
    "effect": "sets an arrow",
    "driver": "reads a latent pressure",
    "quantity": "number",
}


def claim_road(fit: Fit, claim: Claim) -> tuple[str, str]:
    """Return (road, reason it moves nothing): one of the two is empty.

    The road names how the claim enters this edition; the reason says why it does not.
    """
    if claim.moves_nothing:
        return "", claim.moves_nothing
    s, target = fit.structure, claim.target
    if claim.kind == "driver":
        known = target.driver in s.driver_ids
        return (ROADS["driver"], "") if known else ("", f"no event of this edition loads on the driver {target.driver}")
    if claim.kind == "effect" or not target.event:
        arrows = [e for e in target.effect or () if e in s.arrow_ids]
        return (ROADS["effect"], "") if arrows else ("", "its arrow joins events that this edition does not ask about")
    if not any(event in s.event_ids for event in target.event):
        return "", "its event is not behind any question of this edition"
    if claim.kind == "fact" and not any(sig.claim == claim.id and sig.ends_on > fit.edition.as_of for sig in s.signals):
        lapsed = "lapsed: a signal lasts for its event's reference horizon; what is left is how it explained the past"
        return f"{ROADS['fact']} ({lapsed})", ""
    return ROADS[claim.kind], ""


def without_arrows(s: Structure, drop: frozenset[str]) -> Structure:
    """Return the structure with some arrows made void (they keep their place, so draws still fit)."""
    keep = np.array([float(arrow not in drop) for arrow in s.arrow_ids])
    return replace(
        s,
        arrow_multiplies=s.arrow_multiplies * keep,
        arrow_enables=s.arrow_enables * keep,
        arrow_blocks=s.arrow_blocks * keep,
        arrow_mean=s.arrow_mean * keep,
        arrow_sd=s.arrow_sd * keep,
    )


def resting_arrows(fit: Fit, claims: frozenset[str]) -> frozenset[str]:
    """Return the arrows that would have no claim left without ``claims`` (arrows argued without any stay)."""
    return frozenset(e.id for e in fit.edition.effects if e.claims and set(e.claims) <= claims)


def shared_arrows(fit: Fit, claim: Claim) -> tuple[frozenset[str], int]:
    """Return the arrows that an effect claim supports together with others, and how many claims share the widest.

    An arrow stands as long as one of its claims does, so leaving one out moves nothing. Each of n supporters is then given
    an equal share of what the arrow moves: the Shapley value of a game that any one player wins.

    References
    ----------
    Shapley, L. S. (1953), *A value for n-person games*, Contributions to the Theory of Games II.
    """
    arrows = [e for e in fit.edition.effects if claim.id in e.claims and claim.kind == "effect" and len(e.claims) > 1]
    return frozenset(e.id for e in arrows), max((len(e.claims) for e in arrows), default=1)


def reached_questions(fit: Fit, claim: Claim, echoes: bool = False) -> frozenset[str]:
    """Return the questions to which a chain of arrows leads from what the claim bears on.

    With ``echoes``, also those of events that share a reference class or a driver with it: what is learnt of one member
    says something of the others. Anything else that moved in a comparison would be Monte Carlo noise.
    """
    effects = fit.edition.effects
    targets = set(claim.target.event or ())
    targets |= {e.to for e in effects if e.id in (claim.target.effect or ()) or claim.id in e.claims}
    targets |= {
        loading.event for d in fit.edition.drivers if d.id == claim.target.driver for loading in d.loadings
    }
    if echoes:
        classes = {event.reference_class for event in fit.edition.events if event.id in targets}
        loaded = [{loading.event for loading in driver.loadings} for driver in fit.edition.drivers]
        shared = [events for events in loaded if events & targets]
        targets = targets.union(*shared, (event.id for event in fit.edition.events if event.reference_class in classes))
    frontier = set(targets)
    while frontier:
        frontier = {e.to for e in effects if e.from_ in frontier} - targets
        targets |= frontier
    return frozenset(q.id for q in fit.edition.questions if targets & set(q.events()))


@dataclass(frozen=True)
class Thinned:
    """Posterior draws with what weights need; paths and thresholds are common to all comparisons.

    ``log_likelihood`` (draw, row) has judgements first, then driver claims, then history.
    """

    posterior: xr.Dataset
    log_likelihood: np.ndarray
    probabilities: dict[str, np.ndarray]


def _thin(fit: Fit) -> xr.Dataset:
    posterior = fit.posterior.trace["posterior"].to_dataset()
    step = max(1, posterior.sizes["chain"] * posterior.sizes["draw"] // THINNED_DRAWS)
    return posterior.isel(draw=slice(None, None, step))


def answers_of(
    edition: EditionDossier, s: Structure, evidence: Evidence, posterior: xr.Dataset, seed: int
) -> dict[str, np.ndarray]:
    """Return P(outcome | draw) (draw, outcome) of every question, on thresholds that comparisons with a seed share."""
    last = max(question.deadline for question in edition.questions)
    world = build_world(edition, s, posterior, evidence.use_signals, last)
    paths = simulate(world, forecast_grid(edition), paths_per_draw=PATHS, random_seed=seed)
    return {question.id: answer(paths, question).p for question in edition.questions}


def thin(fit: Fit) -> Thinned:
    """Return every n-th draw, for comparisons that need paths of their own."""
    posterior = _thin(fit)
    answers = answers_of(fit.edition, fit.structure, fit.posterior.evidence, posterior, fit.seed)
    return Thinned(posterior, _likelihood(fit, posterior), answers)


def all_draws(fit: Fit) -> Thinned:
    """Return every draw with the fit's own answers, for comparisons that only weigh them."""
    posterior = fit.posterior.trace["posterior"].to_dataset()
    return Thinned(posterior, _likelihood(fit, posterior), {name: got.p for name, got in fit.posterior.answers.items()})


def _likelihood(fit: Fit, posterior: xr.Dataset) -> np.ndarray:
    p, errors = stacked_parameters(posterior, fit.structure), shared_errors(posterior)
    return log_likelihood(p, errors, fit.structure, fit.posterior.evidence)


def _log_ratio(fit: Fit, thinned: Thinned, s: Structure, evidence: Evidence, claims: frozenset[str]) -> np.ndarray:
    """Return log(L_without / L_with) per draw; where only readings go, it is minus their own log likelihood."""
    full = fit.posterior.evidence
    read = np.isin((*full.claims.claim_ids, *full.drivers.claim_ids), sorted(claims))
    # a claim that goes may make another one the first of its origin to say so, which then counts in full
    kept = np.concatenate([full.claims.spread, full.drivers.spread])[~read]
    alike = np.array_equal(kept, np.concatenate([evidence.claims.spread, evidence.drivers.spread]))
    if s is fit.structure and np.array_equal(evidence.use_signals, full.use_signals) and alike:
        return -thinned.log_likelihood[:, : read.size][:, read].sum(axis=1)
    p, errors = stacked_parameters(thinned.posterior, s), shared_errors(thinned.posterior)
    return log_likelihood(p, errors, s, evidence).sum(axis=1) - thinned.log_likelihood.sum(axis=1)


@dataclass(frozen=True)
class Without:
    """The forecast without some claims: P per question and outcome, k̂ of the weights, and how it was found."""

    probabilities: dict[str, np.ndarray]
    k_hat: float
    how: str
    mcse: dict[str, np.ndarray]


def forecast_without(
    fit: Fit, thinned: Thinned, claims: frozenset[str], arrows: frozenset[str] = frozenset()
) -> Without:
    """Return the edition's probabilities as they would be without some claims (and without some arrows besides)."""
    arrows = arrows | resting_arrows(fit, claims)
    s = without_arrows(fit.structure, arrows) if arrows else fit.structure
    evidence = build_evidence(fit.edition, s, "posterior", claims)
    weights = smoothed_weights(_log_ratio(fit, thinned, s, evidence, claims))
    if not weights.reliable:
        return refit_without(fit, s, evidence, weights.k_hat)
    same_world = not arrows and np.array_equal(evidence.use_signals, fit.posterior.evidence.use_signals)
    given = thinned.probabilities if same_world else answers_of(fit.edition, s, evidence, thinned.posterior, fit.seed)
    probabilities = {name: weights.values @ values for name, values in given.items()}
    errors = {name: paired_error(weights.values, given[name], thinned.probabilities[name]) for name in given}
    return Without(probabilities, weights.k_hat, "weights", errors)


def paired_error(weights: np.ndarray, without: np.ndarray, full: np.ndarray) -> np.ndarray:
    """Return the Monte Carlo standard error of Σ w p_without − mean(p_full), whose draws are the same (outcome,).

    The draws are paired, so most of their noise cancels: se² = Σ (w_i (p_i′ − P′) − (p_i − P)/n)².
    """
    mean_without = weights @ without
    terms = weights[:, None] * (without - mean_without) - (full - full.mean(axis=0)) / len(full)
    return np.sqrt((terms**2).sum(axis=0) * INEFFICIENCY)


def refit_without(fit: Fit, s: Structure, evidence: Evidence, k_hat: float) -> Without:
    """Return the forecast of a fresh fit without some claims, from the compiled network.

    The fresh draws are wider than those of the full posterior, so weights back to it are mild where weights away from it
    were not. With them the change is a difference over the *same* draws, without the error of comparing two fits.
    """
    if fit.network is None:
        return Without({}, k_hat, "not known: weights unreliable, and no compiled network to refit", {})
    trace = fit.network.sample(evidence, random_seed=fit.seed, structure=s, length=QUICK)
    layer = answer_layer(fit.edition, s, "prior", evidence, trace, fit.seed)
    if s is fit.structure and np.array_equal(evidence.use_signals, fit.posterior.evidence.use_signals):
        posterior = trace["posterior"].to_dataset()
        p, errors = stacked_parameters(posterior, s), shared_errors(posterior)
        with_them, without = (log_likelihood(p, errors, s, e).sum(axis=1) for e in (fit.posterior.evidence, evidence))
        back = smoothed_weights(with_them - without)
        if back.reliable:
            given = {name: got.p for name, got in layer.answers.items()}
            full = {name: fit.posterior.answers[name].p.mean(axis=0) for name in given}
            changes = {name: back.values @ values - values.mean(axis=0) for name, values in given.items()}
            paired = {name: paired_error(back.values, values, values) for name, values in given.items()}
            return Without({name: full[name] - changes[name] for name in given}, k_hat, "refit", paired)
    return Without(
        {name: got.p.mean(axis=0) for name, got in layer.answers.items()}, k_hat, "refit",
        {name: got.p.std(axis=0) / np.sqrt(got.p.shape[0] / INEFFICIENCY) for name, got in layer.answers.items()},
    )  # fmt: skip


def _changes(fit: Fit, thinned: Thinned, without: Without) -> Iterator[dict]:
    for question in fit.edition.questions:
        if question.id not in without.probabilities:
            continue
        got = fit.posterior.answers[question.id]
        full = got.p.mean(axis=0) if without.how == "refit" else thinned.probabilities[question.id].mean(axis=0)
        for i, outcome in enumerate(got.outcomes):
            after = float(without.probabilities[question.id][i])
            yield {
                "question": question.id, "outcome": outcome, "p": float(full[i]), "p_without": after,
                "change": float(full[i]) - after, "k_hat": without.k_hat, "how": without.how,
                "threshold": max(NOTICEABLE, ERRORS * float(without.mcse[question.id][i])),
            }  # fmt: skip


SOURCE_COLUMNS = ("source", "question", "outcome", "p", "p_without", "change", "k_hat", "how")
COLUMNS = ("claim", "road", "question", "outcome", "p", "p_without", "change", "k_hat", "how")


def claim_influence(fit: Fit, progress: Callable[[float], None] | None = None) -> pd.DataFrame:
    """Leave every claim out in turn; return how far each moves each outcome.

    Returns
    -------
    DataFrame
        One row per claim and outcome with |change| ≥ 0.0005 and ≥ two Monte Carlo errors (four, and twice the change,
        where it is but an echo through a shared reference class or driver), and one row with an empty question for a
        claim that moves none (``how`` then says why). ``change`` = p − p_without: what the claim added to the
        probability.
    """
    thinned, everything, rows = thin(fit), all_draws(fit), []
    for i, claim in enumerate(fit.edition.claims):
        road, reason = claim_road(fit, claim)
        changes = [] if reason else _claim_changes(fit, claim, thinned, everything)
        if not reason and not changes:
            reason = _why_nothing(fit, claim)
        for row in changes or [{"question": "", "outcome": "", "how": reason}]:
            rows.append({"claim": claim.id, "road": road, **row})
        if progress:
            progress((i + 1) / len(fit.edition.claims))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _claim_changes(fit: Fit, claim: Claim, thinned: Thinned, everything: Thinned) -> list[dict]:
    arrows, sharers = shared_arrows(fit, claim)
    draws = everything if claim.kind in ("judgement", "driver") and not resting_arrows(fit, frozenset({claim.id})) else thinned
    without = forecast_without(fit, draws, frozenset({claim.id}), arrows)
    direct, reached = reached_questions(fit, claim), reached_questions(fit, claim, echoes=True)
    changes = []
    for row in _changes(fit, draws, without):
        # an echo is small and there are many of them: it counts from twice as many Monte Carlo errors
        least = row["threshold"] if row["question"] in direct else 2 * row["threshold"]
        if row["question"] not in reached or abs(row["change"]) < least:
            continue
        if arrows:
            share = row["change"] / sharers
            how = f"{row['how']}; one of {sharers} claims behind the arrow"
            row |= {"change": share, "p_without": row["p"] - share, "how": how}
        changes.append(row)
    return [row for row in changes if abs(row["change"]) >= NOTICEABLE]


def _why_nothing(fit: Fit, claim: Claim) -> str:
    if not reached_questions(fit, claim, echoes=True):
        return "no chain of arrows leads from what it bears on to a question of this edition"
    return "less than 0.05 points, or than its Monte Carlo error: history or other claims say the same more firmly"


def source_influence(fit: Fit, progress: Callable[[float], None] | None = None) -> pd.DataFrame:
    """Leave every source out in turn, as if it had been retracted.

    By importance weights, or by a refit where those are not to be trusted (`Weights.reliable`), as a whole article mostly is.
    Changes below two Monte Carlo errors are left out.

    Returns
    -------
    DataFrame
        Columns source, question, outcome, p, p_without, change, k_hat, how.
    """
    rows, thinned = [], thin(fit)
    sources = sorted({claim.source for claim in fit.edition.claims})
    for i, source in enumerate(sources):
        claims = frozenset(claim.id for claim in fit.edition.claims if claim.source == source)
        for row in _changes(fit, thinned, forecast_without(fit, thinned, claims)):
            if abs(row["change"]) >= row["threshold"]:
                rows.append({"source": source, **{k: row[k] for k in SOURCE_COLUMNS[1:]}})
        if progress:
            progress((i + 1) / len(sources))
    return pd.DataFrame(rows, columns=list(SOURCE_COLUMNS))

"""The answers to some questions for every set of parts taken over from a later edition, each distinct model fitted once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from forecasting.analysis.shapley import Coalition, coalitions, coefficients
from forecasting.dossier.differences import Differences
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.interpolate import mixed, states
from forecasting.dossier.questions import Question
from forecasting.dossier.status import Status
from forecasting.elicitation.quantify import quantify
from forecasting.fitting.fit import EditionFit
from forecasting.fitting.layers import COMPARISON_PATHS
from forecasting.inference.monte_carlo import mcse
from forecasting.inference.sample import Length
from forecasting.models.network.engine import compile_network
from forecasting.models.network.evidence import Evidence, build_evidence
from forecasting.models.network.hazards import event_paths
from forecasting.models.network.inputs import named_inputs
from forecasting.models.network.structure import Structure, build_structure
from forecasting.paths.grids import deadline_grid
from forecasting.paths.questions import Answer, answer

# the fits in between are compared and never published: longer steps, and fewer draws where there are many fits
FEW_FITS = 8
COMPARED = Length(chains=4, draws=1000, tune=400, target_accept=0.9)
MANY = Length(chains=4, draws=400, tune=300, target_accept=0.9)


@dataclass(frozen=True)
class Answers:
    """The answers under one coalition, draw by draw; ``fit`` names the posterior that the draws are of."""

    fit: str
    n_chains: int
    given: Mapping[str, Answer]


@dataclass(frozen=True)
class _Setting:
    """One coalition's model (``key`` is a digest of all that goes into it) and the states that it is asked from."""

    key: str
    edition: EditionDossier
    structure: Structure
    evidence: Evidence
    states: tuple[Status, ...]

    @property
    def asked_key(self) -> str:
        """A digest of the model and of what the paths start from."""
        return _digest(self.key, self.states, self.structure.signals)


def _digest(*values: object) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()


def _setting(found: Differences, parts: Coalition) -> _Setting:
    edition = mixed(found, parts)
    s = build_structure(edition, quantify(edition))
    day = (found.after if "time" in parts else found.before).as_of  # claims age with time
    evidence = build_evidence(edition, s, quantify(edition), aged_on=day)
    return _Setting(model_key(s, evidence), edition, s, evidence, states(found, edition, parts))


def model_key(s: Structure, evidence: Evidence) -> str:
    """Return a digest of every number and label that a fit depends on."""
    arrays = [(name, value.shape, value.values.tobytes()) for name, value in named_inputs(s, evidence).data_vars.items()]
    return _digest(arrays, s.coords)


def coalition_answers(
    found: Differences,
    questions: Sequence[Question],
    *,
    random_seed: int,
    fits: Sequence[EditionFit] = (),
    progress: Callable[[float], None] = lambda share: None,
) -> dict[Coalition, Answers]:
    """Return the answers under every coalition of the parts that differ.

    Parameters
    ----------
    fits : sequence of EditionFit
        Fits at hand; where one is of the very model that is wanted, its draws are taken, and its answers too if it is
        asked from the same states.
    """
    settings = {parts: _setting(found, parts) for parts in coalitions(found.parts)}
    at_hand = {model_key(fit.structure, fit.posterior.evidence): fit for fit in fits}
    n_fits = len({setting.key for setting in settings.values()} - set(at_hand))
    length = COMPARED if n_fits <= FEW_FITS else MANY
    posteriors = {key: fit.posterior.trace["posterior"].to_dataset() for key, fit in at_hand.items()}
    asked: dict[str, Answers] = {}
    for i, setting in enumerate(settings.values()):
        if setting.key not in posteriors:
            network = compile_network(setting.edition)
            trace = network.sample(setting.evidence, random_seed=random_seed, length=length)
            posteriors[setting.key] = trace["posterior"].to_dataset()
        if setting.asked_key not in asked:
            given = _at_hand(at_hand.get(setting.key), setting, questions)
            given = given or _ask(setting, posteriors[setting.key], questions, random_seed)
            asked[setting.asked_key] = Answers(setting.key, posteriors[setting.key].sizes["chain"], given)
        progress((i + 1) / len(settings))
    return {parts: asked[setting.asked_key] for parts, setting in settings.items()}


def _at_hand(fit: EditionFit | None, setting: _Setting, questions: Sequence[Question]) -> dict[str, Answer] | None:
    """Return a fit's own answers, if it is asked from the same states of the same world."""
    if fit is None or fit.structure.statuses != setting.states or fit.structure.signals != setting.structure.signals:
        return None
    answers = fit.posterior.answers
    return {one.id: answers[one.id] for one in questions} if all(one.id in answers for one in questions) else None


def _ask(setting: _Setting, posterior: xr.Dataset, questions: Sequence[Question], seed: int) -> dict[str, Answer]:
    edition = replace(setting.edition, questions=tuple(questions))
    s = replace(setting.structure, statuses=setting.states)
    grid = deadline_grid(edition)
    paths = event_paths(edition, s, setting.evidence, posterior, paths_per_draw=COMPARISON_PATHS, random_seed=seed, grid=grid)
    return {question.id: answer(paths, question) for question in questions}


def part_of(
    answers: Mapping[Coalition, Answers], players: Sequence[str], part: str, question: str, outcome: int
) -> tuple[float, float]:
    """Return the Shapley value of one part for one outcome, and its Monte Carlo standard error.

    Coalitions that share a fit share its draws: their terms are added up draw by draw before the error is taken, so what
    they have in common cancels. Fits are independent of each other.
    """
    if part not in players:
        return 0.0, 0.0
    return combined(answers, coefficients(players, part), question, outcome)


def combined(
    answers: Mapping[Coalition, Answers], weights: Mapping[Coalition, float], question: str, outcome: int
) -> tuple[float, float]:
    """Return Σ_S weight_S · P_S of an outcome with its Monte Carlo standard error."""
    terms: dict[str, np.ndarray] = {}
    chains: dict[str, int] = {}
    for members, weight in weights.items():
        got = answers[members]
        chains[got.fit] = got.n_chains
        terms[got.fit] = terms.get(got.fit, 0.0) + weight * got.given[question].p[:, outcome]
    errors = [mcse(draws, chains[name]) for name, draws in terms.items()]
    return float(sum(draws.mean() for draws in terms.values())), float(np.hypot.reduce(errors))

"""Learn from a record, shrunk hard: one small model of how readings and layers of evidence fared against what came.

What was said with reading z ± s on the probit scale comes true with probability

    E Φ(z + source + wording + kind + κ s e),   e the reading's standard error, folded at zero for a floor or a ceiling,

and a question's outcomes have the logarithmic pool of its layers, with the weights that evidence earned:

    log P(o) = log base + c (log with claims − log base) + h (log with history − log with claims) + Σ w_part · part + constant.

The priors say what holds before any record: no bias, κ = 1, c = h = 1, w = 0, which leaves every forecast as it was published.
`PRIORS` has their widths with the reason for each; ``docs/decisions/learning.md`` argues them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from scipy.special import log_ndtr

from forecasting.inference.gate import check_fit
from forecasting.inference.sample import CompiledModel, Length, compile_model, sample

if TYPE_CHECKING:
    import xarray as xr

LENGTH = Length(chains=4, draws=2500, tune=500, target_accept=0.9)
ROOT_HALF = np.full((1, 1), np.sqrt(0.5))
FAR = -700.0  # stands for log 0 among outcomes that a question does not have: exp of it is 0 beside any other


@dataclass(frozen=True)
class Prior:
    """Normal(``mean``, ``sd``²) of one kind of parameter, and why."""

    mean: float
    sd: float
    dim: str | None
    why: str


PRIORS: Mapping[str, Prior] = {
    "source_bias": Prior(0.0, 0.2, "source", "pundits overstate (Tetlock 2005), analysts understate (Mandel and Barnes 2014)"),
    "wording_bias": Prior(0.0, 0.2, "wording", "lexicons are surveys of many readers; 0.2 moves 70 % to 63 or 77 %"),
    "kind_bias": Prior(0.0, 0.1, "kind", "what is left when source and wording are known is smaller than either"),
    "log_source_spread": Prior(0.0, 0.3, "source", "the grades' spread is right within a factor of 1.6, nine times in ten"),
    "claims_weight": Prior(1.0, 0.25, None, "0 would be base rates alone, 2 claims counted twice: four widths away"),
    "history_weight": Prior(1.0, 0.25, None, "as for claims"),
    "part_weight": Prior(0.0, 0.15, "part", "one kind or source differs less from the rest than all may from 1"),
}


@dataclass(frozen=True, eq=False)
class Lessons:
    """Settled judgements (row) and settled questions (question, outcome) as arrays.

    Parameters
    ----------
    coords : tuple of (dim, names)
        Of source, wording, kind, part.
    z, spread, errors : (row,), (row,), (row, node) arrays
        The reading on the probit scale, its standard deviation, and the nodes of its standardised error.
    index : dict of (row,) arrays
        Position of each row's source, wording and kind.
    came, weight : (row,) arrays
        Whether what was said came true; one over the number of rows of its story.
    base, claims, history : (question, outcome) arrays
        log P under base rates (−inf beyond a question's outcomes), and what claims and history add to it.
    parts : (question, outcome, part) array
        What each part of the evidence adds.
    outcome, question_weight : (question,) arrays
        Which outcome came; one over the number of questions of its story.
    """

    coords: tuple[tuple[str, tuple[str, ...]], ...]
    z: np.ndarray
    spread: np.ndarray
    errors: np.ndarray
    index: Mapping[str, np.ndarray]
    came: np.ndarray
    weight: np.ndarray
    base: np.ndarray
    claims: np.ndarray
    history: np.ndarray
    parts: np.ndarray
    outcome: np.ndarray
    question_weight: np.ndarray

    def names(self, dim: str) -> tuple[str, ...]:
        """Return the names along one dimension."""
        return dict(self.coords)[dim]

    def n_of(self, dim: str, position: int) -> int:
        """Return how many settled rows, or for a part questions, bear on one name."""
        if dim == "part":
            return int((np.abs(self.parts[:, :, position]) > 0).any(axis=1).sum())
        return int((self.index[dim] == position).sum())

    def data(self) -> dict[str, np.ndarray]:
        """Return what came, under the names that the model has for it."""
        return {"came": self.came, "outcome": self.outcome}


def build_learning(lessons: Lessons) -> pm.Model:
    """State the model in PyMC: all priors normal and independent, each row's log likelihood times its weight.

    A story's rows count together as one outcome, since they are settled together: the cautious end of what is possible.
    """
    coords = {dim: names for dim, names in lessons.coords if names}
    with pm.Model(coords=coords) as model:
        p = {
            name: pm.Normal(name, prior.mean, prior.sd, dims=prior.dim)
            for name, prior in PRIORS.items()
            if prior.dim is None or prior.dim in coords
        }
        if len(lessons.z):
            came = pm.Data("came", lessons.came)
            index = lessons.index
            bias = sum(p[f"{dim}_bias"][index[dim]] for dim in ("source", "wording", "kind"))
            kappa = pt.exp(p["log_source_spread"][index["source"]])
            nodes = (lessons.z + bias)[:, None] + (kappa * lessons.spread)[:, None] * lessons.errors
            true = pt.log(pt.mean(0.5 * pt.erfc(-nodes * ROOT_HALF), axis=1))
            false = pt.log(pt.mean(0.5 * pt.erfc(nodes * ROOT_HALF), axis=1))
            pm.Potential("judgements", lessons.weight * (came * true + (1 - came) * false))
        if len(lessons.base):
            outcome = pm.Data("outcome", lessons.outcome)
            score = np.where(np.isfinite(lessons.base), lessons.base, FAR) + p["claims_weight"] * lessons.claims
            score = score + p["history_weight"] * lessons.history
            if "part_weight" in p:
                score = score + pt.dot(lessons.parts, p["part_weight"])
            log_p = score - pt.logsumexp(score, axis=1, keepdims=True)
            pm.Potential("questions", lessons.question_weight * log_p[np.arange(len(lessons.base)), outcome])
    return model


def fit_learning(
    lessons: Lessons, *, random_seed: int, length: Length = LENGTH, compiled: CompiledModel | None = None
) -> xr.Dataset:
    """Return the posterior of every parameter of `PRIORS` that has a name in the record.

    Raises
    ------
    GateError
        If the fit fails the gate.
    """
    trace = sample(
        compiled or compile_model(build_learning(lessons)), length=length, random_seed=random_seed, data=lessons.data(), cores=2
    )
    posterior = trace["posterior"].to_dataset()
    kept = posterior[[name for name in PRIORS if name in posterior]]
    if length.chains > 1:
        stats = trace["sample_stats"].to_dataset()
        check_fit(kept, stats, {}, chains=length.chains, draws=length.draws, what="model").require("learning from the record")
    return kept


def log_likelihoods(lessons: Lessons, at: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return log P(what was said comes true), log P(it does not) (2, row), and log P(outcome) (question, outcome) at one point.

    In NumPy, a second time: simulated records come from here and are fitted by `build_learning`.
    """
    rows = np.zeros((2, len(lessons.z)))
    if len(lessons.z):
        bias = sum(at[f"{dim}_bias"][lessons.index[dim]] for dim in ("source", "wording", "kind"))
        spread = np.exp(at["log_source_spread"][lessons.index["source"]]) * lessons.spread
        nodes = (lessons.z + bias)[:, None] + spread[:, None] * lessons.errors
        rows = np.stack([np.log(np.exp(log_ndtr(sign * nodes)).mean(axis=1)) for sign in (1, -1)])
    score = lessons.base + at["claims_weight"] * lessons.claims + at["history_weight"] * lessons.history
    if "part_weight" in at:
        score = score + (lessons.parts * at["part_weight"]).sum(axis=-1)
    top = score.max(axis=1, keepdims=True)
    return rows, score - top - np.log(np.exp(score - top).sum(axis=1, keepdims=True))


def simulate(lessons: Lessons, at: Mapping[str, np.ndarray], rng: np.random.Generator) -> Lessons:
    """Return the record with other outcomes, drawn at one point of the parameters; each row a story of its own."""
    rows, log_p = log_likelihoods(lessons, at)
    true = rows[0]
    outcome = [int(rng.choice(len(row), p=np.exp(row) / np.exp(row).sum())) for row in log_p]
    return replace(
        lessons, came=(rng.random(len(true)) < np.exp(true)).astype(float), weight=np.ones(len(true)),
        outcome=np.array(outcome, dtype=int), question_weight=np.ones(len(log_p)),
    )  # fmt: skip


def draw_parameters(lessons: Lessons, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return one draw of every parameter from its prior."""
    sizes = {dim: len(names) for dim, names in lessons.coords}
    return {
        name: np.asarray(rng.normal(prior.mean, prior.sd, size=None if prior.dim is None else sizes[prior.dim]))
        for name, prior in PRIORS.items()
        if prior.dim is None or sizes[prior.dim]
    }

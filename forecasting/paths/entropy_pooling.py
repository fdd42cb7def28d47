"""What else would have to be believed: the paths reweighted, as little as possible, until typed probabilities hold.

Of all distributions over the simulated paths that give the typed questions their typed probabilities, take the one nearest
to the model in relative entropy. It multiplies each path by exp(Σ_k λ_k 1[question k comes about on it]), so paths that
agree on the typed questions keep their proportions, and every other question follows from the same weights: the answers
stay coherent. Nothing is fitted and no record is changed.

References
----------
Csiszár, I. (1975), *I-divergence geometry of probability distributions and minimization problems*, Ann. Probab. 3 (the
I-projection). Meucci, A. (2008), *Fully flexible views: theory and practice*, Risk 21(10) (entropy pooling of scenarios).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from forecasting.arguments import as_number, shown
from forecasting.dossier.questions import Question
from forecasting.errors import UsageError, near
from forecasting.forecasts import NOT_JUDGED, Gate, marked
from forecasting.inference.monte_carlo import mean_errors
from forecasting.inference.noticeable import noticeable
from forecasting.paths.questions import linearised, outcome_hits, valid_hits
from forecasting.paths.simulate import Paths

COLUMNS = ("question", "outcome", "p", "p_tilted", "mcse_p_tilted", "change", "mcse_change")
MIN_PATHS = 100
SHOWN = 15


@dataclass(frozen=True)
class Tilted:
    """Every answer once typed probabilities hold.

    ``table`` has columns question, outcome, p, p_tilted, change = p_tilted − p, and the Monte Carlo errors of p_tilted
    (``mcse_p_tilted``) and of the change (``mcse_change``), whose two numbers come from the same paths;
    ``divergence`` is the relative entropy to the model in nats: how far the typed numbers are from what it says (0.02 is a
    nudge, 0.5 another view of the world); ``share`` is what share of the paths the weights still stand for.
    """

    typed: Mapping[str, float]
    table: pd.DataFrame
    divergence: float
    share: float
    gate: Gate = NOT_JUDGED

    def __repr__(self) -> str:
        said = ", ".join(f"{name} = {p:g}" for name, p in self.typed.items())
        moved = self.table[noticeable(self.table["change"], self.table["mcse_change"])]
        moved = moved.iloc[moved["change"].abs().argsort()[::-1]].head(SHOWN)
        lines = [f"if {said}: {self.divergence:.3g} nats from the model, {100 * self.share:.0f} % of the paths still count"]
        lines += [self.gate.warning] if self.gate.warning else []
        for row in moved.itertuples():
            name = row.question if row.outcome == "yes" else f"{row.question}:{row.outcome}"
            lines.append(f"  {name:<44} {100 * row.p:5.1f} % → {100 * row.p_tilted:5.1f} %  ({100 * row.change:+.1f} points)")
        return "\n".join(lines)


def tilted(
    paths: Paths, questions: Sequence[Question], typed: Mapping[str, float], *, gate: Gate = NOT_JUDGED
) -> Tilted:
    """Return every answer under the weights nearest to equal ones that give some questions typed probabilities.

    Parameters
    ----------
    typed : mapping of str to float
        ``"question-id"`` for a yes/no question, ``"question-id:outcome"`` for one outcome of a set → probability strictly
        between 0 and 1.
    gate : Gate
        What the gate found of the fit behind the paths; without it the answers say that nobody asked.

    Returns
    -------
    Tilted
        *How to read it:* what a person who holds the typed numbers, and for the rest trusts the model's account of what
        hangs together, has to believe of the other questions.

    Raises
    ------
    UsageError
        If a question or outcome is unknown, a number is not inside (0, 1), a question comes about on fewer than 100 paths
        or on all but so few, or no weights give all typed numbers at once (nested deadlines out of order, a set that sums
        to more than one).
    """
    asked = {question.id: question for question in questions}
    hits = {name: _hits(paths, asked, name, p) for name, p in typed.items()}
    if not hits:
        raise UsageError('nothing was typed; write {"question-id": 0.4}')
    seen = np.stack([found.ravel() for found in hits.values()])
    target = np.array(list(typed.values()), dtype=float)
    pattern, of_path, count = np.unique(seen, axis=1, return_inverse=True, return_counts=True)
    pattern, of_path = pattern.astype(float), of_path.ravel()
    _require_room(pattern, target, typed)
    multiplier = _multipliers(pattern, np.log(count / count.sum()), target)
    log_weight = (multiplier @ pattern)[of_path]
    weight = np.exp(log_weight - logsumexp(log_weight)).reshape(next(iter(hits.values())).shape)
    given = weight.sum(axis=1), [(weight * (found - p)).sum(axis=1) for found, p in zip(hits.values(), target, strict=True)]
    rows = []
    for question in questions:
        outcomes, valid = valid_hits(paths, question)
        for outcome, hits_of in outcomes:
            before, found = linearised(hits_of, valid), linearised(hits_of, valid, weight * weight.size)
            p, after, error, change_error = _weighted(before, found, weight, seen - target[:, None], *given)
            rows.append((question.id, outcome, p, after, error, after - p, change_error))
    positive = weight[weight > 0]
    divergence = float((positive * np.log(positive * weight.size)).sum())
    share = float(1 / (weight**2).sum() / weight.size)
    table = marked(pd.DataFrame(rows, columns=list(COLUMNS)), gate)
    return Tilted(dict(typed), table, max(divergence, 0.0), share, gate)


def _hits(paths: Paths, asked: Mapping[str, Question], name: str, p: float) -> np.ndarray:
    """Return on which paths a typed outcome comes about (draw, path)."""
    question_id, _, outcome = str(name).partition(":")
    if question_id not in asked:
        raise UsageError(f"no question '{question_id}' in this edition; {near(question_id, asked, 'its questions')}")
    if asked[question_id].void:
        raise UsageError(f"question '{question_id}' can be void, so no set of paths stands for it; type one of another question")
    found = dict(outcome_hits(paths, asked[question_id]))
    outcome = outcome or ("yes" if "yes" in found else "")
    if outcome not in found:
        said = f"has no outcome '{outcome}'" if outcome else "has several outcomes"
        raise UsageError(f"question '{question_id}' {said}; write {' or '.join(f'{question_id}:{each}' for each in found)}")
    number = as_number(p)
    if number is None or not 0 < number < 1:
        raise UsageError(f"'{name}' has probability {shown(p)}; write a number strictly between 0 and 1 (fit.given asks what if)")
    n = int(found[outcome].sum())
    if not MIN_PATHS <= n <= found[outcome].size - MIN_PATHS:
        raise UsageError(f"'{name}' comes about on {n} of {found[outcome].size} paths: too few of one kind to reweight")
    return found[outcome]


def _require_room(pattern: np.ndarray, target: np.ndarray, typed: Mapping[str, float]) -> None:
    """Refuse typed numbers that no positive weights on the patterns have (pattern: (question, pattern) of 0 and 1)."""
    n = pattern.shape[1]
    from scipy import optimize  # a third of a second, which only those who pool should wait

    room = optimize.linprog(
        np.eye(n + 1)[n] * -1, A_ub=np.hstack([-np.eye(n), np.ones((n, 1))]), b_ub=np.zeros(n),
        A_eq=np.vstack([np.hstack([pattern, np.zeros((len(pattern), 1))]), [*np.ones(n), 0.0]]), b_eq=[*target, 1.0],
        bounds=[(0, None)] * (n + 1), method="highs",
    )  # fmt: skip
    if room.status != 0 or -room.fun < 1e-9:
        said = ", ".join(f"{name} = {p:g}" for name, p in typed.items())
        raise UsageError(f"no weights on the paths give all of {said}; fc.coherent says which of them do not fit together")


def _multipliers(pattern: np.ndarray, log_share: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return λ with Σ_s e^{λ·s} q_s s = target: the minimum of the convex dual log Σ q_s e^{λ·s} − λ·target."""

    def dual(x: np.ndarray) -> tuple[float, np.ndarray]:
        log_weight = log_share + x @ pattern
        total = logsumexp(log_weight)
        return float(total - x @ target), pattern @ np.exp(log_weight - total) - target

    def curvature(x: np.ndarray) -> np.ndarray:
        log_weight = log_share + x @ pattern
        weight = np.exp(log_weight - logsumexp(log_weight))
        mean = pattern @ weight
        return (pattern * weight) @ pattern.T - np.outer(mean, mean)

    start = np.zeros(len(target))
    from scipy import optimize

    found = optimize.minimize(dual, start, jac=True, hess=curvature, method="trust-exact", options={"gtol": 1e-12})
    return found.x


def _weighted(
    before: np.ndarray, found: np.ndarray, weight: np.ndarray, excess: np.ndarray, of_draw: np.ndarray,
    moved: Sequence[np.ndarray],
) -> tuple[float, float, float, float]:  # fmt: skip
    """Return mean ``before``, weighted mean ``found``, its Monte Carlo error and that of the difference, with draws as clusters.

    The weights move with the sample so that the typed numbers hold; what of the outcome hangs on those is taken out of its
    error: residuals of the weighted regression of the outcome on the typed questions.
    """
    p, after = float(before.mean()), float((weight * found).sum())
    flat = weight.ravel()
    among = np.einsum("ip,p,jp->ij", excess, flat, excess)  # no matrix product: see `weighted_mean`
    slope = np.linalg.lstsq(among, np.einsum("ip,p,p->i", excess, flat, found.ravel()), rcond=None)[0]
    terms = (weight * found).sum(axis=1) - after * of_draw - sum(b * each for b, each in zip(slope, moved, strict=True))
    terms = len(terms) * terms
    return p, after, *mean_errors(np.stack([terms, terms - before.mean(axis=1)], axis=1)).tolist()

"""Several analysts' priors kept side by side: a mixture, with their disagreement in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike
from pydantic import model_validator
from scipy.optimize import brentq

from forecasting.arguments import ID, NUMBER, NUMBERS, PRIOR, SHARES, many, takes
from forecasting.dossier.fields import Id, Record
from forecasting.elicitation.elicited import ElicitedPrior, build
from forecasting.elicitation.pymc_variables import mixture_variable

if TYPE_CHECKING:
    import pandas as pd

SUM_TOLERANCE = 1e-8


@dataclass(frozen=True)
class Disagreement:
    """How much of a mixture's variance lies between the analysts rather than within each.

    Var[X] = Σ w_i σ_i² + Σ w_i (μ_i − μ)², the law of total variance: ``within`` and ``between`` are the square roots
    of the two terms, ``share`` is the second over the sum; () or (outcome,) arrays. ``apart`` names the pairs of members
    whose 90 % intervals do not touch.

    *How to read it:* a share of 0.1 means that the analysts say nearly the same, one of 0.6 that the choice of analyst
    matters more than what any of them is unsure of. Find out why before publishing one number.
    """

    within: np.ndarray
    between: np.ndarray
    share: np.ndarray
    apart: tuple[tuple[str, str], ...]


class Mixture(Record):
    """The linear pool of several analysts' distributions of one quantity, each kept as it was given.

    f(x) = Σ_i w_i f_i(x).

    Parameters
    ----------
    id : str
        Lower-case letters, digits and hyphens.
    weights : (prior,) tuple of float
        Not negative, summing to 1.
    priors : tuple of ElicitedPrior
        Two or more, with the same ``about``, ``years`` and ``outcomes``.

    Raises
    ------
    ValidationError
        If there are fewer than two priors, one is there twice, they are about different quantities, or weights do not fit.

    References
    ----------
    Stone, M. (1961), The opinion pool, *Annals of Mathematical Statistics* 32, 1339-1342.

    Examples
    --------
    >>> from forecasting.elicitation.fitting import maxent
    >>> said = dict(about="P(a deal within a year)", made_on="2024-12-13")
    >>> first = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", analyst="A. Analyst", **said)
    >>> second = maxent("Beta", 0.3, 0.7, 0.8, id="deal-b", analyst="B. Analyst", **said)
    >>> pool = mixture("deal", [first, second])
    >>> pool.mean().round(3), pool.disagreement().share.round(2)
    (np.float64(0.384), np.float64(0.42))
    """

    id: Id
    weights: tuple[float, ...]
    priors: tuple[ElicitedPrior, ...]

    @model_validator(mode="after")
    def _one_quantity(self) -> Mixture:
        if len(self.priors) < 2:
            raise ValueError(f"has {len(self.priors)} priors; give two or more, or use the one prior as it is")
        if len(self.weights) != len(self.priors):
            raise ValueError(f"has {len(self.weights)} weights for {len(self.priors)} priors; write one for each")
        if not min(self.weights) >= 0 or not abs(sum(self.weights) - 1) <= SUM_TOLERANCE:
            total = f"{sum(self.weights):.10g}"
            raise ValueError(f"has weights that sum to {total} or one below 0; write shares from 0 to 1 that sum to 1")
        if len({prior.id for prior in self.priors}) < len(self.priors):
            raise ValueError("has the same prior twice; give each its own id, and one with more say a larger weight")
        for name in ("about", "support", "years", "outcomes"):
            said = list(dict.fromkeys(getattr(prior, name) for prior in self.priors))
            if len(said) > 1:
                raise ValueError(f"mixes two quantities: {name} is {said[0]!r} and {said[1]!r}; ask all the same question")
        return self

    @property
    def support(self) -> str:
        """Where the quantity lives."""
        return self.priors[0].support

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The members of the set, for shares."""
        return self.priors[0].outcomes

    def mean(self) -> np.ndarray:
        """Return the mean, Σ w_i μ_i.

        Returns
        -------
        () or (outcome,) array
            In the unit of the quantity; of shares one for each outcome, which sum to one.
        """
        return np.asarray(self.weights) @ np.array([prior.mean() for prior in self.priors])

    def sd(self) -> np.ndarray:
        """Return the standard deviation: the root of Σ w_i σ_i² + Σ w_i (μ_i − μ)².

        Returns
        -------
        () or (outcome,) array
            In the unit of the quantity. How much of it is disagreement says `disagreement`.
        """
        found = self.disagreement()
        return np.hypot(found.within, found.between)

    @takes(x=NUMBERS)
    def cdf(self, x: ArrayLike) -> np.ndarray:
        """Return the distribution function F(x) = Σ w_i F_i(x).

        Parameters
        ----------
        x : array-like
            Values in the unit of the quantity.

        Returns
        -------
        array
            Probabilities in the shape of ``x``; of shares (outcome, shape of x), as `ElicitedPrior.cdf` shapes them.

        Raises
        ------
        UsageError
            If ``x`` holds anything but finite numbers.

        Examples
        --------
        >>> from forecasting.elicitation.fitting import maxent
        >>> said = dict(about="P(a deal within a year)", made_on="2024-12-13")
        >>> first = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", analyst="A. Analyst", **said)
        >>> second = maxent("Beta", 0.3, 0.7, 0.8, id="deal-b", analyst="B. Analyst", **said)
        >>> pool = mixture("deal", [first, second])
        >>> pool.cdf([0.1, 0.4]).round(2)
        array([0.03, 0.56])
        """
        parts = np.array([prior.cdf(x) for prior in self.priors])
        return np.tensordot(np.asarray(self.weights), parts, axes=1)

    @takes(q=SHARES)
    def quantile(self, q: ArrayLike) -> np.ndarray:
        """Return the quantiles F⁻¹(q), each found between the smallest and the largest of the members' own.

        Parameters
        ----------
        q : array-like
            Shares from 0 to 1.

        Returns
        -------
        array
            Values in the unit of the quantity and the shape of ``q``; of shares (outcome, shape of q).

        Raises
        ------
        UsageError
            If ``q`` holds a number outside 0 to 1.

        Examples
        --------
        >>> from forecasting.elicitation.fitting import maxent
        >>> said = dict(about="P(a deal within a year)", made_on="2024-12-13")
        >>> first = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", analyst="A. Analyst", **said)
        >>> second = maxent("Beta", 0.3, 0.7, 0.8, id="deal-b", analyst="B. Analyst", **said)
        >>> pool = mixture("deal", [first, second])
        >>> pool.quantile([0.05, 0.5, 0.95]).round(2)
        array([0.12, 0.37, 0.7 ])
        """
        q = np.asarray(q, dtype=float)
        n = len(self.priors[0].marginals)
        found = [[self._root(k, float(level)) for level in q.ravel()] for k in range(n)]
        values = np.array(found).reshape(len(found), *q.shape)
        return values if self.support == "simplex" else values[0]

    def _root(self, k: int, level: float) -> float:
        heard = [(w, prior.marginals[k]) for w, prior in zip(self.weights, self.priors, strict=True) if w > 0]
        ends = [float(part.ppf(level)) for _, part in heard]

        def excess(x: float) -> float:
            return sum(w * float(part.cdf(x)) for w, part in heard) - level

        low, high = min(ends), max(ends)
        if excess(low) >= 0 or excess(high) <= 0:  # they agree, up to rounding
            return low if excess(low) >= 0 else high
        return brentq(excess, low, high, xtol=1e-14)

    def disagreement(self) -> Disagreement:
        """Return how much of the variance lies between the analysts, and who is apart from whom.

        Returns
        -------
        Disagreement
            *How to read it:* a ``share`` of 0.1 means that the analysts say nearly the same, one of 0.6 that the choice of
            analyst matters more than what any of them is unsure of.
        """
        w = np.asarray(self.weights)
        means, sds = np.array([p.mean() for p in self.priors]), np.array([p.sd() for p in self.priors])
        within, between = w @ sds**2, w @ (means - w @ means) ** 2
        apart = [(a.id, b.id) for a, b in combinations(self.priors, 2) if _apart(a, b)]
        return Disagreement(np.sqrt(within), np.sqrt(between), between / (within + between), tuple(apart))

    def table(self) -> pd.DataFrame:
        """Return one row per prior (and outcome) with its quantiles and moments, then the mixture's.

        Returns
        -------
        DataFrame
            Columns prior, analyst, outcome (of shares alone), weight, p05, p50, p95, mean, sd: the last five in the unit of
            the quantity.
        """
        import pandas as pd

        rows = []
        parts: list[tuple[float, ElicitedPrior | Mixture]] = [*zip(self.weights, self.priors, strict=True), (1.0, self)]
        for weight, part in parts:
            bounds = np.atleast_2d(part.quantile([0.05, 0.5, 0.95]))
            moments = zip(np.atleast_1d(part.mean()), np.atleast_1d(part.sd()), strict=True)
            who = part.analyst if isinstance(part, ElicitedPrior) else "mixture"
            for outcome, (low, mid, high), (mean, sd) in zip(self.outcomes or ("",), bounds, moments, strict=True):
                rows.append((part.id, who, outcome, weight, low, mid, high, mean, sd))
        names = ["prior", "analyst", "outcome", "weight", "p05", "p50", "p95", "mean", "sd"]
        return pd.DataFrame(rows, columns=names).drop(columns=[] if self.outcomes else ["outcome"])

    @takes(name=ID)
    def to_pymc(self, name: str) -> Any:
        """Return ``pm.Mixture`` as a variable of the PyMC model in whose context this is called.

        Parameters
        ----------
        name : str
            Of the variable.

        Returns
        -------
        TensorVariable
            With every analyst's distribution and weight; `forecasting.elicitation.in_pymc.from_pymc` reads them back.

        Raises
        ------
        UsageError
            If there is no model around, or it has a variable of that name.

        Examples
        --------
        >>> import pymc as pm
        >>> from forecasting.elicitation.fitting import maxent
        >>> said = dict(about="P(a deal within a year)", made_on="2024-12-13")
        >>> first = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", analyst="A. Analyst", **said)
        >>> second = maxent("Beta", 0.3, 0.7, 0.8, id="deal-b", analyst="B. Analyst", **said)
        >>> pool = mixture("deal", [first, second])
        >>> with pm.Model() as model:
        ...     p = pool.to_pymc("p")
        >>> model.free_RVs
        [p]
        """
        parts = [(prior.family, prior.parameters) for prior in self.priors]
        return mixture_variable(name, self.weights, parts, self.support, self)

    def __repr__(self) -> str:
        found = self.disagreement()
        share = 100 * float(np.max(found.share))
        apart = "; ".join(f"{a} and {b}" for a, b in found.apart)
        return (
            f"{self.id}: {self.priors[0].about}\n{self.table().round(3).to_string(index=False)}\n"
            f"{share:.0f} % of the variance lies between the analysts"
            + (f"; intervals that do not touch: {apart}" if apart else "")
        )

    __str__ = __repr__


def _apart(a: ElicitedPrior, b: ElicitedPrior) -> bool:
    one, other = (np.atleast_2d(prior.quantile([0.05, 0.95])) for prior in (a, b))
    return bool(np.any((one[:, 1] < other[:, 0]) | (other[:, 1] < one[:, 0])))


@takes(id=ID, priors=many(PRIOR), weights=many(NUMBER))
def mixture(id: str, priors: Sequence[ElicitedPrior], weights: Sequence[float] | None = None) -> Mixture:
    """Return several analysts' priors as one mixture.

    Parameters
    ----------
    id : str
        Id of the mixture.
    priors : sequence of ElicitedPrior
        Two or more answers to one question.
    weights : (prior,) sequence of float, optional
        Not negative, summing to 1; by default equal.

    Returns
    -------
    Mixture
        *How to read it:* look at the table and the share between analysts before any single number.

    Raises
    ------
    UsageError
        If there are fewer than two priors, one is there twice, they are about different quantities, or the weights do
        not fit or do not sum to 1.

    References
    ----------
    Stone, M. (1961), The opinion pool, *Annals of Mathematical Statistics* 32, 1339-1342.

    Examples
    --------
    >>> from forecasting.elicitation.fitting import maxent
    >>> said = dict(about="P(a deal within a year)", made_on="2024-12-13")
    >>> first = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", analyst="A. Analyst", **said)
    >>> second = maxent("Beta", 0.3, 0.7, 0.8, id="deal-b", analyst="B. Analyst", **said)
    >>> pool = mixture("deal", [first, second])
    >>> pool.weights, pool.quantile(0.5).round(2)
    ((0.5, 0.5), np.float64(0.37))
    """
    shares = [1 / len(priors)] * len(priors) if weights is None and priors else weights or ()
    return build(Mixture, {"id": id, "weights": tuple(float(w) for w in shares), "priors": tuple(priors)})

"""Turn an analyst's answers into a prior: by maximum entropy, quartiles, roulette, or as shares of a set.

Maximum entropy is solved along its constraint (`forecasting.elicitation.max_entropy`); the optimiser of the others is PreliZ,
which takes some seconds to load on first use (`forecasting.elicitation.in_preliz`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

from forecasting.arguments import TEXT, takes
from forecasting.elicitation.elicited import ElicitedPrior
from forecasting.elicitation.in_preliz import fit_prior


class Signature(TypedDict, total=False):
    """What a prior is about and whose it is: the fields of `forecasting.elicitation.elicited.Signed`."""

    id: str
    about: str
    analyst: str
    made_on: Any
    years: float | None
    outcomes: Sequence[str]
    note: str


@takes(family=TEXT)
def maxent(family: str, lower: float, upper: float, mass: float = 0.9, **signed: Unpack[Signature]) -> ElicitedPrior:
    """Return the least committed prior of a family that has ``mass`` between two numbers.

    θ̂ = argmax H(θ) subject to F(upper; θ) − F(lower; θ) = mass, with H the differential entropy.

    Parameters
    ----------
    family : {"Beta", "LogitNormal", "Gamma", "LogNormal", "Normal"}
        The first two are for probabilities, the next two for positive quantities.
    lower, upper : float
        The interval that the analyst gave, inside the range of the family.
    mass : float, default 0.9
        How sure the analyst is that the truth lies in it.
    **signed
        ``id``, ``about``, ``analyst``, ``made_on``, and if wanted ``years`` and ``note``.

    Returns
    -------
    ElicitedPrior
        *How to read it:* nothing but the interval was asked, so where inside it the middle lies is the family's doing.
        Ask `quartile` if the analyst has a view on that.

    Raises
    ------
    UsageError
        If ``lower`` is not below ``upper``, a number is outside the family's range, ``mass`` is not inside (0, 1), a
        field of the signature is missing or malformed, or no member of the family has that mass there.

    References
    ----------
    Jaynes, E. T. (1957), Information theory and statistical mechanics, *Physical Review* 106, 620-630.

    Icazatti, A., Abril-Pla, O., Klami, A. and Martin, O. A. (2023), PreliZ: a tool-box for prior elicitation, *Journal
    of Open Source Software* 8(89), 5499 (the same optimum, where its search gets there).

    Examples
    --------
    >>> from datetime import date
    >>> p = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", about="P(a deal within a year)", analyst="A. Analyst",
    ...            made_on=date(2024, 12, 13), years=1)
    >>> dict(p.parameters)
    {'alpha': 3.47197, 'beta': 9.45365}
    """
    return fit_prior("maxent", family, {"lower": lower, "upper": upper, "mass": mass}, signed)


@takes(family=TEXT)
def quartile(family: str, q1: float, q2: float, q3: float, **signed: Unpack[Signature]) -> ElicitedPrior:
    """Return the prior of a family that comes nearest to three quartiles.

    θ̂ = argmin Σ_i (F(q_i; θ) − i/4)², i = 1, 2, 3.

    Parameters
    ----------
    family : {"Beta", "LogitNormal", "Gamma", "LogNormal", "Normal"}
        The first two are for probabilities, the next two for positive quantities.
    q1, q2, q3 : float
        A quarter, a half and three quarters of the analyst's belief lie below these.
    **signed
        ``id``, ``about``, ``analyst``, ``made_on``, and if wanted ``years`` and ``note``.

    Returns
    -------
    ElicitedPrior
        *How to read it:* two parameters meet three numbers only roughly; ``miss`` is the largest difference in
        probability. Above 0.05 the prior is refused.

    Raises
    ------
    UsageError
        If the quartiles do not rise, one is outside the family's range, a field of the signature is missing or
        malformed, or the best fit is off by more than 0.05.

    References
    ----------
    O'Hagan, A. et al. (2006), *Uncertain Judgements: Eliciting Experts' Probabilities*, section 5.3 (bisection).

    Examples
    --------
    >>> p = quartile("Normal", -1.0, 0.5, 2.0, id="shift", about="change in the rate, log scale", analyst="A. Analyst",
    ...              made_on="2024-12-13")
    >>> dict(p.parameters)
    {'mu': 0.5, 'sigma': 2.2239}
    """
    return fit_prior("quartile", family, {"q1": q1, "q2": q2, "q3": q3}, signed)


@takes(family=TEXT)
def roulette(family: str, lower: float, upper: float, chips: Sequence[int], **signed: Unpack[Signature]) -> ElicitedPrior:
    """Return the prior of a family that comes nearest to chips laid on a row of equal bins.

    θ̂ = argmin Σ_k (h·f(c_k; θ) − n_k/n)², with n_k chips of n on the bin of width h around c_k. Empty bins count.

    Parameters
    ----------
    family : {"Beta", "Gamma", "LogNormal", "Normal"}
        The first is for probabilities, the next two for positive quantities.
    lower, upper : float
        The ends of the row; for probabilities usually 0 and 1.
    chips : sequence of int
        How many chips lie on each bin, from left to right; at least four bins, two of them with chips.
    **signed
        ``id``, ``about``, ``analyst``, ``made_on``, and if wanted ``years`` and ``note``.

    Returns
    -------
    ElicitedPrior
        *How to read it:* as coarse as the bins. ``miss`` is the largest difference between a bin's share of the chips
        and its probability. Above 0.15 the prior is refused: two heaps are two opinions, and belong in a mixture.

    Raises
    ------
    UsageError
        If the row is reversed or leaves the family's range, the chips are not counts or too few, a field of the
        signature is missing or malformed, or the best fit is off by more than 0.15.

    References
    ----------
    Morris, D. E., Oakley, J. E. and Crowe, J. A. (2014), A web-based tool for eliciting probability distributions from
    experts, *Environmental Modelling & Software* 52, 1-4.

    Examples
    --------
    >>> p = roulette("Beta", 0, 1, [1, 3, 4, 2, 0, 0, 0, 0, 0, 0], id="deal-b", about="P(a deal within a year)",
    ...              analyst="B. Analyst", made_on="2024-12-13", years=1)
    >>> [round(float(x), 2) for x in p.quantile([0.05, 0.5, 0.95])]
    [0.1, 0.23, 0.42]
    """
    return fit_prior("roulette", family, {"lower": lower, "upper": upper, "chips": chips}, signed)


@takes()
def dirichlet(mode: Sequence[float], bound: float, mass: float = 0.9, **signed: Unpack[Signature]) -> ElicitedPrior:
    """Return a prior over the shares of an exhaustive set, from the likeliest shares and how sure the analyst is of them.

    α = 1 + τ·mode, with τ such that the share of outcome k falls below mode_k − bound with probability (1 − mass)/2 on
    average over the outcomes.

    Parameters
    ----------
    mode : (outcome,) sequence of float
        The likeliest shares, inside (0, 1), summing to 1.
    bound : float
        Half the width of the interval around each share; below the smallest of them.
    mass : float, default 0.9
        How sure the analyst is that a share lies in its interval.
    **signed
        ``id``, ``about``, ``analyst``, ``made_on``, ``outcomes`` (one name for each share), and if wanted ``note``.

    Returns
    -------
    ElicitedPrior
        *How to read it:* one number, Σα, says how precise all shares are at once; a set in which one share is well known
        and the others are not is beyond a Dirichlet. ``miss`` compares the mass with the mean over outcomes.

    Raises
    ------
    UsageError
        If the shares are not inside (0, 1) or do not sum to 1, the bound is not above 0 and below the smallest share,
        ``mass`` is not inside (0, 1) or less than ignorance gives, outcomes are not named one by one, or a field of the
        signature is missing or malformed.

    References
    ----------
    Evans, M., Guttman, I. and Li, P. (2017), Prior elicitation, assessment and inference with a Dirichlet prior,
    *Entropy* 19(10), 564.

    Examples
    --------
    >>> p = dirichlet([0.5, 0.3, 0.2], 0.1, 0.9, id="stages", about="stage reached by 2026", analyst="A. Analyst",
    ...               made_on="2024-12-13", outcomes=["talks", "open border", "relations"])
    >>> p.mean().round(2).tolist()
    [0.49, 0.3, 0.21]
    """
    return fit_prior("dirichlet", "Dirichlet", {"mode": mode, "bound": bound, "mass": mass}, signed)

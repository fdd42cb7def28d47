"""Turn an analyst's answers into a prior, through PreliZ: maximum entropy, quartiles, roulette, Dirichlet.

PreliZ is imported on first use: it brings a compiler with it and takes some seconds to load. Its optimiser decides the
last digits, so parameters are kept to six significant digits, the same on every machine.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

import numpy as np

from forecasting.elicitation.asked import check_answers
from forecasting.elicitation.elicited import ElicitedPrior, Signed, build
from forecasting.elicitation.families import FAMILIES
from forecasting.errors import UsageError

DIGITS = 6


class Signature(TypedDict, total=False):
    """What a prior is about and whose it is: the fields of `forecasting.elicitation.elicited.Signed`."""

    id: str
    about: str
    analyst: str
    made_on: Any
    years: float | None
    outcomes: Sequence[str]
    note: str


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
    of Open Source Software* 8(89), 5499.

    Examples
    --------
    >>> from datetime import date
    >>> p = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", about="P(a deal within a year)", analyst="A. Analyst",
    ...            made_on=date(2024, 12, 13), years=1)
    >>> dict(p.parameters)
    {'alpha': 3.47199, 'beta': 9.45366}
    """
    answers = _checked("maxent", family, {"lower": lower, "upper": upper, "mass": mass})
    who = build(Signed, dict(signed))
    import preliz as pz

    fitted = _quietly(pz.maxent, getattr(pz, family)(), answers["lower"], answers["upper"], answers["mass"], plot=False)
    return _record("maxent", family, answers, _rounded(family, fitted.params_dict), who)


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
    answers = _checked("quartile", family, {"q1": q1, "q2": q2, "q3": q3})
    who = build(Signed, dict(signed))
    import preliz as pz

    fitted = _quietly(pz.quartile, getattr(pz, family)(), answers["q1"], answers["q2"], answers["q3"], plot=False)
    return _record("quartile", family, answers, _rounded(family, fitted.params_dict), who)


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
    answers = _checked("roulette", family, {"lower": lower, "upper": upper, "chips": chips})
    who = build(Signed, dict(signed))
    return _record("roulette", family, answers, _rounded(family, _from_chips(family, answers)), who)


def _from_chips(family: str, answers: dict[str, Any]) -> dict[str, float]:
    """Fit chips with PreliZ in units of a bin's width, then undo the unit.

    PreliZ compares the density at a bin's middle with the bin's share, which agree only if bins have width 1.
    """
    import preliz as pz

    chips = np.asarray(answers["chips"])
    width = (answers["upper"] - answers["lower"]) / len(chips)
    first, n = answers["lower"] / width, len(chips)
    ends = (0.0, 1 / width) if family == "Beta" else (first, first + n)
    response = (list(first + np.arange(n) + 0.5), list(chips / chips.sum()), int(chips.sum()), *ends, int(chips.max()), n)
    fitted = _quietly(pz.combine_roulette, [response], dist_names=["BetaScaled" if family == "Beta" else family])
    values = fitted.params_dict
    unscaled = {"Beta": {}, "Gamma": {"beta": values.get("beta", 0) / width},
                "LogNormal": {"mu": values.get("mu", 0) + np.log(width)},
                "Normal": {"mu": values.get("mu", 0) * width, "sigma": values.get("sigma", 0) * width}}  # fmt: skip
    return {**values, **unscaled[family]}


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
        *How to read it:* one number, Σα, says how firm all shares are at once; a set in which one share is well known
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
    answers = _checked("dirichlet", "Dirichlet", {"mode": mode, "bound": bound, "mass": mass})
    who = build(Signed, dict(signed))
    import preliz as pz

    fitted = _quietly(pz.dirichlet_mode, list(answers["mode"]), answers["mass"], answers["bound"], plot=False)[1]
    return _record("dirichlet", "Dirichlet", answers, _rounded("Dirichlet", {"alpha": fitted.alpha}), who)


def _checked(method: str, family: str, answers: dict[str, Any]) -> dict[str, Any]:
    """Return the answers as numbers, before anything is fitted to them."""
    try:
        return check_answers(method, family, answers)
    except ValueError as error:
        raise UsageError(f"{method}: {error}") from None


def _quietly(fit: Any, *args: Any, **kwargs: Any) -> Any:
    """Call PreliZ without its warnings: how far a fit is off is checked by the record, which refuses it or shows it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fit(*args, **kwargs)


def _rounded(family: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters to six significant digits; a location to the sixth digit of its scale, so that 1e-17 is 0."""

    def six(x: float) -> float:
        return float(f"{x:.{DIGITS}g}") + 0.0  # no negative zero

    kept = {name: values[name] for name in FAMILIES[family].parameters}
    if "sigma" in kept:
        kept["mu"] = round(float(kept["mu"]), DIGITS - 1 - math.floor(math.log10(kept["sigma"])))
    return {name: tuple(six(x) for x in value) if np.ndim(value) else six(value) for name, value in kept.items()}


def _record(method: str, family: str, answers: dict[str, Any], parameters: dict[str, Any], who: Signed) -> ElicitedPrior:
    fields = {"method": method, "family": family, "asked": answers, "parameters": parameters}
    return build(ElicitedPrior, {**who.model_dump(), **fields})

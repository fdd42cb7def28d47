"""Fit a prior to answers, by maximum entropy or with PreliZ, and build its record.

PreliZ is imported on first use: it brings a compiler with it. Its optimiser decides the last digits, which may differ
between machines, so parameters are kept to six significant digits.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from forecasting.elicitation.asked import METHODS, check_answers
from forecasting.elicitation.elicited import ElicitedPrior, Signed, build
from forecasting.elicitation.families import FAMILIES
from forecasting.elicitation.max_entropy import NoMember, maximum_entropy
from forecasting.errors import UsageError

DIGITS = 6
Answers = Mapping[str, Any]


def fit_prior(method: str, family: str, asked: Answers, signed: Answers) -> ElicitedPrior:
    """Return the prior of a family that a method's answers call for.

    Answers and signature are checked before PreliZ is loaded, the fit against the answers after.

    Raises
    ------
    UsageError
        If an answer makes no sense, the signature is incomplete, or the fit is too far from what was asked.
    """
    try:
        answers = check_answers(method, family, asked)
    except ValueError as error:
        raise UsageError(f"{method}: {error}") from None
    who = build(Signed, dict(signed))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # how far a fit is off, the record checks: it refuses it, or shows it
        try:
            parameters = _FITS[method](family, answers)
        except NoMember as error:
            raise UsageError(f"{method}: {error}\n  {METHODS[method].fix}") from None
    fields = {"method": method, "family": family, "asked": answers, "parameters": _rounded(family, parameters)}
    return build(ElicitedPrior, {**who.model_dump(), **fields})


def _maxent(family: str, answers: Answers) -> dict[str, Any]:
    # not PreliZ's: it minimises over both parameters with the mass as a side condition, and stops short where the interval
    # is narrow: Beta, 66 % between 0.351 and 0.392, gave tails of 29 and 5 % where 17 and 17 % are best
    return dict(zip(FAMILIES[family].parameters, maximum_entropy(family, **answers), strict=True))


def _quartile(family: str, answers: Answers) -> dict[str, Any]:
    import preliz as pz

    return pz.quartile(getattr(pz, family)(), **answers, plot=False).params_dict


def _dirichlet(family: str, answers: Answers) -> dict[str, Any]:
    import preliz as pz

    return {"alpha": pz.dirichlet_mode(**{**answers, "mode": list(answers["mode"])}, plot=False)[1].alpha}


def _roulette(family: str, answers: Answers) -> dict[str, Any]:
    """Fit chips with PreliZ in units of a bin's width, then undo the unit.

    PreliZ compares the density at a bin's middle with the bin's share, which agree only if bins have width 1.
    """
    import preliz as pz

    chips = np.asarray(answers["chips"])
    width = (answers["upper"] - answers["lower"]) / len(chips)
    first, n = answers["lower"] / width, len(chips)
    ends = (0.0, 1 / width) if family == "Beta" else (first, first + n)
    response = (list(first + np.arange(n) + 0.5), list(chips / chips.sum()), int(chips.sum()), *ends, int(chips.max()), n)
    fitted = pz.combine_roulette([response], dist_names=["BetaScaled" if family == "Beta" else family])
    values = fitted.params_dict
    unscaled = {"Beta": {}, "Gamma": {"beta": values.get("beta", 0) / width},
                "LogNormal": {"mu": values.get("mu", 0) + np.log(width)},
                "Normal": {"mu": values.get("mu", 0) * width, "sigma": values.get("sigma", 0) * width}}  # fmt: skip
    return {**values, **unscaled[family]}


def _rounded(family: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters to six significant digits; a location to the sixth digit of its scale, so that 1e-17 is 0."""

    def six(x: float) -> float:
        return float(f"{x:.{DIGITS}g}") + 0.0  # no negative zero

    kept = {name: values[name] for name in FAMILIES[family].parameters}
    if "sigma" in kept:
        kept["mu"] = round(float(kept["mu"]), DIGITS - 1 - math.floor(math.log10(kept["sigma"])))
    return {name: tuple(six(x) for x in value) if np.ndim(value) else six(value) for name, value in kept.items()}


_FITS = {"maxent": _maxent, "quartile": _quartile, "roulette": _roulette, "dirichlet": _dirichlet}

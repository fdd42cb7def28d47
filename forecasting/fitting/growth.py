"""How a layer is drawn again where the gate asks for it: with more draws for its answers, with smaller steps for divergences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from forecasting.dossier.edition import MOST_DRAWS
from forecasting.inference.diagnostics import diagnose
from forecasting.inference.gate import MAX_MCSE, MAX_RHAT, MIN_ESS, TWICE, more_draws
from forecasting.inference.sample import Length

FEW = 0.001  # share of divergent draws up to which smaller steps are tried
SMALLEST = 0.005  # share of steps not accepted: below it a fit takes many times as long


def draws_wanted(probabilities: Mapping[str, np.ndarray]) -> int:
    """Return how many draws of each chain would bring every answer within the gate's bounds.

    Monte Carlo error falls with the square root of the number of draws, and the effective number of draws grows with it, so
    n draws with error e call for n (e / 0.005)² of them, and n draws worth s for n 400 / s; a fifth is added to either, and
    chains that do not agree yet call for twice as many. Answers that pass as they are call for no more than they have.

    Parameters
    ----------
    probabilities : mapping of str to (chain, draw) array
        P(outcome | draw) by name, all with the same number of draws, four or more.

    Returns
    -------
    int
        Draws of each chain, at most `MOST_DRAWS` unless there are more already.

    References
    ----------
    Vehtari, A., Gelman, A., Simpson, D., Carpenter, B. and Bürkner, P.-C. (2021), *Rank-normalization, folding, and
    localization: an improved R-hat*, Bayesian Analysis 16.

    Examples
    --------
    >>> draws_wanted({"p": np.random.default_rng(1).random((4, 1000))})
    1000
    """
    values = list(probabilities.values())
    n = values[0].shape[1]
    found = diagnose(values)
    varies = np.isfinite(found.rhat)  # chains that stand still, or hold NaN, are no matter of length: the gate says what they are
    if not varies.any():
        return n
    error, rhat = found.mcse[varies].max(), found.rhat[varies].max()
    ess = max(1.0, min(found.bulk[varies].min(), found.tail[varies].min()))
    factor = max((error / MAX_MCSE) ** 2, MIN_ESS / ess, TWICE if rhat > MAX_RHAT else 1.0)
    return n if factor <= 1.0 else max(n, min(MOST_DRAWS, more_draws(n, factor)))


def smaller_steps(length: Length, divergences: float) -> Length:
    """Return a length with smaller steps where a few draws diverged; else, or where steps are as small as they get, the same.

    Few divergences say that steps were too long for a narrow place; they are halved by the share of steps that is not accepted,
    down to `SMALLEST`. More than `FEW` of all draws say that the model is to be looked at.

    Parameters
    ----------
    divergences : float
        How many of all draws diverged.

    References
    ----------
    Betancourt, M. (2018), *A conceptual introduction to Hamiltonian Monte Carlo*, arXiv:1701.02434 (what divergences say).

    Examples
    --------
    >>> length = Length(chains=4, draws=1000, tune=500, target_accept=0.95)
    >>> [smaller_steps(length, n).target_accept for n in (0, 3, 40)]
    [0.95, 0.975, 0.95]
    """
    refused = 1 - length.target_accept
    if not 0 < divergences <= FEW * length.chains * length.draws or refused <= SMALLEST:
        return length
    return replace(length, target_accept=1 - max(refused / 2, SMALLEST))


def drawn_again(what: str, length: Length, before: Length) -> str:
    """Return what to say while something is drawn again at another length.

    Examples
    --------
    >>> before = Length(chains=4, draws=1000, tune=500, target_accept=0.95)
    >>> drawn_again("the prior layer", replace(before, draws=2400), before)
    'drawing the prior layer again: 2,400 draws at an acceptance of 0.95 instead of 1,000 at 0.95'
    """
    how = f"{length.draws:,} draws at an acceptance of {length.target_accept:g}"
    return f"drawing {what} again: {how} instead of {before.draws:,} at {before.target_accept:g}"

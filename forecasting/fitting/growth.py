"""How many draws a layer needs for what the gate asks of its answers: more are drawn only where they are needed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from forecasting.dossier.edition import MOST_DRAWS
from forecasting.inference.diagnostics import diagnose
from forecasting.inference.gate import MAX_MCSE, MAX_RHAT, MIN_ESS, TWICE, more_draws


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

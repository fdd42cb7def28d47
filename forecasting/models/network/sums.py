"""Sums and shares of time that several parts of the predictor need, for PyMC and for NumPy alike."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

TINY = 1e-5


def sum_into(xp: Any, values: Any, index: Any, n: Any) -> Any:
    """Return the sums of ``values`` (..., k) that share an ``index`` (k,) as (..., n): Σ_i values_i · 1[index_i = j].

    Networks are sparse: an effect touches two events and a signal a few rows, so no matrix over both is ever made.
    """
    if xp is np:
        return values @ sparse.csr_array((np.ones(len(index)), (np.arange(len(index)), index)), shape=(len(index), n))
    return xp.zeros(n)[index].inc(values)


def share_after(xp: Any, x: Any) -> Any:
    """Return E[(1 − T)₊] = 1 − (1 − e^{−x})/x for T ~ Exponential(x): the expected share of a unit span after T."""
    x = xp.maximum(x, TINY)
    return 1 + xp.expm1(-x) / x

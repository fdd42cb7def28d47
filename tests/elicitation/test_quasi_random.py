"""The quasi-random points are those of scipy, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats.qmc import Sobol

from forecasting.elicitation.base_rates import SEED
from forecasting.elicitation.quasi_random import MOST, sobol


@pytest.mark.parametrize("seed", [0, 7, SEED])
@pytest.mark.parametrize("dimensions", range(1, MOST + 1))
def test_the_points_are_those_of_scipy(dimensions: int, seed: int) -> None:
    for n in (1, 2, 512, 4096):
        np.testing.assert_array_equal(sobol(dimensions, n, seed), Sobol(dimensions, scramble=True, rng=seed).random(n))


@pytest.mark.parametrize("dimensions", [0, MOST + 1])
def test_more_dimensions_than_are_tabled_are_refused(dimensions: int) -> None:
    with pytest.raises(ValueError, match=f"{dimensions} dimensions; write 1 to {MOST}"):
        sobol(dimensions, 4, SEED)

"""Diagnostics of many quantities at once are ArviZ's, to rounding, for draws of every kind."""

from __future__ import annotations

import numpy as np
import pytest
from arviz_stats.base import array_stats

from forecasting.inference.diagnostics import diagnose


def walks(chains: int, draws: int) -> np.ndarray:
    """Return (quantity, chain, draw): autoregressions from φ = −0.95 to 0.999, ties, chains apart, a stuck chain."""
    rng = np.random.default_rng(7)
    phi = np.linspace(-0.95, 0.999, 30)[:, None]
    x = np.empty((30, chains, draws))
    x[..., 0] = rng.normal(size=(30, chains))
    for i in range(1, draws):
        x[..., i] = phi * x[..., i - 1] + rng.normal(size=(30, chains))
    ties, apart, stuck = np.round(x[10:15]), x[20:25] + np.arange(chains)[:, None], x[5:8].copy()
    stuck[:, 0] = 1.5
    return np.concatenate([x, ties, apart, stuck])


@pytest.mark.parametrize(("chains", "draws"), [(4, 1000), (4, 501), (2, 50), (3, 7), (2, 4)])
def test_every_number_is_that_of_arviz(chains: int, draws: int) -> None:
    x = walks(chains, draws)
    found = diagnose(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = {
            "rhat": [array_stats.rhat(one) for one in x],
            "bulk": [array_stats.ess(one, method="bulk") for one in x],
            "tail": [array_stats.ess(one, method="tail", prob=(0.05, 0.95)) for one in x],
            "mcse": [array_stats.mcse(one) for one in x],
        }
    for name, values in expected.items():
        assert getattr(found, name) == pytest.approx(np.array(values, dtype=float), rel=1e-10, nan_ok=True), name


def test_a_quantity_that_never_changes_has_no_rhat_and_no_error() -> None:
    found = diagnose(np.full((1, 4, 100), 0.3))
    assert np.isnan(found.rhat[0])
    assert found.bulk[0] == 400
    assert found.mcse[0] < 1e-15


def test_many_quantities_are_cut_into_blocks_without_a_seam() -> None:
    x = np.random.default_rng(1).normal(size=(50, 4, 1000))
    together, apart = diagnose(x), [diagnose(x[i : i + 1]) for i in range(50)]
    assert np.array_equal(together.bulk, [one.bulk[0] for one in apart])
    assert diagnose(x[:0]).rhat.size == 0


def test_quantities_of_different_lengths_are_diagnosed_side_by_side() -> None:
    long, short = walks(4, 300), walks(4, 100)
    mixed = diagnose([long[0], short[0], long[1], short[1]])
    for name in ("rhat", "bulk", "tail", "mcse"):
        alone = [getattr(diagnose(part), name) for part in (long[:2], short[:2])]
        assert getattr(mixed, name).tolist() == [alone[0][0], alone[1][0], alone[0][1], alone[1][1]]

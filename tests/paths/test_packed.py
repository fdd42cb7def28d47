"""Sets of paths as bits: as many as there are, whatever the number of paths, also of intersections and of what is left."""

from __future__ import annotations

import numpy as np
import pytest

from forecasting.paths.packed import counted, packed


@pytest.mark.parametrize("n_paths", [1, 7, 8, 63, 64, 65, 130])
def test_sets_are_counted_draw_by_draw(n_paths: int) -> None:
    rng = np.random.default_rng(n_paths)
    one, other = rng.random((50, n_paths)) < 0.6, rng.random((50, n_paths)) < 0.3
    assert (counted(packed(one)) == one.sum(axis=1)).all()
    assert (counted(packed(one) & packed(other)) == (one & other).sum(axis=1)).all()
    assert (counted(packed(one) & ~packed(other)) == (one & ~other).sum(axis=1)).all()


def test_each_event_has_a_set_of_its_own() -> None:
    on = np.random.default_rng(1).random((20, 70, 3)) < 0.5
    assert packed(on).shape == (20, 2, 3)
    assert (counted(packed(on)) == on.sum(axis=1)).all()
    assert (packed(on)[:, :, 2] == packed(on[:, :, 2])).all()

"""Sets of paths as bits, sixty-four to a word: what happens on which paths, counted draw by draw."""

from __future__ import annotations

import datetime as dt

import numpy as np

from forecasting.dossier.status import years_between
from forecasting.paths.questions import EPS
from forecasting.paths.simulate import Paths

WORD = 64


def packed(on: np.ndarray) -> np.ndarray:
    """Return a set of paths (draw, path, …), of bool, as bits (draw, word, …); bits beyond the last path are not set.

    Intersections are ``a & b``, and what is in the first alone ``a & ~b``.

    Examples
    --------
    >>> counted(packed(np.array([[True, False, True], [False, False, False]])))
    array([2, 0])
    """
    in_bytes = np.packbits(on, axis=1)
    room = [(0, 0)] * on.ndim
    room[1] = (0, -in_bytes.shape[1] % (WORD // 8))
    last = np.moveaxis(np.pad(in_bytes, room), 1, -1)
    return np.moveaxis(np.ascontiguousarray(last).view(np.uint64), -1, 1)


def counted(bits: np.ndarray) -> np.ndarray:
    """Return how many paths of each draw are in a set (draw, …)."""
    return np.bitwise_count(bits).sum(axis=1, dtype=np.int64)


def seen_by(paths: Paths, by: dt.date) -> np.ndarray:
    """Return the paths on which each event has happened by the end of a day, as bits (event, draw, word)."""
    on = packed(paths.times <= years_between(paths.world.as_of, by) + EPS)
    return np.ascontiguousarray(np.moveaxis(on, 2, 0))

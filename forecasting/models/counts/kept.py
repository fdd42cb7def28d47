"""Paths that are asked for again: leaving one observation out moves no series but its own and those that live off it."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from forecasting.dossier.edition import EditionDossier


@dataclass(frozen=True)
class Kept:
    """What was simulated of some draws of an edition and layer, each with the state in which it left the generator.

    ``draws`` are those of the wander; they, the edition and the layer are the same objects, or nothing here is of use.
    """

    draws: weakref.ref[np.ndarray]
    case: EditionDossier
    layer: str
    found: dict[tuple, tuple[Any, Any]] = field(default_factory=dict, repr=False)

    def again[T](self, key: tuple, rng: np.random.Generator, keeps: bool, made: Callable[[], T]) -> T:
        """Return what was made under a key from this state of the generator, which goes on from where it was left then.

        Parameters
        ----------
        key : tuple
            All that it is made of, besides draws, edition and layer.
        keeps : bool
            Whether it is kept if it has to be made: what is read without an observation is not asked for again.
        """
        whole = (*key, str(rng.bit_generator.state))
        if whole not in self.found:
            one = made()
            if not keeps:
                return one
            self.found[whole] = one, rng.bit_generator.state
        one, rng.bit_generator.state = self.found[whole]
        return one


_last: list[Kept] = []  # of one posterior, as long as somebody holds it: paths take much room


def kept_of(posterior: xr.Dataset, case: EditionDossier, layer: str) -> Kept:
    """Return what is kept of a posterior under an edition and layer; what was kept of another one goes."""
    values = posterior["log_wander"].values
    for one in _last:
        if one.draws() is values and one.case is case and one.layer == layer:
            return one
    _last[:] = [Kept(weakref.ref(values, _forget), case, layer)]
    return _last[0]


def _forget(draws: weakref.ref[np.ndarray]) -> None:
    _last[:] = [one for one in _last if one.draws is not draws]

"""The numbers of the count model, by name: readings of all series side by side, and what they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from forecasting.dossier.edition import EditionDossier
from forecasting.models.base import Layer, ModelInputs
from forecasting.models.counts.design import Design, design_of
from forecasting.models.counts.readings import Reading, readings_of

FILLER = "filler"  # a reading that tells nothing, so that a layer without readings has one; its variance is one
PARTS = ("y", "mean", "known", "wander", "error", "noisy")


@dataclass(frozen=True)
class CountInputs(ModelInputs):
    """Inputs of the count model, with the readings and designs that simulation needs again."""

    readings: tuple[Reading, ...]
    designs: Mapping[str, Design]

    def of(self, series: str) -> tuple[Reading, ...]:
        """Return the readings of one series, in the order of the data."""
        return tuple(reading for reading in self.readings if reading.series == series)


def count_inputs(case: EditionDossier, layer: Layer, without: frozenset[str]) -> CountInputs:
    """Return the inputs of one layer of an edition."""
    designs = {series.id: design_of(series, case) for series in case.series}
    readings = sorted(readings_of(case, layer, without), key=lambda reading: (reading.series, reading.until, reading.id))
    return CountInputs(case, layer, without, data_of(case, readings, designs), tuple(readings), designs)


def periods(readings: tuple[Reading, ...] | list[Reading], design: Design) -> tuple[np.ndarray, np.ndarray]:
    """Return begin and end of readings in years since their series starts."""
    spans = [reading.period(design.series.starts_on) for reading in readings]
    a, b = zip(*spans, strict=True) if spans else ((), ())
    return np.array(a, dtype=float), np.array(b, dtype=float)


def data_of(case: EditionDossier, readings: list[Reading], designs: Mapping[str, Design]) -> xr.Dataset:
    """Return, for each series k, y_k ~ Normal(mean_k, known_k + σ²·wander_k + diag(error_k² + noisy_k·s²)).

    ``known`` is B·Λ·Bᵀ, what the priors of levels, trend, steps and registers give; σ and s are the parameters of the series.
    A block for each series, because LAPACK would share a larger one among threads, fifty times slower than one thread alone.
    """
    logs, names = {"units": "logarithm"}, [series.id for series in case.series]
    found: dict[str, tuple] = {}
    labels: dict[str, list[str]] = {"series": names}
    for name in ("wander", "noise"):
        around = [getattr(designs[one].series, name) for one in names]
        found[f"{name}_median"] = ("series", np.array([np.log(prior.median) for prior in around]), logs)
        found[f"{name}_spread"] = ("series", np.array([prior.spread for prior in around]), logs)
    for k, name in enumerate(names):
        own, one = [reading for reading in readings if reading.series == name], f"reading_{k}"
        labels |= {one: [*(reading.id for reading in own), FILLER], f"other_{k}": [*(reading.id for reading in own), FILLER]}
        block = _block(own, designs[name])
        for part, units in (("y", "logarithm"), ("mean", "logarithm"), ("error", "logarithm"), ("noisy", "0 or 1")):
            found[f"{part}_{k}"] = (one, block[part], {"units": units})
        for part, units in (("known", "logarithm squared"), ("wander", "years")):
            found[f"{part}_{k}"] = ((one, f"other_{k}"), block[part], {"units": units})
    return xr.Dataset(found, labels)


def _block(own: list[Reading], design: Design) -> dict[str, np.ndarray]:
    """Return the numbers of one series; the last row is the filler."""
    n = len(own)
    block = {part: np.zeros(n + 1) for part in ("y", "mean", "error", "noisy")}
    block |= {part: np.zeros((n + 1, n + 1)) for part in ("known", "wander")}
    block["error"][n] = 1.0
    if own:
        a, b = periods(own, design)
        columns = design.columns(a, b, tuple(reading.counted_by for reading in own))
        block["y"][:n], block["mean"][:n] = [reading.log_level for reading in own], columns @ design.mean
        block["known"][:n, :n] = columns @ np.diag(design.sd**2) @ columns.T
        block["wander"][:n, :n] = design.wander(a, b, a, b)
        block["error"][:n] = [reading.error for reading in own]
        block["noisy"][:n] = [float(reading.noisy) for reading in own]
    return block

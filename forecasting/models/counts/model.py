"""The count model behind the protocol of all models: how many, how much, by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.questions import Question
from forecasting.models.base import READING_COLUMNS, Layer, ModelInputs
from forecasting.models.counts.build import reading_log_likelihood
from forecasting.models.counts.inputs import CountInputs, count_inputs
from forecasting.models.counts.kept import kept_of
from forecasting.models.counts.paths import CountPaths, count_paths
from forecasting.models.counts.pictures import bands_of, points_of
from forecasting.paths.questions import Answer

if TYPE_CHECKING:
    import pymc as pm
    from nutpie.compile_pymc import CompiledPyMCModel


@dataclass(frozen=True)
class Counts:
    """Published counts as readings of local levels (`forecasting.models.counts.build`); the case is an edition."""

    name: str = "counts"
    title: str = "Counts and volumes"
    claim_kinds: frozenset[str] = frozenset({"quantity"})
    question_forms: frozenset[str] = frozenset({"reaches", "level", "between"})
    reported: tuple[str, ...] = ()

    def inputs(self, case: EditionDossier, layer: Layer = "posterior", *, without: frozenset[str] = frozenset()) -> CountInputs:
        """Return the readings of one layer of an edition, and the covariance that priors give them."""
        return count_inputs(case, layer, without)

    def build(self, inputs: ModelInputs) -> pm.Model:
        """State the model in PyMC."""
        from forecasting.models.counts.build import build_counts

        return build_counts(inputs.data)

    def density(self, inputs: ModelInputs) -> CompiledPyMCModel | None:
        """Return the density written for numba, held to PyMC's by a test."""
        from forecasting.models.counts.density import bind_counts

        return bind_counts(inputs.data)

    def constants(self, inputs: ModelInputs) -> Mapping[str, np.ndarray]:
        """Return nothing: every variable moves."""
        return {}

    def arrays(self, inputs: ModelInputs) -> Mapping[str, np.ndarray]:
        """Return the readings with their covariances, and the priors of wander and noise: for `build`, and for `density`."""
        from forecasting.models.counts.density import stacked_arrays

        return {**{str(name): values.values for name, values in inputs.data.data_vars.items()}, **stacked_arrays(inputs.data)}

    def questions(self, case: EditionDossier) -> Sequence[Question]:
        """Return the edition's questions about quantities."""
        return case.further[self.name]

    def simulate(self, posterior: xr.Dataset, inputs: CountInputs, *, until: dt.date | None, random_seed: int) -> CountPaths:
        """Simulate all series up to a day, by default the last deadline."""
        last = until or max(question.deadline for question in self.questions(inputs.case))
        kept = kept_of(posterior, inputs.case, inputs.layer)
        return count_paths(inputs, *stacked(posterior), last, random_seed, kept=kept)

    def outcomes(self, paths: CountPaths, question: Question) -> Answer:
        """Return P(outcome | draw): the share of paths, with the variance that counting them adds."""
        found = question.form.outcomes(paths)
        titles = question.form.titles()
        p = np.stack([hits.mean(axis=1) for _, hits in found], axis=1)
        noise = p * (1 - p) / (found[0][1].shape[1] - 1)
        names = tuple(name for name, _ in found)
        return Answer(names, tuple(titles.get(name, name) for name in names), p, noise)

    def log_likelihood(self, posterior: xr.Dataset, inputs: ModelInputs) -> np.ndarray:
        """Return log p(reading | those before it, draw) (draw, reading), levels and all that is Gaussian integrated out."""
        return reading_log_likelihood(inputs.data, *stacked(posterior))

    def readings(self, inputs: CountInputs) -> pd.DataFrame:
        """Return what was read: the log of a stock, or of a rate, with what rounding adds; the series' own noise comes on top."""
        rows = [
            (r.id, r.series, r.log_level, r.error, "log units", f"{r.words} ({np.exp(r.log_level):,.4g}), by {r.counted_by}")
            for r in inputs.readings
        ]
        return pd.DataFrame(rows, columns=list(READING_COLUMNS))

    def bands(self, posterior: xr.Dataset, inputs: CountInputs, *, random_seed: int) -> pd.DataFrame:
        """Return the ribbon of every series from its last count to the last deadline."""
        return bands_of(self.simulate(posterior, inputs, until=None, random_seed=random_seed), inputs)

    def points(self, inputs: CountInputs) -> pd.DataFrame:
        """Return the published counts and the levels asked about."""
        return points_of(inputs)


def stacked(posterior: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return wander and noise of every draw (draw, series), draws chain by chain."""
    names = ("log_wander", "log_noise")
    first, second = (np.exp(posterior[name].transpose("chain", "draw", "series").values) for name in names)
    return first.reshape(-1, first.shape[2]), second.reshape(-1, second.shape[2])

"""A deliberately small model behind the protocol: protests per month, Gamma-Poisson, whose every answer has a closed form."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

from forecasting.models.base import READING_COLUMNS, ModelInputs
from forecasting.paths.questions import Answer

SHAPE, RATE = 2.0, 0.1  # of the prior: about twenty protests a month, known to a factor of two


@dataclass(frozen=True)
class Reached:
    """Whether there will be at least ``level`` protests in the next month."""

    id: str
    level: int


@dataclass(frozen=True)
class Protests:
    """Counts by month; a month's id is the claim that reports it."""

    months: tuple[str, ...]
    counts: tuple[int, ...]
    asked: tuple[Reached, ...]


@dataclass(frozen=True)
class ProtestCounts:
    """y_i ~ Poisson(λ), λ ~ Gamma(2, 0.1) per month; P(next month reaches n | λ) = P(Poisson(λ) ≥ n)."""

    name: str = "protest-counts"
    title: str = "Protests <per month>"  # a report has to show this literally
    claim_kinds: frozenset[str] = frozenset()  # its case is counts, no records of a dossier
    question_forms: frozenset[str] = frozenset({"reaches"})
    reported: tuple[str, ...] = ()

    def inputs(self, case: Protests, layer: str = "posterior", *, without: frozenset[str] = frozenset()) -> ModelInputs:
        kept = [layer != "base" and month not in without for month in case.months]
        counts = xr.DataArray(np.array(case.counts, dtype=float)[kept], {"month": np.array(case.months)[kept]}, ("month",))
        return ModelInputs(case, layer, without, xr.Dataset({"counts": counts.assign_attrs(units="protests")}))

    def build(self, inputs: ModelInputs):
        import pymc as pm

        with pm.Model(coords={"month": inputs.data["month"].values}) as model:
            per_month = pm.Gamma("per_month", SHAPE, RATE)
            counts = pm.Data("counts", inputs.data["counts"].values)
            pm.Potential("seen", (counts * pm.math.log(per_month) - per_month).sum())
        return model

    def density(self, inputs: ModelInputs) -> None:
        return None

    def constants(self, inputs: ModelInputs) -> dict[str, np.ndarray]:
        return {}

    def arrays(self, inputs: ModelInputs) -> dict[str, np.ndarray]:
        return {"counts": inputs.data["counts"].values}

    def questions(self, case: Protests) -> tuple[Reached, ...]:
        return case.asked

    def simulate(
        self, posterior: xr.Dataset, inputs: ModelInputs, *, until: dt.date | None = None, random_seed: int
    ) -> np.ndarray:
        return posterior["per_month"].values.ravel()

    def outcomes(self, paths: np.ndarray, question: Reached) -> Answer:
        p = stats.poisson.sf(question.level - 1, paths)[:, None]
        return Answer(("yes",), (f"at least {question.level}",), p, np.zeros_like(p))

    def log_likelihood(self, posterior: xr.Dataset, inputs: ModelInputs) -> np.ndarray:
        return stats.poisson.logpmf(inputs.data["counts"].values, posterior["per_month"].values.reshape(-1, 1))

    def readings(self, inputs: ModelInputs) -> pd.DataFrame:
        rows = [
            (str(month), "protests", float(count), 0.0, "protests", "a count, Poisson")
            for month, count in zip(inputs.data["month"].values, inputs.data["counts"].values, strict=True)
        ]
        return pd.DataFrame(rows, columns=list(READING_COLUMNS))


CASE = Protests(("c-jan", "c-feb", "c-mar", "c-apr"), (12, 9, 31, 14), (Reached("twenty-next-month", 20), Reached("none", 0)))


def exact(case: Protests, level: int, without: str = "") -> float:
    """Return P(next month reaches a level): a Gamma posterior makes the next count negative binomial."""
    kept = [count for month, count in zip(case.months, case.counts, strict=True) if month != without]
    shape, rate = SHAPE + sum(kept), RATE + len(kept)
    return float(stats.nbinom.sf(level - 1, shape, rate / (rate + 1)))

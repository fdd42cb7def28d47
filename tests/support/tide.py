"""A small model beside the event network, written in a test: a tide's height, normal with normal readings, and its picture."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

from forecasting.dossier import edition as editions
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.forms.base import Form
from forecasting.models.base import BAND_COLUMNS, POINT_COLUMNS, READING_COLUMNS, ModelInputs
from forecasting.paths.questions import Answer

HEIGHTS = {"h-001": 2.1, "h-002": 1.4, "h-003": 3.0}
FIRST, PRIOR, ERROR = dt.date(2024, 1, 1), 3.0, 1.0


class Tops(Form):
    """Whether the tide is higher than so many metres."""

    name = "tops"
    kind = "yes/no"
    complement = "no"
    model = "tide"
    stated: float

    def events(self) -> tuple[str, ...]:
        return ()

    def subjects(self) -> tuple[str, ...]:
        return ("quay-wall",)

    def outcomes(self, seen: Any) -> list[tuple[str, Any]]:
        return [("yes", seen.tops(self.stated))]


@dataclass(frozen=True)
class Tide:
    """y ~ Normal(height, 1), height ~ Normal(0, 3); P(height > x | height) is 0 or 1, smoothed by a normal of scale ½."""

    name: str = "tide"
    title: str = "Tide <at the quay>"
    claim_kinds: frozenset[str] = frozenset()
    question_forms: frozenset[str] = frozenset({"tops"})
    reported: tuple[str, ...] = ()

    def inputs(self, case: EditionDossier, layer: str = "posterior", *, without: frozenset[str] = frozenset()) -> ModelInputs:
        kept = {name: value for name, value in HEIGHTS.items() if layer != "base" and name not in without}
        values = xr.DataArray(np.array(list(kept.values())), {"reading": list(kept)}, ("reading",), attrs={"units": "m"})
        return ModelInputs(case, layer, without, xr.Dataset({"heights": values}))

    def build(self, inputs: ModelInputs) -> Any:
        import pymc as pm

        with pm.Model() as model:
            height = pm.Normal("height", 0.0, PRIOR)
            heights = pm.Data("heights", inputs.data["heights"].values)
            pm.Potential("read", (-0.5 * ((heights - height) / ERROR) ** 2).sum())
        return model

    def density(self, inputs: ModelInputs) -> None:
        return None

    def constants(self, inputs: ModelInputs) -> dict[str, np.ndarray]:
        return {}

    def arrays(self, inputs: ModelInputs) -> dict[str, np.ndarray]:
        return {"heights": inputs.data["heights"].values}

    def questions(self, case: EditionDossier) -> tuple[Any, ...]:
        return case.further["tide"]

    def simulate(self, posterior: xr.Dataset, inputs: ModelInputs, *, until: dt.date | None = None, random_seed: int) -> Any:
        return posterior["height"].values.ravel()

    def outcomes(self, paths: np.ndarray, question: Any) -> Answer:
        p = stats.norm.sf((question.form.stated - paths) / 0.5)[:, None]
        return Answer(("yes",), ("yes",), p, np.zeros_like(p))

    def log_likelihood(self, posterior: xr.Dataset, inputs: ModelInputs) -> np.ndarray:
        return stats.norm.logpdf(inputs.data["heights"].values, posterior["height"].values.reshape(-1, 1), ERROR)

    def readings(self, inputs: ModelInputs) -> pd.DataFrame:
        read = zip(inputs.data["reading"].values, inputs.data["heights"].values, strict=True)
        rows = [(str(name), "quay-wall", float(value), ERROR, "m", "a height, normal") for name, value in read]
        return pd.DataFrame(rows, columns=list(READING_COLUMNS))

    def bands(self, posterior: xr.Dataset, inputs: ModelInputs, *, random_seed: int) -> pd.DataFrame:
        five = np.quantile(posterior["height"].values, [0.05, 0.25, 0.5, 0.75, 0.95])
        days = (FIRST, dt.date(2025, 12, 31))
        return pd.DataFrame([("quay-wall", "Tide at <the> wall", "m", day, *five) for day in days], columns=list(BAND_COLUMNS))

    def points(self, inputs: ModelInputs) -> pd.DataFrame:
        rows: list[tuple] = [
            ("quay-wall", row.claim, FIRST, row.location, f"{row.location} m on New Year's Day", "observed")
            for row in self.readings(inputs).itertuples()
        ]
        rows.append(("quay-wall", "", dt.date(2025, 12, 31), 2.5, "2.5 m by the end of 2025", "level"))
        return pd.DataFrame(rows, columns=list(POINT_COLUMNS))


def exact(level: float, without: str = "") -> float:
    """Return P(height + a normal error of scale ½ > level) given the readings, in closed form."""
    kept = [value for name, value in HEIGHTS.items() if name != without]
    precision = 1 / PRIOR**2 + len(kept) / ERROR**2
    return float(stats.norm.sf(level, sum(kept) / ERROR**2 / precision, np.sqrt(1 / precision + 0.25)))


def tides_asked(ferry: EditionDossier, question: Any) -> EditionDossier:
    """Return an edition that also asks a question of the tide."""
    record = ferry.edition.model_copy(update={"questions": (question.id, *ferry.edition.questions)})
    tables = {"questions": {**ferry.dossier.questions, question.id: question}, "editions": {record.id: record}}
    dossier = replace(ferry.dossier, **{name: MappingProxyType(table) for name, table in tables.items()})
    return editions.select_edition(replace(dossier, places=MappingProxyType({
        **dossier.places, ("question", question.id): dossier.places["question", "pact-by-2025"],
    })), record)  # fmt: skip

"""What a run holds of models other than the event network: six files for each, named after the model, and read back as a record.

``<model>_posterior.nc`` and ``<model>_answers.nc`` hold the draws and P(outcome | draw) of the three layers,
``<model>_readings.csv`` what was read, ``<model>_influence.csv`` what each observation moves, ``<model>_bands.csv`` and
``<model>_points.csv`` the picture. The manifest vouches for each as for every other file of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from forecasting.errors import ForecastingError
from forecasting.models.base import BAND_COLUMNS, INFLUENCE_COLUMNS, POINT_COLUMNS, READING_COLUMNS
from forecasting.runs.tables import Table, Tables

if TYPE_CHECKING:
    import pandas as pd

TABLES: Mapping[str, tuple[str, ...]] = {
    "readings": READING_COLUMNS, "influence": INFLUENCE_COLUMNS, "bands": BAND_COLUMNS, "points": POINT_COLUMNS,
}  # fmt: skip
DATED = {"bands", "points"}  # with a column ``on``
NUMBERS = {
    "location", "spread", "p", "p_without", "change", "mcse", "k_hat", "low", "low_50", "middle", "high_50", "high", "value",
}  # fmt: skip


@dataclass(frozen=True)
class ModelTables:
    """What a run says of one further model besides its answers: what was read, what it moved, and its picture.

    ``tables`` holds a table for each entry of `TABLES`, which are attributes too: ``told.readings`` is
    ``told.tables["readings"]``.
    """

    name: str
    title: str
    tables: Mapping[str, pd.DataFrame] = field(repr=False)

    @property
    def readings(self) -> pd.DataFrame:
        """What was read."""
        return self.tables["readings"]

    @property
    def influence(self) -> pd.DataFrame:
        """What each observation moves."""
        return self.tables["influence"]

    @property
    def bands(self) -> pd.DataFrame:
        """The bands of its picture."""
        return self.tables["bands"]

    @property
    def points(self) -> pd.DataFrame:
        """The points of its picture."""
        return self.tables["points"]

    def rows(self, name: str) -> tuple[Any, ...]:
        """Return the rows of one of the tables as named tuples, without loading pandas."""
        return Tables.of(self.tables).rows(name)

    @property
    def panels(self) -> dict[str, str]:
        """What every panel is called, by its id."""
        return {row.panel: row.title for row in self.rows("bands")}

    @property
    def observations(self) -> dict[str, str]:
        """What every observation is called, by its id; one that is on no picture has none."""
        return {row.claim: row.label for row in self.rows("points")}


def file_of(model: str, name: str) -> str:
    """Return the name of a model's file of one kind.

    Examples
    --------
    >>> file_of("counts", "answers.nc")
    'counts_answers.nc'
    """
    return f"{model}_{name}"


def models_of(outputs: Mapping[str, object]) -> tuple[str, ...]:
    """Return the further models of a run by the files that its manifest vouches for.

    Raises
    ------
    ForecastingError
        If one of the files of a model is missing there.

    Examples
    --------
    >>> models_of({"forecasts.csv": 1})
    ()
    """
    names = tuple(sorted(name.removesuffix("_readings.csv") for name in outputs if name.endswith("_readings.csv")))
    for name in names:
        wanted = [file_of(name, f"{table}.csv") for table in TABLES] + [file_of(name, f) for f in ("answers.nc", "posterior.nc")]
        if lacking := [file for file in wanted if file not in outputs]:
            raise ForecastingError(f"the manifest vouches for {name}_readings.csv but not for {lacking[0]}; make the run again")
    return names


def read_tables(name: str, title: str, content: Callable[[str], bytes]) -> ModelTables:
    """Return the tables of a model from the bytes of its files.

    Raises
    ------
    ForecastingError
        If a table has other columns than this program writes.
    """
    found: dict[str, Table] = {}
    for name_of_table, columns in TABLES.items():
        file = file_of(name, f"{name_of_table}.csv")
        days = frozenset({"on"}) if name_of_table in DATED else frozenset()
        table = Table(content(file), file, frozenset(columns) - NUMBERS - days, days)
        if tuple(column for column in table.columns if column != "gate") != columns:
            raise ForecastingError(f"{file}: found the columns {', '.join(table.columns)}; make the run again")
        found[name_of_table] = table
    return ModelTables(name, title, Tables(found))

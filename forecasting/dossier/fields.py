"""What every record is made of: frozen, without unknown fields, and the few forms that a field can have."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from forecasting.arguments import iso_day
from forecasting.shown.records import record_html, record_text

Grade = Literal["weak", "moderate", "strong", "decisive"]
Reliability = Literal["A", "B", "C", "D", "E", "F"]
Reads = Literal["level", "at_least", "at_most"]


def _whole(value: Any) -> Any:
    """Refuse what Python takes for a whole number and is none: ``true`` is 1 to it."""
    if type(value) is not int:
        raise PydanticCustomError("literal_error", "no whole number", {"expected": "1, 2, 3, 4, 5 or 6"})
    return value


Credibility = Annotated[Literal[1, 2, 3, 4, 5, 6], BeforeValidator(_whole)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Seal = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]


def _iso_date(value: Any) -> dt.date:
    """Read ``YYYY-MM-DD``, the only spelling of a date that a dossier knows."""
    if type(value) is dt.date:
        return value
    return iso_day(value)


def _many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Date = Annotated[dt.date, BeforeValidator(_iso_date)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_many), Field(min_length=1)]
Text = Annotated[str, Field(min_length=3)]


class Record(BaseModel):
    """A frozen record that refuses unknown fields and never converts one type into another."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def __repr__(self) -> str:
        return record_text(self)

    def __str__(self) -> str:
        return record_text(self)

    def _repr_html_(self) -> str:
        return record_html(self)

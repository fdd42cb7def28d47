"""Whether a total that only grows has come to a number by a day."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from forecasting.dossier.fields import Date, Id, Record
from forecasting.dossier.forms.quantities import Measured, OfQuantity
from forecasting.dossier.statements import Truth


class Reached(Record):
    """A series of kind *total*, the number it is to reach, and the day by which."""

    quantity: Id
    level: Annotated[float, Field(gt=0)]
    by: Date


class Reaches(OfQuantity):
    """Whether a total has reached a number by a day; the one outcome with a forecast is *yes*."""

    name = "reaches"
    kind = "yes/no"
    complement = "no"
    stated: Reached

    def deadlines(self) -> list[dt.date]:
        """Return the day by which."""
        return [self.stated.by]

    def values(self) -> tuple[float, ...]:
        """Return the number."""
        return (self.stated.level,)

    def outcomes(self, seen: Measured) -> list[tuple[str, Truth]]:
        """Return whether it is reached."""
        return [("yes", seen.at_least(self.stated.quantity, self.stated.level, self.stated.by))]

    def deadline_hint(self) -> str:
        """Return where its day is written."""
        return "its deadline is 'by' inside 'reaches'"

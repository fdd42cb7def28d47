"""Whether a quantity lies between two numbers on a day."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from forecasting.dossier.fields import Date, Id, Record
from forecasting.dossier.forms.quantities import Measured, OfQuantity
from forecasting.dossier.statements import Truth, negate


class Spanned(Record):
    """A series, two numbers, and the day."""

    quantity: Id
    low: Annotated[float, Field(gt=0)]
    high: Annotated[float, Field(gt=0)]
    at: Date


class Between(OfQuantity):
    """Whether a quantity is at least one number and below another on a day; the one outcome with a forecast is *yes*."""

    name = "between"
    kind = "yes/no"
    complement = "no"
    stated: Spanned

    def deadlines(self) -> list[dt.date]:
        """Return the day."""
        return [self.stated.at]

    def values(self) -> tuple[float, ...]:
        """Return both numbers."""
        return (self.stated.low, self.stated.high)

    def outcomes(self, seen: Measured) -> list[tuple[str, Truth]]:
        """Return whether it lies between them."""
        low, high = (seen.at_least(self.stated.quantity, value, self.stated.at) for value in self.values())
        return [("yes", low & negate(high))]

    def deadline_hint(self) -> str:
        """Return where its day is written."""
        return "its deadline is 'at' inside 'between'"

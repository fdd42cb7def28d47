"""How large a quantity is on a day: one outcome for each range between edges, the answer as a distribution."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Annotated

from pydantic import Field

from forecasting.dossier.fields import Date, Id, Record
from forecasting.dossier.forms.quantities import Measured, OfQuantity
from forecasting.dossier.statements import Truth, negate


class Ranged(Record):
    """A series, the day, and the edges between the ranges that are told apart."""

    quantity: Id
    at: Date
    edges: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=1, max_length=12)]


class Level(OfQuantity):
    """The range between edges in which a quantity lies on a day, a volume in the year that ends with it."""

    name = "level"
    kind = "level"
    stated: Ranged

    def deadlines(self) -> list[dt.date]:
        """Return the day."""
        return [self.stated.at]

    def values(self) -> tuple[float, ...]:
        """Return the edges."""
        return self.stated.edges

    def _names(self) -> list[str]:
        edges = self.stated.edges
        return ["below", *(f"from-{edge:.10g}".replace(".", "-") for edge in edges)]

    def outcomes(self, seen: Measured) -> list[tuple[str, Truth]]:
        """Return, per range, whether the quantity lies in it: at its lower edge or above, and below the next."""
        above = [seen.at_least(self.stated.quantity, edge, self.stated.at) for edge in self.stated.edges]
        inside = [this & negate(following) for this, following in itertools.pairwise(above)]
        found = [negate(above[0]), *inside, above[-1]]
        return list(zip(self._names(), found, strict=True))

    def titles(self) -> dict[str, str]:
        """Return the ranges in words."""
        shown = [f"{edge:,.10g}" for edge in self.stated.edges]
        spans = [f"{low} to {high}" for low, high in itertools.pairwise(shown)]
        return dict(zip(self._names(), [f"below {shown[0]}", *spans, f"{shown[-1]} or more"], strict=True))

    def deadline_hint(self) -> str:
        """Return where its day is written."""
        return "its deadline is 'at' inside 'level'"

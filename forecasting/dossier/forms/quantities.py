"""What the three forms about quantities share: a series, a day, and how the form is answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Protocol

from forecasting.dossier.forms.base import Fault, Form
from forecasting.dossier.statements import Truth


class Measured(Protocol):
    """Whatever can say how large a quantity is: on each path, or as far as counts are published."""

    def at_least(self, series: str, value: float, on: dt.date) -> Truth:
        """Return whether a quantity is so large or larger on a day: of a volume, in the year that ends with it."""


class OfQuantity(Form):
    """A form about one series of `forecasting.dossier.counts`; the model ``counts`` answers it."""

    model = "counts"

    def events(self) -> tuple[str, ...]:
        """Return nothing: it looks at no event."""
        return ()

    def subjects(self) -> tuple[str, ...]:
        """Return the series."""
        return (self.stated.quantity,)

    def values(self) -> tuple[float, ...]:
        """Return the values that it asks about."""
        raise NotImplementedError

    def faults(self) -> Iterator[Fault]:
        """Yield values that do not rise."""
        values = self.values()
        if list(values) != sorted(set(values)):
            yield (self.name,), f"{self.name} with {', '.join(f'{v:,g}' for v in values)}", "write values that rise"

"""Whether the upper hand has gone to an actor between two days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forecasting.dossier.fields import Date
from forecasting.dossier.forms.base import Fault
from forecasting.dossier.forms.upper_hand import OfBalance, Side
from forecasting.dossier.statements import Truth


class Turn(Side):
    """To whom the upper hand is to have gone, and since when."""

    since: Date


class Turned(OfBalance):
    """Whether an actor who was behind on an earlier day is ahead on a later one. Nobody can look that up: it stays open."""

    name = "turned"
    kind = "yes/no"
    complement = "no"
    stated: Turn

    def outcomes(self, seen: Any) -> list[tuple[str, Truth]]:
        """Return that it is not known."""
        return [("yes", seen.told(None, True))]

    def faults(self) -> Iterator[Fault]:
        """Yield a span of no days."""
        if self.at and self.stated.since >= self.at:
            yield ("turned", "since"), f"since {self.stated.since} until {self.at}", "write an earlier day in since"

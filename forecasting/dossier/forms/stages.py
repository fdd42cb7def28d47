"""Stages: how far along a list of events things have come."""

from __future__ import annotations

from functools import reduce
from operator import or_

from forecasting.dossier.forms.base import Listed
from forecasting.dossier.statements import Happenings, Truth, negate


class Stages(Listed):
    """The highest stage whose event has happened, or *none*; a stage is reached also where an earlier one was passed over."""

    name = "stages"
    kind = "stages"

    def outcomes(self, seen: Happenings) -> list[tuple[str, Truth]]:
        """Return, per stage, whether its event has happened and that of no later one has: exclusive and exhaustive."""
        happened = [seen.happened(event, self.day) for event in self.stated]
        found: list[tuple[str, Truth]] = [("none", negate(reduce(or_, happened)))]
        for place, event in enumerate(self.stated):
            further = happened[place + 1 :]
            found.append((event, happened[place] & negate(reduce(or_, further)) if further else happened[place]))
        return found

    def titles(self) -> dict[str, str]:
        """Return the title of *none*."""
        return {"none": "no stage"}

    def called(self, outcome: str, title: str) -> str:
        """Return the title of a stage's event, with *no further than* before it where a further stage is listed.

        The outcome is the highest stage that was reached, so that the chance of the first one is not that of its event.
        """
        return f"No further than: {title}" if outcome in self.stated[:-1] else title

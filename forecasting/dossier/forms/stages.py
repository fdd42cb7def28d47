"""Stages: how far along a list of events things have come."""

from __future__ import annotations

from functools import reduce
from operator import and_

from forecasting.dossier.forms.base import Listed
from forecasting.dossier.statements import Happenings, Truth, negate


class Stages(Listed):
    """The highest stage reached in order, or *none*; a later stage without an earlier one counts for nothing."""

    name = "stages"
    kind = "stages"

    def outcomes(self, seen: Happenings) -> list[tuple[str, Truth]]:
        """Return, per stage, whether all up to it have happened and the next has not."""
        happened = [seen.happened(event, self.day) for event in self.stated]
        found: list[tuple[str, Truth]] = [("none", negate(happened[0]))]
        for place, event in enumerate(self.stated):
            reached = reduce(and_, happened[: place + 1])
            is_last = place + 1 == len(happened)
            found.append((event, reached if is_last else reached & negate(happened[place + 1])))
        return found

    def titles(self) -> dict[str, str]:
        """Return the title of *none*."""
        return {"none": "no stage"}

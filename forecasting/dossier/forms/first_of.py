"""Competing events: which of them happens first."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_

from forecasting.dossier.forms.base import Listed
from forecasting.dossier.statements import Happenings, Truth, negate


class FirstOf(Listed):
    """The first of some events to happen by the deadline, or *none*; of several at one time the first in the list."""

    name = "first_of"
    kind = "first"

    def outcomes(self, seen: Happenings) -> list[tuple[str, Truth]]:
        """Return, per event, whether it happens by the deadline and ahead of all others."""
        happened = [seen.happened(event, self.day) for event in self.stated]
        found: list[tuple[str, Truth]] = [("none", negate(reduce(or_, happened)))]
        for place, event in enumerate(self.stated):
            ahead = [negate(seen.before(other, event)) for other in self.stated[place + 1 :]]
            ahead += [seen.before(event, other) for other in self.stated[:place]]
            found.append((event, reduce(and_, ahead, happened[place])))
        return found

    def titles(self) -> dict[str, str]:
        """Return the title of *none*."""
        return {"none": "none of them"}

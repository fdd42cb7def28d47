"""Scenarios: an exhaustive set of statements of which exactly one comes true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import reduce
from operator import or_

from forecasting.dossier.fields import Id, Text
from forecasting.dossier.forms.base import Form
from forecasting.dossier.statements import Expression, Happenings, Truth, negate


class Scenario(Expression):
    """One member of an exhaustive set; ``other: true`` is whatever no named member covers."""

    id: Id
    title: Text
    other: bool = False


class Scenarios(Form):
    """The one member of a set that comes true; `forecasting.rules.scenarios` sees that there is always exactly one."""

    name = "scenarios"
    kind = "scenarios"
    stated: tuple[Scenario, ...]

    def events(self) -> tuple[str, ...]:
        """Return the events of all members."""
        return tuple(dict.fromkeys(name for member in self.stated for name in member.events()))

    def leaves(self) -> Iterator[tuple[str, dt.date]]:
        """Yield every (event, day) of all members."""
        return (leaf for member in self.stated for leaf in member.leaves(self.day))

    def named(self, seen: Happenings) -> dict[str, Truth]:
        """Return whether each member is true that is not *other*."""
        return {member.id: member.truth(seen, self.day) for member in self.stated if not member.other}

    def outcomes(self, seen: Happenings) -> list[tuple[str, Truth]]:
        """Return, per member, whether it is true; *other* is true where none of the rest is."""
        named = self.named(seen)
        if not any(member.other for member in self.stated):
            return list(named.items())
        other = negate(reduce(or_, named.values())) if named else True
        return [(member.id, other if member.other else named[member.id]) for member in self.stated]

    def titles(self) -> dict[str, str]:
        """Return the members' titles."""
        return {member.id: member.title for member in self.stated}

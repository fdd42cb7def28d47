"""Yes or no: whether a statement comes true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from forecasting.dossier.forms.base import VOID, Form
from forecasting.dossier.statements import Expression, Happenings, Truth, negate


class Asks(Form):
    """A yes/no question: the one outcome with a forecast is *yes*, that its statement comes true; or it is void."""

    name = "asks"
    kind = "yes/no"
    complement = "no"
    stated: Expression

    def events(self) -> tuple[str, ...]:
        """Return the events of the statement, then those that only say whether it is void."""
        return tuple(dict.fromkeys([*self.stated.events(), *(self.void.events() if self.void else ())]))

    def deadlines(self) -> list[dt.date]:
        """Return the dates inside the statement."""
        return self.stated.deadlines()

    def leaves(self) -> Iterator[tuple[str, dt.date]]:
        """Yield every (event, day) of the statement, and of what would make it void."""
        yield from self.stated.leaves(self.day)
        if self.void:
            yield from self.void.leaves(self.day)

    def outcomes(self, seen: Happenings) -> list[tuple[str, Truth]]:
        """Return whether the statement is true, and whether the question is void, if it can be; not both."""
        yes = self.stated.truth(seen, self.day)
        if self.void is None:
            return [("yes", yes)]
        void = self.void.truth(seen, self.day)
        return [("yes", yes & negate(void)), (VOID, void)]

    def titles(self) -> dict[str, str]:
        """Return the title of the outcome that is neither yes nor no."""
        return {VOID: "the question is void"}

    def single(self) -> tuple[str, dt.date, bool] | None:
        """Return the event of a statement about one event."""
        event = self.stated.occurs or self.stated.holds
        return (event, self.stated.by or self.stated.until or self.day, bool(self.stated.occurs)) if event else None

    def deadline_hint(self) -> str:
        """Return the statement to write instead of a deadline; *ID* stands for the question."""
        asked = self.stated.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        dated = next((name for name in ("by", "until") if name in asked), None)
        if dated is None:
            return "its dates stand inside its statements; write the statement anew: 'ID.asks={…}'"
        inside = ", ".join(f"{name}: {'YYYY-MM-DD' if name == dated else value}" for name, value in asked.items())
        return f"its deadline is '{dated}' inside 'asks', {asked[dated]}: write 'ID.asks={{{inside}}}'"

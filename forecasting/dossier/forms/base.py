"""What every form of question answers: its events and days, its outcomes, and which of them has come about."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from forecasting.dossier.statements import Expression, Truth

VOID = "void"  # the outcome that a question cannot be answered either way
Fault = tuple[tuple[str | int, ...], str, str]  # the path of the field, what was found, what to write instead


class Form(ABC):
    """A form of question with what one record states in it.

    Parameters
    ----------
    stated : object
        The value of the record's field of the form's name.
    at : date, optional
        The record's own deadline.
    void : Expression, optional
        When the question cannot be answered either way; only a yes/no question has one.
    """

    name: ClassVar[str]  # the field of the record, and what a model calls the form
    kind: ClassVar[str]  # what a forecast calls it
    complement: ClassVar[str | None] = None  # the outcome if none that is listed comes about, where it gets no row of its own
    model: ClassVar[str] = "network"  # the one that answers it: a folder of ``models/``, which names the form in turn

    def __init__(self, stated: Any, at: dt.date | None, void: Expression | None = None) -> None:
        self.stated, self.at, self.void = stated, at, void

    @property
    def day(self) -> dt.date:
        """The day by which an event is asked about that has no date of its own."""
        return self.at or max(self.deadlines())

    @abstractmethod
    def events(self) -> tuple[str, ...]:
        """Return the ids of the events that the question names, in order of appearance."""

    @abstractmethod
    def outcomes(self, seen: Any) -> list[tuple[str, Truth]]:
        """Return, per outcome, whether it comes about: outcomes are exclusive, and one of them or the complement does.

        ``seen`` is what the form asks: `Happenings` of events, `forecasting.dossier.forms.quantities.Measured` of quantities.
        """

    def deadlines(self) -> list[dt.date]:
        """Return the dates inside the statement that can stand for a deadline of the question."""
        return []

    def leaves(self) -> Iterator[tuple[str, dt.date]]:
        """Yield every (event, day) that the question looks at."""
        yield from ((name, self.day) for name in self.events())

    def subjects(self) -> tuple[str, ...]:
        """Return the ids of records other than events that the question names: series, theatres."""
        return ()

    def titles(self) -> dict[str, str]:
        """Return the titles of outcomes that have one other than their id."""
        return {}

    def called(self, outcome: str, title: str) -> str:
        """Return what an outcome is called where it is shown, from the title of the event of that id, or its own."""
        return title

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the statement on its face."""
        return iter(())

    def single(self) -> tuple[str, dt.date, bool] | None:
        """Return (event, day, whether it is to occur) if the whole question is about one event, else None."""
        return None

    def deadline_hint(self) -> str:
        """Return where its dates are written, for whoever looks for a field ``deadline``."""
        return "write 'at: YYYY-MM-DD'"


class Listed(Form):
    """A form that lists two or more events, each once, and looks at all of them on the question's day."""

    stated: tuple[str, ...]

    def events(self) -> tuple[str, ...]:
        """Return the listed events."""
        return self.stated

    def faults(self) -> Iterator[Fault]:
        """Yield a list of fewer than two events, or with an event twice."""
        if len(self.stated) < 2 or len(set(self.stated)) < len(self.stated):
            found = f"{self.name} {', '.join(self.stated) or 'none'}"
            yield (self.name,), found, "name two or more events, each once"

"""What became of a question, as far as the dossier's history says; no more than that."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from forecasting.dossier.counts import counts_known, published_at_least
from forecasting.dossier.edition import Dossier
from forecasting.dossier.questions import Question
from forecasting.dossier.status import Status, read_status


@dataclass(frozen=True)
class Known:
    """Whether something is so, or None where that is not known: Kleene's strong logic of three values.

    References
    ----------
    Kleene, S. C. (1952), *Introduction to Metamathematics*, section 64.

    Examples
    --------
    >>> (Known(True) & Known(None)).value is None, (Known(False) & Known(None)).value, (Known(None) ^ True).value is None
    (True, False, True)
    """

    value: bool | None

    def __and__(self, other: Known) -> Known:
        """Return whether both are so: not if one is known not to be."""
        if False in (self.value, other.value):
            return Known(False)
        return Known(None if None in (self.value, other.value) else True)

    def __or__(self, other: Known) -> Known:
        """Return whether one of the two is so."""
        return ((self ^ True) & (other ^ True)) ^ True

    def __xor__(self, turn: bool) -> Known:
        """Return the opposite if ``turn``."""
        return self if self.value is None else Known(self.value is not turn)


# By the kind of an effect and whether the event is its target: what is known of the other event, and of this one then.
_SETTLES = {
    ("enables", True): (False, False), ("blocks", True): (True, False), ("implies", True): (True, True),
    ("implies", False): (False, False),
}  # fmt: skip


@dataclass(frozen=True)
class History:
    """What the history up to a day says has happened, and what counts published by then say of quantities."""

    dossier: Dossier
    known_on: dt.date

    def status(self, event: str) -> Status:
        """Return the state of an event."""
        rows = [row for row in self.dossier.history if row.event == event and row.on <= self.known_on]
        return read_status(self.dossier.events[event], rows)

    def happened(self, event: str, by: dt.date) -> Known:
        """Return whether an event had happened by the end of a day.

        An event is known not to have happened by a day if it is known to have happened later, if it was still open when
        last heard of on that day or after, or if an effect settles it: what blocks it has happened, what enables it or what it
        implies has not. It is known to have happened if something has that implies it.
        """
        return self._happened(event, by, frozenset())

    def _happened(self, event: str, by: dt.date, asking: frozenset[str]) -> Known:
        """Return the same; events in ``asking`` wait for the answer, and are not asked again."""
        status, asking = self.status(event), asking | {event}
        if status.occurred_on:
            return Known(status.occurred_on <= by)
        if status.known_until >= by:
            return Known(False)
        for effect in self.dossier.effects.values():
            other = effect.from_ if effect.to == event else effect.to
            settles = _SETTLES.get((effect.acts, effect.to == event))
            if settles is None or event not in (effect.from_, effect.to) or other in asking or effect.begins_on or effect.until:
                continue
            if self._happened(other, by, asking).value is settles[0]:
                return Known(settles[1])
        return Known(None)

    def at_least(self, series: str, value: float, on: dt.date) -> Known:
        """Return whether a quantity was so large on a day, as far as counts published by then say (`published_at_least`)."""
        if series not in self.dossier.series:
            return Known(None)
        return Known(published_at_least(self.dossier.series[series], counts_known(self.dossier.counts, self.known_on), value, on))

    def told(self, on: dt.date | None, value: bool) -> Known:
        """Return what is written with a question itself, if it was known by then."""
        return Known(value if on is not None and on <= self.known_on else None)

    def before(self, event: str, other: str) -> Known:
        """Return whether an event happened on an earlier day than another.

        Where the day of one is known, the other is asked about up to the end of that day.
        """
        first, then = self.status(event).occurred_on, self.status(other).occurred_on
        if first and then:
            return Known(first < then)
        if first:
            return self.happened(other, first) ^ True
        return self.happened(event, then) if then else Known(None)


def outcome_of(dossier: Dossier, question: Question, known_on: dt.date) -> str | None:
    """Return the id of a question's outcome (``yes``, ``no``, a stage, a scenario), or None while it is open.

    Parameters
    ----------
    known_on : date
        Rows of the history that are later do not count.

    Examples
    --------
    >>> import datetime as dt
    >>> import forecasting as fc
    >>> dossier = fc.load_dossier("priors")
    >>> outcome_of(dossier, dossier.questions["ceasefire-holds-2025"], dt.date(2026, 2, 28))
    'no'
    >>> outcome_of(dossier, dossier.questions["ceasefire-holds-2025"], dt.date(2021, 2, 28)) is None
    True
    """
    form = question.form
    found = [(name, known.value) for name, known in form.outcomes(History(dossier, known_on))]
    if came := [name for name, value in found if value]:
        return came[0]
    return form.complement if all(value is False for _, value in found) else None

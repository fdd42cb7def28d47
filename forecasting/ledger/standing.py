"""What stands in a ledger: which forecasts have not been taken back or corrected, and the outcome of each contract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from forecasting.ledger.records import AnyEntry, ForecastEntry, OutcomeEntry, RetractionEntry


@dataclass(frozen=True)
class Standing:
    """The records of a ledger, read as one state.

    A retraction or a correction of a forecast counts only if no outcome was in the ledger when it was written and, of a live
    one, none had come about: after that, what was said is scored as it was said. An outcome is corrected by a later one that
    replaces it. Each contract of a question has an outcome of its own: one that was given under another contract stands beside
    it and replaces nothing, whatever it says, so that what was scored once stays scored.

    Examples
    --------
    >>> Standing(()).forecasts, Standing(()).outcomes
    ((), {})
    """

    entries: tuple[AnyEntry, ...]

    @cached_property
    def all_forecasts(self) -> tuple[ForecastEntry, ...]:
        """Every forecast that was ever written."""
        return tuple(entry for entry in self.entries if isinstance(entry, ForecastEntry))

    @cached_property
    def taken_back(self) -> Mapping[str, AnyEntry]:
        """What was taken back or replaced, by digest, with the record that did it."""
        found: dict[str, AnyEntry] = {}
        settled: set[tuple[str, str]] = set()
        came: dict[str, OutcomeEntry] = {}
        said: dict[str, ForecastEntry] = {}
        for entry in self.entries:
            if isinstance(entry, RetractionEntry):
                if self._is_outcome(entry.retracts) or self._in_time(entry, said.get(entry.retracts), settled):
                    found[entry.retracts] = entry
                continue
            if isinstance(entry, OutcomeEntry):
                before = came.get(entry.replaces or "")
                if before and _asked(before) == _asked(entry):
                    found[before.digest] = entry
                settled.add(_asked(entry))
                came[entry.digest] = entry
            else:
                if entry.replaces and self._in_time(entry, said.get(entry.replaces), settled):
                    found[entry.replaces] = entry
                said[entry.digest] = entry
        return found

    def _in_time(self, entry: AnyEntry, forecast: ForecastEntry | None, settled: set[tuple[str, str]]) -> bool:
        """Return whether a forecast can still be taken back or corrected by a record.

        Not once its outcome is in the ledger; nor, if it is live, from the day on which the outcome had come about, or by a
        forecast that is reconstructed.
        """
        if forecast is None or _asked(forecast) in settled:
            return False
        if forecast.standing == "reconstructed":
            return True
        came = [one.on for one in self.entries if isinstance(one, OutcomeEntry) and _asked(one) == _asked(forecast)]
        return all(entry.day < on for on in came) and getattr(entry, "standing", "live") == "live"

    def _is_outcome(self, digest: str) -> bool:
        return any(entry.digest == digest and isinstance(entry, OutcomeEntry) for entry in self.entries)

    @cached_property
    def forecasts(self) -> tuple[ForecastEntry, ...]:
        """The forecasts that stand, in the order in which they were written."""
        return tuple(entry for entry in self.all_forecasts if entry.digest not in self.taken_back)

    @cached_property
    def outcomes(self) -> dict[str, OutcomeEntry]:
        """The last outcome that stands of each question that has one, under whatever contract."""
        return {question: entry for (question, _), entry in self.settled.items()}

    @cached_property
    def settled(self) -> dict[tuple[str, str], OutcomeEntry]:
        """The outcome that stands of each question and contract that has one, in the order in which they were written."""
        found: dict[tuple[str, str], OutcomeEntry] = {}
        for entry in self.entries:
            if isinstance(entry, OutcomeEntry) and entry.digest not in self.taken_back:
                found.pop(_asked(entry), None)
                found[_asked(entry)] = entry
        return found

    @cached_property
    def in_vain(self) -> frozenset[str]:
        """The digests of corrections that came too late: what they were to replace, under the same contract, still stands."""
        said, stand = {entry.digest: entry for entry in self.all_forecasts}, {entry.digest for entry in self.forecasts}
        found: set[str] = set()
        for entry in self.all_forecasts:
            before = said.get(entry.replaces or "")
            if before and before.contract == entry.contract and (before.digest in stand or before.digest in found):
                found.add(entry.digest)
        return frozenset(found)

    def said_of(self, question: str) -> Iterator[ForecastEntry]:
        """Yield the forecasts of a question that stand."""
        yield from (entry for entry in self.forecasts if entry.question == question)

    def settles(self, forecast: ForecastEntry) -> OutcomeEntry | None:
        """Return the outcome of the question and contract that were forecast, whatever came of another contract."""
        return self.settled.get(_asked(forecast))


def _asked(entry: ForecastEntry | OutcomeEntry) -> tuple[str, str]:
    """Return what an outcome settles: a question as one contract asks it."""
    return entry.question, entry.contract


def known_before(forecast: ForecastEntry, outcome: OutcomeEntry) -> bool:
    """Return whether the outcome had come about on the day from which a forecast speaks: then it is none.

    Of a live forecast that is the day on which it was written, of a reconstructed one its as-of date.
    """
    return outcome.on <= speaks_from(forecast)


def speaks_from(forecast: ForecastEntry) -> dt.date:
    """Return the day from which a forecast speaks: that of its writing if it is live, its as-of date if it is reconstructed."""
    return forecast.day if forecast.standing == "live" else forecast.as_of

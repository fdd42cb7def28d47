"""The records of a ledger: a forecast, an outcome, a retraction; each with its number, its time and its place in the chain."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, TypeAdapter, model_validator

from forecasting.dossier.fields import Date, Id, Record, Sha256, Text
from forecasting.files import canonical_json, text_digest

SCHEMA = 1
BEGINNING = "0" * 64  # what the first record has in place of the digest of the one before
STAMP = "%Y-%m-%dT%H:%M:%SZ"
SUM_WITHIN = 1e-6  # probabilities are written in full; what is typed by hand or exported is rounded, and has to sum before
MODEL = "model"  # the forecaster of everything that a run says


def _of_the_calendar(stamp: str) -> str:
    """Refuse a time that has the form of one and is none, such as the 30th of February."""
    try:
        dt.datetime.strptime(stamp, STAMP)
    except ValueError:
        raise ValueError(f"'{stamp}' is no time of the calendar") from None
    return stamp


Stamp = Annotated[
    str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"), AfterValidator(_of_the_calendar)
]
Forecaster = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9:-]{0,63}$")]
Probability = Annotated[float, Field(ge=0, le=1)]
UNDECIDED = ("void", "ambiguous")  # outcomes that give no score


class Share(Record):
    """One outcome of a question and its probability, given that the question is not void.

    ``mcse``, the two intervals, and what the layers below said are there where a model said it.
    """

    id: Id
    title: str
    p: Probability
    mcse: Annotated[float, Field(ge=0)] | None = None
    low: Probability | None = None
    high: Probability | None = None
    low_50: Probability | None = None
    high_50: Probability | None = None
    base_p: Probability | None = None
    prior_p: Probability | None = None


class Quantile(Record):
    """A quantile of a question that asks for a number: P(X ≤ value) = level."""

    level: Annotated[float, Field(gt=0, lt=1)]
    value: float


class Entry(Record):
    """What every record has: its number from 1, the time it was written (UTC), the digest before, and its own.

    ``digest`` is the SHA-256 of the canonical JSON of all other fields, ``previous`` the digest of the record before; so no
    record can be changed, taken out or put elsewhere without a trace, and the last digest stands for all of them.
    """

    format: Annotated[int, Field(ge=SCHEMA, le=SCHEMA, alias="schema")]
    number: Annotated[int, Field(ge=1)]
    written_at: Stamp
    previous: Sha256
    digest: Sha256

    @property
    def time(self) -> dt.datetime:
        """The time at which it was written."""
        return dt.datetime.strptime(self.written_at, STAMP).replace(tzinfo=dt.UTC)

    @property
    def day(self) -> dt.date:
        """The day on which it was written, in UTC."""
        return self.time.date()

    def fields(self) -> dict[str, Any]:
        """Return all fields as they stand in the file: those that say nothing are left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


class ForecastEntry(Entry):
    """What one forecaster said of one question, as of a day.

    Parameters
    ----------
    forecaster : str
        ``model``, or ``judgement:<name>``, or the name under which a crowd was imported.
    contract : str
        Digest of the question's statement, deadline and contracts; an outcome settles the contract that was forecast.
    outcomes : tuple of Share
        Exclusive and exhaustive, so that their probabilities sum to one; in order, where the question's kind has one.
    quantiles : tuple of Quantile
        In place of outcomes, of a question that asks for a number.
    void_p : float
        P(the question is void), where it can be.
    standing : {"live", "reconstructed"}
        Whether it was said before the outcome could be known; ``why`` says why not.
    late : bool
        Said after the question's deadline, and so never scored.
    status_quo : str, optional
        The outcome if nothing happens.
    run, code, version, seed
        Digests of the run's manifest and of the program, its version, the seed; of a model.
    judgement : str
        Why a person said so; or where the number of others was found.
    replaces : str, optional
        Digest of the forecast that this one corrects, and ``reason`` says why.
    """

    entry: Literal["forecast"]
    question: Id
    title: str
    theme: str = ""
    kind: str
    contract: Sha256
    edition: Id
    as_of: Date
    deadline: Date
    forecaster: Forecaster
    outcomes: tuple[Share, ...] = ()
    quantiles: tuple[Quantile, ...] = ()
    unit: str = ""
    void_p: Probability = 0.0
    standing: Literal["live", "reconstructed"]
    why: str = ""
    late: bool = False
    status_quo: Id | None = None
    run: Sha256 | None = None
    code: Sha256 | None = None
    version: str = ""
    seed: int | None = None
    judgement: str = ""
    replaces: Sha256 | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _adds_up(self) -> ForecastEntry:
        if bool(self.outcomes) is bool(self.quantiles):
            raise ValueError("has both outcomes and quantiles, or neither; a question has one or the other")
        if len({share.id for share in self.outcomes}) < len(self.outcomes):
            raise ValueError("has an outcome twice")
        total = math.fsum(share.p for share in self.outcomes)
        if self.outcomes and abs(total - 1) > SUM_WITHIN:
            raise ValueError(f"has probabilities that sum to {total:.6g}; write ones that sum to 1")
        levels, values = [q.level for q in self.quantiles], [q.value for q in self.quantiles]
        if sorted(set(levels)) != levels or sorted(values) != values:
            raise ValueError("has quantiles out of order; write levels that rise, with values that do not fall")
        if self.as_of > self.day:
            raise ValueError(f"was written on {self.day}, before its as-of date {self.as_of}")
        return self


class OutcomeEntry(Entry):
    """What became of a question: an outcome's id, ``void``, ``ambiguous``, or a number.

    ``on`` is the day since which it is so: that of the event, or the deadline where nothing had happened. ``no_report`` says
    that it is so because no report of the contrary was found.
    """

    entry: Literal["outcome"]
    question: Id
    contract: Sha256
    outcome: str = Field(min_length=1)
    value: float | None = None
    on: Date
    source: Text
    by: Text
    no_report: bool = False
    note: str = ""
    replaces: Sha256 | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _said(self) -> OutcomeEntry:
        if self.on > self.day:
            raise ValueError(f"was written on {self.day}, before {self.on}, the day on which it came about")
        if self.replaces and len(self.reason) < 3:
            raise ValueError("replaces another outcome and says no reason")
        return self


class RetractionEntry(Entry):
    """A forecast or an outcome is taken back: it stays in the ledger, and this record says why."""

    entry: Literal["retraction"]
    retracts: Sha256
    by: Text
    reason: Text


AnyEntry = Annotated[ForecastEntry | OutcomeEntry | RetractionEntry, Field(discriminator="entry")]
ENTRIES: TypeAdapter[AnyEntry] = TypeAdapter(AnyEntry)


def entry_digest(fields: Mapping[str, Any]) -> str:
    """Return the digest of a record: the SHA-256 of the canonical JSON of its fields without ``digest``."""
    return text_digest(canonical_json({name: value for name, value in fields.items() if name != "digest"}))


def complete(draft: Mapping[str, Any], *, number: int, previous: str, written_at: dt.datetime) -> AnyEntry:
    """Return a record from what it says, with its place in the chain.

    Raises
    ------
    pydantic.ValidationError
        If a field is missing, unknown or not of its form.
    """
    said = {"schema": SCHEMA, "number": number, "written_at": written_at.strftime(STAMP), "previous": previous, **draft}
    blank = ENTRIES.validate_json(canonical_json({**said, "digest": BEGINNING}))
    return blank.model_copy(update={"digest": entry_digest(blank.fields())})


def line_of(entry: Entry) -> bytes:
    """Return a record as it stands in the file: its canonical JSON on one line, with the end of the line."""
    return (canonical_json(entry.fields()) + "\n").encode("utf-8")

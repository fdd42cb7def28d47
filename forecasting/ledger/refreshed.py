"""What a new fit of an edition says otherwise than was said before, and which of it is put on record as a correction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.forms.base import VOID
from forecasting.forecasts import Forecast
from forecasting.inference.noticeable import noticeable
from forecasting.ledger.contracts import contract_digest
from forecasting.ledger.issue import LIVE_DAYS, Issue, Origin, issue_model
from forecasting.ledger.records import MODEL, ForecastEntry
from forecasting.ledger.standing import Standing
from forecasting.runs.manifest import Manifest
from forecasting.standards.tables import DEFAULT


@dataclass(frozen=True)
class Moved:
    """An answer that moved by more than its noise.

    Parameters
    ----------
    outcome : str
        The outcome's title; of a yes/no question empty.
    before, after : float
        The probability as it was said, and now.
    entry : ForecastEntry, optional
        The record of the ledger that said so; None if only a run did.
    stays : str
        Why what was said stays as it is, and nobody needs to act: settled, or said anew elsewhere.
    """

    question: str
    title: str
    outcome: str
    before: float
    after: float
    entry: ForecastEntry | None = None
    stays: str = ""


@dataclass(frozen=True)
class Refresh:
    """What became of one edition: what moved, of how many answers that were compared, and what is new or has gone wrong.

    ``what`` says what differs from what the earlier numbers were made from, ``failed`` why there are no new ones, ``standard`` in
    whose words the numbers are said.
    """

    edition: str
    title: str
    as_of: dt.date
    fitted: bool = False
    moved: tuple[Moved, ...] = ()
    n_compared: int = 0
    not_said_before: tuple[str, ...] = ()
    what: str = ""
    failed: str = ""
    recorded: tuple[int, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    standard: str = DEFAULT

    @property
    def open(self) -> tuple[Moved, ...]:
        """What moved and is not on record: somebody has to act."""
        if self.recorded:
            return tuple(one for one in self.moved if not one.stays and one.question in self.left_out)
        return tuple(one for one in self.moved if not one.stays)


def compared(
    edition: EditionDossier, now: Sequence[Forecast], standing: Standing, today: dt.date, *, before: Sequence[Forecast] = ()
) -> Refresh:
    """Return what a new fit of an edition says otherwise than its forecasts on record, or where there are none than its last run.

    Parameters
    ----------
    now, before : sequence of Forecast
        Of the new run, and of the last one before it, if there was one.
    """
    said = {entry.question: entry for entry in standing.forecasts
            if entry.forecaster == MODEL and entry.edition == edition.edition.id}  # fmt: skip
    ran = {forecast.question: forecast for forecast in before}
    moved: list[Moved] = []
    n, new = 0, []
    for forecast in now:
        entry = said.get(forecast.question)
        contract = contract_digest(edition.dossier, edition.dossier.questions[forecast.question])
        if entry and entry.contract != contract:
            entry = None  # it was asked otherwise: no number of it can be compared
            old: dict[str, tuple[float, float]] = {}
        else:
            old = _numbers(entry.outcomes if entry else ran[forecast.question].outcomes if forecast.question in ran else ())
        outcomes = [one for one in forecast.outcomes if one.id != VOID]
        if not any(one.id in old for one in outcomes):
            new.append(forecast.question)
        for one in outcomes:
            if one.id in old:
                n += 1
                p, mcse = old[one.id]
                if noticeable(one.p - p, float(np.hypot(mcse, one.mcse))):
                    title = "" if forecast.kind == "yes/no" else one.title
                    stays = _stays(entry, forecast, contract, standing, today)
                    moved.append(Moved(forecast.question, forecast.title, title, p, one.p, entry, stays))
    moved.sort(key=lambda one: -abs(one.after - one.before))
    return Refresh(edition.edition.id, edition.edition.title, edition.as_of, moved=tuple(moved), n_compared=n,
                   not_said_before=tuple(new), standard=edition.edition.standard)  # fmt: skip


def _numbers(outcomes: Sequence) -> dict[str, tuple[float, float]]:
    return {one.id: (one.p, one.mcse or 0.0) for one in outcomes if one.id != VOID}


def _stays(entry: ForecastEntry | None, forecast: Forecast, contract: str, standing: Standing, today: dt.date) -> str:
    """Return why a forecast that moved stays as it was said, or nothing."""
    if outcome := standing.settled.get((forecast.question, contract)):
        return f"settled: {outcome.outcome}"
    if forecast.deadline < today:
        return f"its deadline was {forecast.deadline}"
    later = [one for one in standing.said_of(forecast.question) if one.forecaster == MODEL and one.as_of > forecast.as_of]
    return f"said anew in {later[-1].edition}" if entry and later else ""


def corrections(
    edition: EditionDossier, now: Sequence[Forecast], refresh: Refresh, origin: Origin, standing: Standing, today: dt.date, *,
    reason: str,
) -> Issue:  # fmt: skip
    """Return the records that correct what was issued of an edition, of the questions that moved and nothing else.

    An edition says what was known on its as-of date. If the same edition says something else now, its records, its program or
    its packages were changed: what was issued was wrong by that, and a correction with the reason is the record of it. What has
    happened since is no correction: it makes a new edition with a later as-of date, whose forecasts stand beside the old ones.

    So what is settled stays as it was said. A forecast that was live is not corrected after 31 days either: the correction would
    be reconstructed, and would take a live forecast out of the record.
    """
    moved = {one.question: one for one in refresh.moved}
    left_out: dict[str, str] = {}
    corrected = []
    for forecast in now:
        one = moved.get(forecast.question)
        if one is None:
            continue
        days = (today - forecast.as_of).days
        if one.stays:
            left_out[one.question] = one.stays
        elif one.entry is None:
            left_out[one.question] = f"it was never issued: forecast issue {forecast.edition}"
        elif one.entry.standing == "live" and (days > LIVE_DAYS or forecast.reconstructed):
            left_out[one.question] = (
                f"it was said live, and a correction {days} days after its as-of date would not be: begin an edition of today"
            )
        else:
            corrected.append(forecast)
    if not corrected:
        return Issue((), left_out)
    issue = issue_model(corrected, edition, origin, standing, today, reason=reason)
    return replace(issue, left_out={**left_out, **issue.left_out})


def difference(old: Manifest | None, new: Manifest, said: Sequence[ForecastEntry] = ()) -> str:
    """Return in words what differs between what earlier numbers and a new run were made from.

    Parameters
    ----------
    old : Manifest or None
        Of the last run; it counts if the forecasts on record are of that run, or if there are none.
    said : sequence of ForecastEntry
        The forecasts on record; without their run only the program can be compared.
    """
    if old is not None and all(entry.run == old.digest for entry in said):
        parts = list(_parts(old, new))
        return " and ".join(parts) if parts else "nothing but the sampler's noise differs"
    if said and all(entry.code == new.code for entry in said):
        return "the records have changed"
    return "the program has changed, and the records may have" if said else ""


def _parts(old: Manifest, new: Manifest) -> Iterator[str]:
    kinds = [kind for kind in new.records if old.records.get(kind) != new.records[kind]]
    if kinds:
        yield f"records have changed ({', '.join(kinds).replace('_', ' ')})"
    packages = [name for name, number in new.packages.items() if old.packages.get(name) != number]
    if old.code != new.code or packages:
        yield f"the program has changed{f' ({", ".join(packages)})' if packages else ''}"


def blocked(edition: EditionDossier, why: str) -> Refresh:
    """Return that there are no new numbers of an edition, and why."""
    return Refresh(edition.edition.id, edition.edition.title, edition.as_of, failed=why)


def due(standing: Standing, today: dt.date) -> tuple[str, ...]:
    """Return the questions on record whose deadline has passed and which have no outcome yet, as they were last asked."""
    last = {entry.question: entry for entry in standing.forecasts}
    return tuple(name for name, entry in last.items() if entry.deadline < today and standing.settles(entry) is None)

"""Open the record of the ledger in a notebook: how good the forecasts were that stand in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from forecasting.arguments import DAY_OR_TEXT, DOSSIER, KEPT, PATH, iso_day, takes
from forecasting.dossier.edition import Dossier
from forecasting.dossier.location import in_project
from forecasting.errors import UsageError
from forecasting.lab.tables import Table
from forecasting.ledger.records import AnyEntry, ForecastEntry, OutcomeEntry
from forecasting.ledger.standing import Standing, speaks_from
from forecasting.ledger.store import Ledger, read_ledger, utc_now
from forecasting.report.record import edition_title
from forecasting.rules.load import load_dossier
from forecasting.scoring.record import Record, record_of
from forecasting.scoring.words import population, skill, span


@takes(priors=PATH, ledger=PATH, on=DAY_OR_TEXT)
def open_record(*, priors: Path | str = "priors", ledger: Path | str = "ledger", on: dt.date | str | None = None) -> Record:
    """Return what the ledger says of how good its forecasts were.

    Parameters
    ----------
    priors, ledger : path
        Where records and ledger are; folders that are not here are taken from the project's own folder.
    on : date or str, optional
        The day as of which it is read, by default today. Left out are outcomes that came about later, and forecasts that speak
        from a later day: that of their issue, or the as-of date of a reconstructed edition.

    Returns
    -------
    Record
        ``cards`` by population, ``questions()`` with the worst first, ``counts`` of what became of each edition's forecasts.

    Raises
    ------
    UsageError
        If the ledger holds no forecast, or none up to ``on``, or ``on`` is no day.
    LedgerError
        If the ledger is not as it was written.

    Examples
    --------
    >>> open_record().cards[0].n  # doctest: +SKIP
    """
    try:
        day = iso_day(on) if isinstance(on, str) else on or utc_now().date()
    except ValueError:
        raise UsageError(f"on is '{on}', no day of the calendar; write YYYY-MM-DD") from None
    kept = read_ledger(in_project(ledger))
    if not kept.entries:
        raise UsageError(f"{ledger} holds no forecast; issue those of a run first: forecast issue EDITION")
    known = _up_to(kept, day)
    if not any(isinstance(entry, ForecastEntry) for entry in known.entries):
        raise UsageError(f"{ledger} holds no forecast that speaks from a day up to {day}; take a later one")
    return replace(record_of(known, load_dossier(in_project(priors)), day), head=kept.head)


def _up_to(ledger: Ledger, day: dt.date) -> Ledger:
    """Return a ledger without forecasts that speak from a later day, and without outcomes that came about later."""
    later = {question for question, outcome in Standing(ledger.entries).outcomes.items() if outcome.on > day}

    def known(entry: AnyEntry) -> bool:
        if isinstance(entry, OutcomeEntry):
            return entry.question not in later
        return not isinstance(entry, ForecastEntry) or speaks_from(entry) <= day

    return Ledger(tuple(filter(known, ledger.entries)))


@takes(record=KEPT, dossier=DOSSIER)
def score_tables(record: Record, dossier: Dossier) -> list[Table]:
    """Return a table per population: each forecaster with its Brier score, interval, log score and skill against base rates.

    Parameters
    ----------
    record : Record
        From `open_record`.
    dossier : Dossier
        For the titles of editions.

    Returns
    -------
    list of Table
        Each edition, then all editions of one standing.

    Raises
    ------
    UsageError
        If one of the two is something else.

    Examples
    --------
    >>> score_tables(open_record(), fc.load_dossier("priors"))  # doctest: +SKIP
    """
    return [
        Table(
            [
                {
                    "forecaster": line.title, "Brier": span(line.brier), "log": f"{line.log.mean:.2f}", "skill": skill(line),
                    "less base rates": span(line.against_base, signed=True),
                }
                for line in card.lines
            ],
            f"{edition_title(dossier, card.title)}, {card.standing}: {population(card)}",
        )
        for card in record.cards
    ]  # fmt: skip

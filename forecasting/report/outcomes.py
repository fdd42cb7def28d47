"""What came of an edition's questions, and how earlier editions did: the section that every report has once a ledger is kept."""

from __future__ import annotations

from dataclasses import dataclass

from forecasting.dossier.edition import Dossier
from forecasting.forecasts import Forecast
from forecasting.report.record import Came, came_of, edition_title
from forecasting.scoring.record import Record
from forecasting.scoring.words import population, states_line, verdict


@dataclass(frozen=True)
class Outcomes:
    """The section: this edition's settled questions, what is said of it, and a line for each other edition."""

    lines: tuple[Came, ...]
    state: str
    verdict: str
    population: str
    others: tuple[tuple[str, str], ...]
    head: str


def outcomes_of(record: Record, edition: str, dossier: Dossier, forecasts: tuple[Forecast, ...] = ()) -> Outcomes:
    """Return what the ledger says of an edition and of the others; ``forecasts`` are those of the run at hand."""
    at_hand = {forecast.question: forecast for forecast in forecasts}
    lines = tuple(came_of(row, dossier, at_hand.get(row["question"])) for row in record.questions(edition).to_dict("records"))
    card = record.edition(edition)
    states = [states_line(count) for count in record.counts if count.edition == edition]
    others = tuple(
        (edition_title(dossier, name), verdict(found) if (found := record.edition(name)) else "nothing settled yet")
        for name in dict.fromkeys(count.edition for count in record.counts)
        if name != edition
    )
    return Outcomes(
        lines, states[0] if states else "not issued yet", verdict(card) if card else "", population(card) if card else "", others,
        str(record.head),
    )  # fmt: skip

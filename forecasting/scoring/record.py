"""The whole record of a ledger in one value, as the command, the page and the machine's twin show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from forecasting.dossier.edition import Dossier
from forecasting.ledger.chain import Head
from forecasting.ledger.records import MODEL
from forecasting.ledger.resolve import missing
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import Ledger
from forecasting.scoring.evolving import changes, evolving
from forecasting.scoring.ordered import lacking, ordered_scores
from forecasting.scoring.scorecard import Line, Scorecard, scorecards
from forecasting.scoring.scored import Count, counts, scored
from forecasting.scoring.uncertainty import Mean


@dataclass(frozen=True)
class Record:
    """What a ledger says of how good its forecasts were.

    Parameters
    ----------
    table : DataFrame
        A row per scored forecast and forecaster (`forecasting.scoring.scored.scored`).
    cards : tuple of Scorecard
        Each edition, then all editions of one standing.
    counts : tuple of Count
        What became of each edition's forecasts.
    waiting : mapping of str to str
        Of each question whose deadline has passed without an outcome: what is missing.
    changes : mapping of str to float
        Of each question with more than one forecast of the model: the mean absolute change from one to the next.
    ordered : DataFrame
        Scores of what has an order (`forecasting.scoring.ordered.ordered_scores`).
    lacking : tuple of str
        What of that has no score yet, and what is missing for it.
    evolving : DataFrame
        Of each settled question and forecaster the score over the days on which its forecasts stood
        (`forecasting.scoring.evolving.evolving`).
    """

    table: pd.DataFrame
    cards: tuple[Scorecard, ...]
    counts: tuple[Count, ...]
    waiting: Mapping[str, str]
    changes: Mapping[str, float]
    head: Head
    on: dt.date
    ordered: pd.DataFrame
    lacking: tuple[str, ...]
    evolving: pd.DataFrame

    def edition(self, name: str) -> Scorecard | None:
        """Return the card of an edition, or None if none of its forecasts is scored."""
        return next((card for card in self.cards if card.title == name), None)

    def questions(self, edition: str | None = None) -> pd.DataFrame:
        """Return the model's scored forecasts, the worst first, with ``base_brier`` beside."""
        own = self.table[self.table["forecaster"] == MODEL]
        base = self.table[self.table["forecaster"] == "base"].set_index("record")["brier"]
        own = own.assign(base_brier=own["record"].map(base))
        return (own if edition is None else own[own["edition"] == edition]).sort_values("brier", ascending=False)


def record_of(ledger: Ledger, dossier: Dossier, today: dt.date) -> Record:
    """Return the record of a ledger as of a day."""
    standing = Standing(ledger.entries)
    table = scored(standing, dossier, today)
    states = counts(standing, today)
    unresolved = dict.fromkeys(question for count in states for question in count.states.get("unresolved", ()))
    waiting = {q: missing(dossier, dossier.questions[q], today) for q in unresolved if q in dossier.questions}
    cards = tuple(scorecards(table)) if len(table) else ()
    return Record(
        table, cards, tuple(states), waiting, changes(standing), ledger.head, today, ordered_scores(standing, dossier, today),
        tuple(lacking(standing, dossier, today)), evolving(standing, dossier),
    )  # fmt: skip


def as_json(record: Record) -> dict[str, Any]:
    """Return the record for machines: numbers in full, days as text."""
    return {
        "schema": 1, "on": record.on.isoformat(), "head": str(record.head),
        "convention": "Brier is half the squared distance, from 0 to 1; log is -ln p in nats; intervals hold the central 90 % "
        "over stories drawn anew",
        "cards": [_card(card) for card in record.cards],
        "counts": [
            {"edition": count.edition, "standing": count.standing, **{state: list(ids) for state, ids in count.states.items()}}
            for count in record.counts
        ],
        "scored": _plain(record.table), "ordered": _plain(record.ordered), "evolving": _plain(record.evolving),
        "lacking": list(record.lacking),
        "unresolved": dict(record.waiting), "mean_change": dict(record.changes),
    }  # fmt: skip


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    days = [name for name in ("on", "as_of", "deadline", "issued_on", "first") if name in table]
    as_text = table.astype(dict.fromkeys(days, str))
    return as_text.astype(object).where(as_text.notna(), None).to_dict("records")


def _card(card: Scorecard) -> dict[str, Any]:
    r = card.reliability
    parts = None if r is None else {
        "miscalibration": r.miscalibration, "resolution_term": r.discrimination, "uncertainty": r.uncertainty,
        "n_outside": r.n_outside,
    }  # fmt: skip
    return {
        "title": card.title, "standing": card.standing, "n": card.n, "stories": card.n_stories, "no_report": card.n_no_report,
        "sharpness": card.sharpness, "reliability": parts, "forecasters": [_line(line) for line in card.lines],
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    def mean(value: Mean | None) -> dict[str, Any] | None:
        return None if value is None else {"mean": value.mean, "low": value.low, "high": value.high, "n": value.n}

    return {
        "forecaster": line.forecaster, "title": line.title, "brier": mean(line.brier), "by_question": mean(line.by_question),
        "log": mean(line.log), "ranked": mean(line.ranked), "skill": line.skill, "against_base": mean(line.against_base),
        "more_stories": line.more,
    }  # fmt: skip

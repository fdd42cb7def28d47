"""The same as a trace in words, as data: the record, and per edition the rows of its run that bear on it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from forecasting.arguments import DOSSIER, ID, RUN, many, takes
from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.dossier.events import Occasion
from forecasting.elicitation.quantify import read_occasion
from forecasting.elicitation.wording import inverse_cloglog
from forecasting.forecasts import Forecast
from forecasting.runs.further import ModelTables
from forecasting.runs.store import Run
from forecasting.trace.further import observed_as, readings_of
from forecasting.trace.questions import behind
from forecasting.trace.trace import trace_record

KINDS = {
    "question": "questions", "edition": "editions", "source": "sources", "claim": "claims", "event": "events",
    "effect": "effects", "assumption": "assumptions", "reference_class": "reference_classes",
}  # fmt: skip


@takes(runs=many(RUN), dossier=DOSSIER, record_id=ID)
def trace_data(runs: list[Run], dossier: Dossier, record_id: str) -> dict[str, Any]:
    """Return what is behind an id, or what it moves, as plain data for JSON; probabilities in full precision.

    Returns
    -------
    dict
        ``id``, ``kind``, ``record`` (its fields), ``where`` (file and line) and ``editions``: per run the edition, its as-of
        date, what the gate found, and the rows that bear on the id. Of a question these are ``answers``, ``claims`` (the
        largest change first), ``origins``, ``events`` and ``sensitivity``; of a claim, a source or an origin ``moves``; of
        any other record the ``answers`` that stand on it.

    Raises
    ------
    UsageError
        If nothing has that id, or no run has the question or is of the edition.
    """
    trace_record(runs, dossier, record_id)  # refuses what it does not know, with what is near
    kind = next((kind for kind, table in KINDS.items() if record_id in getattr(dossier, table)), "")
    found = {"id": record_id, "kind": kind or _other_kind(dossier, record_id)}
    if kind:
        record = getattr(dossier, KINDS[kind])[record_id]
        found |= {"record": record.model_dump(mode="json", by_alias=True), "where": str(dossier.where(kind, record_id))}
    editions = []
    for run in runs:
        rows = {name: value for name, value in _of_run(run, dossier.edition(run.manifest.edition), kind, record_id) if value}
        if rows:
            manifest = run.manifest
            head = {"edition": manifest.edition, "as_of": manifest.as_of, "gate": run.warning or run.mark.words}
            editions.append(head | rows)
    return _plain(found | {"editions": editions})


def _other_kind(dossier: Dossier, record_id: str) -> str:
    return "origin" if any(claim.origin == record_id for claim in dossier.claims.values()) else "observation"


def _of_run(run: Run, edition: EditionDossier, kind: str, record_id: str) -> Iterator[tuple[str, Any]]:
    """Yield the named rows of a run that bear on a record."""
    if kind == "question":
        yield "answers", [_answer(one) for one in run.forecasts if one.question == record_id]
        yield "claims", _moved(run.rows("influence"), "question", record_id)
        yield "origins", _moved(run.rows("origins"), "question", record_id)
        yield "events", _events(run, edition, record_id)
        yield "sensitivity", _rows(run.rows("sensitivity"), "question", record_id)
        yield "observations", _observed(run, lambda told, row: row.outcome.startswith(f"{record_id}:"))
    elif kind == "edition":
        yield "answers", [_answer(one) for one in run.forecasts] if run.manifest.edition == record_id else []
        yield "claims", _moved(run.rows("influence"), "", "") if run.manifest.edition == record_id else []
    elif kind in ("claim", "source", ""):
        table, column = {"claim": ("influence", "claim"), "source": ("sources", "source")}.get(kind, ("origins", "origin"))
        yield "moves", _moved(run.rows(table), column, record_id)
        if kind == "source":
            yield "as_origin", _moved(run.rows("origins"), "origin", record_id)
        ids = observed_as(edition.dossier, record_id)
        read = {name: {row.claim for row in readings_of(told, ids)} for name, told in run.further.items()}
        yield "observations", _observed(run, lambda told, row: row.claim in read[told.name])
    elif kind == "assumption":
        yield "verdict", _rows(run.rows("assumptions"), "assumption", record_id)
    else:
        events = _standing_on(edition, kind, record_id)
        asked = {question.id for question in edition.questions if events and not events.isdisjoint(behind(edition, question))}
        yield "answers", [_answer(one) for one in run.forecasts if one.question in asked]


def _standing_on(edition: EditionDossier, kind: str, record_id: str) -> set[str]:
    """Return the events of an edition that are a record, or that stand on it."""
    if kind == "effect":
        return {effect.to for effect in edition.effects if effect.id == record_id}
    if kind == "reference_class":
        return {
            event.id for event in edition.events
            if record_id in (event.reference_class, *(occasion.reference_class for occasion in event.occasions))
        }  # fmt: skip
    return {record_id} & set(edition.event_ids)


def _answer(forecast: Forecast) -> dict[str, Any]:
    outcomes = [{**dataclasses.asdict(one), "words": one.words} for one in forecast.outcomes]
    return {"question": forecast.question, "title": forecast.title, "deadline": forecast.deadline, "outcomes": outcomes}


def _events(run: Run, edition: EditionDossier, question_id: str) -> list[dict[str, Any]]:
    question = next((one for one in edition.questions if one.id == question_id), None)
    if question is None:
        return []
    found, classes = [], [row for row in run.rows("classes") if row.question == question_id]
    for name in behind(edition, question):
        event = edition.dossier.events[name]
        found.append({
            "event": name, "title": event.title, "asked": name in question.events(), "reference_class": event.reference_class,
            "rivals": event.rivals, "ceilings": event.ceilings, "floors": event.floors, "classes": _rows(classes, "event", name),
            "hazards": _rows(run.rows("events"), "event", name),
            "occasions": [
                _occasion(edition, name, one) for known in edition.events if known.id == name for one in known.occasions
            ],
            "effects": [effect.id for effect in edition.effects if effect.to == name],
        })  # fmt: skip
    return found


def _occasion(edition: EditionDossier, event: str, occasion: Occasion) -> dict[str, Any]:
    number = read_occasion(edition.dossier, event, occasion)
    said = {"on": occasion.on, "wording": occasion.wording, "reference_class": occasion.reference_class, "why": occasion.why}
    return {**said, "p": float(inverse_cloglog(number.location)), "spread": number.spread, "source": occasion.source}


def _observed(run: Run, which: Callable[[ModelTables, Any], bool]) -> list[dict[str, Any]]:
    """Return what observations of models beside the event network move: of each model the rows that are asked for."""
    return [
        {"model": name, **row._asdict()}
        for name, told in run.further.items()
        for row in told.rows("influence")
        if which(told, row)
    ]


def _rows(rows: Iterable[Any], column: str, value: str) -> list[dict[str, Any]]:
    return [row._asdict() for row in rows if not column or getattr(row, column) == value]


def _moved(rows: Iterable[Any], column: str, value: str) -> list[dict[str, Any]]:
    """Return rows with a change, the largest first."""
    found = _rows(rows, column, value)
    return sorted(found, key=lambda row: 0.0 if math.isnan(row["change"]) else -abs(row["change"]))


def _plain(value: Any) -> Any:
    """Return data with nothing in it that JSON lacks: dates as text, what is missing as null."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(one) for one in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value != value:
        return None
    return value.item() if hasattr(value, "item") else value

"""Forecasts of numbers for tests: ledger drafts about two real quantities, by ranges or by quantiles, and what came."""

from __future__ import annotations

import datetime as dt

from ledgers import forecast, outcome

from forecasting.ledger.contracts import contract_digest

GAS, PEOPLE = "turkstream-volume-2025", "syrians-in-turkey-2025"
EDGES = (14.0, 15.75, 17.0, 18.5)
IDS = ("below", "from-14", "from-15-75", "from-17", "from-18-5")
P = (0.1, 0.2, 0.3, 0.25, 0.15)
LATER = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)


def shares(p=P, ids=IDS, **layers):
    return [{"id": name, "title": name, "p": one, **layers} for name, one in zip(ids, p, strict=True)]


def level(dossier, question=GAS, **changes):
    asked = dossier.questions[question]
    said = {
        "kind": "level", "edition": "2024-12-syria", "as_of": "2024-12-13", "deadline": asked.deadline.isoformat(),
        "contract": contract_digest(dossier, asked), "outcomes": shares(), "standing": "reconstructed", "why": "coded later",
        "status_quo": None, **changes,
    }  # fmt: skip
    return {name: value for name, value in forecast(question, **said).items() if value is not None}


def came(dossier, question=GAS, what="from-17", **changes):
    contract = contract_digest(dossier, dossier.questions[question])
    return outcome(question, what, on="2025-12-31", **{"contract": contract, **changes})


def quantiles(said, **changes):
    return {"outcomes": None, "quantiles": [{"level": a, "value": x} for a, x in said], "forecaster": "panel", **changes}

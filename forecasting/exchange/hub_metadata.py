"""Who the models of a Hubverse folder are: one file of metadata for each, and the schema that they hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from forecasting.exchange.hub_names import model_id
from forecasting.ledger.records import MODEL, ForecastEntry

NAME = {"type": "string", "pattern": "^[A-Za-z0-9_]+$"}
FIELDS: dict[str, dict[str, str]] = {
    "team_abbr": {**NAME, "description": "The team's name as in the names of files"},
    "model_abbr": {**NAME, "description": "The model's name as in the names of files"},
    "model_name": {"type": "string", "description": "Who forecasts"},
    "methods": {"type": "string", "description": "How the numbers were made, and when"},
}
LIVE, RECONSTRUCTED = "Said before the outcomes could be known.", "Said, or imported, later than as of its dates."


def metadata_schema() -> dict[str, Any]:
    """Return the schema of files of metadata: few fields are required, and a team may add its own."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Metadata of models", "type": "object",
        "properties": FIELDS, "required": list(FIELDS),
    }  # fmt: skip


def metadata(entries: Sequence[ForecastEntry], team: str) -> dict[str, bytes]:
    """Return a file of metadata for each model, by name."""
    return {f"model-metadata/{model_id(entry, team)}.yml": _file(entry, team) for entry in entries}


def _file(entry: ForecastEntry, team: str) -> bytes:
    told = {
        "team_abbr": team,
        "model_abbr": model_id(entry, team).partition("-")[2],
        "model_name": _who(entry),
        "methods": f"{_how(entry)} {LIVE if entry.standing == 'live' else RECONSTRUCTED}",
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in told.items()]  # a JSON text is one of YAML
    return ("\n".join(lines) + "\n").encode("utf-8")


def _who(entry: ForecastEntry) -> str:
    name = entry.forecaster.partition(":")[2] or entry.forecaster
    return name if entry.standing == "live" else f"{name}, reconstructed"


def _how(entry: ForecastEntry) -> str:
    if entry.forecaster == MODEL:
        return "A Bayesian model of claims, base rates and history, held to a gate."
    return "A person's own number." if entry.forecaster.startswith("judgement:") else "Numbers of others, imported."

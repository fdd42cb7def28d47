"""The settings of a Hubverse folder, of schema 6.0.0: what can be forecast, by when, and who keeps the hub."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from forecasting.errors import UsageError
from forecasting.exchange.hub_names import MOST_NAME, SCHEMA, hub_id, target_id
from forecasting.ledger.issue import LIVE_DAYS
from forecasting.ledger.records import ForecastEntry

TYPES = {
    "yes/no": "binary", "stages": "ordinal", "level": "ordinal", "sides": "ordinal", "first": "nominal", "scenarios": "nominal",
}  # fmt: skip
TO_FILL = "to be filled in"
UTC = "Africa/Abidjan"  # the schema's list of zones has no UTC; this one keeps the same time all the year


def json_file(value: Mapping[str, Any]) -> bytes:
    """Return a value as the text of a file of settings."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def admin(name: str) -> dict[str, Any]:
    """Return the content of ``admin.json``, with what only the keeper of a hub knows still to be filled in."""
    return {
        "schema_version": SCHEMA.format("admin"), "name": name, "maintainer": TO_FILL, "contact": {"name": TO_FILL},
        "repository": {"host": "github", "owner": TO_FILL, "name": name}, "file_format": ["csv"], "timezone": UTC,
    }  # fmt: skip


def target_data() -> dict[str, Any]:
    """Return the content of ``target-data.json``: a target on its date is observed once."""
    return {
        "schema_version": SCHEMA.format("target-data"), "observable_unit": ["target", "target_date"], "date_col": "target_date",
        "versioned": False, "oracle-output": {"has_output_type_ids": True, "versioned": False},
    }  # fmt: skip


def tasks(entries: Sequence[ForecastEntry], names: Mapping[tuple[str, str], str], team: str) -> dict[str, Any]:
    """Return the content of ``tasks.json``: a round for each as-of date, in it a model task for each target.

    So no task is valid that was not asked: a date, a target and its deadline stand together.
    """
    by_day = groupby(sorted(entries, key=lambda entry: entry.as_of), key=lambda entry: entry.as_of)
    return {
        "schema_version": SCHEMA.format("tasks"),
        "rounds": [_round(day, list(said), names, team) for day, said in by_day],
        "output_type_id_datatype": "character",
    }


def _round(day: dt.date, said: list[ForecastEntry], names: Mapping[tuple[str, str], str], team: str) -> dict[str, Any]:
    targets: dict[str, list[ForecastEntry]] = {}
    for entry in said:
        targets.setdefault(names[entry.question, entry.contract], []).append(entry)
    last = max(entry.day for entry in said)
    return {
        "round_id_from_variable": True,
        "round_id": "origin_date",
        "round_name": f"As of {day}",
        "model_tasks": [_task(day, target, own) for target, own in targets.items()],
        "submissions_due": {"relative_to": "origin_date", "start": 0, "end": max(LIVE_DAYS, (last - day).days)},
        "last_data_date": day.isoformat(),
        "additional_metadata": {"team": team, "editions": sorted({entry.edition for entry in said})},
    }


def _task(day: dt.date, target: str, said: list[ForecastEntry]) -> dict[str, Any]:
    entry = said[0]
    forms = {(tuple(s.id for s in one.outcomes), tuple(q.level for q in one.quantiles)) for one in said}
    if len(forms) > 1:
        found = f"{entry.question} as of {day} has forecasts with other outcomes or quantile levels than the rest"
        raise UsageError(f"{found}; a hub asks all for the same; export them into two folders, by --edition")
    return {
        "task_ids": {
            "origin_date": {"required": None, "optional": [day.isoformat()]},
            "target": {"required": None, "optional": [target]},
            "target_date": {"required": None, "optional": [entry.deadline.isoformat()]},
        },
        "output_type": _output_type(entry),
        "target_metadata": [
            {
                "target_id": target_id(target),
                "target_name": _cut(entry.title),
                "target_units": _cut(entry.unit or ("outcome" if entry.outcomes else "number")),
                "target_keys": {"target": target},
                "description": entry.title,
                "target_type": TYPES.get(entry.kind, "nominal") if entry.outcomes else "continuous",
                "is_step_ahead": False,
                "additional_metadata": {
                    "question": entry.question,
                    "contract": entry.contract,
                    "deadline": entry.deadline.isoformat(),
                    "outcomes": {hub_id(share.id): {"id": share.id, "title": share.title} for share in entry.outcomes},
                },
            }
        ],
    }


def _output_type(entry: ForecastEntry) -> dict[str, Any]:
    if entry.outcomes:
        value = {"type": "double", "minimum": 0, "maximum": 1}
        return {"pmf": {"output_type_id": {"required": outcome_ids(entry)}, "value": value, "is_required": True}}
    levels = [quantile.level for quantile in entry.quantiles]
    return {"quantile": {"output_type_id": {"required": levels}, "value": {"type": "double"}, "is_required": True}}


def outcome_ids(entry: ForecastEntry) -> list[str]:
    """Return the categories of a forecast, in the order in which the question has them."""
    return [hub_id(share.id) for share in entry.outcomes]


def _cut(text: str) -> str:
    return text if len(text) <= MOST_NAME else f"{text[: MOST_NAME - 1]}…"

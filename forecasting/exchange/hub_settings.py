"""What ``tasks.json`` of a Hubverse folder says of its targets: the question and the contract behind each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forecasting.errors import UsageError
from forecasting.files import plain_bytes, strict_json


@dataclass(frozen=True)
class Target:
    """A target's question and the digest of its contract, where the settings name them."""

    question: str = ""
    contract: str = ""


@dataclass(frozen=True)
class Settings:
    """The targets of a hub by name, and the teams whose forecasts ``forecast export`` wrote there."""

    targets: dict[str, Target]
    teams: frozenset[str] = frozenset()


def read_settings(folder: Path) -> Settings:
    """Return what the settings of a hub say; of a folder without them, nothing.

    Raises
    ------
    UsageError
        If ``tasks.json`` is no JSON, or not built as a hub's.
    """
    path = folder / "hub-config" / "tasks.json"
    if not path.is_file():
        return Settings({})
    try:
        return _settings(strict_json(plain_bytes(path)))
    except ValueError as error:
        raise UsageError(f"{path}: found {error}; mend it, or take the hub's own") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path}: not built as the schema of tasks says (at {error}); take the hub's own") from None


def _settings(value: Any) -> Settings:
    targets: dict[str, Target] = {}
    teams = set()
    for one in value["rounds"]:
        teams |= {one.get("additional_metadata", {}).get("team")} - {None}
        for task in one["model_tasks"]:
            for about in task["target_metadata"]:
                said = about.get("additional_metadata", {})
                name = next(iter((about["target_keys"] or {}).values()), about["target_id"])
                targets[name] = Target(str(said.get("question", "")), str(said.get("contract", "")))
    return Settings(targets, frozenset(teams))

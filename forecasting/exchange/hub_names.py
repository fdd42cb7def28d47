"""Names of a Hubverse folder: of models, targets and outcomes, made of letters, digits and ``_`` alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from forecasting.errors import UsageError
from forecasting.files import text_digest
from forecasting.ledger.records import ForecastEntry

SCHEMA = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v6.0.0/{}-schema.json"
TEAM = "forecasting"
TEAM_PATTERN = re.compile(r"[A-Za-z0-9_]+")
RECONSTRUCTED = "_reconstructed"  # so that a score of a model never mixes what was said at the time and what was not
MOST_TARGET_ID, MOST_NAME = 30, 100  # characters that the schema allows
COLUMNS = ("origin_date", "target", "target_date", "output_type", "output_type_id", "value")


def hub_id(name: str) -> str:
    """Return an id of ours as one of a hub; no id of ours has ``_``, so it can be read back.

    Examples
    --------
    >>> hub_id("border-opens-2026")
    'border_opens_2026'
    """
    return name.replace("-", "_").replace(":", "__")


def model_id(entry: ForecastEntry, team: str) -> str:
    """Return ``team-model`` of a forecast; the reconstructed ones of a forecaster are a model of their own."""
    return f"{team}-{hub_id(entry.forecaster)}{RECONSTRUCTED if entry.standing == 'reconstructed' else ''}"


def target_names(entries: Iterable[ForecastEntry]) -> dict[tuple[str, str], str]:
    """Return the name of each target by question and contract.

    A question that was asked under another contract before is another target: an outcome settles one of the two.
    """
    names: dict[tuple[str, str], str] = {}
    contracts: dict[str, int] = {}
    for entry in entries:
        key = entry.question, entry.contract
        if key not in names:
            contracts[entry.question] = n = contracts.get(entry.question, 0) + 1
            names[key] = hub_id(entry.question) + ("" if n == 1 else f"_contract_{n}")
    once_each(names, "targets")
    return names


def once_each(names: Mapping[tuple[str, str], str], what: str) -> None:
    """Refuse two things that would have one name.

    Raises
    ------
    UsageError
        Naming both.
    """
    seen: dict[str, tuple[str, str]] = {}
    for key, name in names.items():
        folded = name.casefold()  # some file systems tell no capitals apart
        if folded in seen:
            both = f"{' '.join(seen[folded])} and {' '.join(key)}"
            raise UsageError(f"two {what}, {both}, would both be called {name}; export them into two folders, by --edition")
        seen[folded] = key


def target_id(target: str) -> str:
    """Return a target's short id: its name, or where that is too long its beginning and a part of its digest.

    Examples
    --------
    >>> target_id("pact_by_2025"), target_id("a" * 40)
    ('pact_by_2025', 'aaaaaaaaaaaaaaaaaaaaa_e33cdf9c')
    """
    return target if len(target) <= MOST_TARGET_ID else f"{target[: MOST_TARGET_ID - 9]}_{text_digest(target)[:8]}"


def exact(value: float) -> str:
    """Return the shortest decimal number that reads back as the same double, without exponent.

    Examples
    --------
    >>> exact(0.1), exact(1 / 3), exact(5e-07)
    ('0.1', '0.3333333333333333', '0.0000005')
    """
    return format(Decimal(repr(float(value))), "f")

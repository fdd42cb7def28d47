"""Whose a changed prior is: a change of mind is a new prior, with an id, an analyst, a day and a reason of its own."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forecasting.elicitation.elicited import ElicitedPrior, build
from forecasting.errors import UsageError
from forecasting.lab.parts.text import reasoned

UNSIGNED = "not signed yet"
MOST_LETTERS = 500  # of a prior's note


@dataclass(frozen=True)
class Signature:
    """What was typed: the id of the new prior, who says it, and why."""

    id: str = ""
    analyst: str = ""
    reason: str = ""

    @classmethod
    def typed(cls, id: str, analyst: str, reason: str) -> Signature:
        """Return what was typed, in the one form in which files hold letters with accents, and without blanks around."""
        return cls(*(unicodedata.normalize("NFC", text).strip() for text in (id, analyst, reason)))


def trial_fields(first: ElicitedPrior, on: dt.date) -> dict[str, Any]:
    """Return the signature of a prior that nobody has signed: it says so, and does not speak for the first one's analyst."""
    name = f"{first.id[:58].rstrip('-')}-draft"
    return {**_quantity(first), "id": name, "analyst": UNSIGNED, "made_on": on, "note": _from(first).removesuffix(": ")}


def signed(prior: ElicitedPrior, first: ElicitedPrior, by: Signature, on: dt.date) -> ElicitedPrior:
    """Return a changed prior under an id, an analyst and a day of its own; its note names the prior that it comes from, and why.

    Raises
    ------
    UsageError
        If the id is that of the first prior or no id, nobody is named, or the reason says nothing or too much.
    """
    if not by.id or by.id == first.id:
        raise UsageError(f"a changed prior is a new prior; give it an id of its own, for example {next_id(first.id, None)}")
    if len(by.analyst) < 3:
        raise UsageError("a prior names who says it; write the analyst's name")
    begins, reason = _from(first), reasoned(by.reason)
    if len(begins) + len(reason) > MOST_LETTERS:
        raise UsageError(f"the reason has {len(reason)} characters; write at most {MOST_LETTERS - len(begins)}")
    fields = {name: getattr(prior, name) for name in ("method", "family", "asked", "parameters")}
    own = {"id": by.id, "analyst": by.analyst, "made_on": on, "note": begins + reason}
    return build(ElicitedPrior, {**fields, **_quantity(first), **own})


def _quantity(first: ElicitedPrior) -> dict[str, Any]:
    return {"about": first.about, "years": first.years, "outcomes": first.outcomes}


def _from(first: ElicitedPrior) -> str:
    return f"Changed from {first.id} of {first.made_on}: "


def next_id(name: str, folder: Path | None) -> str:
    """Return an id that can be had for a prior that follows another: the same with the next number that no file has.

    Examples
    --------
    >>> next_id("deal-a", None), next_id("deal-a-2", None)
    ('deal-a-2', 'deal-a-3')
    """
    found = re.fullmatch(r"(.*?)-([0-9]{1,3})", name)
    stem, number = (found[1], int(found[2])) if found else (name, 1)
    while True:
        number += 1
        new = f"{stem[:59].rstrip('-')}-{number}"
        if folder is None or not (folder / f"{new}.yaml").exists():
            return new

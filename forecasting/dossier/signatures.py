"""Who coded, reviewed and signed off an edition, and on which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from forecasting.dossier.fields import Date, Record, Text

SIGNED = ("coded_by", "reviewed_by", "signed_off_by")  # in the order in which they come
TITLES = {"coded_by": "coded", "reviewed_by": "reviewed", "signed_off_by": "signed off"}


class Signature(Record):
    """A person and the day on which what they did was finished."""

    name: Text
    on: Date


def _one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, dict) else value


Signatures = Annotated[tuple[Signature, ...], BeforeValidator(_one_or_many), Field(default=(), exclude_if=lambda s: not s)]


def signature_lines(edition: Any, day: Callable[[dt.date], str] = str) -> list[str]:
    """Return what is known of who made an edition, a line for each part of the work; nothing where nobody is named.

    Parameters
    ----------
    edition : Edition
        With ``coded_by``, ``reviewed_by`` and ``signed_off_by``.
    day : callable, optional
        How a date is written; by default as in the records.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> by = (Signature(name="A. Coder", on=dt.date(2024, 5, 8)), Signature(name="B. Coder", on=dt.date(2024, 5, 9)))
    >>> signature_lines(SimpleNamespace(coded_by=by, reviewed_by=(), signed_off_by=()))
    ['coded by A. Coder (2024-05-08) and B. Coder (2024-05-09)']
    """
    named = {part: getattr(edition, part) for part in SIGNED}
    return [
        f"{TITLES[part]} by {' and '.join(f'{one.name} ({day(one.on)})' for one in people)}"
        for part, people in named.items()
        if people
    ]

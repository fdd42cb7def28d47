"""Texts that people type into a widget, and numbers as they stand in one."""

from __future__ import annotations

from decimal import Decimal

from forecasting.errors import UsageError

FEWEST_WORDS = 3


def reasoned(reason: str) -> str:
    """Return a reason on one line.

    Raises
    ------
    UsageError
        If it has fewer than three words.

    Examples
    --------
    >>> reasoned(" The speaker has no  access to it. ")
    'The speaker has no access to it.'
    """
    said = " ".join(reason.split()) if isinstance(reason, str) else ""
    if len(said.split()) < FEWEST_WORDS:
        raise UsageError("a change needs its reason; write in a sentence why the record should say this")
    return said


def plain(value: float) -> str:
    """Return a number with every digit that it has and no exponent, so that it is read back as itself.

    Examples
    --------
    >>> plain(4.0), plain(12345.67), plain(2e6), plain(1e-5)
    ('4', '12345.67', '2000000', '0.00001')
    """
    return format(Decimal(repr(value)), "f").removesuffix(".0")

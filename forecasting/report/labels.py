"""The labels of a report in several languages: one table, ``labels.csv``, with a row per label and a column per language."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from forecasting.errors import UsageError

SOURCE = "en"


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """Return language → label → text; an English text that is left empty is the label itself."""
    text = files("forecasting.report").joinpath("labels.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    languages = [name for name in rows[0] if name != "label"]
    return {name: {row["label"]: row[name] or (row["label"] if name == SOURCE else "") for row in rows} for name in languages}


def languages() -> tuple[str, ...]:
    """Return the languages that there are labels in, English first.

    Examples
    --------
    >>> languages()
    ('en', 'de')
    """
    return tuple(table())


class Labels:
    """What every label is in one language; calling it with a label gives its text.

    Parameters
    ----------
    language : str, default "en"
        One of `languages`.

    Raises
    ------
    UsageError
        If there are no labels in the language.

    Examples
    --------
    >>> Labels("de")("Claims for")
    'Aussagen dafür'
    """

    def __init__(self, language: str = SOURCE) -> None:
        if language not in table():
            raise UsageError(f"found --lang {language}; there are labels in {', '.join(languages())}: write one of them")
        self._texts = table()[language]

    def __call__(self, label: str) -> str:
        """Return the text of a label; `KeyError` if the table lacks it, which a test sees first."""
        return self._texts[label]

"""A comparison in a notebook: a table with the parts by name, and a figure of the way between two answers."""

from __future__ import annotations

import pandas as pd
import pytest
from toy import toy_edition

import forecasting as fc
from forecasting.analysis import change_decomposition
from forecasting.errors import UsageError
from forecasting.lab import changes
from forecasting.lab.changes import Changes

# two parts of one answer: 0.50 − 0.15 + 0.05 = 0.40
TABLE = pd.DataFrame(
    [("pact-by-2025", "yes", "time", -0.15, 0.01), ("pact-by-2025", "yes", "regrades", 0.05, 0.01)],
    columns=["question", "outcome", "part", "change", "mcse"],
)
ENDS = pd.DataFrame([("pact-by-2025", "yes", 0.5, 0.4)], columns=["question", "outcome", "before", "after"])
PLAIN = change_decomposition.Changes("then", "now", TABLE, ENDS, {})


def test_a_comparison_shows_its_parts_in_points() -> None:
    html = Changes.of(PLAIN)._repr_html_()
    for text in ("Regrades", "50 %", "40 %", "−15", "+5"):
        assert text in html
    assert "<script" not in html


def test_it_draws_the_way_between_the_two_answers() -> None:
    found = Changes.of(PLAIN)
    assert found.plot("pact-by-2025").alt.startswith("From 50 % (then) to 40 % (now)")
    with pytest.raises(UsageError, match="did you mean 'pact-by-2025'"):
        found.plot("pact-by-2052")


def test_the_public_function_returns_what_the_analysis_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes.compare, "what_changed", lambda *_, **__: PLAIN)
    found = fc.what_changed(toy_edition(), toy_edition())
    assert isinstance(found, Changes)
    assert found.table is PLAIN.table

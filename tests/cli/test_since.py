"""``forecast trace --since`` says which earlier numbers nobody published, and which signs have expired in between."""

from __future__ import annotations

import io

import pandas as pd
from manifests import PASSED
from rich.console import Console

from forecasting.analysis.change_decomposition import Changes
from forecasting.cli.since import changes_notes, changes_table
from forecasting.lab.reprs import changes_html

TABLE = pd.DataFrame(
    [("pact-by-2025", "yes", "time", -0.1, 0.001), ("toll-by-2025", "yes", "time", 0.2, 0.001)],
    columns=["question", "outcome", "part", "change", "mcse"],
)
ENDS = pd.DataFrame(
    [("pact-by-2025", "yes", 0.5, 0.4), ("toll-by-2025", "yes", 0.3, 0.5)],
    columns=["question", "outcome", "before", "after"],
)
STAR = (
    "* not published by then (not asked then, or no run at hand) but worked out now from what it knew, "
    "by a fit that is not held to the gate"
)


def changes(**more) -> Changes:
    return Changes("then", "now", TABLE, ENDS, {"time": ("pact-signed open until 2024-06-30 instead of 2024-01-01",)},
                   gates=(PASSED, PASSED), **more)  # fmt: skip


def shown(found: Changes) -> str:
    console = Console(width=120, file=io.StringIO(), record=True)
    console.print(changes_table(found))
    return console.export_text()


def test_a_number_that_nobody_published_has_a_star_wherever_it_is_shown() -> None:
    found = changes(refitted=frozenset({"toll-by-2025"}))
    rows = {line.split("│")[1].strip(): line for line in shown(found).splitlines() if "by-2025" in line}
    assert "30*" in rows["toll-by-2025"]
    assert "50*" not in rows["pact-by-2025"]
    assert STAR in changes_notes(found)
    html = changes_html(found)
    assert "30 %*" in html
    assert STAR in html
    assert "toll-by-2025 *" in repr(found)
    assert STAR in repr(found)


def test_published_numbers_have_none() -> None:
    found = changes()
    assert "*" not in shown(found)
    assert not any("published" in line for line in changes_notes(found))


def test_time_passing_says_that_signs_have_expired_and_names_them() -> None:
    notes = changes_notes(changes(expired=("n-003 on pact-signed (2026-07-01)",)))
    assert "Expired since, and counted in Time passing: n-003 on pact-signed (2026-07-01)" in notes
    assert notes[0].startswith("Time passing (less time; signs expire): ")
    assert "signs seen then have expired" in changes_html(changes())

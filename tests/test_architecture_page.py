"""docs/architecture.md says what the code says."""

from __future__ import annotations

import re

from tools.docs.architecture import PAGE, PROJECT, rendered


def test_the_tables_of_the_page_are_those_of_the_code() -> None:
    text = PAGE.read_text("utf-8")
    assert rendered(text) == text, "run: python -m tools.docs.architecture"


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`([a-z_]+(?:/[a-z_]+)*\.(?:py|md|yaml|csv))`", PAGE.read_text("utf-8")))
    assert len(named) > 20
    rooted = {name for name in named if (PROJECT / name).is_file() or (PROJECT / "forecasting" / name).is_file()}
    assert named - rooted <= {"claim_rows.py", "signals.py", "first_of.py"}, "named without its folder, beside one that has it"

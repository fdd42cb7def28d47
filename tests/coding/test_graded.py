"""Two coders' grades of a balance, compared by hand-worked cases."""

from __future__ import annotations

from pathlib import Path

import pytest
from balances import TOLL_HOUSE, files
from broken_dossiers import read_broken

from forecasting.coding.graded import grade_agreement
from forecasting.coding.reliability import alpha
from forecasting.rules.load import load_dossier


def graded(one: str, two: str, name: str, origin: str) -> str:
    text = TOLL_HOUSE.replace("o-001", name).replace("toll-house", origin)
    head = text[: text.index("    - {coder: one")]
    return f"{head}    - {{coder: one, {one}}}\n    - {{coder: two, {two}}}\n"


def test_alpha_is_that_of_the_grades_and_anchors_do_not_count(tmp_path: Path, project_dir: Path) -> None:
    high, low, much = "favours: sudland, by: slightly", "favours: norland, by: slightly", "favours: sudland, by: decisively"
    pairs = [(high, high), (low, low), (much, high), ("favours: neither", high)]
    records = [graded(a, b, f"o-{i}", f"told-{i}") for i, (a, b) in enumerate(pairs)]
    anchor = graded(low, low, "o-9", "told-9").replace("  codings", "  anchor: The example.\n  codings")
    dossier = read_broken(tmp_path, project_dir, *files("".join([*records, anchor])))
    level, change = grade_agreement(
        dossier.balances["upper-hand"], dossier.observations.values(), ("one", "two"), random_seed=1, n_resamples=20
    )
    assert (level.n, level.alpha) == (0, None)
    assert (change.n, change.same, change.same_side) == (4, 2, 3)
    assert change.alpha == alpha([(1, 1), (-1, -1), (3, 1), (0, 1)], "ordinal", (-3, -2, -1, 0, 1, 2, 3))


def test_the_decisions_page_has_the_agreement_of_the_dossier(project_dir: Path) -> None:
    dossier = load_dossier(project_dir / "priors")
    page = (project_dir / "docs/decisions/balance.md").read_text("utf-8")
    balance = dossier.balances["ankara-leverage"]
    for found in grade_agreement(balance, dossier.observations.values(), ("pass-1", "blind"), random_seed=0):
        low, high = found.interval or pytest.fail("an interval")
        row = f"| {found.kind} | {found.n} | {found.same} | {found.same_side} | {found.alpha:.2f} ({low:.2f} to {high:.2f}) |"
        assert row in page, row

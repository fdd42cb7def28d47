"""What two blind coders and the dossier read differently has been discussed, and how far they agree is computed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from forecasting.coding.agreement import Agreement
from forecasting.coding.alignment import overlap
from forecasting.dossier.claims import Claim
from forecasting.dossier.load import read_dossier
from tools.docs.agreement import PAGE, compared, page

DISCUSSED = ("kind", "target as read")
RANGE = re.compile(r"\b([cr])-(\d{3}) to [cr]-(\d{3})\b")


@pytest.fixture(scope="module")
def found(project_dir: Path) -> dict[tuple[str, str], Agreement]:
    return compared(project_dir / "priors")


@pytest.fixture(scope="module")
def discussion(project_dir: Path) -> str:
    """Return the page, with the claims of a range named each."""
    text = (project_dir / "docs" / "decisions" / "coding-discussion.md").read_text("utf-8")
    return RANGE.sub(lambda m: " ".join(f"{m[1]}-{n:03}" for n in range(int(m[2]), int(m[3]) + 1)), text)


@pytest.mark.slow
def test_the_table_of_agreement_is_what_forecast_agree_computes(found: dict[tuple[str, str], Agreement]) -> None:
    assert PAGE.read_text("utf-8") == page(found), "write it anew: python -m tools.docs.agreement"


@pytest.mark.parametrize("coder", ["coder-1", "coder-2"])
def test_every_clause_that_a_coder_and_the_dossier_read_differently_was_discussed(
    coder: str, found: dict[tuple[str, str], Agreement], discussion: str
) -> None:
    differ = [one.b.id for one in found[coder, "claims"].disagreements if one.b and set(DISCUSSED) & one.fields.keys()]
    assert differ
    assert [name for name in differ if name not in discussion] == [], "settle them in docs/decisions/coding-discussion.md"


def test_every_clause_that_the_two_coders_read_differently_was_discussed(
    found: dict[tuple[str, str], Agreement], discussion: str, project_dir: Path
) -> None:
    claims = read_dossier(project_dir / "priors")[0].claims.values()
    open_ones = []
    for one in found["coder-1", "coder-2"].disagreements:
        if one.a and one.b and set(DISCUSSED) & one.fields.keys():
            anchor = one.a.anchor
            here: list[Claim] = [claim for claim in claims if claim.source == one.a.source and overlap(claim.anchor, anchor)]
            if f"{anchor.start} to {anchor.end}" not in discussion and not any(claim.id in discussion for claim in here):
                open_ones.append(f"{one.a.source} {anchor.start} to {anchor.end}")
    assert open_ones == [], "settle them in docs/decisions/coding-discussion.md"


def test_before_any_discussion_the_coders_agree_as_well_as_was_wanted(found: dict[tuple[str, str], Agreement]) -> None:
    alpha = {field.field: field.alpha for field in found["coder-1", "coder-2"].fields}
    assert alpha["kind"] > 0.7
    assert alpha["target"] > 0.7

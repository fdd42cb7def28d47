"""What became of an event follows from its own rows, and from what enables it, blocks it, implies it or is implied by it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from broken_dossiers import read_broken

from forecasting.dossier.resolution import History

HISTORY, EFFECTS = "history.csv", "effects.yaml"
PLAIN = "acts: multiplies, sign: lowers, grade: strong"
LATER, DAY = dt.date(2025, 3, 1), dt.date(2025, 1, 31)
PACT, TOLL = "pact-signed", "toll-raised"  # an effect leads from the first to the second


def row(event: str, what: str) -> tuple[str, str, str]:
    return HISTORY, "", f"2025-01-31,{event},{what},,Gazette,confirmed,\n"


@pytest.mark.parametrize(
    ("acts", "known", "asked", "happened"),
    [
        ("implies", (PACT, "occurred"), TOLL, True),
        ("implies", (TOLL, "survived"), PACT, False),
        ("implies", (PACT, "survived"), TOLL, None),
        ("implies", (TOLL, "occurred"), PACT, None),
        ("enables", (PACT, "survived"), TOLL, False),
        ("enables", (PACT, "occurred"), TOLL, None),
        ("blocks", (PACT, "occurred"), TOLL, False),
        ("blocks, until: 2025-02-15", (PACT, "occurred"), TOLL, None),
        ("leads_to, wording: likely, lexicon: plain, lag_years: 0.5", (PACT, "survived"), TOLL, None),
        ("leads_to, wording: likely, lexicon: plain, lag_years: 0.5", (PACT, "occurred"), TOLL, None),
    ],
)
def test_an_effect_settles_an_event_as_far_as_its_kind_does(
    acts: str, known: tuple[str, str], asked: str, happened: bool | None, tmp_path: Path, project_dir: Path
):
    dossier = read_broken(tmp_path, project_dir, (EFFECTS, PLAIN, f"acts: {acts}"), row(*known))
    assert History(dossier, LATER).happened(asked, DAY).value is happened


def test_a_circle_of_effects_is_asked_once_around(tmp_path: Path, project_dir: Path):
    record = "  - {id: back, from: toll-raised, to: pact-signed, acts: implies, why: It pays.}\ndrivers: []"
    back = (EFFECTS, "drivers: []", record)
    dossier = read_broken(tmp_path, project_dir, (EFFECTS, PLAIN, "acts: implies"), back)
    assert History(dossier, LATER).happened(PACT, DAY).value is None

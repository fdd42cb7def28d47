"""The list of changes: made once for each field, undone one by one, and turned into records that the rules have passed."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy import toy_edition

from forecasting.errors import UsageError
from forecasting.lab.panel.behind import Behind
from forecasting.lab.panel.controls import Control
from forecasting.lab.panel.edits import Edit, changed, fields_of, made, record_of, undone, value_of
from forecasting.rules.load import load_dossier


def control(record: str, field: str, question: str = "quay-by-2025") -> Control:
    return next(card for card in Behind.of(toy_edition(), question).cards() if card.id == record).control(field)


def test_a_field_is_changed_once_and_its_first_value_again_is_no_change() -> None:
    reliability, grade = control("n-010", "reliability"), control("n-010", "grade")
    edits = made(made((), reliability, "D"), grade, "strong")
    assert edits == (Edit("n-010", "reliability", "B", "D"), Edit("n-010", "grade", "moderate", "strong"))
    again = made(edits, reliability, "E")
    assert again == (Edit("n-010", "reliability", "B", "E"), Edit("n-010", "grade", "moderate", "strong"))
    assert value_of(again, reliability) == "E"
    assert made(again, reliability, "B") == (Edit("n-010", "grade", "moderate", "strong"),)
    assert made((), reliability, "B") == ()


def test_changes_are_undone_one_by_one_in_any_order() -> None:
    edits = made(made((), control("n-010", "reliability"), "D"), control("n-010", "grade"), "strong")
    assert [edit.field for edit in undone(edits, 0)] == ["grade"]
    assert [edit.field for edit in undone(edits, 1)] == ["reliability"]
    for index in (2, -1):
        with pytest.raises(UsageError, match=f"no change {index}; there are 2"):
            undone(edits, index)


def test_the_records_are_changed_and_those_of_the_fit_are_not() -> None:
    edition = toy_edition()
    edits = made((), control("n-010", "reliability"), "D")
    edits = made(edits, control("tolls-raised", "events"), 4.0)
    after = changed(edition, edits)
    assert after.dossier.claims["n-010"].reliability == "D"
    assert after.dossier.reference_classes["tolls-raised"].events == 4.0
    assert edition.dossier.claims["n-010"].reliability == "B"


def test_a_row_of_history_is_left_out_or_weighs_otherwise() -> None:
    edition = toy_edition()
    rows = edition.dossier.history
    signal = next(i for i, row in enumerate(rows) if row.what == "signal")
    ratio = control(f"history-{signal}", "likelihood_ratio", "toll-by-2025")
    stronger = changed(edition, made((), ratio, 3.0))
    assert stronger.dossier.history[signal].likelihood_ratio == 3.0
    out = changed(edition, made((), control(f"history-{signal}", "counted", "toll-by-2025"), False))
    assert out.dossier.history == (*rows[:signal], *rows[signal + 1 :])
    assert record_of(edition, f"history-{signal}") == rows[signal]


def test_a_field_inside_another_keeps_the_rest_and_a_reading_gets_its_reason(project_dir: Path) -> None:
    claim = load_dossier(project_dir / "priors").claims["c-003"]
    stays = claim.seen_if.stays_away
    one = Edit("c-003", "seen_if.comes", claim.seen_if.comes, "very likely")
    assert fields_of(claim, (one,)) == {"seen_if": {"comes": "very likely", "stays_away": stays}}
    both = (one, Edit("c-003", "seen_if.stays_away", stays, "remote"))
    assert fields_of(claim, both) == {"seen_if": {"comes": "very likely", "stays_away": "remote"}}
    read = fields_of(claim, (Edit("c-003", "reads", None, "level"),), "It says so.")
    assert read == {"reads": "level", "reads_why": "It says so."}
    assert fields_of(claim, (Edit("c-003", "reads", "level", None),)) == {"reads": None, "reads_why": None}


def test_what_a_rule_forbids_is_refused_with_the_rule() -> None:
    edition = toy_edition()
    with pytest.raises(UsageError, match="events"):
        changed(edition, (Edit("tolls-raised", "events", 2.0, -1.0),))

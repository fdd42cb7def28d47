"""Records changed in memory: what a change may be, what refuses it, and that nothing on disk or in the dossier moves."""

from __future__ import annotations

import datetime as dt

import pytest
from toy import EDITION, toy_dossier, toy_edition, toy_priors

from forecasting.dossier.edits import change, parse_setting, try_count
from forecasting.dossier.reference_classes import LifeTableRow
from forecasting.errors import DossierError, UsageError
from forecasting.rules.edit import edited


def test_a_change_is_seen_in_the_edition_and_nowhere_else() -> None:
    before = {path: path.read_bytes() for path in toy_priors().rglob("*") if path.is_file()}
    known = toy_dossier().claims["n-001"]
    got = edited(toy_edition(), (change("n-001", credibility=5),))
    assert got.dossier.claims["n-001"] == known.model_copy(update={"credibility": 5})
    assert toy_dossier().claims["n-001"] == known
    assert {path: path.read_bytes() for path in toy_priors().rglob("*") if path.is_file()} == before


def test_changes_are_made_one_after_the_other_and_the_rules_see_the_last_state() -> None:
    # either alone would name a class of another unit or a rival that is the class itself
    swapped = edited(toy_edition(), (
        change("pact-signed", reference_class="tolls-raised"), change("pact-signed", rivals=("pacts-signed",)),
    ))  # fmt: skip
    assert swapped.dossier.events["pact-signed"].reference_class == "tolls-raised"
    assert swapped.dossier.events["pact-signed"].rivals == ("pacts-signed",)
    with pytest.raises(DossierError):
        edited(toy_edition(), (change("pact-signed", reference_class="tolls-raised"),))  # its rival is now its class


def test_every_table_can_be_changed() -> None:
    got = edited(toy_edition(), (
        change("pacts-signed", spread=0.3), change("2024-07-ferry", seed=7), change("norland-times", author="A. Writer"),
    ))  # fmt: skip
    assert got.dossier.reference_classes["pacts-signed"].spread == 0.3
    assert got.edition.seed == 7
    assert got.dossier.sources["norland-times"].author == "A. Writer"


def test_a_deadline_is_changed_where_it_is_written() -> None:
    with pytest.raises(UsageError, match=r"pact-by-2025 has no field 'deadline'.*pact-by-2025"):
        edited(toy_edition(), (change("pact-by-2025", deadline=dt.date(2026, 1, 1)),))


@pytest.mark.parametrize("name", ["pacts-signed", "deadlines-kept", "quays-closed"])
def test_the_line_that_tries_another_count_of_a_class_works_as_it_stands(name: str) -> None:
    counted = toy_dossier().reference_classes["tolls-raised" if name == "quays-closed" else name]
    if name == "quays-closed":  # with a life table its count is fixed
        counted = counted.model_copy(update={"life_table": TABLE})
    *words, setting = try_count(EDITION, counted).split()
    assert words == ["forecast", "whatif", EDITION, "--set"]
    field = parse_setting(setting)
    assert list(field.fields) == (["spread"] if name == "quays-closed" else ["events"])
    got = edited(toy_edition(), (field,)).dossier.reference_classes[counted.id]
    assert getattr(got, next(iter(field.fields))) != getattr(counted, next(iter(field.fields)))


TABLE = (LifeTableRow(reference_class="tolls-raised", until_years=1.0, at_risk=3, failed=2, citation="Made up"),)


def test_a_field_inside_a_field_can_be_tried_from_the_command_line() -> None:
    facts = [claim for claim in toy_dossier().claims.values() if claim.horizon]
    one = facts[0]
    got = edited(toy_edition(), (parse_setting(f"{one.id}.horizon.years=2.5"),)).dossier.claims[one.id]
    assert got.horizon is not None
    assert got.horizon.years == 2.5
    assert one.horizon is not None
    assert got.horizon.stated == one.horizon.stated
    with pytest.raises(UsageError, match=r"unknown field 'horizon.yeers'; did you mean 'years'"):
        edited(toy_edition(), (parse_setting(f"{one.id}.horizon.yeers=2.5"),))
    with pytest.raises(UsageError, match="'wording' holds no fields"):
        edited(toy_edition(), (parse_setting(f"{one.id}.wording.deep=2.5"),))


def test_a_claim_on_the_last_day_of_the_calendar_is_refused_and_breaks_nothing_off() -> None:
    with pytest.raises(DossierError, match="made_on 9999-12-31 is after its source appeared"):
        edited(toy_edition(), (change("n-001", made_on=dt.date(9999, 12, 31)),))

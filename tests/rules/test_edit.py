"""Records changed in memory: what a change may be, what refuses it, and that nothing on disk or in the dossier moves."""

from __future__ import annotations

import datetime as dt

import pytest
from toy import toy_dossier, toy_edition, toy_priors

from forecasting.dossier.edits import change
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

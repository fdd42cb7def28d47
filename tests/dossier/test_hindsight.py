"""No edition speaks of what came after it: years and names of later events in everything that it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_dossiers import Edit, write_broken
from hindsight import hindsight

from forecasting.rules.load import load_dossier

# dates that lay ahead and had been fixed, or were asked about: what they are, and since when they were known
PLANNED = {
    "event mandate-renewed 2025": "the term of five years, in the statement of November 2020",
    "event peacekeepers-leave-early 2025": "the same term",
    "event gyumri-base-closes 2044": "the term of the base, agreed in 2010",
    "history 2023-10-27 gyumri-base-closes 2044": "the same term",
    "event gas-transit-ends 2025": "the end of the transit contract of 2019",
    "event trump-led-talks-open 2025": "the day of the inauguration",
    "claim c-050 2025": "the same contract",
    "claim c-054 2025": "the end of the supply contracts, known when they were signed",
    "2026-02-outlook event turkstream-stops 2027": "the ban that the European Union had decided by then",
    "history 2026-02-02 turkstream-stops 2027": "the ban that the European Union had decided by then",
    "history 2026-01-26 eu-gas-ban 2027": "the same ban",
    "effect e-052 2027": "the same ban",
}
EVENT, CLASSES = "events/ferry.yaml", "reference_classes.csv"


@pytest.mark.parametrize("name", ["2020-11-karabakh", "2024-12-syria", "2026-02-outlook"])
def test_no_edition_names_what_came_later(name: str, project_dir: Path) -> None:
    found = hindsight(load_dossier(project_dir / "priors").edition(name), PLANNED)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        ((EVENT, "title: Norland and Sudland sign", "title: Before the strike of 2031 Norland and Sudland sign"),
         "event pact-signed, title: 2031"),
        ((EVENT, "title: Norland and Sudland sign", "title: After the Trump Route Norland and Sudland sign"),
         "event pact-signed, title: Trump Route"),
        ((CLASSES, "six pacts in forty pact-years", "six pacts until the summer of 2026"), "class pacts-signed, note: 2026"),
        (("history.csv", "no pact yet", "no pact yet; it came in March 2025"), "history 2024-06-30 pact-signed, note: 2025"),
    ],
)  # fmt: skip
def test_a_planted_word_of_a_later_time_is_found(edit: Edit, found: str, tmp_path: Path, project_dir: Path) -> None:
    edition = load_dossier(write_broken(tmp_path, project_dir, edit)).edition("2024-07-ferry")
    assert hindsight(edition, {}) == [f"2024-07-ferry: {found}"]


def test_an_occasion_is_unknown_before_its_day(tmp_path: Path, project_dir: Path) -> None:
    day = "{on: 2031-06-07, known_on: KNOWN, wording: likely, lexicon: plain, why: The election of 2031., source: the law}"
    for known, days in (("2024-07-01", ["2031-06-07"]), ("2024-07-02", [])):
        edit = (EVENT, "class_fit: good", f"class_fit: good\n  occasions: [{day.replace('KNOWN', known)}]")
        edition = load_dossier(write_broken(tmp_path / known, project_dir, edit)).edition("2024-07-ferry")
        assert [str(occasion.on) for event in edition.events for occasion in event.occasions] == days
        assert bool(hindsight(edition, {})) is bool(days)


def test_a_year_that_had_been_fixed_is_no_hindsight(tmp_path: Path, project_dir: Path) -> None:
    planned = (EVENT, "title: Norland and Sudland sign", "title: Before the term of 2031 Norland and Sudland sign")
    edition = load_dossier(write_broken(tmp_path, project_dir, planned)).edition("2024-07-ferry")
    assert hindsight(edition, {"event pact-signed 2031": "the term agreed in 2011"}) == []
    assert hindsight(edition, {"event toll-raised 2031": "another event"}) != []


def test_the_small_dossier_says_nothing_of_later_times(tmp_path: Path, project_dir: Path) -> None:
    assert hindsight(load_dossier(write_broken(tmp_path, project_dir)).edition("2024-07-ferry"), {}) == []

"""What an assumption must say: a statement, a day, a bound that can be met and missed."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError
from toy import toy_dossier, toy_edition

from forecasting.dossier.assumptions import Assumption, Held

RAIN = {"p": {"occurs": "rain"}, "by": "2030-01-01", "at_least": 0.9}


def held(**changes: object) -> Held:
    """Return a statement about rain with some fields changed; None leaves one out."""
    return Held.model_validate({name: value for name, value in {**RAIN, **changes}.items() if value is not None})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"until": "2030-01-01"}, "has by and until; write one of them"),
        ({"by": None}, "has no day for rain; write by: YYYY-MM-DD"),
        ({"by": None, "p": {"occurs": "rain", "by": "2030-01-01"}, "given": {"holds": "frost"}}, "has no day for frost"),
        ({"at_least": None}, "has no bound; write one of at_least, at_most, between"),
        ({"at_most": 0.95}, "has at_least and at_most; write one of"),
        ({"at_least": 1.0}, r"has a bound outside \(0, 1\); write for example at_least: 0.9"),
        ({"at_least": 0.0}, r"has a bound outside \(0, 1\)"),
        ({"at_least": None, "between": (0.6, 0.4)}, "lies between 0.6 and 0.4; write the lower bound first"),
        ({"than_given": {"holds": "frost"}}, "has 'than_given' without 'given'"),
        ({"given": {"occurs": "frost"}, "than_given": {"holds": "frost"}, "at_least": -1.0}, r"outside \(-1, 1\)"),
        ({"p": {"same": ("rain",)}}, "at least 2"),
        ({"p": {"same": ("rain", "rain")}}, "same names rain, rain; write events that differ"),
        ({"p": {"before": ("rain", "rain")}}, "before names rain, rain"),
        ({"p": {"same": ("rain", "frost"), "until": "2030-01-01"}}, "'until' with holds"),
    ],
)
def test_a_statement_that_no_run_could_settle_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        held(**changes)


def test_a_difference_of_two_conditions_may_be_held_to_be_negative_or_nothing() -> None:
    two = {"given": {"occurs": "frost"}, "than_given": {"holds": "frost"}}
    assert str(held(**two, at_least=0.0)) == "at least 0 points"
    assert held(**two, at_least=None, at_most=-0.2).bounds == (None, -0.2)


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        ({"at_least": 0.95}, "at least 95 %"), ({"at_least": None, "at_most": 0.005}, "at most 0.5 %"),
        ({"at_least": None, "between": (0.3, 0.6)}, "between 30 and 60 %"),
    ],
)
def test_what_is_held_is_said_in_words(bound: dict[str, object], words: str) -> None:
    assert str(held(**bound)) == words


def test_parts_without_a_day_of_their_own_have_that_of_the_statement() -> None:
    statement = held(p={"all_of": ({"occurs": "rain", "by": "2029-05-01"}, {"holds": "hail"})}, given={"same": ("frost", "thaw")})
    early, late = dt.date(2029, 5, 1), dt.date(2030, 1, 1)
    assert statement.leaves() == (("rain", early), ("hail", late), ("frost", late), ("thaw", late))
    assert statement.events() == ("rain", "hail", "frost", "thaw")
    assert statement.absent({"rain", "hail", "thaw"}) == "no question leads to frost"
    assert statement.outside(dt.date(2029, 1, 1), dt.date(2030, 1, 1)) == ""
    assert statement.outside(dt.date(2029, 5, 1), dt.date(2030, 1, 1)).startswith("2029-05-01 lies outside")
    assert statement.outside(dt.date(2029, 1, 1), dt.date(2029, 12, 31)).startswith("2030-01-01 lies outside")


def test_an_edition_has_the_assumptions_that_name_it_or_name_none() -> None:
    assert [held.id for held in toy_edition().assumptions] == ["a-001", "a-002", "a-003", "a-004"]
    other = toy_dossier().assumptions["a-002"].model_copy(update={"editions": ("2025-01-ferry",)})
    assert not other.is_held_of("2024-07-ferry")
    assert toy_dossier().assumptions["a-001"].is_held_of("2024-07-ferry")


def test_an_assumption_knows_the_line_of_its_fields() -> None:
    assert str(toy_dossier().where("assumption", "a-002", "holds")) == "priors/assumptions.yaml:9"


def test_an_assumption_must_say_who_holds_it_why_and_what_would_change_it() -> None:
    with pytest.raises(ValidationError) as caught:
        Assumption.model_validate({"id": "a-1", "statement": "It rains.", "holds": RAIN})
    assert {error["loc"] for error in caught.value.errors()} == {("held_by",), ("why",), ("would_change",)}


@pytest.mark.parametrize(
    ("bound", "was", "said"),
    [
        ({"at_least": 0.9}, 0.8, ""), ({"at_least": 0.9}, 0.95, "at least 90 %, no stricter than 95 %"),
        ({"at_least": None, "at_most": 0.05}, 0.2, ""),
        ({"at_least": None, "at_most": 0.2}, 0.05, "at most 20 %, no stricter than 5 %"),
        ({"at_least": None, "between": (0.3, 0.6)}, 0.2, "'stricter' with two bounds"),
    ],
)
def test_a_bound_may_only_be_made_harder_to_meet_afterwards(bound: dict[str, object], was: float, said: str) -> None:
    record = toy_dossier().assumptions["a-001"].model_dump(by_alias=True)
    record |= {"holds": held(**bound), "stricter": {"was": was, "on": "2030-02-01"}}
    if not said:
        assert Assumption.model_validate(record).stricter.was == was
        return
    with pytest.raises(ValidationError, match=said):
        Assumption.model_validate(record)

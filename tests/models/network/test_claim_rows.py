"""Judgements and claims about drivers as rows, and what a repetition is still worth."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest
from toy import toy_edition

from forecasting.elicitation.quantify import quantify
from forecasting.models.network.claim_rows import DriverRows, Told, build_claim_rows, build_driver_rows, repeated_spread
from forecasting.models.network.structure import build_structure


def test_a_judgement_reads_the_hazard_over_its_own_horizon() -> None:
    edition = toy_edition()
    s = build_structure(edition, quantify(edition))
    rows = build_claim_rows(edition, s, quantify(edition))
    assert rows.claim_ids == ("n-001", "n-002")
    assert [world.exposure for world in rows.worlds] == [1.0, 1.0]
    # "likely", 0.60 0.67 0.75 0.80 0.90, has cloglogs −0.08742 0.10315 0.32663 0.47588 0.83403: mean 0.33045,
    # slope (1.644854·0.92145 + 0.674490·0.37273)/6.320960 = 0.27955; grades B (0.31) and 3 (0.44) add √0.2897
    assert rows.reading[0] == pytest.approx(0.33045, abs=2e-5)
    assert rows.spread[0] == pytest.approx(np.hypot(0.27955, np.sqrt(0.2897)), abs=2e-5)
    assert build_claim_rows(edition, s, quantify(edition), frozenset({"n-001"})).claim_ids == ("n-002",)


def test_a_driver_claim_reads_the_pressure_in_standard_deviations() -> None:
    edition = toy_edition()
    rows = build_driver_rows(edition, build_structure(edition, quantify(edition)), quantify(edition))
    assert rows.claim_ids == ("n-020",)
    assert rows.reading == pytest.approx([-np.log(2)])
    # moderate 0.3, reliability C 0.44, credibility 3 0.44
    assert rows.spread == pytest.approx([np.sqrt(0.09 + 0.1936 + 0.1936)])
    without = build_driver_rows(edition, build_structure(edition, quantify(edition)), quantify(edition), frozenset({"n-020"}))
    assert without.claim_ids == ()


def driver_rows(*others: dict[str, object], aged_on: dt.date | None = None) -> DriverRows:
    """Return the rows of the toy's claim about a driver, and of copies of it with some fields changed."""
    edition = toy_edition()
    first = next(claim for claim in edition.claims if claim.id == "n-020")
    copies = tuple(first.model_copy(update={"id": f"n-03{i}", **fields}) for i, fields in enumerate(others))
    edition = dataclasses.replace(edition, claims=(first, *copies))
    numbers = quantify(edition)
    return build_driver_rows(edition, build_structure(edition, numbers), numbers, aged_on=aged_on)


def test_claims_about_a_driver_share_an_error_with_those_of_their_source_and_of_their_origin() -> None:
    rows = driver_rows(
        {"origin": "traders", "paraphrase": "The coffers fill."},
        {"source": "sudland-post", "direction": "raises"},
        {"source": "harbour-office", "origin": "harbour-master"},
    )
    assert rows.claim_ids == ("n-020", "n-030", "n-031", "n-032")
    assert rows.source_group.tolist() == [1, 1, 0, 0]
    assert rows.origin_group.tolist() == [1, 0, 1, 0]
    assert rows.side.tolist() == [0.0] * 4
    assert rows.driver.tolist() == [0] * 4
    # a moderate grade is a factor of two, either way
    assert rows.reading == pytest.approx(np.log(2) * np.array([-1, -1, 1, -1]))


@pytest.mark.parametrize(
    ("fields", "worth"),
    [
        ({}, 0.1),
        ({"source": "sudland-post", "paraphrase": "The coffers are full."}, 0.1),
        ({"paraphrase": "The coffers are full."}, 1.0),
        ({"origin": "traders"}, 1.0),
        ({"direction": "raises"}, 1.0),
    ],
    ids=["the same words", "another paper", "other words", "another origin", "the other way"],
)
def test_a_claim_about_a_driver_is_a_copy_of_one_that_says_the_same_from_one_origin(fields: dict[str, str], worth: float) -> None:
    spread = driver_rows(fields).spread
    assert spread**-2 == pytest.approx(np.array([1.0, worth]) / (0.09 + 0.1936 + 0.1936))


def test_a_claim_about_a_driver_ages_from_its_day_on_and_has_no_age_before_it() -> None:
    made = dt.date(2024, 2, 1)
    older = {"made_on": made, "origin": "traders"}
    assert driver_rows(older).age == pytest.approx([0.0, (dt.date(2024, 7, 1) - made).days / 365.25])
    assert driver_rows(older, aged_on=dt.date(2025, 2, 1)).age == pytest.approx([215 / 365.25, 366 / 365.25])
    assert driver_rows(older, aged_on=dt.date(2024, 1, 1)).age.tolist() == [0.0, 0.0]


PAPERS = [Told("wire", name, f"words of {name}") for name in "abcde"]


def test_five_copies_of_a_judgement_carry_a_ninth_more_information_than_one(measured) -> None:
    spread = repeated_spread(np.full(5, 0.6), PAPERS, list("abcde"))
    information = (spread**-2).sum() * 0.6**2
    assert information == pytest.approx(1.1111)
    measured(f"circular reporting: five copies of one judgement carry {information:.2f} times the information of one")


def test_a_further_reading_of_one_origin_never_takes_information_away() -> None:
    information = [
        (repeated_spread(np.array([0.4, *more]), PAPERS[: 1 + len(more)], list("abc")[: 1 + len(more)]) ** -2).sum()
        for more in ([], [2.0], [2.0, 0.3])
    ]
    assert information == sorted(information)


def test_other_origins_targets_conditions_directions_and_words_of_one_source_are_no_copies() -> None:
    pact = ("wire", "pact", (), "occurs")
    others = [("envoy", "pact", (), "occurs"), ("wire", "toll", (), "occurs"), ("wire", "pact", ("quay",), "occurs"),
              ("wire", "pact", (), "does-not-occur")]  # fmt: skip
    told = [Told(pact, "a", "likely"), *(Told(what, "b", "likely") for what in others), Told(pact, "a", "all but certain")]
    assert repeated_spread(np.full(6, 0.5), told, list("abcdef")).tolist() == [0.5] * 6
    # the order in which claims are written changes nothing
    two = [Told(pact, "b", "likely"), Told(pact, "a", "likely")]
    assert repeated_spread(np.array([0.5, 0.4]), two, ["b", "a"]) == pytest.approx([0.5 * 10**0.5, 0.4])
    assert repeated_spread(np.array([0.5, 0.5]), two, ["b", "a"]) == pytest.approx([0.5 * 10**0.5, 0.5])


@pytest.mark.parametrize("sources", ["a", "ab", "abcdefghij"])
def test_twenty_copies_carry_no_more_than_a_ninth_more_than_one_however_they_are_spread(sources: str) -> None:
    told = [Told("wire on the pact", sources[i % len(sources)], "likely") for i in range(20)]
    information = (repeated_spread(np.full(20, 0.6), told, [f"c-{i:02}" for i in range(20)]) ** -2).sum() * 0.6**2
    assert information == pytest.approx(1 / 0.9, abs=1e-12)


def test_twenty_copies_of_a_judgement_in_an_edition_are_read_as_hardly_more_than_it() -> None:
    # n-001 copied nineteen times, each with another horizon that the coder chose: still the same words
    edition = toy_edition()
    first = next(claim for claim in edition.claims if claim.id == "n-001")
    first = first.model_copy(update={"horizon": first.horizon.model_copy(update={"stated": False})})
    copies = [
        first.model_copy(update={"id": f"n-1{i:02}", "horizon": first.horizon.model_copy(update={"years": 1 + i / 100})})
        for i in range(19)
    ]
    others = tuple(claim for claim in edition.claims if claim.id != first.id)
    many = dataclasses.replace(edition, claims=(first, *others, *copies))
    rows = build_claim_rows(many, build_structure(many, quantify(many)), quantify(many))
    mine = np.isin(rows.claim_ids, [first.id, *(copy.id for copy in copies)])
    assert mine.sum() == 20
    assert (rows.spread[mine] ** -2).sum() * rows.spread_alone[mine].min() ** 2 == pytest.approx(1 / 0.9, abs=1e-9)

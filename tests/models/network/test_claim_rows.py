"""Judgements and claims about drivers as rows, and what a repetition is still worth."""

from __future__ import annotations

import numpy as np
import pytest
from toy import toy_edition

from forecasting.elicitation.quantify import quantify
from forecasting.models.network.claim_rows import build_claim_rows, build_driver_rows, repeated_spread
from forecasting.models.network.structure import build_structure


def test_a_judgement_reads_the_hazard_over_its_own_horizon() -> None:
    edition = toy_edition()
    s = build_structure(edition, quantify(edition))
    rows = build_claim_rows(edition, s, quantify(edition))
    assert rows.claim_ids == ("n-001", "n-002")
    assert [world.exposure for world in rows.worlds] == [1.0, 1.0]
    assert not any(world.known_world for world in rows.worlds)
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


PAPERS = [("wire", name) for name in "abcde"]


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


def test_other_origins_targets_conditions_and_sentences_of_one_source_are_no_copies() -> None:
    wire, envoy, toll, given = ("wire", "pact", ()), ("envoy", "pact", ()), ("wire", "toll", ()), ("wire", "pact", ("quay",))
    told = [(wire, "a"), (envoy, "b"), (toll, "b"), (given, "b"), (wire, "a")]
    assert repeated_spread(np.full(5, 0.5), told, list("abcde")).tolist() == [0.5] * 5
    # the order in which claims are written changes nothing
    two = [(wire, "b"), (wire, "a")]
    assert repeated_spread(np.array([0.5, 0.4]), two, ["b", "a"]) == pytest.approx([0.5 * 10**0.5, 0.4])
    assert repeated_spread(np.array([0.5, 0.5]), two, ["b", "a"]) == pytest.approx([0.5 * 10**0.5, 0.5])

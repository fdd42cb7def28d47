"""Advice is left out, and what somebody demands, expects or makes a condition is not; sentences of our own."""

from __future__ import annotations

import pytest

from forecasting.coding.advice import is_advice
from forecasting.coding.suggest import suggest_claims

ADVICE = """\
Policymakers ought to prepare for the end of the truce.
Donors must urge both sides to keep the pact.
The West should lift its sanctions before the talks collapse.
There must be a shift from arms to aid.
It is vital that the garrison stays out of the war.
The crisis underscores the urgent need for a treaty.
Allies need to think again about the embargo.
"""
NONE = """\
The envoy should reach the border by May.
The deal must have been signed already.
Should the government fall, the garrison may leave.
The duke must talk to Belmar, because it holds the ford.
The garrison should be able to hold the port.
"""


@pytest.mark.parametrize("sentence", ADVICE.splitlines())
def test_advice_is_told_and_left_out_whatever_else_is_in_it(sentence: str):
    assert is_advice(sentence)
    assert suggest_claims(sentence) == ()


@pytest.mark.parametrize("sentence", NONE.splitlines())
def test_what_is_expected_or_a_condition_is_no_advice(sentence: str):
    assert not is_advice(sentence)


def test_the_demand_of_somebody_who_is_named_is_kept_and_so_is_one_with_a_day():
    said = "Both sides must sign the deal before the elections, the envoy said."
    assert not is_advice(said, attributed=True)
    (proposal,) = suggest_claims("Both sides must sign the deal by 31/12/2031 or the sanctions will return.")
    assert proposal.kind == "fact"

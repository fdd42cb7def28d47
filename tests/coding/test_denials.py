"""What turns a whole statement around, broken words, and numbers of other locales; sentences of our own, one per construction."""

from __future__ import annotations

import pytest

from forecasting.coding.dates import find_dates, find_quantities
from forecasting.coding.denials import find_denials
from forecasting.coding.polarity import find_likelihoods
from forecasting.coding.sentences import joined
from forecasting.coding.suggest import suggest_claims

DENIED = """\
The notion that the ferry will sail again is a fantasy.
Claims that the bridge may reopen were baseless.
It was naive to believe the council would agree.
On no account will the harbour close.
At no point would the islanders leave.
Rarely will a mayor resign over it.
The strike may, the union says, not go ahead.
The levy would after all not be raised.
Hopes that the mine will reopen have evaporated.
There is no sign that the quarry will close.
The closure is likely to be averted.
If the dam had burst, the town would have drowned.
Will the ferry sail again?
The mayor pretended that the levy would go.
"""
STATED = """\
The bridge will probably reopen in May.
The council may agree, although the mayor was wrong about the levy.
Nobody lacks a boat; the ferry will sail.
The mayor was false to his word, and the islanders will leave.
He never said so, but the strike may go ahead.
"""


@pytest.mark.parametrize("sentence", DENIED.splitlines())
def test_what_is_denied_is_no_wording(sentence: str):
    found = find_likelihoods(sentence)
    assert found
    assert all(item.under for item in found), found


@pytest.mark.parametrize("sentence", STATED.splitlines()[:1] + STATED.splitlines()[2:3] + STATED.splitlines()[4:])
def test_what_is_stated_stays(sentence: str):
    assert any(item.under is None for item in find_likelihoods(sentence))


def test_a_plain_statement_has_no_denial():
    assert not list(find_denials("The lease was signed, and the port will be rebuilt."))


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("A relapse cannot be entirely ruled out.", "cannot be entirely ruled out"),
        ("A strike could not be excluded, the mayor said.", "could not be excluded"),
        ("The vote is anything but certain.", "anything but certain"),
        ("The mayor declined to rule out a levy.", "declined to rule out"),
        ("The ferry is as likely as not to sail.", "as likely as not"),
    ],
)
def test_a_fixed_hedge_is_read_whole(sentence: str, whole: str):
    assert [item.words for item in find_likelihoods(sentence) if not item.under] == [whole]


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("un-\nlikely", "unlikely"),
        ("im- \n  probable", "improbable"),
        ("un\u00adlikely", "unlikely"),
        ("un\u00ad\nlikely", "unlikely"),
        ("un\u2011likely", "unlikely"),
        ("well-known", "well-known"),
        ("mid-May", "mid-May"),
    ],
)
def test_broken_words_are_joined(broken: str, whole: str):
    assert joined(broken) == whole


@pytest.mark.parametrize(
    ("text", "value", "upper", "unit"),
    [
        ("some 12 500 boats", 12500, None, "boats"),
        ("12\u202f500 boats", 12500, None, "boats"),
        ("3.000.000 boats", 3_000_000, None, "boats"),
        ("1,250,000 boats", 1_250_000, None, "boats"),
        ("3,5 percent", 3.5, None, "%"),
        ("30-40%", 30, 40, "%"),
        ("30 \u2013 40 per cent", 30, 40, "%"),
        ("2.75 million boats", 2_750_000, None, "boats"),
    ],
)
def test_numbers_of_other_locales(text: str, value: float, upper: float | None, unit: str):
    (found,) = find_quantities(text)
    assert (found.value, found.upper, found.unit) == (value, upper, unit)


@pytest.mark.parametrize(
    "sentence",
    [
        "The chance that the port closes is 60-70%, the mayor told the council.",
        "The odds on a signed deal are 4:1, brokers told the council.",
        "There is a 30% chance of a strike at the port, the mayor told the council.",
    ],
)
def test_a_probability_said_in_numbers_is_a_judgement(sentence: str):
    (found,) = suggest_claims(sentence)
    assert found.kind == "judgement"


def test_odds_are_no_quantity_and_a_date_with_slashes_is_one_date():
    assert not list(find_quantities("The odds are 4:1."))
    assert [(d.words, d.iso) for d in find_dates("due by 25/11/2031")] == [("25/11/2031", "2031-11-25")]
    assert not list(find_quantities("due by 25/11/2031"))

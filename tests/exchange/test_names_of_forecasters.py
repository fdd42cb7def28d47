"""Two names that would be one in the ledger, or in a hub, are refused with both of them."""

from __future__ import annotations

import pytest

from forecasting.errors import UsageError
from forecasting.exchange.hub_names import once_each
from forecasting.ledger.others import one_spelling


@pytest.mark.parametrize(
    ("first", "second"),
    [("Ann Lee", "ANN LEE"), ("Ann Lee", "ann-lee"), ("Ann", "Ａｎｎ"), ("Ann.", "Ann"), ("Zoë", "ZOË")],
)
def test_two_spellings_of_one_name_are_refused_with_both(first: str, second: str) -> None:
    with pytest.raises(UsageError, match="would be one forecaster") as raised:
        one_spelling([first, "Bo", second])
    assert repr(first) in str(raised.value)
    assert repr(second) in str(raised.value)


def test_one_spelling_may_come_again_and_other_names_are_others() -> None:
    one_spelling(["Ann Lee", "Ann Lee", " Ann Lee ", "Bo", "Zoë", "Zoe"])


def test_two_names_of_a_hub_that_differ_in_capitals_alone_are_refused_with_both() -> None:
    with pytest.raises(UsageError, match="two models, ann live and Ann live, would both be called t-Ann"):
        once_each({("ann", "live"): "t-ann", ("Ann", "live"): "t-Ann"}, "models")

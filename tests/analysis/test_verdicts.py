"""What an answer depends on, in words: the rule, case by case, and never against the bar beside it."""

from __future__ import annotations

import pytest

from forecasting.analysis.verdicts import verdict


@pytest.mark.parametrize(
    ("measured", "code"),
    [
        ({"base": (0.0, 0.0, 0.0), "claims": (0.0, 0.0, 0.0)}, "settled"),
        ({"base": (0.04, 0.01, 0.3), "claims": (0.02, 0.01, 0.1)}, "neither"),
        ({"base": (0.06, 0.04, 0.3), "claims": (0.02, 0.01, 0.1)}, "neither"),  # not twice its noise
        ({"base": (0.20, 0.01, -0.3), "claims": (0.02, 0.01, 0.1)}, "base"),
        ({"base": (0.02, 0.01, -0.3), "claims": (0.08, 0.01, 0.1)}, "claims"),
        ({"base": (0.02, 0.01, -0.3), "history": (0.08, 0.01, 0.1)}, "history"),
        ({"base": (0.02, 0.01, -0.3), "facts": (0.08, 0.01, 0.1)}, "facts"),
        ({"grades": (0.07, 0.01, -0.3)}, "grades"),
        ({"base": (0.20, 0.01, 0.3), "claims": (0.08, 0.01, 0.3)}, "shared"),
        ({"base": (0.20, 0.01, -0.3), "claims": (0.08, 0.01, 0.3)}, "against"),
        ({"base": (0.20, 0.01, -0.9), "facts": (0.30, 0.01, 0.9)}, "against"),  # how strong facts are was stated: no conflict
        ({"base": (0.20, 0.01, -0.8), "history": (0.30, 0.01, 0.9)}, "conflict"),
    ],
)
def test_the_verdict_follows_its_rule(measured: dict, code: str) -> None:
    found, words = verdict(measured)
    assert found == code
    assert words
    if code == "conflict":
        assert words == "prior–data conflict: more weight on the history raises it, more on the base-rate prior lowers it"


def test_a_compromise_names_every_part_on_the_side_to_which_it_pulls() -> None:
    _, words = verdict({
        "base": (0.2, 0.01, 0.4), "claims": (0.1, 0.01, -0.3), "facts": (0.3, 0.01, -0.5), "history": (0.08, 0.01, 0.02),
    })  # fmt: skip
    # history counts, but pulls to neither side
    head = "a compromise: more weight on the base-rate prior raises it"
    assert words == f"{head}, more on the reported facts and the judgements lowers it"


def test_an_answer_far_from_its_base_rate_is_not_said_to_depend_on_nothing() -> None:
    still = {"base": (0.04, 0.01, 0.3), "claims": (0.02, 0.01, 0.1)}
    assert verdict(still, 0.91, 0.65) == (
        "together",
        "driven by all parts together: none alone, given a quarter more or less weight, moves it much, "
        "but all of them took it from 91 % to 65 %",
    )
    # four points apart, or with no base rate to compare with
    assert verdict(still, 0.60, 0.64)[0] == verdict(still)[0] == "neither"

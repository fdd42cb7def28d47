"""The sentences of a scorecard: which one is said of which figures, and where each begins and ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecasting.scoring.ordered_words import NONE_YET, OrderedRow, amount, groups, named, number, populations
from forecasting.scoring.reliability import reliability
from forecasting.scoring.scorecard import Line, Scorecard
from forecasting.scoring.scored import Count
from forecasting.scoring.uncertainty import Mean
from forecasting.scoring.words import (
    evolved,
    needed,
    parts,
    population,
    roughly,
    skill,
    span,
    states_line,
    two_digits,
    verdict,
)

BRIER = Mean(0.2, 0.1, 0.3, 24, 12)


def line(gain=None, more=None, forecaster="model"):
    return Line(forecaster, forecaster, BRIER, BRIER, BRIER, None, None, gain, more)


def card(*lines, **changes):
    return replace(Scorecard("spring", "live", lines, 24, 12, 0, None, None), **changes)


def gain(mean=-0.05, low=-0.08, high=-0.02, n=24, clusters=12):
    return Mean(mean, low, high, n, clusters)


@pytest.mark.parametrize("one", [card(), card(line()), card(line(gain(), forecaster="market"))])
def test_without_a_score_beside_base_rates_there_is_no_verdict(one):
    assert verdict(one) == "The model has no score to set against base rates."
    assert needed(one) == ""


SO_FAR = "So far the model did better than base rates alone (Brier 0.200 against 0.250), by no more than chance could explain"


@pytest.mark.parametrize(
    ("of", "more", "said"),
    [
        (gain(), 0, "The model did better than base rates alone (Brier 0.200 against 0.250)."),
        (gain(0.05, 0.02, 0.08), 0, "The model did worse than base rates alone (Brier 0.200 against 0.150)."),
        (gain(0.0, 0.0, 0.0), 0, "The model did worse than base rates alone (Brier 0.200 against 0.200)."),
        (gain(high=0.0), 0, "The model did better than base rates alone (Brier 0.200 against 0.250)."),
        (gain(clusters=10), 0, "The model did better than base rates alone (Brier 0.200 against 0.250)."),
        (gain(clusters=9), 0, "The model did better than base rates alone (Brier 0.200 against 0.250), though with so few "
                              "stories the interval is rough."),
        (gain(clusters=2), None, "The model did better than base rates alone (Brier 0.200 against 0.250), though with so few "
                                 "stories the interval is rough."),
        (gain(clusters=1), None, f"{SO_FAR}; 1 story cannot tell."),
        (gain(high=0.02, clusters=4), None, f"{SO_FAR}; 4 stories cannot tell."),
        (gain(high=0.02, clusters=5), None, f"{SO_FAR}."),
        (gain(high=0.02, clusters=5), 60, f"{SO_FAR}; tens more such stories would tell."),
        (gain(high=0.02), 0, f"{SO_FAR}."),
    ],
)  # fmt: skip
def test_the_verdict_says_which_did_better_and_how_sure_that_is(of, more, said):
    assert verdict(card(line(of, more))) == said


@pytest.mark.parametrize(
    ("n", "words"),
    [(9, "a few"), (10, "tens"), (99, "tens"), (100, "hundreds"), (999, "hundreds"), (1000, "thousands"), (10_000, "thousands")],
)
def test_how_many_more_is_said_roughly(n, words):
    assert roughly(n) == f"{words} more"


@pytest.mark.parametrize(
    ("of", "more", "said"),
    [
        (gain(), 0, ""),
        (gain(clusters=4), None, "How many more it would take cannot be said from fewer than 5 stories."),
        (gain(clusters=5), None, "Not even 10,000 more stories would tell the model from base rates, if both go on as they do."),
        (gain(), 568, "About 570 more stories (1,100 more resolved questions, at 2.0 a story) would tell the model from base "
                      "rates, if both go on as they do."),
        (gain(n=19), 1, "About 1 more story (2 more resolved questions, at 1.6 a story) would tell the model from base rates, "
                        "if both go on as they do."),
        (gain(n=12), 1, "About 1 more story (1 more resolved question, at 1.0 a story) would tell the model from base rates, "
                        "if both go on as they do."),
    ],
)  # fmt: skip
def test_how_many_more_it_would_take_is_said_with_what_is_known_of_it(of, more, said):
    assert needed(card(line(of, more))) == said


def test_a_number_of_two_digits_is_rounded_and_not_cut():
    assert [two_digits(n) for n in (0.4, 0.6, 7, 7.6, 99, 568, 1562)] == [0, 1, 7, 8, 99, 570, 1600]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "24 questions in 12 stories"),
        ({"n": 1, "n_stories": 1}, "1 question in 1 story"),
        ({"n_no_report": 1}, "24 questions in 12 stories; 1 settled because nothing was reported"),
        ({"n_shared": 1, "n_no_report": 3},
         "24 questions in 12 stories (1 of them shared by editions); 3 settled because nothing was reported"),
    ],
)  # fmt: skip
def test_a_population_is_counted(changes, said):
    assert population(card(**changes)) == said


def test_what_became_of_forecasts_is_said_in_one_order_without_what_did_not_occur():
    count = Count("spring", "live", {"void": ("a",), "scored": ("b", "c"), "late": (), "changed": ("d",)})
    assert count.n_issued == 4
    assert states_line(count) == "4 issued: 2 scored, 1 void, 1 asked anew since"


def test_a_mean_is_shown_with_its_interval():
    assert span(Mean(0.1712, 0.1, 0.22, 24, 9)) == "0.171 (0.100 to 0.220)"
    assert span(Mean(0.1712, -0.1, 0.22, 24, 9), 2, signed=True) == "+0.17 (-0.10 to +0.22)"
    assert span(None) == ""


def test_the_parts_of_a_score_are_said_with_how_sharp_it_is():
    assert parts(card()) == "Too few yes/no questions to look at reliability."
    curve = reliability([0.1, 0.4, 0.6, 0.9], [False, True, False, True])
    assert parts(card(reliability=curve, sharpness=0.25)).startswith(
        "Yes/no questions: Brier 0.185 = miscalibration 0.060 - resolution 0.125 + uncertainty 0.250; sharpness 25 points"
    )
    assert "sharpness 0 points" in parts(card(reliability=curve))
    assert parts(card(reliability=curve)).endswith(f"; {curve.n_outside} of 4 recalibrated values outside their band of 90 %.")


def test_skill_is_in_per_cent_with_its_sign():
    assert [skill(replace(line(), skill=value)) for value in (None, 0.084, -0.5, 0.0)] == ["", "+8 %", "-50 %", "+0 %"]


def of_days(*rows):
    return pd.DataFrame(rows, columns=["standing", "forecaster", "story", "n", "brier", "last"])


def test_what_was_renewed_is_counted_by_standing_and_forecaster():
    table = of_days(
        ("reconstructed", "model", 0, 1, 0.2, 0.2), ("live", "model", 0, 3, 0.1, 0.3), ("live", "model", 1, 2, 0.3, 0.1),
        ("live", "model", 2, 1, 0.5, 0.9), ("live", "market", 1, 2, 0.4, 0.25),
    )  # fmt: skip
    assert evolved(table, {"a": 0.2, "b": 0.1}) == [
        "time-weighted, reconstructed, model: Brier 0.200 (0.200 to 0.200) over 1 question; each was forecast once, so that this "
        "is the plain score",
        "time-weighted, live, model: Brier 0.300 (0.167 to 0.433) over 3 questions; 2 forecast more than once (5 forecasts); "
        "Brier of the last one alone 0.433",
        "time-weighted, live, market: Brier 0.400 (0.400 to 0.400) over 1 question; 1 forecast more than once (2 forecasts); "
        "Brier of the last one alone 0.250",
        "flip-flop: the model moved by 0.150 from one forecast to the next, over 2 questions, open ones too",
    ]
    assert evolved(table[:0], {"a": 0.2})[1].endswith("over 1 question, open ones too")


def ordered(question, forecaster, ranked, share=np.nan, crps=np.nan, *, value=np.nan, standing="live", edition="spring"):
    names = ("edition", "standing", "question", "forecaster", "outcome", "value", "unit", "ranked", "crps", "share")
    values = (edition, standing, question, forecaster, "from-17", value, "people", ranked, crps, share)
    return dict(zip(names, values, strict=True))


def test_populations_come_in_the_order_of_the_table_and_apart():
    table = pd.DataFrame([
        ordered("a", "model", 0.1, standing="reconstructed"), ordered("b", "model", 0.1, edition="autumn"),
        ordered("c", "model", 0.1), ordered("d", "model", 0.1, edition="autumn"),
    ])  # fmt: skip
    found = [(edition, standing, own["question"].to_list()) for edition, standing, own in populations(table)]
    assert found == [("spring", "reconstructed", ["a"]), ("autumn", "live", ["b", "d"]), ("spring", "live", ["c"])]


def test_a_question_is_shown_with_what_came_and_a_mean_stands_below_two():
    own = pd.DataFrame([
        ordered("b", "model", 0.2, 0.125, 1234.6, value=2_329_547.5), ordered("b", "walk", 0.4, 0.5, 10.0, value=2_329_547.5),
        ordered("a", "model", 0.3), ordered("a", "ann", 0.1),
    ])  # fmt: skip
    first, second, mean = groups(own)
    assert (first.question, first.came) == ("b", "2,329,547.5 people")
    assert first.rows == (
        OrderedRow("model", "0.200", "1,230", "0.125"), OrderedRow("random walk with drift", "0.400", "10", "0.500")
    )  # fmt: skip
    assert (second.question, second.came) == ("a", "from-17")
    assert second.rows[1] == OrderedRow("ann", "0.100", "", "")
    assert (mean.question, mean.came) == ("", "mean of 2 ranked scores, and of 1 number")
    assert mean.rows == (  # the walk speaks of all numbers, and not of all ranked scores; ann of neither
        OrderedRow("model", "0.250", "", "0.125"), OrderedRow("random walk with drift", "", "", "0.500")
    )  # fmt: skip
    assert groups(own[own["question"] == "b"]) == [first]
    without = groups(own[own["forecaster"] != "model"].assign(forecaster="ann"))
    assert (without[-1].came, without[-1].rows[0]) == (
        "mean of 2 ranked scores, and of 1 number", OrderedRow("ann", "0.250", "", "0.500")
    )  # fmt: skip
    none = groups(own.assign(share=np.nan))
    assert none[-1].came == "mean of 2 ranked scores, and of 0 numbers"


def test_scores_and_amounts_that_are_not_there_are_left_blank():
    assert (number(np.nan), number(0.0), amount(np.nan), amount(0.0)) == ("", "0.000", "", "0")
    assert [amount(value) for value in (118_866.8, 1.3913, 0.00123456)] == ["119,000", "1.39", "0.00123"]
    assert (named("even"), named("ann"), named("walk")) == ("even odds", "ann", "random walk with drift")
    assert NONE_YET.endswith("is scored yet.")

"""Typed probabilities: whether they are coherent, the nearest that are, and what that is worth in every world."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import optimize
from scipy.special import expit, logit

from forecasting.elicitation import projection
from forecasting.elicitation.coherence import coherent
from forecasting.elicitation.statements import MAX_EVENTS, parse_statement
from forecasting.errors import ForecastingError, UsageError


def test_a_set_of_which_one_happens_keeps_its_proportions() -> None:
    # 0.5 + 0.4 + 0.3 = 1.2: each divided by it; F = log 1.2 − 1 + … = −log 1.2 + 0.2
    got = coherent({"war": 0.5, "truce": 0.4, "peace": 0.3}, one_of=[["war", "truce", "peace"]])
    assert got.p == pytest.approx([0.5 / 1.2, 0.4 / 1.2, 0.3 / 1.2], abs=1e-7)
    assert got.cost == pytest.approx(0.2 - math.log(1.2), abs=1e-7)
    assert not got.coherent
    assert got["peace"] == got.p[2]
    assert got.typed == (0.5, 0.4, 0.3)


def test_two_numbers_for_one_event_meet_in_their_mean_log_odds() -> None:
    # min KL(r‖0.6) + KL(r‖0.9): logit r = (log 1.5 + log 9)/2, so odds √13.5
    got = coherent({"A": 0.6, "not A": 0.1})
    assert got["A"] == pytest.approx(math.sqrt(13.5) / (1 + math.sqrt(13.5)), abs=1e-7)
    assert got["not A"] == pytest.approx(1 - got["A"], abs=1e-12)
    # three analysts against one: ¾ log 1.5 + ¼ log 9
    trusted = coherent({"A": 0.6, "not A": 0.1}, trust={"A": 3})
    assert trusted["A"] == pytest.approx(expit(0.75 * logit(0.6) + 0.25 * logit(0.9)), abs=1e-7)
    held = coherent({"A": 0.6, "not A": 0.1}, trust={"A": math.inf})
    assert held.p == pytest.approx([0.6, 0.4], abs=1e-8)
    assert "keeps A" in repr(held)


def test_both_cannot_be_likelier_than_one() -> None:
    # A = 0.6 leaves room, so only B and "A and B" meet: logit of the mean of logits of 0.3 and 0.5
    got = coherent({"A": 0.6, "B": 0.3, "A and B": 0.5})
    middle = expit((logit(0.3) + logit(0.5)) / 2)
    assert got.p == pytest.approx([0.6, middle, middle], abs=1e-6)


def test_nested_deadlines_out_of_order_are_pooled_in_log_odds() -> None:
    # by 2025 0.6 > by 2026 0.5: the two violators pool; by 2027 at 0.9 stays
    got = coherent({"by-2025": 0.6, "by-2026": 0.5, "by-2027": 0.9}, implies=[["by-2025", "by-2026", "by-2027"]])
    pooled = expit((logit(0.6) + logit(0.5)) / 2)
    assert got.p == pytest.approx([pooled, pooled, 0.9], abs=1e-6)
    assert coherent({"by-2025": 0.5, "by-2026": 0.6}, implies=[["by-2025", "by-2026"]]).coherent


def test_the_chain_rule_is_asked_of_conditional_probabilities() -> None:
    assert coherent({"B": 0.5, "A given B": 0.4, "A and B": 0.2}).coherent
    got = coherent({"B": 0.5, "A given B": 0.4, "A and B": 0.3})
    assert not got.coherent
    assert got["B"] * got["A given B"] == pytest.approx(got["A and B"], abs=1e-9)
    # by a grid-free second opinion: minimise over (b, r) directly
    kl = lambda r, p: r * math.log(r / p) + (1 - r) * math.log((1 - r) / (1 - p))  # noqa: E731
    second = optimize.minimize(
        lambda x: kl(x[0], 0.5) + x[0] * kl(x[1], 0.4) + kl(x[0] * x[1], 0.3), [0.5, 0.4], bounds=[(0.01, 0.99)] * 2,
        options={"ftol": 1e-15, "gtol": 1e-10},
    )  # fmt: skip
    assert [got["B"], got["A given B"]] == pytest.approx(second.x, abs=1e-5)
    assert got.cost == pytest.approx(second.fun, abs=1e-7)


def test_a_condition_cannot_be_argued_away_to_make_two_answers_fit() -> None:
    # with P(B) left open, P(B) = 0 would satisfy anything; given B, the two still contradict each other
    got = coherent({"A given B": 0.9, "not A given B": 0.5})
    assert not got.coherent
    assert got["A given B"] == pytest.approx(expit((logit(0.9) + logit(0.5)) / 2), abs=1e-6)
    assert coherent({"A given B": 0.9, "not A given B": 0.1}).coherent


def test_an_almost_coherent_set_is_not_called_coherent() -> None:
    thirds = dict.fromkeys(("x", "y", "z"), 0.333)
    assert not coherent(thirds, one_of=[["x", "y", "z"]]).coherent
    assert coherent({"x": 0.3, "y": 0.3, "z": 0.4}, one_of=[["x", "y", "z"]]).coherent
    assert coherent({"x": 0.3, "y": 0.3, "z": 0.3}, exclusive=[["x", "y", "z"]]).coherent
    assert coherent({"x": 0.4, "y": 0.4, "z": 0.4}, exclusive=[["x", "y", "z"]]).p == pytest.approx([1 / 3] * 3, abs=1e-6)


EVENTS = ("A", "B", "C")
STATEMENTS = ("A", "B", "C", "not A", "A and B", "A or C", "B and not C", "A given B", "C given A or B", "B given not A")


def score(text: str, p: float, world: dict[str, bool]) -> float:
    """Return −log score of one forecast in one world, 0 where its condition fails; told apart from the code under test."""
    what, _, condition = text.partition(" given ")
    holds = lambda words: eval(words, {"__builtins__": {}}, dict(world))  # noqa: E731
    return 0.0 if condition and not holds(condition) else -math.log(p if holds(what) else 1 - p)


typed_sets = st.dictionaries(st.sampled_from(STATEMENTS), st.floats(0.02, 0.98), min_size=2, max_size=7)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(typed_sets)
@example({"A and B": 0.75, "A": 0.5, "B": 0.25, "C": 0.5, "A or C": 0.5})  # near the edge, where Newton's equations cancel
def test_the_result_is_coherent_and_beats_what_was_typed_in_every_world(typed: dict[str, float]) -> None:
    got = coherent(typed)
    if got.coherent:
        assert got.p == got.typed
        return
    for values in product((False, True), repeat=len(EVENTS)):
        world = dict(zip(EVENTS, values, strict=True))
        before, after = (sum(score(text, p, world) for text, p in zip(typed, ps, strict=True)) for ps in (got.typed, got.p))
        assert before - after >= got.cost - 1e-4 * (1 + before)
    again = coherent(dict(zip(got.statements, got.p, strict=True)))
    assert again.p == pytest.approx(got.p, abs=2e-6)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.05, 1), min_size=8, max_size=8))
def test_what_comes_from_a_joint_distribution_is_left_alone(masses: list[float]) -> None:
    joint = np.array(masses) / sum(masses)
    worlds = dict(zip(EVENTS, np.array(list(product((False, True), repeat=3))).T, strict=True))
    typed = {}
    for text in STATEMENTS:
        read = parse_statement(text)
        met = read.given.truth(worlds) if read.given else np.ones(8, bool)
        typed[text] = float(joint[read.what.truth(worlds) & met].sum() / joint[met].sum())
    got = coherent(typed)
    assert got.coherent
    assert got.p == tuple(typed.values())


@pytest.mark.parametrize(
    ("typed", "more", "message"),
    [
        ({}, {}, "write statements with their probabilities"),
        ({"A": 1.2}, {}, r"statement 'A' has probability 1\.2; write a number strictly between 0 and 1"),
        ({"A": 1.0}, {}, "what is certain goes into one_of, exclusive or implies"),
        ({"A": True}, {}, "statement 'A' has probability True"),
        ({"A and": 0.2}, {}, r"statement 'A and': it ends too early"),
        ({"(A": 0.2}, {}, "it ends too early"),
        ({"A B": 0.2}, {}, "'B' cannot stand where it does"),
        ({"A given B given C": 0.2}, {}, "'given' cannot stand where it does"),
        ({"A & B": 0.2}, {}, "'&' cannot stand where it does"),
        ({"A and not A": 0.2}, {}, "can never be true"),
        ({"A or not A": 0.2}, {}, "is always true"),
        ({"A given B and not B": 0.2}, {}, "its condition can never be met"),
        ({"A": 0.2, "B": 0.3}, {"one_of": [["A", "b2"]]}, "one_of names 'b2', of which no statement speaks"),
        ({"A": 0.2, "B": 0.3}, {"one_of": ["A"]}, "write sets of two or more events"),
        ({"A": 0.2, "B": 0.3}, {"trust": {"C": 1}}, "trust names 'C', which was not typed"),
        ({"A": 0.2, "B": 0.3}, {"trust": {"A": 0}}, "trust in 'A' is 0; write a number above 0"),
        ({"A": 0.2, "not A": 0.3}, {"trust": {"A": math.inf, "not A": math.inf}}, "the fixed numbers contradict each other"),
        ({f"e{i}": 0.2 for i in range(MAX_EVENTS + 1)}, {}, "too many combinations"),
        ({"A": 0.2, "B": 0.3}, {"one_of": [["A", "B"]], "implies": [["A", "B"], ["B", "A"]]}, "no combination of the events"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_fix(typed: dict, more: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        coherent(typed, **more)


def test_a_result_without_proof_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "AIMS", (1.0,))
    with pytest.raises(ForecastingError, match="was missed by"):
        coherent({"A": 0.6, "not A": 0.1})


def test_an_unknown_statement_is_answered_with_those_that_were_typed() -> None:
    with pytest.raises(UsageError, match="typed were"):
        coherent({"A": 0.6, "not A": 0.4})["zebra"]

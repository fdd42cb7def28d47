"""Typed probabilities on the paths: Jeffrey's rule for one, iterative proportional fitting for two, nothing without need."""

from __future__ import annotations

import numpy as np
import pytest
from three_events import END, MIDDLE, YEAR, chain, exact, question

from forecasting.dossier.questions import Question
from forecasting.errors import UsageError
from forecasting.paths.entropy_pooling import Tilted, tilted
from forecasting.paths.simulate import Paths, simulate

ASKED = [question("a"), question("b"), question("c")]
EARLY = Question.model_validate({"id": "a-early", "title": "Soon?", "asks": {"occurs": "a", "by": MIDDLE}})
FIRST = Question.model_validate({
    "id": "ab", "title": "Which?", "at": END,
    "scenarios": (
        {"id": "both", "title": "both", "all_of": ({"occurs": "a", "by": END}, {"occurs": "b", "by": END})},
        {"id": "rest", "title": "rest", "other": True},
    ),
})  # fmt: skip


@pytest.fixture(scope="module")
def paths() -> Paths:
    return simulate(chain(), np.array([0.0, 182 / 365.25, YEAR]), paths_per_draw=2000, random_seed=3)


def answer(got: Tilted, name: str, column: str = "p_tilted") -> float:
    return float(got.table[got.table["question"] == name][column].iloc[0])


def test_one_typed_number_moves_the_others_by_jeffreys_rule(paths: Paths) -> None:
    # P′(c) = 0.8 P(c | a) + 0.2 P(c | not a), the conditionals from the matrix exponential
    got, w = tilted(paths, ASKED, {"a-asked": 0.8}), chain()
    p_a = exact(w, lambda a, b, c: a)
    for name, k in (("b-asked", 1), ("c-asked", 2)):
        both = exact(w, lambda *s, k=k: s[0] and s[k])
        alone = exact(w, lambda *s, k=k: s[k] and not s[0])
        expected = 0.8 * both / p_a + 0.2 * alone / (1 - p_a)
        assert abs(answer(got, name) - expected) <= 4 * answer(got, name, "mcse_p_tilted")
    assert answer(got, "a-asked") == pytest.approx(0.8, abs=1e-9)
    assert answer(got, "a-asked", "mcse_p_tilted") == pytest.approx(0, abs=1e-12)
    # KL of one Bernoulli number, and the share of paths that it leaves: 1/(0.8²/p + 0.2²/(1 − p))
    p = answer(got, "a-asked", "p")
    assert got.divergence == pytest.approx(0.8 * np.log(0.8 / p) + 0.2 * np.log(0.2 / (1 - p)), abs=1e-9)
    assert got.share == pytest.approx(1 / (0.8**2 / p + 0.2**2 / (1 - p)), abs=1e-9)


def test_two_typed_numbers_give_what_iterative_proportional_fitting_gives(paths: Paths) -> None:
    got = tilted(paths, [*ASKED, FIRST], {"a-asked": 0.3, "b-asked": 0.6})
    a, b = paths.times[:, :, 0] <= YEAR + 1e-9, paths.times[:, :, 1] <= YEAR + 1e-9
    joint = np.array([[((a == i) & (b == j)).mean() for j in (False, True)] for i in (False, True)])
    for _ in range(500):
        joint *= (np.array([0.7, 0.3]) / joint.sum(axis=1))[:, None]
        joint *= np.array([0.4, 0.6]) / joint.sum(axis=0)
    rows = got.table[got.table["question"] == "ab"].set_index("outcome")["p_tilted"]
    assert rows["both"] == pytest.approx(joint[1, 1], abs=1e-9)
    assert rows.sum() == pytest.approx(1, abs=1e-12)
    assert [answer(got, "a-asked"), answer(got, "b-asked")] == pytest.approx([0.3, 0.6], abs=1e-9)


def test_typing_what_the_model_says_changes_nothing(paths: Paths) -> None:
    p = answer(tilted(paths, ASKED, {"a-asked": 0.5}), "a-asked", "p")
    got = tilted(paths, ASKED, {"a-asked": p})
    assert got.table["change"].abs().max() < 1e-9
    assert got.divergence == pytest.approx(0, abs=1e-9)
    assert got.share == pytest.approx(1, abs=1e-9)


def test_the_error_is_that_of_repeated_simulations() -> None:
    found = []
    for seed in range(30):
        again = simulate(chain(), np.array([0.0, YEAR]), paths_per_draw=20, random_seed=seed)
        got = tilted(again, ASKED, {"a-asked": 0.8})
        found.append([answer(got, "c-asked", name) for name in ("p_tilted", "mcse_p_tilted", "change", "mcse_change")])
    numbers = np.array(found)
    for at in (0, 2):  # the tilted answer, then how far it moved
        estimates, errors = numbers[:, at], numbers[:, at + 1]
        # draws of this world are independent, so that the flat factor 2 on the variance is too much by √2
        assert errors.mean() / np.sqrt(2) == pytest.approx(estimates.std(ddof=1), rel=0.4)


def test_the_result_reads_as_a_sentence_and_a_table(paths: Paths) -> None:
    text = repr(tilted(paths, [*ASKED, FIRST], {"a-asked": 0.8}))
    assert text.startswith("if a-asked = 0.8: ")
    assert "ab:both" in text
    assert "% of the paths still count" in text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "nothing was typed"),
        ({"a-askd": 0.4}, "no question 'a-askd' in this edition; did you mean 'a-asked'"),
        ({"ab": 0.4}, "has several outcomes; write ab:both or ab:rest"),
        ({"ab:non": 0.4}, "has no outcome 'non'"),
        ({"a-asked": 1}, "write a number strictly between 0 and 1"),
        ({"a-asked": 0.3, "a-early": 0.4}, "no weights on the paths give all of a-asked = 0.3, a-early = 0.4"),
        ({"ab:both": 0.6, "ab:rest": 0.5}, "fc.coherent says which"),
    ],
)
def test_what_cannot_be_met_is_refused(paths: Paths, typed: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        tilted(paths, [*ASKED, EARLY, FIRST], typed)


def test_a_question_that_hardly_any_path_answers_yes_is_refused() -> None:
    few = simulate(chain(), np.array([0.0, YEAR]), paths_per_draw=1, random_seed=3)
    with pytest.raises(UsageError, match="too few of one kind to reweight"):
        tilted(few, ASKED, {"c-asked": 0.5})

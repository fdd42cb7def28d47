"""A question that can be void: its answer is given that it is not, and P(void) stands beside it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from master_equation import BLOCKS, ENABLES, MULTIPLIES, world
from pydantic import ValidationError
from three_events import END, HALF, PATHS, YEAR, chain, exact

from forecasting.dossier.questions import Question
from forecasting.errors import UsageError
from forecasting.paths.conditional import given, watch
from forecasting.paths.entropy_pooling import tilted
from forecasting.paths.questions import answer, outcome_hits, valid_hits
from forecasting.paths.simulate import Paths, simulate

LATE = dt.date(2024, 12, 31)


def asked(**fields: Any) -> Question:
    closes = {"asks": {"occurs": "b"}, "void": {"holds": "a"}, "at": LATE}
    return Question.model_validate({"id": "closes", "title": "Does it close, once it has opened?", **closes, **fields})


def paths_of(ways: list[list[tuple[float, float]]]) -> Paths:
    """Return paths (draw, path) on which two events happen at some times, in years."""
    times = np.array(ways, dtype=np.float32)
    return Paths(world(np.ones((len(ways), 2))), np.array([0.0]), times, np.ones((len(ways), 2, 1)), np.zeros((2, 1)))


NEVER = np.inf
# first draw: void, yes, no, no; second: void, void, void, yes
BY_HAND = paths_of(
    [
        [(NEVER, 0.2), (0.1, 0.2), (0.1, NEVER), (0.3, NEVER)],
        [(NEVER, NEVER), (NEVER, 0.2), (NEVER, NEVER), (0.5, 0.6)],
    ]
)


def test_the_answer_is_the_share_of_the_paths_on_which_it_is_not_void() -> None:
    got = answer(BY_HAND, asked())
    assert got.outcomes == ("yes", "void")
    # two of the four paths that are not void; the mean of the draws' own shares would be (1/3 + 1)/2
    assert got.p[:, 0].mean() == pytest.approx(2 / 4, abs=1e-12)
    assert got.p[:, 1].tolist() == [1 / 4, 3 / 4]
    # R + (y - R v)/V with R = 1/2, V = 1/2: 1/2 + 2(1/4 - 3/8), 1/2 + 2(1/4 - 1/8)
    assert got.p[:, 0] == pytest.approx([1 / 4, 3 / 4], abs=1e-12)
    assert [name for name, _ in valid_hits(BY_HAND, asked())[0]] == ["yes"]


def test_yes_no_and_void_exclude_each_other() -> None:
    hits = dict(outcome_hits(BY_HAND, asked()))
    assert not (hits["yes"] & hits["void"]).any()
    assert hits["yes"].sum() == 2
    assert hits["void"].sum() == 4


def test_what_is_never_void_is_answered_as_if_it_could_not_be() -> None:
    rng = np.random.default_rng(3)
    w = world(rng.uniform(0.2, 2, (50, 3)), [(0, 1, MULTIPLIES, 4.0), (1, 2, ENABLES, 1.0), (2, 0, BLOCKS, 1.0)])
    simulated = simulate(w, np.array([0.0, 365 / 365.25]), paths_per_draw=37, random_seed=1)
    never = {"all_of": ({"occurs": "c"}, {"holds": "b"})}  # b enables c
    got = answer(simulated, asked(void=never))
    plain = answer(simulated, asked(void=None, asks={"any_of": ({"occurs": "b"},)}))  # counted, not integrated
    assert got.p[:, 1].tolist() == [0.0] * 50
    assert got.p[:, 0] == pytest.approx(plain.p[:, 0], abs=1e-12)
    assert got.noise[:, 0] * 37 == pytest.approx(plain.noise[:, 0] * 37, abs=1e-12)


@pytest.fixture(scope="module")
def simulated() -> Paths:
    return simulate(chain(), np.array([0.0, HALF, YEAR]), paths_per_draw=PATHS, random_seed=3)


def test_seeing_an_event_keeps_the_condition_that_it_is_not_void(simulated: Paths) -> None:
    question = asked(asks={"occurs": "c"}, void={"holds": "a"}, at=END)
    w = chain()
    table = given(simulated, [question], "b", END)
    assert table["outcome"].tolist() == ["yes"]
    row = table.iloc[0]
    assert row["p"] == pytest.approx(answer(simulated, question).p[:, 0].mean(), abs=1e-12)
    expected = exact(w, lambda a, b, c: a and b and c) / exact(w, lambda a, b, c: a and b)
    assert abs(row["p_given"] - expected) <= 4 * row["mcse_p_given"]
    plain = exact(w, lambda a, b, c: a and c) / exact(w, lambda a, b, c: bool(a))
    assert abs(row["p"] - plain) <= 0.01
    seen = watch(simulated, question, END).set_index("event")
    assert abs(seen.loc["b", "p_if"] - expected) <= 4 * seen.loc["b", "mcse_p_if"]


def test_typed_numbers_reweight_it_and_cannot_be_typed_for_it(simulated: Paths) -> None:
    question = asked(asks={"occurs": "c"}, void={"holds": "a"}, at=END)
    other = asked(id="b-comes", asks={"occurs": "b"}, void=None, at=END)
    table = tilted(simulated, [question, other], {"b-comes": 0.5}).table.set_index("question")
    seen = {name: given(simulated, [question], "b", END, occurs=name).iloc[0]["p_given"] for name in (True, False)}
    assert min(seen.values()) < table.loc["closes", "p_tilted"] < max(seen.values())
    assert table.loc["closes", "p"] == pytest.approx(answer(simulated, question).p[:, 0].mean(), abs=1e-12)
    with pytest.raises(UsageError, match="can be void"):
        tilted(simulated, [question, other], {"closes": 0.5})


def test_only_a_yes_no_question_can_be_void() -> None:
    with pytest.raises(ValidationError, match="'void' goes with 'asks'"):
        asked(asks=None, stages=("a", "b"))


def test_what_is_void_on_every_path_has_no_answer() -> None:
    with pytest.raises(UsageError, match="void on every path"):
        answer(paths_of([[(NEVER, 0.2)], [(NEVER, NEVER)]]), asked())


def test_an_event_with_which_the_question_is_hardly_ever_asked_is_none_to_look_out_for() -> None:
    def paths(n_asked: int) -> Paths:
        times = np.full((60, 20, 3), NEVER, dtype=np.float32)
        times[:, :, 1] = np.where(np.arange(20) % 4 == 0, 0.2, NEVER)  # it closes
        times[:, 10:, 0] = 0.1  # it has opened, where c does not come
        times[:, :10, 2] = 0.05  # c comes, and then the question is void, but
        times[:n_asked, 0, 0] = 0.1  # on so many paths, on all of which it closes
        return Paths(world(np.ones((60, 3))), np.array([0.0]), times, np.ones((60, 3, 1)), np.zeros((3, 1)))

    assert "c" not in set(watch(paths(2), asked(), END)["event"])
    assert "c" not in set(watch(paths(0), asked(), END)["event"])  # nothing is divided by nothing
    for n in (0, 2):
        assert given(paths(n), [asked()], "c", END).empty
    assert len(given(paths(2), [asked()], "c", END, occurs=False)) == 1

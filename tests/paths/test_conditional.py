"""Seeing, forcing and watching, against the master equation of three events and against Bayes' rule by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from master_equation import MULTIPLIES, world
from three_events import CHAIN, DRAWS, END, HALF, HAZARD, MIDDLE, PATHS, YEAR, chain, exact, question

from forecasting.errors import UsageError
from forecasting.paths.conditional import given, information, intervene, watch
from forecasting.paths.packed import packed
from forecasting.paths.simulate import Paths, simulate


@pytest.fixture(scope="module")
def paths() -> Paths:
    return simulate(chain(), np.array([0.0, HALF, YEAR]), paths_per_draw=PATHS, random_seed=3)


def test_seeing_an_event_gives_the_share_of_its_worlds_in_which_the_answer_is_yes(paths: Paths) -> None:
    w = chain()
    table = given(paths, [question()], "b", END).iloc[0]
    expected = exact(w, lambda a, b, c: b and c) / exact(w, lambda a, b, c: b)
    assert abs(table["p_given"] - expected) <= 4 * table["mcse_p_given"]
    assert table["mcse_p_given"] < 0.005
    unseen = given(paths, [question()], "b", END, occurs=False).iloc[0]
    expected = exact(w, lambda a, b, c: c and not b) / exact(w, lambda a, b, c: not b)
    assert abs(unseen["p_given"] - expected) <= 4 * unseen["mcse_p_given"]
    # total probability: the two conditionals average to the plain one, exactly, because the paths are the same
    p_b = exact_share(paths, 1)
    assert p_b * table["p_given"] + (1 - p_b) * unseen["p_given"] == pytest.approx(table["p"], abs=1e-12)


def test_each_error_is_that_of_the_number_it_names() -> None:
    # thirty simulations: how far p_given, and how far the change, really move from one to the next
    found = []
    for seed in range(30):
        again = simulate(chain(), np.array([0.0, HALF, YEAR]), paths_per_draw=20, random_seed=seed)
        found.append(given(again, [question()], "b", END).iloc[0])
    for number in ("p_given", "change"):
        values, errors = np.array([(row[number], row[f"mcse_{number}"]) for row in found]).T
        # draws of this world are independent, so that the flat factor 2 on the variance is too much by √2
        assert errors.mean() / np.sqrt(2) == pytest.approx(values.std(ddof=1), rel=0.4), number
    assert found[0]["mcse_p_given"] != found[0]["mcse_change"]


def exact_share(paths: Paths, k: int) -> float:
    return float((paths.times[:, :, k] <= YEAR + 1e-9).mean())


def test_forcing_an_event_leaves_out_what_seeing_it_says_of_its_causes(paths: Paths) -> None:
    w = chain()
    forced = simulate(intervene(w, "b", dt.date(2024, 1, 1)), paths.grid, paths_per_draw=PATHS, random_seed=3)
    p_do = float((forced.times[:, :, 2] <= YEAR).mean())
    # b on from the first day: c at 0.25·2 without a, at 0.25·2·4 with it
    on = world(np.array([[0.6, 0.0, 0.5]]), [(0, 2, MULTIPLIES, 4.0)])
    expected = exact(on, lambda a, b, c: c)
    error = 4 * np.sqrt(expected * (1 - expected) / (DRAWS * PATHS))
    assert abs(p_do - expected) <= error
    never = simulate(intervene(w, "b", None), paths.grid, paths_per_draw=PATHS, random_seed=3)
    off = world(np.array([[0.6, 0.0, 0.25]]), [(0, 2, MULTIPLIES, 4.0)])
    expected = exact(off, lambda a, b, c: c)
    assert abs(float((never.times[:, :, 2] <= YEAR).mean()) - expected) <= error
    assert not np.isfinite(never.times[:, :, 1]).any()
    # seeing b by the end of the year makes a likelier; forcing it does not
    seen = given(paths, [question("a")], "b", END).iloc[0]
    assert seen["p_given"] > seen["p"] + 0.02
    assert float((forced.times[:, :, 0] <= YEAR).mean()) == pytest.approx(seen["p"], abs=1e-12)  # the same thresholds


def test_a_forced_event_acts_from_its_day(paths: Paths) -> None:
    forced = simulate(intervene(chain(), "a", MIDDLE), paths.grid, paths_per_draw=PATHS, random_seed=3)
    assert np.all(forced.times[:, :, 0] == pytest.approx(HALF, abs=1e-6))
    # b: half a year at 0.4, then at 1.2
    expected = 1 - np.exp(-0.4 * HALF - 1.2 * (YEAR - HALF))
    assert forced.survival[:, 1, 2] == pytest.approx(1 - expected, abs=1e-9)


def test_the_watch_list_ranks_by_how_much_is_expected_to_change(paths: Paths) -> None:
    table = watch(paths, question(), MIDDLE)
    assert table["event"].tolist() == ["a", "b"]  # c itself would only answer the question
    assert table["expected_change"].is_monotonic_decreasing
    for row in table.itertuples():
        # Bayes by hand: p_if and p_if_not average to p
        p = row.p_event * row.p_if + (1 - row.p_event) * row.p_if_not
        assert p == pytest.approx(exact_share(paths, 2), abs=1e-12)
        assert row.expected_change == pytest.approx(2 * row.p_event * (row.p_if - p), abs=1e-9)
        assert row.p_if > p > row.p_if_not
        assert 0 < row.information_bits < 1
        assert 0 < row.mcse_p_if < 0.01


def test_information_is_none_where_events_are_independent_and_all_where_they_are_one() -> None:
    rng = np.random.default_rng(5)
    one, other = (rng.random((400, 500)) < p for p in (0.5, 0.3))
    size, one, other = one.size, packed(one), packed(other)
    assert information([one], one, size) == pytest.approx(1.0, abs=1e-4)  # an even question, answered
    assert information([one], other, size) == pytest.approx(0.0, abs=1e-4)
    # three outcomes, of which seeing rules one out: H(O) − H(O | E) for p = ½ ¼ ¼ and E = not the first
    codes = rng.permutation(np.repeat([0, 0, 1, 2], 50_000)).reshape(400, 500)
    # E: entropy 1.5 bits before; after E (prob ½) 1 bit, after ¬E 0 bits: 1.5 − 0.5 = 1
    assert information([packed(codes == i) for i in range(3)], packed(codes > 0), codes.size) == pytest.approx(1.0, abs=1e-12)


def test_what_cannot_be_supposed_is_refused(paths: Paths) -> None:
    with pytest.raises(UsageError, match=r"no event 'd' in this edition; its events: a, b, c"):
        given(paths, [question()], "d", END)
    with pytest.raises(UsageError, match="too few to condition on"):
        given(paths, [question()], "b", dt.date(2024, 1, 1))
    with pytest.raises(UsageError, match=r"2023-12-31 lies before the as-of date 2024-01-01"):
        intervene(chain(), "a", dt.date(2023, 12, 31))
    settled = world(np.tile(HAZARD, (2, 1)), CHAIN, occurred=np.array([-0.1, np.inf, np.inf]))
    with pytest.raises(UsageError, match="event 'a' has happened already"):
        intervene(settled, "a", None)

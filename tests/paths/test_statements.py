"""P(statement), P(statement | condition) and their differences on paths, against exact answers of another method."""

from __future__ import annotations

import math

import numpy as np
import pytest
from master_equation import world
from three_events import DRAWS, END, HAZARD, MIDDLE, PATHS, YEAR, chain, exact

from forecasting.dossier.assumptions import Held
from forecasting.paths.simulate import Paths, simulate
from forecasting.paths.statements import measure

GRID = np.array([0.0, YEAR])


@pytest.fixture(scope="module")
def paths() -> Paths:
    """Return paths of three events of which a raises b, and both raise c."""
    return simulate(chain(), GRID, paths_per_draw=PATHS, random_seed=11)


def held(**fields: object) -> Held:
    return Held.model_validate({"by": END, "at_least": 0.5, **fields})


SAME = {"same": ("a", "c")}
STATEMENTS = {
    "happens": ({"p": {"occurs": "c"}}, lambda w: exact(w, lambda a, b, c: c)),
    "same of two": ({"p": SAME}, lambda w: exact(w, lambda a, b, c: a == c)),
    "same of three": ({"p": {"same": ("a", "b", "c")}}, lambda w: exact(w, lambda a, b, c: a == b == c)),
    "exactly one": ({"p": {"one_of": ({"occurs": "a"}, {"occurs": "b"})}}, lambda w: exact(w, lambda a, b, c: a != b)),
    "given": (
        {"p": {"occurs": "c"}, "given": {"occurs": "a"}},
        lambda w: exact(w, lambda a, b, c: a and c) / exact(w, lambda a, b, c: a),
    ),
    "given two, neither": (
        {"p": {"none_of": ({"occurs": "a"}, {"occurs": "b"})}, "given": {"holds": "c"}},
        lambda w: exact(w, lambda a, b, c: not (a or b or c)) / exact(w, lambda a, b, c: not c),
    ),
    "more than given the opposite": (
        {"p": {"occurs": "c"}, "given": {"occurs": "a"}, "than_given": {"holds": "a"}},
        lambda w: exact(w, lambda a, b, c: a and c) / exact(w, lambda a, b, c: a)
        - exact(w, lambda a, b, c: c and not a) / exact(w, lambda a, b, c: not a),
    ),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_is_as_likely_on_paths_as_by_the_master_equation(name: str, paths: Paths) -> None:
    fields, meaning = STATEMENTS[name]
    found = measure(paths, held(**fields))
    wanted = meaning(paths.world)
    assert 0 < found.mcse < 0.003
    assert found.p == pytest.approx(wanted, abs=4 * found.mcse)
    assert 0.05 < abs(found.p) < 0.95  # neither nothing nor all, so that a statement read the wrong way round would show


def test_which_of_two_independent_events_comes_first_has_a_closed_form() -> None:
    # hazards 0.9 and 0.5 a year: P(a by T, and before b) = 0.9/1.4 · (1 − e^(−1.4 T)), b later or never
    free = simulate(world(np.tile([0.9, 0.5], (DRAWS, 1))), GRID, paths_per_draw=PATHS, random_seed=5)
    found = measure(free, held(p={"before": ("a", "b")}))
    assert found.p == pytest.approx(0.9 / 1.4 * -math.expm1(-1.4 * YEAR), abs=4 * found.mcse)
    # given that b comes by T: 1 − P(b first | b by T) = 1 − (0.5/1.4 · (1 − e^(−1.4 T))) / (1 − e^(−0.5 T))
    found = measure(free, held(p={"before": ("a", "b")}, given={"occurs": "b"}))
    first = 0.5 / 1.4 * -math.expm1(-1.4 * YEAR) / -math.expm1(-0.5 * YEAR)
    assert found.p == pytest.approx(1 - first, abs=4 * found.mcse)


def test_the_error_is_that_of_repeated_simulations(paths: Paths) -> None:
    fields = {"p": {"occurs": "c"}, "given": {"occurs": "a"}, "than_given": {"holds": "a"}}
    w = world(np.tile(HAZARD, (40, 1)), [(0, 1, 0, 3.0), (0, 2, 0, 4.0), (1, 2, 0, 2.0)])
    again = [measure(simulate(w, GRID, paths_per_draw=100, random_seed=seed), held(**fields)) for seed in range(200)]
    spread = np.std([found.p for found in again], ddof=1)
    # the sd of 200 repetitions is itself known to 1/√398 = 5 %; an error from 40 draws to about 11 %
    assert np.mean([found.mcse for found in again]) == pytest.approx(spread, rel=0.2)


def test_the_paths_behind_a_condition_are_counted_and_of_two_the_fewer(paths: Paths) -> None:
    n = DRAWS * PATHS
    a = measure(paths, held(p={"occurs": "c"}, given={"occurs": "a"})).n_paths
    not_a = measure(paths, held(p={"occurs": "c"}, given={"holds": "a"})).n_paths
    assert (a + not_a, measure(paths, held(p={"occurs": "c"})).n_paths) == (n, n)
    both = measure(paths, held(p={"occurs": "c"}, given={"occurs": "a"}, than_given={"holds": "a"}))
    assert both.n_paths == min(a, not_a) != max(a, not_a)


def test_a_condition_that_never_comes_true_has_no_number(paths: Paths) -> None:
    found = measure(paths, held(p={"occurs": "c"}, given={"all_of": ({"occurs": "a"}, {"holds": "a"})}))
    assert (math.isnan(found.p), found.mcse, found.n_paths) == (True, math.inf, 0)


def test_a_part_with_a_day_of_its_own_is_asked_on_that_day(paths: Paths) -> None:
    early = measure(paths, held(p={"occurs": "a", "by": MIDDLE}))
    assert early.p == pytest.approx(-math.expm1(-0.6 * 182 / 365.25), abs=4 * early.mcse)

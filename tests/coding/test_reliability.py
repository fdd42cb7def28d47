"""Alpha is Krippendorff's, by his published examples and by hand; its interval draws whole clusters."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from forecasting.coding.reliability import alpha, alpha_interval
from forecasting.coding.set_distance import masi_distance

# Krippendorff (2011), Computing Krippendorff's alpha-reliability, sections A, B and C.
MEG_OWEN = list(zip("0100000010", "1110010000", strict=True))
BEN_GERRY = list(zip("aabbdcccedda", "babbbccceddd", strict=True))
_ = None
FOUR_OBSERVERS = list(
    zip(
        (1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _),
        (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3),
        (_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _),
        (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _),
        strict=True,
    )
)


@pytest.mark.parametrize(
    ("units", "level", "order", "published"),
    [
        (MEG_OWEN, "nominal", (), 0.095),
        (BEN_GERRY, "nominal", (), 0.692),
        (FOUR_OBSERVERS, "nominal", (), 0.743),
        (FOUR_OBSERVERS, "ordinal", (1, 2, 3, 4, 5), 0.815),
        (FOUR_OBSERVERS, "interval", (), 0.849),
    ],
)
def test_it_gives_what_krippendorff_published(units, level, order, published):
    assert round(alpha(units, level, order), 3) == published


def test_the_order_of_an_ordinal_scale_is_the_one_given_and_not_the_alphabet():
    names = {1: "weak", 2: "moderate", 3: "strong", 4: "decisive", 5: "more"}
    renamed = [tuple(names.get(value) for value in unit) for unit in FOUR_OBSERVERS]
    assert alpha(renamed, "ordinal", tuple(names.values())) == alpha(FOUR_OBSERVERS, "ordinal", (1, 2, 3, 4, 5))
    assert alpha(renamed, "ordinal", tuple(sorted(names.values()))) != alpha(FOUR_OBSERVERS, "ordinal", (1, 2, 3, 4, 5))


def test_alpha_of_sets_is_worked_out_by_hand():
    # Three clauses: {a} against {a}; {a, b} against {a}; {b} against {c}. Distances 0, 1 − 2/3·1/2 = 2/3, 1.
    a, ab, b, c = (frozenset(letters) for letters in ("a", "ab", "b", "c"))
    units = [(a, a), (ab, a), (b, c)]
    observed = (0 + 2 / 3 + 1) / 3
    # Six values: a three times, ab, b, c once. Of the 15 pairs of two of them: a–a three times 0; a–ab three times 2/3;
    # a–b and a–c three times 1 each; ab–b 2/3 (one holds the other, half in common); ab–c, b–c 1.
    expected = (3 * 0 + 3 * 2 / 3 + 3 * 1 + 3 * 1 + 2 / 3 + 1 + 1) / 15
    assert alpha(units, "sets") == pytest.approx(1 - observed / expected, abs=1e-12)


def test_distances_of_sets_are_those_of_the_paper_and_do_not_depend_on_the_order():
    # Passonneau (2006): M is 1, 2/3, 1/3 or 0 for equal sets, one inside the other, a part in common, nothing in common
    assert masi_distance({"a", "b", "c"}, {"a", "b"}) == pytest.approx(1 - 2 / 3 * 2 / 3)
    assert masi_distance({"a", "b"}, {"b", "c"}) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi_distance(frozenset(), frozenset()) == 0.0
    assert masi_distance(frozenset(), {"a"}) == 1.0
    some = [frozenset(letters) for letters in ("", "a", "b", "ab", "abc", "cd")]
    assert all(masi_distance(x, y) == masi_distance(y, x) and 0 <= masi_distance(x, y) <= 1 for x, y in product(some, some))


def test_what_cannot_differ_has_no_alpha():
    assert alpha([], "nominal") is None
    assert alpha([("a", "a"), ("a", "a")], "nominal") is None
    assert alpha([("a", None), (None, "b")], "nominal") is None


def test_a_unit_of_one_coder_changes_nothing():
    assert alpha([*BEN_GERRY, ("e", None)], "nominal") == alpha(BEN_GERRY, "nominal")


def test_the_interval_holds_the_estimate_and_widens_where_clusters_are_drawn_whole():
    rng = np.random.default_rng(3)
    blocks = [("a", "a")] * 10, [("b", "b")] * 10, [("a", "b")] * 5, [("b", "a")] * 5  # within a block all is alike
    units = [unit for block in blocks for _ in range(4) for unit in block]
    whole = [i // 5 for i in range(len(units))]
    single = rng.permutation(len(units)).tolist()
    options = {"random_seed": 7, "n_resamples": 400}
    estimate = alpha(units, "nominal")
    narrow, wide = (alpha_interval(units, "nominal", clusters=clusters, **options) for clusters in (single, whole))
    assert wide[0] < narrow[0] < estimate < narrow[1] < wide[1]
    # five of a cluster count as one: standard errors are √5 times as large
    assert (wide[1] - wide[0]) / (narrow[1] - narrow[0]) == pytest.approx(5**0.5, rel=0.2)


def test_the_seed_decides_the_interval_and_nothing_defined_gives_none():
    options = {"clusters": list(range(12)), "n_resamples": 50}
    first, again, other = (alpha_interval(BEN_GERRY, "nominal", random_seed=seed, **options) for seed in (1, 1, 2))
    assert first == again != other
    assert alpha_interval([("a", "a")] * 3, "nominal", clusters=[1, 2, 3], random_seed=1) is None
    assert alpha_interval([], "nominal", clusters=[], random_seed=1) is None


def test_an_interval_that_rests_on_few_resamples_is_not_given():
    # one unit of three holds the only other value: about (2/3)^3 = 30 % of the resamples have a single value
    units = [("a", "a"), ("a", "a"), ("b", "b")]
    assert alpha(units, "nominal") == 1.0
    assert alpha_interval(units, "nominal", clusters=[1, 2, 3], random_seed=1, n_resamples=200) is None

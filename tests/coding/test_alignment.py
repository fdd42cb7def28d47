"""Records of two coders are paired by the words they stand on, and by nothing that was coded."""

from __future__ import annotations

import pytest
from coded import record

from forecasting.coding.alignment import align, overlap


def ids(found) -> list[tuple[str, str]]:
    return [(a.id, b.id) for a, b in found.pairs]


def test_the_greatest_overlap_in_all_decides_and_not_the_first_that_fits():
    # a-001 (0–30) overlaps both; b-002 (10–40) has no other partner, so b-001 (0–12) would leave it alone or take less in all
    a = [record("a-001", 0, 30), record("a-002", 0, 11)]
    b = [record("b-001", 0, 12), record("b-002", 10, 40)]
    assert ids(align(a, b)) == [("a-002", "b-001"), ("a-001", "b-002")]


def test_what_was_coded_does_not_decide():
    # by content a-001 would go to b-002; on the very same words the first goes to the first
    a = [record("a-001", 0, 30, kind="driver"), record("a-002", 0, 30, kind="background")]
    b = [record("b-001", 0, 30, kind="background"), record("b-002", 0, 30, kind="driver")]
    assert ids(align(a, b)) == [("a-001", "b-001"), ("a-002", "b-002")]


def test_half_of_the_shorter_anchor_has_to_be_shared():
    assert overlap(record("a-001", 0, 20).anchor, record("b-001", 10, 60).anchor) == pytest.approx(10 / 60)
    assert overlap(record("a-001", 0, 20).anchor, record("b-001", 11, 60).anchor) == 0.0
    assert overlap(record("a-001", 0, 20).anchor, record("b-001", 20, 60).anchor) == 0.0
    found = align([record("a-001", 0, 20)], [record("b-001", 11, 60)])
    assert (found.pairs, [x.id for x in found.only_a], [y.id for y in found.only_b]) == ((), ["a-001"], ["b-001"])


def test_sources_are_not_mixed():
    found = align([record("a-001", 0, 20, source="one")], [record("b-001", 0, 20, source="two")])
    assert found.pairs == ()


def test_what_one_coder_split_is_left_over():
    a = [record("a-001", 0, 60)]
    b = [record("b-001", 0, 25), record("b-002", 25, 60)]
    found = align(a, b)
    assert ids(found) == [("a-001", "b-002")]  # the longer part
    assert [y.id for y in found.only_b] == ["b-001"]

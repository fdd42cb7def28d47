"""Walks over effects, on graphs worked by hand: a chain, a circle, two circles, two that share a node."""

from __future__ import annotations

from forecasting.dossier.graph import circles, joined, layers, reach

#   a → b → c → d,  c → a (a circle of three),  x → y
NEXTS = joined([("a", "b"), ("b", "c"), ("c", "d"), ("c", "a"), ("x", "y")])


def test_layers_come_by_distance_and_no_node_comes_twice_though_there_is_a_circle() -> None:
    assert list(layers(NEXTS, ["a"])) == [{"a"}, {"b"}, {"c"}, {"d"}]
    assert list(layers(NEXTS, ["b", "x"])) == [{"b", "x"}, {"c", "y"}, {"a", "d"}]
    assert list(layers(NEXTS, [])) == []


def test_reach_holds_its_start_and_all_that_follows() -> None:
    assert reach(NEXTS, ["c"]) == {"a", "b", "c", "d"}
    assert reach(NEXTS, ["d"]) == {"d"}
    assert reach(NEXTS, ["x"]) == {"x", "y"}


def test_circles_are_named_from_a_node_back_to_it_and_a_chain_has_none() -> None:
    assert list(circles({"a": ["b"], "b": ["c"], "c": []})) == []
    assert list(circles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]})) == [("a", "b", "c", "a")]
    assert list(circles({"a": ["a"]})) == [("a", "a")]
    # two circles, a ⇄ b and c ⇄ d
    assert list(circles({"a": ["b"], "b": ["a", "c"], "c": ["d"], "d": ["c"]})) == [("a", "b", "a"), ("c", "d", "c")]
    # a → b → c → a with c → b: both share b and c, and one of them is enough to refuse the graph
    assert list(circles({"a": ["b"], "b": ["c"], "c": ["a", "b"]})) == [("a", "b", "c", "a")]

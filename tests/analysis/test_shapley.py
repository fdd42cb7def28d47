"""The split is the average over all orders, adds up whatever the game, and gives nothing to who adds nothing."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.analysis.shapley import coalitions, coefficients

PLAYERS = ("time", "news", "claims", "model")
GAMES = st.lists(st.floats(-1, 1), min_size=16, max_size=16).map(lambda v: dict(zip(coalitions(PLAYERS), v, strict=True)))


def part(game: dict, player: str, players: tuple[str, ...] = PLAYERS) -> float:
    return sum(weight * game[members] for members, weight in coefficients(players, player).items())


def by_orders(game: dict, player: str) -> float:
    """Return the average over all orders of what the player adds when it joins."""
    added = []
    for order in itertools.permutations(PLAYERS):
        before = frozenset(order[: order.index(player)])
        added.append(game[before | {player}] - game[before])
    return sum(added) / math.factorial(len(PLAYERS))


@given(GAMES)
def test_a_part_is_the_average_over_all_orders_of_joining(game: dict) -> None:
    for player in PLAYERS:
        assert part(game, player) == pytest.approx(by_orders(game, player), abs=1e-12)


@given(GAMES)
def test_the_parts_add_up_to_the_whole_change(game: dict) -> None:
    whole = game[frozenset(PLAYERS)] - game[frozenset()]
    assert sum(part(game, player) for player in PLAYERS) == pytest.approx(whole, abs=1e-12)


@given(GAMES, st.permutations(PLAYERS))
def test_the_order_in_which_players_are_listed_does_not_matter(game: dict, order: list[str]) -> None:
    for player in PLAYERS:
        assert part(game, player, tuple(order)) == pytest.approx(part(game, player), abs=1e-12)


@given(GAMES)
def test_a_player_who_adds_nothing_gets_nothing_and_leaves_the_others_as_they_are(game: dict) -> None:
    idle = {members: game[members - {"news"}] for members in game}
    others = tuple(player for player in PLAYERS if player != "news")
    assert part(idle, "news") == pytest.approx(0, abs=1e-12)
    for player in others:
        assert part(idle, player) == pytest.approx(part(idle, player, others), abs=1e-12)


def test_a_game_by_hand() -> None:
    # a alone brings 0.1, b alone 0.2, both 0.5: a gets (0.1 + 0.5 − 0.2)/2 = 0.2, b (0.2 + 0.5 − 0.1)/2 = 0.3
    game = {frozenset(): 0.0, frozenset("a"): 0.1, frozenset("b"): 0.2, frozenset("ab"): 0.5}
    assert part(game, "a", ("a", "b")) == pytest.approx(0.2)
    assert part(game, "b", ("a", "b")) == pytest.approx(0.3)

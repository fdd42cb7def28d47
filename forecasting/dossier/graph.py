"""Walks over effects: what leads to some events, what follows from them, and where they run in a circle."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

from forecasting.dossier.effects import Effect


def layers[T: Hashable](nexts: Callable[[T], Iterable[T]], start: Iterable[T]) -> Iterator[frozenset[T]]:
    """Yield some nodes of a graph, then those one step on that are new, and so on: every node once, by its distance."""
    found: set[T] = set()
    frontier = frozenset(start)
    while frontier:
        yield frontier
        found |= frontier
        frontier = frozenset(after for node in frontier for after in nexts(node)) - found


def reach[T: Hashable](nexts: Callable[[T], Iterable[T]], start: Iterable[T]) -> frozenset[T]:
    """Return some nodes of a graph and all that a chain leads to from them.

    Examples
    --------
    >>> sorted(reach(joined([(1, 2), (2, 3), (4, 1)]), [1]))
    [1, 2, 3]
    """
    return frozenset[T]().union(*layers(nexts, start))


def joined[T: Hashable](pairs: Iterable[tuple[T, T]]) -> Callable[[T], Iterable[T]]:
    """Return what gives the second members of the pairs that begin with a node.

    Examples
    --------
    >>> nexts = joined([("a", "b"), ("a", "c"), ("b", "c")])
    >>> nexts("a"), nexts("c")
    (['b', 'c'], [])
    """
    table: dict[T, list[T]] = {}
    for first, second in pairs:
        table.setdefault(first, []).append(second)
    return lambda node: table.get(node, [])


def downstream(effects: Iterable[Effect], events: Iterable[str]) -> frozenset[str]:
    """Return some events and all that a chain of effects leads to from them."""
    return reach(joined((effect.from_, effect.to) for effect in effects), events)


def upstream(effects: Iterable[Effect], events: Iterable[str]) -> frozenset[str]:
    """Return some events and all from which a chain of effects leads into them."""
    return reach(joined((effect.to, effect.from_) for effect in effects), events)


def following(
    effects: Iterable[Effect], events: Iterable[str], acts: tuple[str, ...] = ("leads_to", "implies")
) -> frozenset[str]:
    """Return some events and all that follows from them by effects of the given kinds."""
    return reach(joined((effect.from_, effect.to) for effect in effects if effect.acts in acts), events)


def circles(effects: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Yield a circle through every node that lies on one, but for nodes of circles found before; none if there is none."""
    seen: set[str] = set()
    for first in effects:
        paths: list[tuple[str, ...]] = [] if first in seen else [(first,)]
        tried: set[str] = set()
        while paths:
            path = paths.pop()
            nexts = list(effects.get(path[-1], ()))
            if first in nexts:
                seen.update(path)
                yield (*path, first)
                break
            paths += [(*path, node) for node in nexts if node not in tried]
            tried.update(nexts)

"""Where the events of a network stand on a sheet and which way its effects run: layers, in which causes come above results.

The order within layers, which decides how many curves cross, is that of Sugiyama's method (Sugiyama, Tagawa and Toda 1981,
doi:10.1109/TSMC.1981.4308636) as the package fast-sugiyama works it out; everything in pixels is worked out here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fast_sugiyama import from_edges

from forecasting.dossier.effects import Effect
from forecasting.report.canvas import wrap

UNIT = 100.0  # between two events of a layer, in the package's measure
SLOT, LEAST_SLOT, BETWEEN = 186.0, 124.0, 20.0  # a box with the space beside it, in pixels
GAP, PAD, LINE, SIZE = 58.0, 8.0, 14.0, 11.5
APART = 7.0  # two effects between the same events

type Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """An event on the sheet, from its upper left corner, with its title in lines."""

    event: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """The way of one effect: stretches that are straight and vertical, joined by curves that begin and end vertically."""

    effect: Effect
    stretches: tuple[tuple[Point, Point], ...]


@dataclass(frozen=True)
class Placed:
    """One connected part of a network on a sheet of its own size."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]


def placed(effects: Sequence[Effect], titles: Mapping[str, str], width: float) -> tuple[Placed, ...]:
    """Place every connected part of a network: at most ``width`` pixels wide where boxes of a readable width allow it.

    Parameters
    ----------
    effects : sequence of Effect
    titles : mapping of str to str
        Event → title.
    width : float
        Pixels.

    Returns
    -------
    tuple of Placed
        The part with most events first; the same effects give the same places.
    """
    events = sorted({name for effect in effects for name in (effect.from_, effect.to)})
    numbers = {name: i for i, name in enumerate(events)}  # numbers, for a set of texts has another order each time
    pairs = sorted({(numbers[effect.from_], numbers[effect.to]) for effect in effects})
    layouts = from_edges(pairs, vertex_spacing=UNIT, dummy_vertices=True, dummy_size=1.0) if pairs else ()
    parts = []
    for points, _, down, edges in layouts:
        at = {int(number): (x / UNIT, round((down - y) / UNIT)) for number, (x, y) in points}
        steps = [(int(start), int(end)) for start, end in edges or ()]
        inside = {events[number] for number in at if number < len(events)}
        own = [effect for effect in effects if effect.from_ in inside]
        ends = {(numbers[effect.from_], numbers[effect.to]) for effect in own}
        chains = {(start, end): _chain(steps, start, end, len(events)) for start, end in ends}
        parts.append(_part(own, events, at, chains, titles, width))
    return tuple(sorted(parts, key=lambda part: (-len(part.boxes), part.boxes[0].event)))


def _chain(edges: Sequence[tuple[int, int]], start: int, end: int, n_events: int) -> list[int]:
    """Return the numbers on the way of an effect, the places where it passes a layer between its ends."""
    for one, other in ((start, end), (end, start)):  # an effect of a circle may be given from its end
        for first in (after for before, after in edges if before == one):
            chain = [one, first]
            while chain[-1] >= n_events:
                chain.append(next(after for before, after in edges if before == chain[-1]))
            if chain[-1] == other:
                return chain if one == start else chain[::-1]
    raise AssertionError(f"the layout lost the effect from {start} to {end}")


def _part(effects: Sequence[Effect], events: Sequence[str], at: Mapping[int, tuple[float, int]],
          chains: Mapping[tuple[int, int], list[int]], titles: Mapping[str, str], width: float) -> Placed:  # fmt: skip
    across = max(x for x, _ in at.values())
    slot = max(LEAST_SLOT, min(SLOT, (width + BETWEEN) / (across + 1)))
    wide = slot - BETWEEN
    lines = {n: tuple(wrap(titles[events[n]], wide - 2 * PAD, SIZE, most=99)) for n in at if n < len(events)}
    tall = {n: len(texts) * LINE + 2 * PAD for n, texts in lines.items()}
    rows = sorted({layer for _, layer in at.values()})
    heights = [max(tall[n] for n, (_, layer) in at.items() if layer == row and n in tall) for row in rows]
    tops = [sum(heights[:i]) + GAP * i for i in range(len(rows))]
    boxes = {
        n: Box(events[n], at[n][0] * slot, tops[at[n][1]] + (heights[at[n][1]] - tall[n]) / 2, wide, tall[n], texts)
        for n, texts in lines.items()
    }
    ways = _ways(effects, chains, {name: i for i, name in enumerate(events)})
    ports = _ports(ways, at, boxes, slot)
    routes = []
    for i, (effect, chain, aside) in enumerate(ways):
        down = at[chain[-1]][1] > at[chain[0]][1]
        stretches = []
        for n in chain:
            top, bottom = tops[at[n][1]], tops[at[n][1]] + heights[at[n][1]]
            x = ports[i, n] if n in boxes else at[n][0] * slot + wide / 2 + aside
            ends = (top, bottom) if down else (bottom, top)
            if n == chain[0]:
                ends = (boxes[n].y + boxes[n].height, bottom) if down else (boxes[n].y, top)
            elif n == chain[-1]:
                ends = (top, boxes[n].y) if down else (bottom, boxes[n].y + boxes[n].height)
            stretches.append(((x, ends[0]), (x, ends[1])))
        routes.append(Route(effect, tuple(stretches)))
    return Placed(across * slot + wide, tops[-1] + heights[-1], tuple(boxes[n] for n in sorted(boxes)), tuple(routes))


def _ways(effects: Sequence[Effect], chains: Mapping[tuple[int, int], list[int]],
          numbers: Mapping[str, int]) -> list[tuple[Effect, list[int], float]]:  # fmt: skip
    """Return every effect with its chain, and how far aside it runs of others between the same events."""
    seen: dict[tuple[int, int], int] = {}
    ways = []
    for effect in effects:
        pair = numbers[effect.from_], numbers[effect.to]
        seen[pair] = seen.get(pair, -1) + 1
        ways.append((effect, chains[pair], APART * seen[pair]))
    return ways


def _ports(ways: Sequence[tuple[Effect, list[int], float]], at: Mapping[int, tuple[float, int]], boxes: Mapping[int, Box],
           slot: float) -> dict[tuple[int, int], float]:  # fmt: skip
    """Return where on the side of a box each effect begins or ends: evenly, in the order of where they come from or go to."""
    sides: dict[tuple[int, bool], list[tuple[float, int]]] = {}
    for i, (_, chain, aside) in enumerate(ways):
        for n, other in pairwise(chain):
            for end, away in ((n, other), (other, n)):
                if end in boxes:
                    sides.setdefault((end, at[away][1] > at[end][1]), []).append((at[away][0] * slot + aside, i))
    ports = {}
    for (n, _), met in sides.items():
        for place, (_, i) in enumerate(sorted(met), 1):
            ports[i, n] = boxes[n].x + boxes[n].width * place / (len(met) + 1)
    return ports

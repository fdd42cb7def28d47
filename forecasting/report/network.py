"""What acts on what: the network of an edition as drawings and as a list, which says the same in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.effects import Effect
from forecasting.report.canvas import Canvas, Chart, drawing
from forecasting.report.facts import occurred_rows
from forecasting.report.formatting import visible
from forecasting.report.labels import Labels
from forecasting.report.names import short
from forecasting.report.network_drawing import KINDS, LEGEND_LINE, draw_legend, draw_part, kind_of, legend_rows
from forecasting.report.network_layout import Placed, placed
from forecasting.report.svg import inline_svg

WIDE = 880.0
ASIDE, EDGE, BELOW = 44.0, 2.0, 30.0  # between parts, around the sheet, between rows of parts


@dataclass(frozen=True)
class Acts:
    """What one event does to others: (what it does, the names of the others with a grade behind each) for each way of acting."""

    name: str
    does: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Network:
    """The section on what acts on what: drawings, the same as a list, and events on which nothing acts and which do not act."""

    drawings: tuple[Markup, ...]
    acts: tuple[Acts, ...]
    alone: tuple[str, ...]


def network_figure(edition: EditionDossier, width: float = WIDE) -> Chart:
    """Draw which event of an edition acts on which.

    Parameters
    ----------
    edition : EditionDossier
    width : float, default 880
        Pixels; the sheet is wider where a layer has so many events that their titles could not be read otherwise.

    Returns
    -------
    Chart
        Boxes are events, causes above results where no circle forbids it; events without effects are left out. The shape at the
        end of a curve says how it acts: blue triangle, makes likelier; red dashes and bar, less likely; ring, makes possible;
        cross, rules out; dotted, leads to after a while; diamond, implies. Thick is strong.
    """
    rows = _rows(edition, width)
    return _sheet(edition, rows, True, Labels(), width, network_alt(edition))


def acting(edition: EditionDossier) -> tuple[Effect, ...]:
    """Return the effects that can still act: those into an event that had not happened."""
    happened = occurred_rows(edition)
    return tuple(effect for effect in edition.effects if effect.to not in happened)


def network_alt(edition: EditionDossier) -> str:
    """Return the message of `network_figure`: how many effects there are, and which events have most of them."""
    effects, titles = acting(edition), {event.id: event.title for event in edition.events}
    out = {name: sum(effect.from_ == name for effect in effects) for name in titles}
    into = {name: sum(effect.to == name for effect in effects) for name in titles}
    if not effects:
        return "No event of this edition acts on another."
    names = {name for effect in effects for name in (effect.from_, effect.to)}
    acts, hangs = (max(sorted(counts), key=lambda name: counts[name]) for counts in (out, into))
    return visible(
        f"{len(effects)} effects between {len(names)} events. “{titles[acts]}” acts on most others ({out[acts]}); "
        f"most others act on “{titles[hangs]}” ({into[hangs]})."
    )


def network_of(edition: EditionDossier, label: Callable[[str], str]) -> Network:
    """Return what the section of a report on effects shows: one drawing for each row of parts, so that none is cut on paper."""
    rows, met = _rows(edition, WIDE), {name for effect in acting(edition) for name in (effect.from_, effect.to)}
    alts = [network_alt(edition), *(visible("; ".join(short(_titles(edition)[box.event]) for part in row for box in part.boxes))
                                    for row in rows[1:])]  # fmt: skip
    return Network(
        drawings=tuple(inline_svg(_sheet(edition, [row], i == 0, label, WIDE, alts[i]), "network") for i, row in enumerate(rows)),
        acts=_acts(edition, label),
        alone=tuple(
            short(event.title) for event in edition.events if event.id not in met and event.id not in occurred_rows(edition)
        ),
    )


def _titles(edition: EditionDossier) -> dict[str, str]:
    return {event.id: event.title for event in edition.events}


def _acts(edition: EditionDossier, label: Callable[[str], str]) -> tuple[Acts, ...]:
    """Return the effects in words, those of one event together, in the order of the kinds."""
    titles = _titles(edition)
    found: dict[str, dict[str, list[str]]] = {}
    for effect in sorted(acting(edition), key=lambda one: (titles[one.from_], [*KINDS].index(kind_of(one)))):
        grade = f" ({label(f'{effect.grade} effect')})" if effect.grade else ""
        does = label(KINDS[kind_of(effect)].label)
        found.setdefault(effect.from_, {}).setdefault(does, []).append(short(titles[effect.to]) + grade)
    return tuple(
        Acts(short(titles[name]), tuple((does, "; ".join(others)) for does, others in ways.items()))
        for name, ways in found.items()
    )


def _rows(edition: EditionDossier, width: float) -> list[list[Placed]]:
    """Return the connected parts of a network in rows: small ones stand beside each other."""
    rows: list[list[Placed]] = []
    for part in placed(acting(edition), _titles(edition), width - 2 * EDGE):
        for row in rows:
            if sum(one.width + ASIDE for one in row) + part.width <= width - 2 * EDGE:
                row.append(part)
                break
        else:
            rows.append([part])
    return rows


def _sheet(edition: EditionDossier, rows: Sequence[Sequence[Placed]], legend: bool, label: Callable[[str], str], width: float,
           alt: str) -> Chart:  # fmt: skip
    kinds = {kind_of(effect) for effect in acting(edition)}
    wide = max([width, *(sum(part.width for part in row) + ASIDE * (len(row) - 1) + 2 * EDGE for row in rows)])
    words = legend_rows(sorted(kinds), wide, label) if legend else []
    tall = [max(part.height for part in row) for row in rows]
    top = EDGE + LEGEND_LINE * len(words) + (14 if words else 0)
    with drawing():
        canvas = Canvas(wide, top + sum(tall) + BELOW * (len(rows) - 1) + EDGE if rows else top)
        draw_legend(canvas, words)
        for row, height in zip(rows, tall, strict=True):
            left = (wide - sum(part.width for part in row) - ASIDE * (len(row) - 1)) / 2
            for part in row:
                draw_part(canvas, part, left, top, frozenset(occurred_rows(edition)))
                left += part.width + ASIDE
            top += height + BELOW
    canvas.figure.alt = alt
    return canvas.figure

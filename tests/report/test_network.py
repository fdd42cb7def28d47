"""The drawing of a network: no box over another, no text outside its box, every effect once, no curve through a foreign box."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import PathPatch, Rectangle
from odd_editions import TITLES
from sample_runs import sample_run
from shown_editions import project_edition, report_of
from tickets import tickets_edition
from toy import toy_edition

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.effects import Effect
from forecasting.report.canvas import drawing
from forecasting.report.facts import occurred_rows
from forecasting.report.labels import Labels
from forecasting.report.network import acting, network_figure, network_of
from forecasting.report.network_drawing import KINDS, WIDTHS, kind_of
from forecasting.report.network_layout import GAP, Placed, placed
from forecasting.report.render import render_report

ROOT = Path(__file__).parents[2]
EDITIONS = ("2020-11-karabakh", "2024-12-syria", "2026-02-outlook", "toy", "tickets")


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> EditionDossier:
    small = {"toy": toy_edition, "tickets": tickets_edition}
    if request.param in small:
        return small[request.param]()
    return project_edition(request.param)


def effect(start: str, end: str, number: int = 0) -> Effect:
    made = {"id": f"e-{start}-{end}-{number}", "from": start, "to": end, "acts": "multiplies", "sign": "raises", "grade": "weak"}
    return Effect.model_validate({**made, "why": "Made up."})


def made_up(pairs: list[tuple[int, int]]) -> tuple[list[Effect], dict[str, str]]:
    effects = [effect(f"event-{a}", f"event-{b}", i) for i, (a, b) in enumerate(pairs)]
    names = sorted({name for one in effects for name in (one.from_, one.to)})
    return effects, {name: TITLES[i % len(TITLES)] for i, name in enumerate(names)}


def random_pairs(seed: int) -> list[tuple[int, int]]:
    """Return pairs of up to 60 events, circles and two effects of one pair among them."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 60))
    drawn = rng.integers(0, n, size=(int(rng.integers(1, 2 * n)), 2)).tolist()
    return [(a, b) for a, b in drawn if a != b] or [(0, 1)]


def apart(one: Rectangle, other: Rectangle) -> bool:
    return (one.get_x() + one.get_width() < other.get_x() or other.get_x() + other.get_width() < one.get_x()
            or one.get_y() + one.get_height() < other.get_y() or other.get_y() + other.get_height() < one.get_y())  # fmt: skip


@pytest.mark.parametrize("width", [880, 640])
def test_every_effect_is_drawn_once_and_no_box_or_text_covers_another(edition: EditionDossier, width: float) -> None:
    figure = network_figure(edition, width)
    canvas = FigureCanvasAgg(figure)
    with drawing():
        canvas.draw()
        found = [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in figure.axes[0].texts]
    curves = [patch.get_gid() for patch in figure.axes[0].patches if isinstance(patch, PathPatch)]
    assert sorted(curves) == sorted(one.id for one in acting(edition))
    boxes = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    assert len(boxes) == len({name for one in acting(edition) for name in (one.from_, one.to)})
    assert all(apart(one, other) for one, other in itertools.combinations(boxes, 2))
    across, down = figure.get_size_inches() * figure.dpi
    for text, box in found:
        assert min(box.x0, box.y0) >= -1, text
        assert box.x1 <= across + 1, text
        assert box.y1 <= down + 1, text
    for (one, a), (other, b) in itertools.combinations(found, 2):
        assert min(a.x1, b.x1) - max(a.x0, b.x0) <= 1 or min(a.y1, b.y1) - max(a.y0, b.y0) <= 2, f"{one!r} and {other!r}"
    shown = "".join("".join(text.split()) for text, _ in found)
    assert "…" not in shown
    for event in edition.events:
        if any(event.id in (one.from_, one.to) for one in acting(edition)):
            assert "".join(event.title.split()) in shown


def check(part: Placed) -> None:
    """Hold one part to its sheet: boxes apart, ways unbroken from one box to the other, and through no box on the way."""
    for one, other in itertools.combinations(part.boxes, 2):
        assert one.x + one.width < other.x or other.x + other.width < one.x or one.y + one.height < other.y or (
            other.y + other.height < one.y), (one, other)  # fmt: skip
    assert min(box.x for box in part.boxes) >= 0
    assert max(box.x + box.width for box in part.boxes) <= part.width + 0.01
    assert max(box.y + box.height for box in part.boxes) <= part.height + 0.01
    known = {box.event: box for box in part.boxes}
    for route in part.routes:
        first, last = known[route.effect.from_], known[route.effect.to]
        (x0, y0), (x1, y1) = route.stretches[0][0], route.stretches[-1][1]
        assert first.x < x0 < first.x + first.width
        assert y0 in (first.y, first.y + first.height)
        assert last.x < x1 < last.x + last.width
        assert y1 in (last.y, last.y + last.height)
        for (x, a), (same, b) in route.stretches:
            assert x == same
            beside = [box for box in part.boxes if box.x < x < box.x + box.width]
            met = [box.event for box in beside if min(a, b) < box.y + box.height - 0.01 and box.y + 0.01 < max(a, b)]
            assert met == [], (route.effect.id, met)
        for (_, (_, a)), ((_, b), _) in itertools.pairwise(route.stretches):
            assert abs(abs(b - a) - GAP) < 0.01  # between two layers there are curves only


@pytest.mark.parametrize("seed", range(40))
def test_any_network_is_drawn_whole(seed: int) -> None:
    effects, titles = made_up(random_pairs(seed))
    parts = placed(effects, titles, 880)
    assert sorted(route.effect.id for part in parts for route in part.routes) == sorted(one.id for one in effects)
    for part in parts:
        check(part)


def test_the_networks_of_editions_are_drawn_whole(edition: EditionDossier) -> None:
    for part in placed(acting(edition), {event.id: event.title for event in edition.events}, 880):
        check(part)
        assert part.width <= 880.01


def test_a_layer_of_sixty_events_widens_the_sheet_rather_than_its_boxes_overlap() -> None:
    effects, titles = made_up([(0, i) for i in range(1, 61)])
    (part,) = placed(effects, titles, 880)
    check(part)
    assert part.width > 880


def test_causes_stand_above_results() -> None:
    (part,) = placed(*made_up([(0, 1), (1, 2), (0, 2)]), 880)
    heights = [box.y for box in sorted(part.boxes, key=lambda box: box.event)]
    assert heights == sorted(heights)
    assert len(set(heights)) == 3


@pytest.mark.slow
def test_a_network_is_drawn_the_same_in_each_process() -> None:
    code = (
        "from pathlib import Path; from forecasting.dossier.load import read_dossier;"
        "from forecasting.report.canvas import svg_text;"
        "from forecasting.report.network import network_figure;"
        f"print(svg_text(network_figure(read_dossier(Path({str(ROOT / 'priors')!r}))[0].edition('2024-12-syria'))))"
    )
    drawn = {
        subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
                       capture_output=True, check=True).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(drawn) == 1


def test_kinds_of_effects_differ_by_more_than_colour() -> None:
    assert len({(kind.mark, kind.dashes) for kind in KINDS.values()}) == len(KINDS)
    assert list(WIDTHS.values()) == sorted(set(WIDTHS.values()))


def test_the_list_says_every_effect_and_the_sentence_every_other_event(edition: EditionDossier) -> None:
    network = network_of(edition, Labels())
    assert sum(len(others.split("; ")) for one in network.acts for _, others in one.does) == len(acting(edition))
    assert sum(len(one.does) for one in network.acts) == len({(one.from_, kind_of(one)) for one in acting(edition)})
    met = {name for one in acting(edition) for name in (one.from_, one.to)}
    happened = occurred_rows(edition)
    assert len(network.alone) == sum(event.id not in met and event.id not in happened for event in edition.events)
    assert not any(one.to in happened for one in acting(edition))
    assert edition.edition.id != "2026-02-outlook" or len(acting(edition)) < len(edition.effects)
    assert f"{len(acting(edition))} effects" in network_figure(edition).alt or not acting(edition)


@pytest.mark.slow
def test_a_report_shows_the_drawings_with_their_message_and_the_list(edition: EditionDossier) -> None:
    name = edition.edition.id
    html = report_of(name) if name in EDITIONS else render_report(sample_run(edition), edition)
    if not acting(edition):
        assert 'id="network"' not in html
        return
    section = re.search(r'<section id="network">.*?</section>', html, re.DOTALL).group()
    assert section.count("<svg") == len(network_of(edition, Labels()).drawings) >= 1
    assert re.findall(r'aria-label="([^"]+)"', section)[0].startswith(f"{len(acting(edition))} effects between")
    assert section.count("<li>") == len(network_of(edition, Labels()).acts)


def test_german_labels_reach_list_and_legend() -> None:
    network = network_of(project_edition("2020-11-karabakh"), Labels("de"))
    assert {does for one in network.acts for does, _ in one.does} >= {"macht wahrscheinlicher", "ermöglicht"}
    assert "schließt aus" in network.drawings[0]

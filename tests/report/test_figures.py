"""Pictures: their numbers, their messages, and that no label is cropped or covers another."""

from __future__ import annotations

import itertools
import sys

import matplotlib as mpl
import pytest
from markupsafe import escape
from matplotlib.backends.backend_agg import FigureCanvasAgg
from sample_runs import sample_run
from shown_editions import project_dossier

from forecasting.forecasts import Outcome
from forecasting.report.canvas import Chart, drawing, svg_text
from forecasting.report.figures import (
    curve_figure,
    layers_figure,
    outcomes_figure,
    questions_figure,
    scenario_figure,
)
from forecasting.report.svg import inline_svg


@pytest.fixture(scope="module", params=["2020-11-karabakh", "2024-12-syria"])
def edition(request, project_dir):
    dossier = project_dossier()
    return dossier.edition(request.param)


@pytest.fixture(scope="module")
def run(edition):
    return sample_run(edition)


def figures(run, edition):
    """Yield one of each picture for every question."""
    for width in (880, 420, 364):
        yield questions_figure(run.forecasts, width)
        yield outcomes_figure(run.forecasts, width)
    for question in edition.questions:
        forecast = run.forecast(question.id)
        titles = {event: edition.dossier.events[event].title for event in question.events()}
        yield curve_figure(run.curves, forecast.deadline, titles)
        yield layers_figure(run.layers[run.layers["question"] == question.id].to_dict("records")[:3])
        yield scenario_figure(forecast)


def boxes(figure: Chart):
    canvas = FigureCanvasAgg(figure)
    with drawing():
        canvas.draw()
        texts = [text for text in figure.axes[0].texts if text.get_text().strip()]
        return [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in texts]


@pytest.mark.slow
def test_no_label_leaves_its_sheet_or_covers_another(run, edition):
    for figure in figures(run, edition):
        found = boxes(figure)
        width, height = figure.get_size_inches() * figure.dpi
        for text, box in found:
            assert box.x0 >= -1, text
            assert box.x1 <= width + 1, text
            assert box.y0 >= -1, text
            assert box.y1 <= height + 1, text
        for (one, a), (other, b) in itertools.combinations(found, 2):
            apart = min(a.x1, b.x1) - max(a.x0, b.x0) <= 1 or min(a.y1, b.y1) - max(a.y0, b.y0) <= 2
            assert apart, f"{one!r} and {other!r} overlap"


@pytest.mark.slow
def test_pictures_are_the_same_bytes_every_time_and_leave_no_trace_in_matplotlib(run, edition):
    before, pyplot = dict(mpl.rcParams), "matplotlib.pyplot" in sys.modules
    first, second = ([svg_text(figure) for figure in itertools.islice(figures(run, edition), 15)] for _ in range(2))
    assert first == second
    assert dict(mpl.rcParams) == before
    assert ("matplotlib.pyplot" in sys.modules) == pyplot


@pytest.mark.parametrize("style", [
    {"font.size": 20, "text.parse_math": True, "svg.fonttype": "path", "axes.facecolor": "red"},
    {"path.sketch": (9, 100, 2)}, {"savefig.facecolor": "red"}, {"savefig.transparent": True}, {"lines.linestyle": ":"},
    {"patch.linewidth": 9, "patch.force_edgecolor": True, "patch.antialiased": False}, {"figure.facecolor": "red"},
], ids=lambda style: next(iter(style)))  # fmt: skip
def test_a_caller_s_style_does_not_leak_into_a_picture(run, style):
    plain = svg_text(questions_figure(run.forecasts))
    with mpl.rc_context(style):
        assert svg_text(questions_figure(run.forecasts)) == plain


def test_questions_are_ordered_by_probability_within_their_theme(run):
    texts = [text.get_text() for text in questions_figure(run.forecasts).axes[0].texts]
    asked = [forecast for forecast in run.forecasts if forecast.kind == "yes/no"]
    shown = [float(text.strip("<>% ")) for text in texts if text.endswith(" %")]
    at = 0
    for theme in dict.fromkeys(forecast.theme for forecast in asked):
        n = sum(forecast.theme == theme for forecast in asked)
        part = shown[len(shown) - len(asked) :][at : at + n]
        assert part == sorted(part, reverse=True)
        at += n


def test_messages_carry_the_numbers(run, edition):
    forecast = run.forecasts[0]
    assert forecast.headline.percent in outcomes_figure([forecast]).alt
    rows = run.layers[run.layers["question"] == forecast.question].to_dict("records")
    assert forecast.headline.percent in layers_figure(rows).alt
    event = edition.questions[0].events()[0]
    curves = run.curves[(run.curves["event"] == event) & (run.curves["layer"] == "posterior")]
    last = curves[curves["date"] <= forecast.deadline]["p"].iloc[-1]
    assert f"{100 * last:.0f} %" in curve_figure(run.curves, forecast.deadline, {event: "It"}).alt


def test_a_curve_of_an_unknown_event_names_it(run):
    with pytest.raises(ValueError, match="no curve of nowhere"):
        curve_figure(run.curves, run.forecasts[0].deadline, {"nowhere": "Nowhere"})


def test_a_notebook_gets_a_picture_with_its_alternative_text(run):
    data = outcomes_figure([run.forecasts[0]])._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain"}
    assert data["text/plain"] != ""
    assert f'alt="{escape(data["text/plain"])}"' in data["text/html"]


@pytest.mark.parametrize("title", ["$x^2$ and \\frac", "<b>&amp;</b>", "日本語 עברית", "a\x00b\u202ec", ""])
def test_texts_are_drawn_as_they_are(run, title):
    import dataclasses

    outcome = Outcome("yes", title, 0.3, 0.1, 0.6, 0.002, 0.2, 0.25, 0.2, 0.4)
    forecast = dataclasses.replace(run.forecasts[0], title=title, outcomes=(outcome,), kind="scenarios")
    for figure in (outcomes_figure([forecast]), scenario_figure(forecast)):
        svg = inline_svg(figure)
        assert "<b>" not in svg
        assert "\u202e" not in svg
        assert title.startswith("$") is ("$x^2$" in svg)

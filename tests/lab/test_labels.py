"""No label of a picture leaves its sheet or lies on another, in any picture of the published editions that notebooks draw."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from matplotlib.text import Text
from shown_editions import project_dossier
from town_balance import town_levels

from forecasting.dossier.edition import EditionDossier
from forecasting.lab.asked import last_day
from forecasting.lab.behind import moves_of, rivals_of
from forecasting.lab.open import open_run
from forecasting.lab.outcomes import outcome_table
from forecasting.lab.probability_lines import Move, influence_figure, rivals_figure, scores_figure
from forecasting.lab.tables import named
from forecasting.lab.upper_hand import turns
from forecasting.report.canvas import Canvas, Chart, text_width
from forecasting.report.figures import curve_figure, layers_figure, outcomes_figure, questions_figure, scenario_figure
from forecasting.report.ribbons import ribbon_figure
from forecasting.report.waterfall import waterfall_figure
from forecasting.runs.store import Run

EDITIONS = ("2020-11-karabakh", "2024-12-syria", "2026-02-outlook")
ASCENT, DESCENT = 0.76, 0.24  # of DejaVu Sans, in ems: most letters stay inside


def box(text: Text) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a label in pixels, from the advances of the widest usual typeface."""
    size, (x, y) = float(text.get_fontsize()), text.get_position()
    width = text_width(text.get_text(), size, text.get_fontweight() == "bold")
    left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[text.get_horizontalalignment()] * width
    return left, y - ASCENT * size, left + width, y + DESCENT * size


def faults(figure: Chart) -> list[str]:
    """Return the labels of a picture that leave its sheet or lie on another."""
    width, height = (72 * inches for inches in figure.get_size_inches())
    found = [(text.get_text(), box(text)) for text in figure.axes[0].texts if text.get_text().strip()]
    off = [text for text, (left, top, right, bottom) in found
           if left < -1 or top < -1 or right > width + 1 or bottom > height + 1]  # fmt: skip
    on = [
        f"{one!r} on {other!r}"
        for (one, a), (other, b) in itertools.combinations(found, 2)
        if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 2
    ]
    return [*(f"{text!r} leaves the sheet" for text in off), *on]


def test_a_label_that_leaves_the_sheet_or_lies_on_another_is_found():
    canvas = Canvas(100, 40)
    canvas.text(0, 12, "inside")
    canvas.text(99, 12, "off")
    canvas.text(10, 14, "over")
    assert faults(canvas.figure) == ["'off' leaves the sheet", "'inside' on 'over'"]


def test_the_largest_move_keeps_its_number_on_the_sheet_whichever_way_it_goes():
    for change in (0.999, -0.999, 0.2):
        moves = [Move("It was said.", "n-001", change), Move("So was this.", "n-002", 0.01)]
        assert faults(influence_figure(moves, what="it")) == []
    assert faults(influence_figure([], what="it")) == []


@pytest.mark.parametrize("theatre", ["river", "market", ""])
def test_the_months_of_a_turn_have_room(theatre):
    assert faults(turns(town_levels(), theatre)) == []


def pictures(run: Run, edition: EditionDossier) -> Iterator[tuple[str, Chart]]:
    """Yield every picture that notebooks can draw of an edition, with what it is of."""
    dossier, known_on = edition.dossier, last_day(edition.dossier, edition.edition.id)
    themes = {forecast.theme: [f for f in run.forecasts if f.theme == forecast.theme] for forecast in run.forecasts}
    yield "all questions", questions_figure(run.forecasts)
    for theme, asked in themes.items():
        yield f"outcomes of {theme}", outcomes_figure(asked)
        yield f"scores of {theme}", scores_figure(outcome_table(dossier, [f for f in asked if f.kind == "yes/no"], known_on))
    for forecast in run.forecasts:
        name, question = forecast.question, dossier.questions[forecast.question]
        rows = run.layers[(run.layers["question"] == name) & (run.layers["outcome"] == forecast.headline.id)]
        if len(rows):
            yield f"layers of {name}", layers_figure(rows.to_dict("records"))
        if forecast.kind != "yes/no":
            yield f"outcomes of {name}", scenario_figure(named(forecast, dossier), width=640)
        yield f"moves of {name}", influence_figure(moves_of(run, dossier, name, forecast.headline.id), what=forecast.title)
        if question.form.single() and question.form.model == "network":
            yield f"rivals of {name}", rivals_figure(rivals_of(run, dossier, name), what=forecast.title)
        titles = {event: dossier.events[event].title for event in question.events()}
        if titles:
            yield f"curves of {name}", curve_figure(run.curves, forecast.deadline, titles, width=640)
        changes = run.changes[(run.changes["question"] == name) & (run.changes["outcome"] == forecast.headline.id)]
        if len(changes):
            before = edition.dossier.editions[str(edition.edition.previous)].as_of
            yield f"changes of {name}", waterfall_figure(changes.to_dict("records"), forecast.headline.p, before, edition.as_of)
    for model, told in run.further.items():
        for panel in told.panels:
            for width in (420, 640):
                bands = told.bands[told.bands["panel"] == panel]
                yield f"{model}, {panel}", ribbon_figure(bands, told.points, edition.as_of, width)


@pytest.mark.slow
@pytest.mark.reads_runs
@pytest.mark.parametrize("name", EDITIONS)
def test_no_label_of_an_edition_is_cut_or_covered(name, project_dir):
    run = open_run(name, priors=project_dir / "priors", runs=project_dir / "runs")
    edition = project_dossier().edition(name)
    found = {what: wrong for what, figure in pictures(run, edition) if (wrong := faults(figure))}
    assert found == {}

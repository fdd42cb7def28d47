"""The figure and the page of a backtest: nothing leaves the sheet, marks say what they are about, texts stay texts."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from refits import BLOCKED, EDITION, point
from toy import toy_dossier

from forecasting.backtest.scores import Came, daily_scores, question_scores, variant_scores
from forecasting.dossier.events import HistoryRow
from forecasting.report.backtest import curve_of
from forecasting.report.backtest_page import page
from forecasting.report.canvas import drawing

PACT, ORDER = "pact-by-2025", "ferry-order-2025"
SETS = {"pact-no-toll": 0.5, "toll-no-pact": 0.2, "rest": 0.3}
POINTS = [
    point("2024-07-01", {PACT: {"yes": 0.4}, ORDER: SETS}),
    point("2024-07-31", {PACT: {"yes": 0.99}, ORDER: SETS}, gate=BLOCKED),
    point("2024-08-30", {PACT: {"yes": 0.7}, ORDER: SETS}),
]
CAME = {PACT: Came("yes", dt.date(2024, 10, 1))}


@pytest.fixture(scope="module")
def dossier():
    row = HistoryRow(
        on=dt.date(2024, 10, 1), event="pact-signed", what="occurred", source="made up", status="confirmed",
        note="a <b>note</b> & more",
    )  # fmt: skip
    return replace(toy_dossier(), history=(*toy_dossier().history, row))


def boxes(chart):
    with drawing():
        canvas = FigureCanvasAgg(chart)
        canvas.draw()
        return [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in chart.axes[0].texts]


@pytest.mark.parametrize("outcome", ["yes", "no", None])
@pytest.mark.parametrize("p", [0.0, 0.002, 0.07, 0.5, 0.95, 1.0])
@pytest.mark.parametrize("question", [PACT, ORDER, "ferry-stages-2026"])
def test_no_label_leaves_the_sheet_or_covers_another(dossier, question, p, outcome):
    stages = {"none": 1 - p, "pact-signed": p, "ferry-runs": 0.0}
    answers = {PACT: {"yes": p}, ORDER: {**SETS, "rest": p}, "ferry-stages-2026": stages}
    points = [*POINTS[:2], point("2024-08-30", answers)] if question != "ferry-stages-2026" else [point("2024-08-30", answers)]
    came = Came(outcome if question == PACT else "rest", dt.date(2024, 10, 1)) if outcome else None
    chart, _ = curve_of(points, dossier.questions[question], dossier, came)
    width, height = chart.canvas.get_width_height()
    found = boxes(chart)
    for text, box in found:
        assert box.x0 >= -0.5, text
        assert box.x1 <= width + 0.5, text
        assert box.y0 >= -0.5, text
        assert box.y1 <= height + 0.5, text
    for i, (text, box) in enumerate(found):
        for other, over in found[:i]:
            assert not (box.x0 < over.x1 and over.x0 < box.x1 and box.y0 + 2 < over.y1 and over.y0 + 2 < box.y1), (text, other)


def test_marks_carry_what_they_are_about_and_stay_text(dossier):
    _, svg = curve_of(POINTS, dossier.questions[PACT], dossier, CAME[PACT])
    (title,) = [element.text for element in ET.fromstring(svg).iter("title")]
    assert title == "1 October 2024, What happens to pact-signed – happened: a <b>note</b> & more"
    assert "<b>" not in svg


def test_the_message_has_the_first_number_the_last_and_the_outcome(dossier):
    chart, _ = curve_of(POINTS, dossier.questions[PACT], dossier, CAME[PACT])
    assert "40 % on 1 July 2024, 70 % on 30 August 2024" in chart.alt
    assert "settled on 1 October 2024: yes" in chart.alt
    assert "99 %" not in chart.alt  # it did not pass the gate


def test_the_page_is_one_file_that_says_it_is_reconstructed_and_what_was_not_scored(dossier):
    points = [*POINTS, *(replace(one, variant="without-history") for one in POINTS)]
    daily = daily_scores(points, CAME, dossier)
    per_question = question_scores(daily, points, dossier)
    text = page(points, dossier, CAME, per_question, variant_scores(per_question, points))
    assert "Reconstructed." in text
    assert text.count("BLOCKED: R-hat 1.03") == 2
    assert len(re.findall("<article", text)) == 2
    assert "without-history</th>" in text
    assert "<script" not in text
    assert not re.search(r"(src|href)=\"http", text)
    assert dossier.editions[EDITION].title in text


def test_stages_go_by_the_titles_of_their_events(dossier):
    answers = {"ferry-stages-2026": {"none": 0.5, "pact-signed": 0.4, "ferry-runs": 0.1}}
    chart, _ = curve_of([point("2024-08-30", answers)], dossier.questions["ferry-stages-2026"], dossier, None)
    assert "What happens to ferry-runs 10 % on 30 August 2024" in chart.alt
    assert "No further than: What happens to pact-signed" in " ".join(text for text, _ in boxes(chart))


def test_without_a_refit_that_passed_the_figure_says_so(dossier):
    chart, _ = curve_of([POINTS[1]], dossier.questions[PACT], dossier, None)
    assert chart.alt.endswith("No refit passed the gate.")

"""What changed since the previous edition: every answer then and now, and a picture whose bars lead from one to the other."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle
from page import Page
from sample_runs import sample_run
from shown_editions import made_up, project_edition, report_of

from forecasting.dossier.differences import differences
from forecasting.dossier.load import read_dossier
from forecasting.report.canvas import drawing
from forecasting.report.changes import changed_since
from forecasting.report.compared import compared_in
from forecasting.report.families import families
from forecasting.report.formatting import percent, points, short_day
from forecasting.report.names import question_name
from forecasting.report.render import render_report
from forecasting.report.waterfall import LEFT, PARTS, RIGHT, WIDTH, part_title, waterfall_alt, waterfall_figure

ROWS = [{"part": "time", "change": -0.2}, {"part": "no-news", "change": 0.0001}, {"part": "news", "change": 0.45}]


@pytest.fixture(scope="module")
def edition():
    return project_edition("2026-02-outlook")


@pytest.fixture(scope="module")
def run(edition):
    return made_up("2026-02-outlook")


@pytest.fixture(scope="module")
def page():
    return Page(report_of("2026-02-outlook"))


@pytest.mark.slow
def test_every_answer_stands_in_the_table_then_and_now_with_what_lies_between(run, page):
    rows = {row[0]: row[1:] for row in page.rows("changes")}
    assert rows.pop("Question") == ["13 December 2024", "Time passing", "No news since", "News", "Now"]
    assert len(rows) == len(run.forecasts)
    for forecast in run.forecasts:
        p = forecast.headline.p
        rest = p - 0.501
        name = f"{question_name(forecast.title)}, {short_day(forecast.deadline)}"
        cells = next(cells for title, cells in rows.items() if title.startswith(name))
        now = [f"{percent(0.5)}*", points(0.7 * rest), points(0.3 * rest), "+0.1", forecast.headline.percent]
        assert cells == now


def test_the_largest_changes_come_first_and_what_could_be_chance_is_grey(run, edition, page):
    changed = changed_since(compared_in(run, edition), edition, run.forecasts)
    sizes = {f"q-{f.question}": abs(f.headline.p - 0.5) for f in run.forecasts}
    order = [sizes[line.anchor] for line in changed.lines]
    assert order == sorted(order, reverse=True)
    for line in changed.lines:
        assert [cell.clear for cell in line.cells if cell.part == "News"] == [False]  # 0.1 points, error 0.3
        assert all(cell.clear for cell in line.cells if cell.part == "No news since" and cell.points not in ("0.0", "−0.0"))
    cells = [element for element in page.all("td") if element.attributes.get("data-label") == "News"]
    assert {element.attributes["class"] for element in cells} == {"n base"}


def test_only_parts_that_moved_something_are_explained(run, edition):
    changed = changed_since(compared_in(run, edition), edition, run.forecasts)
    assert [title for title, _ in changed.parts] == ["Time passing", "No news since", "News"]
    assert changed.since.isoformat() == "2024-12-13"
    known = {event.id for event in edition.events}
    rows = [row for row in edition.dossier.history if changed.since < row.on <= edition.as_of and row.event in known]
    assert changed.n_records == len(rows) + 1 > 50  # and eu-gas-ban, which became law in between
    assert changed.skipped == ()
    # none was asked in 2024; and what the article reported then has expired, some 13 months being the horizon of Khmeimim's loss
    assert changed.n_asked_then == 0
    assert "c-007 on moscow-leaves-syria (2026-01-04)" in changed.expired
    assert not any(" on basing-deal (2024" in sign for sign in changed.expired)


def test_the_section_says_who_published_the_first_number_and_that_signs_have_expired(run, edition, page):
    text = page.text()
    assert "with a * it was asked then by nobody, and worked out afterwards from what was known then" in text
    n_expired = len(changed_since(compared_in(run, edition), edition, run.forecasts).expired)
    assert f"and {n_expired} signs that acted then have expired" in text
    assert "signs seen then have expired or will soon" in text


def test_every_article_about_events_shows_the_way_from_the_old_answer(run, edition, page):
    pictures = [e.attributes["aria-label"] for e in page.all("svg") if e.attributes["aria-label"].startswith("From ")]
    own = {question.id for question in edition.questions}
    assert len(pictures) == sum(family.last.question in own for family in families(edition, run.forecasts))
    assert all("(13 Dec 2024)" in text and "(28 Feb 2026)" in text for text in pictures)
    assert "#changed" in {element.attributes["href"] for element in page.all("a")}


@pytest.mark.slow
def test_an_edition_without_a_previous_one_has_no_such_section(run, edition):
    alone = dataclasses.replace(edition, edition=edition.edition.model_copy(update={"previous": None}))
    page = Page(render_report(run.with_tables(changes=run.changes[:0]), alone))
    assert "changed" not in {element.attributes.get("id") for element in page.all("section")}


@pytest.mark.slow
def test_questions_that_could_not_be_asked_then_are_named_with_the_reason(project_dir):
    dossier, _ = read_dossier(project_dir / "priors")
    later = dossier.edition("2024-12-syria")
    later = dataclasses.replace(later, edition=later.edition.model_copy(update={"previous": "2020-11-karabakh"}))
    run = sample_run(later)
    text = Page(render_report(run, later)).text()
    found = changed_since(compared_in(run, later), later, run.forecasts)
    assert f"{found.n_skipped} questions could not have been asked then" in text
    assert found.n_skipped == len(differences(dossier.edition("2020-11-karabakh"), later).skipped) > 20
    lost = f"“{dossier.events['khmeimim-lost'].title}” opened only on 8 December 2024. Not compared: "
    assert " ".join(lost.split()) in " ".join(text.split())


def test_bars_lead_from_the_old_answer_to_the_new_one():
    # 0.6499 now, less 0.45 + 0.0001 − 0.2: 0.3998 then; time to 0.1998, news to 0.6498
    figure = waterfall_figure(ROWS, 0.6499, "then", "now")
    scale = WIDTH - LEFT - RIGHT
    bars = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    spans = [((bar.get_x() - LEFT) / scale, (bar.get_x() + bar.get_width() - LEFT) / scale) for bar in bars]
    assert np.allclose(spans, [(0.1998, 0.3998), (0.1998, 0.6498)])
    assert [bar.get_facecolor() == bar.get_edgecolor() for bar in bars] == [False, True]  # hollow down, filled up
    assert figure.alt == "From 40 % (then) to 65 % (now): time passing −20.0 points, news +45.0 points."


@pytest.mark.parametrize("width", [364, 420])
@pytest.mark.parametrize("after", [0.0, 0.4, 1.0])
def test_no_label_of_the_picture_leaves_its_sheet(width: int, after: float):
    rows = [{"part": part, "change": (after - 0.5) / len(PARTS)} for part in PARTS]
    figure = waterfall_figure(rows, after, "2024-12-a-rather-long-name-of-an-edition", "2026-02-outlook", width)
    canvas = FigureCanvasAgg(figure)
    with drawing():
        canvas.draw()
        boxes = [text.get_window_extent(canvas.get_renderer()) for text in figure.axes[0].texts if text.get_text()]
    assert all(box.x0 >= -1 and box.x1 <= width + 1 and box.y0 >= -1 for box in boxes)


def test_what_did_not_move_says_so_and_a_part_of_two_runs_has_its_own_name():
    assert waterfall_alt([{"part": "time", "change": 0.0}], 0.3, "then", "now").endswith("nothing moved it.")
    assert part_title("records and program") == "Records and program"

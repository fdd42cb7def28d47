"""Pictures of notebooks: their messages hold their numbers, and nothing is drawn off the sheet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from sample_runs import sample_run
from shown_editions import project_dossier

from forecasting.elicitation.wording import cloglog
from forecasting.errors import UsageError
from forecasting.lab.behind import moves_of, rivals_of, top_influence
from forecasting.lab.outcomes import COLUMNS
from forecasting.lab.probability_lines import Move, Rival, influence_figure, rivals_figure, scores_figure
from forecasting.lab.ridges import Ridge, normal_draws, ridge_figure, smooth_density
from forecasting.report.said import class_name


@pytest.fixture(scope="module")
def dossier(project_dir):
    return project_dossier()


@pytest.fixture(scope="module")
def run(dossier):
    return sample_run(dossier.edition("2024-12-syria"))


def off_sheet(figure):
    """Return the texts that reach beyond the sheet."""
    canvas = FigureCanvasAgg(figure)
    figure.draw(canvas.get_renderer())
    width, height = figure.get_size_inches() * 72
    found = []
    for text in figure.axes[0].texts:
        box = text.get_window_extent(canvas.get_renderer())
        if box.x0 < -0.5 or box.y0 < -0.5 or box.x1 > width + 0.5 or box.y1 > height + 0.5:
            found.append(text.get_text())
    return found


def table(*rows):
    return pd.DataFrame([dict(zip(COLUMNS, row, strict=True)) for row in rows])


LONG = "A title that goes on and on so that it has to be broken into several lines before it fits beside its bar " * 2

FIGURES = {
    "ridges": ridge_figure([
        Ridge(LONG, LONG, "words", normal_draws(3.0, 2.0), (0.1, 0.9)), Ridge("x", "", "own", normal_draws(-9, 1.0)),
    ]),
    "even ridges": ridge_figure([Ridge("x", "y", "base", normal_draws(-1, 0.5))], scale="even"),
    "influence": influence_figure([Move(LONG, "c-001, A, grade B2", -0.3), Move("b", "n", 0.0001)], what="it"),
    "rivals": rivals_figure([Rival("A class", "0 in 1 years", True, 0.0, 0.0, 1.0, 1.0)], what="lost"),
    "scores": scores_figure(table(
        ("a", LONG, None, "yes", 1.0, 0.2, 0.1, 0.3, 0.4, 0.0), ("b", "open", None, "yes", np.nan, 0.9, 0.8, 1.0, 0.0, 0.0),
    )),
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_leaves_the_sheet(name):
    assert off_sheet(FIGURES[name]) == []


def test_a_ridge_says_mean_and_middle_of_the_probability():
    # cloglog is monotone: the quantiles of p are those of x; the mean of p is not the p of the mean
    p = np.array([0.1, 0.2, 0.3, 0.4, 0.9])
    ridge = Ridge("r", "", "base", cloglog(p))
    assert ridge.p == pytest.approx(p)
    assert ridge.summary == "38 %  (12–80 %)"


def test_a_scale_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="write 'hazard' or 'even'"):
        ridge_figure([Ridge("x", "", "base", normal_draws(0, 1))], scale="log")


def test_a_smoothed_density_is_that_of_the_draws():
    at, heights = smooth_density(normal_draws(2.0, 0.5, 4000))
    heights = heights / (heights.sum() * (at[1] - at[0]))
    # peak of a normal density: 1 / (0.5 √(2π)) = 0.798, a little less after smoothing
    assert at[heights.argmax()] == pytest.approx(2.0, abs=0.05)
    assert heights.max() == pytest.approx(0.798, rel=0.04)


def test_the_message_names_every_claim_with_its_points():
    alt = influence_figure([Move("Planes leave.", "c-1", -0.117), Move("A deal nears.", "c-2", 0.02)], what="held").alt
    assert alt == (
        "What moved held most, in percentage points: Planes leave (c-1) −11.7; A deal nears (c-2) +2.0."
    )


def test_the_message_names_the_chosen_class():
    rivals = [Rival("One", "", True, 0.2, 0.1, 0.5, 0.55), Rival("Two", "", False, 0.04, 0.0, 0.15, 0.46)]
    assert rivals_figure(rivals, what="Lost").alt == (
        "Lost, by reference class: One (chosen) 20 % alone and 55 % with all evidence; Two 4 % alone and 46 % with all evidence."
    )


def test_what_is_not_settled_is_not_scored_in_the_message():
    assert FIGURES["scores"].alt.startswith("Forecasts of 1 settled questions")
    assert "open" not in FIGURES["scores"].alt


def test_claims_come_with_the_largest_change_first(run, dossier):
    moves = moves_of(run, dossier, "khmeimim-held-2025", most=4)
    sizes = [abs(move.change) for move in moves]
    assert sizes == sorted(sizes, reverse=True)
    assert len(moves) == 4
    first = top_influence(run, "khmeimim-held-2025", most=1)["claim"].iloc[0]
    assert moves[0].note.startswith(f"{first}, ")
    assert moves[0].label == dossier.claims[first].paraphrase


def test_rivals_speak_of_the_event_whichever_way_the_question_asks(run, dossier):
    rows = run.classes[(run.classes["question"] == "khmeimim-held-2025") & (run.classes["event"] == "khmeimim-lost")]
    held = {rival.label: rival.p for rival in rivals_of(run, dossier, "khmeimim-held-2025")}
    chosen = rows[rows["chosen"]].iloc[0]
    assert held[class_name(chosen["reference_class"])] == pytest.approx(1 - chosen["p"])
    deal = run.classes[(run.classes["question"] == "basing-deal-2025") & run.classes["chosen"]].iloc[0]
    assert any(r.chosen and r.p == deal["p"] for r in rivals_of(run, dossier, "basing-deal-2025"))


def test_a_class_alone_is_taken_over_the_time_that_the_question_asks_about(run, dossier):
    # none in 19 years, with its relatives; what else ends a base than the decision to leave, which has a class of its own
    (chosen,) = (rival for rival in rivals_of(run, dossier, "khmeimim-held-2025") if rival.chosen)
    assert chosen.base_p == pytest.approx(0.04, abs=0.015)
    assert chosen.low < chosen.base_p < chosen.high


def test_a_question_about_several_events_has_no_class(run, dossier):
    with pytest.raises(UsageError, match="turkstream-stops"):
        rivals_of(run, dossier, "turkstream-only-route-2025")
    with pytest.raises(UsageError, match="ask about one of them"):
        rivals_of(run, dossier, "syria-posture-2025")

"""Who is ahead, since when and on whose word: counted by hand on four draws, and from the published runs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from sample_runs import sample_run
from shown_editions import project_dossier
from town_balance import town_levels

from forecasting.errors import UsageError
from forecasting.lab import upper_hand
from forecasting.lab.open import open_run
from forecasting.lab.upper_hand import _beside, _since, ahead_table, articles, turned, turns


def test_who_is_ahead_is_counted_over_the_draws():
    # at the end the river has +1, +2, +1, −1: three of four above zero; the market is below zero on all
    rows = {row["theatre"]: row for row in ahead_table(town_levels()).rows}
    assert rows["River"]["probability"] == "75 %"
    assert rows["River"]["level"] == "+1.0"
    assert rows["Market"]["probability"] == "<1 %"
    # (1 − 2)/2, (2 − 2)/2, (1 − 2)/2, (−1 − 1)/2: one in the middle of even, three at its end or beyond
    assert rows["Norland and Sudland at large"]["probability"] == "12 %"
    assert [row["counts at large"] for row in rows.values()] == ["50 %", "50 %", ""]


def test_how_much_a_theatre_counts_is_the_mean_over_the_draws():
    weights = np.array([[0.2, 0.8], [0.4, 0.6], [0.4, 0.6], [0.6, 0.4]])
    rows = ahead_table(replace(town_levels(), weights=weights)).rows
    assert [row["counts at large"] for row in rows] == ["40 %", "60 %", ""]


def test_the_turn_is_the_month_since_which_nothing_went_back():
    # draw 2 was ahead in February too, and behind again: its turn is in May
    name, p, always = _since(town_levels(), "river")
    assert name == "Sudland"
    assert p == pytest.approx([0, 0, 0.25, 0, 0.5])
    assert always == 0
    assert turned(town_levels(), "river") == (
        "**River: Sudland is ahead with 75 %.** The likeliest month for the turn is May 2024 (50 %); if there was one, it lies "
        "with at least 80 % between Mar 2024 and May 2024."
    )


def test_the_line_between_the_two_runs_somewhere_in_even_for_the_turn_too() -> None:
    # one draw, which rises to half-way from zero to the end of even, and beyond it two months later
    levels = town_levels()
    river, even = levels.level[:1].copy(), levels.balance.scale.level[0]
    river[:] = np.array([-1.0, -1.0, even / 2, even / 2, 2.0])
    name, p, always = _since(replace(levels, level=river, weights=levels.weights[:1]), "river")
    assert (name, always) == ("Sudland", 0)
    assert p == pytest.approx([0, 0, 0.75, 0, 0.25])


def test_a_turn_in_the_month_of_an_article_may_only_have_been_said_then():
    levels = town_levels()
    said = "An article spoke in that month: the turn may be older, and only have been said then."
    assert turned(replace(levels, marked={dt.date(2024, 5, 20): "The Norland Times"}), "river").endswith(said)
    assert said not in turned(replace(levels, marked={dt.date(2023, 5, 20): "The Norland Times"}), "river")


def test_a_statement_is_not_called_the_strongest_where_an_event_moves_the_answer_further():
    looks = {name: SimpleNamespace(record=SimpleNamespace(what=what)) for name, what in
             (("s-1", "Said so."), ("o-1", "The bridge is taken."), ("o-2", "Quiet."))}  # fmt: skip
    moved = pd.DataFrame({"change": [-0.063, 0.032, 0.01]}, index=["o-1", "s-1", "o-2"])
    further = "an observation without a named speaker moves it further, by 6.3 points"
    assert _beside(moved, "s-1", looks) == f"{further}: *The bridge is taken*"
    assert _beside(moved, "s-1", {}) == further
    assert _beside(moved.drop("o-1"), "s-1", looks) == "no other observation moves the answer by more than 1.0 points"


def test_who_was_never_behind_has_no_turn():
    # three draws have Norland ahead in every month, one since March
    name, p, always = _since(town_levels(), "market")
    assert (name, always) == ("Norland", 0.75)
    assert p == pytest.approx([0, 0, 0.25, 0, 0])
    assert turned(town_levels(), "market").endswith("Most likely it has been so ever since 1 January 2024 (75 %).")


def test_the_picture_names_the_likely_months_and_marks_the_article():
    figure = turns(town_levels(), "river")
    assert figure.alt == (
        "River: since which month Sudland has been ahead. The likeliest months: May 2024 50 %, Mar 2024 25 %. "
        "Marked: 5 Mar 2024, The Norland Times."
    )
    assert {"May 2024: 50 %", "Mar 2024: 25 %", "5 Mar 2024"} <= {text.get_text() for text in figure.axes[0].texts}
    assert articles(town_levels()) == "Dotted lines: 5 March 2024, *The Norland Times*."


def test_a_theatre_that_the_balance_lacks_is_named_with_those_it_has():
    with pytest.raises(UsageError, match="did you mean 'river'"):
        turned(town_levels(), "rivver")


@pytest.mark.slow
@pytest.mark.reads_runs
def test_levels_are_those_of_the_run_and_words_have_their_worth(project_dir):
    # the run keeps one month of each year; the months between them are drawn again from the same seed
    run = open_run("2020-11-karabakh", priors=project_dir / "priors", runs=project_dir / "runs")
    edition = project_dossier().edition("2020-11-karabakh")
    found = upper_hand.levels(edition, run)
    with xr.open_dataset(run.directory / "balance_posterior.nc", group="posterior", engine="netcdf4") as kept:
        for look in map(str, kept["look"].values[::7]):
            name, month = look.split()
            at = [f"{day:%Y-%m}" for day in found.months].index(month)
            assert found.of(name)[:, at] == pytest.approx(kept["level"].sel(look=look).values.ravel(), abs=1e-6)
    # Moscow at large: what each observation adds is its answer less the answer without it, the largest first
    table = upper_hand.influence_table(edition, run, most=3)
    moved = [float(row["points"].replace("−", "-")) for row in table.rows]
    assert [abs(x) for x in moved] == sorted((abs(x) for x in moved), reverse=True)
    speakers = {row["speaker"] for row in upper_hand.speakers_table(edition, run).rows}
    assert {"Mark Galeotti", "Eurasia Group"} <= speakers
    assert "without it" in upper_hand.worth(edition, run)


def test_tables_of_two_models_name_the_side_and_show_the_largest_move_first(project_dir):
    dossier = project_dossier()
    run = sample_run(dossier.edition("2024-12-syria"), whole=True)
    twice = upper_hand.twice_table(run)
    assert len(twice.rows) == len(run.two_models) > 0
    needs = [row for row in twice.rows if row["network"].startswith("at most ")]
    assert len(needs) == (run.two_models["relation"] == "needs").sum() > 0
    assert any(row["side of an index"].endswith("Russia gives up at least one of the two bases") for row in twice.rows)
    instead = upper_hand.instead_table(run)
    assert {row["question"] for row in instead.rows} == {forecast.title for forecast in run.forecasts[:3]}
    assert f"of {run.upper_hand['question'].nunique()} that" in instead.caption

"""The record page and the section on outcomes: what they say, that they need nothing else, and that texts are texts."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest
from ledgers import clock, forecast, outcome
from numbers_forecast import GAS, LATER, came, level
from sample_runs import sample_run
from shown_editions import report_of

from forecasting.ledger.issue import Origin, issue_model
from forecasting.ledger.resolve import settled_by_history
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import append, read_ledger
from forecasting.report.record import came_of, record_page, write_record
from forecasting.report.render import render_report
from forecasting.rules.load import load_dossier
from forecasting.scoring.post_mortem import by_kind, gain, post_mortem, strongest
from forecasting.scoring.record import record_of

NOW = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
EDITIONS = ("2020-11-karabakh", "2024-12-syria", "2026-02-outlook")


@pytest.fixture(scope="module")
def dossier():
    return load_dossier("priors")


@pytest.fixture(scope="module")
def runs(dossier):
    return {name: sample_run(dossier.edition(name)) for name in EDITIONS}


@pytest.fixture(scope="module")
def record(dossier, runs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger")
    for name, run in runs.items():
        edition = dossier.edition(name)
        passed = [dataclasses.replace(forecast, gate=run.mark) for forecast in run.forecasts]
        drafts = issue_model(passed, edition, Origin("a" * 64, "b" * 64, "0", 1), Standing(()), NOW.date()).drafts
        append(folder, drafts, clock=clock(NOW))
    standing = Standing(read_ledger(folder, now=NOW).entries)
    append(folder, list(settled_by_history(dossier, standing, by="Ann", today=NOW.date())), clock=clock(NOW))
    return record_of(read_ledger(folder, now=NOW), dossier, NOW.date())


@pytest.mark.slow
def test_the_first_screen_says_how_good_and_that_it_is_reconstructed(record, dossier, runs):
    page = record_page(record, dossier, runs)
    head = page[: page.index("</header>")]
    assert "than base rates alone" in head
    assert "No forecast made before its outcome is settled yet" in head
    assert str(record.head) in page
    assert "<script" not in page
    assert "http://" not in page.split("</style>")[1]


def test_every_settled_question_stands_there_the_worst_first(record, dossier, runs):
    page = record_page(record, dossier, runs)
    own = record.questions()
    assert len(own) > 30
    assert list(own["brier"]) == sorted(own["brier"], reverse=True)
    places = [page.index(f"Brier {brier:.3f}, base rates alone") for brier in own["brier"].head(5)]
    assert places == sorted(places)
    assert "without an outcome" in page


def test_the_twin_for_machines_has_the_same_figures(record, dossier, runs, tmp_path):
    page, twin = write_record(record, dossier, runs, tmp_path)
    value = json.loads(twin.read_text("utf-8"))
    assert page.name == "record.html"
    assert [card["title"] for card in value["cards"]] == [card.title for card in record.cards]
    assert value["cards"][-1]["forecasters"][0]["brier"]["mean"] == record.cards[-1].lines[0].brier.mean


@pytest.mark.slow
def test_a_report_shows_outcomes_and_how_others_did_only_with_a_ledger(record, dossier, runs):
    edition = dossier.edition("2024-12-syria")
    with_it, without = render_report(runs["2024-12-syria"], edition, record), report_of("2024-12-syria")
    assert 'id="came"' in with_it
    assert 'id="came"' not in without
    assert "(2020-11-karabakh):</b>" in with_it
    assert 'href="#q-khmeimim-held-2025"' in with_it
    assert 'id="q-khmeimim-held-2025"' in with_it


def test_gains_are_of_the_outcome_that_came(runs):
    run = runs["2024-12-syria"]
    yes = post_mortem(run, {"khmeimim-held-2025": "yes"}).set_index(["part", "id"])["gain"]
    (forecast,) = [f for f in run.forecasts if f.question == "khmeimim-held-2025"]
    (o,) = forecast.outcomes
    assert yes["claims", "claims"] + yes["history", "history"] == pytest.approx(gain(o.p, o.base_p))
    no = post_mortem(run, {"khmeimim-held-2025": "no"}).set_index(["part", "id"])["gain"]
    assert no["history", "history"] == pytest.approx(gain(1 - o.p, 1 - o.prior_p))
    row = run.influence[run.influence["question"] == "khmeimim-held-2025"].iloc[0]
    assert yes["claim", row["claim"]] == pytest.approx(gain(row["p"], row["p_without"]))
    assert no["claim", row["claim"]] == pytest.approx(gain(1 - row["p"], 1 - row["p_without"]))


def test_what_helped_and_what_harmed_have_their_signs(runs, dossier):
    found = post_mortem(runs["2024-12-syria"], {"khmeimim-held-2025": "yes"})
    helped, harmed = strongest(found, "khmeimim-held-2025")
    assert all(one.gain > 0 for one in helped)
    assert all(one.gain < 0 for one in harmed)
    table = by_kind(found, dossier)
    claims = found[found["part"] == "claim"]
    assert table[table["of"] == "source"]["total"].sum() == pytest.approx(claims["gain"].sum())


def test_an_answer_that_has_moved_since_it_was_issued_says_both_numbers(record, dossier, runs):
    row = record.questions("2024-12-syria").to_dict("records")[0]
    forecast = runs["2024-12-syria"].forecast(row["question"])
    assert came_of(row, dossier, forecast).now == ""
    other = {**row, "p": row["p"] + 0.1 if row["p"] < 0.5 else row["p"] - 0.1}
    assert came_of(other, dossier, forecast).now == f"issued on 29 Nov 2026, now {came_of(row, dossier).p}"
    assert came_of(other, dossier).now == ""


def test_ranked_scores_stand_beside_each_other_only_over_the_same_questions(record):
    for card in record.cards:
        found = {line.forecaster: line.ranked.n for line in card.lines if line.ranked}
        assert len(set(found.values())) <= 1
        table = record.table[record.table["edition"] == card.title] if card.title != "all editions" else record.table
        speaks = table[table["ranked"].notna()].groupby("forecaster")["question"].count().to_dict()
        assert set(found) <= {name for name, n in speaks.items() if n == speaks.get("model")}


def test_a_sum_of_claims_stands_without_the_largest_too(runs, dossier):
    found = post_mortem(runs["2024-12-syria"], {"khmeimim-held-2025": "yes"})
    each = found[found["part"] == "claim"].groupby("id")["gain"].sum()
    table = by_kind(found, dossier)
    for row in table[table["n_claims"] == 1].itertuples():
        assert row.without_largest == 0
    assert table["total"].sub(table["without_largest"]).abs().max() == pytest.approx(each.abs().max())


@pytest.fixture(scope="module")
def of_numbers(dossier, tmp_path_factory):
    folder = tmp_path_factory.mktemp("numbers")
    sides = [{"id": name, "title": name, "p": p} for name, p in (("low", 0.2), ("neither", 0.5), ("high", 0.3))]
    drafts = [level(dossier), forecast("an-index", kind="sides", outcomes=sides), came(dossier, value=17.75)]
    append(folder, drafts, clock=clock(LATER))
    return record_of(read_ledger(folder, now=NOW), dossier, NOW.date())


def test_numbers_stand_with_their_scores_and_with_what_is_missing(of_numbers, dossier):
    page = record_page(of_numbers, dossier, {})
    part = page[page.index('<section id="ordered">') : page.index('<section id="evolving">')]
    own = of_numbers.ordered.set_index("forecaster")
    assert "in billion cubic metres? 17.75 billion cubic metres" in part
    for name in ("model", "walk"):
        assert f">{own.loc[name, 'crps']:.3g}<" in part
        assert f">{own.loc[name, 'ranked']:.3f}<" in part
    assert "random walk with drift</th>" in part
    assert "Sides of a balance: none of 1 scored; 1 open, the first until 2027-12-31." in part
    after = page[page.index('<section id="evolving">') : page.index('<section id="settled">')]
    assert "each was forecast once, so that this is the plain score" in after
    assert "no question has a second forecast of the model yet" in after


def test_means_of_several_numbers_and_stages_stand_below_them(dossier, tmp_path):
    ids = ("none", "one", "two")
    stages = [{"id": name, "title": name, "p": p} for name, p in zip(ids, (0.2, 0.5, 0.3), strict=True)]
    other = forecast(
        "steps", kind="stages", outcomes=stages, status_quo="none", edition="2024-12-syria", standing="reconstructed", why="later"
    )
    drafts = [level(dossier), other, came(dossier, value=17.75), outcome("steps", "one", on="2026-03-01")]
    append(tmp_path, drafts, clock=clock(LATER))
    page = record_page(record_of(read_ledger(tmp_path, now=NOW), dossier, NOW.date()), dossier, {})
    assert "Mean of 2 ranked scores, and of 1 number<" in page
    assert "Steps: one</th>" in page  # a question that the dossier lacks goes by its id


def test_with_nothing_in_order_the_page_says_so(dossier, tmp_path):
    one = forecast("khmeimim-held-2025", edition="2024-12-syria", standing="reconstructed", why="later")
    append(tmp_path, [one, outcome("khmeimim-held-2025", on="2026-01-01")], clock=clock(LATER))
    page = record_page(record_of(read_ledger(tmp_path, now=NOW), dossier, NOW.date()), dossier, {})
    assert "No question whose outcomes have an order (a number, stages, sides) is scored yet." in page
    assert "Numbers in ranges: nothing was forecast by the model." in page


def test_the_twin_has_numbers_and_forecasts_over_time(of_numbers, dossier, tmp_path):
    _, twin = write_record(of_numbers, dossier, {}, tmp_path)
    value = json.loads(twin.read_text("utf-8"))
    assert [row["forecaster"] for row in value["ordered"]] == ["model", "even", "walk"]
    assert all(row["crps_quantiles"] is None for row in value["ordered"])
    assert [row["question"] for row in value["evolving"]] == [GAS]
    assert value["lacking"] == list(of_numbers.lacking)

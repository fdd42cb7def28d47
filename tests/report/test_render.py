"""The report says what the run says: every number, every question, in the order a reader needs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest
from manifests import FAILED, made_up_manifest
from page import Page
from shown_editions import made_up, project_edition, report_of

from forecasting.forecasts import Override
from forecasting.report.articles import SMALL
from forecasting.report.context import lines_of, without_intervals
from forecasting.report.families import families
from forecasting.report.formatting import in_words, interval, percent, points, weighs
from forecasting.report.names import short
from forecasting.report.render import render_report, write_report


@pytest.fixture(scope="module", params=["2020-11-karabakh", "2026-02-outlook"])
def edition(request):
    return project_edition(request.param)


@pytest.fixture(scope="module")
def run(edition):
    return made_up(edition.edition.id)


@pytest.fixture(scope="module")
def html(edition):
    return report_of(edition.edition.id)


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


@pytest.mark.slow
def test_every_forecast_stands_in_the_table_with_the_numbers_of_the_run(run, edition, page):
    rows = {row[0]: row[1:] for row in page.rows("answers-table")}
    for forecast in without_intervals(edition.dossier, run.forecasts):
        outcome = forecast.headline
        cells = next(cells for title, cells in rows.items() if title.startswith(forecast.title))
        pathway = f"{percent(outcome.base_p)} → {percent(outcome.prior_p)} → {outcome.percent}"
        ends = (outcome.low_50, outcome.high_50), (outcome.low, outcome.high)
        intervals = " ".join(interval(*pair) for pair in ends) if weighs(*ends[1]) else "none"
        assert cells[:4] == [outcome.percent, in_words(outcome), intervals, pathway]
        assert cells[5].endswith(str(forecast.deadline.year))
    assert len(rows) == len(run.forecasts) + 1  # and the heading


def test_what_weighs_power_has_no_interval_whatever_its_draws_are(edition):
    forecasts = made_up(edition.edition.id, whole=True).forecasts
    weighed = {one.id for one in edition.asked if one.form.name in ("ahead", "turned")}
    assert weighed
    for low, low_50, high_50, high in ((1.0, 1.0, 1.0, 1.0), (0.02, 0.05, 0.84, 1.0)):  # 99 %; just after the last month
        ends = {"low": low, "low_50": low_50, "high_50": high_50, "high": high}
        told = tuple(
            dataclasses.replace(one, outcomes=tuple(dataclasses.replace(o, **ends) for o in one.outcomes)) for one in forecasts
        )
        lines = {one.question: lines_of(one) for one in without_intervals(edition.dossier, told)}
        none = {name for name, found in lines.items() if {(line.half, line.interval) for line in found} == {("none", "none")}}
        assert none == weighed
        assert not any(line.skewed or line.range_words for name in weighed for line in lines[name])


def articles(page):
    """Return the text of every article by its id."""
    return {e.attributes["id"]: " ".join(e.text.split()) for e in page.all("article")}


@pytest.fixture(scope="module")
def groups(run, edition):
    return families(edition, run.forecasts)


def test_every_outcome_of_a_set_stands_in_its_article(run, page, groups):
    found = articles(page)
    for family in groups:
        text = found[f"a-{family.last.question}"]
        for forecast in family.forecasts:
            for outcome in forecast.outcomes:
                assert outcome.percent in text
                if forecast.kind == "scenarios":
                    assert outcome.title in text
    assert len(found) == len(groups)


def test_stages_are_named_by_the_titles_of_their_events(run, edition, page):
    for forecast in run.forecasts:
        if forecast.kind == "stages":
            for outcome in forecast.outcomes[1:]:
                assert edition.dossier.events[outcome.id].title in page.text()


def test_the_claims_for_and_against_stand_in_the_article_the_strongest_first(run, edition, page, groups):
    claims = {claim.id: claim for claim in edition.claims}
    for family in groups:
        text = articles(page)[f"a-{family.last.question}"].partition("Events:")[0]
        rows = run.influence[run.influence["outcome"] == family.last.headline.id]
        changes = rows.assign(change=rows["change"].astype(float)).set_index(["claim", "question"])["change"].dropna()
        of = {
            claim: [float(changes.get((claim, forecast.question), 0.0)) for forecast in family.forecasts]
            for claim in {name for name, question in changes.index if question in {f.question for f in family.forecasts}}
        }
        for sign in (1, -1):
            side = sorted((c for c in of if sign * max(of[c], key=abs) > 0), key=lambda c: -abs(max(of[c], key=abs)))[:5]
            side = [c for i, c in enumerate(side) if i == 0 or abs(max(of[c], key=abs)) >= SMALL]
            places = [text.index(short(claims[claim].paraphrase, 7)) for claim in side]
            assert places == sorted(places)
            for claim in side:
                assert " / ".join(map(points, of[claim])) in text


def test_every_claim_event_and_class_is_described_once_and_named_by_its_anchor(edition, page):
    text = page.text()
    ids = [element.attributes.get("id", "") for element in page.elements]
    for claim in edition.claims:
        assert ids.count(f"claim-{claim.id}") == 1
        assert text.count(claim.paraphrase) <= 2  # itself, and as a name where it is short
    for event in edition.events:
        assert ids.count(f"event-{event.id}") == 1
        assert text.count(" ".join(event.resolution.counts.split())) == 1
        assert ids.count(f"class-{event.reference_class}") == 1


def test_rival_classes_stand_beside_the_chosen_one(run, edition, page):
    text = page.text()
    for question in edition.questions:
        for name in question.events():
            event = edition.dossier.events[name]
            for reference_class in (event.reference_class, *event.rivals):
                assert reference_class.replace("-", " ") in text


def test_links_inside_the_page_lead_somewhere_and_ids_are_unique(page):
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    targets = {e.attributes["href"][1:] for e in page.all("a") if e.attributes["href"].startswith("#")}
    assert targets <= set(ids)


def test_every_picture_has_a_message_and_nothing_is_loaded_or_run(page, html):
    pictures = page.all("svg", "img")
    assert len(pictures) > 15
    for picture in pictures:
        assert picture.attributes["role"] == "img"
        assert len(picture.attributes["aria-label"]) > 30
    assert not page.all("script", "img", "iframe", "object", "embed", "form")
    assert not [name for element in page.elements for name in element.attributes if name.startswith("on")]
    assert "src=" not in html
    assert "@import" not in html
    assert "url(" not in html


@pytest.mark.slow
def test_two_renderings_are_the_same_bytes_and_small(run, edition, html, tmp_path):
    path = write_report(run, edition, tmp_path)
    assert path.name == f"{edition.edition.id}.html"
    assert path.read_text("utf-8") == html
    assert path.stat().st_size < 2_000_000


def test_the_page_says_its_date_how_it_is_known_and_what_the_interval_means(edition, page):
    text = page.text()
    assert " ".join(edition.edition.as_of_how.split()) in text
    assert text.count("The intervals are about the number, not about the event") == 1
    assert page.all("html")[0].attributes["lang"] == "en"
    assert len(page.all("h1")) == 1
    changed = ["changed"] if edition.edition.previous else []
    assert [e.attributes["id"] for e in page.all("section")] == [
        "brief", "about", "answers", *changed, "questions", "sets", *(f"model-{name}" for name in edition.further), "network",
        "wrong", "assumptions", "happened", "evidence", "events", "pressures", "classes", "gate", "provenance", "glossary",
    ]  # fmt: skip


def test_likelihood_and_confidence_never_share_a_sentence(page):
    words = ("almost no chance", "unlikely", "roughly even chance", "very likely", "almost certain")
    for element in page.all("p", "li"):
        for sentence in re.split(r"[.!?]\s", element.text):
            assert not ("confidence" in sentence and any(word in sentence for word in words))


def test_no_trade_word_stays_unexplained(page):
    text = page.text().casefold()
    assert not [word for word in ("cloglog", "hazard", "psis", "k-hat", "log-odds") if f" {word}" in text]


@pytest.mark.slow
def test_a_run_that_failed_the_gate_says_so_before_any_answer(run, edition):
    override = Override("A. Analyst", dt.date(2024, 7, 2), "needed for a drill")
    blocked = dataclasses.replace(FAILED, override=override)
    text = Page(render_report(dataclasses.replace(run, manifest=made_up_manifest(edition, blocked)), edition)).text()
    said = "BLOCKED, shown by A. Analyst since 2024-07-02 (needed for a drill): R-hat 1.03 at p[posterior pact-by-2025:yes]"
    assert text.index("Not fit to quote") < text.index(said) < text.index("All answers")
    # at the head, at the head of each printed page, and in the article of every question about events
    own = {question.id for question in edition.questions}
    shown = [family for family in families(edition, run.forecasts) if family.last.question in own]
    assert text.count(said) == 2 + len(shown) + len(edition.further)


def test_a_run_of_another_edition_is_refused(run, edition):
    other = dataclasses.replace(run, manifest=run.manifest.model_copy(update={"edition": "another"}))
    with pytest.raises(ValueError, match="the run is of edition another"):
        render_report(other, edition)


def test_events_that_have_happened_are_listed_with_how_it_is_known(edition, page):
    happened = {row.event for row in edition.history if row.what == "occurred"}
    part = next(e for e in page.all("section") if e.attributes["id"] == "happened").text
    for event in happened:
        assert edition.dossier.events[event].title in part
    facts = [e for e in page.elements if e.tag == "li" and e.text in part]
    assert len(facts) == len(happened)

"""Page one: at most 400 words, key judgements of four sentences each, likelihood and confidence apart, for any dossier."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import re
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from browser import CHROMIUM, Browser
from builders import write_dossier
from page import Page
from sample_runs import sample_run
from shown_editions import made_up, project_edition, report_of

from forecasting.dossier.edition import MOST_KEY, EditionDossier
from forecasting.dossier.load import read_dossier
from forecasting.dossier.signatures import Signature
from forecasting.elicitation.estimates import (
    bare_modals,
    confidence_beside_likelihood,
    foreign_terms,
    sentences,
    terms_in,
    two_terms,
)
from forecasting.forecasts import in_standard
from forecasting.report.brief.brief import MOST_WORDS, Brief, brief_of, n_words
from forecasting.report.brief.choose import nearest_of
from forecasting.report.brief.moves import Moves, Seen, deciding, moves_of, seen_of
from forecasting.report.brief.sentences import change_sentence, likelihood_sentence, why_sentence
from forecasting.report.context import titled
from forecasting.report.formatting import short_day
from forecasting.report.render import render_brief, write_brief
from forecasting.runs.store import Run
from forecasting.standards.tables import STANDARDS

EDITIONS = ("2020-11-karabakh", "2024-12-syria", "2026-02-outlook")


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> EditionDossier:
    return project_edition(request.param)


@pytest.fixture(scope="module")
def run(edition: EditionDossier) -> Run:
    return made_up(edition.edition.id, whole=True)


@pytest.fixture(scope="module")
def brief(run: Run, edition: EditionDossier) -> Brief:
    return brief_of(run, edition, titled(edition, run.forecasts))


@pytest.fixture(scope="module")
def report(edition: EditionDossier) -> Page:
    return Page(report_of(edition.edition.id, whole=True))


@pytest.fixture(scope="module")
def page(run: Run, edition: EditionDossier) -> Page:
    return Page(render_brief(run, edition))


def shown(html: str) -> str:
    """Return what a reader sees of a page, the cells of tables apart."""
    return unescape(re.sub(r"<[^>]*>", " ", html[html.index("<body>") :]))


def ferry(tmp_path: Path, project_dir: Path, *, questions: str, ask: str) -> tuple[Run, EditionDossier]:
    """Return a made-up run of another region, which asks what is named."""
    root = write_dossier(tmp_path, project_dir)
    path = root / "questions/ferry.yaml"
    path.write_text(path.read_text("utf-8") + questions, "utf-8")
    named = root / "editions/2024-07-ferry.yaml"
    named.write_text(re.sub(r"questions: \[.*\]", f"questions: [{ask}]", named.read_text("utf-8")), "utf-8")
    dossier, failures = read_dossier(root)
    assert not failures
    edition = dossier.edition("2024-07-ferry")
    return sample_run(edition), edition


def test_the_page_has_at_most_400_words_by_its_own_count_and_by_that_of_the_page(brief: Brief, run: Run, edition: EditionDossier):
    body = shown(render_brief(run, edition))
    assert 200 < n_words(body) <= MOST_WORDS
    assert n_words(body) <= brief.n_words + n_words(edition.edition.title)  # what is counted beforehand is no less


def test_it_begins_with_the_key_questions_of_the_edition_in_their_order(brief: Brief, edition: EditionDossier):
    assert [one.anchor for one in brief.judgements] == [f"q-{name}" for name in edition.edition.key_questions or ()]
    assert 3 <= len(brief.judgements) <= MOST_KEY
    assert len(brief.rows) == 8
    assert not {one.anchor for one in brief.judgements} & {row.anchor for row in brief.rows}


@pytest.mark.slow
@pytest.mark.parametrize("edition", ["2024-12-syria"], indirect=True)
def test_the_page_of_december_2024_has_who_is_ahead_and_the_bases(report: Page):
    text = report.text()
    first = text[: text.index("What this report is")]
    assert "the upper hand over Moscow" in first
    assert "Khmeimim" in first
    assert "Tartus" in first


def test_a_judgement_says_likelihood_and_confidence_in_sentences_of_their_own(brief: Brief, run: Run):
    for one in brief.judgements:
        forecast = run.forecast(one.anchor.removeprefix("q-"))
        assert one.likelihood.count(forecast.headline.percent) == 1
        assert terms_in(one.likelihood) == [forecast.headline.words.replace("almost certain", "almost certainly")] or (
            terms_in(one.likelihood) == [forecast.headline.words]
        )
        assert re.fullmatch(r"Our confidence is (low|moderate|high): .+\.", one.confidence)
        assert "confidence" not in one.likelihood
        assert not terms_in(one.confidence)


@pytest.mark.parametrize("standard", STANDARDS)
def test_what_the_program_writes_passes_the_rules_that_people_are_held_to(standard: str, run: Run, edition: EditionDossier):
    named = dataclasses.replace(edition, edition=edition.edition.model_copy(update={"standard": standard}))
    told = brief_of(run, named, in_standard(titled(edition, run.forecasts), standard))
    assert told.standard is STANDARDS[standard]
    for text in told.texts:
        found = (*confidence_beside_likelihood(text), *two_terms(text, told.standard), *foreign_terms(text, told.standard))
        assert not [*found, *bare_modals(text, told.standard)], text


@pytest.mark.slow
def test_the_sentences_of_the_whole_report_pass_too(report: Page):
    texts = [element.text for element in report.all("p", "li", "td", "dd", "summary", "figcaption")]
    assert len(texts) > 500
    wrong = [found for text in texts for found in (*confidence_beside_likelihood(text), *two_terms(text, STANDARDS["icd203"]))]
    assert wrong == []


def test_page_one_of_the_report_is_the_brief(brief: Brief, report: Page):
    text = " ".join(report.text().split())
    for said in brief.texts:
        if not any(said.startswith(row.title) for row in brief.rows):
            assert " ".join(said.split()) in text


def test_the_brief_links_into_the_report_beside_it(page: Page, report: Page, edition: EditionDossier):
    ids = {element.attributes["id"] for element in report.elements if "id" in element.attributes}
    links = [element.attributes["href"] for element in page.all("a")]
    assert links
    assert {link.partition("#")[0] for link in links} == {f"{edition.edition.id}.html"}
    assert {link.partition("#")[2] for link in links} <= ids


def test_another_region_needs_no_statement_and_no_key_questions(tmp_path: Path, project_dir: Path):
    run, edition = ferry(tmp_path, project_dir, questions="", ask="pact-by-2025, toll-by-2025, ferry-order-2025")
    brief = brief_of(run, edition, titled(edition, run.forecasts))
    assert [one.anchor for one in brief.judgements] == ["q-pact-by-2025", "q-toll-by-2025", "q-ferry-order-2025"]
    assert "he answer to “Will the ferry pact be signed by the end of 2025?” will" in brief.judgements[0].likelihood
    assert "he answer to “The ferry at the end of 2025” will" in brief.judgements[2].likelihood
    assert brief.rows == ()


def test_one_question_of_stages_makes_a_brief(tmp_path: Path, project_dir: Path):
    steps = "- {id: steps, title: How far?, at: 2025-12-31, stages: [pact-signed, toll-raised]}\n"
    run, edition = ferry(tmp_path, project_dir, questions=steps, ask="steps")
    (one,) = brief_of(run, edition, titled(edition, run.forecasts)).judgements
    events = edition.dossier.events
    titles = ["None of these", f"No further than: {events['pact-signed'].title}", events["toll-raised"].title]
    assert "he answer to “How far?” will " in one.likelihood
    assert any(f"be “{title}” (" in one.likelihood for title in titles)
    told = Page(render_brief(run, edition)).text()
    assert "Key judgements" in told
    assert len(sentences(one.likelihood)) == 1


def test_a_long_title_costs_rows_and_not_the_limit(tmp_path: Path, project_dir: Path):
    title = " ".join(["very long title of a question about ferries"] * 8)
    many = "".join(
        f"- {{id: pact-{n}, title: 'Will it {title} {n}?', theme: t{n}, asks: {{any_of: [{{occurs: pact-signed}}, "
        f"{{occurs: toll-raised}}]}}, at: 20{30 + n}-12-31}}\n"
        for n in range(1)
    )
    run, edition = ferry(tmp_path, project_dir, questions=many, ask="pact-0, pact-by-2025, toll-by-2025, ferry-order-2025")
    assert n_words(shown(render_brief(run, edition))) <= MOST_WORDS


def test_what_could_be_seen_is_said_with_the_answer_then(run: Run, edition: EditionDossier):
    forecasts = titled(edition, run.forecasts)
    key = next(name for name in edition.edition.key_questions or () if name in {own.id for own in edition.questions})
    p = run.forecast(key).headline.p
    names = [event.id for event in edition.events if event.id not in edition.dossier.questions[key].events()][:4]
    table = pd.DataFrame(
        {"event": names, "p_event": 0.2, "p_if": [0.0, min(p + 0.2, 0.97), p / 3, p + 0.001], "mcse_p_if": 0.001, "p_if_not": 0.1,
         "expected_change": [0.3, 0.2, 0.1, 0.05], "information_bits": 0.1}
    )  # fmt: skip
    told = next(one for one in brief_of(run, edition, forecasts, None, {key: table}).judgements if one.anchor == f"q-{key}")
    assert edition.dossier.events[names[1]].title in told.change  # the first answers the question, the last hardly moves it
    assert edition.dossier.events[names[0]].title not in told.change
    assert edition.dossier.events[names[3]].title not in told.change
    assert told.change.startswith("If seen by ")


@pytest.mark.slow
def test_a_brief_is_called_live_only_where_the_records_say_so(run: Run, edition: EditionDossier):
    def standing(coded: dict[str, str] | None, fetched: dt.date | None) -> str:
        signed = tuple(Signature.model_validate(by) for by in ([coded] if coded else []))
        own = edition.edition.model_copy(update={"reconstructed": None, "coded_by": signed})
        sources = {name: one.model_copy(update={"retrieved_on": fetched}) for name, one in edition.dossier.sources.items()}
        live = dataclasses.replace(edition, edition=own, dossier=dataclasses.replace(edition.dossier, sources=sources))
        return brief_of(run, live, titled(edition, run.forecasts)).standing

    day, later = edition.as_of, edition.as_of + dt.timedelta(days=1)
    assert standing(None, None).endswith("no record says that it was made on that day.")
    assert standing(None, later).endswith("no record says that it was made on that day.")
    assert standing(None, day).startswith("Live: made on ")
    assert standing({"name": "A. Analyst", "on": str(day)}, None).startswith("Live: made on ")
    assert standing({"name": "A. Analyst", "on": str(later)}, day).startswith("As of ")
    assert brief_of(run, edition, titled(edition, run.forecasts)).standing.startswith("Reconstructed, not made on ")


def test_of_a_set_the_likeliest_outcome_is_said_to_be_that_and_how_likely_it_is(run: Run, edition: EditionDossier):
    sets = [one for one in titled(edition, run.forecasts) if one.kind != "yes/no" and one.headline.p < 0.5]
    for one in sets:
        said = likelihood_sentence(edition.dossier.questions[one.question], one)
        assert said.startswith(f"No outcome of “{one.title}” is likelier than “{one.headline.title}”; ")
        assert said.count(one.headline.percent) == 1


def test_what_is_asked_and_stands_in_no_row_is_counted(brief: Brief, run: Run, edition: EditionDossier):
    left = len(run.forecasts) - len(brief.judgements) - len(brief.rows)
    assert brief.n_more == left
    assert brief.more == (f"{left} more in the full report." if left else "")
    assert brief.more in shown(render_brief(run, edition))


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed (Debian: apt-get install chromium)")
def test_the_brief_fits_two_pages_of_a4(run: Run, edition: EditionDossier, tmp_path: Path):
    path = write_brief(run, edition, tmp_path)
    assert path.name == f"{edition.edition.id}-brief.html"
    with Browser() as browser:
        browser.open(path, 1200)
        pdf = base64.b64decode(browser.page("Page.printToPDF", preferCSSPageSize=True)["data"])
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2


def test_what_decides_a_question_forewarns_of_nothing(project_dir: Path):
    edition = read_dossier(project_dir / "priors")[0].edition("2024-12-syria")
    question = edition.dossier.questions["khmeimim-held-2025"]
    names = ["moscow-leaves-syria", "withdrawal-complete", "basing-deal"]  # it leads to the loss, implies it, prevents it
    rows = {"event": names, "p_if": [0.3, 0.2, 0.8], "expected_change": 0.2}
    seen = seen_of(edition, question, pd.DataFrame(rows), edition.as_of, 0.64)
    assert seen is not None
    assert seen.events == ((edition.dossier.events["basing-deal"].title, 0.8),)


def test_a_claim_about_the_question_comes_before_one_that_reaches_it_through_another_event(project_dir: Path):
    edition = read_dossier(project_dir / "priors")[0].edition("2020-11-karabakh")
    run, question = sample_run(edition, whole=True), edition.dossier.questions["ceasefire-holds-2025"]
    rows = run.influence.iloc[:2].assign(
        question="ceasefire-holds-2025", outcome="yes", claim=["r-017", "r-032"], change=[0.16, 0.024], p_without=0.5, mcse=0.001
    )  # fmt: skip
    told = dataclasses.replace(run, tables={**run.tables, "influence": rows})
    moves = moves_of(told, edition, question, run.forecast("ceasefire-holds-2025"))
    # r-017 says how long the city could be held, r-032 what keeps the armies from fighting
    assert [move.change for move in moves.strongest] == [0.024]
    assert moves.kind == "Of the claims about it, this moves it most"
    assert moves.strongest[0].speaker.startswith("Reuters")  # the author: the paper is named


def test_who_is_ahead_has_no_interval(brief: Brief, edition: EditionDossier):
    rows = {row.anchor.removeprefix("q-"): row for row in brief.rows}
    weighed = {name for name in rows if edition.dossier.questions[name].form.name in ("ahead", "turned")}
    assert {name for name, row in rows.items() if not row.interval} == weighed


def test_an_event_that_only_follows_from_the_answer_is_no_early_sign(project_dir: Path):
    edition = read_dossier(project_dir / "priors")[0].edition("2026-02-outlook")
    question = edition.dossier.questions["ukraine-ceasefire-2027"]
    rows = pd.DataFrame({"event": ["fleet-returns-sevastopol"], "p_if": [0.8], "expected_change": 0.2})
    seen = seen_of(edition, question, rows, edition.as_of, 0.57)  # the fleet returns after a ceasefire
    assert seen is not None
    assert (seen.events, seen.late) == ((), True)
    moves = Moves(0.5, 0.55, 0.57, (), network=True)
    assert change_sentence(moves, seen).startswith("No early sign")
    assert change_sentence(moves, Seen(edition.as_of, ())) == "Nothing seen by 28 February 2026 would move it by five points."
    assert "tartus-lost" not in deciding(edition, edition.dossier.questions["khmeimim-held-2027"])


def test_each_kind_of_evidence_is_said_to_raise_or_to_lower_it():
    told = why_sentence(Moves(0.77, 0.57, 0.64, (), network=True))
    assert told == "Counting cases gives 77 %; the articles lower it to 57 %; dated facts raise it to 64 %."
    still = why_sentence(Moves(0.58, 0.582, 0.579, (), network=True))
    assert still == "Counting cases gives 58 %; articles and dated facts leave it there."


def test_a_wide_number_has_its_range_and_one_of_several_dates_the_nearest(run: Run, edition: EditionDossier):
    forecasts = titled(edition, run.forecasts)
    key = next(one for one in forecasts if one.question == edition.edition.key_questions[0])
    wide = dataclasses.replace(key, outcomes=tuple(dataclasses.replace(o, low=0.2, high=0.61) for o in key.outcomes))
    narrow = dataclasses.replace(key, outcomes=tuple(dataclasses.replace(o, low=0.2, high=0.59) for o in key.outcomes))
    question = edition.dossier.questions[key.question]
    assert "; arguably 20 to 61 %)" in likelihood_sentence(question, wide)
    assert "arguably" not in likelihood_sentence(question, narrow)
    same = [one for one in forecasts if edition.dossier.questions[one.question].subject == question.subject]
    found = nearest_of(edition, forecasts, key, [key])
    assert found == (min(same, key=lambda one: one.deadline) if len(same) > 1 else None)
    if found:
        assert f"{found.headline.percent} for {short_day(found.deadline)})" in likelihood_sentence(question, narrow, found)

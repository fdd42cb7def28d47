"""A model beside the event network: fitted, gated, written, read back, traced, reported; the network's digits stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from tide import HEIGHTS, Tide, Tops, exact, tides_asked
from toy import toy_edition, toy_fit

from forecasting.dossier import questions
from forecasting.dossier.edition import EditionDossier
from forecasting.errors import ForecastingError, GateError, UnfinishedError, UsageError
from forecasting.fitting import further
from forecasting.fitting.fit import EditionFit, together
from forecasting.fitting.further import further_fits, more_for, worst_of
from forecasting.fitting.model_fit import ModelFit
from forecasting.models import named
from forecasting.report.render import render_report
from forecasting.runs import reopen as reopened
from forecasting.runs import store, write
from forecasting.runs.freshness import current_run, record_digests
from forecasting.runs.further import models_of
from forecasting.runs.store import Run, read_run
from forecasting.runs.write import write_run
from forecasting.trace.data import trace_data
from forecasting.trace.trace import trace_record

ASKED = {"id": "tide-tops-2025", "title": "Will the tide top 2.5 m?", "tops": 2.5, "at": "2025-12-31"}


@pytest.fixture(scope="module")
def with_tide() -> Iterator[pytest.MonkeyPatch]:
    """Add a model and its form as a newcomer would, found by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(questions.FORMS, "tops", Tops)
        for module in (named, further):
            patch.setattr(module, "model_class", lambda name: {"tide": Tide}[name])
        yield patch


@pytest.fixture(scope="module")
def edition(with_tide: pytest.MonkeyPatch) -> EditionDossier:
    class Question(questions.Question):
        tops: float | None = None

    return tides_asked(toy_edition(), Question.model_validate(ASKED))


@pytest.fixture(scope="module")
def fitted(edition: EditionDossier) -> EditionFit:
    alone = toy_fit()
    fits = further_fits(edition, random_seed=3)
    return replace(alone, edition=edition, further=fits, gate=together(alone.gate, fits), kept={})


@pytest.fixture(scope="module")
def run(fitted: EditionFit, tmp_path_factory: pytest.TempPathFactory) -> Run:
    directory = tmp_path_factory.mktemp("runs") / fitted.edition.edition.id
    write_run(fitted, directory, "a test")
    return read_run(directory)


def test_questions_go_to_the_model_that_names_their_form(edition: EditionDossier) -> None:
    assert [question.id for question in edition.asked][:2] == ["tide-tops-2025", "pact-by-2025"]
    assert edition.questions == toy_edition().questions
    assert [question.id for question in edition.further["tide"]] == ["tide-tops-2025"]
    assert edition.events == toy_edition().events


@pytest.mark.slow
def test_answers_are_the_closed_form_and_stand_with_the_others(fitted: EditionFit) -> None:
    assert fitted.gate.passed
    (one, *others) = fitted.all_forecasts()
    assert one.question == "tide-tops-2025"
    assert tuple(others) == tuple(replace(f, gate=fitted.gate.mark) for f in toy_fit().all_forecasts())
    assert abs(one.headline.p - exact(2.5)) < 4 * one.headline.mcse
    assert abs(one.headline.base_p - stats.norm.sf(2.5 / np.sqrt(9.25))) < 0.02
    assert fitted.forecasts()["question"].tolist()[0] == "tide-tops-2025"


@pytest.mark.slow
def test_a_run_is_read_back_with_what_moved_each_answer(run: Run, fitted: EditionFit) -> None:
    told = run.further["tide"]
    assert (told.title, run.forecasts[0].question) == ("Tide <at the quay>", "tide-tops-2025")
    assert run.forecasts == fitted.all_forecasts()
    moved = told.influence.set_index("claim")
    for name in HEIGHTS:
        assert abs(moved.loc[name, "change"] - (exact(2.5) - exact(2.5, without=name))) < 4 * moved.loc[name, "mcse"] + 1e-3
    assert set(run.manifest.outputs) >= {"tide_posterior.nc", "tide_answers.nc", "tide_bands.csv"}
    assert told.observations["h-003"].startswith("3.0 m")


@pytest.mark.slow
def test_an_edition_without_such_questions_has_nothing_of_them(tmp_path: Path) -> None:
    write_run(toy_fit(), tmp_path / "2024-07-ferry", "a test")
    names = {path.name for path in (tmp_path / "2024-07-ferry").iterdir()}
    assert names == {"manifest.json", *store.REQUIRED}
    assert "further_questions" not in record_digests(toy_edition())


def test_the_records_behind_it_make_a_run_out_of_date(edition: EditionDossier) -> None:
    asked = edition.further["tide"][0].model_copy(update={"title": "Another title"})
    assert record_digests(edition) != record_digests(replace(edition, further={"tide": (asked,)}))


def test_a_changed_file_of_a_further_model_is_refused(run: Run) -> None:
    path = run.directory / "tide_readings.csv"
    before = path.read_bytes()
    path.write_bytes(before.replace(b"2.1", b"2.2"))
    with pytest.raises(ForecastingError, match=r"tide_readings.csv: missing or changed since the run"):
        read_run(run.directory)
    path.write_bytes(before)
    with pytest.raises(ForecastingError, match=r"tide_readings.csv but not for tide_influence.csv"):
        models_of({"tide_readings.csv": 1})


def test_a_fit_read_back_gives_the_same_answers(run: Run, edition: EditionDossier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reopened, "current_run", lambda edition, runs, draft: run)
    again = reopened.reopen(edition, run.directory.parent)
    assert again.all_forecasts() == run.forecasts
    assert again.further["tide"].gate.verdicts


def test_one_blocked_model_blocks_the_edition(fitted: EditionFit) -> None:
    verdicts = [replace(v, passed=v.criterion != "divergences") for v in fitted.further["tide"].gate.verdicts]
    blocked = replace(fitted.further["tide"], gate=replace(fitted.further["tide"].gate, verdicts=tuple(verdicts)))
    gate = together(toy_fit().gate, {"tide": blocked})
    assert not gate.passed
    with pytest.raises(GateError, match="divergences: 0 at tide, posterior: the sampler"):
        gate.require("2024-07-ferry")


def test_the_worst_layer_is_the_one_that_is_shown(fitted: EditionFit) -> None:
    gates = {layer: fit.gate for layer, fit in fitted.further["tide"].layers.items()}
    failed = replace(gates["base"], verdicts=tuple(replace(v, passed=v.criterion != "R-hat") for v in gates["base"].verdicts))
    (one,) = [v for v in worst_of("tide", {**gates, "base": failed}).verdicts if not v.passed]
    assert (one.criterion, one.worst.split(":")[0]) == ("R-hat", "tide, base")


def failing(fit: ModelFit, *criteria: str, value: float = 2.0) -> ModelFit:
    verdicts = tuple(
        replace(v, passed=False, value=value) if v.criterion in criteria else v for v in fit.gate.verdicts
    )  # fmt: skip
    return replace(fit, gate=replace(fit.gate, verdicts=verdicts))


def test_draws_grow_only_for_what_more_of_them_can_meet(fitted: EditionFit) -> None:
    fit = fitted.further["tide"].layers["posterior"]
    assert more_for(fit) == fit.length
    assert more_for(failing(fit, "R-hat")) == replace(fit.length, draws=2 * fit.length.draws)
    assert more_for(failing(fit, "E-BFMI", "R-hat")) == fit.length
    long = replace(fit, length=replace(fit.length, draws=further.MOST))
    assert more_for(failing(long, "MCSE")).draws == further.MOST


def test_few_divergences_are_answered_by_smaller_steps_and_many_or_stubborn_ones_stop_the_fit(fitted: EditionFit) -> None:
    fit = fitted.further["tide"].layers["posterior"]
    fit = replace(fit, length=replace(fit.length, target_accept=0.9))
    n = fit.length.chains * fit.length.draws
    tried, acceptances = failing(fit, "divergences", value=n / 1000), []
    while (length := more_for(tried)) != tried.length:
        acceptances.append(length.target_accept)
        tried = replace(tried, length=length)
    assert acceptances == pytest.approx([0.95, 0.975, 0.9875, 0.99375, 0.995])
    assert tried.length.draws == fit.length.draws
    assert more_for(failing(fit, "divergences", value=n / 1000 + 1)) == fit.length
    both = more_for(failing(fit, "divergences", "MCSE"))
    assert (both.draws, both.target_accept) == (2 * fit.length.draws, pytest.approx(0.95))
    assert more_for(failing(fit, "divergences", "MCSE", value=float(n))) == fit.length


def test_trace_goes_from_the_question_to_observations_and_back(run: Run, edition: EditionDossier) -> None:
    told = trace_record([run], edition.dossier, "tide-tops-2025")
    assert "model “Tide <at the quay>”, about quay-wall (Tide at <the> wall)" in told
    assert "OBSERVATIONS that moved it: 3 of 3" in told
    assert "h-003: 3.0 m on New Year's Day" in told
    for name in ("h-003", "quay-wall"):
        back = trace_record([run], edition.dossier, name)
        assert "moves tide-tops-2025:yes by +" in back
    assert ("h-002" in back, "h-002" in trace_record([run], edition.dossier, "h-003")) == (True, False)
    for name in ("pact-signed", "pact-lowers-toll", "pacts-signed"):  # a question about no event stands on none of them
        on_it = trace_record([run], edition.dossier, name)
        assert ("pact-by-2025" in on_it, "tide-tops-2025" in on_it) == (True, False)
    with pytest.raises(UsageError, match="did you mean 'h-003'"):
        trace_record([run], edition.dossier, "h-03")


def test_as_data_an_observation_has_its_own_rows_and_what_is_observed_those_of_all(run: Run, edition: EditionDossier) -> None:
    one, wall, short = (trace_data([run], edition.dossier, name)["editions"] for name in ("h-003", "quay-wall", "h-002"))
    assert {row["claim"] for row in one[0]["observations"]} == {"h-003"}
    assert {row["claim"] for row in wall[0]["observations"]} == set(run.further["tide"].influence["claim"])
    assert {row["claim"] for row in short[0]["observations"]} == {"h-002"}


def test_the_report_has_a_section_with_its_picture_and_no_ids(run: Run, edition: EditionDossier) -> None:
    html = render_report(run, edition)
    section = html[html.index('<section id="model-tide"') :]
    section = section[: section.index("</section>")]
    assert "Tide &lt;at the quay&gt;" in section
    assert "<svg" in section
    assert "Will the tide top 2.5 m?" in section
    assert "3.0 m on New Year" in section
    assert "h-003" not in re.sub(r"<[^>]*>", "", section)  # ids are anchors, and no words
    assert 'href="#q-tide-tops-2025"' in html


@pytest.mark.slow
def test_a_draft_shows_what_further_models_found_or_says_that_it_lacks_it(
    fitted: EditionFit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts = tuple(replace(one, passed=False) if one.criterion == "divergences" else one for one in fitted.gate.verdicts)
    blocked, edition = replace(fitted, gate=replace(fitted.gate, verdicts=verdicts)), fitted.edition
    name = edition.edition.id
    with pytest.raises(GateError, match="kept as a draft"):
        write_run(blocked, tmp_path / name, "a test")
    draft = current_run(edition, tmp_path, draft=True)
    assert "DRAFT" in render_report(draft, edition)
    assert "OBSERVATIONS that moved it" in trace_record([draft], edition.dossier, "tide-tops-2025")

    def fails(*_: object) -> None:
        raise ZeroDivisionError("made to fail")

    monkeypatch.setattr(write, "leave_one_out", fails)
    with pytest.raises(UnfinishedError, match="what moves the model 'tide' failed"):
        write_run(fitted, tmp_path / name, "a test")
    draft = current_run(edition, tmp_path, draft=True)
    assert "tide" not in draft.further
    assert "DRAFT" in render_report(draft, edition)
    with pytest.raises(UsageError, match="lacks what 'tide' found: DRAFT, not fit to quote: what moves the model"):
        trace_record([draft], edition.dossier, "tide-tops-2025")

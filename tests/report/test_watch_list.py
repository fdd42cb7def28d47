"""What to watch: at most eight events, each once, none that decides a question, with what counts, where, by when and how far."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from page import Page
from shown_editions import made_up, project_edition, report_of

from forecasting.dossier.edition import EditionDossier
from forecasting.errors import ForecastingError
from forecasting.forecasts import Forecast, percent
from forecasting.paths.conditional import WATCH
from forecasting.paths.grids import middle
from forecasting.report import render
from forecasting.report.brief.moves import deciding
from forecasting.report.formatting import short_day
from forecasting.report.render import render_report
from forecasting.report.watch_list import MOST, watch_list
from forecasting.runs.store import read_run

ASKED = ("khmeimim-held-2025", "tartus-held-2025")


@pytest.fixture(scope="module")
def edition() -> EditionDossier:
    return project_edition("2024-12-syria")


@pytest.fixture(scope="module")
def asked(edition: EditionDossier) -> tuple[Forecast, ...]:
    return tuple(forecast for forecast in made_up("2024-12-syria", whole=True).forecasts if forecast.question in ASKED)


def table(*rows: tuple[str, float, float, float]) -> pd.DataFrame:
    """Return a table of `forecasting.paths.conditional.watch`; rows of event, p_if, p_if_not and expected change."""
    return pd.DataFrame([(event, 0.2, yes, 0.001, no, moved, 0.1) for event, yes, no, moved in rows], columns=list(WATCH))


def far(p: float) -> float:
    """Return a probability at least 25 points from another."""
    return p - 0.25 if p > 0.5 else p + 0.25


def test_an_event_stands_once_with_its_contract_and_every_answer_that_it_moves(edition, asked):
    one, other = asked
    tables = {
        one.question: table(("basing-deal", far(one.headline.p), 0.4, 0.05)),
        other.question: table(("basing-deal", far(other.headline.p), 0.3, 0.09)),
    }
    (found,) = watch_list(edition, asked, tables)
    record = edition.dossier.events["basing-deal"]
    assert (found.title, found.anchor, found.settled_by) == (record.title, "event-basing-deal", record.resolution.settled_by)
    assert record.resolution.counts.startswith(found.counts)
    first, second = found.answers  # the most moved first
    assert (first.anchor, second.anchor) == (f"q-{other.question}", f"q-{one.question}")
    assert (first.now, first.if_seen, first.if_not) == (other.headline.percent, percent(far(other.headline.p)), "30 %")
    assert (first.expected, first.by) == ("9.0", short_day(middle(edition, other.deadline)))


def test_what_decides_a_question_or_hardly_moves_it_is_left_out(edition, asked):
    one = asked[0]
    p, clear = one.headline.p, far(one.headline.p)
    question = edition.dossier.questions[one.question]
    free = [event.id for event in edition.events if event.id not in deciding(edition, question)]
    tables = {
        one.question: table(
            ("moscow-leaves-syria", clear, 0.5, 0.3),  # it leads to the loss
            ("withdrawal-complete", clear, 0.5, 0.3),  # it implies it
            (free[0], 0.0, 0.5, 0.3),  # answered if it is seen
            (free[1], clear, 1.0, 0.3),  # answered if not
            (free[2], p + 0.02, p - 0.02, 0.02),  # less than five points
            (free[3], clear, p, 0.005),  # so rare that looking is not worth it
        )
    }
    assert watch_list(edition, asked, tables) == ()


def test_the_list_is_ordered_by_expected_change_and_ends_after_eight(edition, asked):
    one = asked[0]
    question = edition.dossier.questions[one.question]
    free = [event.id for event in edition.events if event.id not in deciding(edition, question)][: MOST + 2]
    rows = [(event, far(one.headline.p), 0.5, 0.02 + 0.01 * i) for i, event in enumerate(free)]
    found = watch_list(edition, asked, {one.question: table(*rows)})
    assert [indicator.anchor for indicator in found] == [f"event-{event}" for event in reversed(free)][:MOST]


def test_where_it_is_seen_is_said_once(edition, asked):
    one = asked[0]
    by_place: dict[str, list[str]] = {}
    for event in edition.events:
        if event.id not in deciding(edition, edition.dossier.questions[one.question]):
            by_place.setdefault(event.resolution.settled_by, []).append(event.id)
    alike = max(by_place.values(), key=len)[:3]
    assert len(alike) > 1
    rows = [(event, far(one.headline.p), 0.5, 0.5 - 0.1 * i) for i, event in enumerate(alike)]
    first, *rest = watch_list(edition, asked, {one.question: table(*rows)})
    assert first.as_for == ""
    assert {indicator.as_for for indicator in rest} == {first.title}


@pytest.mark.slow
def test_the_section_shows_the_list_and_is_left_out_where_there_is_none(edition, monkeypatch):
    run = made_up("2024-12-syria", whole=True)
    assert 'id="watch"' not in report_of("2024-12-syria", whole=True)
    moved = {one.question: table(("basing-deal", far(one.headline.p), 0.4, 0.05)) for one in run.forecasts}
    monkeypatch.setattr(render, "watch_tables", lambda run, edition, asked: {name: moved[name] for name in asked})
    html = render_report(run, edition)
    assert '<a href="#watch">What to watch</a>' in html
    text = Page(html).text()
    event = edition.dossier.events["basing-deal"]
    for wanted in (event.title, f"Counts {event.resolution.counts}", f"Where {event.resolution.settled_by}"):
        assert wanted in text
    assert all(len(row) == 6 for row in Page(html).rows("watch"))


@pytest.mark.slow
@pytest.mark.reads_runs
@pytest.mark.parametrize("name", ["2020-11-karabakh", "2024-12-syria", "2026-02-outlook"])
def test_published_editions_have_indicators_that_decide_nothing(project_dir: Path, monkeypatch, name: str):
    edition = project_edition(name)
    seen: dict[str, tuple] = {}

    def kept(edition: EditionDossier, asked: tuple[Forecast, ...], tables: Mapping[str, pd.DataFrame], *rest):
        seen["list"] = watch_list(edition, asked, tables, *rest)
        return seen["list"]

    monkeypatch.setattr(render, "watch_list", kept)
    try:
        run = read_run(project_dir / "runs" / name)
    except ForecastingError as error:
        pytest.skip(f"no run of these records here: {error}")
    html = render_report(run, edition)
    text = Page(html).text()
    assert 1 <= len(seen["list"]) <= MOST
    for indicator in seen["list"]:
        assert indicator.title in text
        for answer in indicator.answers:
            events = deciding(edition, edition.dossier.questions[answer.anchor.removeprefix("q-")])
            assert indicator.anchor.removeprefix("event-") not in events

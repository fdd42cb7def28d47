"""What the report says where two models are asked the same, and of what the balance does to other answers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from sample_runs import sample_run
from shown_editions import project_dossier

from forecasting.analysis.registry import columns_of
from forecasting.dossier.edition import EditionDossier
from forecasting.report.families import families
from forecasting.report.further import beside, further_sections, stood
from forecasting.runs.store import Run


@pytest.fixture(scope="module")
def edition(project_dir: Path) -> EditionDossier:
    dossier = project_dossier()
    return dossier.edition("2024-12-syria")


@pytest.fixture(scope="module")
def run(edition: EditionDossier) -> Run:
    return sample_run(edition, whole=True)


def row(side: str, relation: str, network: float, verdict: str) -> tuple:
    return "syria-bases-index-2025", side, relation, 0.5, 0.002, network, 0.001, 0.4, 0.3, 0.5 - network, verdict


def test_a_sentence_says_whose_number_it_is_what_the_balance_alone_says_and_what_bounds_a_side(run: Run) -> None:
    forecast = next(one for one in run.forecasts if one.question == "syria-bases-index-2025")
    table = pd.DataFrame(
        [row("high", "is", 0.46, "agree"), row("low", "is", 0.22, "apart"), row("high", "needs", 0.9, "agree")],
        columns=list(columns_of("two_models")),
    )  # fmt: skip
    gives, text, holds = beside(table, forecast, "Talks are held")
    said = "stands for events, and 46 % is what the event network says of them; the balance alone would say 50 %."
    assert gives == f"“Russia gives up at least one of the two bases” {said}"
    assert text.endswith("22 % is what the event network says of them; the balance alone would say 50 %, far from it.")
    assert holds.endswith("cannot be without “Talks are held”, 90 % by the event network, and is no likelier than that.")
    assert beside(table, run.forecasts[0]) == ()


def test_the_report_says_how_a_count_stood_by_the_as_of_date_and_not_later() -> None:
    index = project_dossier().questions["ukraine-host-index-2026"].favours
    assert stood(index, dt.date(2026, 1, 23)) == ()
    assert stood(None, dt.date(2026, 1, 23)) == ()
    [first], [last] = (stood(index, dt.date(2026, *day)) for day in ((1, 31), (2, 28)))
    assert first.startswith("By 24 Jan 2026 the count was 1 ahead for “another country hosts more of them than Türkiye”; ")
    assert last.startswith("By 18 Feb 2026 the count was 2 ahead for “another")


def test_the_section_of_the_balance_shows_what_moves_noticeably_the_largest_first_and_no_void(
    run: Run, edition: EditionDossier
) -> None:
    sections = further_sections(run, edition, families(edition, run.forecasts), {})
    [section] = [one for one in sections if one.anchor == "model-balance"]
    moved = run.forecasts[:3]
    assert {one.anchor for one in section.pressed} == {f"q-{forecast.question}" for forecast in moved}
    assert all(one.published == one.without != one.given for one in section.pressed)
    told = {dated.anchor: dated.beside for asked in section.asked for dated in asked.answers}
    assert len(told["q-syria-bases-index-2025"]) == 2
    assert told["q-at-large-ankara-ahead-2024"] == ()
    unbelievable = run.with_tables(upper_hand=run.upper_hand.assign(k_hat=0.9))
    sections = further_sections(unbelievable, edition, families(edition, run.forecasts), {})
    assert all(one.pressed == () for one in sections)

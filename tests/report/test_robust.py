"""What would make us wrong: every number is the furthest one of a table of the run, and is not read back from rounded text."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sample_runs import sample_run
from shown_editions import project_dossier

from forecasting.dossier.edition import EditionDossier
from forecasting.forecasts import percent
from forecasting.report.below import below_of
from forecasting.report.context import titled
from forecasting.report.robust import RobustLine
from forecasting.runs.store import Run


@pytest.fixture(scope="module")
def edition(project_dir: Path) -> EditionDossier:
    return project_dossier().edition("2020-11-karabakh")


@pytest.fixture(scope="module")
def run(edition: EditionDossier) -> Run:
    return sample_run(edition)


@pytest.fixture(scope="module")
def lines(run: Run, edition: EditionDossier) -> tuple[RobustLine, ...]:
    return below_of(run, edition, titled(edition, run.forecasts)).robust


def furthest(table: pd.DataFrame, run: Run, line: RobustLine) -> pd.Series:
    forecast = run.forecast(line.anchor.removeprefix("q-"))
    rows = table[(table["question"] == forecast.question) & (table["outcome"] == forecast.headline.id)]
    return rows.loc[rows["change"].astype(float).abs().idxmax()]


def test_the_answer_without_a_claim_or_an_origin_is_that_of_the_table(run: Run, lines: tuple[RobustLine, ...]):
    assert lines
    for line in lines:
        for way, table in ((line.by_claim, run.influence), (line.by_origin, run.origins)):
            row = furthest(table, run, line)
            assert way is not None
            assert way.p == percent(row["p_without"])
            assert way.size == pytest.approx(abs(row["change"]), rel=1e-12)


def test_what_would_move_furthest_comes_first(lines: tuple[RobustLine, ...]):
    for line in lines:
        ways = (line.by_class, line.by_claim, line.by_origin, line.by_quiet)
        assert line.swing == max(way.size for way in ways if way)
    assert [line.swing for line in lines] == sorted((line.swing for line in lines), reverse=True)

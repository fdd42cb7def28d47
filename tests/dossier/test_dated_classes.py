"""Dated rows of a class: an edition reads the one that ends by its day, and what is tried stands in for one row only."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from broken_dossiers import write_broken

from forecasting.dossier.dated_classes import classes_on, dated_rows, known_row, latest, rows_of
from forecasting.dossier.edits import change
from forecasting.dossier.load import read_dossier
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.rules.edit import edited
from forecasting.rules.load import load_dossier

FIRST, SECOND, THIRD = dt.date(2010, 6, 30), dt.date(2015, 12, 31), dt.date(2024, 8, 1)
DATED = "tolls-raised,,2,30,year,0.5,1990-01-01,2020-12-31,table,Made up for a test,two rises in thirty years"
EARLIER = DATED.replace(",2,30,", ",1,20,").replace("2020-12-31", "2010-06-30")
LATER = DATED.replace(",2,30,", ",3,34,").replace("2020-12-31", "2024-08-01")


def row(events: float, until: dt.date, name: str = "truces") -> ReferenceClass:
    return ReferenceClass(
        id=name, events=events, exposure=100, unit="year", spread=0.5, counted_from=dt.date(1990, 1, 1), counted_until=until,
        citation="made up", note="made up",
    )  # fmt: skip


ROWS = dated_rows([row(3, THIRD), row(1, FIRST), row(2, SECOND)])


@pytest.mark.parametrize(
    ("day", "events"),
    [(FIRST, 1), (SECOND - dt.timedelta(days=1), 1), (SECOND, 2), (THIRD - dt.timedelta(days=1), 2), (dt.date(2030, 1, 1), 3)],
)
def test_the_row_that_ends_last_by_a_day_is_the_one_known_then(day: dt.date, events: float) -> None:
    assert latest(ROWS)["truces"].events == 3
    assert known_row(latest(ROWS)["truces"], ROWS, day).events == events
    assert classes_on(latest(ROWS), ROWS, day)["truces"].events == events


def test_before_the_first_row_nothing_is_known_and_the_earliest_row_stays() -> None:
    day = FIRST - dt.timedelta(days=1)
    assert known_row(latest(ROWS)["truces"], ROWS, day) is None
    assert classes_on(latest(ROWS), ROWS, day)["truces"].events == 1


def test_what_is_tried_stands_in_for_the_row_of_its_day_alone() -> None:
    tried = row(9, SECOND)
    assert [own.events for own in rows_of(tried, ROWS)] == [1, 9, 3]
    assert known_row(tried, ROWS, SECOND).events == 9
    assert known_row(tried, ROWS, THIRD).events == 3


@pytest.fixture
def priors(tmp_path: Path, project_dir: Path) -> Path:
    return write_broken(tmp_path, project_dir, ("reference_classes.csv", DATED, f"{LATER}\n{DATED}\n{EARLIER}"))


def test_an_edition_reads_the_rows_of_its_day_and_changes_of_them_stay_its_own(priors: Path) -> None:
    dossier = load_dossier(priors)
    assert dossier.reference_classes["tolls-raised"].events == 3
    edition = dossier.edition("2024-07-ferry")  # as of 1 July 2024
    assert edition.dossier.reference_classes["tolls-raised"].events == 2
    tried = edited(edition, (change("tolls-raised", events=7),))
    assert tried.dossier.reference_classes["tolls-raised"].events == 7
    assert [row.events for row in tried.dossier.class_rows() if row.id == "tolls-raised"] == [1, 7, 3]


def test_every_row_knows_its_line(priors: Path) -> None:
    dossier, _ = read_dossier(priors)
    lines = [dossier.where_counted(row).line for row in dossier.class_rows() if row.id == "tolls-raised"]
    text = (priors / "reference_classes.csv").read_text("utf-8").splitlines()
    assert [text[line - 1].split(",")[2] for line in lines] == ["1", "2", "3"]
    moved = dossier.reference_classes["tolls-raised"].model_copy(update={"counted_until": dt.date(2023, 1, 1)})
    assert dossier.where_counted(moved).line == lines[-1]


def test_a_row_counted_twice_up_to_one_day_is_refused(tmp_path: Path, project_dir: Path) -> None:
    _, failures = read_dossier(write_broken(tmp_path, project_dir, ("reference_classes.csv", DATED, f"{DATED}\n{DATED}")))
    assert [failure.rule for failure in failures] == ["reference_class-unique"]
    assert "tolls-raised until 2020-12-31" in failures[0].found


def test_an_edition_is_no_copy_of_the_records(priors: Path) -> None:
    dossier = load_dossier(priors)
    own = dossier.edition("2024-07-ferry").dossier
    same = [field.name for field in dataclasses.fields(dossier) if field.name != "reference_classes"]
    assert all(getattr(own, name) is getattr(dossier, name) for name in same)

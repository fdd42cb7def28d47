"""Every base rate is recomputed from what it cites: published tables here, shipped cases by the rule `class-counts`."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from pathlib import Path

import pytest

from forecasting.dossier.edition import Dossier
from forecasting.dossier.exposure import count_cases
from forecasting.rules.load import load_dossier

# class -> (table, row, period) of hazards.csv, for the dated row that ends with that period
COPIED = {
    "alliance-all": ("alliance_termination", "all alliances", "1946-2013"),
    "alliance-with-base": ("alliance_termination", "alliances with base provision (base>=1)", "1946-2013"),
    "alliance-russia-post-1991": ("alliance_termination", "Russia member post-1991", "1992-2013"),
    "ceasefire-non-un-peacekeepers": ("ceasefire_failure", "non-UN peacekeepers", "1989-2004"),
    "leader-post-soviet": ("leader_exit", "post-Soviet states any exit", "1991-2015"),
    "peacekeeping-mission": ("peacekeeping_mission_end", "UN missions", "1994-2024"),
    "rivalry-post-cold-war": ("rivalry_termination", "all strategic rivalries", "1991-2020"),
    "rivalry-spatial": ("rivalry_termination", "spatial element", "1946-2020"),
    "rivalry-turkey": ("rivalry_termination", "Turkey/Ottoman dyads", "1946-2020"),
}
CURVES = {"ceasefire-peacekept": "peacekept at some time", "ceasefire-no-peacekeepers": "never peacekept"}
FOLLOWED = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0)  # years for which every ceasefire of the curves was followed
OTHER_TABLES = {*CURVES, "leader-after-lost-war", "peacekeeping-mandate-renewed", "interstate-conflict-after-first-year"}


@pytest.fixture(scope="module")
def dossier(project_dir: Path) -> Dossier:
    return load_dossier(project_dir / "priors")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def held(tables: Path, name: str) -> list[int]:
    """Return how many ceasefires of a curve still held at 0, 0.25, … years: S × n, which must be a whole number."""
    curve = next(r for r in rows(tables / "ceasefire_survival_km.csv") if r["reference_class"].endswith(CURVES[name]))
    n = int(curve["n"])
    counts = [n * float(curve[f"S_{t:g}y"]) for t in FOLLOWED]
    assert all(abs(count - round(count)) <= 0.0005 * n + 1e-9 for count in counts)
    return [n, *map(round, counts)]


def held_counts(left: list[int]) -> tuple[float, float]:
    """Return failures and years at risk under straight lines between the points."""
    at = [0.0, *FOLLOWED]
    return float(left[0] - left[-1]), sum((b - a) * (m + n) / 2 for a, b, m, n in zip(at, at[1:], left, left[1:], strict=False))


def count_tables(shared: Path) -> dict[str, tuple[float, float]]:
    tables = shared / "data" / "base_rate_tables"
    lost = next(
        row
        for row in rows(tables / "leader_exit_after_mid.csv")
        if row["reference_class"].startswith("MID reaching war") and row["result"] == "lost"
    )
    missions = next(row for row in rows(tables / "hazards.csv") if row["table"] == "peacekeeping_mission_end")
    n, exits = float(lost["n"]), float(lost["exits_within_1y"])
    return {
        **{name: held_counts(held(tables, name)) for name in CURVES},
        "leader-after-lost-war": (exits, n - exits / 2),
        "peacekeeping-mandate-renewed": (
            float(missions["exposure_years"]) - float(missions["events"]),
            float(missions["exposure_years"]),
        ),
    }


def count_copied(shared: Path) -> dict[str, tuple[float, float]]:
    hazards = rows(shared / "data" / "base_rate_tables" / "hazards.csv")
    by_key = {(row["table"], row["reference_class"].strip(), row["period"]): row for row in hazards}
    return {name: (float(by_key[key]["events"]), float(by_key[key]["exposure_years"])) for name, key in COPIED.items()}


def assert_same(found: dict[str, tuple[float, float]], dossier: Dossier) -> None:
    """Hold the longest counted row of each class to what was found, to the digits that it is written with."""
    for name, (events, exposure) in found.items():
        said = dossier.reference_classes[name]
        assert (said.events, round(said.exposure, 2)) == (events, round(exposure, 2)), name


def test_copied_classes_equal_the_published_rows(dossier: Dossier, shared_dir: Path) -> None:
    assert_same(count_copied(shared_dir), dossier)


def test_converted_tables_give_the_stated_counts(dossier: Dossier, shared_dir: Path) -> None:
    assert_same(count_tables(shared_dir), dossier)


def test_conflicts_after_their_first_year_are_all_less_those_in_it(dossier: Dossier, shared_dir: Path) -> None:
    counted = rows(shared_dir / "data" / "class_sources" / "classes.csv")
    by_key = {(row["id"], row["until"]): (float(row["events"]), float(row["exposure"])) for row in counted}
    # the count of first years has no row of its own for 2024-12: all of them end by 2023
    for day, cut, first in ((2019, "2020-11", "2020-11"), (2023, "2024-12", "full"), (2024, "full", "full")):
        every, new = by_key["interstate.end.1946", cut], by_key["interstate.end.first", first]
        row = next(row for row in dossier.dated_rows["interstate-conflict-after-first-year"] if row.counted_until.year == day)
        assert (row.events, row.exposure) == (every[0] - new[0], every[1] - new[1])


def test_life_tables_are_the_published_curves(dossier: Dossier, shared_dir: Path) -> None:
    for name in CURVES:
        left = held(shared_dir / "data" / "base_rate_tables", name)
        expected = [(t, n, n - m) for t, n, m in zip(FOLLOWED, left, left[1:], strict=False)]
        table = dossier.reference_classes[name].life_table
        assert [(row.until_years, row.at_risk, row.failed) for row in table] == expected


def test_shipped_cases_add_up_to_the_figures_of_every_dated_row(dossier: Dossier) -> None:
    rows = [row for row in dossier.class_rows() if row.id in dossier.cases]
    assert len(rows) > len(dossier.cases)  # some lists are counted up to several days
    for row in rows:
        events, exposure = count_cases(dossier.cases[row.id], row.counted_until, row.watched_years)
        assert (row.events, row.exposure) == (events, round(exposure, 2)), row


def test_every_class_ships_its_cases_or_stands_on_a_table_that_a_test_reads(dossier: Dossier) -> None:
    tables = {row.id for row in dossier.class_rows() if row.basis == "table"}
    assert tables == COPIED.keys() | OTHER_TABLES
    assert dossier.reference_classes.keys() == tables | dossier.cases.keys()


def test_a_list_of_cases_says_where_each_can_be_looked_up_or_its_class_is_unverified(dossier: Dossier) -> None:
    for name, cases in dossier.cases.items():
        basis = dossier.reference_classes[name].basis
        assert basis == ("cases" if all(case.source for case in cases) else "unverified"), name


def test_earlier_rows_of_yearly_tables_lie_within_the_later_ones(dossier: Dossier) -> None:
    for name, own in dossier.dated_rows.items():
        for before, after in itertools.pairwise(own):
            assert before.events <= after.events, name
            assert before.exposure < after.exposure, name


def test_no_list_holds_the_case_that_an_edition_forecasts(dossier: Dossier) -> None:
    bases = [case for name in dossier.cases if name.startswith("foreign-") for case in dossier.cases[name]]
    assert not [case.case for case in bases if "Syria" in case.case]
    gyumri = [case for case in bases if "Gyumri" in case.case]
    opened = dossier.events["gyumri-base-closes"].opens_on
    assert gyumri
    assert all(case.ended_on == opened and not case.happened for case in gyumri)


def test_bases_are_those_of_the_list_that_is_cited(dossier: Dossier, shared_dir: Path) -> None:
    listed = {row["base"]: row for row in rows(shared_dir / "facts" / "bases.csv")}
    for case in dossier.cases["foreign-base-after-regime-change"]:
        row = listed[case.case.partition(": ")[2]]
        day = row["exit_date"] if len(row["exit_date"]) != 4 else ""
        if day:
            expected = dt.date.fromisoformat(day if len(day) == 10 else f"{day}-15")
            assert (case.happened, case.ended_on) == (1, expected), row

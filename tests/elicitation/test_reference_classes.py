"""Every base rate is recomputed from what it cites: published tables, the list of bases, the hand-counted cases."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

# class -> (table, row, period) of hazards.csv
COPIED = {
    "alliance-all": ("alliance_termination", "all alliances", "1946-2013"),
    "alliance-with-base": ("alliance_termination", "alliances with base provision (base>=1)", "1946-2013"),
    "alliance-russia-post-1991": ("alliance_termination", "Russia member post-1991", "1992-2013"),
    "ceasefire-non-un-peacekeepers": ("ceasefire_failure", "non-UN peacekeepers", "1989-2004"),
    "foreign-deployment": ("foreign_deployment_end", "same, spells starting after 1950", "1951-2024"),
    "leader-parliamentary-third-year": ("leader_exit", "parliamentary, tenure year 2-3", "1991-2021/03"),
    "leader-parliamentary-late": ("leader_exit", "parliamentary, tenure > 6 y", "1991-2021/03"),
    "leader-post-soviet": ("leader_exit", "post-Soviet states any exit", "1991-2015"),
    "peacekeeping-mission": ("peacekeeping_mission_end", "UN missions", "1994-2024"),
    "rivalry-post-cold-war": ("rivalry_termination", "all strategic rivalries", "1991-2020"),
    "rivalry-spatial": ("rivalry_termination", "spatial element", "1946-2020"),
    "rivalry-turkey": ("rivalry_termination", "Turkey/Ottoman dyads", "1946-2020"),
}
BASES = {
    "foreign-base-after-regime-change",
    "foreign-base-after-demand",
    "foreign-base-no-demand",
    "base-deal-after-regime-change",
    "decided-exit-carried-out",
}
CURVES = {"ceasefire-peacekept": "peacekept at some time", "ceasefire-no-peacekeepers": "never peacekept"}
FOLLOWED = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0)  # years for which every ceasefire of the curves was followed
OTHER_TABLES = {*CURVES, "leader-after-lost-war", "peacekeeping-mandate-renewed"}
CUT, WINDOW, YEAR = dt.date(2024, 12, 8), 5.0, 365.25


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> dt.date:
    """Read a date of the list of bases: a month means its 15th day."""
    return dt.date.fromisoformat(text if len(text) == 10 else f"{text}-15")


def years(start: dt.date, end: dt.date) -> float:
    return (end - start).days / YEAR


def watch(start: dt.date, end: dt.date | None, last_seen: dt.date = CUT) -> tuple[int, float]:
    """Count one case: (1, years) if it ended inside the window and before the cut, else (0, years watched)."""
    stop = min(last_seen, CUT, start + dt.timedelta(days=WINDOW * YEAR))
    return (1, years(start, end)) if end and end <= stop else (0, years(start, stop))


def total(cases: list[tuple[int, float]]) -> tuple[float, float]:
    return float(sum(n for n, _ in cases)), sum(t for _, t in cases)


def count_bases(shared: Path) -> dict[str, tuple[float, float]]:
    """Count the five classes of foreign bases by the rules of docs/decisions/reference-classes.md."""
    listed = {row["base"]: row for row in rows(shared / "facts" / "bases.csv")}

    def exit_of(name: str) -> dt.date | None:
        row = listed[name]
        if len(row["exit_date"]) == 4:  # the year alone: half-way from the trigger to the end of the year
            start, end = day(row["trigger_date"]), dt.date(int(row["exit_date"]), 12, 31)
            return start + (end - start) / 2
        return day(row["exit_date"]) if row["exit_date"] else None

    def seen(name: str) -> dt.date:
        text = listed[name]["last_seen_date"]
        return dt.date(int(text), 12, 31) if len(text) == 4 else day(text) if text else CUT

    earlier = {  # a change of regime named in the notes, earlier than the trigger of the row
        "Subic Bay": "1986-02", "Manas (2013 vote)": "2005-03-24", "Batumi and Akhalkalaki": "2003-11",
    }  # fmt: skip
    left_out = {"Khmeimim and Tartus", "Qamishli airport", "Akrotiri and Dhekelia", "French bases in Senegal"}
    changed = {
        name: day(earlier.get(name, row["trigger_date"]))
        for name, row in listed.items()
        if name not in left_out and (name in earlier or row["trigger_type"].startswith("regime_change"))
    }
    demanded = {  # days named in the rows or their notes
        "Subic Bay": "1991-09-16", "Manas (2013 vote)": "2013-06", "Karshi-Khanabad (K2)": "2005-07-29",
        "Soviet bases in Somalia (Berbera)": "1977-11-13", "Wheelus": "1969-10-31", "Kagnew Station": "1977-04-23",
        "Barkhane bases": "2022-02", "Sabre force": "2023-01", "Air bases 101 and 201": "2024-03",
        "French bases in Chad": "2024-11-28", "French bases in Senegal": "2024-11-28", "Guantanamo Bay": "1959-01-01",
        "Batumi and Akhalkalaki": "1999-11", "OGRF Transnistria": "1999-11", "Sevastopol": "2005-01",
    }  # fmt: skip
    reversed_demand = watch(dt.date(2009, 2, 20), None, dt.date(2013, 6, 15))  # Manas 2009, censored as its note says
    until_demand = {
        "Wheelus": "1969-10-31", "Kagnew Station": "1977-04-23", "Barkhane bases": "2022-02", "Sabre force": "2023-01",
        "Air bases 101 and 201": "2024-03", "Manas (2013 vote)": "2009-02-20", "Subic Bay": "1991-09-16",
        "Kant": "2020-10-26",
    }  # fmt: skip
    deals = {"Kant": dt.date(2005, 8, 12), "Manas (2013 vote)": dt.date(2009, 6, 15)}
    decided = {
        "Subic Bay": "1991-09-16", "Manas (2013 vote)": "2013-06", "Karshi-Khanabad (K2)": "2005-07-29",
        "Cam Ranh Bay": "2001-10-17", "Lourdes": "2001-10-17", "Wheelus": "1969-10-31", "Barkhane bases": "2022-02",
        "Sabre force": "2023-01", "Air bases 101 and 201": "2024-03", "Batumi and Akhalkalaki": "2005-05",
    }  # fmt: skip

    def deal_case(name: str, start: dt.date) -> tuple[int, float]:
        gone = exit_of(name)
        return watch(start, deals.get(name), min(seen(name), gone) if gone else seen(name))

    return {
        "foreign-base-after-regime-change": total(
            [watch(at, exit_of(name), seen(name)) for name, at in changed.items()]
        ),
        "foreign-base-after-demand": total(
            [watch(day(at), exit_of(name), seen(name)) for name, at in demanded.items()] + [reversed_demand]
        ),
        "foreign-base-no-demand": total([watch(changed[name], None, day(at)) for name, at in until_demand.items()]),
        "base-deal-after-regime-change": total([deal_case(name, at) for name, at in changed.items()]),
        "decided-exit-carried-out": total([watch(day(at), exit_of(name)) for name, at in decided.items()]),
    }


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


def count_by_hand(project: Path) -> dict[str, tuple[float, float]]:
    """Sum the cases of the table in the decision page; a class without start dates counts occasions."""
    page = (project / "docs" / "decisions" / "reference-classes.md").read_text(encoding="utf-8")
    cases: dict[str, list[tuple[int, float]]] = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 5 and cells[4] in ("yes", "no"):
            name, _, start, end, happened = cells
            length = years(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) if start else 1.0
            cases.setdefault(name, []).append((int(happened == "yes"), length))
    return {name: total(found) for name, found in cases.items()}


def stated(project: Path) -> dict[str, tuple[float, float]]:
    table = rows(project / "priors" / "reference_classes.csv")
    return {row["id"]: (float(row["events"]), float(row["exposure"])) for row in table}


def assert_same(found: dict[str, tuple[float, float]], said: dict[str, tuple[float, float]]) -> None:
    for name, (events, exposure) in found.items():
        assert said[name][0] == pytest.approx(events, abs=0.01), f"{name}: events"
        assert said[name][1] == pytest.approx(exposure, abs=0.01), f"{name}: exposure"


def test_copied_classes_equal_the_published_rows(project_dir, shared_dir):
    assert_same(count_copied(shared_dir), stated(project_dir))


def test_converted_tables_give_the_stated_counts(project_dir, shared_dir):
    assert_same(count_tables(shared_dir), stated(project_dir))


def test_life_tables_are_the_published_curves(project_dir, shared_dir):
    said = rows(project_dir / "priors" / "life_tables.csv")
    for name in CURVES:
        left = held(shared_dir / "data" / "base_rate_tables", name)
        expected = [(t, n, n - m) for t, n, m in zip(FOLLOWED, left, left[1:], strict=False)]
        own = [(float(r["until_years"]), int(r["at_risk"]), int(r["failed"])) for r in said if r["reference_class"] == name]
        assert own == expected


def test_base_classes_follow_from_the_list_and_its_rules(project_dir, shared_dir):
    assert_same(count_bases(shared_dir), stated(project_dir))


def test_hand_counted_classes_add_up(project_dir):
    assert_same(count_by_hand(project_dir), stated(project_dir))


def test_every_class_is_recomputed_somewhere(project_dir):
    known = COPIED.keys() | BASES | OTHER_TABLES | count_by_hand(project_dir).keys()
    assert stated(project_dir).keys() == known


def test_a_case_stops_at_the_window_the_cut_and_the_last_sighting():
    start = dt.date(2000, 1, 1)
    assert watch(start, dt.date(2001, 1, 1)) == (1, pytest.approx(1.002, abs=0.001))
    assert watch(start, dt.date(2009, 1, 1)) == (0, pytest.approx(5.0, abs=0.003))
    assert watch(start, None, dt.date(2002, 1, 1)) == (0, pytest.approx(2.001, abs=0.001))
    assert watch(dt.date(2024, 11, 28), dt.date(2025, 1, 30)) == (0, pytest.approx(10 / 365.25))

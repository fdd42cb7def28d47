"""How long effects and signals act: days worked by hand from the calendar, and what is left in the mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from toy import event_yaml, small_edition

from forecasting.elicitation.quantify import quantify
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.hazards import build_world
from forecasting.models.network.history_rows import build_history_rows
from forecasting.models.network.lasting import Lasting, levels_over
from forecasting.models.network.structure import build_structure
from forecasting.paths.simulate import simulate

DAY = dt.date
START = DAY(2024, 1, 1)


def test_what_fades_is_halved_in_four_steps_and_is_nothing_after_five_half_lives() -> None:
    # a year has 365.25 days: a quarter of a half-life of two years is half a year, 182.6 days
    changes = Lasting(half_life_years=2.0).changes(START)
    assert len(changes) == 21
    assert changes[:2] == [(START, 1.0), (DAY(2024, 7, 2), pytest.approx(2**-0.25))]
    assert changes[4] == (DAY(2025, 12, 31), 0.5)
    assert changes[-1] == (DAY(2033, 12, 31), 0.0)
    assert [round(left, 4) for _, left in changes[-3:]] == [0.0442, 0.0372, 0.0]


def test_dates_bound_what_is_left() -> None:
    ban = Lasting(begins_on=DAY(2024, 3, 1), until=DAY(2024, 9, 1))
    assert ban.changes(START) == [(DAY(2024, 3, 1), 1.0), (DAY(2024, 9, 1), 0.0)]
    assert ban.changes(DAY(2024, 6, 1)) == [(DAY(2024, 6, 1), 1.0), (DAY(2024, 9, 1), 0.0)]
    assert ban.changes(DAY(2024, 9, 1)) == []
    days = (DAY(2024, 2, 29), DAY(2024, 3, 1), DAY(2024, 8, 31), DAY(2024, 9, 1))
    assert [ban.left_on(START, day) for day in days] == [0, 1, 1, 0]
    # 184 of the 366 days of 2024
    assert ban.mean(START, START, DAY(2025, 1, 1)) == pytest.approx(184 / 366)
    assert Lasting().changes(START) == [(START, 1.0)]


def test_levels_over_a_horizon_are_shares_of_the_time_after_the_cause() -> None:
    faded = Lasting(half_life_years=1.0)
    # known: eight quarters of a year, over two years
    assert levels_over(faded, START, START, START, 2.0)[:8] == pytest.approx(np.full(8, 1 / 8), abs=2e-3)
    # unknown: the age a has the weight 2 − a within two years
    age = (np.arange(8000) + 0.5) / 4000
    expected = np.bincount(np.floor(4 * age).astype(int), weights=2 - age)
    assert levels_over(faded, None, START, START, 2.0)[:8] == pytest.approx(expected / expected.sum(), abs=5e-3)
    assert levels_over(Lasting(), None, START, START, 2.0).tolist() == [1.0] + [0.0] * 19
    assert levels_over(Lasting(begins_on=DAY(2027, 1, 1)), None, START, START, 2.0).sum() == 0.0
    # known since the opening, and over after 182 of 731 days
    assert levels_over(Lasting(until=DAY(2024, 7, 1)), START, START, START, 2.0)[0] == pytest.approx(182 / 730, abs=1e-3)


def test_the_known_past_is_cut_where_a_known_effect_falls_to_what_is_left_of_it(tmp_path: Path) -> None:
    # a half-life of 0.4 years falls every 36.5 days, rounded on the calendar: 37, 73, 110 … days after the cause
    events = {name: event_yaml(name, "pacts-signed") for name in ("cause", "target")}
    effect = "{id: a, from: cause, to: target, sign: raises, grade: strong, half_life_years: 0.4, why: test}"
    history = """\
        2024-02-10,cause,occurred,,Test Gazette,confirmed,after 40 days
        2024-06-01,target,survived,,Test Gazette,confirmed,after 152 days
        """
    edition = small_edition(tmp_path, events, f"[{effect}]", history, asked=("target",))
    s = build_structure(edition, quantify(edition))
    rows = [row for row in build_history_rows(edition, s).worlds if row.event == s.event_ids.index("target")]
    assert [round(row.exposure * 365.25) for row in rows] == [40, 37, 36, 37, 2]
    assert [row.states[0] for row in rows] == pytest.approx([0.0, 1.0, 2**-0.25, 2**-0.5, 2**-0.75])


def test_a_ban_between_two_dates_is_no_exposure(tmp_path: Path) -> None:
    events = {name: event_yaml(name, "pacts-signed") for name in ("cause", "target")}
    ban = "{id: a, from: cause, to: target, acts: blocks, begins_on: 2024-03-01, until: 2024-05-01, why: test}"
    history = """\
        2024-02-10,cause,occurred,,Test Gazette,confirmed,decided
        2024-06-01,target,survived,,Test Gazette,confirmed,after 152 days
        """
    edition = small_edition(tmp_path, events, f"[{ban}]", history, asked=("target",))
    s = build_structure(edition, quantify(edition))
    rows = [row for row in build_history_rows(edition, s).worlds if row.event == s.event_ids.index("target")]
    # 1 January to 10 February, to 1 March; 1 May to 1 June
    assert [round(row.exposure * 365.25) for row in rows] == [40, 20, 31]


FACT = """\
    paraphrase: Customs staff have left.
    speaker: author
    kind: fact
    target: {event: target}
    direction: raises
    grade: moderate
    grade_why: Staff leave a post that is about to lose its use, and seldom before.
    made_on: 2024-07-01
    happened_on: 2024-03-01
    reliability: B
    credibility: 2
    origin: norland-times
    """


@pytest.mark.parametrize(
    ("more", "days", "left"),
    [
        ("", [60, 121], [None, 1.0]),
        ("until: 2024-05-01\n", [60, 61, 60], [None, 1.0, None]),
        ("half_life_years: 1.0\n", [60, 91, 30], [None, 1.0, 2**-0.25]),
    ],
)
def test_a_fact_acts_until_its_day_or_fades(tmp_path: Path, more: str, days: list[int], left: list[float | None]) -> None:
    # the target opened on 1 January, the fact is of 1 March, and the target is known until 30 June
    events = {"target": event_yaml("target", "pacts-signed")}
    history = "2024-06-30,target,survived,,Test Gazette,confirmed,nothing yet\n"
    fields = FACT.replace("    origin", f"    {more}    origin" if more else "    origin")
    claims = {"n-1": ("moved its customs officers back", fields)}
    edition = small_edition(tmp_path, events, "[]", history, claims=claims)
    s = build_structure(edition, quantify(edition))
    evidence = build_evidence(edition, s, quantify(edition))
    assert [round(row.exposure * 365.25) for row in evidence.history.worlds] == days
    found = dict(zip(evidence.rows.active_row.tolist(), evidence.rows.active_left.tolist(), strict=True))
    assert [found.get(r) for r in range(len(days))] == left


@pytest.mark.parametrize("cause", [None, "2024-06-30"])
@pytest.mark.parametrize("lasts", ["half_life_years: 1.0", "until: 2025-06-30", "begins_on: 2025-03-31"])
def test_an_effect_that_acts_for_a_time_leaves_the_probability_of_its_target(
    lasts: str, cause: str | None, tmp_path: Path, measured: Callable[[str], None]
) -> None:
    # a cause at 0.5 a year, or known on the day on which the target opened, and a fourfold effect on a target at 0.4 a year
    events = {name: event_yaml(name, "pacts-signed", opens_on="2024-06-30") for name in ("cause", "target")}
    effect = f"{{id: a, from: cause, to: target, sign: raises, grade: strong, {lasts}, why: test}}"
    history = f"{cause},cause,occurred,,Test Gazette,confirmed,it came\n" if cause else ""
    edition = small_edition(tmp_path, events, f"[{effect}]", history, asked=("target",), until="2026-12-31")
    s = build_structure(edition, quantify(edition))
    rates = {"log_hazard": np.log([0.5, 0.4]), "effect_beta": np.log([4.0])}
    draws = xr.Dataset({name: (("chain", "draw", name), np.tile(value, (1, 200, 1))) for name, value in rates.items()})
    world = build_world(edition, s, draws, np.zeros(0, dtype=bool), DAY(2026, 12, 31))
    grid = np.array([(DAY(2026, 6, 30) - edition.as_of).days / 365.25])
    kept = 1 - simulate(world, grid, paths_per_draw=500, random_seed=1).survival[:, 1, 0].mean()
    measured(f"an effect with {lasts}, cause {cause or 'open'}: {kept:.3f} where {1 - np.exp(-0.8):.3f} is to be kept")
    assert kept == pytest.approx(1 - np.exp(-0.8), abs=0.005)

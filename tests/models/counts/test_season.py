"""What comes back every year: its averages in closed form, its prior, and that counts tell which months are high."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate
from tickets import tickets_edition

from forecasting.dossier.counts import Count, Season, Series
from forecasting.dossier.edition import EditionDossier
from forecasting.models.counts.design import design_of
from forecasting.models.counts.kernel import HARMONICS, SHARES, season
from forecasting.models.counts.model import Counts
from forecasting.models.counts.paths import conditional
from forecasting.models.counts.readings import years

MODEL = Counts()


def tickets(**changes: object) -> tuple[EditionDossier, Series]:
    """Return the small edition with nothing but tickets, and the series."""
    edition = tickets_edition()
    (series,) = [one.model_copy(update=changes) for one in edition.series if one.id == "tickets"]
    return replace(edition, series=(series,)), series


@pytest.mark.parametrize("span", [(0.0, 1.0), (0.3, 0.55), (2.1, 2.1), (1.5, 4.2)])
def test_averages_of_waves_are_the_integrals(span: tuple[float, float]) -> None:
    found = season(*(np.array([v]) for v in span))[0]
    for h in range(1, HARMONICS + 1):
        for wave, got in zip((np.cos, np.sin), found[2 * h - 2 : 2 * h], strict=True):
            at = lambda t, wave=wave, h=h: float(wave(2 * np.pi * h * t))  # noqa: E731
            low, high = span
            expected = at(low) if low == high else integrate.quad(at, low, high)[0] / (high - low)
            assert got == pytest.approx(expected, abs=1e-9)


def test_its_standard_deviation_is_that_of_the_record_on_every_day_and_none_over_whole_years() -> None:
    edition, series = tickets(season=Season(spread=0.3, why="Guests come in summer."))
    with_season, without = design_of(series, edition), design_of(series.model_copy(update={"season": None}), edition)
    days = np.linspace(0, 3, 41)

    def variance(design: object, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        columns = design.columns(a, b)
        return ((columns * design.sd) ** 2).sum(axis=1)

    assert variance(with_season, days, days) - variance(without, days, days) == pytest.approx(0.3**2)
    whole = np.array([0.0, 0.7, 1.0]), np.array([1.0, 1.7, 3.0])
    assert variance(with_season, *whole) == pytest.approx(variance(without, *whole))
    assert sum(SHARES) == pytest.approx(1)
    assert SHARES[1] / SHARES[0] == pytest.approx(1 / 4)


def monthly(series: Series, level: float, height: float) -> tuple[Count, ...]:
    """Return twelve months of tickets with their peak at the end of June, each published at its end."""
    found = []
    for month in range(1, 13):
        since = dt.date(2023, month, 1)
        until = (since.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
        a, b = years(dt.date(2023, 1, 1), since), years(dt.date(2023, 1, 1), until + dt.timedelta(days=1))
        value = level * (b - a) * float(np.exp(-height * season(np.array([a]), np.array([b]))[0, 0]))
        found.append(Count(
            id=f"mo-{month:02}", series=series.id, counted_by=series.counted_by, since=since, until=until, value=value,
            rounded_to=0.001, published_on=until, status="confirmed", source="Harbour office",
        ))  # fmt: skip
    return tuple(found)


def test_a_year_of_counts_says_which_months_are_high_and_the_next_year_has_them() -> None:
    """Without a season the same counts give two months half a year apart the same level."""
    for record, expected in ((Season(spread=0.3, why="Guests come in summer."), 0.8), (None, 0.0)):
        edition, series = tickets(season=record)
        edition = replace(edition, counts=monthly(series, 12000, 0.4))
        inputs = MODEL.inputs(edition)
        at = np.array([years(series.starts_on, day) for day in (dt.date(2025, 1, 1), dt.date(2025, 7, 2))])
        mean, _ = conditional(inputs, inputs.designs["tickets"], np.array([1e-3]), np.array([1e-3]), at, at)
        assert mean[0, 1] - mean[0, 0] == pytest.approx(expected, abs=0.02)
        assert mean[0].mean() == pytest.approx(np.log(12000), abs=0.06 if record else 0.2)


def test_half_a_year_is_not_taken_for_a_whole_one() -> None:
    """Six good months alone: with a season the year ahead is less sure, and nearer to what was thought before."""
    found = {}
    for record in (Season(spread=0.4, why="Guests come in summer."), None):
        edition, series = tickets(season=record)
        edition = replace(edition, counts=monthly(series, 12000, 0.4)[3:9])
        inputs = MODEL.inputs(edition)
        a, b = np.array([3.0]), np.array([4.0])
        mean, root = conditional(inputs, inputs.designs["tickets"], np.array([1e-2]), np.array([1e-2]), a, b)
        found[record is None] = float(mean[0, 0]), float(root[0, 0, 0])
    assert found[True][0] > found[False][0] > np.log(1000)
    assert found[False][1] > 3 * found[True][1]


def test_a_series_without_season_has_the_columns_it_had() -> None:
    edition, series = tickets()
    design = design_of(series, edition)
    assert series.season is None
    assert "season" not in series.model_dump(mode="json")
    assert design.sd.size == design.columns(np.array([0.0]), np.array([1.0])).shape[1] == 2

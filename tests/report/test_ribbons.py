"""Ribbons keep to their sheet, say their message in words, and show neither a hidden value nor an id."""

from __future__ import annotations

import datetime as dt
import itertools
from html import escape

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from tickets import tickets_edition

from forecasting.models.base import BAND_COLUMNS, POINT_COLUMNS
from forecasting.models.counts.model import Counts
from forecasting.report.canvas import drawing
from forecasting.report.ribbons import ribbon_figure, value_words, with_changes
from forecasting.report.svg import inline_svg

AS_OF = dt.date(2024, 7, 1)
TITLE = "People under protection in a country with a rather long name"


def bands(last: float = 2.4e6) -> pd.DataFrame:
    rows = [
        ("people", TITLE, "people", day, 0.4 * n, 0.8 * n, n, 1.1 * n, 1.3 * n)
        for day, n in ((dt.date(2024, 1, 1), 2.9e6), (dt.date(2025, 1, 1), 2.6e6), (dt.date(2026, 6, 30), last))
    ]
    ends = (dt.date(2015, 11, 1), dt.date(2026, 1, 1))
    rows += [("odds", "Balance", "log odds", day, -2.0, -1.0, 0.2, 1.0, 2.0) for day in ends]
    return pd.DataFrame(rows, columns=list(BAND_COLUMNS))


def points() -> pd.DataFrame:
    rows = [
        ("people", "c-1", dt.date(2018, 1, 1), 3.4e6, "3.4 million, by an office", "observed"),
        ("people", "c-2", dt.date(2024, 2, 1), float("nan"), "of another period", "observed"),
        ("people", "", dt.date(2025, 12, 31), 2e6, "2,000,000 people by 2025-12-31", "level"),
        ("odds", "", dt.date(2020, 2, 27), float("nan"), "a day", "day"),
    ]
    return pd.DataFrame(rows, columns=list(POINT_COLUMNS))


@pytest.mark.parametrize("width", [880, 640, 420, 364])
def test_no_label_leaves_its_sheet_or_covers_another(width: float) -> None:
    figure = ribbon_figure(bands(), points(), AS_OF, width)
    canvas = FigureCanvasAgg(figure)
    with drawing():
        canvas.draw()
        texts = [text for text in figure.axes[0].texts if text.get_text().strip()]
        found = [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in texts]
    across, down = figure.get_size_inches() * figure.dpi
    for text, box in found:
        assert min(box.x0, box.y0) >= -1, text
        assert box.x1 <= across + 1, text
        assert box.y1 <= down + 1, text
    for (one, a), (other, b) in itertools.combinations(found, 2):
        apart = min(a.x1, b.x1) - max(a.x0, b.x0) <= 1 or min(a.y1, b.y1) - max(a.y0, b.y0) <= 2
        assert apart, f"{one!r} and {other!r} overlap"


def test_the_message_has_the_last_value_and_the_levels_asked_about() -> None:
    alt = ribbon_figure(bands(), points(), AS_OF).alt
    assert "2,400,000 people on 30 Jun 2026 (90 % interval 960,000 to 3,120,000), as of 1 Jul 2024" in alt
    assert "asked about: 2,000,000 people by 2025-12-31" in alt
    assert "Balance: 0.2 log odds" in alt
    assert [value_words(value) for value in (0.0, 0.04321, -31.25, 15750.0)] == ["0", "0.0432", "-31.2", "15,800"]


def test_what_is_observed_is_named_in_words_and_a_sum_of_another_period_is_no_point() -> None:
    shown = Counts().points(Counts().inputs(tickets_edition()))
    observed = shown[shown["kind"] == "observed"].set_index("claim")
    assert observed.loc["le-003", "value"] == 420
    assert pd.isna(observed.loc["le-001", "value"])
    assert observed.loc["is-002", "label"] == (
        "People on the island: 9,800 people on 2023-06-30, counted by church book (Church)"
    )
    assert "1,500 people by 2025-12-31" in set(shown.loc[shown["kind"] == "level", "label"])
    assert shown.loc[shown["kind"] == "day", "label"].tolist() == ["from here on another level: The toll came."]


def test_a_dot_says_what_it_is_when_a_pointer_is_on_it() -> None:
    markup = str(inline_svg(ribbon_figure(bands(), points(), AS_OF)))
    observed = points().query("kind == 'observed'").dropna(subset=["value"])
    assert markup.count("<title>") == len(observed)
    for row in observed.itertuples():
        assert f"<title>{escape(row.label, quote=False)}</title>" in markup


def test_a_change_is_a_triangle_on_the_line_and_no_level() -> None:
    days = (dt.date(2016, 1, 1), dt.date(2020, 1, 1), dt.date(2024, 1, 1))
    band = [("odds", "Balance", "steps", day, 2.0, 2.4, 2.6, 2.8, 3.2) for day in days]
    rows = [
        ("odds", "b-1", dt.date(2018, 1, 1), -0.8, "Moscow gains", "observed"),
        ("odds", "b-2", dt.date(2021, 1, 1), 0.5, "Ankara gains", "observed"),
        ("odds", "b-3", dt.date(2022, 1, 1), 2.5, "Ankara ahead", "observed"),
    ]
    ribbon, seen = pd.DataFrame(band, columns=list(BAND_COLUMNS)), pd.DataFrame(rows, columns=list(POINT_COLUMNS))
    readings = pd.DataFrame({"claim": ["b-1", "b-2", "b-3"], "reads": ["change: slightly", "change: slightly", "level: ahead"]})
    told = with_changes(seen, readings)
    assert told["kind"].tolist() == ["change", "change", "observed"]

    def marks(points: pd.DataFrame) -> list[tuple[int, float]]:
        shapes = [patch for patch in ribbon_figure(ribbon, points, AS_OF).axes[0].patches if patch.get_gid()]
        return [(len(shape.get_xy()) if hasattr(shape, "get_xy") else 0, shape.get_extents().y1) for shape in shapes]

    assert [corners for corners, _ in marks(seen)] == [0, 0, 0]
    assert sorted(corners for corners, _ in marks(told)) == [0, 4, 4]  # a closed polygon repeats its first corner


def test_a_ribbon_is_paler_before_its_first_observation() -> None:
    days = (dt.date(2016, 1, 1), dt.date(2018, 1, 1), dt.date(2020, 1, 1), dt.date(2024, 1, 1))
    ribbon = pd.DataFrame([("o", "B", "s", day, 1.0, 2.0, 3.0, 4.0, 5.0) for day in days], columns=list(BAND_COLUMNS))
    seen = pd.DataFrame([("o", "b-1", dt.date(2019, 1, 1), 3.0, "seen", "observed")], columns=list(POINT_COLUMNS))

    def areas(points: pd.DataFrame) -> int:
        return sum(not patch.get_gid() for patch in ribbon_figure(ribbon, points, AS_OF).axes[0].patches)

    assert areas(seen) == areas(seen.assign(on=dt.date(2016, 1, 1))) + 1

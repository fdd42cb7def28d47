"""A report in a dark room: every colour of its pictures has a counterpart there, and every text can be read."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from forecasting.report import canvas
from forecasting.report.backtest import SETTLES, SIGN

STYLES = files("forecasting.report").joinpath("templates/dark.css").read_text("utf-8")
NAMES = ("INK", "MUTED", "RULE", "BAND", "PAPER", "BASE", "PRIOR", "POSTERIOR", "POSTERIOR_PALE", "POSTERIOR_HALF")
COLORS = {getattr(canvas, name) for name in NAMES} | {SETTLES, SIGN}
VARIABLES = dict(re.findall(r"(--[a-z]+): (#[0-9a-f]{6})", STYLES))
PAPERS = ("#12161c", VARIABLES["--tint"])


def light(color: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    least, most = sorted((light(one), light(other)))
    return (most + 0.05) / (least + 0.05)


@pytest.mark.parametrize("part", ["fill", "stroke"])
def test_every_colour_of_a_picture_has_a_dark_counterpart(part: str) -> None:
    assert set(re.findall(rf'\[{part}="(#[0-9a-f]+)"\]', STYLES)) == COLORS


@pytest.mark.parametrize("name", ["--ink", "--muted", "--base", "--prior", "--posterior"])
@pytest.mark.parametrize("paper", PAPERS)
def test_a_text_has_a_contrast_of_four_and_a_half_to_one(name: str, paper: str) -> None:
    assert contrast(VARIABLES[name], paper) >= 4.5


def test_contrast_is_what_the_guideline_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#777777") == pytest.approx(4.478, abs=0.001)

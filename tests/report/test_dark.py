"""A report in a dark room: every colour of its pictures has a counterpart there, and every text can be read."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from themes import contrast

from forecasting.report import canvas
from forecasting.report.backtest import SETTLES, SIGN

STYLES = files("forecasting.report").joinpath("templates/dark.css").read_text("utf-8")
NAMES = ("INK", "MUTED", "RULE", "BAND", "PAPER", "BASE", "PRIOR", "POSTERIOR", "POSTERIOR_PALE", "POSTERIOR_HALF")
COLORS = {getattr(canvas, name) for name in NAMES} | {SETTLES, SIGN}
VARIABLES = dict(re.findall(r"(--[a-z]+): (#[0-9a-f]{6})", STYLES))
PAPERS = ("#12161c", VARIABLES["--tint"])


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

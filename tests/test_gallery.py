"""Every picture of the gallery is drawn by the code beneath it, and each figure of the package is in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import forecasting as fc
from forecasting.report.canvas import Chart
from tools.docs.gallery import PAGE, drawn

NOT_ALONE = {"layers_figure", "outcomes_figure", "scores_figure"}  # parts of a report, or of one of those shown


@pytest.mark.slow
@pytest.mark.reads_runs
def test_the_code_of_the_gallery_draws_what_it_shows(project_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project_dir)
    figures = dict(drawn())
    assert list(figures) == re.findall(r"\((images/gallery/[^)]+)\)", PAGE.read_text("utf-8"))  # none of the page is passed over
    assert all(isinstance(figure, Chart) and figure.alt for figure in figures.values())
    assert [name for name in figures if not (PAGE.parent / name).is_file()] == []


def test_the_gallery_shows_every_kind_of_figure() -> None:
    kinds = {name for name in fc.figures.__all__ if name.endswith("_figure")} - NOT_ALONE
    text = PAGE.read_text("utf-8")
    assert [kind for kind in kinds if f"fc.figures.{kind}(" not in text] == []

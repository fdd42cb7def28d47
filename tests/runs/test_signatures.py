"""Who coded, reviewed and signed off stands in report and trace, and a signature leaves every run current."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_dossiers import write_broken
from rule_edits import signed
from sample_runs import sample_run

from forecasting.dossier.edition import EditionDossier
from forecasting.report.render import render_report
from forecasting.rules.load import load_dossier
from forecasting.runs.freshness import record_digests
from forecasting.trace.questions import trace_edition

LINES = (
    "coded_by: [{name: A. Coder, on: 2024-07-08}, {name: B. Coder, on: 2024-07-09}]",
    "reviewed_by: {name: C. Reader, on: 2024-07-10}",
    "signed_off_by: {name: D. Lead, on: 2024-07-10}",
)


def ferry(folder: Path, project_dir: Path, *lines: str) -> EditionDossier:
    root = write_broken(folder, project_dir, *([signed(*lines)] if lines else []))
    return load_dossier(root).edition("2024-07-ferry")


def test_signatures_are_shown_and_move_nothing(tmp_path: Path, project_dir: Path) -> None:
    before, after = ferry(tmp_path / "a", project_dir), ferry(tmp_path / "b", project_dir, *LINES)
    assert record_digests(before) == record_digests(after)
    report, traced = (make(sample_run(after), after) for make in (render_report, trace_edition))
    assert "coded by A. Coder (2024-07-08) and B. Coder (2024-07-09)" in traced
    assert "signed off by D. Lead (2024-07-10)" in traced
    assert "Coded by A. Coder (8 July 2024) and B. Coder (9 July 2024)." in report.replace("\N{NO-BREAK SPACE}", " ")
    assert "Reviewed by C. Reader (10 July 2024)." in report.replace("\N{NO-BREAK SPACE}", " ")
    assert "oded by" not in render_report(sample_run(before), before)


def test_an_edition_without_signatures_is_written_down_as_before(tmp_path: Path, project_dir: Path) -> None:
    assert not {"coded_by", "reviewed_by", "signed_off_by"} & ferry(tmp_path, project_dir).edition.model_dump().keys()


@pytest.mark.parametrize("bad", ["coded_by: A. Coder", "coded_by: {name: A. Coder}", "coded_by: {name: A. Coder, on: yesterday}"])
def test_a_signature_needs_a_name_and_a_day(bad: str, tmp_path: Path, project_dir: Path) -> None:
    with pytest.raises(Exception, match=r"editions/2024-07-ferry\.yaml:\d+"):
        ferry(tmp_path, project_dir, bad)

"""The same records give the same bytes: in another folder, at another time, with one core or two, whatever BLAS does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import write_dossier
from faulty import contents
from toy import CHANGES, EDITION, PROJECT

FORMS = ("md", "csv", "json", "xlsx", "svg", "docx")
BLAS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def written(folder: Path, cores: int, seed: str, zone: str) -> dict[str, bytes]:
    """Run the toy and write its report in every form in a process that has so many cores; return every file."""
    write_dossier(folder, PROJECT, CHANGES)
    environment = os.environ | {"PYTHONPATH": str(PROJECT), "PYTHONHASHSEED": seed, "TZ": zone} | dict.fromkeys(BLAS, str(cores))
    words = ["report", EDITION, *(word for form in FORMS for word in ("--format", form))]
    own = sorted(os.sched_getaffinity(0))[:cores] if hasattr(os, "sched_setaffinity") else []

    def few() -> None:
        if own:
            os.sched_setaffinity(0, own)

    for command in (["run", EDITION], words):
        line = [sys.executable, "-m", "forecasting.cli.main", *command]
        done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, preexec_fn=few)
        assert done.returncode == 0, done.stderr
    return {name: content for name, content in contents(folder).items() if name.startswith(("runs/", "reports/"))}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="cores of a process as on Linux")
def test_run_and_report_have_the_same_bytes_in_two_folders_with_one_core_and_two(
    tmp_path: Path, measured: Callable[[str], None]
) -> None:
    one = written(tmp_path / "one", 1, "1", "UTC")
    two = written(tmp_path / "a longer name", 2, "2", "Asia/Kathmandu")
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
    kinds = {Path(name).suffix for name in one}
    assert {".csv", ".nc", ".json", ".html", ".docx", ".xlsx", ".svg", ".md"} <= kinds
    measured(f"same bytes: {len(one)} files of a run and its report, with one core and with two")

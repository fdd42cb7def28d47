"""A file that is no notebook, or whose parameters cannot be read, is named before anything runs."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from toy import toy_edition

from forecasting.errors import ForecastingError, UsageError
from forecasting.lab.notebooks.execute import run_notebooks
from forecasting.lab.notebooks.for_edition import parameters_of, write_notebooks

TAGGED = {"tags": ["parameters", "editions:any"]}
CELL = {"cell_type": "code", "metadata": TAGGED, "outputs": [], "execution_count": None, "id": "a"}


def whole(source: object = "EDITION = ''") -> str:
    return json.dumps({"cells": [{**CELL, "source": source}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


MERGED = f"<<<<<<< HEAD\n{whole()}\n=======\n{whole()}\n>>>>>>> other\n"
DAMAGED = {
    "nothing": b"", "half of it": whole()[:60].encode(), "two versions of it": MERGED.encode(), "a list": b"[]", "null": b"null",
    "no cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "of no version": b'{"cells": []}',
    "cells that are none": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [5]}',
    "UTF-16": whole().encode("utf-16"),
    "a source that is a number": whole(5).encode(), "deep": b"[" * 100_000,
    "of a version to come": whole().replace("4", "9").encode(),
}  # fmt: skip


@pytest.mark.parametrize("how", DAMAGED)
def test_a_file_that_is_no_notebook_is_named(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "01-a.ipynb").write_bytes(DAMAGED[how])
    out = tmp_path / "out"
    for run in (lambda: run_notebooks(folder, out), lambda: write_notebooks(toy_edition(), folder, out)):
        with pytest.raises(ForecastingError, match=r"01-a\.ipynb: no notebook \(.+\); mend it, or take it from your repository"):
            run()
    assert not out.exists()


def test_a_cell_of_parameters_that_is_no_python_is_named_with_its_notebook(tmp_path: Path) -> None:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "01-a.ipynb").write_text(whole("%matplotlib inline\nEDITION = ''"), "utf-8")
    with pytest.raises(UsageError, match=r"01-a\.ipynb: its cell with the tag 'parameters' cannot be read .*NAME = VALUE there"):
        write_notebooks(toy_edition(), folder, tmp_path / "out")


def test_a_parameter_that_is_worked_out_is_none_that_can_be_set() -> None:
    notebook = nbformat.reads(whole("EDITION = 'a'\nROOT = Path('.')\nYEARS = 2 + 3\nDEEP = " + "-" * 5000 + "1"), as_version=4)
    assert parameters_of(notebook) == {"EDITION": "a"}

"""The notebooks are run as they lie, two at a time, into another folder; a cell that fails is named."""

from __future__ import annotations

import nbformat
import pytest

from forecasting.errors import ForecastingError
from forecasting.lab.notebooks.execute import run_notebooks


def write(folder, name, *sources):
    folder.mkdir(exist_ok=True)
    cells = [nbformat.v4.new_markdown_cell("# Title"), *(nbformat.v4.new_code_cell(source) for source in sources)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / name)


def test_notebooks_run_in_their_own_folder_and_stay_as_they_are(tmp_path):
    folder, output = tmp_path / "notebooks", tmp_path / "out" / "notebooks"
    write(folder, "02-b.ipynb", "print(open('word.txt').read())")
    write(folder, "01-a.ipynb", "x = 2", "x + 3")
    (folder / "word.txt").write_text("relative")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    said = []
    assert run_notebooks(folder, output, lambda *news: said.append(news)) == [output / "01-a.ipynb", output / "02-b.ipynb"]
    first, second = (nbformat.read(output / name, as_version=4) for name in ("01-a.ipynb", "02-b.ipynb"))
    assert [cell.get("execution_count") for cell in first.cells] == [None, 1, 2]
    assert first.cells[2].outputs[0].data["text/plain"] == "5"
    assert second.cells[1].outputs[0].text == "relative\n"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert {name for name, _, _ in said} == {"01-a", "02-b"}
    assert all(0 <= share <= 1 for _, _, share in said)
    assert ("01-a", "done", 1.0) in said


def test_no_output_holds_a_time_or_a_warning(tmp_path):
    write(tmp_path / "notebooks", "01-a.ipynb", "1 + 1")
    (path,) = run_notebooks(tmp_path / "notebooks", tmp_path / "out")
    cell = nbformat.read(path, as_version=4).cells[1]
    assert "execution" not in cell.metadata
    assert [output.output_type for output in cell.outputs] == ["execute_result"]


def test_the_cell_that_fails_is_named_with_its_error(tmp_path):
    folder = tmp_path / "notebooks"
    write(folder, "01-a.ipynb", "x = 1", "raise ValueError('no such base')", "print('never')")
    with pytest.raises(ForecastingError, match=r"01-a\.ipynb, cell 3 of 4: ValueError: no such base") as failure:
        run_notebooks(folder, tmp_path / "out")
    assert "Traceback" not in str(failure.value)
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True


def test_a_kernel_that_dies_is_an_error_of_ours(tmp_path):
    write(tmp_path / "notebooks", "01-a.ipynb", "import os; os._exit(1)")
    with pytest.raises(ForecastingError, match=r"01-a\.ipynb, cell 2 of 2"):
        run_notebooks(tmp_path / "notebooks", tmp_path / "out")


def test_an_empty_folder_gives_nothing(tmp_path):
    assert run_notebooks(tmp_path, tmp_path / "out") == []

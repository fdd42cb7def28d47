"""Notebooks are brought up to date from references: the numbers in their prose, their outputs, their metadata."""

from __future__ import annotations

import json

import nbformat
import pytest

from forecasting.errors import ForecastingError
from forecasting.lab.notebooks.rewrite import quoted_numbers, requote, rewrite_notebooks, tidy

REFERENCES = {"e": {"questions": {"a": {"p": 0.304, "mcse": 0.002}, "b:c": {"p": 0.996, "mcse": 0.0}}, "events": {}}}


def write(folder, *cells):
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    notebook.metadata["widgets"] = {"state": {}}
    nbformat.write(notebook, folder / "01-try.ipynb")
    (folder / "references.json").write_text(json.dumps(REFERENCES))


def test_a_quoted_number_is_found_with_its_words_and_outcome():
    text = "One **<1 %**, almost no chance (`a`), another **>99 %**, almost certain (`b:c`); **12 %** is none."
    assert list(quoted_numbers(text)) == [("a", "<1", "almost no chance"), ("b:c", ">99", "almost certain")]


def test_number_and_words_come_from_the_references():
    known = {"a": {"p": 0.304, "mcse": 0.0}, "b:c": {"p": 0.996, "mcse": 0.0}}
    text = "**99 %**, likely (`a`) and **1 %**, unlikely (`b:c`)"
    assert requote(text, known) == "**30 %**, unlikely (`a`) and **>99 %**, almost certain (`b:c`)"


def test_rewriting_runs_the_notebook_and_leaves_nothing_of_the_machine(tmp_path):
    code = nbformat.v4.new_code_cell("6 * 7", metadata={"tags": ["parameters"], "execution": {"iopub.status.busy": "now"}})
    write(tmp_path, nbformat.v4.new_markdown_cell("**50 %**, even (`a`)"), code)
    rewrite_notebooks(tmp_path)
    text = (tmp_path / "01-try.ipynb").read_text()
    notebook = nbformat.reads(text, as_version=4)
    assert notebook.cells[0].source == "**30 %**, unlikely (`a`)"
    assert notebook.cells[1].outputs[0].data["text/plain"] == "42"
    assert notebook.cells[1].execution_count == 1
    assert notebook.cells[1].metadata == {"tags": ["parameters"]}
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert str(tmp_path) not in text


def test_a_notebook_that_fails_keeps_its_outputs(tmp_path):
    write(tmp_path, nbformat.v4.new_code_cell("1 / 0"))
    with pytest.raises(ForecastingError, match="ZeroDivisionError"):
        rewrite_notebooks(tmp_path)
    assert nbformat.read(tmp_path / "01-try.ipynb", as_version=4).cells[0].outputs == []


def test_tidying_twice_changes_nothing_more():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", metadata={"tags": [], "collapsed": True})])
    tidy(notebook)
    once = nbformat.writes(notebook)
    tidy(notebook)
    assert nbformat.writes(notebook) == once
    assert notebook.cells[0].metadata == {}


def test_the_empty_line_that_a_fit_leaves_behind_is_taken_away():
    said = nbformat.v4.new_output("display_data", {"text/plain": ""})
    kept = nbformat.v4.new_output("display_data", {"text/plain": "42"})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=[said, kept])])
    tidy(notebook)
    assert notebook.cells[0].outputs == [kept]


def test_of_a_widget_the_text_stays_and_its_view_goes():
    data = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "<panel of e>"}
    shown = nbformat.v4.new_output("execute_result", data, execution_count=1)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("panel", outputs=[shown], execution_count=1)])
    tidy(notebook)
    assert notebook.cells[0].outputs[0].data == {"text/plain": "<panel of e>"}

"""The notebooks keep to their rules, and the numbers they quote are those of the model, within what chance can do."""

from __future__ import annotations

import ast
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from forecasting.lab.notebooks.references import ERRORS, all_references, distance, read_references, reference_numbers
from forecasting.lab.notebooks.rewrite import quoted_numbers, requote
from forecasting.lab.open import open_run
from forecasting.rules.load import load_dossier

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
NAMES = (
    "01-start-here.ipynb",
    "02-turn-claims-into-priors.ipynb",
    "03-forecast-any-edition.ipynb",
    "05-look-back-at-karabakh-2020.ipynb",
    "06-ask-what-would-change-the-answers.ipynb",
    "07-how-good-were-we.ipynb",
    "08-ask-who-has-the-upper-hand.ipynb",
    "09-how-many.ipynb",
    "10-add-your-own-article.ipynb",
)
OWN = "10-add-your-own-article.ipynb"  # it makes an edition of its own, and answers at its end
SAMPLED = "nbval-ignore-output"
# tables of records alone: their percentages are read from words, not sampled, and are compared as text
RECORDS = ("fc.tables.claim_table(", "fc.tables.history_table(", "fc.tables.contracts_table(", "fc.outcomes.later_counts(")
NETWORK = {"requests", "urllib", "urllib3", "http", "httpx", "socket", "aiohttp", "ftplib", "smtplib", "subprocess"}
PERCENT = re.compile(r"[<>]?\d+(?:\.\d+)? ?%")
# a path that only one machine has: from the root, a home directory, a drive letter
MACHINE = re.compile(r"""(?:^|[\s"'(=,:])(?:/(?:home|root|Users|work|tmp|var|opt|usr|mnt)/|~/|[A-Z]:\\)""")
WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
every_notebook = pytest.mark.parametrize("name", NAMES)


@cache
def notebook(name: str) -> nbformat.NotebookNode:
    return nbformat.read(FOLDER / name, as_version=4)


def code(name: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook(name).cells if cell.cell_type == "code"]


def prose(name: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook(name).cells if cell.cell_type == "markdown"]


def tags(cell: nbformat.NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def shown(cell: nbformat.NotebookNode, kind: str) -> list[str]:
    """Return what a cell shows in one format."""
    return ["".join(out.data[kind]) for out in cell.outputs if "data" in out and kind in out.data]


class Page(HTMLParser):
    """The images of a page and its text, without what is inside attributes."""

    def __init__(self, html: str):
        super().__init__()
        self.images: list[dict[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.images.append(dict(attrs))

    def handle_data(self, data):
        self.text += f" {data}"


def page(cell: nbformat.NotebookNode) -> Page:
    return Page("".join(shown(cell, "text/html")))


def texts(cell: nbformat.NotebookNode) -> str:
    """Return all that a cell shows, as text."""
    streams = ["".join(out.text) for out in cell.outputs if out.output_type == "stream"]
    return "\n".join([*streams, *shown(cell, "text/plain"), *shown(cell, "text/markdown"), page(cell).text])


def head(name: str) -> str:
    """Return what stands above the first heading: prose, and what cells of a notebook for any edition say there."""
    said = []
    for cell in notebook(name).cells:
        if cell.cell_type == "markdown" and "\n## " in f"\n{cell.source}":
            return "\n".join([*said, cell.source.partition("\n## ")[0]])
        said.append(cell.source if cell.cell_type == "markdown" else "\n".join(shown(cell, "text/markdown")))
    return "\n".join(said)


def test_the_folder_holds_these_notebooks():
    assert tuple(sorted(path.name for path in FOLDER.glob("*.ipynb"))) == NAMES


@every_notebook
def test_a_notebook_is_committed_as_it_ran(name):
    # nbval compares nothing in a cell whose count is null
    assert [cell.execution_count for cell in code(name)] == list(range(1, len(code(name)) + 1))
    for cell in code(name):
        assert not [out for out in cell.outputs if out.output_type == "error"]
        assert not [out for out in cell.outputs if out.get("name") == "stderr"], cell.source


@every_notebook
def test_a_notebook_is_short(name):
    assert len(notebook(name).cells) <= 30
    assert max(len(cell.source.splitlines()) for cell in notebook(name).cells) <= 15
    assert max(len(line) for cell in code(name) for line in cell.source.splitlines()) <= 120


@every_notebook
def test_code_defines_nothing_and_asks_no_network(name):
    for cell in code(name):
        for node in ast.walk(ast.parse(cell.source)):  # which also refuses ! and % commands
            assert not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef), cell.source
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {module.split(".")[0] for module in modules} & NETWORK, cell.source
        assert "://" not in cell.source


@every_notebook
def test_nothing_in_a_notebook_belongs_to_one_machine_or_one_moment(name):
    for cell in notebook(name).cells:
        text = cell.source + "\n" + (texts(cell) if cell.cell_type == "code" else "")
        assert not MACHINE.search(text), text
        assert not WHEN.search(text), text
        assert set(cell.metadata) <= {"tags"}
    assert set(notebook(name).metadata) <= {"kernelspec", "language_info"}
    assert notebook(name).metadata.kernelspec.name == "python3"


@every_notebook
def test_the_second_code_cell_holds_the_parameters(name):
    assert [("parameters" in tags(cell)) for cell in code(name)] == [i == 1 for i in range(len(code(name)))]
    for statement in ast.parse(code(name)[1].source).body:
        assert isinstance(statement, ast.Assign)
        ast.literal_eval(statement.value)


@every_notebook
def test_a_notebook_begins_with_question_date_and_answer_and_ends_with_what_would_change_it(name):
    assert notebook(name).cells[0].source.startswith("# ")
    first = head(name)
    assert "**Question.**" in first
    if name != OWN:
        assert all(words in first for words in ("**As of** ", "**Answer in three lines.**"))
        assert re.findall(r"^(\d)\. ", first, re.MULTILINE) == ["1", "2", "3"]
        assert all("%**" in line for line in first.splitlines() if re.match(r"\d\. ", line))
    heads = re.findall(r"^## (.+)$", "\n".join(cell.source for cell in prose(name)), re.MULTILINE)
    assert heads[-3].startswith("What would change ")
    assert heads[-2:] == ["References", "Environment"]


@every_notebook
def test_every_figure_has_a_sentence_before_it_and_a_text_in_its_place(name):
    figures = 0
    for cell in code(name):
        assert not [key for out in cell.outputs if "data" in out for key in out.data if key.startswith("image/")]
        images = page(cell).images
        figures += len(images)
        for image in images:
            assert len((image["alt"] or "").split()) >= 10
            assert (image["src"] or "").startswith("data:image/")
        if images:
            kinds = ["text/markdown" if "text/markdown" in out.data else "image" for out in cell.outputs]
            assert kinds[0] == "text/markdown", cell.source
    assert figures >= 2


@every_notebook
def test_cells_that_show_sampled_numbers_are_not_compared_as_text(name):
    for cell in code(name):
        percent = PERCENT.search(texts(cell).replace("90 %", "")) and not any(table in cell.source for table in RECORDS)
        if percent or page(cell).images or "open_run" in cell.source:
            assert SAMPLED in tags(cell), cell.source


@every_notebook
def test_numbers_in_prose_are_those_of_the_references(name):
    known = all_references(FOLDER / "references.json")
    for cell in prose(name):
        assert requote(cell.source, known) == cell.source, "write them anew: python -m forecasting.lab.notebooks.rewrite"
        quoted = len(list(quoted_numbers(cell.source)))
        assert len(PERCENT.findall(cell.source.replace("90 % interval", ""))) == quoted, cell.source


@every_notebook
def test_a_notebook_holds_its_runs_to_the_references(name):
    opened = any("open_run(" in cell.source for cell in code(name))
    held = [cell for cell in code(name) if "print(fc.references.hold(" in cell.source]
    assert opened
    assert len(held) == (name != OWN)
    assert not any(SAMPLED in tags(cell) for cell in held)


@pytest.mark.slow
@pytest.mark.makes_runs
@pytest.mark.parametrize("edition", ["2020-11-karabakh", "2024-12-syria", "2026-02-outlook"])
def test_the_stored_numbers_are_those_of_a_current_run(edition, project_dir, measured):
    # The notebooks open the same runs; whoever comes first, here or there, fits the edition, and the others read it.
    stored = read_references(FOLDER / "references.json")[edition]["questions"]
    run = open_run(edition, priors=project_dir / "priors", runs=project_dir / "runs")
    now = reference_numbers(run)
    assert now.keys() == stored.keys()
    assert {name: distance(now[name], stored[name]) for name in now if distance(now[name], stored[name]) > ERRORS} == {}
    # 4 × 3,000 draws, nearly independent, of a number whose standard deviation may be 0.28; an answer given that its
    # question is not void is a mean over that share of the paths only, so that its error is larger by the root of it
    network = {question.id for question in load_dossier(project_dir / "priors").edition(edition).questions}
    own = [f for f in run.forecasts if f.question in network]
    largest = max(o.mcse * (1 - sum(v.p for v in f.outcomes if v.id == "void")) ** 0.5 for f in own for o in f.outcomes)
    assert largest <= 0.0028
    assert max(o.mcse for f in run.forecasts for o in f.outcomes) <= 0.005  # the gate's own bound, of the other models
    measured(f"Monte Carlo error of the answers of {edition}: at most {largest:.4f}")


def test_references_are_those_of_editions_that_are_there(project_dir):
    # editions that an analyst adds have none until `make notebooks` stores them
    assert read_references(FOLDER / "references.json").keys() <= load_dossier(project_dir / "priors").editions.keys()

"""Notebooks that take editions run with each edition they are meant for, and nothing in their prose belongs to one of them."""

from __future__ import annotations

import ast
import re
import time
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from forecasting.errors import UsageError
from forecasting.lab.notebooks.for_edition import MEANT, parameters_of, why_not, with_parameters
from forecasting.lab.notebooks.rewrite import QUOTED
from forecasting.report.formatting import NO_INTERVAL_NOTE, day
from forecasting.rules.load import load_dossier

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "notebooks"
EDITIONS = ("2020-11-karabakh", "2024-12-syria", "2026-02-outlook")
# what costs more than ten seconds runs with one edition here, and with another where nbval runs it as it was committed
HEAVY = {("06", "2024-12-syria"), ("06", "2026-02-outlook"), ("08", "2024-12-syria"), ("08", "2026-02-outlook")}
BESIDE = {"01", "07"}  # these show every edition beside the one that is looked at closely
NUMBER = re.compile(r"(?<![\w-])[<>×]?\d[\d.,]*\d(?![\w])|(?<![\w-])[<>×]?\d(?![\w])")
# numbers that nobody computed and nobody has to: a scale, a standard's name, what an interval holds, another notebook
PLAIN = re.compile(
    r"ICD 203|\b(?:50 and )?90 % intervals?|[Nn]otebooks? \d\d(?: and \d\d)?|\d\d · |above ×1|below ×1|^\d\. |"
    r"\b(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December) 20\d\d\b|"
    r"\b(?:of|in|the) 20[12]\d\b|Karabakh 2020|## \d |\bStep \d",
    re.MULTILINE,
)
DATES = re.compile(r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b|\b20\d\d\b")
# and the constants of definitions, notebook by notebook
CONSTANTS = {
    "02": {"1", "6", "0"},  # of the formula P = 1 − exp(−λH), of the scale of credibility, and log H of one year
    "05": {"0", "1", "0.25", "0.69"},  # best, worst and even odds of two scores
    "07": {"0", "0.25"},
}  # fmt: skip


@cache
def notebooks() -> dict[str, nbformat.NotebookNode]:
    return {path.stem[:2]: nbformat.read(path, as_version=4) for path in sorted(FOLDER.glob("*.ipynb"))}


def prose(number: str) -> str:
    """Return the Markdown of a notebook up to its references, without code, links and quoted numbers."""
    cells = [cell.source for cell in notebooks()[number].cells if cell.cell_type == "markdown"]
    text = "\n\n".join(cells).partition("## References")[0]
    text = re.sub(r"^ *```.*?^ *```", " ", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`|\]\([^)]*\)", " ", QUOTED.sub(" ", text))


def meant(number: str) -> list[str]:
    tags = [tag for cell in notebooks()[number].cells for tag in cell.metadata.get("tags", [])]
    return [tag.removeprefix(MEANT) for tag in tags if tag.startswith(MEANT)]


ANY = [number for number in notebooks() if meant(number) and meant(number)[0] not in EDITIONS]


@pytest.mark.parametrize("number", notebooks())
def test_every_number_in_prose_is_quoted_from_a_run_or_is_a_constant(number):
    left = NUMBER.findall(PLAIN.sub(" ", prose(number)))
    assert set(left) <= CONSTANTS.get(number, set()), "quote it (`id` after it), compute it in a cell, or name it in CONSTANTS"


def test_a_number_that_no_cell_computed_is_found():
    assert NUMBER.findall(PLAIN.sub(" ", "It rises to 47 % in 3.5 years, as of 3 May 2024; see notebook 06.")) == ["47", "3.5"]


@pytest.mark.parametrize("number", ANY)
def test_prose_for_any_edition_names_no_day_and_no_record_of_one(number, dossier):
    # when the observations of 08 were graded holds for each edition, and so does the name of notebook 05
    text = prose(number).replace("in 2026", "").replace("Karabakh 2020", "")
    assert DATES.findall(re.sub(r"^# .*$", "", text, flags=re.MULTILINE)) == []
    code = [cell.source for cell in notebooks()[number].cells if cell.cell_type == "code"]
    own = next(n for n, cell in enumerate(notebooks()[number].cells) if "parameters" in cell.metadata.get("tags", []))
    texts = {
        node.value for source in code if source != notebooks()[number].cells[own].source
        for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }  # fmt: skip
    records = {*dossier.events, *dossier.questions, *dossier.claims, *dossier.editions}
    assert {text for text in texts if text in records} == set()
    written = {span for cell in notebooks()[number].cells if cell.cell_type == "markdown"
               for span in re.findall(r"`([^`\n]+)`", cell.source)}  # fmt: skip
    assert written & records == set()


@pytest.mark.parametrize("number", ANY)
def test_a_notebook_for_any_edition_names_none_but_in_its_parameters(number):
    values = parameters_of(notebooks()[number])
    assert values["EDITION"] in EDITIONS
    # empty, so that whoever writes another edition has nothing else to change
    assert [name for name, value in values.items() if value and name not in ("EDITION", "PRIORS", "RUNS", "LEDGER", "ON")] == []


@pytest.fixture(scope="module")
def dossier(project_dir):
    return load_dossier(project_dir / "priors")


@pytest.fixture
def shell():
    """An IPython shell of this process, so that packages are imported once and no kernel has to start."""
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


class Text(HTMLParser):
    """The text of some HTML."""

    def __init__(self, html: str):
        super().__init__()
        self.text = ""
        self.feed(html)

    def handle_data(self, data):
        self.text += f" {data}"


def said(output: Any) -> str:
    data = output.data
    return Text(data["text/html"]).text if "text/html" in data else data.get("text/markdown") or data.get("text/plain", "")


def execute(number: str, edition: str, shell: InteractiveShell, **further: str) -> str:
    """Run the code of a notebook with an edition in this process, and return all that it shows; up to an error of the package."""
    values = {"EDITION": edition, "PRIORS": str(PROJECT / "priors"), "RUNS": str(PROJECT / "runs"),
              "LEDGER": str(PROJECT / "ledger"), **further}  # fmt: skip
    shown = []
    for cell in with_parameters(notebooks()[number], values).cells:
        if cell.cell_type != "code":
            shown.append(cell.source)
            continue
        with capture_output() as captured:
            ran = shell.run_cell(cell.source, store_history=False)
        if isinstance(ran.error_in_exec, UsageError):
            raise ran.error_in_exec
        assert ran.success, (cell.source, ran.error_in_exec or ran.error_before_exec)
        shown += [captured.stdout, *(said(output) for output in captured.outputs)]
    return "\n".join(shown)


PAIRS = [(number, edition) for number in ANY for edition in EDITIONS if (number, edition) not in HEAVY]


@pytest.mark.slow
@pytest.mark.reads_runs
@pytest.mark.parametrize(("number", "edition"), PAIRS)
def test_it_runs_with_the_edition_and_says_nothing_of_another(number, edition, dossier, shell, measured, monkeypatch):
    monkeypatch.chdir(FOLDER)
    if why := why_not(notebooks()[number], dossier.edition(edition)):
        with pytest.raises(UsageError) as raised:
            execute(number, edition, shell)
        model = meant(number)[0]
        others = [name for name in EDITIONS if dossier.edition(name).further.get(model)]
        assert why == f"the edition asks nothing about {model}"
        assert str(raised.value) == f"edition {edition} asks nothing about {model}; editions that do: {', '.join(others)}"
        return
    began = time.process_time()
    text = execute(number, edition, shell)
    measured(f"notebook {number} with {edition}: {time.process_time() - began:.0f} s of processor time")
    assert f"**As of** {day(dossier.editions[edition].as_of)}" in text
    own = {question.id for question in (*dossier.edition(edition).questions,
                                        *(q for asked in dossier.edition(edition).further.values() for q in asked))}  # fmt: skip
    named = {name for span in re.findall(r"`([a-z0-9-]+)(?::[a-z0-9-]+)?`", text) for name in [span] if name in dossier.questions}
    assert named - own == set()
    if number not in BESIDE:
        assert {name for name in dossier.editions if name != edition and name in text} == set()
    assert len(named) >= 1


@pytest.mark.slow
@pytest.mark.reads_runs
def test_a_theme_that_another_model_answers_names_the_notebook_that_shows_it(shell, monkeypatch):
    monkeypatch.chdir(FOLDER)
    text = execute("03", "2020-11-karabakh", shell, THEME="Upper hand")
    assert "**Themes of this edition:** `Ceasefire and peacekeepers`; " in text
    assert text.count("; notebook 08 shows what moves it.") == 3  # of the sections on time, claims and classes
    assert text.count(NO_INTERVAL_NOTE) == 1

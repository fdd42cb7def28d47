"""Pages, docstrings and messages use the field's terms: no word of the private language that they replaced."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
UNWANTED = {  # word: what to write
    "road": "pathway", "voice": "origin, speaker", "luck": "random numbers, chance", "silence": "event-free exposure",
    "quarrel": "conflict", "wall": "boundary", "echo": "indirect influence", "firm": "precise", "firmness": "precision",
    "firmly": "precisely", "lapsed": "expired", "mark": "rating", "ground": "criterion", "spoken": "say who says it",
    "rests": "depends on, is based on", "arrow": "effect",
}  # fmt: skip
FORMS = re.compile(rf"(?<![\w-])({'|'.join(f'{word}s?' for word in UNWANTED)})(?![\w])", re.IGNORECASE)
ORDINARY = re.compile(  # uses in which a word has its ordinary or technical sense
    "|".join((
        r"question marks?", r"quotation marks?", r"byte[- ]order marks?", r"tick marks?", r"marks? of punctuation",
        r"quote marks?", r"pytest\.mark", r"wall time", r"wall clock", r"ground truth", r"Arrow traces?", r"Apache Arrow",
        r"pyarrow", r"arrow keys?", r"roads? and rail",
    )),
    re.IGNORECASE,
)  # fmt: skip


def unwanted(text: str) -> list[str]:
    """Return every unwanted word of a text with what stands around it."""
    plain = re.sub(r"``[^`\n]*``|`[^`\n]*`|https?://\S+", " ", ORDINARY.sub(" ", text))  # code and addresses are not prose
    return [plain[max(0, found.start() - 40) : found.end() + 20] for found in FORMS.finditer(plain)]


def test_the_words_are_found_and_their_ordinary_uses_are_not() -> None:
    assert len(unwanted("Two voices quarrel; the number is firm.")) == 3
    assert unwanted("A question mark; `silence.csv`; confirm, background, trademark, arrow keys, ground truth") == []


PAGES = sorted({*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), PROJECT / "priors/README.md"})
PAGES.remove(PROJECT / "docs/plausibility.md")  # quotes the records, in which a base may rest on a treaty


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_a_page_has_no_unwanted_word(page: Path) -> None:
    assert unwanted(re.sub(r"```.*?```", " ", page.read_text("utf-8"), flags=re.DOTALL)) == []


@pytest.mark.parametrize("template", sorted((PROJECT / "forecasting").rglob("*.j2")), ids=lambda path: path.name)
def test_a_template_has_no_unwanted_word(template: Path) -> None:
    assert unwanted(re.sub(r"{[%{#].*?[%}#]}|<[^>]*>", " ", template.read_text("utf-8"), flags=re.DOTALL)) == []


def texts(source: str) -> str:
    """Return the docstrings, messages and comments of a module: all strings of more than one word."""
    constants = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    strings = [value for value in constants if isinstance(value, str)]
    return "\n".join([*(text for text in strings if " " in text.strip()), *re.findall(r"(?:^|\s)# (.*)$", source, re.MULTILINE)])


def names(source: str) -> set[str]:
    """Return the identifiers of a module and its strings of one word: names of fields, columns and keys."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        found |= {value for name in ("id", "attr", "arg", "name") if isinstance(value := getattr(node, name, None), str)}
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            found.add(node.value)
    return found


# a mark of YAML's reader, the mark that a gate leaves on a number, and nutpie's name for traces of Apache Arrow
NAMED_BY_OTHERS = {"mark", "marks", "arrow_trace"}


def unwanted_parts(name: str) -> set[str]:
    """Return the unwanted words of which a name is made, in snake case or in capitals within it."""
    parts = {part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name.replace("arrow_trace", ""))}
    return {part for part in parts - NAMED_BY_OTHERS if part in UNWANTED or part.removesuffix("s") in UNWANTED}


def test_a_name_is_taken_apart_and_what_merely_holds_a_word_is_not_found() -> None:
    assert unwanted_parts("MOST_VOICES") == {"voices"}
    assert unwanted_parts("ArrowTerms") == {"arrow"}
    for name in ("TimeElapsedColumn", "background_confirmed", "get_arrow_trace"):
        assert unwanted_parts(name) == set()


MODULES = sorted((PROJECT / "forecasting").rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_a_module_has_no_unwanted_word(module: Path) -> None:
    assert unwanted(texts(module.read_text("utf-8"))) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_no_name_of_a_module_is_made_of_an_unwanted_word(module: Path) -> None:
    assert {name: parts for name in names(module.read_text("utf-8")) if (parts := unwanted_parts(name))} == {}


@pytest.mark.parametrize("notebook", sorted((PROJECT / "notebooks").glob("*.ipynb")), ids=lambda path: path.name)
def test_the_text_and_the_code_of_a_notebook_have_no_unwanted_word(notebook: Path) -> None:
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    prose, code = ("\n".join("".join(c["source"]) for c in cells if c["cell_type"] == kind) for kind in ("markdown", "code"))
    assert unwanted(prose) == []
    assert unwanted(texts(code)) == []
    assert {name: parts for name in names(code) if (parts := unwanted_parts(name))} == {}

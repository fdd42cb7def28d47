"""The public surface: about forty names, all that a notebook needs, each saying what it returns."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

import forecasting as fc

PROJECT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
MOST = 53


def code(notebook: Path) -> str:
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def test_the_surface_is_small_enough_to_read_in_one_go() -> None:
    assert len(fc.__all__) <= MOST
    assert len(set(fc.__all__)) == len(fc.__all__)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_this_package_and_nothing_inside_it(notebook: Path) -> None:
    said = re.findall(r"^(?:from|import) forecasting.*$", code(notebook), re.MULTILINE)
    assert said == ["import forecasting as fc"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_name_that_a_notebook_takes_from_the_package_is_public(notebook: Path) -> None:
    for path in set(re.findall(r"\bfc\.([a-z_A-Z]+(?:\.[a-z_A-Z]+)?)", code(notebook))):
        first, _, second = path.partition(".")
        assert first in fc.__all__, f"fc.{path}"
        if isinstance(getattr(fc, first), ModuleType):
            assert hasattr(getattr(fc, first), second), f"fc.{path}"
            assert not second.startswith("_")


def test_every_public_function_says_what_it_returns() -> None:
    for name in fc.__all__:
        value = getattr(fc, name)
        functions = [value] if inspect.isfunction(value) else []
        if isinstance(value, ModuleType):
            functions = [f for f in vars(value).values() if inspect.isfunction(f) and f.__module__ == value.__name__]
        for function in functions:
            if function.__name__.startswith("_") or function.__annotations__.get("return") == "None":
                continue
            said = inspect.getdoc(function) or ""
            assert "Returns\n" in said or said.startswith(("Return ", "Yield ")), f"{name}: {function.__name__}"

"""Every example in a docstring runs and prints what it says; examples that need a fit are marked and skipped."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
WITH_EXAMPLES = [
    ".".join(path.relative_to(PROJECT).with_suffix("").parts)
    for path in sorted((PROJECT / "forecasting").rglob("*.py"))
    if ">>> " in path.read_text("utf-8")
]
# what an example may be skipped for: it needs a compiled model, or a run on disk
NEEDS_A_FIT = ("forecasting.fitting.", "forecasting.analysis.", "forecasting.runs.", "forecasting.lab.")


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)  # examples read the project's own records, as a reader would
    module = import_module(name)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    tests = [test for test in doctest.DocTestFinder().find(module, name) if test.examples]
    assert tests
    said: list[str] = []
    for test in tests:
        runner.run(test, out=said.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_an_example_is_skipped_only_where_it_needs_a_fit(name: str) -> None:
    path = PROJECT.joinpath(*name.split(".")).with_suffix(".py")
    assert "doctest: +SKIP" not in path.read_text("utf-8") or name.startswith(NEEDS_A_FIT)

"""Private parts of numba and nutpie stand behind one file; without them PyMC's own density is used, and it is the same."""

from __future__ import annotations

import ast
import logging
from pathlib import Path

import numpy as np
import pytest
from toy import toy_edition

from forecasting.elicitation.quantify import quantify
from forecasting.inference.compiled import evaluate
from forecasting.inference.internals import FIELDS, missing_parts
from forecasting.inference.sample import with_numbers
from forecasting.models.network.engine import bind_network, numbers_for_sampler
from forecasting.models.network.inputs import network_inputs

PACKAGE = Path(__file__).resolve().parents[2] / "forecasting"


def private_imports(path: Path) -> list[str]:
    """Return the private modules that a file imports when it runs; what only type checkers read is left out."""
    tree = ast.parse(path.read_text("utf-8"))
    typed = {id(node) for part in ast.walk(tree) if isinstance(part, ast.If) and "TYPE_CHECKING" in ast.unparse(part.test)
             for node in ast.walk(part)}  # fmt: skip
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and id(node) not in typed]
    modules += [one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names]
    return [name for name in modules if name.startswith(("numba.core", "nutpie.compile_pymc"))]


@pytest.mark.slow
def test_private_parts_are_imported_in_one_file_alone() -> None:
    found = {path.name for path in PACKAGE.rglob("*.py") if private_imports(path)}
    assert found == {"internals.py"}


def test_the_installed_versions_have_all_that_is_needed() -> None:
    assert missing_parts() == ""


def test_what_is_missing_or_differs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.delattr("nutpie.compile_pymc.make_user_data")
        assert "make_user_data" in missing_parts()
    with monkeypatch.context() as other:
        other.setattr("nutpie.compile_pymc.make_user_data", lambda shared_vars, shared_data: None)
        other.setattr("numba.core.caching.CacheImpl._locator_classes", ())
        assert missing_parts() == "nutpie's make_user_data takes other arguments; numba's CacheImpl has no list of locators"
    with monkeypatch.context() as fewer:
        fewer.setattr("forecasting.inference.internals.FIELDS", FIELDS - {"user_data"} | {"new_field"})
        assert missing_parts() == "nutpie's CompiledPyMCModel has other fields: new_field, user_data"


@pytest.mark.slow  # PyMC's own density of a network takes a minute to compile
@pytest.mark.filterwarnings("ignore:Numba will use object mode to run Root:UserWarning")  # slow, and right: it is the fallback
def test_without_them_the_density_that_pymc_states_is_compiled_and_is_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    edition = toy_edition()
    inputs = network_inputs(edition, quantify(edition))
    usual = bind_network(inputs)
    monkeypatch.setattr("forecasting.inference.internals.FIELDS", FIELDS | {"new_field"})
    with caplog.at_level(logging.WARNING):
        stated = bind_network(inputs)
    assert "other fields: new_field" in caplog.text
    assert "sampling PyMC's own" in caplog.text
    points = np.random.default_rng(3).uniform(-1, 1, (3, usual.n_dim))
    apart = [evaluate(usual, point)[0] - evaluate(stated, point)[0] for point in points]
    assert np.ptp(apart) < 1e-8 * max(1.0, *map(abs, apart))  # one constant
    again = with_numbers(stated, numbers_for_sampler(inputs))  # as before every sample
    assert [evaluate(again, point)[0] for point in points] == [evaluate(stated, point)[0] for point in points]

"""A room imports only from rooms below it, inside functions and for type checkers too, and what is light stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tools.docs.architecture import PACKAGE, PROJECT, ROOMS

LOOSE = {"errors", "arguments", "files", "forecasts"}  # the only modules outside a room
MAY_IMPORT = {
    "pymc": {"models", "inference", "fitting"},
    "pytensor": {"models", "inference", "fitting"},
    "nutpie": {"models", "inference"},
    "numba": {"models", "inference", "paths"},
    "preliz": set(),
}
ON_USE = {
    ("pymc", "forecasting.elicitation.pymc_variables"),
    ("preliz", "forecasting.elicitation.in_preliz"),
}


def modules() -> dict[str, Path]:
    names = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PROJECT).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


MODULES = modules()


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield (module, on use) for every import of a file, wherever it stands."""

    def walk(node: ast.AST, on_use: bool) -> Iterator[tuple[str, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from ((alias.name, on_use) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{path}: relative import"
                assert all(alias.name != "*" for alias in child.names), f"{path}: import of everything"
                inner = [f"{child.module}.{alias.name}" for alias in child.names]
                yield from ((name if name in MODULES else str(child.module), on_use) for name in inner)
            yield from walk(child, on_use or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef))

    yield from walk(ast.parse(path.read_text("utf-8")), False)


def room(module: str) -> str:
    return module.split(".")[1]


def of_ours(module: str) -> list[str]:
    return [name for name, _ in imports(MODULES[module]) if name.startswith("forecasting.")]


@pytest.mark.parametrize("module", [name for name in MODULES if name != "forecasting"])
def test_a_module_imports_only_from_its_own_room_and_those_below(module: str) -> None:
    assert room(module) in ROOMS, f"{module} belongs to no room; name one in ROOMS"
    for name in of_ours(module):
        assert ROOMS.index(room(name)) <= ROOMS.index(room(module)), f"{module} imports {name}, a room above it"


def test_no_model_imports_another() -> None:
    for module in MODULES:
        parts = module.split(".")
        if parts[1:2] == ["models"] and len(parts) > 3:
            for name in of_ours(module):
                other = name.split(".")
                assert other[1] != "models" or other[2] in ("base", parts[2]), f"{module} imports {name}, of a sister model"


@pytest.mark.slow
def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {module: set(of_ours(module)) - {module} for module in MODULES if module != "forecasting"}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' -> '.join(error.args[1])}")


def test_no_module_lies_loose_but_those_that_every_room_may_import() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} == LOOSE | {"__init__"}
    assert {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(ROOMS) - LOOSE


@pytest.mark.slow
@pytest.mark.parametrize("package", MAY_IMPORT)
def test_compilers_are_imported_only_where_models_are_made(package: str) -> None:
    for module, path in MODULES.items():
        for name, on_use in imports(path):
            if name.split(".")[0] == package and not (on_use and (package, module) in ON_USE):
                assert module != "forecasting"
                assert room(module) in MAY_IMPORT[package], f"{module} imports {package}"


LIGHT = {
    "import forecasting": "numpy pandas pymc pytensor nutpie numba arviz matplotlib",
    "import forecasting.cli.main": "numpy pandas pymc pytensor nutpie numba arviz matplotlib",
    "from forecasting.rules import check; from forecasting.coding import verify":
        "numpy scipy pandas pymc pytensor nutpie numba",
    "import forecasting.runs.store, forecasting.trace.trace, forecasting.report.render": "pymc nutpie numba",
    # what `forecast trace` loads, and what reading a fit back and a what-if by weights load
    "import forecasting.rules.load, forecasting.runs.freshness, forecasting.trace.trace, forecasting.trace.data":
        "pandas scipy xarray pymc pytensor nutpie numba arviz arviz_stats matplotlib",
    "import forecasting.lab.open, forecasting.lab.fit, forecasting.runs.reopen, forecasting.analysis.what_if":
        "scipy.stats pymc pytensor nutpie numba arviz arviz_stats matplotlib",
    "from forecasting.elicitation import base_rates, grades, pooling, wording": "pymc pytensor nutpie numba",
    "from forecasting.elicitation import bridge, commitments, fitting, in_pymc, mixture, prior_files":
        "preliz pymc pytensor nutpie numba pandas matplotlib",
}


@pytest.mark.slow
@pytest.mark.parametrize("statement", LIGHT)
def test_what_needs_no_compiler_loads_none(statement: str) -> None:
    probe = f"{statement}\nimport sys\nprint(*sorted(set({LIGHT[statement].split()!r}) & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert ran.stdout.split() == []


@pytest.mark.slow
def test_no_public_name_is_hidden_by_a_module_whatever_was_imported_first() -> None:
    everything = "\n".join(f"import {module}" for module in MODULES if not module.endswith("__main__"))
    probe = f"""
import sys
import forecasting as fc
{everything}
assert not [name for name in fc.__all__ if f"forecasting.{{name}}" in sys.modules]
assert all(callable(getattr(fc, name)) or name in fc._MODULES for name in fc.__all__ if name != "__version__"), dir(fc)
assert set(fc.__all__) <= set(dir(fc))
try:
    fc.nothing
except AttributeError as error:
    print(error)
"""
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, cwd=PROJECT, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "module 'forecasting' has no attribute 'nothing'"


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_in_a_sentence_what_it_is_for(module: str) -> None:
    said = (ast.get_docstring(ast.parse(MODULES[module].read_text("utf-8"))) or "").split("\n\n")[0]
    assert len(said.split()) >= 4, f"{module}: '{said}' says nothing"

"""A module imports only from stages above it, and what is light stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "forecasting"
STAGES = (
    ("errors", "parallel"), ("claims",), ("elicitation",), ("models",), ("inference",), ("paths",), ("forecasts",),
    ("roads", "spoken", "fit", "without", "influence", "silence", "sensitivity", "conflict", "rivals", "edits", "runs",
     "confidence", "freshness", "reopened", "publish", "trace", "trace_claims", "trace_events", "trace_questions",
     "trace_records", "prior", "pipeline", "shapley", "coalitions", "changes", "calibrate"),
    ("report",), ("lab",), ("terminal", "coding", "since", "cli"),
)  # fmt: skip
RANK = {name: rank for rank, names in enumerate(STAGES) for name in names}
# a forecast and a comparison draw and show themselves: the only imports, on use, from a later stage
FORWARD_ON_USE = {
    ("forecasting.forecasts", "forecasting.lab.reprs"),
    ("forecasting.forecasts", "forecasting.report.figures"),
    ("forecasting.changes", "forecasting.lab.reprs"),
    ("forecasting.changes", "forecasting.report.waterfall"),
}
HEAVY = {"pymc": {"models", "inference"}, "pytensor": {"models", "inference"}, "nutpie": {"inference"},
         "numba": {"models", "inference", "paths"}, "preliz": set()}
HEAVY_ON_USE = {
    ("pymc", "forecasting.prior"),
    ("pymc", "forecasting.elicitation.in_pymc"),
    ("preliz", "forecasting.elicitation.in_preliz"),
}


def modules() -> dict[str, Path]:
    names = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PROJECT).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


MODULES = modules()


def only_for_types(node: ast.If) -> bool:
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield (module, on use) for every import of a file; those for type checkers are left out."""

    def walk(node: ast.AST, on_use: bool) -> Iterator[tuple[str, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and only_for_types(child):
                continue
            if isinstance(child, ast.Import):
                yield from ((alias.name, on_use) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{path}: relative import"
                assert all(alias.name != "*" for alias in child.names), f"{path}: import of everything"
                inner = [f"{child.module}.{alias.name}" for alias in child.names]
                yield from ((name if name in MODULES else str(child.module), on_use) for name in inner)
            yield from walk(child, on_use or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef))

    yield from walk(ast.parse(path.read_text("utf-8")), False)


def stage(module: str) -> str:
    return module.split(".")[1]


@pytest.mark.parametrize("module", [name for name in MODULES if name != "forecasting"])
def test_a_module_imports_only_from_its_own_stage_and_those_before(module: str) -> None:
    assert stage(module) in RANK, f"{module} belongs to no stage; name one in STAGES"
    for name, on_use in imports(MODULES[module]):
        if name.startswith("forecasting."):
            forward = RANK[stage(name)] > RANK[stage(module)]
            allowed = on_use and (module, name) in FORWARD_ON_USE
            assert not forward or allowed, f"{module} imports {name}, a later stage"


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {
        module: {name for name, on_use in imports(path) if not on_use and name in MODULES and name != "forecasting"}
        for module, path in MODULES.items()
    }

    def circle(module: str, above: tuple[str, ...]) -> tuple[str, ...]:
        if module in above:
            return (*above, module)
        return next((found for name in graph[module] if (found := circle(name, (*above, module)))), ())

    for module in graph:
        assert circle(module, ()) == ()


@pytest.mark.parametrize("package", HEAVY)
def test_compilers_are_imported_only_where_models_are_made(package: str) -> None:
    for module, path in MODULES.items():
        for name, on_use in imports(path):
            if name.split(".")[0] == package and not (on_use and (package, module) in HEAVY_ON_USE):
                assert module != "forecasting"
                assert stage(module) in HEAVY[package], f"{module} imports {package}"


LIGHT = {
    "import forecasting": "numpy pandas pymc pytensor nutpie numba arviz matplotlib",
    "import forecasting.cli": "numpy pandas pymc pytensor nutpie numba arviz matplotlib",
    "from forecasting.claims import checks, load, verify": "numpy scipy pandas pymc pytensor nutpie numba",
    "import forecasting.forecasts, forecasting.runs, forecasting.trace, forecasting.report.render": "pymc nutpie numba",
    "from forecasting.elicitation import base_rates, grades, pooling, wording": "pymc pytensor nutpie numba",
    "from forecasting.elicitation import bridge, commitments, fitting, in_pymc, mixture, prior_files":
        "preliz pymc pytensor nutpie numba pandas matplotlib",
}


@pytest.mark.parametrize("statement", LIGHT)
def test_what_needs_no_compiler_loads_none(statement: str) -> None:
    probe = f"{statement}\nimport sys\nprint(*sorted(set({LIGHT[statement].split()!r}) & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert ran.stdout.split() == []


def test_a_public_name_is_what_it_says_whatever_was_imported_first() -> None:
    # forecasting.fit is a module and fc.fit a function: importing the one must not hide the other
    probe = """
import forecasting as fc, forecasting.fit, forecasting.trace, forecasting.prior
from forecasting.fit import Fit
assert all(callable(getattr(fc, name)) for name in fc.__all__ if name != "__version__"), dir(fc)
assert fc.Fit is Fit and fc.fit is sys.modules["forecasting.fit"].fit
assert set(fc.__all__) <= set(dir(fc))
try:
    fc.nothing
except AttributeError as error:
    print(error)
"""
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys{probe}"], capture_output=True, text=True, cwd=PROJECT, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "module 'forecasting' has no attribute 'nothing'"


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_is_for(module: str) -> None:
    assert ast.get_docstring(ast.parse(MODULES[module].read_text("utf-8")))

"""The documentation pages build without a warning, load nothing from elsewhere, and every call they show exists and runs."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pymc as pm
import pytest

import forecasting as fc

PROJECT = Path(__file__).resolve().parent.parent
PAGES = [PROJECT / "README.md", PROJECT / "priors/README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
SNIPPETS = {
    path.relative_to(PROJECT).as_posix(): re.findall(r"```python\n(.*?)```", path.read_text("utf-8"), re.DOTALL) for path in PAGES
}
INLINE = re.compile(r"`((?:fit|fc)\.\w+\([^`…]*\)[\w.()]*)`")
# Pages whose calls need a fit of minutes: held to the signatures here; tests/lab and the notebooks make them.
NEED_A_FIT = {"README.md", "docs/panel.md", "docs/what-ifs.md"}
OWNERS = {"fc": fc, "fit": fc.Fit, "prior": fc.ElicitedPrior, "panel": fc.Mixture}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "tools/docs/build.py", str(folder)]
    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder


@pytest.mark.slow
def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    loads = re.compile(r"""<(?:script|img|iframe|source)[^>]+src=["'](?:https?:)?//|<link[^>]+href=["'](?:https?:)?//""")
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    assert [page.name for page in pages if loads.search(page.read_text("utf-8"))] == []
    styles = "".join(path.read_text("utf-8", errors="ignore") for path in site.rglob("*.css"))
    assert not re.search(r"""(url\(|@import)\s*["']?(https?:)?//""", styles)


def test_the_reference_has_every_public_name(site: Path) -> None:
    page = (site / "reference.html").read_text("utf-8")
    shown = set(re.findall(r'id="(?:module-)?forecasting\.([\w.]+)"', page))
    assert set(fc.__all__) - {"__version__"} <= shown
    assert {"commitments.commit", "outcomes.outcome_table", "figures.influence_figure"} <= shown


def calls(page: str) -> list[ast.Call]:
    """Return the calls that a page shows, in blocks and in its sentences."""
    codes = [*SNIPPETS[page], *INLINE.findall((PROJECT / page).read_text("utf-8"))]
    return [node for code in codes for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("page", SNIPPETS)
def test_every_call_on_a_page_fits_a_signature(page: str) -> None:
    for call in calls(page):
        owner = OWNERS.get(getattr(getattr(call.func, "value", None), "id", ""))
        if owner is None or not isinstance(call.func, ast.Attribute):
            continue
        function = getattr(owner, call.func.attr)  # an AttributeError names what is not there
        unbound = inspect.isclass(owner) and not inspect.ismethod(function)
        names = {keyword.arg: None for keyword in call.keywords if keyword.arg}
        signature = inspect.signature(function)
        bind = signature.bind_partial if any(keyword.arg is None for keyword in call.keywords) else signature.bind
        bind(*[None] * (len(call.args) + unbound), **names)


def test_calls_are_found_in_blocks_and_in_sentences() -> None:
    assert len(calls("README.md")) >= 12
    assert len(calls("docs/what-ifs.md")) >= 10


@pytest.mark.slow
@pytest.mark.reads_runs
@pytest.mark.parametrize("page", [page for page in SNIPPETS if SNIPPETS[page] and page not in NEED_A_FIT])
def test_the_snippets_of_a_page_run_one_after_another(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    known: dict[str, object] = {}
    with pm.Model():
        for code in SNIPPETS[page]:
            exec(compile(code, page, "exec"), known)

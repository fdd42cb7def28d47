"""Build the documentation pages: ``python tools/docs/build.py [FOLDER]``, by default into ``site/``.

The pages are the repository's own Markdown (README, docs/, priors/README.md, CHANGELOG), with links made to fit, and a
reference made from the docstrings of every public name. A warning (a dead link, a docstring that does not parse) fails.
"""

from __future__ import annotations

import inspect
import re
import shutil
import sys
import tempfile
from pathlib import Path

from sphinx.cmd.build import build_main

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

import forecasting as fc  # noqa: E402

ROOMS = (
    "dossier", "rules", "coding", "elicitation", "inference", "paths", "models", "fitting", "forecasts", "analysis", "runs",
    "trace", "report", "lab", "project",
)  # fmt: skip
ELSEWHERE = {
    "README.md": "index.md", "priors/README.md": "records.md", "CHANGELOG.md": "changelog.md", "SECURITY.md": "security.md",
}  # fmt: skip
NAVIGATION = {
    "Start": ("quickstart", "tutorial", "choosing-a-class", "reading-a-report"),
    "Tasks": (
        "install", "records", "articles", "codebook", "elicited-priors",
        "exchange", "refresh", "keeping-score", "sharing", "what-ifs", "panel", "backtest",
    ),
    "Reference": ("reference", "checks", "run-tables"),
    "Decisions": ("decisions/*",),
    "Theory": ("theory", "gallery"),
    "Terms and structure": ("architecture", "glossary", "security", "licences", "changelog"),
    "Measured": (
        "trust", "test-strength", "calibration", "counts-backtest", "balance-calibration", "upper-hand", "crowds", "speed",
        "plausibility",
    ),
}


def pages() -> dict[str, str]:
    """Return the text of every page by its name, links between files turned into links between pages."""
    sources = {path.relative_to(PROJECT).as_posix(): path for path in sorted((PROJECT / "docs").rglob("*.md"))}
    sources |= {name: PROJECT / name for name in ELSEWHERE}
    names = {source: ELSEWHERE.get(source, source.removeprefix("docs/")) for source in sources}
    texts = {names[source]: _relinked(path.read_text("utf-8"), source, names) for source, path in sources.items()}
    return {**texts, "index.md": texts["index.md"] + _navigation(), "reference.rst": reference()}


def _relinked(text: str, source: str, names: dict[str, str]) -> str:
    """Return a page's text with every link to another page, or to a picture, relative to the page it will be."""
    here, there = (PROJECT / source).parent, Path(names[source]).parent

    def relink(found: re.Match[str]) -> str:
        target, _, anchor = found[1].partition("#")
        file = (here / target).resolve()
        if "://" in target or not target or not file.is_relative_to(PROJECT):
            return found[0]
        local = file.relative_to(PROJECT).as_posix()
        page = names.get(local, local.removeprefix("docs/"))
        up = "../" * len(there.parts)
        return f"]({up}{page}{'#' * bool(anchor)}{anchor})"

    # GitHub colours csv, Pygments does not know it
    return re.sub(r"\]\(([^)\s]+)\)", relink, text.replace("```csv\n", "```text\n"))


def _navigation() -> str:
    parts = []
    for caption, members in NAVIGATION.items():
        glob = ":glob:\n" * any("*" in name for name in members)
        parts.append(f"\n```{{toctree}}\n:hidden:\n{glob}:caption: {caption}\n\n" + "\n".join(members) + "\n```\n")
    return "".join(parts)


def reference() -> str:
    """Return the reference: every public name under the room it comes from, with its docstring."""
    lines = [_title("Reference", "="), "Everything below is an attribute of the package: ``import forecasting as fc``.", ""]
    homes = {name: _home(getattr(fc, name)) for name in fc.__all__ if name != "__version__"}
    for room in ROOMS:
        if members := sorted((name for name in homes if homes[name] == room), key=str.lower):
            lines += [_title(room, "-"), *(line for name in members for line in _entry(name))]
    assert set(homes.values()) <= set(ROOMS), f"public names of a room without a heading: {set(homes.values()) - set(ROOMS)}"
    return "\n".join(lines)


def _home(value: object) -> str:
    """Return the room of a public name: a class, a function, or a module that is reached through the package."""
    return (value.__name__ if inspect.ismodule(value) else value.__module__).split(".")[1]


def _entry(name: str) -> list[str]:
    if inspect.ismodule(module := getattr(fc, name)):
        members = getattr(module, "__all__", None) or [
            member for member, value in vars(module).items()
            if inspect.isfunction(value) and value.__module__ == module.__name__ and not member.startswith("_")
        ]  # fmt: skip
        functions = [member for member in sorted(members) if inspect.isfunction(getattr(module, member))]
        head = [f".. py:module:: forecasting.{name}", "", *(module.__doc__ or "").splitlines(), ""]
        return [*head, *(line for member in functions for line in (f".. autofunction:: forecasting.{name}.{member}", ""))]
    if inspect.isclass(getattr(fc, name)):
        return [f".. autoclass:: forecasting.{name}", "   :members:", ""]
    return [f".. autofunction:: forecasting.{name}", ""]


def _title(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}\n"


def build(folder: Path) -> int:
    """Write the pages as HTML; return 0, or what Sphinx returns after a warning."""
    with tempfile.TemporaryDirectory() as sources:
        for name, text in pages().items():
            path = Path(sources, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        shutil.copytree(PROJECT / "docs/images", Path(sources, "images"))
        return build_main(["-q", "-W", "--keep-going", "-b", "html", "-c", str(Path(__file__).parent), sources, str(folder)])


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "site"))

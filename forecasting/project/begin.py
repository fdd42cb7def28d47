"""Begin a project: which files a new folder gets, and writing them where nothing stands yet."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from forecasting import __version__
from forecasting.errors import UsageError
from forecasting.files import create_file
from forecasting.project.baseline import BASELINE, baseline_text
from forecasting.project.shipped import HERE, shipped_pages, shipped_tables

HIDDEN = "dot-"  # how a template is named whose file begins with a dot, so that no tool takes it for its own here
KEPT = {".git"}  # an empty repository is an empty folder
MOST_SHOWN = 6
EMPTY = ("texts", "priors/sources", "priors/claims", "priors/events", "priors/questions", "priors/editions")
LINK = re.compile(r"!?\[([^\]]+)\]\(([^)#\s]+)(#[^)\s]*)?\)")
EITHER = re.compile(r"<!-- example -->\n(?P<with>.*?)<!-- no example -->\n(?P<without>.*?)<!-- end -->\n", re.DOTALL)
WHEEL = f"wheels/forecasting-{__version__}-py3-none-any.whl"


def begin_project(folder: Path, *, example: bool = False) -> list[Path]:
    """Write the files of a new project and return them.

    Parameters
    ----------
    folder : Path
        Made if it is not there. Nothing but ``.git`` may be in it.
    example : bool
        Also a small worked example: a text that belongs to nobody else, its claims, events, questions and an edition.

    Raises
    ------
    UsageError
        If the folder holds anything, or is a file: nothing is ever written over, and nothing is written then.
    FileError, OSError
        If a file or a folder cannot be written; what was written before it is gone then.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     len(begin_project(Path(folder) / "forecasts")) > 20
    True
    """
    _refuse(folder)
    files = project_files(example=example)
    made: list[Path] = []  # in the order in which they came about
    try:
        for name, text in files.items():
            _make_folder((folder / name).parent, made)
            create_file(folder / name, text)
            made.append(folder / name)
        for name in () if example else EMPTY:
            _make_folder(folder / name, made)
    except BaseException:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise
    return [folder / name for name in files]


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and what it stands in, and note what was not there."""
    for path in [*reversed(folder.parents), folder]:
        if not path.is_dir():
            path.mkdir()
            made.append(path)


def project_files(*, example: bool = False) -> dict[str, str]:
    """Return the text of every file of a new project by its path in it."""
    own = example_files() if example else {}
    files = {name: fitting(text, example=example) for name, text in template_files().items()}
    files = files | dict(shipped_tables()) | dict(shipped_pages()) | own
    pages = {name: unlinked(text, name, files) for name, text in files.items() if name.endswith(".md")}
    return files | pages | {BASELINE: baseline_text(pages)}


def fitting(text: str, *, example: bool) -> str:
    r"""Return a template with what it says of the example, or in its place what it says where there is none.

    Examples
    --------
    >>> text = "a\n<!-- example -->\nb\n<!-- no example -->\nc\n<!-- end -->\nd\n"
    >>> fitting(text, example=True), fitting(text, example=False)
    ('a\nb\nd\n', 'a\nc\nd\n')
    """
    return EITHER.sub(lambda match: match["with"] if example else match["without"], text)


def template_files() -> dict[str, str]:
    """Return what every project begins with besides tables and pages: README, settings, continuous integration, a notebook."""
    return {name: text.replace("@REQUIREMENT@", requirement()).replace("@WHEEL@", WHEEL)
            for name, text in _texts(HERE / "template").items()}  # fmt: skip


def example_files() -> dict[str, str]:
    """Return the worked example."""
    return _texts(HERE / "example")


def _texts(root: Path) -> dict[str, str]:
    found = {}
    for path in sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        parts = path.relative_to(root).parts
        name = "/".join("." + part.removeprefix(HIDDEN) if part.startswith(HIDDEN) else part for part in parts)
        found[name] = path.read_text("utf-8")
    return found


def _refuse(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a new folder, for example: forecast init forecasts")
    names = sorted(path.name for path in folder.iterdir() if path.name not in KEPT) if folder.is_dir() else []
    if not names:
        return
    more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
    there = f"{folder} holds {', '.join(names[:MOST_SHOWN])}{more}, and nothing is written over"
    if "priors" in names:
        raise UsageError(f"{there}; it is a project already: forecast init {folder} --upgrade shows what a newer package changes")
    raise UsageError(f"{there}; name a new folder inside it, for example: forecast init {folder / 'forecasts'}")


def unlinked(text: str, name: str, there: Iterable[str]) -> str:
    """Return a page whose links to files that the project does not have are plain text.

    Examples
    --------
    >>> unlinked("[one](a.md), [two](../b/c.md#d), [three](https://x.org)", "docs/x.md", {"docs/a.md"})
    '[one](a.md), two, [three](https://x.org)'
    """
    known = {folder.as_posix() for path in there for folder in (PurePosixPath(path), *PurePosixPath(path).parents)}

    def kept(match: re.Match[str]) -> str:
        target = match.group(2)
        if ":" in target:
            return match.group()
        return match.group() if os.path.normpath(PurePosixPath(name).parent / target) in known else match.group(1)

    return LINK.sub(kept, text)


def requirement() -> str:
    """Return the line with which pip installs this very package elsewhere: its repository and commit, or a wheel.

    The package may be on no index, and another one may bear its name there; so what stands here is where this copy came from
    (PEP 610), else the place in the project for the wheel it was installed from.
    """
    try:
        origin = json.loads(distribution("forecasting").read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        origin = {}
    return _from_repository(origin) or f"./{WHEEL}"


def _from_repository(origin: Mapping) -> str:
    version = origin.get("vcs_info") or {}
    url = str(origin.get("url", ""))
    if not version.get("commit_id") or not url.startswith(("https:", "ssh:", "git@")):
        return ""
    return f"forecasting @ {version['vcs']}+{url}@{version['commit_id']}"

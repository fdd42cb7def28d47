"""Where a project begins: the nearest folder, from here upwards, that has ``priors/``."""

from __future__ import annotations

from pathlib import Path

from forecasting.errors import UsageError

PRIORS = "priors"


def project_folder(start: Path | None = None) -> Path | None:
    """Return the nearest folder with ``priors/``, from ``start`` (default: the current one) upwards; None if there is none.

    Inside ``priors/`` itself that is the folder above it.
    """
    start = (start or Path()).resolve()
    return next((folder for folder in (start, *start.parents) if (folder / PRIORS).is_dir()), None)


def in_project(path: str | Path) -> Path:
    """Return where a relative path of a project is, wherever inside the project one stands.

    A path that is here, or is absolute, stays as it is. One that is not is taken from the project's own folder, which is
    the nearest one upwards with ``priors/``; where there is none the path stays as it is, for the error to name.

    Examples
    --------
    >>> in_project("/data/priors").as_posix()
    '/data/priors'
    """
    path = Path(path)
    if path.is_absolute() or path.exists() or (root := project_folder()) is None or root == Path().resolve():
        return path
    return _from_here(root) / path


def _from_here(root: Path) -> Path:
    """Return a folder above the current one as ``..`` as often as needed, so that messages stay short."""
    steps = Path().resolve().relative_to(root).parts
    return Path(*[".."] * len(steps))


def no_records(root: Path) -> UsageError:
    """Return the error of a folder with records that is not there, with the way to begin a project."""
    where = root if root.is_absolute() else f"{root}, here or in any folder above"
    begin = "begin a project of your own here with: forecast init . --example (without --example: no worked example)"
    return UsageError(f"no folder {where}; {begin}, or name the folder with --priors")

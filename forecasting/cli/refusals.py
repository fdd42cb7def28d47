"""What the system or a library refuses, in words: where, what it said, and what to do about it."""

from __future__ import annotations

import errno
import os
import re
import shutil
from pathlib import Path

# what libraries say, in errors of their own, of a folder of the user in which they want to keep something
CACHES = (
    re.compile(r"cannot cache function .*no locator available", re.DOTALL),  # numba
    re.compile(r"(?:unable to create the )?compiledir .*permission", re.IGNORECASE | re.DOTALL),  # pytensor
)


def refusal_of(error: OSError) -> str:
    """Return what the system refused: the path, in its own words why, and what to do.

    Examples
    --------
    >>> refusal_of(OSError(errno.ENOSPC, "No space left on device", "/data/runs"))
    '/data/runs: No space left on device; make room on the disk'
    >>> refusal_of(FileExistsError(errno.EEXIST, "File exists", "/data/runs"))
    '/data/runs: File exists; name a folder that can be written'
    """
    if isinstance(error, shutil.Error) and isinstance(error.args[0], list):  # of the files of a folder that could not be copied
        path, _, said = error.args[0][0]
        return f"{path}: {said}; have it made readable"
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}; {_remedy(error)}"


def _remedy(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "make room on the disk"
    if "temporary directory" in str(error):
        return "set TMPDIR to a folder that can be written"
    if error.errno in (errno.EACCES, errno.EPERM) and isinstance(error.filename, str) and not _readable(Path(error.filename)):
        return "have it, and the folders that it lies in, made readable, or name another"
    return "name a folder that can be written"


def _readable(path: Path) -> bool:
    """Return whether a file or folder can be read; of one that is not there, or not to be seen, whether it can be looked for."""
    there = next((one for one in (path, *path.absolute().parents) if os.path.lexists(one)), path)
    return os.access(there, os.R_OK if there == path else os.X_OK)


def refused_cache(error: Exception) -> str:
    """Return what to do where a library finds no folder to keep in what it has compiled; nothing for any other error.

    Examples
    --------
    >>> refused_cache(ValueError("Unable to create the compiledir directory '/home/ann/.pytensor'. Check the permissions."))[:52]
    'a library finds no folder to keep compiled code in ('
    >>> refused_cache(ValueError("no number"))
    ''
    """
    if not any(pattern.search(str(error)) for pattern in CACHES):
        return ""
    folders = "HOME, or NUMBA_CACHE_DIR and PYTENSOR_FLAGS=base_compiledir=DIR"
    return f"a library finds no folder to keep compiled code in ({error}); set {folders}, to one that can be written"

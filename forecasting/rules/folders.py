"""Whether every folder below the records can be read: one that cannot looks exactly like one that is empty."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from forecasting.errors import CheckResult, Where


def unlisted(root: Path) -> Iterator[CheckResult]:
    """Yield one result per folder of records that cannot be listed, hidden ones left out.

    Examples
    --------
    >>> list(unlisted(Path("nowhere/priors")))[0].where.file
    'priors'
    """
    refused: list[OSError] = []
    called = root.name or root.resolve().name
    for _, folders, _ in os.walk(root, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
    for error in refused:
        local = os.path.relpath(error.filename, root)
        where = Where(called if local == os.curdir else f"{called}/{Path(local).as_posix()}")
        found = f"this folder cannot be read ({error.strerror}), so nothing in it would count"
        yield CheckResult("readable", where, found, "make it readable")

"""Which proposals were last shown at which rank, so that a rank that has another sentence now is not taken for the old one.

Ranks move when the source gets its day of publication, when a lexicon gets a wording and when claims are written. What is kept is
a line of places ("9.2 5.1 …") in the folder for temporary files: no word of the article, and nothing in the project.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from forecasting.dossier.anchors import digest

_PLACES = re.compile(r"[0-9]+\.[0-9]+(?: [0-9]+\.[0-9]+)*")


def _file(priors: Path, text: str, source: str) -> Path:
    user = os.getuid() if hasattr(os, "getuid") else 0
    return Path(tempfile.gettempdir()) / f"forecasting-{user}-{digest(f'{priors.resolve()} {source} {text}')[:16]}.shown"


def remember(priors: Path, text: str, source: str, places: Sequence[str]) -> None:
    """Keep which place had which rank; where nothing can be written, nothing is kept.

    Parameters
    ----------
    priors : Path
        The dossier.
    text : str
        The article, or its digest.
    source : str
        Id of its source.
    places : sequence of str
        The places of the proposals, the best first.
    """
    with contextlib.suppress(OSError):
        _file(priors, text, source).write_text(" ".join(places), "utf-8")


def last_shown(priors: Path, text: str, source: str) -> tuple[str, ...]:
    """Return the places that were last shown, by rank; empty if none were, or they cannot be read."""
    try:
        kept = _file(priors, text, source).read_text("utf-8")
    except (OSError, ValueError):
        return ()
    return tuple(kept.split()) if _PLACES.fullmatch(kept) else ()

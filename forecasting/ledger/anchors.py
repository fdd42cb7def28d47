"""Heads of a ledger that are known from elsewhere: from a report, or from a tag of the version control system."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from forecasting.errors import UsageError
from forecasting.ledger.chain import Head

TAG = re.compile(r"ledger-([1-9][0-9]{0,11})-([0-9a-f]{64})")
GIVEN = re.compile(r"([1-9][0-9]{0,11}):([0-9a-f]{64})")
NONE = re.compile(r"0+:.*", re.DOTALL)
MOST_SHOWN = 80  # characters of what was given, in a message


def given_heads(heads: Iterable[str]) -> list[tuple[Head, str]]:
    """Return heads as reports print them, ``NUMBER:DIGEST``.

    Raises
    ------
    UsageError
        If one is not of that form, or names no record.

    Examples
    --------
    >>> given_heads(["2:" + "ab" * 32])[0][0].number
    2
    """
    found = []
    for text in heads:
        parts = GIVEN.fullmatch(text.strip())
        if parts is None:
            if NONE.fullmatch(text.strip()):
                none = f"--head {text.strip()[:MOST_SHOWN]}: no record has the number 0, so it holds a ledger to nothing"
                raise UsageError(f"{none}; write the number and digest of a record, as forecast verify prints the last one's")
            shown = text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
            raise UsageError(f"--head {shown}: write it as a report prints it, NUMBER:DIGEST with 64 letters and digits")
        found.append((Head(int(parts[1]), parts[2]), "the head given with --head"))
    return found


def tagged_heads(folder: Path) -> list[tuple[Head, str]]:
    """Return the heads that tags of the repository around a folder name, ``ledger-NUMBER-DIGEST``; none without git.

    The folder itself may have gone: then its tags say what has.

    A tag is made by ``git tag ledger-NUMBER-DIGEST``, and holds once it is pushed to where its author cannot move it.
    """
    there = next((one for one in (folder, *folder.absolute().parents) if one.is_dir()), Path())
    try:
        ran = subprocess.run(
            ["git", "-C", str(there), "tag", "--list", "ledger-*"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return []
    names = ran.stdout.split() if ran.returncode == 0 else []
    found = [(name, TAG.fullmatch(name)) for name in names]
    return [(Head(int(parts[1]), parts[2]), f"the tag {name[:24]}…") for name, parts in found if parts]

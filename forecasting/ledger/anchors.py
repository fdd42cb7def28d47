"""Heads of a ledger that are known from elsewhere: from a report, or from a tag of the version control system."""

from __future__ import annotations

import os
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

    The folder itself may have gone: then its tags say what has. It may also be a repository of its own: then the tags of the one
    around it count as well, for one that somebody put there must not hide them.

    A tag is made by ``git tag ledger-NUMBER-DIGEST``, and holds once it is pushed to where its author cannot move it.
    """
    there = next((one for one in (folder, *folder.absolute().parents) if one.is_dir()), Path()).absolute()
    names = dict.fromkeys(name for place in dict.fromkeys((there, there.parent)) for name in _tags(place))
    found = [(name, TAG.fullmatch(name)) for name in names]
    return [(Head(int(parts[1]), parts[2]), f"the tag {name[:24]}…") for name, parts in found if parts]


def _tags(folder: Path) -> list[str]:
    """Return the names of tags that may be heads; nothing that the settings of the repository name is run for it.

    A repository that somebody sent has settings of its own, and they can name a program that is to fetch what it lacks. The names
    alone lack nothing; should git look for more all the same, no way of fetching is allowed. A folder that merely looks like a
    repository without a work tree is none.
    """
    asked = ["-c", "safe.bareRepository=explicit", "for-each-ref", "--format=%(refname:strip=2)", "refs/tags/ledger-*"]
    closed = os.environ | {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        ran = subprocess.run(
            ["git", "-C", str(folder), *asked], capture_output=True, text=True, timeout=20, check=False, env=closed
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return []
    return ran.stdout.split() if ran.returncode == 0 else []

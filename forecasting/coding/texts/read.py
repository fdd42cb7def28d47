"""Read the article in a file, whatever its form, and refuse what is none."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from forecasting.coding.texts import plain
from forecasting.coding.texts.extracted import AS_TEXT, Extracted, Refused
from forecasting.coding.texts.kinds import NAMES, kind_of
from forecasting.coding.texts.limits import LIMITS
from forecasting.dossier.anchors import normalise
from forecasting.dossier.parse import ParseError
from forecasting.errors import Where

# what a reader hands out and nobody sees: control and zero-width characters, halves of a code point; soft hyphens part words
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_PACKAGES = Path(__file__).parents[3]  # where this package lies: the process of a reader must find the same one


def read_file(path: Path, name: str) -> Extracted:
    """Return the article in a file, its text normalised.

    A page, PDF, Word document or mail is read in a process of its own, with limits on its time and memory: what it may do to a
    library, it does there.

    Parameters
    ----------
    path : Path
        The file: ``.txt``, ``.html``, ``.pdf``, ``.docx`` or ``.eml``; one with no ending, or with another one that says nothing,
        is read as plain text.
    name : str
        What it is called in a message.

    Raises
    ------
    ParseError
        If the file cannot be read, or its form or its content is refused: what was found, and what to do.
    """
    try:
        raw = _bytes(path)
        kind = kind_of(path.name, raw)
        found = plain.read(raw) if kind == "text" else in_own_process(kind, raw)
    except Refused as refused:
        line = re.match(r"line ([0-9]+): ", refused.found)
        where = Where(name, int(line[1]) if line else 0)
        raise ParseError("text-form", where, refused.found[line.end() :] if line else refused.found, refused.fix) from None
    return replace(found, text=normalise(found.text if kind == "text" else _UNSEEN.sub("", found.text)))


def read_article(path: Path, name: str) -> str:
    """Return the normalised text of an article, whatever the form of its file; raises as `read_file` does."""
    return read_file(path, name).text


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            found = "a folder, not a file" if path.is_dir() else "not a file" if path.exists() else "no such file"
            raise Refused(found, "name the file that holds the article, a .txt file for example")
        if (size := path.stat().st_size) > LIMITS.n_bytes:
            raise Refused(f"{size:,} bytes, too long for an article", f"keep it under {LIMITS.n_bytes:,} bytes; or {AS_TEXT}")
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}", "make it readable") from None


def in_own_process(kind: str, raw: bytes) -> Extracted:
    """Return what the reader of a kind makes of a file, read in a process with limits on its time and memory.

    Raises
    ------
    Refused
        What that reader refuses, or that it broke off.
    """
    paths = os.pathsep.join(filter(None, (str(_PACKAGES), os.environ.get("PYTHONPATH"))))
    # -P: no module of the folder one stands in takes the place of one of ours
    command = [sys.executable, "-P", "-m", "forecasting.coding.texts.child", kind]
    try:
        done = subprocess.run(
            command, input=raw, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, timeout=LIMITS.seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise Refused(f"{NAMES[kind]} that takes more than {LIMITS.seconds} seconds to read", AS_TEXT) from None
    try:
        said: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        last = words[-1] if words else f"exit code {done.returncode}"
        raise Refused(f"{NAMES[kind]} at which its reader broke off ({last})", AS_TEXT) from None
    if "found" in said:
        raise Refused(said["found"], said["fix"])
    return Extracted(**{**said, "remarks": tuple(said["remarks"])})

"""Read one file in a process of its own: what a file is made to do to a reader, it does to that process alone.

The file's bytes come on standard input, its kind as the argument; the answer is one line of JSON on standard output. Run by
`forecasting.coding.texts.read.read_file`.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from importlib import import_module
from typing import Any

from forecasting.coding.texts.extracted import AS_TEXT, Refused
from forecasting.coding.texts.limits import LIMITS

READERS = ("page", "pdf", "pdf_parts", "word", "mail")
EXTRA = {"trafilatura": "trafilatura", "lxml": "trafilatura", "pypdf": "pypdf", "docx": "python-docx"}


def answer(kind: str, raw: bytes) -> dict[str, Any]:
    """Return what a reader makes of a file: its fields, or ``found`` and ``fix`` where it is refused.

    A parser of files from anywhere may raise anything; whatever a reader does not know of is a refusal that names it.
    """
    try:
        return asdict(import_module(f"forecasting.coding.texts.{kind}").read(raw))
    except Refused as refused:
        return {"found": refused.found, "fix": refused.fix}
    except ModuleNotFoundError as error:
        package = EXTRA.get(str(error.name).partition(".")[0])
        if package is None:
            raise
        found = f"reading it needs the package {package}, which is not installed"
        return {"found": found, "fix": f"pip install {package} (the extra 'texts' of this package has all readers); or {AS_TEXT}"}
    except RecursionError:
        return {"found": "parts within parts, deeper than can be read", "fix": AS_TEXT}
    except MemoryError:
        return {"found": f"more than {LIMITS.memory:,} bytes of memory are needed to read it", "fix": AS_TEXT}
    except Exception as error:  # noqa: BLE001
        return {"found": f"a damaged file: its reader stopped with {type(error).__name__}: {error}"[:300], "fix": AS_TEXT}


def hold_to_limits() -> None:
    """Keep this process to the memory and time of `LIMITS`, where the system can do so."""
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (LIMITS.memory, LIMITS.memory))
        resource.setrlimit(resource.RLIMIT_CPU, (LIMITS.seconds, LIMITS.seconds + 1))


if __name__ == "__main__":
    hold_to_limits()
    said = answer(sys.argv[1], sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(said) + "\n")

"""The page of a widget as one module and one style sheet, with what all widgets share put in."""

from __future__ import annotations

import re
from pathlib import Path

STATIC = Path(__file__).parent / "static"
SCRIPT, STYLE = STATIC / "parts.js", STATIC / "parts.css"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./parts\.js";\n', re.MULTILINE)


def script(path: Path) -> str:
    """Return a widget's module with the shared one in the place of its import; an anywidget is one module.

    Raises
    ------
    ValueError
        If it imports the shared module not once.
    """
    shared = SCRIPT.read_text("utf-8").replace("export function", "function")
    own, found = _IMPORT.subn("", path.read_text("utf-8"))
    if found != 1:
        raise ValueError(f"{path.name} imports ./parts.js {found} times; import it once")
    return f"{shared}\n{own}"


def style(path: Path) -> str:
    """Return the shared style sheet and a widget's own behind it."""
    return f"{STYLE.read_text('utf-8')}\n{path.read_text('utf-8')}"

"""Draw the pictures of ``docs/gallery.md`` by the code that stands beneath each: ``python -m tools.docs.gallery``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from forecasting.files import write_file
from forecasting.report.canvas import Chart, svg_text

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "gallery.md"
# a block of code, perhaps with the picture that it draws above it
BLOCK = re.compile(r"(?:!\[[^\]]+\]\((?P<picture>[^)]+\.svg)\)\n\n)?```python\n(?P<code>.*?)```", re.DOTALL)


def drawn(page: Path = PAGE) -> Iterator[tuple[str, Chart]]:
    """Yield each picture's file and the figure that its code ends with; the blocks of a page share their names."""
    known: dict[str, object] = {}
    for block in BLOCK.finditer(page.read_text("utf-8")):
        body = ast.parse(block["code"])
        if block["picture"] is None:
            exec(compile(body, page.name, "exec"), known)
            continue
        *before, last = body.body
        assert isinstance(last, ast.Expr), f"{block['picture']}: the code ends with no figure"
        exec(compile(ast.Module(before, []), page.name, "exec"), known)
        figure = eval(compile(ast.Expression(last.value), page.name, "eval"), known)
        assert isinstance(figure, Chart), f"{block['picture']}: {type(figure).__name__} is no figure"
        yield block["picture"], figure


def main() -> None:
    """Write every picture of the page."""
    for name, figure in drawn():
        write_file(PAGE.parent / name, svg_text(figure))
        print(f"docs/{name}")


if __name__ == "__main__":
    main()

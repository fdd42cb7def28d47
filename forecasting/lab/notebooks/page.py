"""An executed notebook as one HTML page: its code folded, no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import nbformat
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from forecasting.report.environment import environment

WIDGET = "application/vnd.jupyter.widget-view+json"
LIVE = "A live control stands here in JupyterLab; a page that runs nothing cannot show it."


@dataclass(frozen=True)
class CellView:
    """What a page shows of a cell: ``kind`` is *prose*, *code* or *parameters*."""

    kind: str
    text: Markup
    outputs: tuple[Markup, ...] = ()


def notebook_html(notebook: nbformat.NotebookNode, pages: Collection[str] = ()) -> str:
    """Return an executed notebook as a page.

    Parameters
    ----------
    notebook : NotebookNode
        As it ran.
    pages : collection of str
        Stems of the notebooks that are pages beside this one; links to them lead to the pages.

    Returns
    -------
    str
        Markdown is read with raw HTML escaped. What cells show as HTML is taken as it is: the page's content policy lets
        nothing of it run and nothing be fetched.
    """
    cells = tuple(_view(cell, pages) for cell in notebook.cells)
    title = next((line.lstrip("# ") for cell in notebook.cells if cell.cell_type == "markdown"
                  for line in cell.source.splitlines() if line.startswith("# ")), "Notebook")  # fmt: skip
    return environment().get_template("notebook.html.j2").render(title=title, cells=cells)


def markdown_html(text: str, pages: Collection[str] = ()) -> Markup:
    """Return Markdown as HTML; raw HTML in it is escaped, and links to notebooks that are pages lead to these.

    Examples
    --------
    >>> print(markdown_html("**held** <b>"), end="")
    <p><strong>held</strong> &lt;b&gt;</p>
    """
    for stem in pages:
        text = text.replace(f"]({stem}.ipynb)", f"]({stem}.html)")
    return Markup(MarkdownIt("commonmark", {"html": False}).enable("table").render(text.replace(" %", "\N{NO-BREAK SPACE}%")))


def _view(cell: nbformat.NotebookNode, pages: Collection[str]) -> CellView:
    if cell.cell_type == "markdown":
        return CellView("prose", markdown_html(cell.source, pages))
    if cell.cell_type != "code":
        return CellView("prose", _plain(cell.source))
    tags = cell.metadata.get("tags", [])
    kind = "parameters" if any("parameters" in tag for tag in tags) else "code"
    return CellView(kind, escape(cell.source), tuple(filter(None, (_output(output, pages) for output in cell.outputs))))


def _output(output: Mapping[str, Any], pages: Collection[str]) -> Markup:
    """Return what one output shows, in the richest form that needs no script."""
    if output["output_type"] == "stream":
        return _plain(_text(output["text"]))
    if output["output_type"] == "error":
        return _plain(f"{output['ename']}: {output['evalue']}")
    data = output["data"]
    if WIDGET in data:
        return Markup("<p class=\"live\">{}</p>").format(LIVE)
    if "text/html" in data:
        return Markup(_text(data["text/html"]))
    if "text/markdown" in data:
        return markdown_html(_text(data["text/markdown"]), pages)
    if "image/png" in data:
        alt = output.get("metadata", {}).get("image/png", {}).get("alt") or _text(data.get("text/plain", ""))
        return Markup('<img alt="{}" src="data:image/png;base64,{}">').format(alt, _text(data["image/png"]).replace("\n", ""))
    return _plain(_text(data.get("text/plain", "")))


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def _plain(text: str) -> Markup:
    return Markup("<pre>{}</pre>").format(Markup(escape(text))) if text.strip() else Markup()

"""A small HTML table for notebooks: escaped, without colours of its own, so that it is read on light and on dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from forecasting.shown.text import MOST_BYTES, visible

LEFT = ' style="text-align:left"'


def small_table(
    heads: Sequence[str], rows: Sequence[Sequence[str | tuple[str, str]]], *, caption: str = "", more: str = "",
    most: int = MOST_BYTES,
) -> str:  # fmt: skip
    """Return rows as an HTML table of a few kilobytes: the first column flush left, the others as the notebook sets numbers.

    Parameters
    ----------
    rows : sequence of sequences
        Texts; a pair is a title with an id below it.
    more : str, optional
        How to see the rows for which there is no room.
    most : int
        Bytes that it may take.

    Returns
    -------
    str
        Every text is escaped, and characters that cannot be seen are written out.

    Examples
    --------
    >>> "&lt;b&gt;</td><td>31 %</td>" in small_table(("who", "p"), [("<b>", "31 %")])
    True
    """
    head = "".join(f"<th{LEFT if i == 0 else ''}>{_text(name)}</th>" for i, name in enumerate(heads))
    title = f'<caption{LEFT}>{_text(caption)}</caption>' if caption else ""
    plain = no_maths(f"{caption}{heads}{rows}{more}")
    start, end = f"<table{plain}>{title}<tr>{head}</tr>", "</table>"
    used, done = len((start + end).encode()) + len(more.encode()) + 100, []
    for n, row in enumerate(rows):
        made = f"<tr>{''.join(_cell(value, i) for i, value in enumerate(row))}</tr>"
        used += len(made.encode())
        if used > most:
            said = f"… and {len(rows) - n} more{f': {more}' if more else ''}"
            done.append(f'<tr><td colspan="{len(heads)}"{LEFT}>{_text(said)}</td></tr>')
            break
        done.append(made)
    return "".join([start, *done, end])


def no_maths(text: str) -> str:
    """Return the class by which JupyterLab sets nothing in an element as a formula, for a text that it would take for one.

    Examples
    --------
    >>> no_maths("from $5 to $6"), no_maths("five dollars")
    (' class="mathjax_ignore tex2jax_ignore"', '')
    """
    return ' class="mathjax_ignore tex2jax_ignore"' if "$" in text or "\\(" in text or "\\[" in text else ""


def _cell(value: str | tuple[str, str], i: int) -> str:
    told = _text(value) if isinstance(value, str) else f"{_text(value[0])}<br><code>{_text(value[1])}</code>"
    return f"<td{LEFT if i == 0 else ''}>{told}</td>"


def _text(value: object) -> str:
    return escape(visible(str(value)), quote=False)


def said_above(text: str, table: str) -> str:
    """Return a table with a line of text above it.

    Examples
    --------
    >>> said_above("2 < 3", "<table></table>")
    '<div>2 &lt; 3</div><table></table>'
    """
    return f"<div{no_maths(text)}>{_text(text)}</div>{table}"

"""Show a figure in a notebook together with what it says, for readers who cannot see it."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import partial
from typing import Any

from matplotlib.figure import Figure

from forecasting.arguments import looked_at, of_plain, shown
from forecasting.errors import UsageError
from forecasting.report.canvas import Chart, drawing
from forecasting.report.picture import Picture

RESOLUTION = 144
FEWEST_WORDS = 5


def picture(figure: Any, alt: str | None = None) -> Picture:
    """Return a matplotlib figure as a picture with alternative text.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Those of this package know their message, and become a small SVG that follows the theme of the notebook; any other
        needs ``alt``, and becomes a PNG in its own colours.
    alt : str, optional
        What the figure says, in a sentence with its numbers.

    Raises
    ------
    UsageError
        If there is no message, or one of fewer than five words.
    """
    alt = looked_at(lambda: figure.alt) if alt is None else alt
    alt = of_plain(alt).strip() if issubclass(type(alt), str) else ""
    if len(alt.split()) < FEWEST_WORDS:
        raise UsageError(f"alt text {alt!r} says too little; write what the figure shows, with its numbers, in a sentence")
    if isinstance(figure, Chart):
        return replace(figure.picture(), alt=alt)
    if not callable(looked_at(lambda: figure.savefig)):
        raise UsageError(f"show: {shown(figure)} is no figure; write one of fc.figures, or of matplotlib")
    out = io.BytesIO()
    with drawing():
        figure.savefig(out, format="png", dpi=RESOLUTION, metadata={"Software": None})
    return Picture(out.getvalue(), "png", round(figure.get_figwidth() * 72), alt)


def show(*figures: Any, alt: str | None = None) -> None:
    """Show figures, sentences and tables in a notebook, one below the other; each figure with its message as alternative text.

    Parameters
    ----------
    *figures : matplotlib.figure.Figure, str or Table
        Figures for example of ``fc.figures``; a text is read as Markdown, and shows nothing if it is empty; a table of
        ``fc.tables`` is shown as it shows itself.
    alt : str, optional
        What the figure says, if it does not know that itself; then one figure at a time.

    Raises
    ------
    UsageError
        If a figure comes without a message, or one message with several figures.

    Examples
    --------
    >>> fc.show("**Held:**", fc.open_run("2024-12-syria").forecast("khmeimim-held-2025").plot())  # doctest: +SKIP
    """
    from IPython.display import Markdown, display

    if alt is not None and len(figures) != 1:
        raise UsageError(f"one alt text for {len(figures)} figures; call show once per figure")
    for figure in figures:
        if issubclass(type(figure), str):
            if figure:
                said = Markdown()
                said.data = of_plain(figure)  # handed in, a text that names a file or an address would be read from there
                display(said)
        elif not issubclass(type(figure), Figure) and callable(looked_at(partial(getattr, figure, "_repr_html_"))):
            display(figure)
        else:
            display(picture(figure, alt))

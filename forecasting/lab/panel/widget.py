"""The panel in JupyterLab: a session behind an anywidget, whose page is ``static/panel.js``.

anywidget rather than ready-made ipywidgets: the page is one ES module of native controls, which have labels, keys and both
themes of their own, and the same module serves ``forecast panel``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecasting.arguments import BOOL, FIT, ID, takes
from forecasting.lab.fit import Fit
from forecasting.lab.panel.follow import Follower
from forecasting.lab.panel.moved import NOTHING, TABLES
from forecasting.lab.panel.session import Session
from forecasting.lab.parts.assets import script, style

if TYPE_CHECKING:
    from anywidget import AnyWidget

STATIC = Path(__file__).parent / "static"
SCRIPT, STYLE = STATIC / "panel.js", STATIC / "panel.css"


@takes(fit=FIT, question=ID, write=BOOL)
def panel(fit: Fit, *, question: str | None = None, write: bool = True) -> AnyWidget:
    """Return a live panel of a fit: change a record behind a question and see answer, curve and table follow.

    Numbers follow by importance weights within a second; where these do not carry (k̂ above 0.7, or weights that stand for less
    than a fifth of the draws) the old number is greyed until a short refit is there. Nothing is written until *Write to
    priors* is pressed, and only what passes ``forecast check``.

    Parameters
    ----------
    fit : Fit
        From ``fc.open_fit(id)`` or ``fc.fit(edition)``.
    question : str, optional
        The question to begin with; by default the edition's first.
    write : bool, default True
        Whether it may write into ``priors/``.

    Returns
    -------
    AnyWidget
        Show it as the last value of a cell. ``close()`` ends it and its thread.

    Raises
    ------
    UsageError
        If the edition's event network does not answer the question.

    Examples
    --------
    >>> fc.panel(fc.open_fit("2024-12-syria"), question="khmeimim-held-2025")  # doctest: +SKIP
    """
    from anywidget import AnyWidget
    from traitlets import Dict

    class Panel(AnyWidget):
        """A session that shows itself."""

        _esm, _css = script(SCRIPT), style(STYLE)
        view = Dict().tag(sync=True)

        def __repr__(self) -> str:
            return f"<panel of {fit.edition.edition.id}: run the cell in JupyterLab to move its controls>"

        def close(self) -> None:
            """End the panel and its thread."""
            session.close()
            super().close()

    follower = Follower(fit)
    follower.prepare()
    shown: list[Panel] = []

    def show(view: dict[str, Any]) -> None:
        for widget in shown:
            widget.view = view

    session = Session(follower, show, question=question, write=write, tables=fit.kept.get(TABLES, NOTHING))
    widget = Panel(view=session.view())
    shown.append(widget)
    widget.on_msg(lambda _, content, buffers: session.handle(content))
    session.begin()
    return widget

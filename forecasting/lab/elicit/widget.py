"""An elicitation in JupyterLab: a session behind an anywidget, whose page is ``static/elicit.js``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecasting.arguments import PATH, PRIOR, takes
from forecasting.elicitation.elicited import ElicitedPrior
from forecasting.errors import UsageError
from forecasting.lab.elicit.session import Session
from forecasting.lab.parts.assets import script, style

if TYPE_CHECKING:
    from anywidget import AnyWidget

STATIC = Path(__file__).parent / "static"
SCRIPT, STYLE = STATIC / "elicit.js", STATIC / "elicit.css"


@takes(prior=PRIOR, folder=PATH)
def elicit(prior: ElicitedPrior, *, folder: str | Path | None = None) -> AnyWidget:
    """Return a picture of a prior whose handles are what was asked: drag one, and the density follows.

    A position of the handles is an answer to the same questions as before: with ``maxent`` the two ends of the interval and how
    sure the analyst is, with ``quartile`` q1, q2 and q3, with ``roulette`` the chips of each bin, with ``dirichlet`` the
    borders between shares. Each is fitted anew, as `maxent`, `quartile`, `roulette` and `dirichlet` would. Beside it stand
    the mean E[X], which of P(event) is the probability to quote, median, intervals, and of a probability within ``years`` the
    hazard −log(1 − E[p])/years. What no member of the family meets is said, and the last prior that was met stays.

    Parameters
    ----------
    prior : ElicitedPrior
        To begin with: from `maxent`, `quartile`, `roulette`, `dirichlet` or `read_prior`.
    folder : path, optional
        Where *Write* puts a changed prior as ``<id>.yaml``. Without it nothing can be written.

    Returns
    -------
    AnyWidget
        Show it as the last value of a cell. Its ``prior`` is the `ElicitedPrior` as it stands, for the next cell; ``close()``
        ends it. *How to read it:* the solid line is the density now, the dashed one the density at first; the large number is
        the mean. A changed prior is a new one: it gets the id, analyst and reason that are typed, and today's date. Until they
        are, it says that it is not signed.

    Raises
    ------
    UsageError
        If ``prior`` is none, or there is no such folder.

    Examples
    --------
    >>> from forecasting.elicitation.fitting import maxent
    >>> prior = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", about="P(a deal within a year)", years=1, analyst="A. Analyst",
    ...                made_on="2024-12-13")
    >>> shown = elicit(prior)
    >>> shown.prior == prior
    True
    >>> shown.close()
    """
    from anywidget import AnyWidget
    from traitlets import Dict

    place = Path(folder) if folder is not None else None
    if place is not None and not place.is_dir():
        raise UsageError(
            f"elicit: folder is {str(place)!r}, no folder; make it first, or leave folder out and copy the prior as YAML"
        )

    class Elicitation(AnyWidget):
        """A session that shows itself."""

        _esm, _css = script(SCRIPT), style(STYLE)
        view = Dict().tag(sync=True)

        def __repr__(self) -> str:
            return f"<elicitation of {prior.id}: run the cell in JupyterLab to drag its density>"

        @property
        def prior(self) -> ElicitedPrior:
            """The prior as it stands."""
            return session.prior

        def close(self) -> None:
            """End the elicitation and its thread."""
            session.close()
            super().close()

    shown: list[Elicitation] = []

    def show(view: dict[str, Any]) -> None:
        for widget in shown:
            widget.view = view

    session = Session(prior, show, folder=place)
    widget = Elicitation(view=session.view())
    shown.append(widget)
    widget.on_msg(lambda _, content, buffers: session.handle(content))
    session.begin()
    return widget

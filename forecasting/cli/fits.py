"""The fit behind an edition for commands that ask it something: from its run, else from its draft, else fitted first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forecasting.dossier.edition import EditionDossier
    from forecasting.fitting.fit import EditionFit
    from forecasting.lab.fit import Fit


def fit_of(edition: EditionDossier, runs: Path, progress: Callable[[str, str, float], None]) -> EditionFit:
    """Return the fit behind an edition's run, or behind its draft; if neither is current, fit the edition.

    Parameters
    ----------
    progress : callable
        Called with the edition, what is being done, and the share of it that is done.
    """
    from forecasting.runs.freshness import is_current
    from forecasting.runs.manifest import draft_of
    from forecasting.runs.reopen import reopen

    name = edition.edition.id
    progress(name, "reading its run", 0.1)
    if is_current(edition, runs / name):
        return reopen(edition, runs)
    if is_current(edition, draft_of(runs / name)):
        return reopen(edition, runs, draft=True)
    from forecasting.fitting.fit import fit

    return fit(edition, progress=lambda stage, share: progress(name, stage, share))


def simulated_fit(edition: EditionDossier, runs: Path, progress: Callable[[str, str, float], None]) -> Fit:
    """Return the same fit as a notebook has it, once its paths are simulated: what is seen on them can be asked then."""
    from forecasting.lab.fit import Fit

    found = Fit.of(fit_of(edition, runs, progress))
    progress(edition.edition.id, "simulating what could happen", 0.3)
    _ = found.paths
    progress(edition.edition.id, "counting on the paths", 0.9)
    return found

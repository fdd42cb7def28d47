"""Load a dossier: read every record and hold it to every rule."""

from __future__ import annotations

from pathlib import Path

from forecasting.arguments import PATH, takes
from forecasting.dossier.edition import Dossier
from forecasting.dossier.load import read_dossier
from forecasting.dossier.location import in_project
from forecasting.errors import DossierError, UsageError
from forecasting.rules.check import check_read


@takes(root=PATH)
def load_dossier(root: str | Path = "priors") -> Dossier:
    """Load and check a dossier.

    Parameters
    ----------
    root : path, default "priors"
        The folder with ``sources/``, ``claims/``, ``events/`` and the rest. One that is not here is looked for from the
        project's own folder, so that the same line works in ``notebooks/``.

    Returns
    -------
    Dossier
        All records, by id.

    Raises
    ------
    DossierError
        If any rule fails; the message lists every failure with file, line, finding and fix.
    UsageError
        If ``root`` is no path, or there is no such folder.

    Examples
    --------
    >>> import forecasting as fc
    >>> dossier = fc.load_dossier("priors")
    >>> dossier.events["khmeimim-lost"].reference_class
    'foreign-base-no-demand'
    """
    if not isinstance(root, (str, Path)):
        raise UsageError(f"{root!r} is no folder; write its path, for example load_dossier(\"priors\")")
    dossier, failures = read_dossier(in_project(root))
    if results := (*failures, *check_read(dossier, failures, warnings=False)):
        raise DossierError(results)
    return dossier

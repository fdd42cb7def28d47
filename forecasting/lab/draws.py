"""Draws of one event's log hazard from a saved run, without fitting anything."""

from __future__ import annotations

import warnings

import numpy as np

from forecasting.arguments import EDITION, ID, LAYER, RUN, takes
from forecasting.dossier.edition import EditionDossier, lookup
from forecasting.elicitation.quantify import quantify
from forecasting.models.base import Layer
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.hazards import marginal_log_hazard, signal_shift, stacked_parameters
from forecasting.models.network.structure import build_structure
from forecasting.runs.answers import read_group
from forecasting.runs.reopen import vouched
from forecasting.runs.store import POSTERIOR, Run


@takes(run=RUN, edition=EDITION, event_id=ID, layer=LAYER)
def event_draws(run: Run, edition: EditionDossier, event_id: str, layer: Layer = "posterior") -> np.ndarray:
    """Return draws of an event's log hazard as it stands on the as-of date, drivers and signals included.

    An array has no place for what the gate found of the run, so a run that did not pass warns with the gate's words.

    Parameters
    ----------
    run : Run
        A current run of the edition.
    edition : EditionDossier
        The edition that was fitted.
    event_id : str
        One of its events.
    layer : {"base", "prior", "posterior"}
        Counted cases alone, with the claims, with the history as well.

    Returns
    -------
    (draw,) array
        Per year, chain after chain; for a scheduled event cloglog of its probability. The draws of ``prior`` are those
        that `forecasting.fitting.event_prior.prior` returns for the same event, up to Monte Carlo error.

    Raises
    ------
    UsageError
        If the edition does not have the event.
    ForecastingError
        If the file of draws is not the one that the run's manifest vouches for.

    Warns
    -----
    UserWarning
        If the run did not pass the gate, with what failed and who overrode it.

    Examples
    --------
    >>> edition = fc.load_dossier("priors").edition("2024-12-syria")  # doctest: +SKIP
    >>> event_draws(fc.open_run("2024-12-syria"), edition, "khmeimim-lost").mean()  # doctest: +SKIP
    """
    if run.mark.warning:
        warnings.warn(f"draws of {event_id} from run {run.manifest.edition}: {run.mark.warning}", stacklevel=2)
    lookup({name: name for name in edition.event_ids}, event_id, "event of this edition")
    s = build_structure(edition, quantify(edition))
    use_signals = build_evidence(edition, s, quantify(edition), layer).use_signals
    with vouched(run, POSTERIOR) as path:
        p = stacked_parameters(read_group(path, layer), s)
    k = edition.event_ids.index(event_id)
    return marginal_log_hazard(p, s)[:, k] + signal_shift(p, s, k, edition.as_of, use_signals)

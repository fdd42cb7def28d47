"""An edition's knowledge of one event as a prior for an analyst's own PyMC model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forecasting.arguments import DOSSIER, ID, LAYER, takes
from forecasting.dossier.edition import Dossier, EditionDossier, lookup
from forecasting.dossier.status import years_between
from forecasting.errors import UsageError
from forecasting.fitting.layers import LayerFit, gate_of_layer, grown_layer
from forecasting.forecasts import NOT_JUDGED, Gate
from forecasting.models.base import Layer
from forecasting.models.network.ageing import operational_span
from forecasting.models.network.engine import compile_network
from forecasting.models.network.hazards import marginal_log_hazard, signal_shift, stacked_parameters
from forecasting.models.network.rows import clock_start
from forecasting.models.network.structure import Structure


@dataclass(frozen=True)
class EventPrior:
    """The log hazard of one event as a named distribution, with what it depends on.

    ``location`` and ``scale`` are those of the Normal distribution with the mean and standard deviation of the draws;
    ``log_hazard`` keeps the draws, and ``gate`` what the gate found of the layer that they are from. Hazards are per
    year; for a scheduled event the value is cloglog of its probability, and for one whose hazard changes with age it is
    the mean hazard over the T years of its class's life table (``life_table_years``): at ``age`` a on the as-of date Λ =
    e^m T [((a + t)/T)^κ − (a/T)^κ], with draws of κ in ``kappa``.
    """

    event: str
    layer: Layer
    location: float
    scale: float
    log_hazard: np.ndarray
    reference_class: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]
    kappa: np.ndarray
    life_table_years: float
    age: float
    gate: Gate = NOT_JUDGED

    def probability(self, years: float = 1.0) -> float:
        """Return P(T ≤ years), averaged over the draws."""
        span = operational_span(np, self.age, years, self.kappa, self.life_table_years)
        return float(np.mean(-np.expm1(-np.exp(self.log_hazard) * span)))

    def to_pymc(self, name: str):
        """Return ``pm.Normal(name, location, scale)`` inside the caller's model.

        Examples
        --------
        >>> import pymc as pm
        >>> with pm.Model():  # doctest: +SKIP
        ...     log_hazard = fc.prior(dossier, "khmeimim-lost").to_pymc("log_hazard")
        """
        import pymc as pm

        return pm.Normal(name, self.location, self.scale)

    def __repr__(self) -> str:
        warning = f"  {self.gate.warning}\n" if self.gate.warning else ""
        return (
            f"{warning}log hazard of {self.event} ~ Normal({self.location:.2f}, {self.scale:.2f}²)   [{self.layer} layer]\n"
            f"  within a year: {100 * self.probability():.0f} %\n"
            f"  from class {self.reference_class} and claims {', '.join(self.claims) or 'none'}"
        )


@lru_cache(maxsize=8)
def _layer(edition: _ById, layer: Layer) -> tuple[LayerFit, Structure, Gate]:
    network = compile_network(edition.dossier)
    fitted, length = grown_layer(network, layer, random_seed=edition.dossier.edition.seed)
    judged = gate_of_layer(edition.dossier, network.structure, fitted, length)
    return fitted, network.structure, judged.mark


@dataclass(frozen=True, eq=False)
class _ById:
    """An edition as a cache key: the same records give the same fit."""

    dossier: EditionDossier

    def __hash__(self) -> int:
        return hash((self.dossier.edition.id, *sorted(self.dossier.dossier.digests.items())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and hash(self) == hash(other)


@takes(dossier=DOSSIER, event_id=ID, edition=ID, layer=LAYER)
def prior(dossier: Dossier, event_id: str, *, edition: str | None = None, layer: Layer = "prior") -> EventPrior:
    """Return what claims and base rate say of an event, before its history, as a named distribution.

    Parameters
    ----------
    dossier : Dossier
        From `forecasting.load_dossier`.
    event_id : str
        The event.
    edition : str, optional
        The edition whose as-of date and sources count; by default the first one that has the event.
    layer : {"base", "prior", "posterior"}
        ``prior`` is base rate and claims; ``posterior`` adds the history up to the as-of date.

    Returns
    -------
    EventPrior
        Of the hazard as it stands on the as-of date, drivers and signals included.

    Raises
    ------
    UsageError
        If there is no such event, or no edition has it.

    Examples
    --------
    >>> dossier = fc.load_dossier("priors")  # doctest: +SKIP
    >>> fc.prior(dossier, "khmeimim-lost").probability(1.0)  # doctest: +SKIP
    """
    lookup(dossier.events, event_id, "event")
    names = [edition] if edition else list(dossier.editions)
    for name in names:
        selected = dossier.edition(name)
        if event_id in selected.event_ids:
            return _event_prior(selected, event_id, layer)
    raise UsageError(f"no edition asks about '{event_id}'; add it to a question of an edition")


def _event_prior(edition: EditionDossier, event_id: str, layer: Layer) -> EventPrior:
    fitted, s, gate = _layer(_ById(edition), layer)
    p = stacked_parameters(fitted.trace["posterior"].to_dataset(), s)
    k = edition.event_ids.index(event_id)
    shift = signal_shift(p, s, k, edition.as_of, fitted.evidence.use_signals)
    draws = marginal_log_hazard(p, s)[:, k] + shift
    clock = clock_start(edition, s, k) if s.event_shape[k] else None
    age = years_between(clock, edition.as_of) if clock else 0.0
    claims = tuple(c.id for c in edition.claims if event_id in (c.target.event or ()) and not c.moves_nothing)
    return EventPrior(
        event=event_id, layer=layer, location=float(draws.mean()), scale=float(draws.std()), log_hazard=draws,
        reference_class=edition.dossier.events[event_id].reference_class, claims=() if layer == "base" else claims,
        sources=() if layer == "base" else tuple(sorted({edition.dossier.claims[c].source for c in claims})),
        kappa=p.kappa[:, k], life_table_years=float(s.event_scale[k]), age=age, gate=gate,
    )  # fmt: skip

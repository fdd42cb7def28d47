"""What the linear predictor is a function of: parameters, and a network's arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True)
class Parameters:
    """The parameters of the predictor: posterior draws (NumPy, draws first), or variables while the model is built (PyTensor).

    Parameters
    ----------
    log_hazard : (..., event)
        Marginal log hazard per year; for a scheduled event cloglog of its probability.
    kappa : (..., event)
        Weibull shape of the hazard over age; 1 if it is constant.
    beta : (..., effect)
        Log hazard ratio; cloglog of the probability that the target follows, where an effect leads to it; means nothing where
        it enables or blocks.
    driver : (..., driver)
        Level of the pressure, in standard deviations.
    loading : (..., loading)
        Log hazard ratio per standard deviation of the pressure.
    signal : (..., signal)
        Log likelihood ratio.
    overlap : (..., 1), or a scalar variable
        What two facts of one event share, in (0, 1).
    occasion : (..., occasion)
        Log cumulative hazard of a day on which an event can happen besides its hazard.
    """

    log_hazard: Any
    kappa: Any
    beta: Any
    driver: Any
    loading: Any
    signal: Any
    overlap: Any
    occasion: Any

    def part(self, first: int, last: int) -> Parameters:
        """Return the draws from ``first`` up to ``last``."""
        return replace(self, **{field.name: getattr(self, field.name)[first:last] for field in fields(self)})


@dataclass(frozen=True)
class Network:
    """What the predictor reads of a network, under the names of `Structure`, which can stand in its place."""

    reference_years: Any
    event_scale: Any
    event_age: Any
    aged: Any
    bent: Any
    bent_offset: Any
    bent_age: Any
    effect_from: Any
    effect_to: Any
    effect_multiplies: Any
    effect_enables: Any
    effect_blocks: Any
    effect_known: Any
    effect_window: Any
    effect_years: Any
    effect_scheduled: Any
    effect_into_date: Any
    effect_leads: Any
    effect_lag: Any
    effect_age: Any
    effect_since: Any
    effect_left: Any
    occasion_event: Any
    occasion_inside: Any
    conditioned: Any
    conditioned_effect: Any
    conditioned_on: Any
    loading_driver: Any
    loading_event: Any
    driven: Any
    enabler_depth: int
    lead_depth: int
    ages: bool
    conditions: bool

"""From posterior draws of the network to what the simulator starts from: hazards per draw, event by event."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import xarray as xr

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.status import DAYS_PER_YEAR, years_between
from forecasting.models.network.ageing import operational_span
from forecasting.models.network.evidence import Evidence
from forecasting.models.network.occasions import occasions_between
from forecasting.models.network.parameters import Parameters
from forecasting.models.network.predictor import (
    Effects,
    driver_shift,
    effect_terms_of_draws,
    marginals_of_draws,
    signal_shares,
    sum_into,
)
from forecasting.models.network.rows import active_signals, clock_start
from forecasting.models.network.signals import overlaps
from forecasting.models.network.structure import Structure
from forecasting.paths.grids import forecast_grid
from forecasting.paths.inputs import BLOCKS, ENABLES, LEADS, MULTIPLIES, World
from forecasting.paths.simulate import Paths, simulate

DAY = dt.timedelta(days=1)


def stacked_parameters(posterior: xr.Dataset, s: Structure) -> Parameters:
    """Return the parameters of the predictor with draws (chain by chain) as first dimension."""
    n = posterior.sizes["chain"] * posterior.sizes["draw"]

    def take(name: str, size: int) -> np.ndarray:
        if name not in posterior:
            return np.zeros((n, size))
        return posterior[name].values.reshape(n, -1)

    log_shape = np.hstack([np.zeros((n, 1)), take("log_shape", len(s.ageing_classes))])
    drawn = Parameters(
        log_hazard=take("log_hazard", len(s.event_ids)),
        kappa=np.exp(log_shape)[:, s.event_shape],
        beta=take("effect_beta", len(s.effect_ids)),
        driver=take("driver_level", len(s.driver_ids)),
        loading=take("loading_weight", len(s.loading_driver)),
        signal=take("signal_log_ratio", len(s.signals)),
        overlap=take("signal_overlap", 1),
        occasion=take("occasion_log_mass", len(s.occasions)),
    )
    return replace(drawn, log_hazard=marginals_of_draws(drawn, s)) if s.conditions else drawn


def class_log_hazard(posterior: xr.Dataset) -> np.ndarray:
    """Return the log hazards in the worlds that classes count (draw, event): what a reference class speaks of."""
    return posterior["log_hazard"].values.reshape(posterior.sizes["chain"] * posterior.sizes["draw"], -1)


def marginal_log_hazard(p: Parameters, s: Structure) -> np.ndarray:
    """Return the marginal log hazard with drivers, without signals (draw, event)."""
    return p.log_hazard + driver_shift(np, p, s)


def signal_shift(p: Parameters, s: Structure, event: int, on: dt.date, use_signals: np.ndarray) -> np.ndarray:
    """Return the shift of one event's log hazard by the signals active on a day (draw,)."""
    active = [i for i in active_signals(s, event, on) if use_signals[i]]
    if not active:
        return np.zeros(p.log_hazard.shape[0])
    together = [s.signals[i] for i in active]
    counts = np.array([overlaps(together, s.signals[i]) for i in active], dtype=float).T
    left = np.array([s.signals[i].left_on(on) for i in active])
    return (signal_shares(p, np.array(active), counts) * left).sum(axis=1)


def years_of_hazard(
    edition: EditionDossier, s: Structure, p: Parameters, event: int, years: float = 1.0
) -> np.ndarray:
    """Return the operational time that passes in some years from the as-of date: those years, unless its hazard ages."""
    if not s.event_shape[event]:
        return np.full(p.log_hazard.shape[0], years)
    clock = clock_start(edition, s, event)
    age = years_between(clock, edition.as_of) if clock else 0.0
    return operational_span(np, age, years, p.kappa[:, event], s.event_scale[event])


def build_world(
    edition: EditionDossier, s: Structure, posterior: xr.Dataset, use_signals: np.ndarray, until: dt.date,
    effects: Effects | None = None, parameters: Parameters | None = None,
) -> World:  # fmt: skip
    """Turn posterior draws into the hazards of the time from the last known states to ``until``.

    Parameters
    ----------
    posterior : xr.Dataset
        Draws with dims (chain, draw, …), as `forecasting.models.network.engine` returns them.
    use_signals : (signal,) bool array
        Signals that act in this layer.
    until : date
        End of the simulation.
    effects : Effects, optional
        From `forecasting.models.network.predictor.effect_terms`, where they were computed before.
    parameters : Parameters, optional
        From `stacked_parameters` of the same draws and structure, likewise: with classes under conditions they take as long
        as the rest of this function.
    """
    as_of = edition.as_of
    p = stacked_parameters(posterior, s) if parameters is None else parameters
    effects = effect_terms_of_draws(p, s) if effects is None else effects
    eta = marginal_log_hazard(p, s) + sum_into(np, effects.held, s.effect_to, len(s.event_ids))
    pieces = [_piece_starts(s, k, as_of, until) for k in range(len(s.event_ids))]
    at_rest = np.exp(eta)
    hazard = np.repeat(at_rest, [len(days) for days in pieces], axis=1)
    first_piece = np.concatenate([[0], np.cumsum([len(days) for days in pieces])])
    alone = np.exp(p.log_hazard)
    for k, days in enumerate(pieces):
        for i, day in enumerate(days, start=first_piece[k]):
            for one in occasions_between(s.occasions, k, day, day + DAY):
                hazard[:, i] *= 1 + np.exp(p.occasion[:, one]) * DAYS_PER_YEAR / alone[:, k]
            if len(days) > 1 or active_signals(s, k, day):
                hazard[:, i] *= np.exp(signal_shift(p, s, k, day, use_signals))
    clocks = [clock_start(edition, s, k) for k in s.aged]
    clock, place = np.full(len(s.event_ids), np.nan), np.full(len(s.event_ids), -1)
    clock[s.aged], place[s.aged] = [_when(as_of, day) if day else np.nan for day in clocks], np.arange(len(s.aged))
    acts = [s.effect_enables > 0, s.effect_blocks > 0, s.effect_leads > 0]
    return World(
        event_ids=s.event_ids,
        as_of=as_of,
        hazard=hazard,
        first_piece=first_piece,
        piece_start=np.array([years_between(as_of, day) for days in pieces for day in days]),
        ratio=np.where(acts[2], -np.expm1(-np.exp(p.beta)), np.exp(effects.beta)),  # 1 for an effect that is void
        effect_from=s.effect_from,
        effect_to=s.effect_to,
        effect_kind=np.select(acts, [ENABLES, BLOCKS, LEADS], MULTIPLIES).astype(np.int64),
        effect_lag=s.effect_lag,
        effect_begins=np.array([_when(as_of, effect.begins_on, -np.inf) for effect in edition.effects]),
        effect_until=np.array([_when(as_of, effect.until) for effect in edition.effects]),
        effect_half_life=np.array([effect.half_life_years or np.inf for effect in edition.effects]),
        occurred=np.array([_when(as_of, status.occurred_on) for status in s.statuses]),
        start=np.array([years_between(as_of, status.known_until) for status in s.statuses]),
        scheduled=np.array([_when(as_of, event.scheduled_on) for event in edition.events]),
        n_chains=posterior.sizes["chain"],
        kappa=p.kappa[:, s.aged],
        aged=place,
        scale=s.event_scale,
        clock=clock,
    )


def event_paths(
    edition: EditionDossier, s: Structure, evidence: Evidence, posterior: xr.Dataset, *, paths_per_draw: int, random_seed: int,
    grid: np.ndarray | None = None, until: dt.date | None = None,
) -> Paths:  # fmt: skip
    """Simulate the paths of an edition's events for every draw of a posterior; same seed, same paths.

    Parameters
    ----------
    evidence : Evidence
        Says which signals act.
    grid : (grid,) array, optional
        Times at which survival is kept, in years from the as-of date; those of all curves by default.
    until : date, optional
        End of the simulation; the last deadline by default.
    """
    until = until or max(question.deadline for question in edition.questions)
    world = build_world(edition, s, posterior, evidence.use_signals, until)
    grid = forecast_grid(edition) if grid is None else grid
    return simulate(world, grid, paths_per_draw=paths_per_draw, random_seed=random_seed)


def _piece_starts(s: Structure, event: int, as_of: dt.date, until: dt.date) -> list[dt.date]:
    """Return the days on which an event's hazard changes by the calendar, the first of them before anything happens.

    That of an occasion is spread over the day that ends with it.
    """
    first = min(as_of, s.statuses[event].known_until)
    marks = {day for i in s.signals_of(event) for day in s.signals[i].turns()}
    marks |= {day for one in s.occasions if one.event == event for day in (one.on - DAY, one.on)}
    return [first, *sorted(day for day in marks if first < day < until)]


def _when(as_of: dt.date, day: dt.date | None, never: float = np.inf) -> float:
    return never if day is None else years_between(as_of, day)

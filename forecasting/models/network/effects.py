"""The effects of a network as arrays: which events they join, how they act, when their causes can happen."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.status import Status, years_between
from forecasting.elicitation.numbers import Quantified
from forecasting.errors import UsageError
from forecasting.models.network.clocks import age_on, event_horizon
from forecasting.models.network.lasting import FADED, lasting_of, levels_over


def effect_arrays(
    edition: EditionDossier, numbers: Quantified, index: dict[str, int], state: tuple[Status, ...], event_shape: np.ndarray
) -> dict[str, Any]:
    """Return every array over effects, by the names of `forecasting.models.network.structure.Structure`."""
    cause = np.array([index[effect.from_] for effect in edition.effects], dtype=int)
    target = np.array([index[effect.to] for effect in edition.effects], dtype=int)
    acts = np.array([effect.acts for effect in edition.effects], dtype=object)
    enables = (acts == "enables").astype(float)
    leads = np.isin(acts, ("leads_to", "implies")).astype(float)
    depths = enabler_depths(cause, target, enables, edition.event_ids)
    chains = enabler_depths(cause, target, enables + leads, edition.event_ids)
    follows = leads.any() or any(event.occasions for event in edition.events)
    when = _windows(edition, cause, target, state)
    ratios = numbers.of("effect")
    return {
        "effect_ids": tuple(effect.id for effect in edition.effects), "effect_from": cause, "effect_to": target,
        "effect_multiplies": (acts == "multiplies").astype(float), "effect_enables": enables,
        "effect_blocks": (acts == "blocks").astype(float),
        "effect_leads": leads, "effect_lead_order": np.argsort(chains[cause], kind="stable"),
        "lead_depth": max(int(chains.max(initial=0)), 1) if follows else 0,
        "effect_lag": np.array([effect.lag_years or 0.0 for effect in edition.effects], dtype=float), **when,
        "effect_order": np.argsort(depths[cause], kind="stable"),
        "effect_mean": np.array([number.location for number in ratios], dtype=float),
        "effect_sd": np.array([number.spread for number in ratios], dtype=float),
        "enabler_depth": int(depths.max(initial=0)),
        "effect_lasts": tuple(lasting_of(effect) for effect in edition.effects),
        "effect_left": _left(edition, cause, target, state, when["effect_known"]),
        **_clocks(edition, cause, target, event_shape, state, when["effect_known"]),
        **_bent_arrays(edition, cause, target, event_shape, when["effect_years"]),
    }  # fmt: skip


def _windows(
    edition: EditionDossier, cause: np.ndarray, target: np.ndarray, state: tuple[Status, ...]
) -> dict[str, np.ndarray]:
    """Return when each cause can happen within its target's horizon, which is counted from the target's opening."""
    n = len(cause)
    known, window, years, scheduled, into_date = (np.zeros(n) for _ in range(5))
    for e in range(n):
        first, then = edition.events[cause[e]], edition.events[target[e]]
        horizon, start = event_horizon(then), first.scheduled_on or first.opens_on
        occurred = state[cause[e]].occurred_on
        known[e] = float(occurred is not None and occurred <= then.opens_on)
        window[e] = np.clip(1 - years_between(then.opens_on, start) / horizon, 0.0, 1.0)
        years[e] = window[e] * horizon
        scheduled[e] = float(first.scheduled_on is not None)
        into_date[e] = float(then.scheduled_on is not None)
    return {
        "effect_known": known, "effect_window": window, "effect_years": years, "effect_scheduled": scheduled,
        "effect_into_date": into_date,
    }  # fmt: skip


def _left(
    edition: EditionDossier, cause: np.ndarray, target: np.ndarray, state: tuple[Status, ...], known: np.ndarray
) -> np.ndarray:
    """Return for which shares of the time after its cause each effect has which level (level, effect)."""
    found = []
    for effect, j, k, had in zip(edition.effects, cause, target, known, strict=True):
        first, then = edition.events[j], edition.events[k]
        known_on = state[j].occurred_on if had else None
        starts = first.scheduled_on or first.opens_on
        found.append(levels_over(lasting_of(effect), known_on, starts, then.opens_on, event_horizon(then)))
    return np.array(found, dtype=float).reshape(-1, FADED).T


def _clocks(
    edition: EditionDossier, cause: np.ndarray, target: np.ndarray, event_shape: np.ndarray, state: tuple[Status, ...],
    known: np.ndarray,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Return how old causes are when they can first happen within their target's horizon, and how long known ones lie back."""
    firsts, thens = [edition.events[j] for j in cause], [edition.events[k] for k in target]
    starts = [max(first.opens_on, then.opens_on) for first, then in zip(firsts, thens, strict=True)]
    days = [state[j].occurred_on or then.opens_on for j, then in zip(cause, thens, strict=True)]
    ages = [age_on(first, day, event_shape[j]) for first, day, j in zip(firsts, starts, cause, strict=True)]
    since = [years_between(day, then.opens_on) for day, then in zip(days, thens, strict=True)]
    return {"effect_age": np.array(ages, dtype=float), "effect_since": np.array(since, dtype=float) * known}


def _bent_arrays(
    edition: EditionDossier, cause: np.ndarray, target: np.ndarray, event_shape: np.ndarray, years: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the effects that join an event whose hazard changes with age, and the age of their causes."""
    bent = [e for e in range(len(cause)) if event_shape[cause[e]] or event_shape[target[e]]]
    starts = [max(edition.events[target[e]].opens_on, edition.events[cause[e]].opens_on) for e in bent]
    ages = [age_on(edition.events[cause[e]], day, event_shape[cause[e]]) for e, day in zip(bent, starts, strict=True)]
    return {
        "bent": np.array(bent, dtype=int),
        "bent_offset": np.array([event_horizon(edition.events[target[e]]) - years[e] for e in bent]),
        "bent_age": np.array(ages),
    }


def enabler_depths(cause: np.ndarray, target: np.ndarray, enables: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Return the length of the longest chain of some effects into each event (event,): of those with ``enables`` 1.

    Raises
    ------
    UsageError
        If they form a cycle; the events of the cycle are named.
    """
    enablers: dict[int, list[int]] = {}
    for e in np.flatnonzero(enables):
        enablers.setdefault(int(target[e]), []).append(int(cause[e]))
    depths = np.zeros(len(names), dtype=int)
    try:
        for event in TopologicalSorter(enablers).static_order():
            depths[event] = max((1 + depths[j] for j in enablers.get(event, ())), default=0)
    except CycleError as error:
        cycle = " → ".join(names[k] for k in error.args[1])
        found = f"'enables', 'leads_to' and 'implies' effects form a cycle: {cycle}"
        raise UsageError(f"{found}; none could ever happen, so drop one effect") from None
    return depths

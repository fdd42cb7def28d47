"""The fixed part of an edition's network as arrays: events, classes, effects, drivers, signals, groups."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.status import Status, statuses, years_between
from forecasting.elicitation.numbers import Quantified
from forecasting.models.network.effects import effect_arrays
from forecasting.models.network.lasting import Lasting
from forecasting.models.network.occasions import Occasion, edition_occasions, occasion_arrays
from forecasting.models.network.signals import Signal, claim_signals, history_signals

RIVAL_RATE, RIVAL_TRIAL = "rival (per year)", "rival (per trial)"
RIVAL_SHAPE, RIVAL_SPREAD = (1.0, 1.0), 0.5


@dataclass(frozen=True)
class Structure:
    """Arrays over the network of one edition; dims are in the comments, times in years, hazards per year."""

    event_ids: tuple[str, ...]
    statuses: tuple[Status, ...]
    event_scheduled: np.ndarray  # (event,) 1 if it can only happen on its date
    reference_years: np.ndarray  # (event,) horizon H on which the marginal is held; 1 for scheduled events
    rate_classes: tuple[str, ...]
    trial_classes: tuple[str, ...]
    class_shape: np.ndarray  # (class, 2) Gamma(shape, rate) or Beta(a, b)
    class_spread: np.ndarray  # (class,)
    event_class: np.ndarray  # (event,) index into rate_classes + trial_classes
    ageing_classes: tuple[str, ...]  # classes with a life table
    shape_mean: np.ndarray  # (ageing_class,) of log κ
    shape_sd: np.ndarray
    event_shape: np.ndarray  # (event,) 0 if its hazard is constant, else 1 + index into ageing_classes
    event_scale: np.ndarray  # (event,) years T of its life table; 1 if its hazard is constant
    event_age: np.ndarray  # (event,) years on its clock when it opens; 0 if its hazard is constant
    aged: np.ndarray  # (aged,) events whose hazard changes with age
    effect_ids: tuple[str, ...]
    effect_from: np.ndarray  # (effect,)
    effect_to: np.ndarray  # (effect,)
    effect_multiplies: np.ndarray  # (effect,) 0 or 1
    effect_enables: np.ndarray
    effect_blocks: np.ndarray
    effect_leads: np.ndarray  # (effect,) 1 if the target follows, at once or after a lag
    effect_lag: np.ndarray  # (effect,) years, the mean of the lag; 0 if at once
    effect_age: np.ndarray  # (effect,) years on the cause's clock when its window begins; 0 if its hazard is constant
    effect_since: np.ndarray  # (effect,) years that a known cause lies back when the target opens; else 0
    effect_lead_order: np.ndarray  # (effect,) positions of effects, those into a cause before those out of it
    effect_lasts: tuple[Lasting, ...]  # when each effect acts
    effect_left: np.ndarray  # (level, effect) shares of the time after its cause in which it has the levels of `lasting.LEVELS`
    effect_known: np.ndarray  # (effect,) 1 if the cause had happened when the target opened
    effect_window: np.ndarray  # (effect,) share of H in which the cause can happen
    effect_years: np.ndarray  # (effect,) that window in years
    effect_scheduled: np.ndarray
    effect_into_date: np.ndarray  # (effect,) 1 if the target can only happen on its date
    effect_order: np.ndarray  # (effect,) positions of effects, those into an enabler before those out of it
    effect_mean: np.ndarray  # (effect,) log hazard ratio; of one that leads cloglog of the probability that it is followed
    effect_sd: np.ndarray
    bent: np.ndarray  # (bent,) effects that join an event whose hazard changes with age
    bent_offset: np.ndarray  # (bent,) years from the target's opening until the cause can happen
    bent_age: np.ndarray  # (bent,) years on the cause's clock by then
    enabler_depth: int  # length of the longest chain of enablers
    lead_depth: int  # length of the longest chain of enablers and leads; 0 if nothing leads to an event and none has occasions
    occasions: tuple[Occasion, ...]
    occasion_event: np.ndarray  # (occasion,)
    occasion_inside: np.ndarray  # (occasion,) 1 if within its event's reference horizon
    occasion_mean: np.ndarray  # (occasion,) log cumulative hazard
    occasion_sd: np.ndarray
    conditioned: np.ndarray  # (conditioned,) events whose class counts in worlds with one cause given
    conditioned_effect: np.ndarray  # (conditioned,) the effect of that cause
    conditioned_on: np.ndarray  # (conditioned,) 1 if it is given as having happened
    driver_ids: tuple[str, ...]
    loading_driver: np.ndarray  # (loading,)
    loading_event: np.ndarray  # (loading,)
    driven: np.ndarray  # (driven,) events on which drivers load
    loading_mean: np.ndarray
    loading_sd: np.ndarray
    signals: tuple[Signal, ...]
    source_groups: tuple[tuple[str, str], ...]  # (source, target) pairs of which two claims or more share an error
    origin_groups: tuple[tuple[str, str], ...]

    def signals_of(self, event: int) -> tuple[int, ...]:
        """Return the positions of the signals on an event."""
        return self._signals_by_event.get(event, ())

    def effects_into(self, event: int) -> tuple[int, ...]:
        """Return the positions of the effects that act on an event."""
        return self._effects_by_target.get(event, ())

    def source_group_of(self, source: str, target: str) -> int:
        """Return 1 + the position of the group whose error a source's claim about a target shares; 0 if it stands alone."""
        return self._source_at.get((source, target), 0)

    def origin_group_of(self, origin: str, target: str) -> int:
        """Return 1 + the position of the group whose error an origin's claim about a target shares; 0 if it stands alone."""
        return self._origin_at.get((origin, target), 0)

    @cached_property
    def _source_at(self) -> dict[tuple[str, str], int]:
        return {group: i for i, group in enumerate(self.source_groups, start=1)}

    @cached_property
    def _origin_at(self) -> dict[tuple[str, str], int]:
        return {group: i for i, group in enumerate(self.origin_groups, start=1)}

    @cached_property
    def _effects_by_target(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, tuple[int, ...]] = {}
        for e, target in enumerate(self.effect_to):
            found[int(target)] = (*found.get(int(target), ()), e)
        return found

    @cached_property
    def _signals_by_event(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, tuple[int, ...]] = {}
        for i, signal in enumerate(self.signals):
            found[signal.event] = (*found.get(signal.event, ()), i)
        return found

    @property
    def conditions(self) -> bool:
        """Whether the class of any event counts in worlds with a cause given."""
        return bool(self.conditioned.size)

    @property
    def ages(self) -> bool:
        """Whether the hazard of any event changes with age."""
        return bool(self.ageing_classes)

    @property
    def coords(self) -> dict[str, Any]:
        """Labels of every named dimension of the model."""
        return {
            "event": list(self.event_ids),
            "ageing_class": list(self.ageing_classes),
            "reference_class": [*self.rate_classes, *self.trial_classes],
            "rate_class": list(self.rate_classes),
            "trial_class": list(self.trial_classes),
            "effect": list(self.effect_ids),
            "driver": list(self.driver_ids),
            "loading": [
                f"{self.driver_ids[d]}:{self.event_ids[k]}"
                for d, k in zip(self.loading_driver, self.loading_event, strict=True)
            ],
            "signal": [signal.id for signal in self.signals],
            "occasion": [occasion.id for occasion in self.occasions],
            "source_group": [":".join(group) for group in self.source_groups],
            "origin_group": [":".join(group) for group in self.origin_groups],
        }


def _groups(claims: tuple[Claim, ...], attribute: str) -> tuple[tuple[str, str], ...]:
    """Return the (source or origin, target) pairs whose claims, two or more, share one error."""
    pairs = Counter(
        (getattr(claim, attribute), target)
        for claim in claims
        if claim.kind in ("judgement", "driver") and not claim.moves_nothing
        for target in claim.target.event or (claim.target.driver or "",)
    )
    return tuple(sorted(pair for pair, n in pairs.items() if n > 1))


def build_structure(edition: EditionDossier, numbers: Quantified) -> Structure:
    """Turn an edition's records, and the numbers that they stand for, into the arrays of its network.

    Raises
    ------
    UsageError
        If ``enables`` effects form a cycle (none of the events could ever happen).
    """
    events, index, state = edition.events, {name: k for k, name in enumerate(edition.event_ids)}, statuses(edition)
    classes = sorted({event.reference_class for event in events})
    ageing = _ageing_arrays(edition, numbers, classes)
    return Structure(
        event_ids=edition.event_ids,
        statuses=state,
        event_scheduled=np.array([float(event.scheduled_on is not None) for event in events]),
        reference_years=np.array([1.0 if event.scheduled_on else event.reference_years for event in events]),
        **_class_arrays(edition, numbers, classes),
        **ageing,
        **effect_arrays(edition, numbers, index, state, ageing["event_shape"]),
        **occasion_arrays(edition_occasions(edition, numbers, index)),
        **_conditioned_arrays(edition),
        **_loading_arrays(edition, numbers, index),
        signals=(*claim_signals(edition, numbers, index), *history_signals(edition, numbers, index)),
        source_groups=_groups(edition.claims, "source"),
        origin_groups=_groups(edition.claims, "origin"),
    )


def _class_arrays(edition: EditionDossier, numbers: Quantified, classes: list[str]) -> dict[str, Any]:
    """Return the reference classes, those counted per year first, and which event belongs to which.

    A place of each unit is kept free, so that an event can be moved to a rival class without compiling again.
    """
    units = {name: edition.dossier.reference_classes[name].unit for name in classes}
    rate = tuple(name for name in classes if units[name] == "year")
    trial = tuple(name for name in classes if units[name] == "trial")
    rate, trial = rate and (*rate, RIVAL_RATE), trial and (*trial, RIVAL_TRIAL)
    order = {name: i for i, name in enumerate((*rate, *trial))}
    counted = {number.id: number for number in numbers.of("reference-class")}
    return {
        "rate_classes": rate,
        "trial_classes": trial,
        "class_shape": np.array([counted[name].shape if name in counted else RIVAL_SHAPE for name in order]),
        "class_spread": np.array([counted[name].spread if name in counted else RIVAL_SPREAD for name in order]),
        "event_class": np.array([order[event.reference_class] for event in edition.events]),
    }


def _conditioned_arrays(edition: EditionDossier) -> dict[str, Any]:
    """Return the events whose class counts in worlds with a cause given, as far as the edition knows the effect."""
    found = [
        (k, e, float(event.class_given[effect.from_]))
        for k, event in enumerate(edition.events)
        for e, effect in enumerate(edition.effects)
        if effect.to == event.id and effect.from_ in event.class_given and effect.acts in ("multiplies", "blocks")
    ]
    event, effect, on = zip(*found, strict=True) if found else ((), (), ())
    return {
        "conditioned": np.array(event, dtype=int), "conditioned_effect": np.array(effect, dtype=int),
        "conditioned_on": np.array(on, dtype=float),
    }  # fmt: skip


def _loading_arrays(edition: EditionDossier, numbers: Quantified, index: dict[str, int]) -> dict[str, Any]:
    """Return the drivers, and how each shifts the events that it loads on."""
    drivers, loadings = tuple(driver.id for driver in edition.drivers), numbers.of("loading")
    return {
        "driver_ids": drivers,
        "loading_driver": np.array([drivers.index(number.about[0]) for number in loadings], dtype=int),
        "loading_event": np.array([index[number.about[1]] for number in loadings], dtype=int),
        "driven": np.unique([index[number.about[1]] for number in loadings]).astype(int),
        "loading_mean": np.array([number.location for number in loadings], dtype=float),
        "loading_sd": np.array([number.spread for number in loadings], dtype=float),
    }


def _ageing_arrays(edition: EditionDossier, numbers: Quantified, classes: list[str]) -> dict[str, Any]:
    """Return what is known of the classes whose hazard changes with age, and of their events."""
    shapes = {number.id: number for number in numbers.of("life-table") if number.id in classes}
    names = tuple(shapes)
    of = [event.reference_class if event.reference_class in shapes else None for event in edition.events]
    ages = [years_between(event.clock_starts_on or event.opens_on, event.opens_on) for event in edition.events]
    return {
        "ageing_classes": names,
        "shape_mean": np.array([shapes[name].location for name in names]),
        "shape_sd": np.array([shapes[name].spread for name in names]),
        "event_shape": np.array([1 + names.index(name) if name else 0 for name in of], dtype=int),
        "event_scale": np.array([shapes[name].years if name else 1.0 for name in of]),
        "event_age": np.array([age if name else 0.0 for age, name in zip(ages, of, strict=True)]),
        "aged": np.array([k for k, name in enumerate(of) if name], dtype=int),
    }


def fixed_elements(s: Structure) -> dict[str, np.ndarray]:
    """Return which elements of a variable have one value by construction: effects that enable, block or imply are exact."""
    return {"effect_beta": s.effect_sd == 0}

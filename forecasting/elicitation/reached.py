"""How likely an event can be in the world that a judgement speaks of, by class, effects and horizon alone: before any claim.

A judgement under a condition is read through the effect between the two events. Where the class is rare and the effect weak
the words may say more than the two can give, and the model would have to bend the class to please one sentence. That can be
seen before any fit: it needs the numbers of the class, of the effects into the event and of the horizon, and nothing else.

What is computed is the prior of the row that the model would read (`forecasting.models.network.predictor.row_predictor`), draw
by draw, and a test holds it to that. The closed form needs a cause of constant hazard. Where the cause has another (it ages,
waits for something itself or follows from it) its hazard is taken between half and twice its mean, and where it comes on a
date, or acts for a time, between nothing and all of its effect: what is reached is then wider than in the model, not narrower.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import Dossier
from forecasting.dossier.effects import Effect
from forecasting.dossier.events import Event
from forecasting.dossier.status import years_between
from forecasting.elicitation.base_rates import BaseRate, base_rate
from forecasting.elicitation.grades import LOADING_SPREAD, strength
from forecasting.elicitation.held import MAX_HELD, held_by_cause, held_by_drivers
from forecasting.elicitation.quantify import effect_strength, read_occasion
from forecasting.elicitation.wording import inverse_cloglog

DRAWS = 8192
DAY = dt.timedelta(days=1)
Ends = tuple[np.ndarray, np.ndarray]
"""The least and the most that something adds, draw by draw; the same array twice where it is known."""


@dataclass(frozen=True)
class Reached:
    """The log cumulative hazard over a claim's horizon in its world, before any claim: at least and at most (draw,)."""

    least: np.ndarray
    most: np.ndarray

    def interval(self, prob: float = 0.9) -> tuple[float, float]:
        """Return the equal-tailed interval of the probability within the horizon."""
        tail = (1 - prob) / 2
        ends = inverse_cloglog([np.quantile(self.least, tail), np.quantile(self.most, 1 - tail)])
        return float(ends[0]), float(ends[1])

    def median(self) -> tuple[float, float]:
        """Return the medians of both ends, on the log scale."""
        return float(np.median(self.least)), float(np.median(self.most))


def reached(dossier: Dossier, effects: Sequence[Effect], claim: Claim, event: Event) -> Reached:
    """Return how likely an event can be in the world that a judgement speaks of.

    Parameters
    ----------
    dossier : Dossier
        Classes are taken as they stand there; cut it to an edition first (`forecasting.dossier.edition.select_edition`).
    effects : sequence of Effect
        Those that the edition knows.
    claim, event
        A judgement and one of the events that it bears on; every condition has an effect into the event.

    Returns
    -------
    Reached
        *How to read it:* ``.interval()`` of (0.02, 0.50) says that the class with the effect gives between 2 and 50 % before
        anybody has said anything; words that read as 94 % cannot be met there.
    """
    return _World(dossier, tuple(effects), claim, event).reached()


@dataclass(frozen=True)
class _World:
    dossier: Dossier
    effects: tuple[Effect, ...]
    claim: Claim
    event: Event

    @property
    def on(self) -> dt.date:
        return max(self.claim.made_on, self.event.opens_on)

    @property
    def years(self) -> float:
        return 1.0 if self.event.scheduled_on else self.claim.horizon.years  # type: ignore[union-attr]

    def reached(self) -> Reached:
        rate, into = self._rate(self.event), [effect for effect in self.effects if effect.to == self.event.id]
        own = rate.log_hazard + np.log(self._span(self.event, rate, self.years))
        reference = np.exp(rate.log_hazard) * self._reference()
        least, most = _plus((own, own), self._drivers(reference))
        for effect in into:
            least, most = _plus((least, most), self._effect(effect, reference))
        least, most = _plus((least, most), self._conditioned(into))
        low, high = np.exp(least) + self._occasions(least - own), np.exp(most) + self._occasions(most - own)
        for effect in into:
            more = self._following(effect)
            low, high = low + more[0], high + more[1]
        return Reached(np.log(low), np.log(high))

    def _rate(self, event: Event) -> BaseRate:
        """Return draws of an event's class, in an order of the event's own, so that those of two events are independent."""
        name = event.reference_class
        rate = base_rate(self.dossier.reference_classes[name], self.dossier.relatives(name), DRAWS)
        order = _generator(event.id).permutation(DRAWS)
        return BaseRate(rate.log_hazard[order], rate.log_shape[order], rate.years)

    def _span(self, event: Event, rate: BaseRate, years: float) -> np.ndarray:
        """Return some years from the claim on in an event's operational time (`forecasting.elicitation.life_tables`)."""
        waits = any(effect.to == event.id and effect.acts == "enables" for effect in self.effects)
        age = 0.0 if waits else max(years_between(event.clock_starts_on or event.opens_on, self.on), 0.0)
        at, kappa = np.array([age, age + years]) / rate.years, np.exp(rate.log_shape)
        return rate.years * (at[1] ** kappa - at[0] ** kappa) if np.any(kappa != 1) else np.full(DRAWS, years)

    def _reference(self) -> float:
        return 1.0 if self.event.scheduled_on else self.event.reference_years

    def _drivers(self, mass: np.ndarray) -> Ends:
        loadings = [(d.id, load) for d in self.dossier.drivers.values() for load in d.loadings if load.event == self.event.id]
        shift, variance = np.zeros(DRAWS), np.zeros(DRAWS)
        for driver, load in loadings:
            random = _generator(driver)
            loading = strength(self.dossier.grades, load.grade, load.sign).mean + LOADING_SPREAD * random.standard_normal(DRAWS)
            shift, variance = shift + loading * random.standard_normal(DRAWS), variance + loading**2
        shift = shift + held_by_drivers(mass, variance) if loadings else shift
        return shift, shift

    def _effect(self, effect: Effect, mass: np.ndarray) -> Ends:
        """Return what an effect that multiplies, blocks or enables adds to the log hazard."""
        cause, nothing = self.dossier.events[effect.from_], np.zeros(DRAWS)
        state = self.claim.target.given.get(cause.id)
        if effect.acts == "enables":
            if state or self._had_happened(cause, self.claim.made_on):
                return nothing, nothing
            least, most = (np.log(np.maximum(1 - _share(x), 1e-5)) for x in self._cause(cause, self.years))
            return (np.full(DRAWS, np.log(1e-5)) if cause.scheduled_on else least), most
        if state is None or effect.acts not in ("multiplies", "blocks") or cause.id in self.event.class_given:
            return nothing, nothing
        beta = self._strength(effect) if effect.acts == "multiplies" else np.full(DRAWS, -MAX_HELD)
        if self._always(effect):
            ratio = np.exp(beta) if effect.acts == "multiplies" else nothing
            ends = [held_by_cause(mass, x, ratio) + beta * state for x in self._cause(cause, self._reference())]
        else:  # a cause that never came would leave the hazard where it was, one that is always on makes up for all of its ratio
            ends = [beta, nothing] if state else [-beta, nothing]
        return np.minimum(*ends), np.maximum(*ends)

    def _conditioned(self, into: Sequence[Effect]) -> Ends:
        """Return how far the claim's world lies from the one that the event's class counted (``class_given``).

        Where the claim says nothing of the cause, its effect acts for the share of the horizon that is left when it comes.
        """
        least, most = np.zeros(DRAWS), np.zeros(DRAWS)
        for effect in into:
            if effect.from_ in self.event.class_given and effect.acts == "multiplies":
                beta, counted = self._strength(effect), self.event.class_given[effect.from_]
                cause, state = self.dossier.events[effect.from_], self.claim.target.given.get(effect.from_)
                if state is None and self._had_happened(cause, self.claim.made_on):
                    state = True
                ends = [1 - _share(x) for x in self._cause(cause, self.years)]
                after: list[Any] = ends if state is None else [float(state)] * 2
                if state is None and any(other.to == cause.id and other.acts == "enables" for other in self.effects):
                    after[0] = np.zeros(DRAWS)  # it waits for something itself, perhaps for all of the horizon
                ends = [np.log(share * np.exp(beta * (1 - counted)) + (1 - share) * np.exp(-beta * counted)) for share in after]
                least, most = least + np.minimum(*ends), most + np.maximum(*ends)
        return least, most

    def _following(self, effect: Effect) -> Ends:
        """Return the cumulative hazard that what leads to the event, or implies it, adds over the horizon."""
        cause, nothing = self.dossier.events[effect.from_], np.zeros(DRAWS)
        state = self.claim.target.given.get(cause.id)
        if effect.acts not in ("leads_to", "implies") or state is False:
            return nothing, nothing
        chance = inverse_cloglog(self._strength(effect))
        lag = effect.lag_years or 1e-6
        if state or self._had_happened(cause, self.claim.made_on):
            followed = -np.log1p(-chance * -np.expm1(-self.years / lag))
            return followed, followed
        ends = []
        for x in self._cause(cause, self.years):
            y = self.years / lag
            late = np.exp(-x) + x * np.exp(-np.minimum(x, y)) * _share(np.abs(y - x))
            ends.append(-np.log1p(-np.minimum(chance * (1 - late), 1 - 1e-12)))
        return (nothing if cause.scheduled_on else ends[0]), ends[1]

    def _occasions(self, shift: np.ndarray) -> np.ndarray:
        """Return the cumulative hazard of the occasions within the horizon; what shifts the hazard shifts them."""
        ends, total = self.on + dt.timedelta(days=round(self.years * 365.25)), np.zeros(DRAWS)
        for one in self.event.occasions:
            if self.on - DAY < one.on <= ends:
                number = read_occasion(self.dossier, self.event.id, one)
                total = total + np.exp(number.location + number.spread * _generator(number.id).standard_normal(DRAWS))
        return total * np.exp(shift)

    def _strength(self, effect: Effect) -> np.ndarray:
        mean, sd, _ = effect_strength(self.dossier, effect)
        return mean + sd * _generator(effect.id).standard_normal(DRAWS)

    def _cause(self, cause: Event, years: float) -> Ends:
        """Return a cause's cumulative hazard over some years: of one that is not constant between half and twice its mean."""
        rate, into = self._rate(cause), [effect.acts for effect in self.effects if effect.to == cause.id]
        mass = np.exp(rate.log_hazard) * self._span(cause, rate, years)
        chained = not {"enables", "leads_to", "implies"}.isdisjoint(into) or cause.class_given
        aged = any(self.dossier.reference_classes[event.reference_class].life_table for event in (cause, self.event))
        return (mass / 2, mass * 2) if chained or aged or cause.occasions else (mass, mass)

    def _always(self, effect: Effect) -> bool:
        """Return whether an effect acts as long as anything does, from a cause that can come on any day after the claim."""
        cause = self.dossier.events[effect.from_]
        late, known = cause.opens_on > self.event.opens_on, self._had_happened(cause, self.event.opens_on)
        dated = cause.scheduled_on or self.event.scheduled_on or late or known
        return not (dated or effect.half_life_years or effect.begins_on or effect.until)

    def _had_happened(self, cause: Event, by: dt.date) -> bool:
        return any(row.event == cause.id and row.what == "occurred" and row.on <= by for row in self.dossier.history)


def _plus(a: Ends, b: Ends) -> Ends:
    return a[0] + b[0], a[1] + b[1]


def _share(x: np.ndarray) -> np.ndarray:
    """Return (1 − e^{−x})/x."""
    x = np.maximum(x, 1e-9)
    return -np.expm1(-x) / x


def _generator(name: str) -> np.random.Generator:
    """Return a stream of random numbers that belongs to one record, the same on every machine."""
    return np.random.default_rng(zlib.crc32(name.encode()))

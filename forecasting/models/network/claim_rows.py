"""Judgements and claims about drivers as rows: what was read, how widely, and which errors the readings share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.events import Event
from forecasting.dossier.status import years_between
from forecasting.elicitation.numbers import Quantified
from forecasting.models.network.ahead import led_ahead, occasions_ahead
from forecasting.models.network.constants import RETOLD
from forecasting.models.network.readings import SIDES, Readings
from forecasting.models.network.rows import World
from forecasting.models.network.structure import Structure


class Told(NamedTuple):
    """What a reading says (origin, target, conditions, direction), which source has it, and in which words."""

    what: Hashable
    source: str
    words: Hashable


@dataclass(frozen=True)
class ClaimRows(Readings):
    """Judgements: readings of the log cumulative hazard in some world."""

    worlds: tuple[World, ...]
    said: tuple[Told, ...]  # origin, target and conditions, which a repetition shares; source
    spread_alone: np.ndarray  # before what is only retold is widened


@dataclass(frozen=True)
class DriverRows(Readings):
    """Readings of drivers, in standard deviations of the latent pressure."""

    driver: np.ndarray


def judgement_claims(edition: EditionDossier, index: dict[str, int]) -> list[tuple[Claim, str]]:
    """Return the (claim, event) pairs that read a hazard of this edition."""
    return [
        (claim, event_id)
        for claim in edition.claims
        if claim.kind == "judgement" and not claim.moves_nothing
        for event_id in claim.target.event or ()
        if event_id in index
    ]


def build_claim_rows(
    edition: EditionDossier, s: Structure, numbers: Quantified, without: frozenset[str] = frozenset(),
    aged_on: dt.date | None = None,
) -> ClaimRows:  # fmt: skip
    """Return the judgement rows of an edition, but for the claims in ``without``; claims age until a day, by default as-of."""
    index = {name: k for k, name in enumerate(s.event_ids)}
    pairs = [(claim, event) for claim, event in judgement_claims(edition, index) if claim.id not in without]
    read = [numbers.get("judgement", claim.id) for claim, _ in pairs]
    spread = np.array([number.spread for number in read], dtype=float)
    said = [_told(claim, event) for claim, event in pairs]
    return ClaimRows(
        worlds=tuple(_claim_row(edition, s, index, claim, event_id) for claim, event_id in pairs),
        claim_ids=tuple(claim.id for claim, _ in pairs),
        reading=np.array([number.location for number in read], dtype=float),
        said=tuple(said),
        spread_alone=spread,
        spread=repeated_spread(spread, said, [claim.id for claim, _ in pairs]),
        side=np.array([SIDES[number.reads] for number in read], dtype=float),
        age=np.array([max(years_between(claim.made_on, aged_on or edition.as_of), 0.0) for claim, _ in pairs], dtype=float),
        source_group=np.array([s.source_group_of(c.source, e) for c, e in pairs], dtype=int),
        origin_group=np.array([s.origin_group_of(c.origin, e) for c, e in pairs], dtype=int),
    )


def repeated_spread(spread: np.ndarray, said: Sequence[Told], ids: Sequence[str]) -> np.ndarray:
    """Return the spreads with what is only said again counted as repetition.

    Of the readings of one origin that say the same, the sharpest keeps its precision 1/σ², the next one a tenth of its own, the
    next a hundredth: σ·10^(rank/2). However many copies there are, they carry at most 1/(1 − 1/10) = 1.11 times the
    information of the sharpest, and a further reading never takes any away. A fact that is retold fares alike (`signal_shares`).

    Parameters
    ----------
    spread : (row,) array
        Each reading's own standard deviation.
    said : sequence of Told
        The same is said by readings of one origin, target, conditions and direction, in another source, or in the same words
        in the same source. Several sentences of one source in words of their own are no copies: the errors that a source and
        an origin share see to those.

    Examples
    --------
    >>> told = [Told("wire", "paper", "likely"), Told("wire", "gazette", "likely"), Told("envoy", "paper", "likely")]
    >>> repeated_spread(np.array([0.5, 0.4, 0.4]), told, ["a", "b", "c"]).round(3)
    array([1.581, 0.4  , 0.4  ])
    """
    return spread / np.sqrt(RETOLD ** repetition(spread, said, ids))


def repetition(spread: np.ndarray, said: Sequence[Told], ids: Sequence[str]) -> np.ndarray:
    """Return how many sharper readings say the same (row,): 0 for the first of its kind.

    Those in the same words count each, wherever they stand; of others, each other source counts once.
    """
    rank = np.zeros(len(spread))
    seen: dict[Hashable, list[Told]] = {}
    for i in sorted(range(len(spread)), key=lambda i: (spread[i], ids[i])):
        one = said[i]
        told = seen.setdefault(one.what, [])
        alike = [other for other in told if other.words == one.words]
        elsewhere = {other.source for other in told} - {other.source for other in alike} - {one.source}
        rank[i] = len(alike) + len(elsewhere)
        told.append(one)
    return rank


def _claim_row(edition: EditionDossier, s: Structure, index: dict[str, int], claim: Claim, event_id: str) -> World:
    event = edition.dossier.events[event_id]
    into = {s.event_ids[s.effect_from[e]]: e for e in s.effects_into(index[event_id])}
    k, on = index[event_id], max(claim.made_on, event.opens_on)
    exposure = 1.0 if event.scheduled_on else claim.horizon.years  # type: ignore[union-attr]
    given = [(into[name], value) for name, value in claim.target.given.items() if s.effect_multiplies[into[name]]]
    states = {e: _left(s, e, event, on, exposure) if value else 0.0 for e, value in given}
    blocked = {into[name]: 0.0 for name in claim.target.given if s.effect_blocks[into[name]]}
    waits = tuple(
        int(s.effect_from[e])
        for e in into.values()
        if s.effect_enables[e]
        and not claim.target.given.get(s.event_ids[s.effect_from[e]], False)
        and not _had_happened(s, int(s.effect_from[e]), claim.made_on)
    )
    return World(
        event=k,
        on=on,
        exposure=exposure,
        states=states | blocked,
        waits=waits,
        led=led_ahead(edition, s, k, on, exposure, known_on=claim.made_on, given=claim.target.given),
        occasions=() if event.scheduled_on else occasions_ahead(s, k, on, exposure),
    )


def _told(claim: Claim, event: str) -> Told:
    """Return what a judgement says of an event, where, and in which words; a horizon belongs to them if the text states it."""
    conditions = tuple(sorted(claim.target.given.items()))
    stated = claim.horizon.years if claim.horizon and claim.horizon.stated else None
    return Told((claim.origin, event, conditions, claim.direction), claim.source, (claim.wording, claim.lexicon, stated))


def _left(s: Structure, e: int, event: Event, on: dt.date, years: float) -> float:
    """Return what is left of an effect in the mean over what a claim speaks of, if its cause happens on that day."""
    known = s.statuses[s.effect_from[e]].occurred_on
    cause_on = min(known or on, on)
    if event.scheduled_on:
        return s.effect_lasts[e].left_on(cause_on, event.scheduled_on)
    return s.effect_lasts[e].mean(cause_on, on, on + dt.timedelta(days=round(years * 365.25)))


def _had_happened(s: Structure, event: int, on: dt.date) -> bool:
    occurred = s.statuses[event].occurred_on
    return occurred is not None and occurred <= on


def build_driver_rows(
    edition: EditionDossier, s: Structure, numbers: Quantified, without: frozenset[str] = frozenset(),
    aged_on: dt.date | None = None,
) -> DriverRows:  # fmt: skip
    """Return the driver readings of an edition, but for the claims in ``without``; claims age until a day, by default as-of."""
    read = [number for number in numbers.of("driver") if number.id not in without]
    known = {claim.id: claim for claim in edition.claims}
    claims = [known[number.id] for number in read]
    return DriverRows(
        claim_ids=tuple(claim.id for claim in claims),
        driver=np.array([s.driver_ids.index(claim.target.driver or "") for claim in claims], dtype=int),
        side=np.zeros(len(claims)),
        age=np.array([max(years_between(claim.made_on, aged_on or edition.as_of), 0.0) for claim in claims], dtype=float),
        reading=np.array([number.location for number in read], dtype=float),
        spread=repeated_spread(
            np.array([number.spread for number in read], dtype=float),
            [Told((c.origin, c.target.driver, c.direction), c.source, (c.wording or c.paraphrase, c.grade)) for c in claims],
            [claim.id for claim in claims],
        ),
        source_group=np.array([s.source_group_of(c.source, c.target.driver or "") for c in claims], dtype=int),
        origin_group=np.array([s.origin_group_of(c.origin, c.target.driver or "") for c in claims], dtype=int),
    )

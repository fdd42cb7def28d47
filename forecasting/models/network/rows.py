"""What is read through the predictor: claims and intervals of history, as rows of one design."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.records import Claim
from forecasting.dossier.status import years_between
from forecasting.elicitation.numbers import Quantified
from forecasting.models.network.constants import RETOLD
from forecasting.models.network.structure import Signal, Structure, age_on


@dataclass(frozen=True)
class Rows:
    """Design of a set of rows; dims are in the comments."""

    event: np.ndarray  # (row,)
    log_exposure: np.ndarray  # (row,)
    in_known_world: np.ndarray  # (row,) 1 if the row's effects are set, not averaged over
    given_effect: np.ndarray  # (given,) effect whose cause's state is given in some row
    given_on: np.ndarray  # (given,) 1 if it is given as happened
    given_row: np.ndarray  # (given,) the row
    active_signal: np.ndarray  # (active,) signal that acts in some row
    active_overlap: np.ndarray  # (4, active) stronger signals of the same sign: retold, same origin, same source, apart
    active_row: np.ndarray  # (active,) the row in which it acts
    wait_event: np.ndarray  # (wait,) enabler that had not happened yet
    wait_years: np.ndarray  # (wait,)
    wait_window: np.ndarray  # (wait,)
    wait_scheduled: np.ndarray  # (wait,)
    wait_row: np.ndarray  # (wait,)
    aged_row: np.ndarray  # (aged row,) rows of events whose hazard changes with age
    aged_age: np.ndarray  # (aged row,) years on the event's clock when the row begins
    aged_years: np.ndarray  # (aged row,) the row's exposure in years
    aged_wait: np.ndarray  # (aged wait,) waits in which the enabler's or the row's hazard changes with age
    aged_wait_age: np.ndarray  # (aged wait,) years on the enabler's clock when the row begins


@dataclass(frozen=True)
class World:
    """What one row conditions on: an event's hazard on a day, over an exposure, with some causes set.

    ``states`` maps effects to whether their cause has happened; ``waits`` lists enablers that had not happened yet and
    are averaged over.
    """

    event: int
    on: dt.date
    exposure: float
    states: dict[int, bool]
    known_world: bool
    waits: tuple[int, ...] = ()


@dataclass(frozen=True)
class ClaimRows:
    """Judgements: what was read, how widely, and which errors the reading shares."""

    worlds: tuple[World, ...]
    claim_ids: tuple[str, ...]
    reading: np.ndarray  # (row,) cloglog of the wording's probability
    said: tuple[tuple[Hashable, str], ...]  # (row,) origin, target and conditions, which a repetition shares; source
    spread_alone: np.ndarray  # (row,) √(σ_wording² + ρ_grades²)
    spread: np.ndarray  # (row,) the same, wider for what a source only retells
    source_group: np.ndarray
    origin_group: np.ndarray


@dataclass(frozen=True)
class DriverRows:
    """Readings of drivers, in standard deviations of the latent pressure."""

    claim_ids: tuple[str, ...]
    driver: np.ndarray
    reading: np.ndarray
    spread: np.ndarray
    source_group: np.ndarray
    origin_group: np.ndarray


@dataclass(frozen=True)
class HistoryRows:
    """Intervals in which an event's world did not change, with the number of times it happened (0 or 1)."""

    worlds: tuple[World, ...]
    count: np.ndarray  # (row,)
    scheduled: np.ndarray  # (row,) 1 where the row is the event's one date
    spans: tuple[tuple[dt.date, dt.date], ...]


def overlaps(signals: Sequence[Signal], one: Signal) -> tuple[int, int, int, int]:
    """Count the stronger signals of the same sign that act beside one.

    Four kinds, in this order: of its origin in another source (the same report, retold), of its origin in its own source
    (one voice, two facts), of its source, of neither.

    Two looks at the same thing are not two pieces of evidence. The strongest signal counts in full; every further one only
    by what it does not share with those before it (`forecasting.models.network.predictor.signal_shares`). So another concordant
    fact never lowers the total, and copies of one report add next to nothing. Facts that point the other way are no
    copies and take nothing away.
    """
    counts = [0, 0, 0, 0]
    for other in signals:
        if other.id == one.id or (other.mean > 0) != (one.mean > 0):
            continue
        if (abs(other.mean), other.id) > (abs(one.mean), one.id):
            alike, here = other.origin == one.origin, other.source == one.source
            counts[(1 if here else 0) if alike else 2 if here else 3] += 1
    return counts[0], counts[1], counts[2], counts[3]


def active_signals(s: Structure, event: int, on: dt.date) -> list[int]:
    """Return the positions of the signals that shift an event on a day."""
    return [i for i in s.signals_of(event) if s.signals[i].starts_on <= on < s.signals[i].ends_on]


def build_rows(edition: EditionDossier, s: Structure, rows: Sequence[World], use_signals: np.ndarray) -> Rows:
    """Build the arrays of a set of rows; ``use_signals`` (signal,) switches signals off for a layer or a what-if."""
    given: list[tuple[int, float, int]] = []
    active: list[tuple[int, tuple[int, int, int, int], int]] = []
    waits: list[tuple[int, float, float, float, int]] = []
    for r, row in enumerate(rows):
        given += [(e, float(on), r) for e, on in row.states.items()]
        on_now = [i for i in active_signals(s, row.event, row.on) if use_signals[i]]
        together = [s.signals[i] for i in on_now]
        active += [(i, overlaps(together, s.signals[i]), r) for i in on_now]
        for cause in row.waits:
            event = edition.events[cause]
            if event.scheduled_on:
                window = max(0.0, 1 - max(0.0, years_between(row.on, event.scheduled_on)) / row.exposure)
                waits.append((cause, 0.0, window, 1.0, r))
            else:
                waits.append((cause, row.exposure, 1.0, 0.0, r))
    columns = list(zip(*waits, strict=True)) if waits else [()] * 5
    aged = [r for r, row in enumerate(rows) if s.event_shape[row.event]]
    old = [i for i, (cause, *_, r) in enumerate(waits) if s.event_shape[cause] or s.event_shape[rows[r].event]]
    clocks = [(waits[i][0], rows[waits[i][-1]].on) for i in old]
    return Rows(
        event=np.array([row.event for row in rows], dtype=int),
        log_exposure=np.log([row.exposure for row in rows]) if rows else np.zeros(0),
        in_known_world=np.array([float(row.known_world) for row in rows]),
        given_effect=np.array([e for e, _, _ in given], dtype=int), given_on=np.array([on for _, on, _ in given], dtype=float),
        given_row=np.array([r for _, _, r in given], dtype=int),
        active_signal=np.array([i for i, _, _ in active], dtype=int),
        active_overlap=np.array([counts for _, counts, _ in active], dtype=float).reshape(-1, 4).T,
        active_row=np.array([r for _, _, r in active], dtype=int),
        wait_event=np.array(columns[0], dtype=int), wait_years=np.array(columns[1], dtype=float),
        wait_window=np.array(columns[2], dtype=float), wait_scheduled=np.array(columns[3], dtype=float),
        wait_row=np.array(columns[4], dtype=int),
        aged_row=np.array(aged, dtype=int),
        aged_age=np.array([_age(edition, s, rows[r]) for r in aged], dtype=float),
        aged_years=np.array([rows[r].exposure for r in aged], dtype=float),
        aged_wait=np.array(old, dtype=int),
        aged_wait_age=np.array(
            [age_on(edition.events[k], on, s.event_shape[k]) if on > edition.events[k].opens_on else 0.0 for k, on in clocks],
            dtype=float,
        ),
    )  # fmt: skip


def clock_start(edition: EditionDossier, s: Structure, event: int) -> dt.date | None:
    """Return the day an event's clock starts: when its last enabler happened, else as stated, else when it opened.

    None if an enabler has not happened yet: the event will be as old as its enabling.
    """
    days = [s.statuses[s.effect_from[e]].occurred_on for e in s.effects_into(event) if s.effect_enables[e]]
    if None in days:
        return None
    record = edition.events[event]
    return max(days, default=record.clock_starts_on or record.opens_on)  # type: ignore[type-var]


def _age(edition: EditionDossier, s: Structure, row: World) -> float:
    """Return the years on the clock of a row's event when the row begins; zero while it waits for an enabler."""
    start = clock_start(edition, s, row.event)
    return max(years_between(start, row.on), 0.0) if start and not row.waits else 0.0


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
    edition: EditionDossier, s: Structure, numbers: Quantified, without: frozenset[str] = frozenset()
) -> ClaimRows:
    """Return the judgement rows of an edition, but for the claims in ``without``."""
    index = {name: k for k, name in enumerate(s.event_ids)}
    pairs = [(claim, event) for claim, event in judgement_claims(edition, index) if claim.id not in without]
    read = [numbers.get("judgement", claim.id) for claim, _ in pairs]
    spread = np.array([number.spread for number in read], dtype=float)
    said = [((claim.origin, event, tuple(sorted(claim.target.given.items()))), claim.source) for claim, event in pairs]
    return ClaimRows(
        worlds=tuple(_claim_row(edition, s, index, claim, event_id) for claim, event_id in pairs),
        claim_ids=tuple(claim.id for claim, _ in pairs),
        reading=np.array([number.location for number in read], dtype=float),
        said=tuple(said),
        spread_alone=spread,
        spread=repeated_spread(spread, said, [claim.id for claim, _ in pairs]),
        source_group=np.array([s.source_at[c.source, e] for c, e in pairs], dtype=int),
        origin_group=np.array([s.origin_at[c.origin, e] for c, e in pairs], dtype=int),
    )


def repeated_spread(spread: np.ndarray, said: Sequence[tuple[Hashable, str]], ids: Sequence[str]) -> np.ndarray:
    """Return the spreads with what other sources retell of one origin counted as repetition.

    ``said`` has what is said (origin, target, conditions) and the source that tells it. Of the readings that different
    sources give of the same, the sharpest keeps its precision 1/σ², the next one a tenth of its own, the next a hundredth:
    σ·10^(rank/2). One judgement in five papers then carries 1.11 times the information of one, and a further reading never
    takes any away. A fact that is retold fares alike (`signal_shares`). Several sentences of one source are no copies: the
    errors that a source and an origin share see to those.

    Examples
    --------
    >>> told = [("wire", "paper"), ("wire", "gazette"), ("envoy", "paper")]
    >>> repeated_spread(np.array([0.5, 0.4, 0.4]), told, ["a", "b", "c"]).round(3)
    array([1.581, 0.4  , 0.4  ])
    """
    return spread / np.sqrt(RETOLD ** repetition(spread, said, ids))


def repetition(spread: np.ndarray, said: Sequence[tuple[Hashable, str]], ids: Sequence[str]) -> np.ndarray:
    """Return in how many other sources a sharper reading says the same (row,): 0 for the first of its kind."""
    rank, seen = np.zeros(len(spread)), {}
    for i in sorted(range(len(spread)), key=lambda i: (spread[i], ids[i])):
        what, source = said[i]
        told = seen.setdefault(what, [])
        rank[i] = len({other for other in told if other != source})
        told.append(source)
    return rank


def _claim_row(edition: EditionDossier, s: Structure, index: dict[str, int], claim: Claim, event_id: str) -> World:
    event = edition.dossier.events[event_id]
    into = {s.event_ids[s.effect_from[e]]: e for e in s.effects_into(index[event_id])}
    states = {into[name]: value for name, value in claim.target.given.items() if s.effect_multiplies[into[name]]}
    blocked = {into[name]: False for name in claim.target.given if s.effect_blocks[into[name]]}
    waits = tuple(
        int(s.effect_from[e])
        for e in into.values()
        if s.effect_enables[e]
        and not claim.target.given.get(s.event_ids[s.effect_from[e]], False)
        and not _had_happened(s, int(s.effect_from[e]), claim.made_on)
    )
    exposure = 1.0 if event.scheduled_on else claim.horizon.years  # type: ignore[union-attr]
    return World(
        event=index[event_id],
        on=max(claim.made_on, event.opens_on),
        exposure=exposure,
        states=states | blocked,
        known_world=bool(states or blocked),
        waits=waits,
    )


def _had_happened(s: Structure, event: int, on: dt.date) -> bool:
    occurred = s.statuses[event].occurred_on
    return occurred is not None and occurred <= on


def build_driver_rows(
    edition: EditionDossier, s: Structure, numbers: Quantified, without: frozenset[str] = frozenset()
) -> DriverRows:
    """Return the driver readings of an edition, but for the claims in ``without``."""
    read = [number for number in numbers.of("driver") if number.id not in without]
    known = {claim.id: claim for claim in edition.claims}
    claims = [known[number.id] for number in read]
    return DriverRows(
        claim_ids=tuple(claim.id for claim in claims),
        driver=np.array([s.driver_ids.index(claim.target.driver or "") for claim in claims], dtype=int),
        reading=np.array([number.location for number in read], dtype=float),
        spread=repeated_spread(
            np.array([number.spread for number in read], dtype=float),
            [((claim.origin, claim.target.driver), claim.source) for claim in claims],
            [claim.id for claim in claims],
        ),
        source_group=np.array([s.source_at[c.source, c.target.driver or ""] for c in claims], dtype=int),
        origin_group=np.array([s.origin_at[c.origin, c.target.driver or ""] for c in claims], dtype=int),
    )


def build_history_rows(edition: EditionDossier, s: Structure) -> HistoryRows:
    """Cut the known past of every event where its world changed: a cause happened, a signal began or expired.

    An event that waits for an enabler is at risk from the day the last enabler happened; a blocked one until the block.
    A scheduled event has one row, for its date, once that date's outcome is known.
    """
    rows, counts, scheduled, spans = [], [], [], []
    for k, (event, status) in enumerate(zip(edition.events, s.statuses, strict=True)):
        into = s.effects_into(k)
        happened = {e: s.statuses[s.effect_from[e]].occurred_on for e in into}
        start = max([event.opens_on, *(happened[e] or dt.date.max for e in into if s.effect_enables[e])])
        end = min([status.known_until, *(happened[e] or dt.date.max for e in into if s.effect_blocks[e])])
        if event.scheduled_on:
            if start <= event.scheduled_on <= end:
                on = event.scheduled_on
                states = {e: bool(happened[e] and happened[e] <= on) for e in into if not s.effect_enables[e]}
                rows.append(World(k, on, 1.0, states, True))
                counts.append(float(not status.is_open))
                scheduled.append(1.0)
                spans.append((event.opens_on, on))
            continue
        if (start >= end and status.is_open) or start > end:
            continue
        changes = {day for e in into if (day := happened[e]) and start < day < end}
        for i in s.signals_of(k):
            changes |= {day for day in (s.signals[i].starts_on, s.signals[i].ends_on) if start < day < end}
        last = max(end, start + dt.timedelta(days=1))
        if s.event_shape[k] and not status.is_open and start < last - dt.timedelta(days=1):
            changes.add(last - dt.timedelta(days=1))  # what counts is the hazard on the day it happened
        cuts = [start, *sorted(changes), last]
        for left, right in itertools.pairwise(cuts):
            states = {e: bool(happened[e] and happened[e] <= left) for e in into if not s.effect_enables[e]}
            rows.append(World(k, left, years_between(left, right), states, True))
            counts.append(0.0)
            scheduled.append(0.0)
            spans.append((left, right))
        if not status.is_open:
            counts[-1] = 1.0
    return HistoryRows(
        worlds=tuple(rows),
        count=np.array(counts, dtype=float),
        scheduled=np.array(scheduled, dtype=float),
        spans=tuple(spans),
    )

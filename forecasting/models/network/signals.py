"""Facts that shift a hazard for some time, from claims and from the history, and what they repeat of each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.numbers import Number, Quantified
from forecasting.models.network.clocks import event_horizon


@dataclass(frozen=True)
class Signal:
    """A fact that shifts one event's log hazard from ``starts_on`` for the event's reference horizon."""

    id: str
    event: int
    starts_on: dt.date
    ends_on: dt.date
    mean: float
    sd: float
    origin: str
    source: str
    claim: str | None


def claim_signals(edition: EditionDossier, numbers: Quantified, index: dict[str, int]) -> list[Signal]:
    """Return the signals that claims of kind ``fact`` stand for, one per claim and event."""
    claims = {claim.id: claim for claim in edition.claims}
    signals = []
    for number in numbers.of("fact"):
        claim = claims[number.id]
        on = claim.happened_on or claim.made_on
        signals += [
            _signal(edition, number, event_id, index, on, claim.origin, claim.source, claim.id)
            for event_id in number.about
            if event_id in index
        ]
    return signals


def history_signals(edition: EditionDossier, numbers: Quantified, index: dict[str, int]) -> list[Signal]:
    """Return the signals among the history rows."""
    rows = [row for row in edition.history if row.what == "signal"]
    return [
        _signal(edition, number, row.event, index, row.on, row.source, row.source, None)
        for number, row in zip(numbers.of("signal"), rows, strict=True)
    ]


def _signal(
    edition: EditionDossier, number: Number, event_id: str, index: dict[str, int], on: dt.date,
    origin: str, source: str, claim: str | None,
) -> Signal:  # fmt: skip
    event = edition.dossier.events[event_id]
    starts = max(on, event.opens_on)
    lasting = dt.timedelta(days=round(event_horizon(event) * 365.25))
    ends = event.scheduled_on + dt.timedelta(days=1) if event.scheduled_on else starts + lasting
    name = f"{number.id}:{event_id}"
    return Signal(name, index[event_id], starts, ends, number.location, number.spread, origin, source, claim)


def overlaps(signals: Sequence[Signal], one: Signal) -> tuple[int, int, int, int]:
    """Count the stronger signals of the same sign that act beside one.

    Four kinds, in this order: of its origin in another source (the same report, retold), of its origin in its own source
    (one speaker, two facts), of its source, of neither.

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

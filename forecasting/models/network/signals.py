"""Facts that shift a hazard for some time, from claims and from the history, and what they repeat of each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.events import HistoryRow
from forecasting.elicitation.numbers import Number, Quantified
from forecasting.models.network.clocks import event_horizon
from forecasting.models.network.lasting import Lasting


@dataclass(frozen=True)
class Signal:
    """A fact that shifts one event's log hazard from ``starts_on`` up to ``ends_on``.

    That is for the event's reference horizon, unless its record says until when; one that fades lasts five half-lives.
    """

    id: str
    event: int
    starts_on: dt.date
    ends_on: dt.date
    mean: float
    sd: float
    origin: str
    source: str
    claim: str | None
    half_life_years: float | None = None

    def turns(self) -> list[dt.date]:
        """Return the days on which it begins, falls to what is left of it, and ends."""
        return [day for day, _ in Lasting(None, self.ends_on, self.half_life_years).changes(self.starts_on)]

    def left_on(self, day: dt.date) -> float:
        """Return what is left of its log ratio on a day: all of it, unless it fades."""
        return Lasting(None, self.ends_on, self.half_life_years).left_on(self.starts_on, day) if self.half_life_years else 1.0


def claim_signals(edition: EditionDossier, numbers: Quantified, index: dict[str, int]) -> list[Signal]:
    """Return the signals that claims of kind ``fact`` stand for, one per claim and event."""
    claims = {claim.id: claim for claim in edition.claims}
    signals = []
    for number in numbers.of("fact"):
        claim = claims[number.id]
        on = claim.happened_on or claim.made_on
        signals += [
            _signal(edition, number, event_id, index, on, claim.origin, claim.source, claim, claim.id)
            for event_id in number.about
            if event_id in index
        ]
    return signals


def history_signals(edition: EditionDossier, numbers: Quantified, index: dict[str, int]) -> list[Signal]:
    """Return the signals among the history rows."""
    rows = [row for row in edition.history if row.what == "signal"]
    return [
        _signal(edition, number, row.event, index, row.on, row.origin or row.source, row.source, row)
        for number, row in zip(numbers.of("signal"), rows, strict=True)
    ]


def _signal(
    edition: EditionDossier, number: Number, event_id: str, index: dict[str, int], on: dt.date,
    origin: str, source: str, record: Claim | HistoryRow, claim: str | None = None,
) -> Signal:  # fmt: skip
    event = edition.dossier.events[event_id]
    starts = max(on, event.opens_on)
    fades = record.half_life_years
    lasting = dt.timedelta(days=round((5 * fades if fades else event_horizon(event)) * 365.25))
    ends = event.scheduled_on + dt.timedelta(days=1) if event.scheduled_on else starts + lasting
    ends = max(starts, min(ends, record.until)) if record.until else ends
    name = f"{number.id}:{event_id}"
    return Signal(name, index[event_id], starts, ends, number.location, number.spread, origin, source, claim, fades)


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

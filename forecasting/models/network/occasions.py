"""Occasions: days on which an event can happen besides its hazard, each with an uncertain probability of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.numbers import Quantified
from forecasting.models.network.clocks import event_horizon


@dataclass(frozen=True)
class Occasion:
    """A day on which an event can happen, with cloglog of its probability there as Normal(``mean``, ``sd``²).

    It is over at the end of ``on``: the known past up to a day, and the year ahead from a day, hold it by that.
    """

    id: str
    event: int
    on: dt.date
    mean: float
    sd: float
    inside: bool  # within the event's reference horizon


def edition_occasions(edition: EditionDossier, numbers: Quantified, index: dict[str, int]) -> tuple[Occasion, ...]:
    """Return the occasions of an edition's events, in the order of events and days."""
    found = []
    for event in edition.events:
        ends = event.opens_on + dt.timedelta(days=round(event_horizon(event) * 365.25))
        for occasion in sorted(event.occasions, key=lambda occasion: occasion.on):
            name = occasion_id(event.id, occasion.on)
            number = numbers.get("occasion", name)
            found.append(Occasion(name, index[event.id], occasion.on, number.location, number.spread, occasion.on <= ends))
    return tuple(found)


def occasion_id(event: str, on: dt.date) -> str:
    """Return the name of an occasion."""
    return f"{event}:{on}"


def occasion_arrays(occasions: Sequence[Occasion]) -> dict[str, Any]:
    """Return the arrays over occasions, by the names of `forecasting.models.network.structure.Structure`."""
    return {
        "occasions": tuple(occasions),
        "occasion_event": np.array([one.event for one in occasions], dtype=int),
        "occasion_inside": np.array([float(one.inside) for one in occasions]),
        "occasion_mean": np.array([one.mean for one in occasions], dtype=float),
        "occasion_sd": np.array([one.sd for one in occasions], dtype=float),
    }


def occasions_between(occasions: Sequence[Occasion], event: int, after: dt.date, until: dt.date) -> tuple[int, ...]:
    """Return the positions of an event's occasions after a day, up to another."""
    return tuple(i for i, one in enumerate(occasions) if one.event == event and after < one.on <= until)

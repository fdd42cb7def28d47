"""What a balance shows: ribbons, observations on them, and what each was read as."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import xarray as xr

from forecasting.dossier.balances import CHANGES, NEITHER, Balance
from forecasting.dossier.edition import Dossier
from forecasting.dossier.observed import Look, Observed
from forecasting.models.balance.inputs import FAR, month_starts, named_bounds
from forecasting.models.balance.levels import Drawn

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def band_rows(seen: Observed, draws: Drawn, inputs: xr.Dataset, *, random_seed: int) -> Iterator[tuple]:
    """Yield a row per panel and month: its central half and nine tenths."""
    balance, days = seen.balance, month_starts(seen.balance, seen.as_of)
    unit = f"steps, {balance.high.name} ahead above zero"
    ends = [*days[1:], seen.as_of]  # a level is that of the end of its month
    for field, title in balance.titles.items():
        five = np.quantile(draws.level[:, balance.fields.index(field)], QUANTILES, axis=0)
        for n, day in enumerate(ends):
            yield field, title, unit, day, *(float(value) for value in five[:, n])


def middle(balance: Balance, look: Look) -> float:
    """Return the middle of what an observation's grades name; of an open end half a step beyond its bound."""
    codings = look.record.codings
    ends = np.array([named_bounds(balance, look.record, grading) for grading in (codings[0], codings[-1])])
    ends = np.where(np.abs(ends) == FAR, np.sign(ends) * (np.abs(ends[:, ::-1]) + 1), ends)
    return float(ends.mean())


def graded_words(balance: Balance, look: Look) -> str:
    """Return the grades of an observation in words."""
    names = {balance.low.id: balance.low.name, balance.high.id: balance.high.name}
    verb = "ahead" if look.record.kind == "level" else "gains"
    said = []
    for grading in look.record.codings:
        whom = names.get(grading.favours, "")
        neither = "even" if look.record.kind == "level" else "neither gains"
        told = neither if grading.favours == NEITHER else f"{whom} {grading.by} {verb}" if verb == "ahead" else (
            f"{whom} gains {grading.by}{'' if grading.by == CHANGES[-1] else ' or more'}")
        said.append(told)
    return said[0] if len(set(said)) == 1 else " or ".join(said)


def reading_rows(seen: Observed, inputs: xr.Dataset) -> Iterator[tuple]:
    """Yield what every observation that counts is read as."""
    for n, look in enumerate(seen.looks):
        if inputs["weight"].values[n]:
            bounds = inputs["obs_bounds"].values[n]
            kind = "an event" if look.speaker is None else f"said by {look.speaker}"
            kind = "example of the scale" if look.record.anchor else kind
            reads = f"{look.record.kind}: {graded_words(seen.balance, look)} ({kind})"
            yield look.record.id, look.record.balance, middle(seen.balance, look), float(np.sqrt(bounds[4])), "steps", reads


def point_rows(seen: Observed, inputs: xr.Dataset, dossier: Dossier) -> Iterator[tuple]:
    """Yield the observations that count, a line at zero and the days on which the sources appeared, panel by panel.

    A change is drawn at its size, as if from even.
    """
    balance = seen.balance
    for n, look in enumerate(seen.looks):
        if inputs["weight"].values[n]:
            at = middle(balance, look)
            words = f"{look.record.happened_on}: {look.record.what.rstrip('.')} ({graded_words(balance, look)}; {look.where})"
            yield look.record.balance, look.record.id, look.record.happened_on, at, words, "observed"
    sources = {dossier.claims[look.record.claim].source for look in seen.looks if look.record.claim}
    for field in balance.fields:
        for name in sorted(sources):
            day: dt.date = dossier.sources[name].published_on
            yield field, "", day, float("nan"), dossier.sources[name].title, "day"

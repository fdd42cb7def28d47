"""Every number that enters the model of a balance, by name: months, observations, priors."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import xarray as xr

from forecasting.dossier.balances import LEVELS, Balance, Grading, Observation, Start, grade_of
from forecasting.dossier.observed import Look, Observed

SCALES = ("step", "overall_step", "event_step", "statement_spread", "event_spread", "speaker_spread", "origin_spread")
STATEMENT, EVENT, ANCHOR = 0, 1, 2
NONE, ALONE = -1, -2  # of speakers and origins: none, or one that nothing else shares
FAR = 1e3  # beyond every level, in steps
QUIET, WHOLE, EVENTFUL = 0, 1, 2  # what scales a month's step: positions in `SCALES`
SUDDEN = 3  # months: a change over no more of them is an event that makes its months eventful
FIXED = ("phi", "tail", "slip", "anchor_spread", "weight_spread", "even_spread")
INDEX = ("field", "month", "from_month", "kind", "speaker", "origin")
BOUNDS = ("low_1", "high_1", "low_2", "high_2", "own_variance", "grades")


def month_starts(balance: Balance, until: dt.date) -> list[dt.date]:
    """Return the first day of every month from the start of a balance to that of a day."""
    year, month = balance.starts_on.year, balance.starts_on.month - 1
    return [dt.date(year + (month + n) // 12, (month + n) % 12 + 1, 1) for n in range(balance.months_to(until) + 1)]


def location(balance: Balance, start: Start) -> float:
    """Return where a start lies: in the middle of its grade, one step for *somewhat*, two for *clearly*."""
    return float(balance.sign(start.ahead) * (1 + LEVELS.index(start.by)) if start.by else 0)


def named_bounds(balance: Balance, observation: Observation, grading: Grading) -> tuple[float, float]:
    """Return the interval of the latent scale that a grade names."""
    cuts = (0.0, *getattr(balance.scale, observation.kind), FAR)
    grade = grade_of(balance, observation, grading)
    low, high = cuts[abs(grade)], cuts[abs(grade) + 1]
    return (-high, high) if grade == 0 else (low, high) if grade > 0 else (-high, -low)


def grade_bounds(balance: Balance, observation: Observation, grading: Grading) -> tuple[float, float]:
    """Return the interval of the latent scale as which a grade is read: what it names, and of a gain that or more.

    The grade of a change is that of one thing that happened, or that a sentence names, and its months hold others; *slightly*
    does not say that no more was gained.
    """
    low, high = named_bounds(balance, observation, grading)
    if observation.kind == "level" or low < 0 < high:
        return low, high
    return (low, FAR) if low >= 0 else (-FAR, high)


def ends_of(low: float, high: float, level: Sequence[float]) -> np.ndarray:
    """Return the ends of everything that a coder could have written, rising, from the bounds of what he wrote.

    Parameters
    ----------
    low, high : float
        The bounds.
    level : sequence of float
        The bounds of the grades of a level, or nothing for a change: of that he says whether it is so much or more, or, if
        nobody gained, where it lies beside *neither*.

    Examples
    --------
    >>> ends_of(0.25, FAR, ()).tolist(), ends_of(-0.25, 0.25, ()).tolist()
    ([-1000.0, 0.25, 1000.0], [-1000.0, -0.25, 0.25, 1000.0])
    >>> ends_of(0.5, 1.5, (0.5, 1.5)).tolist()
    [-1000.0, -1.5, -0.5, 0.5, 1.5, 1000.0]
    """
    cuts = [*(-cut for cut in reversed(level)), *level] or [end for end in (low, high) if abs(end) < FAR]
    return np.array([-FAR, *cuts, FAR])


def shared(names: Sequence[str | None]) -> tuple[list[int], list[str]]:
    """Return the group of each name, and the names of the groups: those that occur twice or more.

    Examples
    --------
    >>> shared(["a", "b", None, "a"])
    ([0, -2, -1, 0], ['a'])
    """
    groups = [name for name, n in Counter(name for name in names if name is not None).items() if n > 1]
    place = {name: i for i, name in enumerate(groups)}
    return [NONE if name is None else place.get(name, ALONE) for name in names], groups


def at_one_thing(one: Look, name: str | None) -> str | None:
    """Return under which name an observation shares the error of its speaker or origin: with what looks at the same thing.

    That is one theatre in one month, and its level or its change. An error shared with another theatre, another month or
    another kind would be learnt from there: what is said for Ankara in Syria would count against it in the Black Sea.
    """
    record = one.record
    return name and f"{name}, {record.kind} of {record.balance}, {record.happened_on:%Y-%m}"


def look_months(last: int) -> list[int]:
    """Return the months whose levels are published with the draws: every twelfth, back from the last."""
    return list(range(last % 12, last + 1, 12))


def balance_inputs(seen: Observed, used: Collection[str], grades: Mapping[tuple[str, str], float]) -> xr.Dataset:
    """Return all numbers of a balance; observations that are not ``used`` have weight zero.

    Parameters
    ----------
    seen : Observed
        The balance and what an edition knows of it.
    used : collection of str
        Ids of the observations that count in this layer.
    grades : mapping
        Added standard deviation by (scale, grade), of reliability and credibility.
    """
    balance = seen.balance
    fields, labels = balance.fields, [f"{month:%Y-%m}" for month in month_starts(balance, seen.as_of)]
    speaker, speakers = shared([at_one_thing(one, one.speaker) for one in seen.looks])
    origin, origins = shared([at_one_thing(one, None if one.record.anchor else one.origin) for one in seen.looks])
    names = [one.record.id for one in seen.looks]
    index, bounds = _observations(seen, speaker, origin, grades)
    numbers = {
        "obs_index": (("observation", "place"), index, "number"),
        "obs_bounds": (("observation", "bound"), bounds, "steps"),
        "weight": ("observation", np.array([float(name in used) for name in names]), "0 or 1"),
        "step_kind": ("step", _step_kinds(seen, len(labels)), "number"),
        **_assumed(balance),
        "look_at": ("look", np.array(_looks(len(fields), len(labels)), dtype="int64"), "month"),
    }
    coords = {
        "observation": names, "place": list(INDEX), "bound": list(BOUNDS), "scale": list(SCALES),
        "moment": ["location", "spread"], "field": list(fields), "constant": list(FIXED), "month": labels,
        "step": [f"{name} {label}" for name in fields for label in labels[1:]],
        "look": [f"{name} {labels[n]}" for name in fields for n in look_months(len(labels) - 1)],
        "speaker": ["nobody", *speakers], "origin": ["nothing", *origins], "theatre": list(fields[:-1]),
    }  # fmt: skip
    return xr.Dataset({name: (dims, values, {"units": unit}) for name, (dims, values, unit) in numbers.items()}, coords)


def _observations(
    seen: Observed, speaker: list[int], origin: list[int], grades: Mapping[tuple[str, str], float]
) -> tuple[np.ndarray, np.ndarray]:
    """Return what every observation looks at, and between which bounds its two grades lie."""
    balance, index, bounds = seen.balance, [], []
    for one, by, first in zip(seen.looks, speaker, origin, strict=True):
        record, at = one.record, balance.months_to(one.record.happened_on)
        kind = ANCHOR if record.anchor else STATEMENT if one.speaker else EVENT
        start = at - record.over_months if record.kind == "change" else NONE
        index.append((balance.fields.index(record.balance), at, start, kind, by, first))
        ends = [end for grading in (record.codings[0], record.codings[-1]) for end in grade_bounds(balance, record, grading)]
        own = 0.0 if record.anchor else sum(grades[key] ** 2 for key in one.graded)
        bounds.append((*ends, own, 2.0 * len(getattr(balance.scale, record.kind)) + 1))
    return np.array(index, dtype="int64").reshape(-1, len(INDEX)), np.array(bounds, dtype=float).reshape(-1, len(BOUNDS))


def _step_kinds(seen: Observed, n_months: int) -> np.ndarray:
    """Return what scales the step of every field and month: months with a recorded event are not quiet ones.

    That something happened there is known in every layer; what it was worth is what observations say. What happened at large,
    in no theatre, makes no theatre's month eventful, and what they share moves slowly.
    """
    fields = seen.balance.fields
    kinds = np.full((len(fields), n_months), QUIET, dtype="int64")
    kinds[-1] = WHOLE
    for one in seen.looks:
        if one.record.kind == "change" and one.record.over_months <= SUDDEN and one.record.balance != fields[-1]:
            at = seen.balance.months_to(one.record.happened_on)
            kinds[fields.index(one.record.balance), at - one.record.over_months + 1 : at + 1] = EVENTFUL
    return kinds[:, 1:].ravel()


def _assumed(balance: Balance) -> dict[str, tuple]:
    """Return the priors of a balance."""
    priors = balance.priors
    scales = [(math.log(one.middle), one.log_spread) for one in (getattr(priors, name) for name in SCALES)]
    starts = [*(theatre.starts for theatre in balance.theatres), balance.starts]
    weights = priors.weights.log_spread if priors.weights else 0.0
    fixed = (
        2 ** (-1 / (12 * priors.half_life_years.value)), priors.tail.value, priors.slip, priors.anchor_spread, weights,
        balance.scale.level[0],
    )  # fmt: skip
    return {
        "scale_prior": (("scale", "moment"), np.array(scales), "log steps"),
        "start_prior": (("field", "moment"), np.array([(location(balance, one), one.spread) for one in starts]), "steps"),
        "fixed": ("constant", np.array(fixed), "a month, degrees of freedom, a share, steps, log weight, steps"),
    }


def _looks(n_fields: int, n_months: int) -> list[int]:
    """Return where the published levels stand in the flat array of levels, field by field."""
    return [field * n_months + month for field in range(n_fields) for month in look_months(n_months - 1)]

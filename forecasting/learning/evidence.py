"""What a record teaches from, as arrays: what was said against what came, for judgements and for whole questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from forecasting.fitting.learning import Lessons

NODES = 16


def _slice_means(low: float) -> np.ndarray:
    """Return the mean of a standard normal within each of 16 equally likely slices of it above its quantile ``low``."""
    normal, edges = NormalDist(), np.linspace(low, 1, NODES + 1)
    density = np.array([normal.pdf(normal.inv_cdf(q)) if 0 < q < 1 else 0.0 for q in edges])
    return -np.diff(density) * NODES / (1 - low)


_LEVEL, _FLOOR = _slice_means(0.0), _slice_means(0.5)  # the error of a level, and that of a floor, which lies above
ERRORS = {"level": _LEVEL, "at_least": _FLOOR, "at_most": -_FLOOR}


@dataclass(frozen=True)
class Said:
    """One judgement about one event, and whether what it says came true.

    Parameters
    ----------
    about : str
        The event.
    z, spread : float
        The reading of *what was said* (of not happening, if that was said) on the probit scale, and its standard deviation.
    reads : {"level", "at_least", "at_most"}
        Whether what was said has about this probability, that or more, or that or less.
    came : bool or None
        None while it is open.
    story : str
        Judgements of one story count together as one outcome.
    """

    claim: str
    about: str
    source: str
    wording: str
    kind: str
    z: float
    spread: float
    reads: str
    came: bool | None
    story: str


@dataclass(frozen=True)
class Asked:
    """One settled question: log P(outcome) of its layers, and which outcome came.

    Parameters
    ----------
    base, claims, history : tuple of float
        log P of each outcome under base rates, with claims, with history.
    parts : dict
        By part of the evidence (a kind of claim, a source): how much it adds to log P of each outcome.
    """

    question: str
    base: tuple[float, ...]
    claims: tuple[float, ...]
    history: tuple[float, ...]
    parts: dict[str, tuple[float, ...]]
    came: int
    story: str


def lessons(said: Sequence[Said], asked: Sequence[Asked]) -> Lessons:
    """Return what the model reads: settled judgements and questions, each weighted by one over the number in its story.

    Sources, wordings and kinds of open judgements are kept, so that a table can say that nothing was learned of them.

    Examples
    --------
    >>> one = Said("c-1", "e", "s", "likely", "said to happen", 0.5, 0.3, "level", True, "e")
    >>> found = lessons([one, one], [])
    >>> found.weight.tolist(), found.names("source")
    ([0.5, 0.5], ('s',))
    """
    names = {dim: tuple(dict.fromkeys(getattr(one, dim) for one in said)) for dim in ("source", "wording", "kind")}
    parts = tuple(dict.fromkeys(part for one in asked for part in one.parts))
    settled = [one for one in said if one.came is not None]
    width = max((len(one.base) for one in asked), default=2)
    return Lessons(
        coords=tuple((dim, found) for dim, found in (*names.items(), ("part", parts))),
        z=np.array([one.z for one in settled], dtype=float),
        spread=np.array([one.spread for one in settled], dtype=float),
        errors=np.array([ERRORS[one.reads] for one in settled], dtype=float).reshape(len(settled), NODES),
        index={dim: np.array([found.index(getattr(one, dim)) for one in settled], dtype=int) for dim, found in names.items()},
        came=np.array([float(bool(one.came)) for one in settled]),
        weight=_shares([one.story for one in settled]),
        base=_padded([one.base for one in asked], width, -np.inf),
        claims=_padded([np.subtract(one.claims, one.base) for one in asked], width, 0.0),
        history=_padded([np.subtract(one.history, one.claims) for one in asked], width, 0.0),
        parts=np.stack(
            [_padded([one.parts.get(p, (0.0,) * len(one.base)) for one in asked], width, 0.0) for p in parts], axis=2,
        ) if parts and asked else np.zeros((len(asked), width, len(parts))),
        outcome=np.array([one.came for one in asked], dtype=int),
        question_weight=_shares([one.story for one in asked]),
    )  # fmt: skip


def _shares(stories: Sequence[str]) -> np.ndarray:
    counts = {story: stories.count(story) for story in stories}
    return np.array([1 / counts[story] for story in stories], dtype=float)


def _padded(rows: Sequence[Sequence[float] | np.ndarray], width: int, fill: float) -> np.ndarray:
    found = np.full((len(rows), width), fill)
    for i, row in enumerate(rows):
        found[i, : len(row)] = row
    return found

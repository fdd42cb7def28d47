"""Where a wording that no survey asked about stands among those that surveys did ask about, and how far off such a place is.

A *placement* names one surveyed phrase, or two and how far the way from the first to the second is gone. How far off
placements are is learnt from surveyed phrases that are placed by one rule from their words alone (`PLACED`), as if nobody had
been asked what they mean, and then held against the readers who were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Placement:
    """At the phrase ``at``, or a ``share`` of the way from there to ``towards`` (0 is at the first, 1 at the second).

    ``denied``: the phrases are said of the event, and the wording of its absence.
    """

    at: str
    towards: str = ""
    share: float = 0.0
    denied: bool = False

    def __post_init__(self) -> None:
        """Refuse a share without a second phrase, and one outside [0, 1]."""
        if not 0 <= self.share <= 1 or (self.share > 0) != bool(self.towards):
            raise ValueError(f"place {self}: a share between 0 and 1 goes with a second phrase, and only with it")


FREE = ("will happen", "almost certain", "likely", "about even", "may happen", "unlikely", "almost no chance")
"""The phrases that the others are placed among: each the plainest of its kind."""
PLACED: dict[str, Placement] = {
    "almost certainly": Placement("almost certain"),
    "probable": Placement("likely"),
    "probably": Placement("likely"),
    "we believe": Placement("likely"),
    "could happen": Placement("may happen"),
    "might happen": Placement("may happen"),
    "improbable": Placement("unlikely"),
    "probably not": Placement("unlikely"),
    "we doubt": Placement("unlikely"),
    "highly likely": Placement("likely", "almost certain", 0.5),
    "very good chance": Placement("likely", "almost certain", 0.5),
    "better than even": Placement("about even", "likely", 0.5),
    "realistic possibility": Placement("may happen", "likely", 0.5),
    "highly unlikely": Placement("unlikely", "almost no chance", 0.5),
    "little chance": Placement("unlikely", "almost no chance", 0.5),
    "chances are slight": Placement("unlikely", "almost no chance", 0.5),
    "remote chance": Placement("unlikely", "almost no chance", 0.5),
}
"""One rule from the words: a synonym stands at its plain phrase, a strengthened or weakened one half way to the next."""
PHRASES = (*FREE, *PLACED)


def share_slack(placements: Sequence[Placement], phrases: Sequence[str]) -> np.ndarray:
    """Return what an error of the share is multiplied with, dims (placement, phrase): its row times the phrases is the gap.

    A share w has slack 2 √(w (1 − w)): all of it half way, none at a phrase, where the wording is a synonym and its share
    nobody's guess.

    Examples
    --------
    >>> share_slack([Placement("a"), Placement("a", "b", 0.5), Placement("a", "b", 0.2)], ["a", "b"])
    array([[ 0. ,  0. ],
           [-1. ,  1. ],
           [-0.8,  0.8]])
    """
    table = np.zeros((len(placements), len(phrases)))
    for row, place in zip(table, placements, strict=True):
        if place.towards:
            slack = 2 * np.sqrt(place.share * (1 - place.share))
            row[phrases.index(place.at)], row[phrases.index(place.towards)] = -slack, slack
    return table


def weights(placements: Sequence[Placement], phrases: Sequence[str]) -> np.ndarray:
    """Return how much each phrase counts in each placement, dims (placement, phrase); every row sums to one.

    Raises
    ------
    ValueError
        If a placement names a phrase that is not among ``phrases``.

    Examples
    --------
    >>> weights([Placement("unlikely", "likely", 0.25)], ["likely", "unlikely"])
    array([[0.25, 0.75]])
    """
    table = np.zeros((len(placements), len(phrases)))
    for row, place in zip(table, placements, strict=True):
        for phrase, weight in ((place.at, 1 - place.share), (place.towards, place.share)):
            if weight and phrase not in phrases:
                raise ValueError(f"no survey asked about '{phrase}'; place it among: {', '.join(sorted(phrases))}")
            if weight:
                row[phrases.index(phrase)] += weight
    return table

"""Which entries of a lexicon mean nearly what a wording means that it lacks: never by letters alone."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from statistics import median

from forecasting.dossier.wordings import Wording

SAME = 0.06  # medians as near as this mean nearly the same
FAR = 0.1  # medians further apart than this are no suggestion, whatever words they share
TYPO = 0.8  # likeness of two words of which one may be a slip of the other
_FILLING = frozenset({
    "a", "an", "the", "is", "are", "be", "it", "that", "of", "to", "will", "would", "there", "in", "case", "chance",
    "chances", "possibility", "possibilities", "odds", "probability", "prospect", "happen", "happens", "very", "highly",
    "quite", "rather", "fairly", "extremely", "most", "about", "roughly", "around", "approximately",
})  # fmt: skip
_NEGATING = ("un", "im", "in", "non")


def carrying(wording: str) -> tuple[str, ...]:
    """Return the words of a wording that carry its probability: without those that go with any, and without "very" or "about".

    Examples
    --------
    >>> carrying("there is a roughly even chance"), carrying("very unlikely"), carrying("remote chance")
    (('even',), ('unlikely',), ('remote',))
    """
    return tuple(word for word in wording.split() if word not in _FILLING)


def _slip(one: str, other: str) -> bool:
    """Return whether two words are the same but for a slip of the pen; "likely" and "unlikely" are not."""
    if one == other:
        return True
    if any(long == start + short for start in _NEGATING for long, short in ((one, other), (other, one))):
        return False
    return min(len(one), len(other)) > 3 and difflib.SequenceMatcher(None, one, other).ratio() >= TYPO


def alike(one: str, other: str) -> bool:
    """Return whether two wordings share the words that carry their probability, but for slips of the pen.

    Examples
    --------
    >>> alike("roughly even chance", "about even"), alike("roughly even chance", "remote chance"), alike("unlikly", "unlikely")
    (True, False, True)
    >>> alike("likely", "unlikely")
    False
    """
    left, right = carrying(one), carrying(other)
    return bool(left) and len(left) == len(right) and all(map(_slip, left, right))


def similar(wording: str, lexicon: Mapping[str, Wording], medians: Iterable[float] = ()) -> tuple[Wording, ...]:
    """Return at most three entries that mean nearly the same, the nearest first.

    Parameters
    ----------
    wording : str
        The words that the lexicon lacks.
    lexicon : mapping of str to Wording
        Its entries.
    medians : iterable of float
        What other lexicons give for the wording, if any lists it: then entries within `SAME` of their median are near, and
        entries that share words are so only within `FAR`. Without it only shared words count.

    Examples
    --------
    >>> even = Wording(wording="about even", p05=0.47, p25=0.48, p50=0.5, p75=0.51, p95=0.53, n=2587, citation="CAPphrase")
    >>> remote = Wording(wording="remote chance", p05=0.01, p25=0.03, p50=0.06, p75=0.1, p95=0.2, n=2587, citation="CAPphrase")
    >>> both = {"about even": even, "remote chance": remote}
    >>> [row.wording for row in similar("roughly even chance", both)], [row.wording for row in similar("50-50", both, [0.5])]
    (['about even'], ['about even'])
    >>> similar("inevitable", both)
    ()
    """
    given = list(medians)
    middle = median(given) if given else None
    near = []
    for row in lexicon.values():
        shares, off = alike(wording, row.wording), 0.0 if middle is None else abs(row.p50 - middle)
        if not row.instead and (shares if middle is None else off <= (FAR if shares else SAME)):
            near.append((not shares, off, row.wording, row))
    return tuple(row for *_, row in sorted(near, key=lambda one: one[:3])[:3])


def with_percent(rows: Iterable[Wording]) -> str:
    """Return entries with what they stand for: ``'about even' (50 %), 'likely' (73 %)``."""
    return ", ".join(f"'{row.wording}' ({100 * row.p50:.0f} %)" for row in rows)


def medians_of(wording: str, lexicons: Mapping[str, Mapping[str, Wording]]) -> dict[str, float]:
    """Return the median that each lexicon gives a wording, by its name; without those that do not list it."""
    return {name: entries[wording].p50 for name, entries in sorted(lexicons.items()) if wording in entries}


def how_to_place(wording: str, lexicons: Mapping[str, Mapping[str, Wording]]) -> str:
    """Return the command that places a wording among surveyed phrases, at the one that is nearest in meaning if one is near."""
    surveyed = {row.wording: row for entries in lexicons.values() for row in entries.values() if row.n and not row.at}
    near = similar(wording, surveyed, medians_of(wording, lexicons).values())
    at = f'"{near[0].wording}"' if near else "PHRASE"
    return f'forecast new wording "{wording}" --lexicon my-hedges --at {at} --why TEXT'

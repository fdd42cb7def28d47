"""Find counted classes for what somebody expects to happen, said as a headline says it.

`forecasting.dossier.library.search` ranks classes by the words that they share with a query. A headline shares few: "Ethiopia
attacks Eritrea" is about a state that enters an interstate war, and none of its words stands in the library. So a title is first
read by frames (`forecasting.coding.class_frames`), each a kind of event with the verbs and nouns that headlines say it with. A
name counts for the place that it has: ``@`` stands for one, and two of them at a verb of war are two states. The ranking by what
the frames are called in the library and the ranking by the title's own words are then fused by reciprocal ranks.

References
----------
Cormack, G., Clarke, C. and Büttcher, S. (2009), *Reciprocal rank fusion outperforms Condorcet and individual rank learning
methods*, SIGIR: a class scores Σ weight / (k + rank) over the rankings that it stands in.
Fillmore, C. (1982), *Frame semantics*: words evoke a scene, which says who does what to whom.
"""

from __future__ import annotations

import re
from functools import cache

from forecasting.coding.class_frames import FRAMES, KNOWN, WORDS
from forecasting.dossier.library.records import LibraryClass, library
from forecasting.dossier.library.search import classes_by_words, find_classes, words_of

FRAME, OWN = 2.0, 1.0  # weight of a ranking by a frame's words, and of the one by the title's own
K = 2  # so small that the first of a frame stays before what stands second there and first in the title's own words
_NAME = re.compile(r"[A-Z][\w'\u2019.-]*|[A-Z0-9]*[A-Z][A-Z0-9]+")


def with_names(title: str) -> str:
    """Return a title in lower case with ``@`` for each name in it.

    A capital inside a title begins a name; of the first word it says nothing, so that is a name where neither the library nor a
    frame knows it.

    Examples
    --------
    >>> with_names("Guyana and Venezuela sign an agreement on Essequibo"), with_names("The army of Mali's junta mutinies")
    ('@ and @ sign an agreement on @', "the army of @'s junta mutinies")
    """
    words = title.replace("\u2019", "'").split()
    said: list[str] = []
    for n, word in enumerate(words):
        bare = re.sub(r"'s$|[^\w'-]+$", "", word)
        is_name = bool(re.match(r"[A-Z]|[0-9]+[A-Z]|[a-z]?[A-Z]", bare)) and (n > 0 or not _known(bare))
        if is_name and bare.casefold() not in KNOWN:
            rest = word[len(bare) :] if word.startswith(bare) else ""
            if said and said[-1] == "@":
                said.pop()
            said.append("@" + rest)
        else:
            said.append(word.casefold())
    return " ".join(said)


def frames_of(title: str, unit: str | None = None) -> list[str]:
    """Return what the frames that a title evokes are called in the library, in their order; with a unit those counted in it.

    Examples
    --------
    >>> frames_of("Ethiopia attacks Eritrea")
    ['State enters an interstate armed conflict']
    >>> frames_of("The bridge is opened")
    []
    """
    said = with_names(title)
    return [called for pattern, called in FRAMES if pattern.search(said) and unit in (None, _unit_of(called))]


@cache
def _unit_of(called: str) -> str:
    """Return what the class that a frame is called after is counted in."""
    return find_classes(called)[0].latest.unit


def search_classes(words: str = "", theme: str | None = None, unit: str | None = None) -> list[LibraryClass]:
    """Return the classes of the library that fit words or a title, best first: first one of each kind, then all others.

    Words that begin with a capital or hold a name are read as a title; others are looked for as they are. The parameters are
    those of `forecasting.dossier.library.search.find_classes`, which ranks by the words themselves.

    Examples
    --------
    >>> search_classes("Maduro leaves office", unit="year")[0].title.partition(",")[0]
    'Leader leaves office'
    """
    own = find_classes(words, theme, unit)
    is_title = words[:1].isupper() or "@" in with_names(words)
    if not (is_title and frames_of(words, unit)):
        return own
    found = [one for one in _fused(words, unit) if one.theme.startswith(theme or "")]
    return [*found, *(one for one in own if one not in found)]


def propose_classes(title: str, most: int = 3, unit: str | None = None) -> list[LibraryClass]:
    """Return the classes that fit an event's title, best first; of those that differ in their years alone one.

    Parameters
    ----------
    title : str
        What happens, as a sentence or a headline.
    most : int
        How many at the most.
    unit : str, optional
        ``"year"`` for an event that may happen any day, ``"trial"`` for one that has a day (`scheduled_on`).

    Examples
    --------
    >>> [one.id for one in propose_classes("Ethiopia attacks Eritrea", 1, "year")]
    ['interstate-onset-1992']
    """
    return _fused(title, unit)[:most]


def _fused(title: str, unit: str | None) -> list[LibraryClass]:
    """Return the classes of a title by reciprocal rank fusion; of those that differ in their years alone one."""
    scores: dict[str, float] = {}
    for weight, words in [(OWN, title), *((FRAME, called) for called in frames_of(title, unit))]:
        for rank, one in enumerate(classes_by_words(words, len(library()), unit), 1):
            scores[one.id] = scores.get(one.id, 0.0) + weight / (K + rank)
    return [library()[name] for name in sorted(scores, key=lambda name: (-scores[name], name))]


@cache
def _vocabulary() -> frozenset[str]:
    """Return the words of the titles of the library, of its themes, and of what the frames are called there."""
    return frozenset(word for one in library().values() for word in words_of(f"{one.title} {one.theme} {one.event}"))


def _known(word: str) -> bool:
    """Return whether a word at the beginning of a title is an English word: one of the library's, or of a frame."""
    said = word.casefold()
    forms = {said, re.sub(r"(?:es|s|ing|ed)$", "", said)}
    return bool(forms & (_vocabulary() | KNOWN)) or any(pattern.search(said) for pattern in WORDS)

"""Find classes of the library by words, theme and unit, and the classes nearest to one."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from forecasting.dossier.library.records import LibraryClass, library

# how much a word counts where it stands
WEIGHTS = (("title", 3.0), ("theme", 2.0), ("id", 2.0), ("event", 2.0), ("at_risk", 1.0))
ELSEWHERE = 0.5  # how much a word that means about the same counts, beside the word itself
COMMON = frozenset((
    "a", "an", "and", "after", "any", "at", "before", "by", "down", "for", "from", "has", "in", "into", "is", "its", "of", "on",
    "or", "out", "since", "than", "that", "the", "this", "to", "up", "was", "with",
))  # fmt: skip
# groups of words that mean about the same to somebody who looks for a class
ALIKE = tuple(frozenset(group.split()) for group in (
    "war fight battle combat", "clash skirmish dispute violence incident", "coup putsch overthrow", "ceasefire truce armistice",
    "agreement accord deal treaty pact", "election vote poll ballot", "leader president ruler autocrat",
    "government cabinet minister", "refugee displaced return exile", "troop base deployment garrison force",
    "debt default restructuring", "sanction embargo", "protest demonstration rally", "rebel insurgent group",
    "mediated mediator talk negotiated negotiation", "collapse fail failure breakdown break",
    "again recur return resume break", "fall end loss lose", "american us", "leave cut withdraw",
    "autocracy dictatorship autocratic",
))  # fmt: skip
ENDINGS = ("ations", "ation", "ings", "ing", "ments", "ment", "ies", "ied", "ers", "er", "ions", "ion", "es", "ed", "s", "e", "y")
SHORTEST = 3  # letters that a stem keeps


def stem(word: str) -> str:
    """Return a word without its ending, so that forms of one word are alike.

    Examples
    --------
    >>> stem("sanctions"), stem("sanctioned"), stem("coups"), stem("war")
    ('sanct', 'sanct', 'coup', 'war')
    """
    for _ in range(2):
        ending = next((end for end in ENDINGS if word.endswith(end) and len(word) - len(end) >= SHORTEST), "")
        word = word.removesuffix(ending) if ending else word
    return word


def stems(text: str) -> list[str]:
    """Return the stems of the words of a text that say what it is about, in order."""
    return [stem(word) for word in re.findall(r"[a-z]+|\d+", text.lower()) if word not in COMMON]


def find_classes(words: str = "", theme: str | None = None, unit: str | None = None) -> list[LibraryClass]:
    """Return the classes that fit, best first; without words all of a theme or unit in the order of their ids.

    A class scores for each word of the query how rare the word is in the library, times how much it says where it stands; a
    word that means about the same counts half. Scores are added, times the share of the query's words that were found.

    Parameters
    ----------
    words : str
        What one looks for, such as ``"war after clash"``.
    theme : str, optional
        A theme, or the beginning of one, such as ``"coups"``.
    unit : str, optional
        ``"year"`` or ``"trial"``.

    Examples
    --------
    >>> find_classes("coup attempt succeeds")[0].theme
    'coups'
    """
    kept = {name: one for name, one in library().items()
            if one.theme.startswith(theme or "") and unit in (None, one.latest.unit)}  # fmt: skip
    wanted = list(dict.fromkeys(stems(words)))
    if not wanted:
        return [one for one in kept.values() if not words.strip()]
    scores = {name: _score(name, wanted) for name in kept}
    found = sorted((name for name in kept if scores[name] > 0), key=lambda name: (-scores[name], name))
    return [kept[name] for name in found]


def nearest(name: str, most: int = 3) -> list[LibraryClass]:
    """Return the classes of the library nearest to one of them: the cosine of their weighted words, highest first."""
    own = _vector(name)
    others = sorted((other for other in library() if other != name), key=lambda other: (-_cosine(own, _vector(other)), other))
    return [library()[other] for other in others[:most]]


def _score(name: str, wanted: Iterable[str]) -> float:
    own, rare = _index()[name], _rarity()
    hits = []
    for word in wanted:
        near = max((own[other] * ELSEWHERE * rare[other] for other in _alike().get(word, ()) if other in own), default=0.0)
        hits.append(max(own[word] * rare.get(word, 0.0), near))
    return sum(hits) * sum(hit > 0 for hit in hits) / len(hits)


@cache
def _index() -> Mapping[str, Counter[str]]:
    """Return for each class how much each stem says of it: the most that one of its places gives."""
    index = {}
    for name, one in library().items():
        found: Counter[str] = Counter()
        for field, weight in WEIGHTS:
            for word in stems(str(getattr(one, field))):
                found[word] = max(found[word], weight)  # type: ignore[assignment]
        index[name] = found
    return index


@cache
def _rarity() -> Mapping[str, float]:
    """Return log((1 + n) / (1 + k)) for a stem that k of n classes have."""
    having = Counter(word for found in _index().values() for word in found)
    return {word: math.log((1 + len(_index())) / (1 + k)) for word, k in having.items()}


@cache
def _alike() -> Mapping[str, frozenset[str]]:
    groups = [frozenset(map(stem, group)) for group in ALIKE]
    words = {word for group in groups for word in group}
    return {word: frozenset().union(*(group for group in groups if word in group)) - {word} for word in words}


@cache
def _vector(name: str) -> Mapping[str, float]:
    return {word: weight * _rarity()[word] for word, weight in _index()[name].items()}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    product = sum(weight * other.get(word, 0.0) for word, weight in one.items())
    return product / math.sqrt(sum(x * x for x in one.values()) * sum(x * x for x in other.values()))

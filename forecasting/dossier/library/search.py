"""Find classes of the library by words, theme and unit, and the classes nearest to one: SQLite's full-text search, in memory.

SQLite brings the index, the stems of English words (Porter) and the ranking (Okapi BM25); it is part of Python. What is ours is
how much a word says where it stands, and which words mean about the same to somebody who looks for a class.

References
----------
Robertson, S. and Zaragoza, H. (2009), *The probabilistic relevance framework: BM25 and beyond*, Foundations and Trends in
Information Retrieval 3. Porter, M. F. (1980), *An algorithm for suffix stripping*, Program 14.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache

from forecasting.dossier.library.records import LibraryClass, library

# how much a word counts where it stands
WEIGHTS = {"title": 3.0, "theme": 2.0, "id": 2.0, "event": 2.0, "at_risk": 1.0}
ELSEWHERE = 0.5  # how much a word that means about the same counts, beside the word itself
ASIDE = 0.5  # how much a class counts that speaks of what nobody asked for: one state, or an ending
ONE_STATE = re.compile(r"\b(?:US|USA|America|American|Americans|United States|Washington)\b")
ENDING = re.compile(
    r"\b(?:end(?:s|ed|ing)?|over|inactive|de-escalates?|falls?|loss|loses?|lost|exit|dies|death|stops?|collapses?|breaks? down"
    r"|leaves?|withdraws?|fails?|failure|breakdown|peace|lapses?|no longer|toppled?|removed|overthrown?|resigns?|cuts?|lower"
    r"|ousted)\b",
    re.IGNORECASE,
)
COMMON = frozenset((
    "a", "an", "and", "after", "any", "at", "before", "by", "down", "for", "from", "has", "in", "into", "is", "its", "of", "on",
    "or", "out", "since", "than", "that", "the", "this", "to", "up", "was", "with", "are", "be", "between",
    "both", "comes", "least", "most", "not", "over", "side", "sides", "their", "two", "will",
))  # fmt: skip
# groups of words that mean about the same to somebody who looks for a class
ALIKE = (
    "war fight battle combat attack invade invasion seize conquer hostilities",
    "clash skirmish dispute violence incident conflict",
    "border interstate neighbour frontier", "organisation bloc union withdraws leaves member",
    "coup putsch overthrow topple oust depose", "ceasefire truce armistice", "agreement accord deal treaty pact",
    "election vote poll ballot", "leader president ruler autocrat", "government cabinet minister",
    "military army soldiers officers generals", "opposition incumbent party", "begin start enter erupt onset outbreak",
    "sign conclude reach", "resign replaced exit removed leave", "refugee displaced return exile",
    "troop base deployment garrison force", "debt default restructuring", "sanction embargo",
    "protest demonstration rally uprising campaign", "rebel insurgent group", "mediated mediator talk negotiated negotiation",
    "collapse fail failure breakdown break", "again recur return resume break", "fall end loss lose", "american us",
    "leave cut withdraw", "autocracy dictatorship autocratic",
)  # fmt: skip
# verbs of two words, whose first alone says something else
PHRASES = (
    (r"\b(?:breaks?|broke) out\b", "begins"), (r"\b(?:steps?|stepped) down\b", "resigns"),
    (r"\b(?:pulls?|pulled) out\b", "withdraws"), (r"\b(?:takes?|took|seizes?|seized) (?:over|power)\b", "coup"),
)  # fmt: skip
# the years that a class counts, and the span in which it looks
_CUT = re.compile(
    r"(?:, | )(?:(?:ended |started |formed |signed )?since [0-9]{4}|[0-9]{4}-[0-9]{4})$"
    r"| (?:within|after|more than) [0-9]+ (?:calendar )?(?:years?|days)"
)


def find_classes(words: str = "", theme: str | None = None, unit: str | None = None) -> list[LibraryClass]:
    """Return the classes that fit, best first; without words all of a theme or unit in the order of their ids.

    A class scores for each word of the query, by BM25 with `WEIGHTS`; a word that means about the same counts half. Scores are
    added, times the share of the query's words that were found.

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
    if not words.strip():
        return list(kept.values())
    for phrase, verb in PHRASES:
        words = re.sub(phrase, verb, words, flags=re.IGNORECASE)
    wanted = words_of(words)
    scores = _scores([word for word in wanted if not word.isdigit()] or wanted)  # "25 dead" is not about the figure 25
    scores = {name: score * _meant(words, library()[name].title) for name, score in scores.items()}
    found = sorted((name for name in kept if name in scores), key=lambda name: (-scores[name], name))
    return [kept[name] for name in found]


def classes_by_words(title: str, most: int = 3, unit: str | None = None) -> list[LibraryClass]:
    """Return the classes that share words with an event's title, best first; of those that differ in their years alone one.

    Parameters
    ----------
    title : str
        What happens, as a sentence.
    most : int
        How many at the most.
    unit : str, optional
        ``"year"`` for an event that may happen any day, ``"trial"`` for one that has a day (`scheduled_on`).

    Examples
    --------
    >>> [one.id for one in classes_by_words("The border clash becomes a war")][0]
    'mid-war-1946'
    """
    families: dict[str, LibraryClass] = {}
    for one in find_classes(title, unit=unit):
        families.setdefault(_CUT.sub("", one.title), one)
    return list(families.values())[:most]


def nearest(name: str, most: int = 3) -> list[LibraryClass]:
    """Return the classes of the library nearest to one of them: what its title and its event find, best first."""
    one = library()[name]
    found = _matches(words_of(f"{one.title} {one.event}"))
    others = sorted(found.keys() - {name}, key=lambda other: (-found[other], other))
    return [library()[other] for other in others[:most]]


def words_of(text: str) -> list[str]:
    """Return the words of a text that say what it is about, each once, in order.

    Examples
    --------
    >>> words_of("War after the clash")
    ['war', 'clash']
    """
    return [word for word in dict.fromkeys(re.findall(r"[a-z]+|\d+", text.lower())) if word not in COMMON]


def _scores(words: list[str]) -> Mapping[str, float]:
    """Return what each class that has any of the words, or one alike, scores."""
    hits: dict[str, list[float]] = {}
    for word in words:
        alike = {name: ELSEWHERE * score for name, score in _matches(_alike(word)).items()}
        own = _matches([word])
        for name in own | alike:
            hits.setdefault(name, []).append(max(own.get(name, 0.0), alike.get(name, 0.0)))
    return {name: sum(found) * len(found) / len(words) for name, found in hits.items()}


def _meant(words: str, title: str) -> float:
    """Return how much a class counts that is of one state, or of endings, where nobody asks for either: `ASIDE`, else 1."""
    unasked = [kind for kind in (ONE_STATE, ENDING) if kind.search(title) and not kind.search(words)]
    return ASIDE ** len(unasked)


def _alike(word: str) -> list[str]:
    """Return the words of the groups that a word, in whatever form, belongs to."""
    groups = _index().execute("SELECT words FROM alike WHERE alike MATCH ?", (f'"{word}"',))
    return sorted({other for (group,) in groups for other in group.split()})


def _matches(words: Iterable[str]) -> dict[str, float]:
    """Return the BM25 score of every class that has any of some words, by id; the higher, the better it fits."""
    query = " OR ".join(f'"{word}"' for word in words)
    if not query:
        return {}
    weights = ", ".join(str(weight) for weight in WEIGHTS.values())
    return dict(_index().execute(f"SELECT id, -bm25(classes, {weights}) FROM classes WHERE classes MATCH ?", (query,)))


@cache
def _index() -> sqlite3.Connection:
    index = sqlite3.connect(":memory:", check_same_thread=False)
    for table, columns in (("classes", tuple(WEIGHTS)), ("alike", ("words",))):
        index.execute(f"CREATE VIRTUAL TABLE {table} USING fts5({', '.join(columns)}, tokenize = 'porter unicode61')")
    places = ", ".join("?" * len(WEIGHTS))
    rows = [[str(getattr(one, field)) for field in WEIGHTS] for one in library().values()]
    index.executemany(f"INSERT INTO classes VALUES ({places})", rows)
    index.executemany("INSERT INTO alike VALUES (?)", [(group,) for group in ALIKE])
    return index

"""Find what turns a whole statement around, wherever it stands: "reports that … are false", "under no circumstances will …".

`forecasting.coding.polarity` reads operators that stand before an expression, in its clause. What is here stands after the
clause, opens the sentence, or stands between an auxiliary and its verb. Each kind is a construction of English grammar; the
words of a kind are those that a thesaurus puts beside one another.

References
----------
Quirk, R., Greenbaum, S., Leech, G., Svartvik, J. (1985). *A Comprehensive Grammar of the English Language*. Longman:
10.58-59 (negated adverbials with inversion), 14.19 (hypothetical past), 16.33 (content clauses and their nouns).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

Span = tuple[int, int]
_FALSE = (
    r"illusions?|myths?|mistakes?|mistaken|errors?|fallac(?:y|ies)|delusions?|fiction|fantas(?:y|ies)|lies?|hoax|false|wrong|untrue"
    r"|incorrect|inaccurate|baseless|groundless|unfounded|overblown|exaggerated|misplaced|premature|nonsense|far-fetched|naive"
    r"|(?:mis|dis)proved|disproven|refuted|debunked"
)
_GONE = r"faded|dimmed|evaporated|vanished|receded|collapsed|dwindled|died|subsided|eased|waned|come to nothing"
_ADVERB = r"(?:(?:\w+ly|simply|just|quite|much|clearly|all|an|a|the) ){0,3}"
_MODAL = r"will|would|may|might|could|can|shall|should"
_BE = r"(?:is|are|was|were|be|prov(?:e|es|ed)|turned out|been)"
_LATER = r"(?:, [^,;.]{1,60},| in the end| at (?:last|least)| for now| after all| once again| ever again| still| again)+"
_OPENING = (
    r"(?:under no (?:circumstances|conditions?)|in no (?:way|case|circumstances)|on no (?:account|condition)"
    r"|at no (?:time|point|stage)|by no means|not once|never|seldom|rarely|hardly|scarcely|barely|nowhere|no longer|neither|nor)"
)
_WILL = r"(?:political|good|ill|free|iron|popular|national|collective|own|last|the|no|any) will(?= to\b| of\b|[.,;]|$)"


def _of(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # a statement, then that it is false; or that the hope or fear for it has gone
    ("before", _of(rf"\b{_BE} (?:to be )?{_ADVERB}(?:{_FALSE})\b(?! (?:that|to|about|in|on)\b)")),
    ("before", _of(rf"\b(?:ha(?:s|ve)|had) (?:\w+ly |now |all )?(?:{_GONE})\b|(?<=\w )(?:{_GONE})(?=[.,;]|$)")),
    # that something is false, then the statement
    ("both", _of(rf"\b{_BE} (?:\w+ly )?(?:an? )?(?:{_FALSE}) (?:that|to (?:think|believe|say|assume|expect))\b")),
    ("after", _of(r"\b(?:no|little|scant|scarce|hardly any|insufficient) (?:evidence|sign|proof|indication|reason)s?\b")),
    ("after", _of(r"\b(?:pretend(?:s|ed|ing)?|feign(?:s|ed)?|imagin(?:e|es|ed)|wonder(?:s|ed|ing)?|asks? (?:if|whether))\b")),
    ("clause", _of(r"\b(?:contrary to|despite|against|notwithstanding) (?:\w+ ){0,3}(?=that\b)")),
    # a negated adverbial opens the sentence, and the verb comes before its subject
    ("after", _of(rf"^\W*{_OPENING}\s+(?=(?:{_MODAL}|is|are|was|were|has|have|had|do|does|did)\b)")),
    # the negation stands further behind its auxiliary
    ("at", _of(rf"\b(?:{_MODAL}){_LATER} (?:not|never)\b")),
    ("before", _of(r"\bto be (?:\w+ly )?(?:avoided|averted|prevented|blocked|shelved|abandoned|cancell?ed|called off)\b")),
    # what would have been: not what is
    ("all", _of(r"^\W*had (?:\w+ ){1,8}?\w+(?:ed|n|t|ld)\b[^.;]*\bwould\b")),
    ("all", _of(r"\bif\b[^,.;]*\bhad (?:\w+ly |not )?\w+[^.;]*\bwould (?:\w+ )?have\b")),
    ("at", _of(rf"\b{_WILL}")),  # a noun
    ("all", _of(r"\?[\"'\u201d\u2019)]*$")),
)


@dataclass(frozen=True)
class Denial:
    """Words that turn around, or ask about, the part ``[start, end)`` of a sentence."""

    start: int
    end: int
    words: str


def find_denials(text: str) -> Iterator[Denial]:
    """Yield what turns a part of a sentence around.

    Examples
    --------
    >>> [found.words for found in find_denials("Reports that the base will probably be closed are false.")]
    ['are false']
    >>> list(find_denials("The base will probably be closed."))
    []
    """
    plain = text.replace("\u2019", "'")
    for reach, pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            words = match.group().strip(" ,")
            if reach == "all":
                words = "a question" if "?" in words else "what did not happen"
            yield Denial(*_part(reach, plain, match), words)


def _part(reach: str, text: str, match: re.Match[str]) -> Span:
    """Return the part of a sentence that a denial reaches: what stands before it, after it, or up to the end of the clause."""
    if reach == "before":
        return _clause(text, match.start()), match.end()
    if reach == "at":
        return match.span()
    if reach == "clause":
        comma = text.find(",", match.end())
        return match.start(), comma if comma >= 0 else len(text)
    if reach in ("after", "both"):
        stop = re.search(r";|, (?:but|and|yet)\b", text[match.end() :])
        start = match.start() if reach == "after" else _clause(text, match.start())
        return start, match.end() + stop.start() if stop else len(text)
    return 0, len(text)


def _clause(text: str, before: int) -> int:
    """Return where a clause begins that a semicolon or a comma with "but" parts from the one before."""
    return max((found.end() for found in re.finditer(r";|, (?:but|yet|and|although|though)\b", text[:before])), default=0)

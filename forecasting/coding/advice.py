"""Tell what an author recommends from what he expects: "the West must pivot", "it is time to act".

The codebook records what decides: the demand of somebody who decides is a fact, the advice of an author is background. So a
sentence with an attribution is never taken for advice, and neither is one with a day by which something must be done.

References
----------
Palmer, F. (2001). *Mood and Modality*, 2nd edition, Cambridge University Press, chapters 2 and 3: deontic and epistemic modality,
and the subjects and verbs by which English "must" and "should" are told apart.
"""

from __future__ import annotations

import re

_MODAL = r"(?:should(?:n't| not)?|must(?:n't| not)?|ought(?:n't)?(?: not)? to|needs? to|ha(?:ve|s) (?:got )?to|had better)"
# who is advised: those who make policy, and everybody in general
_ADVISED = (
    r"(?:we|they|you|nobody|no one|everyone|all (?:sides|parties)|there|it|this|policy-?makers?"
    r"|decision-?makers?|governments?"
    r"|leaders?|donors?|partners?|allies|negotiators?|mediators?|diplomats|officials|states|countries|members|europeans"
    r"|americans|capitals|institutions|international community|community|world|west|union|alliance|council|administration"
    r"|both (?:sides|parties|countries)|neither side|the (?:eu|us|un|west)|europe|nato|america)"
)
_ADVICE = (
    re.compile(
        rf"\b{_ADVISED} (?:also |now |therefore |thus |instead |\w+ly ){{0,2}}{_MODAL}\b(?! (?:have \w"
        rf"|be (?:able|over|in)))", re.I
    ),
    re.compile(
        r"\bit (?:is|would be|remains) (?:\w+ly )?(?:vital|essential|imperative|crucial|critical|necessary|important|time"
        r"|high time|advisable|wise|urgent)\b(?: (?:that|to|for))?|\b(?:urgent|clear|pressing|growing) need (?:for|to)\b"
        r"|\bthe need (?:for|to)\b|\b(?:is|are|was) (?:a|an) (?:must|imperative|wake-up call)\b"
        r"|\bdemands? (?:a|an|the|deeper|greater|more)\b"
        r"|^\W*(?:let us|let's)\b",
        re.I,
    ),
)
# a subject that stands for anything, and no name, number or day: "Not everything has gone wrong."
_VAGUE = re.compile(
    r"^\W*(?:[A-Z][\w ]{1,40}, )?(?:[Nn]ot |[Aa]lmost |[Nn]early |[Bb]ut |[Yy]et )*"
    r"(?:[Ee]verything|[Ss]omething|[Mm]uch|[Aa]ll|[Ll]ittle)"
    r" (?:has|have|had|is|was)(?:n't)?(?! (?:been )?(?:agreed|signed|decided|done))(?: [a-z'\u2019-]+){1,6}[.!]\W*$"
)
_CONDITION = re.compile(r"(?:^\W*|[,;] )should (?:the|a|an|this|that|he|she|they|it|[A-Z]\w+) ", re.IGNORECASE)


def is_advice(sentence: str, *, attributed: bool = False, dated: bool = False) -> bool:
    """Return whether a sentence recommends something and says neither who demands it nor by when.

    Examples
    --------
    >>> is_advice("The West must pivot to partnership."), is_advice("Talks must resume, the envoy said.", attributed=True)
    (True, False)
    """
    if attributed or dated or _CONDITION.search(sentence):
        return False
    return any(pattern.search(sentence) for pattern in _ADVICE)


def is_vague(sentence: str) -> bool:
    """Return whether a sentence says of anything that something has become of it, and names nobody, no number and no day.

    Examples
    --------
    >>> is_vague("In contrast, not everything has gone wrong."), is_vague("Much has changed since Ohrid.")
    (True, False)
    """
    return _VAGUE.search(sentence) is not None

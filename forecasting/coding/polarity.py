"""Which words of a sentence say how likely something is, and which of them a negation or a doubt turns around.

"Will" in "analysts doubt that the deal will hold" says the opposite of the sentence. So every expression of likelihood is
read with what governs it, by the rule of NegEx: an operator governs what follows it in its clause, up to a word or a sign
that ends the clause. English grammar adds three things. A modal is the finite verb of a clause, so a negated verb before
it reaches it only through a complement ("did not say that it will"), while a negated subject reaches it at once ("no side
will"). Once "that" or "whether" has opened a complement, a comma inside it does not close it. And a negation right beside
an expression is part of it ("not likely", "will not").

Words are looked at; no syntax tree is built. Where it is not plain how far an operator reaches, it is taken to reach far:
that costs a wording which a person must then write, and never offers one that says the opposite.

References
----------
Chapman, W., Bridewell, W., Hanbury, P., Cooper, G., Buchanan, B. (2001). "A simple algorithm for identifying negated
findings and diseases in discharge summaries", *Journal of Biomedical Informatics* 34: triggers, pseudo-triggers, ends.
Klima, E. (1964). "Negation in English", in *The Structure of Language*: a negated subject negates its sentence.
Karttunen, L. (1971). "Implicative verbs", *Language* 47: "fail to", "refuse to" and their kin.
Saurí, R., Pustejovsky, J. (2009). "FactBank": predicates of doubt and denial, and what they do to their complements.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forecasting.coding.denials import Denial, find_denials

Span = tuple[int, int]

REACH = 2_000  # characters before an expression in which its operator is looked for: more than any sentence of an article has


def _any_of(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{words.replace(chr(10), '')})(?![\w-])", re.IGNORECASE)


# "May" with a capital is a month
_MODAL = r"(?:wo|ca|could|would|might|sha)n't|(?-i:may)|might|could|would|can|cannot|will|shall|\w+'ll"
_DEGREE = r"(?:(?:very|highly|quite|fairly|extremely|exceptionally|almost|nearly|virtually|more|most|less|least) )?"
_CHANCE = r"(?:chances?|odds|likelihood|probability|possibility|prospects?)"
# fixed hedges come first: their first word alone says something else
_LIKELIHOOD = _any_of(rf"""
(?:can(?:not|'t| not)|(?:could|should|must|may)(?: not|n't)) (?:yet )?be (?:\w+ly )?(?:ruled out|excluded|dismissed|discounted
|denied)
|(?:(?:has|have|had|did|does|do|will|would|could) ?(?:not|n't)|(?:refus|declin)(?:e|es|ed) to|never) rul(?:e|ed) out
|anything but (?:likely|certain|probable|clear|sure)|as likely as not|more likely than not
|{_MODAL}|going to|maybe|perhaps|possibly|probably|presumably|conceivabl[ey]|potentially|certainly|undoubtedly|imminent
|{_DEGREE}(?:(?:un)?likely|(?:im)?probable|(?:im)?possible|(?:im)?plausible|(?:un)?certain|unclear|doubtful|inevitable)
|likelier|likeliest|far from (?:certain|clear|sure)|bound to|(?:set|poised|expected|scheduled|about) to|(?:is|are) to
|(?:looks?|looked) (?:set|likely|unlikely)|(?:appears?|appeared|seems?|seemed) to|(?:apparent|seeming|reported|alleged)ly
|(?:no|without|beyond) (?:any |a )?(?:doubt|question)|in doubt|doubt(?:s|ed)?|(?:remains?|yet) to be seen
|(?:no|little|slim|slight|small|remote|scant|fair|good|real|strong|high|low|even|every|some) {_CHANCE}
""")
_VERBAL = r"not|\w+n't|never|no longer|hardly|scarcely|barely"
_OPERATORS = {
    "question": _any_of("whether"),
    "verbal": _any_of(_VERBAL),
    "subject": _any_of("no|none|nobody|no one|nothing|neither|nor|few|little"),
    "denial": _any_of(
        r"doubt(?:s|ed|ing|ful)?|den(?:y|ies|ied|ying|ials?)|disbelie\w+|unconvinced|s[ck]eptic(?:al|s|ism)?|unsure|unclear|uncertain"
    ),
    "implicit": _any_of(
        r"rul(?:e|es|ed|ing) out|(?:reject|dismiss|refut|disput)(?:e|s|es|ed|ing|al|ion)?|refus(?:e|es|ed|ing|al)|unable"
        r"|fail(?:s|ed|ing|ure)?|(?:im|un|in)(?:possible|likely|probable|thinkable|conceivable|plausible)|lack(?:s|ed|ing)?"
        r"|without|far from|stop(?:s|ped)? short of"
    ),
    "likelihood": _any_of(rf"likely|probable|possible|plausible|(?:un)?certain|{_CHANCE}|expected"),
}
# what looks like a negation and is none
_PSEUDO = _any_of(
    r"not (?:only|just|merely|simply|least|long)|no (?:matter|sooner|wonder|later than|less than|fewer than|more than)"
    r"|(?:no|without|beyond) (?:any |a )?(?:doubt|question)|if not|no(?=\. ?[0-9])|a (?:few|little)|little by little"
    # the noun: "a return of that dispute is unlikely", "disputes over the border"
    r"|(?:(?<=\ba )|(?<=the )|(?<=this )|(?<=these )|(?<=its )|(?<=their )|(?<=of )|(?<=in )|(?<=over )|(?<=new )|(?<=old )"
    r"|(?<=of that )|(?<=in that )|(?<=over that )|(?<=to that )|(?<=on that )|(?<=border )|(?<=trade )|(?<=legal ))disputes?"
    r"|disputes?(?= (?:over|about|with|between|on|will|would|may|might|could|can|is|are|was|were|has|have"
    r"|appears?|seems?|looks?)\b)"
)
_ENDS = re.compile(
    r"[;:()!?\u2014]| [\u2013-] |,\s+(?:and|or|so|nor|which|who|where|while)\b|\b(?:but|because|although|though|whereas"
    r"|while|unless|until|since|(?<!clear )(?<!sure )(?<!certain )(?<!doubt )(?<!doubts )(?<!say )(?<!know )if)\b",
    re.IGNORECASE,
)
_OPENS = _any_of("that|whether|if|when|how|what|where|why")
_FINITE = _any_of(rf"{_MODAL}|is|are|was|were|has|have|had|does|did")
# "did not sign and may": the second verb stands on its own, but in "doubt that it can and will" both are doubted
_CONJUNCT = re.compile(
    rf"(?<!\w)(?!(?:{_MODAL})\b)\w+ (?:and|or|then) (?:\w+ly |now |still |also )?(?=(?:{_FINITE.pattern}))", re.IGNORECASE
)
# verbs and adjectives that take a complement without "that": "did not think it will"
_BRIDGE = _any_of(
    "(?:think|believe|expect|say|suggest|mean|see|claim|guarantee|promise|predict|assume)s?|thought|believed|expected|said"
    "|clear|certain|sure|convinced|confident|likely"
)
_NO_SUBJECT = re.compile(r"\b(?:with|in|under|of|for|at|by|on|to|from|after|amid|despite|ha[sd]|have|having)\s+$", re.IGNORECASE)
_FILL = r"(?:(?:at all|yet|even|always|be|been|considered|seen as|so|very|quite|\w+ly) ){0,2}"
_BEFORE = re.compile(rf"(?<![\w-])(?:{_VERBAL}|nobody|no one|none|few) {_FILL}$", re.IGNORECASE)
_AFTER = re.compile(
    rf" (?:(?:well|also|still|yet|even|ever|\w+ly) )?(?:{_VERBAL})(?![\w-])| (?:be|have) (?:no|little|few)(?![\w-])"
    r"| (?:rule out|deny|reject|dismiss|refute|dispute|refuse|fail(?= to\b))(?![\w-])",  # "the talks may fail" is what may come
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Likelihood:
    """An expression of likelihood, its place, and the word that turns it around or asks about it, if one does."""

    start: int
    end: int
    words: str
    under: str | None


def find_likelihoods(text: str, listed: Iterable[Span] = ()) -> tuple[Likelihood, ...]:
    """Return what says how likely something is in a sentence, each expression with what governs it.

    Parameters
    ----------
    text : str
        A sentence.
    listed : iterable of (int, int)
        Where wordings of lexicons stand in it; they are expressions of likelihood too.

    Returns
    -------
    tuple of Likelihood
        In the order of the text. An expression that another one governs is left out: of "unlikely that it will" only
        "unlikely" says how likely. ``under`` names an operator that says nothing of how likely: what stands under it is
        not what the sentence says.

    Examples
    --------
    >>> [(found.words, found.under) for found in find_likelihoods("Analysts doubt that the pact will hold.")]
    [('doubt', None)]
    >>> [(found.words, found.under) for found in find_likelihoods("It will not leave; she denied that it may.")]
    [('will not', None), ('may', 'denied')]
    """
    plain = text.replace("\u2019", "'")
    pseudo = [match.span() for match in _PSEUDO.finditer(plain)]
    found = _longest([*listed, *(match.span() for match in _LIKELIHOOD.finditer(plain))])
    grown = {span: _with_negation(plain, span, pseudo) for span in found}
    # in "would probably not" it is "probably not" that says how likely, in "probably will not" all three words do
    starts = [a[0] for a in found]
    after = {a: found[bisect_left(starts, a[1]) : bisect_left(starts, grown[a][1])] for a in found}
    kept = [a for a in found if not any(_within(b, grown[a]) for b in after[a])]
    ends = {a[1]: a for a in kept}  # none lies in another, so no two end together
    followed = [(ends.get(grown[b][0] - 1), b) for b in kept if grown[b] != b and plain[grown[b][0] - 1 : grown[b][0]] == " "]
    joined = [(a[0], grown[b][1]) for a, b in followed if a]
    spans = _longest([*(grown[a] for a in kept), *joined])
    begins = [span[0] for span in spans]
    governed = [(span, _governor(plain, span, pseudo)) for span in spans]
    denials = tuple(find_denials(plain))
    return tuple(
        Likelihood(*span, text[slice(*span)], text[slice(*under)] if under else _denied(span, denials))
        for span, under in governed
        if not (under and any(_within(under, other) for other in spans[: bisect_right(begins, under[0])][-1:]))
    )


def _denied(span: Span, denials: Iterable[Denial]) -> str | None:
    """Return the words that turn a whole statement around, if an expression stands in their reach."""
    return next((found.words for found in denials if found.start <= span[0] < found.end), None)


def _within(one: Span, other: Span) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]


def _longest(spans: Iterable[Span]) -> list[Span]:
    """Return spans, those inside another one left out, in the order of the text."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda one: (one[0], -one[1])):
        if not kept or span[1] > kept[-1][1]:  # what was kept last reaches farthest
            kept.append(span)
    return kept


def _with_negation(text: str, span: Span, pseudo: list[Span]) -> Span:
    """Return an expression with the negation that stands right beside it."""
    before, after = _BEFORE.search(text, max(0, span[0] - REACH), span[0]), _AFTER.match(text, span[1])
    start = before.start() if before and not any(_within((before.start(), before.start() + 1), p) for p in pseudo) else span[0]
    return start, after.end() if after and not any(p[0] < after.end() <= p[1] for p in pseudo) else span[1]


def _operators(text: str, before: int, pseudo: list[Span]) -> Iterator[tuple[str, Span]]:
    """Yield the operators that end before a place, no farther than `REACH` from it, the nearest first."""
    first = max(0, before - REACH)
    found = [(kind, match.span()) for kind, pattern in _OPERATORS.items() for match in pattern.finditer(text, first, before)]
    yield from sorted((row for row in found if not any(_within(row[1], p) for p in pseudo)), key=lambda row: -row[1][1])


def _governor(text: str, span: Span, pseudo: list[Span]) -> Span | None:
    """Return the nearest operator in whose scope an expression stands."""
    return next((place for kind, place in _operators(text, span[0], pseudo) if _reaches(kind, text, place, span)), None)


def _reaches(kind: str, text: str, operator: Span, span: Span) -> bool:
    """Return whether an operator governs an expression that follows it."""
    between, through = text[operator[1] : span[0]], text[operator[1] : span[1]]
    if _ENDS.search(between):
        return False
    if kind == "likelihood":
        return bool(re.match(r" (?:that|whether|if|to)\b", text[operator[1] :]))
    n_finite = len(_FINITE.findall(through))
    if kind == "question":  # a clause with "whether" that is the subject ends before the verb of the sentence
        return n_finite <= 1 if not re.search(r"\w", text[: operator[0]]) else between.count(",") % 2 == 0
    if _OPENS.search(between):
        return True
    if between.count(",") % 2 or _CONJUNCT.search(through):
        return False
    if kind == "subject":
        return not (n_finite and _NO_SUBJECT.search(text[: operator[0]]))
    return not n_finite or kind == "denial" or bool(_BRIDGE.search(between))

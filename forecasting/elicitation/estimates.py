"""Whether a sentence says a likelihood as analysts are asked to: one term for one number, confidence apart, no bare "may".

What is between quotation marks is somebody else's wording and is passed over.

References
----------
Office of the Director of National Intelligence (2015), *Intelligence Community Directive 203: Analytic Standards*, D.6.e(2):
products that express both "must not combine a confidence level and a degree of likelihood in the same sentence". Kent, S. (1964),
*Words of Estimative Probability*, Studies in Intelligence 8(4): on "may", "might" and "could", which name no odds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from forecasting.dossier.lexicons import LIKELIHOOD_ROW, PROBABILITY_ROW
from forecasting.forecasts import likelihood_words
from forecasting.standards.scale import Standard
from forecasting.standards.tables import STANDARDS

Found = tuple[str, str]  # what was found, what to write instead

_OF_STANDARDS = {band.words for one in STANDARDS.values() for band in one.bands}
_ADVERBS = {band.adverb for one in STANDARDS.values() for band in one.bands if band.adverb}
# "remote" alone is said of places too
TERMS = tuple(sorted((_OF_STANDARDS | _ADVERBS | LIKELIHOOD_ROW | PROBABILITY_ROW) - {"remote"}, key=len, reverse=True))
_TERM = rf"(?<![\w-])(?:{'|'.join(TERMS)})(?![\w-])"
_ANY = re.compile(_TERM, re.IGNORECASE)
_CONFIDENCE = re.compile(
    r"(?<![\w-])(?<!no )(?<!vote of )confiden(?:ce|t|tly)(?![\w-])(?! (?:vote|interval|building))", re.IGNORECASE
)
_MODAL = re.compile(r"(?<![\w-])(?:may|might|could|possibly|perhaps|maybe)(?![\w-])")  # not May, the month
_TWO = re.compile(rf"({_TERM})((?:\W+\w+){{0,3}}?\W+)({_TERM})", re.IGNORECASE)
_NUMBERED = re.compile(
    rf"({_TERM})\s*\((?:about |some )?(\d+(?:\.\d+)?)\s*%\)|(?<![\d.–<>-])(\d+(?:\.\d+)?)\s*%\s*[,(–-]*\s*({_TERM})(?! to )",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|\"[^\"]*\"|‘[^’]*’(?!\w)|(?<!\w)'[^']*'(?!\w)|`[^`]*`|\*[^*]+\*")
_END = re.compile(r"(?<=[.!?…])\s+|\n{2,}")


@lru_cache(maxsize=20_000)
def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, without what is quoted in them.

    Examples
    --------
    >>> sentences("It is likely. He said “it may” and left.")
    ('It is likely.', 'He said  and left.')
    """
    return tuple(one for one in _END.split(_QUOTED.sub("", text).strip()) if one)


def terms_in(sentence: str) -> list[str]:
    """Return the terms of likelihood in a sentence, of whichever standard.

    Examples
    --------
    >>> terms_in("It is very unlikely, and was likely once, in a remote place.")
    ['very unlikely', 'likely']
    """
    return [found.group().lower() for found in _ANY.finditer(sentence)]


def confidence_beside_likelihood(text: str) -> Iterator[Found]:
    """Yield each sentence with both a degree of likelihood and a confidence.

    Examples
    --------
    >>> [found for found, _ in confidence_beside_likelihood("We assess with high confidence that it is likely.")]
    ["confidence and 'likely' in one sentence: “We assess with high confidence that it is likely.”"]
    >>> list(confidence_beside_likelihood("It is likely. Our confidence in this is high. A vote of confidence is likely."))
    []
    """
    for sentence in sentences(text):
        if _CONFIDENCE.search(sentence) and (terms := terms_in(sentence)):
            found = f"confidence and '{terms[0]}' in one sentence: “{sentence}”"
            yield found, f"write two: “It is {terms[0]} that …” and “Our confidence in this is …: …”"


def two_terms(text: str, standard: Standard) -> Iterator[Found]:
    """Yield each place where one number has two terms, or a number has a term that the standard gives to another.

    Two terms with "to" between them, or with "between … and", are a range and pass.

    Examples
    --------
    >>> [found for found, _ in two_terms("It is likely, if not very likely, that it ends.", STANDARDS["icd203"])]
    ["two terms for one number: 'likely' and 'very likely'"]
    >>> [found for found, _ in two_terms("It is very likely (64 %).", STANDARDS["icd203"])]
    ["'very likely' for 64 %"]
    >>> list(two_terms("It is likely that it ends and unlikely that it lasts; unlikely to likely.", STANDARDS["icd203"]))
    []
    """
    for sentence in filter(_ANY.search, sentences(text)):  # nearly every sentence has no term at all
        for match in _TWO.finditer(sentence):
            first, between, second = match[1].lower(), match[2].lower(), match[3].lower()
            before, after = sentence[: match.start()].lower(), sentence[match.end() :].lower()
            is_range = between.strip() in ("to", "up to") or (between.strip() == "and" and before.rstrip().endswith("between"))
            is_range |= bool(re.match(rf" to {_TERM}", after))  # "likely (very unlikely to very likely)"
            if first != second and not is_range and not re.search(r"\b(that|for|it|is|are|was|were|but|than|from)\b", between):
                fix = f"choose one of {', '.join(band.words for band in standard.bands)}"
                yield f"two terms for one number: '{first}' and '{second}'", fix
        for match in _NUMBERED.finditer(sentence):
            term, number = (match[1] or match[4]).lower(), float(match[2] or match[3])
            if number <= 100 and not _fits(term, number / 100, standard):
                words = likelihood_words(number / 100, standard.id)
                yield f"'{term}' for {number:g} %", f"write '{words}', as {standard.title} calls it"


def _fits(term: str, p: float, standard: Standard) -> bool:
    """Return whether a standard has the term, or its adverb, for a probability; or does not have the term at all."""
    band = standard.band(p)
    known = {one.words for one in standard.bands} | {one.adverb for one in standard.bands}
    return term not in known or (band is not None and term in (band.words, band.adverb))


def foreign_terms(text: str, standard: Standard) -> Iterator[Found]:
    """Yield each term of likelihood that is of another standard than the one followed.

    Examples
    --------
    >>> [found for found, _ in foreign_terms("It is highly likely that it ends.", STANDARDS["icd203"])]
    ["'highly likely', no term of ICD 203"]
    """
    known = {one.words for one in standard.bands} | {one.adverb for one in standard.bands if one.adverb}
    for sentence in sentences(text):
        for term in terms_in(sentence):
            if term not in known:
                told = ", ".join(band.words for band in standard.bands)
                yield f"'{term}', no term of {standard.title}", f"write one of {told}"


def bare_modals(text: str, standard: Standard) -> Iterator[Found]:
    """Yield each "may", "might", "could", "possibly" or "perhaps": they say that something is possible, and not how likely.

    Examples
    --------
    >>> [found for found, _ in bare_modals("The base might close in May.", STANDARDS["icd203"])]
    ["'might', which says that it is possible, not how likely"]
    """
    for sentence in sentences(text):
        for match in _MODAL.finditer(sentence):
            told = ", ".join(band.words for band in standard.bands)
            found = f"'{match.group()}', which says that it is possible, not how likely"
            yield found, f"say how likely: {told}; or what is known"

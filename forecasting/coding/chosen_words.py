"""Which words of a sentence say how likely something is, as the wording of a judgement: at most eight, or a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from forecasting.coding.chances import CHANCE, Chance, find_chance
from forecasting.coding.looks import weighs
from forecasting.coding.polarity import Likelihood, find_likelihoods
from forecasting.rules.claims import MAX_WORDS

_DEGREE = re.compile(
    r"(?<![\w-])(?:very|highly|most|quite|rather|fairly|extremely|far|much|somewhat|roughly|about|almost|nearly|slightly|less|more"
    r"|far more|far less|much more|much less) $",
    re.IGNORECASE,
)


def choose_wording(
    text: str, wordings: Mapping[str, tuple[str, ...]], within: tuple[int, int] | None = None
) -> tuple[str | None, str | None]:
    """Return the words that say how likely, or why those that are there do not say it.

    A chance in numbers goes before words. A future tense, an ability or a plan weighs nothing, so any other expression goes
    before it; then what a lexicon lists, the longest first.

    Parameters
    ----------
    text : str
        A sentence.
    wordings : mapping of str to lexicons
        What lexicons list, the longest first.
    within : (int, int), optional
        The part of the sentence that is looked at first; the whole sentence says what stands under a denial.

    Examples
    --------
    >>> choose_wording("The pact may lapse, but the port will probably close.", {"may": ("plain",)})
    ('may', None)
    >>> choose_wording("The pact may lapse, but the port will probably close.", {"may": ("plain",)}, (24, 52))
    ('probably', None)
    >>> choose_wording("There is a 60 per cent chance of rain.", {})
    ('60 per cent chance', None)
    """
    said = find_chance(text)
    spans = [*listed_in(text, wordings), *([(said.start, said.end)] if said else [])]
    found = tuple(_whole(text, item) for item in find_likelihoods(text, spans))
    inside = [item for item in found if within and within[0] <= item.start and item.end <= within[1]]
    for items in (inside, found) if inside else (found,):
        number = next((item for item in items if said and _overlaps(item, said)), None)
        if said and number and (not number.under or CHANCE.fullmatch(number.under)):  # "the chance that it will … is 60 %"
            return (said.words.casefold(), None) if said.quantiles else (None, _of_odds(said))
        free = [words for item in items if not item.under and len((words := plain(item)).split()) <= MAX_WORDS]
        if free:
            return min(free, key=lambda one: (not weighs(one), one not in wordings, -len(one) if one in wordings else 0)), None
        if turned := [f"'{plain(item)}' stands under '{item.under.casefold()}'" for item in items if item.under]:
            return None, f"{turned[0]}, so it is not what the sentence says"
    return None, None


def _overlaps(item: Likelihood, said: Chance) -> bool:
    return item.start < said.end and said.start < item.end


def _of_odds(said: Chance) -> str:
    return f"the chance is said as odds ('{said.words}'), for it or against it: write what is meant in per cent"


def listed_in(text: str, wordings: Iterable[str]) -> list[tuple[int, int]]:
    """Return where wordings of lexicons stand, those inside a longer one left out."""
    found: list[tuple[int, int]] = []
    folded = text.replace("\u2019", "'")
    for wording in wordings:
        for match in re.finditer(rf"(?<!\w){re.escape(wording)}(?!\w)", folded, re.IGNORECASE):
            if not any(start <= match.start() and match.end() <= end for start, end in found):
                found.append(match.span())
    return sorted(found)


def _whole(text: str, found: Likelihood) -> Likelihood:
    """Return an expression of likelihood with the word of degree before it: "very probably" is not "probably"."""
    before = _DEGREE.search(text, 0, found.start)
    return replace(found, start=before.start(), words=before.group() + found.words) if before else found


def plain(found: Likelihood) -> str:
    """Return an expression in lower case, with plain apostrophes."""
    return found.words.replace("\u2019", "'").casefold()

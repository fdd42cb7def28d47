"""A chance that is said in numbers: where it stands, between which probabilities it lies, and the row of a lexicon it becomes.

"60 per cent" is a round number: whoever says it may mean any figure that is rounded to it. Multiples of ten per cent are taken to
stand for five points on either side, other multiples of five for two and a half, other figures for half a point; one in n for
1/(n + ½) to 1/(n - ½), and so many in n for half an nth on either side. A range is taken as it is said. Within these bounds every
probability counts the same. Odds are not read: "4:1" is said of the event by some and against it by others.

References
----------
Manski, C. F. and Molinari, F. (2010), *Rounding probabilistic expectations in surveys*, Journal of Business & Economic Statistics
28: an answer stands for the interval that is rounded to it, and multiples of ten and five for wider ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forecasting.dossier.fields import Reads

_NOUN = r"(?:chances?|odds|likelihood|probability|risk)"
CHANCE = re.compile(_NOUN, re.IGNORECASE)
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNT = r"(?:[0-9]+|" + "|".join(_ONES) + r"|twenty|hundred)"
_DIGITS = r"[0-9]+(?:[.,][0-9]+)?"
_SIGN = r"(?: ?%| ?per ?cent(?:age points?)?\b)"
_PERCENT = rf"(?P<low>{_DIGITS}){_SIGN}?(?:(?: ?[-\u2013] ?| to | and )(?P<high>{_DIGITS}))?{_SIGN}"
_IN = rf"(?P<part>{_COUNT})(?: in |-in-| out of )(?P<whole>{_COUNT})"
_EVEN = r"(?P<even>fifty-fifty|50[-/]50)"
_ODDS = r"(?P<odds>[0-9]+(?::| to )[0-9]+)"
_BOUND = (
    r"(?:(?P<floor>at least|no less than|more than|over|above|better than)"
    r"|(?P<ceiling>at most|no more than|less than|under|below|up to|fewer than)) (?:an? )?"
)
# between a noun and its number stands its clause; what a risk rose or fell by is no chance
_AFTER_NOUN = re.compile(
    rf"\b{_NOUN}\b[^.;:!?]*?(?<![\w.,-])(?<!\bby )(?P<said>(?:{_BOUND})?(?:{_PERCENT}|{_IN}|{_EVEN}|{_ODDS}))(?!\w)",
    re.IGNORECASE,
)
_BEFORE_NOUN = re.compile(
    rf"(?<![\w.,-])(?P<said>(?:{_BOUND})?(?:{_PERCENT}|{_IN}|{_EVEN})[ -](?:(?:or (?:so|more|higher)) )?{_NOUN})\b", re.IGNORECASE
)
_ALONE = re.compile(
    rf"(?:an? |about |roughly |around |some )*(?P<said>(?:{_BOUND})?(?:{_PERCENT}|{_IN}|{_EVEN}))(?:[ -]{_NOUN})?", re.IGNORECASE
)
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Chance:
    """A chance in numbers: its place and its words, the probabilities it lies between (None for odds), and how it bounds."""

    start: int
    end: int
    words: str
    low: float | None
    high: float | None
    reads: Reads = "level"

    @property
    def quantiles(self) -> tuple[float, ...]:
        """The probabilities at 5, 25, 50, 75 and 95 %: every one between the bounds counts the same. Empty for odds."""
        if self.low is None or self.high is None:
            return ()
        return tuple(round(self.low + level * (self.high - self.low), 4) for level in LEVELS)


def find_chance(sentence: str) -> Chance | None:
    """Return the first chance that a sentence says in numbers, or None.

    Examples
    --------
    >>> said = find_chance("There is a 60 per cent chance that the truce will hold.")
    >>> said.words, said.quantiles
    ('60 per cent chance', (0.555, 0.575, 0.6, 0.625, 0.645))
    >>> find_chance("The chance of a withdrawal is now 60-70%.").words
    '60-70%'
    >>> find_chance("Inflation rose by 2 per cent; the risk of war fell.")
    """
    found = [match for pattern in (_BEFORE_NOUN, _AFTER_NOUN) if (match := pattern.search(sentence))]
    return _chance(min(found, key=lambda match: match.start("said"))) if found else None


def read_chance(wording: str) -> Chance | None:
    """Return the chance that a wording says in numbers if it says nothing else, or None; odds are none.

    Examples
    --------
    >>> read_chance("one in three").low, read_chance("at least 60 %").reads, read_chance("very unlikely")
    (0.2857142857142857, 'at_least', None)
    """
    match = _ALONE.fullmatch(" ".join(wording.split()))
    found = _chance(match) if match else None
    return found if found and found.quantiles else None


def number_command(words: str) -> str:
    """Return the command that gives a chance in numbers its row of a lexicon."""
    return f'forecast new wording "{" ".join(words.casefold().split())}"'


def _chance(match: re.Match[str]) -> Chance:
    found = match.groupdict()
    reads: Reads = "at_least" if found["floor"] else "at_most" if found["ceiling"] else "level"
    low, high = _bounds(found)
    words = match["said"]
    return Chance(match.start("said"), match.end("said"), words, low, high, reads)


def _bounds(found: dict[str, str | None]) -> tuple[float | None, float | None]:
    if found.get("odds"):
        return None, None
    if found["even"]:
        return 0.45, 0.55
    if found["part"] and found["whole"]:
        return _so_many_in(_count(found["part"]), _count(found["whole"]))
    low = _share(found["low"] or "")
    if low > 1:
        return None, None
    if found["high"]:
        return min(low, _share(found["high"])), max(low, _share(found["high"]))
    step = 0.05 if round(100 * low, 6) % 10 == 0 else 0.025 if round(100 * low, 6) % 5 == 0 else 0.005
    return max(low - step, 0.0), min(low + step, 1.0)


def _so_many_in(part: int, whole: int) -> tuple[float | None, float | None]:
    if not 0 < part < whole:
        return None, None
    near = (1 / (whole + 0.5), 1 / (whole - 0.5))
    if part == 1 and whole > 2:
        return near
    if part == whole - 1 and whole > 2:
        return 1 - near[1], 1 - near[0]
    return max((part - 0.5) / whole, 0.0), min((part + 0.5) / whole, 1.0)


def _count(word: str) -> int:
    known = {name: n for n, name in enumerate(_ONES, 1)} | {"twenty": 20, "hundred": 100}
    return known[word.casefold()] if word.casefold() in known else int(word)


def _share(digits: str) -> float:
    return float(digits.replace(",", ".")) / 100

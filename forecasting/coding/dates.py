"""Find dates and quantities in a sentence, and read those that are certain."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?"
    r"|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = r"(?:[12][0-9]|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)[0-9]{2}"
_NUMERIC = rf"(?:[12][0-9]|3[01]|0?[1-9])[/.](?:1[0-2]|0?[1-9])[/.]{_YEAR}"  # day, month, year
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
# the first that fits is taken; the group names the precision of what it finds
_DATE = re.compile(
    rf"(?<![\w-])(?:(?P<day>{_NUMERIC}|{_YEAR}-[01][0-9]-[0-3][0-9]|{_DAY}(?: of)? {_MONTH},? {_YEAR}|{_MONTH} {_DAY},? {_YEAR})"
    rf"|(?P<month>{_MONTH},? {_YEAR})|(?P<near>{_MONTH} {_DAY}|{_DAY} {_MONTH}|yesterday|(?:last|on|next) {_WEEKDAY})"
    rf"|(?P<range>{_YEAR}[\u2013-](?:{_YEAR}|[0-9]{{2}}))|(?P<year>{_YEAR}))(?![\w-])"
)
_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {word: number for number, word in enumerate(_WORDS, 2)}  # "one" is more often a pronoun
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12}
# digits in threes with a comma, a space of any kind, or more than one dot; a comma before one or two digits is a decimal sign
_DIGITS = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,3}(?:[ \u00a0\u202f\u2009][0-9]{3})+(?![0-9])(?:[.,][0-9]{1,2}(?![0-9]))?"
    r"|[0-9]{1,3}(?:\.[0-9]{3}){2,}(?:,[0-9]+)?|[0-9]+(?:\.[0-9]+|,[0-9]{1,2}(?![0-9,]))?)"
)
_QUANTITY = re.compile(
    rf"(?<![\w.,:/-])(?P<currency>[$€£¥])?(?:(?P<digits>{_DIGITS})"
    rf"(?:\s?[-\u2013]\s?(?P<upper>{_DIGITS})(?=\s?%| ?per ?cent| [a-z]))?|(?P<word>"
    + "|".join(NUMBERS)
    + r"))(?![:/][0-9])(?:[ -]?(?P<scale>"
    + "|".join(_SCALES)
    + r")\b)?(?P<percent> ?%| ?per ?cent\b)?(?:[ -](?P<unit>[a-z]{3,}))?(?!\w)",
    re.IGNORECASE,
)  # fmt: skip
_NO_UNIT = frozenset(
    {
        "and", "but", "for", "from", "the", "that", "than", "was", "were", "has", "have", "had", "are", "who", "which", "with",
        "more", "less", "per", "other", "others", "major", "previous", "largest", "new", "main", "remaining", "different",
    }
)  # fmt: skip


@dataclass(frozen=True)
class FoundDate:
    """A date as written, and in ISO form (``2020-11-10``, ``2020-11`` or ``2020``) where that is certain."""

    words: str
    iso: str | None
    start: int
    end: int


@dataclass(frozen=True)
class Quantity:
    """A number with the noun, currency or percent sign it counts; ``unit`` is empty where none follows.

    Of a range, ``value`` is its lower and ``upper`` its higher end.
    """

    value: float
    unit: str
    start: int
    end: int
    upper: float | None = None


@cache
def _parser(published_on: dt.date | None) -> Any:
    from dateparser.date import DateDataParser

    base = dt.datetime.combine(published_on or dt.date(2000, 1, 1), dt.time(12))
    settings = {"RELATIVE_BASE": base, "DATE_ORDER": "DMY", "PREFER_DATES_FROM": "past"}
    return DateDataParser(languages=["en"], settings=settings)


@lru_cache(maxsize=4096)  # a date is looked at several times for one sentence, and parsing one takes a millisecond
def _iso(words: str, kind: str, published_on: dt.date | None) -> str | None:
    found = _parser(published_on).get_date_data(words).date_obj
    return found.date().isoformat()[: {"year": 4, "month": 7}.get(kind, 10)] if found else None


def find_dates(text: str, published_on: dt.date | None = None) -> Iterator[FoundDate]:
    """Yield the dates in a sentence.

    Parameters
    ----------
    text : str
        A sentence.
    published_on : date, optional
        The day the text appeared. It makes "yesterday" certain. A day without a year stays uncertain with it, because
        it may lie before or after, and so does a weekday.

    Yields
    ------
    FoundDate
        ``iso`` is ``None`` where the day cannot be known; nothing is guessed.

    Examples
    --------
    >>> [found.iso for found in find_dates("Signed on 3 May 2019, void since June 2021; renewed on March 1.")]
    ['2019-05-03', '2021-06', None]
    """
    for match in _DATE.finditer(text):
        kind = match.lastgroup or ""
        iso = None
        if kind in ("day", "month", "year") or (published_on and match.group() == "yesterday"):
            iso = _iso(match.group(), kind, published_on)
        yield FoundDate(match.group(), iso, match.start(), match.end())


def find_quantities(text: str) -> Iterator[Quantity]:
    """Yield the numbers in a sentence with their units; years and days of dates are none.

    Examples
    --------
    >>> [(q.value, q.unit) for q in find_quantities("In 2019 some 3.9 million refugees cost $2bn, 12 % more.")]
    [(3900000.0, 'refugees'), (2000000000.0, '$'), (12.0, '%')]
    """
    dates = [(found.start, found.end) for found in find_dates(text)]
    for match in _QUANTITY.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in dates):
            continue
        digits, word, scale = match["digits"], match["word"], match["scale"]
        value = _number(digits) if digits else float(NUMBERS[word.lower()])
        noun = (match["unit"] or "").lower()
        unit = match["currency"] or ("%" if match["percent"] else "" if noun in _NO_UNIT else noun)
        if digits or unit:
            factor = _SCALES.get((scale or "").lower(), 1)
            upper = _number(match["upper"]) * factor if match["upper"] else None
            yield Quantity(value * factor, unit, match.start(), match.end(), upper)


def _number(digits: str) -> float:
    """Read digits of whatever locale: what parts them in threes goes, what stands before one or two is the decimal sign.

    Examples
    --------
    >>> [_number(text) for text in ("10 000", "2,5", "1.000.000", "1,200.5", "3.9")]
    [10000.0, 2.5, 1000000.0, 1200.5, 3.9]
    """
    digits = re.sub(r"\s", "", digits)
    if digits.count(".") > 1:
        digits = digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[0-9]+,[0-9]{1,2}", digits):
        digits = digits.replace(",", ".")
    return float(digits.replace(",", ""))

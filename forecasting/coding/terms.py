"""Find until when a judgement speaks: "in the coming twelve months", "this year", "before the end of 2025", "by June 2026".

What looks back is no term: "larger than at any time in a decade". A day or year after the day on which the words were said is
one, also where an event stands before it: "before the elections, which are set for 9 February 2025".
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from forecasting.coding.dates import NUMBERS, find_dates
from forecasting.rules.claims import MAX_WORDS
from forecasting.shown.times import MONTHS

_COUNTS = {"a": 1, "an": 1, "one": 1, **NUMBERS}
_IN_YEARS = {"day": 1 / 365.25, "week": 7 / 365.25, "month": 1 / 12, "year": 1.0, "decade": 10.0}
_ENDS = {"spring": 5, "summer": 8, "autumn": 11, "fall": 11, "winter": 2}  # the last month of a season of the northern hemisphere
_STARTS = {"spring": 2, "summer": 5, "autumn": 8, "fall": 8, "winter": 11}  # the last month before it
_COUNT = rf"(?:[0-9]{{1,3}}|{'|'.join(_COUNTS)})"
_NAMES = "|".join(MONTHS)
_SPAN = re.compile(
    rf"\b(?:in|over|within|during|for|inside) (?:the )?(?:(?:coming|next|following) )?(?P<count>{_COUNT})"
    r" (?P<unit>day|week|month|year|decade)s?\b"
    r"|\b(?:in|over|within|during) the (?:coming|next|following) (?P<lone>day|week|month|year|decade)(?P<plural>s)?\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    rf"\b(?P<how>by|before|until|till|through) (?P<end>(?:the )?end of |late )?(?P<month>{_NAMES})?,? ?(?P<year>20[0-9]{{2}})\b"
    r"|\b(?P<past>by|before|until|till|through) the end of (?P<this>this|the|next) (?P<what>year|month|decade)\b"
    r"|\b(?P<within>this|next) (?P<period>year|month|week|spring|summer|autumn|winter)\b"
    rf"|\b(?P<prep>by|before|until|till|in|this|next|through) (?:the )?(?P<name>{_NAMES}|spring|summer|autumn|winter|fall)\b"
    r"(?! (?:of )?(?:19|20)[0-9]{2})"
    r"|\b(?P<inside>in|during|over|within) (?:the course of )?(?:the (?P<half>first half|second half|first quarter) of )?"
    r"(?P<inyear>20[0-9]{2})\b",
)
# an adverbial of the past: "it rejoined only in 2023", "since the spring"
_PAST = re.compile(
    r"(?:\b(?:was|were|had|did|since)|\b(?<!is )(?<!are )(?<!be )(?<!been )[a-z]{2,}ed)\b(?: \w+){0,3} ?$", re.IGNORECASE
)
# a comparison with the time before: "the worst drought in ten years", "for the first time in a decade"
_BACKWARD = re.compile(
    r"\b(?:at any (?:time|point|moment|stage)|(?:the|its|their|his|her) (?:first|last|only|second|third)(?: [\w-]+){0,3}"
    r"|(?:the|its|their|his|her|our) (?:(?!most |least |next )[\w-]+ )?(?:\w{2,}(?<!inter)est|most|least|best|worst)"
    r"(?! likely| probable| plausible)(?: [\w-]+){0,3}|than ever) $",
    re.IGNORECASE,
)
_AHEAD = re.compile(r"\b(?:coming|next|following)\b", re.IGNORECASE)
# an event that the words name before its day: "before the elections of 9 February 2025"
_EVENT_DAY = re.compile(
    r"\b(?P<how>by|before|until|till) (?:the|an?|its|their|his|her|this|that|these|those|any|early|new) "
    r"(?:[\w'\u2019-]+,? ){1,12}?(?:of|on|for|in|due|to) $",
    re.IGNORECASE,
)
_BEFORE_DAY = re.compile(r"\b(?:by|before|until|till|through|on) $", re.IGNORECASE)


@dataclass(frozen=True)
class Term:
    """Until when a sentence speaks: its words, and how many years that is from a day, if that can be known."""

    words: str
    years: float | None


@lru_cache(maxsize=4096)
def find_term(text: str, made_on: dt.date | None = None) -> Term | None:
    """Return the term that a sentence states; None if it states none.

    Parameters
    ----------
    text : str
        A sentence.
    made_on : date, optional
        The day on which the words were said. Without it the years to a day or a month are not known.

    Returns
    -------
    Term or None
        ``years`` runs to the last day of what is named ("by June" ends with May, "in June" with June), in hundredths of a year.

    Examples
    --------
    >>> day = dt.date(2025, 3, 28)
    >>> find_term("Clashes are a realistic possibility in the coming twelve months.", day)
    Term(words='in the coming twelve months', years=1.0)
    >>> find_term("They will hardly meet this year.", day), find_term("It will end when the mandate expires in April.", day)
    (Term(words='this year', years=0.76), Term(words='in April', years=0.09))
    >>> find_term("It is larger than at any time in a decade, and will hardly be ended before 2026.", day)
    Term(words='before 2026', years=0.76)
    >>> find_term("A deal before the elections, which are set for 9 May 2025, is unlikely.", day)
    Term(words='before … 9 May 2025', years=0.11)
    >>> find_term("It may leave the bloc, which it rejoined only in 2023.", day)
    """
    for span in _SPAN.finditer(text):
        backward = not _AHEAD.search(span.group()) and _BACKWARD.search(text, 0, span.start())
        if not backward and not _PAST.search(text, 0, span.start()):
            return Term(span.group(), _years(span))
    for match in _UNTIL.finditer(text):
        end = _known_end(match, made_on) if made_on else None
        if _PAST.search(text, 0, match.start()) or (made_on and end and end < made_on):
            continue
        if not made_on and match["inside"]:
            continue  # "in 2023" may lie before or after
        return Term(match.group().strip(), _until(end, made_on))
    for found in find_dates(text, made_on):
        if found.iso and len(found.iso) == len("2025-02-02") and (before := _BEFORE_DAY.search(text, 0, found.start)):
            end = dt.date.fromisoformat(found.iso)
            if not _PAST.search(text, 0, before.start()) and not (made_on and end < made_on):
                return Term(before.group() + found.words, _until(end, made_on))
    return _event_term(text, made_on)


def _event_term(text: str, made_on: dt.date | None) -> Term | None:
    """Return the term of "before the elections of 9 February 2025": the day, or the last day before a month or year."""
    for found in find_dates(text, made_on):
        before = _EVENT_DAY.search(text, 0, found.start)
        if not (found.iso and made_on and before) or found.iso <= str(made_on)[: len(found.iso)]:
            continue
        year, month, day = (int(part) for part in (found.iso + "-01-01").split("-")[:3])
        end = dt.date(year, month, day)
        if len(found.iso) < len("2025-02-02"):  # no day is named: it may come on the first
            end -= dt.timedelta(days=1)
        words = f"{before.group()}{found.words}"
        short = words if len(words.split()) <= MAX_WORDS else f"{before['how']} … {found.words}"  # no long passage of an article
        return Term(short, _until(end, made_on))
    return None


def _until(end: dt.date | None, made_on: dt.date | None) -> float | None:
    """Return the years from a day to another, at least a hundredth; None if one is not known."""
    return max(0.01, round((end - made_on).days / 365.25, 2)) if end and made_on else None


def _years(span: re.Match[str]) -> float | None:
    if span["lone"]:
        return None if span["plural"] else _IN_YEARS[span["lone"].lower()]
    count = span["count"].lower()
    n = int(count) if count.isdigit() else _COUNTS[count]
    return round(n * _IN_YEARS[span["unit"].lower()], 2)


def _last_day(year: int, month: int) -> dt.date:
    """Return the last day of a month; month 0 is the December before, 13 the January after."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _known_end(match: re.Match[str], day: dt.date) -> dt.date | None:
    """Return the last day of the term that a match names; None if the calendar has none so late."""
    try:
        return _end(match, day)
    except (OverflowError, ValueError):
        return None


def _end(match: re.Match[str], day: dt.date) -> dt.date | None:
    """Return the last day of the term that a match names, counted from the day on which it was said."""
    if match["year"]:
        year, is_end = int(match["year"]), bool(match["end"]) or match["how"] in ("until", "till", "through")
        month = MONTHS.index(match["month"]) + 1 if match["month"] else 12
        if match["end"] or is_end:
            return _last_day(year, month)
        return _last_day(year, month - 1) if match["month"] else _last_day(year - 1, 12)
    if match["inyear"]:
        return _last_day(int(match["inyear"]), {"first half": 6, "first quarter": 3}.get(match["half"] or "", 12))
    if match["this"]:
        on = 1 if match["this"] == "next" else 0
        if match["what"] == "decade":
            return None
        return dt.date(day.year + on, 12, 31) if match["what"] == "year" else _last_day(day.year, day.month + on)
    if match["within"]:
        on, what = (1 if match["within"] == "next" else 0), match["period"]
        if what == "week":
            return day + dt.timedelta(days=6 - day.weekday() + 7 * on)
        if what in ("year", "month"):
            return dt.date(day.year + on, 12, 31) if what == "year" else _last_day(day.year, day.month + on)
        return None if on else _season(day, what, ends=True)
    if match["prep"] == "next":
        return None  # said in March, "next April" may be either
    name, ends = match["name"], match["prep"] in ("in", "this", "until", "till", "through")
    if name not in MONTHS:
        return _season(day, name, ends=ends)
    number = MONTHS.index(name) + 1
    return _last_day(day.year + (number < day.month), number if ends else number - 1)


def _season(day: dt.date, name: str, *, ends: bool) -> dt.date:
    """Return the last day of the next season of a name, or the last before it begins."""
    month = (_ENDS if ends else _STARTS)[name]
    end = _last_day(day.year, month)
    return end if end >= day else _last_day(day.year + 1, month)

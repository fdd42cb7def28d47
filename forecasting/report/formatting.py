"""How numbers, dates and codes read in a report: plain words, no more digits than the evidence carries."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from forecasting.arguments import DAY, NUMBER, OUTCOME, TEXT, many, takes
from forecasting.forecasts import Outcome
from forecasting.forecasts import number as number
from forecasting.forecasts import percent as percent
from forecasting.inference.noticeable import LEAST
from forecasting.shown.text import visible as visible
from forecasting.shown.times import MONTHS
from forecasting.shown.times import time_words as time_words

INTERVAL_MEANING = (
    "The intervals are about the number, not about the event: another fair reading of the same evidence would as soon put the "
    "probability inside the 50 % interval as outside it, and hardly ever outside the 90 % interval. The probability is the mean "
    "of these readings and can lie near an end of the interval. One that reaches over more than two words is given in words too."
)

END = 0.01  # an interval that begins below it and ends above 1 − END reaches from end to end
NO_INTERVAL_NOTE = "No interval: each draw says yes or no, or nearly, so that the probability is the share of draws that say yes."

GLOSSARY: tuple[tuple[str, str], ...] = (
    ("Base rate", "how often such things happen, counted over past cases, before anything in the articles is read"),
    ("Reference class", "the past cases that are counted; the choice is argued for each event, beside its rivals"),
    ("Claim", "one thing a source says, put in our own words, with its place in the text and its grades"),
    ("Prior", "the base rate moved by the coded claims"),
    ("Posterior", "the prior moved by what had and had not happened by the edition's date: the number to quote"),
    ("50 % and 90 % interval", "the ranges of the middle half, and of nine tenths, of the probabilities that fit the evidence"),
    ("Monte Carlo error", "one standard error of a number by the computer’s random draws; drawn anew, 19 of 20 stay within two"),
    ("Resolution contract", "what counts and what does not, who settles it, and when the question is void"),
    ("Grades", "two ratings per claim: how reliable the source, A to E, and how credible what it says, 1 to 5"),
    ("Pace", "how fast an event tends to come; a related event may speed it up, slow it down or rule it out"),
)

ACTS = {"enables": "has to come first", "blocks": "rules it out", "implies": "is one of its kinds: it comes with it"}
PACE = {"raises": "speeds it up", "lowers": "slows it down"}
STRENGTH = {"weak": "a little", "moderate": "moderately", "strong": "strongly", "decisive": "decisively"}

RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}

CREDIBILITY = {
    1: "confirmed",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "truth cannot be judged",
}

_MARKUP = re.compile(r"([\\`*_\[\]<>|#])")
LEAST_MOVE = f"{100 * LEAST:g} points"  # below which a change is left out
_URL = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+", re.ASCII)


@takes(outcome=OUTCOME)
def in_words(outcome: Outcome) -> str:
    """Return the word for a probability, and those for its 90 % interval where that reaches over more than two bands."""
    told = outcome.range_words if weighs(outcome.low, outcome.high) else ""
    return f"{outcome.words} ({told})" if told else outcome.words


@takes(low=NUMBER, high=NUMBER)
def weighs(low: float, high: float) -> bool:
    """Return whether an interval says anything: from under 1 % to over 99 % it is that of draws each of which says yes or no.

    So it is of who is ahead, and of a count soon after it was last published: what is not known of it is known on each draw.
    """
    return low >= END or high <= 1 - END


@takes(low=NUMBER, high=NUMBER)
def interval(low: float, high: float) -> str:
    """Return an interval in per cent; none where each draw says yes or no (`weighs`), so that it reaches from end to end.

    Examples
    --------
    >>> interval(0.124, 0.51), interval(0.0001, 0.002), interval(0.0, 1.0)
    ('12–51 %', '<1 %', 'none')
    """
    if not weighs(low, high):
        return "none"
    ends = dict.fromkeys((number(low), number(high)))
    return f"{'–'.join(ends)} %"


@takes(outcome=OUTCOME)
def half_interval(outcome: Outcome) -> str:
    """Return an outcome's 50 % interval; none where its 90 % interval says nothing (`weighs`)."""
    return interval(outcome.low_50, outcome.high_50) if weighs(outcome.low, outcome.high) else interval(outcome.low, outcome.high)


SKEWED = (
    "Where a few of the readings lie far from the others, their mean lies outside its own 50 % interval, as here"
)


@takes(outcome=OUTCOME)
def is_skewed(outcome: Outcome) -> bool:
    """Return whether a probability lies outside its own 50 % interval, in whole percent as both are shown."""
    if not weighs(outcome.low, outcome.high):
        return False
    low, p, high = (round(100 * value) for value in (outcome.low_50, outcome.p, outcome.high_50))
    return not low <= p <= high


@takes(names=many(TEXT))
def skew_note(names: Iterable[str]) -> str:
    """Return a sentence on answers that lie outside their own 50 % interval, with what they are called; nothing without any."""
    named = ", ".join(dict.fromkeys(names))
    return f"{SKEWED}: {named}." if named else ""


@takes(change=NUMBER)
def points(change: float) -> str:
    """Return a change of probability in percentage points, with its sign.

    Examples
    --------
    >>> points(0.0342), points(-0.006), points(0.0001)
    ('+3.4', '−0.6', '0.0')
    """
    return signed(100 * change)


@takes(value=NUMBER)
def signed(value: float) -> str:
    """Return a number to a tenth, with its sign.

    Examples
    --------
    >>> signed(0.52), signed(-0.24), signed(-0.01)
    ('+0.5', '−0.2', '0.0')
    """
    rounded = round(value, 1)
    return f"{rounded:+.1f}".replace("-", "−") if rounded else "0.0"


@takes(sign=TEXT, grade=TEXT)
def pace(sign: str | None, grade: str | None) -> str:
    """Return what an effect or a pressure does to the pace of an event.

    Examples
    --------
    >>> pace("lowers", "decisive")
    'slows it down decisively'
    """
    return f"{PACE.get(sign or '', '')} {STRENGTH.get(grade or '', '')}".strip()


@takes(date=DAY)
def day(date: dt.date) -> str:
    """Return a date in words, whatever the machine's language.

    Examples
    --------
    >>> day(dt.date(2024, 12, 3))
    '3 December 2024'
    """
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


@takes(date=DAY)
def short_day(date: dt.date) -> str:
    """Return a date in words with its month cut to three letters.

    Examples
    --------
    >>> short_day(dt.date(2024, 12, 3))
    '3 Dec 2024'
    """
    return f"{date.day} {short_month(date)}"


@takes(date=DAY)
def short_month(date: dt.date) -> str:
    """Return the month of a date in three letters, with its year.

    Examples
    --------
    >>> short_month(dt.date(2024, 12, 3))
    'Dec 2024'
    """
    return f"{MONTHS[date.month - 1][:3]} {date.year}"


@takes(text=TEXT)
def plain(text: str) -> str:
    r"""Return a text of a record for Markdown: on one line, all of it visible, nothing of it taken for markup.

    Examples
    --------
    >>> print(plain("a | b\n<i>c</i>"))
    a \| b \<i\>c\</i\>
    """
    return _MARKUP.sub(r"\\\1", visible(" ".join(text.split())))


@takes(text=TEXT)
def link_parts(text: str) -> tuple[tuple[str, str], ...]:
    """Return a citation as (text, address) pairs; the address is empty unless the text is an http or https link.

    The shown text of a link is its host: a reader sees where it leads, and no long address breaks a line.

    Examples
    --------
    >>> link_parts("TASS, 3 May; https://tass.example/a?b=1")
    (('TASS, 3 May; ', ''), ('tass.example', 'https://tass.example/a?b=1'))
    >>> link_parts("javascript:alert(1)")
    (('javascript:alert(1)', ''),)
    """
    parts: list[tuple[str, str]] = []
    end = 0
    for match in _URL.finditer(text):
        address = match.group().rstrip(".,;:")
        address = address if "(" in address else address.rstrip(")")
        host = _host(address)
        if host:
            parts += [(text[end : match.start()], ""), (host, address)]
            end = match.start() + len(address)
    parts.append((text[end:], ""))
    return tuple(part for part in parts if part[0])


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


@takes(text=TEXT)
def sentence(text: str) -> str:
    """Return text that ends as a sentence does.

    Examples
    --------
    >>> sentence("the day it appeared"), sentence("Done.")
    ('The day it appeared.', 'Done.')
    """
    text = text.strip()
    head = text[:1].upper() + text[1:]
    return head if head.endswith((".", "!", "?", "…")) else f"{head}."

"""Short names: what a record that is described in one place is called everywhere else."""

from __future__ import annotations

import re

from forecasting.arguments import NUMBER, TEXT, takes

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATED = re.compile(
    r",?\s*\b(?:by|at|in|on|until|before)\s+(?:the\s+)?(?:(?:end|middle|start|beginning)\s+of\s+)?(?:the\s+year\s+)?"
    rf"(?:\d{{1,2}}\s+)?(?:(?:{MONTHS})\s+)?\d{{4}}\b(?!\s+(?:articles|statements))"
)
DANGLING = frozenset((
    "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "with", "from", "and", "or", "that", "which", "who", "as", "is",
    "are", "was", "were", "be", "has", "have", "had", "its", "their", "his", "her", "this", "than", "into", "over", "under",
    "will", "would", "not", "no", "between",
))  # fmt: skip


@takes(text=TEXT)
def undated(text: str) -> str:
    """Return the title of a question without the dates in it: what questions that differ by date alone have in common.

    Examples
    --------
    >>> undated("Will Russia still operate Khmeimim at the end of 2025?")
    'Will Russia still operate Khmeimim?'
    >>> undated("Will Russian gas transit through Ukraine end on 1 January 2025?")
    'Will Russian gas transit through Ukraine end?'
    """
    rest = DATED.sub("", text).strip(" ,")
    return rest[:1].upper() + rest[1:] if len(rest.split()) > 1 else text


@takes(text=TEXT, most=NUMBER)
def short(text: str, most: int = 8) -> str:
    """Return the first words of a text as a name for it: at most ``most``, none left hanging, "…" where some are left out.

    Examples
    --------
    >>> short("Moscow is said to have turned to Ankara for help with pulling its forces out of Syria.", 7)
    'Moscow is said to have turned …'
    >>> short("The bases stay.")
    'The bases stay'
    """
    words = text.split()
    if len(words) <= most:
        return text.strip().rstrip(".?!")
    kept = words[:most]
    while len(kept) > 2 and kept[-1].strip(",;:“”").casefold() in DANGLING:
        kept.pop()
    return " ".join(kept).rstrip(",;:.") + " …"


@takes(title=TEXT)
def question_name(title: str) -> str:
    """Return what a question is called where it is not asked: undated, and without its question mark.

    Examples
    --------
    >>> question_name("Will Russia still operate Khmeimim at the end of 2025?")
    'Will Russia still operate Khmeimim'
    """
    return short(undated(title), 12)

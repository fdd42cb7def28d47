"""Plain text for terminals: texts cut to a width, and records of two lines whose numbers stand below each other."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from forecasting.arguments import TEXT, takes

WIDTH = 80
MOST_BYTES = 5000  # of what one object shows
# Control, zero-width and bidirectional characters, variation selectors, and letters without ink (fillers of Hangul, the blank of
# Braille): what is read would not be what is seen.
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff]"
)
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))


@takes(text=TEXT)
def visible(text: str) -> str:
    r"""Return text with characters that cannot be seen, or that turn the direction of others, written as escapes.

    Examples
    --------
    >>> visible("abc\u202edef\u200b")
    'abc⟨U+202E⟩def⟨U+200B⟩'
    """
    spaced = text.replace("\n", " ").replace("\t", " ")
    if spaced.isascii() and spaced.isprintable():
        return spaced
    return "".join(f"⟨U+{ord(c):04X}⟩" if unicodedata.category(c) in _HIDDEN or INVISIBLE.match(c) else c for c in spaced)


def shorten(text: object, width: int = WIDTH) -> str:
    """Return a text on one line, cut at a word where it is longer than some columns.

    Examples
    --------
    >>> shorten("Will the pact be signed by the end of 2025?", 24)
    'Will the pact be signed…'
    >>> shorten("short"), shorten("x" * 9, 5)
    ('short', 'xxxx…')
    """
    line = visible(" ".join(str(text).split()))
    if len(line) <= width:
        return line
    cut = line[: width - 1]
    at = cut.rfind(" ") if line[width - 1] != " " else width - 1
    return f"{cut[:at] if at > width // 2 else cut}…"


@dataclass(frozen=True)
class Entry:
    """One thing in a list: what it is called, the id below it, and its numbers as they are printed, in the order of the heads.

    Entries of the same title one after the other (the outcomes of a question) share its line. A note stands below.
    """

    title: str
    id: str
    cells: tuple[str, ...]
    note: str = ""


def listing(heads: Sequence[str], entries: Sequence[Entry], *, more: str = "", width: int = WIDTH, most: int = MOST_BYTES) -> str:
    """Return entries as text: each title on lines of its own, and below it the id with its numbers, column below column.

    Parameters
    ----------
    heads : sequence of str
        What the numbers are.
    more : str, optional
        How to see those for which there is no room.
    width, most : int
        Columns that a line may take, and bytes that the text may take.

    Examples
    --------
    >>> print(listing(("p", "in words"), [Entry("Will it rain?", "rain-2025", ("31 %", "unlikely"))]))
                    p  in words
    Will it rain?
      rain-2025  31 %  unlikely
    """
    sizes = [max(len(head), *(len(entry.cells[i]) for entry in entries)) for i, head in enumerate(heads)] if entries else []
    texts = [any(entry.cells[i][:1].isalpha() for entry in entries) for i in range(len(heads))]
    first = max((len(entry.id) for entry in entries), default=0)

    def row(label: str, cells: Sequence[str]) -> str:
        sized = zip(cells, sizes, texts, strict=True)
        padded = [cell.ljust(size) if is_text else cell.rjust(size) for cell, size, is_text in sized]
        return "  ".join([f"  {label:<{first}}", *padded]).rstrip()

    lines = [row("", heads)] if entries else []
    used, title = _bytes(lines) + len(more) + 40, None
    for n, entry in enumerate(entries):
        own = [] if entry.title == title else textwrap.wrap(visible(entry.title), width, break_on_hyphens=False)
        own += [row(entry.id, entry.cells)]
        own += textwrap.wrap(visible(entry.note), width, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
        used, title = used + _bytes(own), entry.title
        if used > most:
            lines.append(f"… and {len(entries) - n} more{f': {more}' if more else ''}")
            break
        lines += own
    return "\n".join(lines)


def _bytes(lines: Sequence[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)

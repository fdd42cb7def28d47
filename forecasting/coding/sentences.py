"""Cut an article into sentences that keep their place in the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

MAX_HEADLINE_WORDS = 30
MIN_TITLE_LETTERS, MIN_TITLE_WORDS = 4, 3
_QUOTES = str.maketrans(dict.fromkeys('"\u201c\u201d\u00ab\u00bb\u201e', " "))
_HALVES = "likely|probable|possible|plausible|certain|clear|thinkable|conceivable|able|sure"  # "un-" turns them around
_END = re.compile(r"[.!?\u2026][\"'\u201d\u2019\u00bb)\]]*$")


@dataclass(frozen=True)
class Sentence:
    """A sentence and its place: code points ``[start, end)`` of the normalised text, and the paragraph, counted from 1.

    It is the ``nth`` of its paragraph.
    """

    text: str
    start: int
    end: int
    paragraph: int
    nth: int = 1

    @property
    def place(self) -> str:
        """The paragraph and the sentence in it, ``"9.2"``, which is its name for people."""
        return f"{self.paragraph}.{self.nth}"


@dataclass(frozen=True)
class _Line:
    text: str
    start: int
    paragraph: int


def split_sentences(text: str) -> tuple[Sentence, ...]:
    r"""Return the sentences of a normalised English article, in order.

    Boundaries are those of the library *sentencex*. It keeps a quotation of several sentences in one piece; here the
    quotation marks are hidden from it, so that each sentence of a quotation can be a claim of its own. Headlines,
    captions and menu entries are left out: lines of up to 30 words that do not end as a sentence does. Lines that an
    editor has wrapped are read as one paragraph.

    Parameters
    ----------
    text : str
        The text as `forecasting.coding.texts.read.read_article` returns it.

    Returns
    -------
    tuple of Sentence
        Their offsets refer to ``text``; the paragraph is that of the first code point.

    References
    ----------
    Thottingal, S. (2023). *sentencex: sentence segmentation for about 300 languages*. Wikimedia Foundation.

    Examples
    --------
    >>> [s.text for s in split_sentences("Grain Talks Stall\nThe U.S. may leave. “We will stay,” Dr. Ode said.")]
    ['The U.S. may leave.', '“We will stay,” Dr. Ode said.']
    """
    found, count = [], Counter[int]()
    for start, end, paragraph in (one for lines in _paragraphs(text) for one in _sentences(text, lines)):
        count[paragraph] += 1
        found.append(Sentence(text[start:end], start, end, paragraph, count[paragraph]))
    return tuple(found)


def joined(text: str) -> str:
    r"""Return a sentence with words that a hyphen at a line end, a soft or a non-breaking hyphen broke put together again.

    A hyphen at a line end goes where a word goes on in lower case; "un-likely" is one word in any case, because its second
    half says the opposite.

    Examples
    --------
    >>> joined("It is un-\nlikely, and im\u2011probable."), joined("well-known")
    ('It is unlikely, and improbable.', 'well-known')
    """
    text = re.sub(r"\u00ad\s*(?=[a-z])|\u00ad", "", text)
    text = re.sub(r"(?<=[a-z])[-\u2010\u2011] ?\n\s*(?=[a-z])", "", text)
    return re.sub(rf"(?i)\b(un|im|in)[-\u2010\u2011](?=(?:{_HALVES})\b)", r"\1", text)


def is_headline(line: str) -> bool:
    """Return whether a line is furniture rather than prose: short, and without the end of a sentence, or written as a title is.

    Examples
    --------
    >>> is_headline("Port reopens after strike"), is_headline("The port reopened."), is_headline("Will the Ferry Sail Again?")
    (True, False, True)
    """
    words = line.split()
    if line.lstrip().startswith("#"):  # a heading of Markdown
        return True
    return len(words) <= MAX_HEADLINE_WORDS and (not _END.search(line.strip()) or _is_title(words))


def _is_title(words: list[str]) -> bool:
    """Return whether every word of four letters and more begins with a capital, and there are at least three of them."""
    letters = [re.sub(r"\W", "", word) for word in words]
    long = [word for word in letters if len(word) >= MIN_TITLE_LETTERS and not word[0].isdigit()]
    return len(long) >= MIN_TITLE_WORDS and all(word[0].isupper() for word in long)


def _lines(text: str) -> Iterator[list[_Line]]:
    """Yield the blocks of lines that stand between blank ones."""
    block: list[_Line] = []
    start = paragraph = 0
    for line in [*text.split("\n"), ""]:
        if line.strip():
            paragraph += 1
            block.append(_Line(line, start, paragraph))
        elif block:
            yield block
            block = []
        start += len(line) + 1


def _paragraphs(text: str) -> Iterator[list[_Line]]:
    """Yield what is one paragraph to a reader: a line, or a block that was wrapped in mid-sentence."""
    blocks = list(_lines(text))
    width = max((len(line.text) for block in blocks if _goes_on(block) for line in block), default=0)
    for block in blocks:
        if _goes_on(block, width):
            yield block
        else:
            yield from ([line] for line in block)


def _goes_on(block: list[_Line], width: int = 0) -> bool:
    """Return whether more than a third of the breaks in a block are an editor's, not an author's.

    A break is an editor's where a sentence is not over and the next line begins in lower case, or, in a text that was wrapped
    at ``width`` letters, where the first word of the next line had no place on this one ("twice since / March").
    """
    pairs = [(above.text.strip(), below.text.lstrip()) for above, below in pairwise(block)]
    unfinished = [(above, below) for above, below in pairs if not _END.search(above)]
    wrapped = sum(below[:1].islower() or 0 < width <= len(above) + len(below.split()[0]) for above, below in unfinished)
    return wrapped > len(pairs) / 3


def _sentences(text: str, lines: list[_Line]) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and paragraph of the sentences of a paragraph."""
    start, end = lines[0].start, lines[-1].start + len(lines[-1].text)
    if is_headline(text[start:end]):
        return
    for first, last in _cut(text[start:end].replace("\n", " ")):
        at = start + first
        paragraph = max(line.paragraph for line in lines if line.start <= at)
        yield at, start + last, paragraph


def _cut(paragraph: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences; one that begins in lower case goes on from the one before."""
    from sentencex import segment

    spans: list[tuple[int, int]] = []
    at = 0
    for piece in segment("en", paragraph.translate(_QUOTES)):
        at, end = at + len(piece), at + len(piece)
        start = end - len(piece)
        while start < end and paragraph[start].isspace():
            start += 1
        while end > start and paragraph[end - 1].isspace():
            end -= 1
        if start == end or not re.search(r"\w", paragraph[start:end]):
            spans[-1:] = [(spans[-1][0], end)] if spans and end > start else spans[-1:]
        elif spans and paragraph[start:end].lstrip("\"'\u201c\u2018\u201d\u2019 ")[:1].islower():
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return _with_own_quotes(paragraph, spans)


def _with_own_quotes(paragraph: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give a quotation mark that fell to the neighbour back to the sentence that it opens or closes."""
    mended: list[tuple[int, int]] = []
    for start, end in spans:
        if mended and (closing := re.match(r"[\u201d\u00bb]+\s*", paragraph[start:end])):
            mended[-1] = (mended[-1][0], start + len(closing.group().rstrip()))
            start += closing.end()
        elif mended and (opening := re.search(r"\s+([\"\u201c\u00ab\u201e])$", paragraph[slice(*mended[-1])])):
            start = mended[-1][0] + opening.start(1)
            mended[-1] = (mended[-1][0], mended[-1][0] + opening.start())
        mended.append((start, end))
    return mended

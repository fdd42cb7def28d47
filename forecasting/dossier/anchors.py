"""Anchors: where a claim stands in an article that the project does not ship.

The text of a source is normalised once (Unicode NFC, LF line ends, nothing else). Offsets count code points of that
text, the end excluded; the digest is the SHA-256 of the span's UTF-8 bytes. An anchor therefore either points at
exactly the words it was made from, or is an error. Whoever lacks the text can still check the seal, eight digits that
bind the anchor's fields to each other and to the fingerprint of the text: a guard against slips of the keyboard. It is
none against forgers, who can compute it as well as anyone; against them only the text helps.

References
----------
W3C (2017), *Web Annotation Data Model*, section 4.2.5 (Text Position Selector): offsets count characters of a
normalised text, start included, end excluded.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from dataclasses import dataclass

from forecasting.dossier.claims import Anchor
from forecasting.errors import UsageError

MAX_SEARCHED = 1_000_000
_FOLD = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
}


def normalise(text: str) -> str:
    r"""Return the text in the one form that offsets and digests refer to: NFC with LF line ends.

    Examples
    --------
    >>> normalise("a\r\nb")
    'a\nb'
    """
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))


def digest(text: str) -> str:
    """Return the SHA-256 of the text's UTF-8 bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def paragraph_at(text: str, offset: int) -> int:
    """Return the number of the paragraph (non-empty line, from 1) that holds the code point at ``offset``."""
    return sum(1 for line in text[: offset + 1].split("\n") if line.strip())


def seal_of(text_sha256: str, start: int, end: int, paragraph: int, sha256: str) -> str:
    """Return the seal of an anchor: eight hexadecimal digits over its fields and the fingerprint of its text.

    A slip in any of them goes unnoticed once in 2³² ≈ 4·10⁹ times.
    """
    return digest(f"{text_sha256}:{start}:{end}:{paragraph}:{sha256}")[:8]


@dataclass(frozen=True)
class Found:
    """The result of looking a quote up: an anchor, and whether typography had to be folded to find it."""

    anchor: Anchor
    folded: bool


def _fold(text: str) -> tuple[str, list[int]]:
    """Fold quotation marks, dashes and runs of white space; keep the offset of every folded character."""
    characters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        plain = " " if character.isspace() else _FOLD.get(character, character)
        if plain == " " and characters and characters[-1] == " ":
            continue
        characters.append(plain)
        offsets.append(offset)
    return "".join(characters), offsets


def make_anchor(text: str, start: int, end: int) -> Anchor:
    """Return the anchor of the span ``[start, end)`` of a normalised text, sealed."""
    sha256, paragraph = digest(text[start:end]), paragraph_at(text, start)
    seal = seal_of(digest(text), start, end, paragraph, sha256)
    return Anchor(start=start, end=end, sha256=sha256, paragraph=paragraph, seal=seal)


def _places(words: str, text: str) -> list[int]:
    """Return every place where the words stand as whole words: "likely" does not stand in "unlikely"."""
    before = r"(?<!\w)" if re.match(r"\w", words) else ""
    after = r"(?!\w)" if re.search(r"\w$", words) else ""
    return [match.start() for match in re.finditer(f"(?={before}{re.escape(words)}{after})", text)]


def cut_word(text: str, anchor: Anchor) -> str | None:
    """Return the word that an anchor begins or ends in the middle of, or ``None``."""
    for edge in (anchor.start, anchor.end):
        if 0 < edge < len(text) and re.fullmatch(r"\w\w", text[edge - 1 : edge + 1]):
            before = re.search(r"\w+$", text[max(0, edge - 40) : edge])
            after = re.match(r"\w+", text[edge : edge + 40])
            return before.group() + after.group() if before and after else None
    return None


def find_quote(text: str, quote: str) -> Found:
    """Find a quote typed by hand in a normalised text.

    The words must stand there exactly and as whole words, but for quotation marks, dashes and white space, which are
    folded; `Found.folded` says whether that was needed.

    Raises
    ------
    UsageError
        If the quote is not in the text (the nearest passage is shown) or stands there more than once.

    Examples
    --------
    >>> find_quote("It may well rain.", "may well").anchor.start
    3
    """
    quote = normalise(quote).strip()
    if not quote:
        raise UsageError("the quote is empty; give the words of the passage")
    starts = _places(quote, text)
    if len(starts) == 1:
        return Found(make_anchor(text, starts[0], starts[0] + len(quote)), folded=False)
    if not starts:
        plain, offsets = _fold(text)
        needle = _fold(quote)[0]
        hits = _places(needle, plain)
        if len(hits) == 1:
            return Found(make_anchor(text, offsets[hits[0]], offsets[hits[0] + len(needle) - 1] + 1), folded=True)
        starts = [offsets[hit] for hit in hits]
    if len(starts) > 1:
        paragraphs = ", ".join(str(paragraph_at(text, start)) for start in starts)
        raise UsageError(f"the quote stands {len(starts)} times (paragraphs {paragraphs}); quote more words around it")
    raise UsageError(f"the quote is not in the text; nearest passage: {nearest_passage(text, quote)!r}")


def nearest_passage(text: str, quote: str) -> str:
    """Return the sentence of the text that resembles the quote most, whatever the case of either, cut at 200 characters.

    Examples
    --------
    >>> nearest_passage("The PORT may close. It might rain, aides say.", "the port could close")
    'The PORT may close.'
    """
    wanted = quote.casefold()
    sentences = [part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip()]

    def likeness(sentence: str) -> tuple[int, float]:
        ratio = difflib.SequenceMatcher(None, sentence.casefold(), wanted).quick_ratio()
        return sum(size for _, size in _shared(sentence, wanted)), ratio

    best = max(sentences, key=likeness, default="")
    begin = max(0, min((at for at, _ in _shared(best, wanted)), default=0) - 40) if len(best) > 200 else 0
    return best[begin : begin + 200]


def _shared(sentence: str, wanted: str) -> list[tuple[int, int]]:
    """Return where runs of at least four letters of the quote stand in a sentence, and how long they are."""
    blocks = difflib.SequenceMatcher(None, sentence.casefold(), wanted, autojunk=False).get_matching_blocks()
    return [(block.a, block.size) for block in blocks if block.size >= 4]


def verify_anchor(text: str, anchor: Anchor) -> str | None:
    """Return ``None`` when the span still has its digest, or else what is wrong and what to write.

    The paragraph number must agree as well. A span that merely moved is reported with its new offsets, never accepted.
    """
    if anchor.end > len(text) or digest(text[anchor.start : anchor.end]) != anchor.sha256:
        start = _moved_to(text, anchor)
        if start is not None:
            end, paragraph = start + anchor.end - anchor.start, paragraph_at(text, start)
            return f"the span has moved; write start: {start}, end: {end}, paragraph: {paragraph}"
        if anchor.end > len(text):
            return f"the span {anchor.start}-{anchor.end} ends after the text ({len(text)} code points)"
        return f"the digest does not match the span {anchor.start}-{anchor.end}, and no passage of the text has it"
    paragraph = paragraph_at(text, anchor.start)
    if paragraph != anchor.paragraph:
        return f"the span is in paragraph {paragraph}, not {anchor.paragraph}; write paragraph: {paragraph}"
    return None


def _moved_to(text: str, anchor: Anchor) -> int | None:
    """Return the nearest start at which the text has the anchor's digest; very long texts are not searched."""
    length = anchor.end - anchor.start
    if len(text) > MAX_SEARCHED:
        return None
    starts = [s for s in range(len(text) - length + 1) if digest(text[s : s + length]) == anchor.sha256]
    return min(starts, key=lambda start: abs(start - anchor.start), default=None)

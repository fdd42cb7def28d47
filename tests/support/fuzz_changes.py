"""Good files with something done to them: bytes flipped, cut, doubled, put elsewhere; tokens that readers stumble over; parts of
zip archives changed one by one, so that what is inside is reached.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Sequence

from hypothesis import strategies as st

TOKENS = tuple(token.encode("utf-8", "surrogatepass") for token in (
    "[", "]", "{", "}", "&a ", "*a", "!!x ", "!<", "- ", ": ", "? ", "\t", "'", '"', "'''", "#", "%", "---\n", "...\n", "|\n",
    ">\n", "<<: ", "null", "~", "true", "NO", "NaN", "-inf", "1e400", "-0", "00", "9" * 400, "0x1F", "1_000", ".5", "50%", "0,5",
    "١٢", "2024-02-30", "9999-12-31", "0000-01-01", "0001-01-01", "\u202e", "\u200b", "\ufeff", "\u0000", "\ud800", "\u2028",
    "\x85", "\r", "\n", "\n\n", "\\u0000", "\\", "=1+1", "@x", "<!ENTITY a 'b'>", "<a", "</", "&lt;", "]]>", "../../etc/x",
    "A" * 5000, "[" * 3000, '{"a":' * 500, "\xff\xfe", ";", ",", ",,", '""', "pact-signed", "n-001", "ferry-order-2025",
    "x: {y: [z]}", "💥", "e\u0301" * 50,
))  # fmt: skip


def damaged(whole: bytes, chance: random.Random) -> bytes:
    """Return a file with one to six things done to its bytes."""
    raw = bytearray(whole)
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(raw) + 1), chance.choice((1, 1, 4, 40, 400))
        cut = raw[at : at + length]
        raw[at : at + length] = chance.choice((
            b"", cut * 2, cut * 50, chance.randbytes(len(cut)), bytes(len(cut)), cut[::-1], bytes(byte ^ 1 for byte in cut),
            chance.choice(TOKENS), cut + chance.choice(TOKENS),
        ))  # fmt: skip
        if chance.random() < 0.05:
            del raw[chance.randrange(len(raw) + 1) :]
    return bytes(raw)


def rewritten(whole: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Return a text with one to six things done to its lines, its values and its keys: its form is mostly kept."""
    lines = whole.split(b"\n")
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(lines))
        words = re.split(rb"([\s,:{}\[\]\"]+)", lines[at])
        deed = chance.randrange(9)
        if deed == 0:
            lines.insert(at, lines[chance.randrange(len(lines))])
        elif deed == 1:
            del lines[at]
        elif deed == 2:
            lines[at] = b" " * chance.randrange(9) + lines[at].lstrip()
        elif deed == 3:
            lines[at] = chance.choice(chance.choice(others).split(b"\n"))
        else:  # another value for a word, a word from elsewhere, a token, or none
            n = chance.randrange(len(words))
            elsewhere = chance.choice(re.split(rb"[\s,:{}\[\]\"]+", chance.choice(lines)))
            words[n] = (elsewhere, chance.choice(TOKENS), b"", words[n] * 2, words[n][: len(words[n]) // 2])[deed - 4]
            lines[at] = b"".join(words)
        lines = lines or [b""]
    return b"\n".join(lines)


def repacked(whole: bytes, chance: random.Random) -> bytes:
    """Return a zip archive with one or two of its files changed, and the archive itself whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as before, zipfile.ZipFile(out, "w") as after:
        entries = before.infolist()
        chosen = {chance.choice(entries).filename for _ in range(chance.randint(1, 2))}
        for entry in entries:
            content = before.read(entry)
            if entry.filename in chosen:
                content = damaged(content, chance) if chance.random() < 0.5 else rewritten(content, [content], chance)
            after.writestr(entry.filename, content)
    return out.getvalue()


@st.composite
def changed(draw: st.DrawFn, goods: Sequence[bytes]) -> bytes:
    """Draw one of some good files with something done to it."""
    chance = random.Random(draw(st.integers(0, 2**48)))
    whole = goods[draw(st.integers(0, len(goods) - 1))]
    if whole.startswith(b"PK") and chance.random() < 0.7:
        return repacked(whole, chance)
    if chance.random() < 0.5:
        return damaged(whole, chance)
    return rewritten(whole, goods, chance)

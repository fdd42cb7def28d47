"""Rules about files, ids and the characters in texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from forecasting.dossier.edition import Dossier
from forecasting.dossier.parse import INVISIBLE
from forecasting.errors import Where, near
from forecasting.rules.base import Finding, records, rule, written_texts

_ALPHABETS = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"}
_ACTIVE_LINK = re.compile(r"\b(?:(?:java|vb)script\s*:|file:(?=\S)|data:[a-z]+/)", re.IGNORECASE)
_PASSWORD = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/?#@]*:[^\s/?#@]*@(?P<host>[^\s/?#]*)", re.IGNORECASE)


@rule("failure")
def file_id(dossier: Dossier) -> Iterator[Finding]:
    """Require a source and an edition to have the id that their file is named after.

    A record is looked for under its id; under another name nobody finds it.
    """
    for kind, table in (("source", dossier.sources), ("edition", dossier.editions)):
        for name in table:
            where = dossier.where(kind, name, "id")
            stem = Path(where.file).stem
            if name != stem:
                yield where, f"{kind} '{name}' in the file {stem}.yaml", f"write id: {stem}, or rename the file"


@rule("failure")
def id_shared(dossier: Dossier) -> Iterator[Finding]:
    """Refuse an id that records of two kinds share.

    Commands take an id alone: `forecast trace ID` must know which record is meant.
    """
    first: dict[str, tuple[str, Where]] = {}
    for kind, name, _ in records(dossier):
        if kind in ("source", "claim", "event", "effect", "driver", "question", "edition", "assumption"):
            other, where = first.setdefault(name, (kind, dossier.where(kind, name)))
            if other != kind:
                fix = f"give one of the two another id, for example '{kind}-{name}'"
                yield dossier.where(kind, name, "id"), f"{kind} '{name}' has the id of the {other} at {where}", fix


def texts(dossier: Dossier) -> Iterator[tuple[Callable[[], tuple[Where, str]], str]]:
    """Yield every text in a dossier, with a function that returns its place and what it is called in a message.

    Nearly every text is in order, and a place takes longer to find than a text to look at.
    """
    for one in written_texts(dossier):
        yield partial(_place, dossier, one.kind, one.key, one.path), one.text


def _place(dossier: Dossier, kind: str, key: Any, path: tuple) -> tuple[Where, str]:
    name = "-".join(key) if isinstance(key, tuple) else key
    return dossier.where(kind, key, *path), f"{kind} {name}: {'.'.join(map(str, path))}"


def escaped(text: str) -> str:
    """Return a text with every character outside ASCII as an escape, so that a look-alike shows."""
    return text.encode("ascii", "backslashreplace").decode()


@rule("failure")
def text_invisible(dossier: Dossier) -> Iterator[Finding]:
    r"""Refuse control, zero-width and bidirectional characters and letters without ink in texts, also written as an escape.

    They make a reader see other words than the program reads.
    """
    for place, text in texts(dossier):
        if bad := INVISIBLE.search(text):
            where, name = place()
            yield where, f"{name} holds the invisible character U+{ord(bad.group()):04X}", "delete it"


@cache
def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]


@rule("warning")
def text_alphabets(dossier: Dossier) -> Iterator[Finding]:
    """Flag a word that mixes letters of two alphabets.

    A Cyrillic "о" in a Latin word cannot be seen, yet it makes another word of it.
    """
    for place, text in texts(dossier):
        for word in () if text.isascii() else re.findall(r"[^\W\d_]+", text):
            alphabets = set() if word.isascii() else {_alphabet(letter) for letter in word} & _ALPHABETS
            if len(alphabets) > 1:
                where, name = place()
                mixed = " and ".join(sorted(alphabets)).lower()
                yield where, f"{name} mixes {mixed} letters in '{escaped(word)}'", "type the word in one alphabet"


@rule("failure")
def text_blank(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a text of nothing but white space.

    A blank paraphrase or contract passes for one that was written.
    """
    for place, text in texts(dossier):
        if text and not text.strip():
            where, name = place()
            yield where, f"{name} is blank", "write it, or leave the field out"


@rule("failure")
def text_links(dossier: Dossier) -> Iterator[Finding]:
    """Refuse links that run code or open a local file (`javascript:`, `vbscript:`, `data:`, `file:`).

    Reports show texts as they are; a link of this kind has no honest use in a dossier.
    """
    for place, text in texts(dossier):
        if bad := ":" in text and _ACTIVE_LINK.search(text):
            where, name = place()
            yield where, f"{name} holds the link '{bad.group()}…'", "write an https: address, or none"


@rule("failure")
def text_passwords(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a link with a user's name and password in it (`https://name:password@…`).

    A dossier is shared and its reports are published; who reads them could log in.
    """
    for place, text in texts(dossier):
        if bad := "@" in text and _PASSWORD.search(text):
            where, name = place()
            yield where, f"{name} holds a link to {bad['host']} with a password in it", "write the address without them"


@rule("failure")
def source_text_file(dossier: Dossier) -> Iterator[Finding]:
    """Require a source's `text_file` to be a file name without folders.

    It is looked for in the folder named by `forecast verify --texts`, and nowhere else.
    """
    for name, source in dossier.sources.items():
        if source.text_file and (re.search(r"[/\\:]", source.text_file) or source.text_file.startswith(".")):
            where = dossier.where("source", name, "text_file")
            yield where, f"source {name}: text_file is '{source.text_file}'", "write the name of the file alone"


@rule("warning")
def source_found_in_file(dossier: Dossier) -> Iterator[Finding]:
    """Flag a source with fields that were taken from the file of its article and that nobody has checked.

    What a file says of itself is often of the page and not of the article, or of a template: a wrong day hides claims from an
    edition or lets it know too much.
    """
    for name, source in dossier.sources.items():
        if source.found_in_file:
            found = f"source {name}: {', '.join(source.found_in_file)} stand as the file says, and nobody has checked them"
            fix = "hold each to the page, mend it where it is wrong, then delete the line found_in_file"
            yield dossier.where("source", name, "found_in_file"), found, fix


@rule("warning")
def defaults_speaker(dossier: Dossier) -> Iterator[Finding]:
    """Flag defaults for a speaker of whom the source has no claim.

    A name that is spelt otherwise in the claims gives them nothing, and they stay open or keep what they have.
    """
    for name, source in dossier.sources.items():
        speakers = {claim.speaker for claim in dossier.claims.values() if claim.source == name}
        for speaker in source.defaults.speakers if source.defaults and speakers else ():
            if speaker not in speakers:
                found = f"source {name}: defaults for the speaker '{speaker}', who has no claim"
                fix = f"{near(speaker, speakers, 'speakers of its claims')}; or delete the entry"
                yield dossier.where("source", name, "defaults", "speakers", speaker), found, fix

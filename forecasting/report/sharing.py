"""What nobody may be shown with what is shared: secrets, paths of a home folder, notes of coders, long passages of articles.

A guard against slips, not against forgers: it knows the usual forms of keys and tokens, and no secret that looks like a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from forecasting.coding.texts.extracted import Refused
from forecasting.coding.texts.read import read_article
from forecasting.coding.texts.whole import whole_parts
from forecasting.dossier.edition import Dossier
from forecasting.dossier.parse import ParseError
from forecasting.errors import CheckResult, UsageError, Where
from forecasting.rules.claims import MAX_WORDS

MAX_BYTES = 200_000_000
NOTE_WORDS = 5  # words from which a note is told from a phrase that anybody might use
SECRETS = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a key of Amazon's": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a token of GitHub's": r"\b(?:gh[opsur]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{50,})",
    "a token of GitLab's": r"\bglpat-[0-9A-Za-z_-]{20}",
    "a token of Slack's": r"\bxox[abprs]-[0-9A-Za-z-]{10,}",
    "a key of Google's": r"\bAIza[0-9A-Za-z_-]{35}",
    "a key of an interface": r"\bsk-[0-9A-Za-z_-]{20,}",
    "a signed token": r"(?<![\w-])eyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.",
    "the address of a panel": r"https?://(?:127\.0\.0\.1|localhost):[0-9]{1,5}/[^\s\"'<>]{0,200}token=[0-9A-Za-z_-]+",
    "a link with a password": r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}://[^\s/?#@:\"'<>]*:[^\s/?#@\"'<>]+@[^\s/?#\"'<>]+",
    "a password": r"(?i)\b(?:password|passwd|secret|api[_-]?key|access[_-]?token)\b[\"']?\s*[:=]\s*[\"']?[^\s\"'<>,;]{8,}",
}  # fmt: skip
HOMES = r"(?:(?<![\w.])/(?:home|Users)/[\w.-]+|(?<![\w.])/root/[\w.-]+|\b[A-Za-z]:\\+Users\\+[\w.-]+|file:///[\w./-]+)"
_WORD = re.compile(r"\w+")
_CITED = "0cited0"  # no word of any text


def private_in(text: str, called: str) -> Iterator[CheckResult]:
    r"""Yield each secret and each path of a home folder in a text, with its line; of a secret the first letters alone.

    Examples
    --------
    >>> [str(found.where) for found in private_in("a\nsee /home/ann/notes", "page.html")]
    ['page.html:2']
    """
    for what, pattern in SECRETS.items():
        for match in re.finditer(pattern, text):
            found = f"{what}: {match.group()[:12]!r}…"
            yield CheckResult("sharing-secret", _where(text, match.start(), called), found, "take it out, and have it changed")
    for match in re.finditer(HOMES, text):
        fix = "write a path from the project's own folder, or none"
        found = f"a path of somebody's computer: {match.group()!r}"
        yield CheckResult("sharing-path", _where(text, match.start(), called), found, fix)


def notes_in(text: str, dossier: Dossier, called: str) -> Iterator[CheckResult]:
    """Yield each note of a coder that a text for readers outside shows; notes of a few words are passed over."""
    shown = f" {' '.join(_words(text))} "
    for name, note in _notes(dossier):
        words = _words(note)
        if len(words) >= NOTE_WORDS and f" {' '.join(words)} " in shown:
            fix = "notes are for those who keep the records: use --audience public, or take it out"
            yield CheckResult("sharing-note", Where(called), f"the note of {name}: '{note[:60]}…'", fix)


def passages_in(
    text: str, articles: Mapping[str, str], called: str, titles: Iterable[str] = (), most: int = MAX_WORDS
) -> Iterator[CheckResult]:
    """Yield each article of which a text shows more than ``most`` words in a row, with the longest passage.

    Parameters
    ----------
    articles : mapping of str to str
        Texts of articles by what they are called.
    titles : iterable of str
        By which articles are cited: they may be of any length.
    """
    for title in titles:
        if words := _WORD.findall(title):
            text = re.sub(r"\W+".join(words), f" {_CITED} ", text, flags=re.IGNORECASE)
    shown = _words(text)
    for name, article in articles.items():
        words = _words(article)
        length, at = _longest(words, shown, most)
        if length > most:
            found = f"{length} words in a row of {name}: '{' '.join(words[at : at + 8])} …'"
            yield CheckResult("sharing-passage", Where(called), found, f"quote at most {most} words, or say it in your own")


def shared_parts(path: Path) -> dict[str, str]:
    """Return the text of a file that is about to be shared, by its parts; a file that has none is one part without a name.

    What these are `forecasting.coding.texts.whole.whole_parts` says.

    Raises
    ------
    UsageError
        If it cannot be looked through.
    """
    try:
        return whole_parts(path.name, _bytes(path))
    except Refused as refused:
        raise UsageError(f"{path}: {refused.found}; {refused.fix}") from None


def look_through(paths: Iterable[Path], dossier: Dossier, articles: Mapping[str, str] | None = None) -> tuple[CheckResult, ...]:
    """Return what nobody may be shown in files that are about to be shared.

    Parameters
    ----------
    dossier : Dossier
        Whose notes are looked for, in files for readers outside: those whose name ends in ``-public``.
    articles : mapping of str to str, optional
        Texts that no long passage may be of.
    """
    results: list[CheckResult] = []
    titles = [source.title for source in dossier.sources.values()]
    for path in paths:
        parts, name = shared_parts(path), str(path)
        for part, said in parts.items():
            found = private_in(said, f"{name}!{part}" if part else name)
            results += (replace(one, where=Where(one.where.file)) for one in found) if part else found
        text = "\n".join(parts.values())
        results += notes_in(text, dossier, name) if "-public" in path.name else ()
        results += passages_in(text, articles or {}, name, titles)
    return tuple(results)


def articles_in(folder: Path) -> dict[str, str]:
    """Return the text of every article in a folder, by its file's name; what is none is passed over.

    Raises
    ------
    UsageError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; name the one that holds the articles")
    found = {}
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        with suppress(ParseError):
            found[path.name] = read_article(path, path.name)
    return found


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():  # a named pipe or a device would never end
            found = "a folder" if path.is_dir() else "a pipe or a device" if path.exists() else "no such file"
            raise UsageError(f"{path}: cannot be read ({found}); name the file that is to be shared")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1) if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); name the file that is to be shared") from None
    if raw is None or len(raw) > MAX_BYTES:
        raise UsageError(f"{path}: larger than {MAX_BYTES:,} bytes; look through parts of it")
    return raw


def _where(text: str, at: int, called: str) -> Where:
    return Where(called, text.count("\n", 0, at) + 1)


def _notes(dossier: Dossier) -> Iterator[tuple[str, str]]:
    for table in ("sources", "claims", "events", "questions", "editions", "effects"):
        for name, record in getattr(dossier, table).items():
            if note := getattr(record, "note", ""):
                yield name, note
    for row in dossier.history:
        if row.note:
            yield f"the row of {row.on} in the history", row.note


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _longest(words: list[str], within: list[str], least: int) -> tuple[int, int]:
    """Return the length of the longest row of words that stands in both texts, if it is longer than ``least``, and where."""
    size = least + 1
    places: dict[tuple[str, ...], list[int]] = {}
    for i in range(len(words) - size + 1):
        places.setdefault(tuple(words[i : i + size]), []).append(i)
    longest, at = 0, 0
    for j in range(len(within) - size + 1):
        for i in places.get(tuple(within[j : j + size]), ()):
            n = size
            while i + n < len(words) and j + n < len(within) and words[i + n] == within[j + n]:
                n += 1
            longest, at = max((longest, at), (n, i))
    return longest, at

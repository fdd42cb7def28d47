"""Hold anchors against the texts they point into, for whoever has the texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from forecasting.arguments import DOSSIER, PATH, takes
from forecasting.coding.seals import seal_claims
from forecasting.coding.texts.read import read_article
from forecasting.dossier.anchors import cut_word, digest, nearest_passage, verify_anchor
from forecasting.dossier.claims import Anchor, Claim, Source
from forecasting.dossier.codings import CodedClaim
from forecasting.dossier.edition import Dossier
from forecasting.dossier.parse import ParseError
from forecasting.errors import CheckResult, UsageError, Where
from forecasting.rules.claims import MAX_WORDS
from forecasting.rules.codings import coded_claims


@dataclass
class _Shelf:
    """The texts in a folder, by file name and by fingerprint, and why others could not be read."""

    folder: Path
    by_name: dict[str, str] = field(default_factory=dict)
    by_print: dict[str, str] = field(default_factory=dict)
    refused: dict[str, CheckResult] = field(default_factory=dict)

    def find(self, source: Source) -> str | None:
        """Return the text with a source's fingerprint, whatever its file is called, or else the one under its name."""
        return self.by_print.get(source.text_sha256) or self.by_name.get(source.text_file or "")


@takes(dossier=DOSSIER, directory=PATH)
def verify_texts(dossier: Dossier, directory: str | Path) -> tuple[CheckResult, ...]:
    """Hold every anchor of claims and codings against the texts in a folder.

    A source's text is the file named by its ``text_file``, or any ``.txt`` file with its fingerprint. A page, PDF, Word document
    or mail is read anew, and its anchors counted on the text that is found.

    Parameters
    ----------
    dossier : Dossier
        The claims and their sources.
    directory : path
        A folder with the articles.

    Returns
    -------
    tuple of CheckResult
        Per source one result with status "passed" and the number of confirmed anchors, or the failures, each with what
        stands there and where the words are now. A source whose text is not there is a warning: its anchors were not
        looked at.

    Raises
    ------
    UsageError
        If the folder does not exist.

    Examples
    --------
    >>> import forecasting as fc
    >>> from tempfile import mkdtemp
    >>> results = verify_texts(fc.load_dossier("priors"), mkdtemp())  # a folder without the articles
    >>> {result.status for result in results if result.where.file.startswith("priors/sources/")}
    {'warning'}
    """
    folder = Path(directory)
    if not folder.is_dir():
        raise UsageError(f"no folder {folder}; name the folder that holds the articles")
    shelf = _read_shelf(dossier, folder)
    results = [result for source in dossier.sources.values() for result in _verify_source(dossier, source, shelf)]
    if dossier.sources and not any(result.status == "passed" or result.rule != "text-there" for result in results):
        fix = "name the folder that holds the articles, under the names that stand in text_file or as .txt files"
        results.append(CheckResult("text-there", Where(str(folder)), "no text of any source is in this folder", fix))
    return tuple(results)


def seal_verified(dossier: Dossier, directory: str | Path) -> tuple[CheckResult, ...]:
    """Verify a dossier and seal its files of claims, but for those in which an anchor was not confirmed.

    Returns
    -------
    tuple of CheckResult
        The results of `verify_texts`, and one per file that was sealed.
    """
    results = verify_texts(dossier, directory)
    confirmed = {result.where for result in results if result.status == "passed"}
    files: dict[str, set[str]] = {}
    for claim in dossier.claims.values():
        files.setdefault(dossier.where("claim", claim.id).file, set()).add(claim.source)
    sealed = []
    for name, sources in files.items():
        if all(source in dossier.sources and dossier.where("source", source) in confirmed for source in sources):
            n = seal_claims(dossier.root / "claims" / Path(name).name)
            sealed.append(CheckResult("anchor-seal", Where(name), f"{n} seals written", "", "passed"))
    return (*results, *sealed)


def _read_shelf(dossier: Dossier, folder: Path) -> _Shelf:
    """Read the texts that sources name, and every other .txt file there; unreadable ones are kept with the reason."""
    named = {source.text_file for source in dossier.sources.values() if source.text_file}
    shelf = _Shelf(folder)
    for path in sorted(folder.iterdir()):
        if path.name in named or path.suffix.lower() == ".txt":
            try:
                text = read_article(path, str(path))
            except ParseError as error:
                shelf.refused[path.name] = error.result
                continue
            shelf.by_name[path.name] = shelf.by_print[digest(text)] = text
    return shelf


def _verify_source(dossier: Dossier, source: Source, shelf: _Shelf) -> Iterator[CheckResult]:
    text = shelf.find(source)
    if text is None:
        yield shelf.refused.get(source.text_file or "") or _absent(dossier, source, shelf)
        return
    failures = [*_verify_text(dossier, source, text)]
    claims = [claim for claim in dossier.claims.values() if claim.source == source.id]
    for claim in claims:
        failures += _verify_claim(dossier, claim, text)
    apart = [(coding, where) for coding, where in coded_claims(dossier) if coding.source == source.id]
    for coding, where in apart:
        failures += _verify_coding(coding, where, text)
    yield from failures
    if not failures:
        found = f"source {source.id}: the text and {len(claims) + len(apart)} anchors confirmed"
        yield CheckResult("anchors", dossier.where("source", source.id), found, "", "passed")


def _absent(dossier: Dossier, source: Source, shelf: _Shelf) -> CheckResult:
    n = sum(claim.source == source.id for claim in dossier.claims.values())
    others = f"; not readable: {', '.join(sorted(shelf.refused))}" if shelf.refused else ""
    found = f"source {source.id}: its text is not in {shelf.folder}, so {n} anchors were not looked at{others}"
    fix = f"put it there as {source.text_file or 'a .txt file'} to have them confirmed"
    return CheckResult("text-there", dossier.where("source", source.id, "text_file"), found, fix, "warning")


def _verify_text(dossier: Dossier, source: Source, text: str) -> Iterator[CheckResult]:
    """Compare a text with its record: fingerprint first, which a matching length alone does not replace."""
    if digest(text) != source.text_sha256:
        found = f"source {source.id}: the text's fingerprint is {digest(text)}"
        other = "restore the text that was coded; if this is the one, write its fingerprint and run with --write"
        fix = _read_otherwise(source) or other
        yield CheckResult("text-sha256", dossier.where("source", source.id, "text_sha256"), found, fix)
    if len(text) != source.text_length:
        found = f"source {source.id}: the text has {len(text)} code points, the record says {source.text_length}"
        where = dossier.where("source", source.id, "text_length")
        yield CheckResult("text-length", where, found, f"write text_length: {len(text)}, if this is the text coded")


def _read_otherwise(source: Source) -> str | None:
    """Return what to do where a text was read by another version of a library than the one that is installed."""
    package, _, then = (source.text_read_by or "").partition(" ")
    try:
        now = version(package) if then else then
    except PackageNotFoundError:
        now = "none"
    if now == then:
        return None
    said = f"it was read by {source.text_read_by}, and {now} is installed here, which may read the same file otherwise"
    return f"{said}: install the former, or put the plain text here that was kept with it; else restore the text that was coded"


def _verify_claim(dossier: Dossier, claim: Claim, text: str) -> Iterator[CheckResult]:
    where = dossier.where("claim", claim.id, "anchor")
    yield from _verify_span(f"claim {claim.id}", claim.anchor, claim.wording or claim.paraphrase, where, text)
    for name in ("paraphrase", "note", "speaker_role"):
        here = dossier.where("claim", claim.id, name)
        yield from _verify_own_words(f"claim {claim.id}: the {name}", getattr(claim, name), here, text)


def _verify_coding(coding: CodedClaim, where: Where, text: str) -> Iterator[CheckResult]:
    yield from _verify_span(f"coding {coding.id}", coding.anchor, coding.wording or coding.paraphrase, where, text)
    for name in ("paraphrase", "note"):
        yield from _verify_own_words(f"coding {coding.id}: the {name}", getattr(coding, name), where, text)


def _verify_span(called: str, anchor: Anchor, words: str, where: Where, text: str) -> Iterator[CheckResult]:
    if wrong := verify_anchor(text, anchor):
        found, _, fix = wrong.partition("; ")
        near = nearest_passage(text, words)
        yield CheckResult("anchors", where, f"{called}: {found}", fix or f"nearest passage: {near!r}")
    elif word := cut_word(text, anchor):
        yield CheckResult("anchors", where, f"{called}: the span begins or ends inside the word '{word}'", "anchor whole words")


def _verify_own_words(called: str, words: str, where: Where, text: str) -> Iterator[CheckResult]:
    if copied := _copied(text, words):
        fix = f"say it in other words; at most {MAX_WORDS} in a row may be the article's"
        yield CheckResult("text-copied", where, f"{called} repeats the article: '{copied}'", fix)


def _copied(text: str, words: str) -> str | None:
    """Return the first run of more than eight words that stands in the article just so."""
    article = " ".join(re.findall(r"\w+", text.casefold()))
    ours = re.findall(r"\w+", words.casefold())
    runs = (" ".join(ours[n : n + MAX_WORDS + 1]) for n in range(len(ours) - MAX_WORDS))
    return next((run for run in runs if f" {run} " in f" {article} "), None)

"""Rules about codings: articles coded apart from the dossier's claims, which `forecast agree` compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from forecasting.dossier.anchors import seal_of
from forecasting.dossier.claim_kinds import CLAIM_KINDS
from forecasting.dossier.codings import TARGETS, CodedClaim, Coding, read_coding, read_targets
from forecasting.dossier.edition import Dossier
from forecasting.dossier.parse import ParseError
from forecasting.dossier.unknown_wordings import unknown_wording
from forecasting.dossier.wordings import Wording
from forecasting.errors import CheckResult, Where, near
from forecasting.rules.base import Finding, in_file, rule
from forecasting.rules.claims import MAX_WORDS

_GROUPS = {kind.name: kind.listed for kind in CLAIM_KINDS.values()} | {"background": ()}


def codings(dossier: Dossier) -> Iterator[tuple[Coding, tuple[CheckResult, ...]]]:
    """Yield every coder's records, with why others cannot be read."""
    for folder in sorted(path for path in (dossier.root / "codings").glob("[!.]*") if path.is_dir()):
        files = sorted(folder.glob("*.yaml"))
        stamp = tuple((file.name, found.st_mtime_ns, found.st_size) for file in files for found in [file.stat()])
        yield _read(folder, in_file(dossier, f"codings/{folder.name}").file, stamp)


@lru_cache(maxsize=16)
def _read(folder: Path, called: str, stamp: tuple) -> tuple[Coding, tuple[CheckResult, ...]]:
    """Return a coder's records, read once for all rules; ``stamp`` is of the files, so that changed ones are read anew."""
    return read_coding(folder, called)


def coded_claims(dossier: Dossier) -> Iterator[tuple[CodedClaim, Where]]:
    """Yield every record of every coder with its place."""
    for coding, _ in codings(dossier):
        for claim in coding.claims:
            yield claim, coding.places[claim.id]


@rule("failure")
def coding_fields(dossier: Dossier) -> Iterator[Finding]:
    """Require a coder's record to have what its kind needs, and an id that none of his others has.

    A record that is passed over would be counted as a clause that he did not see.
    """
    for _, failures in codings(dossier):
        for result in failures:
            yield result.where, result.found, result.fix


@rule("failure")
def coding_anchor(dossier: Dossier) -> Iterator[Finding]:
    """Require a coding to have a source that is there, and an anchor inside its text whose seal holds.

    Records of two coders are paired by their anchors: a slip in one makes a disagreement of it.
    """
    for claim, where in coded_claims(dossier):
        source, anchor = dossier.sources.get(claim.source), claim.anchor
        if source is None:
            yield where, f"coding {claim.id}: no source '{claim.source}'", near(claim.source, dossier.sources, "known sources")
            continue
        if anchor.end > source.text_length:
            found = f"coding {claim.id}: the anchor ends at {anchor.end}, after the text ({source.text_length} code points)"
            yield where, found, "write the span again from the text"
        elif anchor.seal != seal_of(source.text_sha256, anchor.start, anchor.end, anchor.paragraph, anchor.sha256):
            fix = "write the span again from the text: a digit of it was changed, or it was never sealed"
            yield where, f"coding {claim.id}: the anchor does not fit its seal", fix


@rule("failure")
def coding_target(dossier: Dossier) -> Iterator[Finding]:
    """Require the targets of a coding to be on the list that its coders were given, and to fit its kind.

    Coders can only agree on what both may name; an id that is on no list agrees with nothing.
    """
    try:
        groups = {name: listed.group for name, listed in read_targets(dossier.root, in_file(dossier, TARGETS).file).items()}
    except ParseError as error:
        yield error.result.where, error.result.found, error.result.fix
        return
    for claim, where in coded_claims(dossier):
        for target in claim.target:
            if target not in groups:
                yield where, f"coding {claim.id}: no target '{target}'", near(target, groups, "on the list")
            elif groups[target] not in _GROUPS[claim.kind]:
                fix = f"of a {claim.kind} write {' or a '.join(_GROUPS[claim.kind]) or 'no target'}"
                yield where, f"coding {claim.id}: '{target}' is of the group {groups[target]}", fix
        for event in claim.given:
            if groups.get(event) != "event":
                fix = near(event, [name for name, group in groups.items() if group == "event"], "events on the list")
                yield where, f"coding {claim.id}: given '{event}' is no event on the list", fix


@rule("failure")
def coding_words(dossier: Dossier) -> Iterator[Finding]:
    """Require the words of a coding to be few, and those that stand for a probability to be entries of its lexicon.

    At most eight words are an article's. A phrase without an entry has no median, so that hedges could not be compared.
    """
    for claim, where in coded_claims(dossier):
        if claim.wording and len(claim.wording.split()) > MAX_WORDS:
            found = f"coding {claim.id}: a wording of {len(claim.wording.split())} words"
            yield where, found, f"keep the hedging words alone, at most {MAX_WORDS}"
        seen = (claim.seen_if.comes, claim.seen_if.stays_away) if claim.seen_if else ()
        lexicon: Mapping[str, Wording] = dossier.lexicons.get(claim.lexicon or "", {})
        for words in (*seen, *((claim.nearest,) if claim.nearest else ())):
            if words not in lexicon:
                found = f"coding {claim.id}: lexicon '{claim.lexicon}' has no wording '{words}'"
                yield where, found, unknown_wording(words, lexicon, dossier.lexicons)

"""From the file of an article to a file of proposed claims."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from forecasting.coding.claim_templates import accepted_stub, proposal_stub
from forecasting.coding.ids import check_form, free_ids, next_claim_id, records_in, taken_ids
from forecasting.coding.quoted import events_of, lexicons_of
from forecasting.coding.scaffold import day_of, defaults_in, read_text
from forecasting.coding.sentences import split_sentences
from forecasting.coding.suggest import Proposal, suggest_claims
from forecasting.dossier.anchors import digest
from forecasting.dossier.claims import Source
from forecasting.dossier.defaults import SourceDefaults
from forecasting.dossier.edition import Dossier
from forecasting.dossier.load import read_dossier
from forecasting.errors import UsageError, near

MIN_ENGLISH = 0.1  # share of these words in English prose: about a third
_ENGLISH = frozenset(
    {"the", "of", "to", "and", "a", "in", "is", "that", "for", "on", "with", "as", "was", "by", "it", "at", "from", "are", "not"}
)
_HEAD = """\
# Proposed claims, the best first. A proposal is a place to look, not yet a claim: keep what is one, say it in your own words,
# fill in the empty fields, narrow the anchor if need be (forecast new claim --quote), and delete the rest.
"""


@dataclass(frozen=True)
class Proposed:
    """Proposals from one article, free ids for them, the source they are ascribed to, and what is to be said of them."""

    proposals: tuple[Proposal, ...]
    ids: tuple[str, ...]
    source: Source | str | None
    remarks: tuple[str, ...]
    defaults: SourceDefaults | None = None
    made_on: str | None = None
    path: Path | None = None
    covered: tuple[tuple[str, str], ...] = ()  # places of sentences that claims of the source cover, each with their ids


def propose(
    path: Path, priors: Path, source: str | None = None, limit: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Proposed:  # fmt: skip
    """Read an article and return what may be claims in it, but for sentences that its source's claims cover already.

    Parameters
    ----------
    path : Path
        The article: a file of any form that `forecasting.coding.texts.read.read_file` reads.
    priors : Path
        The dossier, for its lexicons and the claims that are coded; it may be unfinished, or absent.
    source : str, optional
        Id of the source that the text belongs to, whether or not it has a record yet.
    limit : int, optional
        How many proposals to return at the most.
    progress : callable, optional
        Called with the share of the text that is read.

    Raises
    ------
    DossierError
        If the file is no article that can be read: where, what it is, and what to do.
    UsageError
        If the id is malformed, or the source was coded from another text.
    """
    text = read_text(path)
    dossier = read_dossier(priors)[0] if priors.is_dir() else None
    record = _record(dossier, source, text, path)
    day = day_of(priors, source) if source else None  # a record that is unfinished may know it too
    dated = dt.date.fromisoformat(day) if day else None
    # words that a lexicon lists as no judgement of likelihood are no hedge
    found = suggest_claims(text, lexicons_of(dossier), events=events_of(dossier), published_on=dated, progress=progress)
    spans = _spans(priors, record)
    fresh = tuple(p for p in found if not any(a < p.anchor.end and p.anchor.start < b for a, b, _ in spans))
    taken = taken_ids(priors) if source else {}
    first = next_claim_id(priors, source, taken) if source else "new-001"
    unknown = _unknown(priors, source, path) if source and not isinstance(record, Source) else ()
    remarks = (*unknown, *_remarks(text, path, found, fresh, limit))
    defaults = defaults_in(priors, source) if source else None
    ids, covered = free_ids(first, len(fresh[:limit]), taken), _covered(text, spans)
    return Proposed(fresh[:limit], ids, record, remarks, defaults, day, path, covered)


def _unknown(priors: Path, source: str, path: Path) -> tuple[str, ...]:
    """Return a remark on a source that no file records; one that is begun and unfinished has its file."""
    known = [file.stem for file in sorted(priors.glob("sources/*.yaml"))]
    if source in known:
        return ()
    begin = f"or begin it: forecast new source --id {source} --text {path}"
    return (f"no source '{source}' in {priors}; {near(source, known, 'known sources')}; {begin}",)


def _record(dossier: Dossier | None, source: str | None, text: str, path: Path) -> Source | str | None:
    if source:
        check_form(source, "source")
    record = dossier.sources.get(source) if dossier and source else None
    if record and record.text_sha256 != digest(text):
        fix = f"name its text, or another source ({near(record.id, dossier.sources, 'known')})" if dossier else ""
        raise UsageError(f"{path} is not the text of {record.id}: its fingerprint is {digest(text)}; {fix}")
    return record or source


def _covered(text: str, spans: Sequence[tuple[int, int, str]]) -> tuple[tuple[str, str], ...]:
    """Return the places of the sentences that claims cover, with the ids of the claims."""
    over = [
        (sentence.place, [ident for start, end, ident in spans if start < sentence.end and sentence.start < end])
        for sentence in (split_sentences(text) if spans else ())
    ]
    return tuple((place, ", ".join(ids)) for place, ids in over if ids)


def _spans(priors: Path, record: Source | str | None) -> list[tuple[int, int, str]]:
    """Return where the claims of a source stand, finished or not, with their ids."""
    name = record.id if isinstance(record, Source) else record
    claims = records_in(priors, "claims") if name and priors.is_dir() else ()
    anchors = [(claim.get("anchor"), str(claim.get("id"))) for claim in claims if claim.get("source") == name]
    places = [(anchor.get("start"), anchor.get("end"), ident) for anchor, ident in anchors if isinstance(anchor, dict)]
    return [(start, end, ident) for start, end, ident in places if isinstance(start, int) and isinstance(end, int)]


def _remarks(
    text: str, path: Path, found: tuple[Proposal, ...], fresh: tuple[Proposal, ...], limit: int | None
) -> tuple[str, ...]:
    words = re.findall(r"[a-z']+", text.casefold())
    remarks = []
    if sum(word in _ENGLISH for word in words) < MIN_ENGLISH * max(len(words), 1):
        remarks.append(f"{path} does not read like English; the wordings that are looked for are English")
    if not found:
        remarks.append(f"no claims found in {path}: no sentence holds enough hedges, reports, conditions or changes")
    elif not fresh:
        remarks.append(f"nothing new in {path}: all {len(found)} sentences found are covered by claims of the source")
    elif len(fresh) < len(found):
        remarks.append(f"{len(found) - len(fresh)} more sentences are covered by claims of the source already")
    if limit and len(fresh) > limit:
        remarks.append(f"{len(fresh) - limit} more with lower scores; leave --limit out to see them")
    return tuple(remarks)


def chosen(proposed: Proposed, wanted: str) -> tuple[Proposal, ...]:
    """Return the proposals that somebody accepts, by the places of their sentences: ``"9.2,5.1"``, or ``"all"``.

    A rank is no name: it moves when the source gets its day, a lexicon gets a wording, or claims are written.

    Raises
    ------
    UsageError
        If a place is malformed, or no proposal has it.
    """
    places = [proposal.place for proposal in proposed.proposals]
    asked = places if wanted.strip() == "all" else [part.strip() for part in wanted.split(",")]
    for part in asked:
        if not re.fullmatch(r"[0-9]+\.[0-9]+", part):
            example = ",".join(places[:2]) or "9.2,5.1"
            raise UsageError(f"--accept {part!r}: write the places that stand in brackets, such as {example}, or all")
    if missing := [part for part in asked if part not in places]:
        rest = [place for place in places if place in asked]
        go_on = f"; the others alone: --accept {','.join(rest)}" if rest else ""
        raise UsageError(f"nothing was written: {'; '.join(_why_not(proposed, place) for place in missing)}{go_on}")
    return tuple(proposal for proposal in proposed.proposals if proposal.place in asked)


def _why_not(proposed: Proposed, place: str) -> str:
    """Return why a sentence cannot be accepted: a claim covers it, it is not proposed, or there is none."""
    if ids := dict(proposed.covered).get(place):
        return f"{place} is covered by {ids} already"
    source = proposed.source.id if isinstance(proposed.source, Source) else proposed.source or "ID"
    text = read_text(proposed.path) if proposed.path else ""
    sentence = next((one for one in split_sentences(text) if one.place == place), None)
    if sentence is None:
        return f"the text has no sentence {place}"
    words = " ".join(sentence.text.split()[:6]).replace('"', "")
    how = f'forecast new claim --source {source} --text {proposed.path} --quote "{words}"'
    return f"{place} is not proposed ('{words} …'); to claim it, quote its words: {how}"


def accepted_records(proposed: Proposed, proposals: Sequence[Proposal]) -> tuple[str, ...]:
    """Return accepted proposals as claims, one text each, with the next free ids: what only a person can say is empty."""
    source = proposed.source
    if source is None:
        raise UsageError("accepted claims belong to a source; name it with --source")
    name, ids = source.id if isinstance(source, Source) else source, proposed.ids[: len(proposals)]
    return tuple(
        accepted_stub(ident, one, name, proposed.made_on, proposed.defaults) for ident, one in zip(ids, proposals, strict=True)
    )


def records_of(proposed: Proposed) -> str:
    """Return the proposals as a file of claims that parses, and that `forecast check` refuses until it is completed."""
    stubs = [
        proposal_stub(ident, proposal, proposed.source, rank, proposed.defaults)
        for rank, (ident, proposal) in enumerate(zip(proposed.ids, proposed.proposals, strict=True), 1)
    ]
    return "\n".join([_HEAD, *stubs])

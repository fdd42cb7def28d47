"""Rules about claims: their source, their dates, their words and where they stand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from forecasting.dossier.anchors import seal_of
from forecasting.dossier.claims import Claim, Source
from forecasting.dossier.edition import Dossier
from forecasting.dossier.graph import circles
from forecasting.dossier.lexicons import synonym_row
from forecasting.dossier.unknown_wordings import unknown_wording
from forecasting.errors import near
from forecasting.rules.base import Finding, days_after, rule

MAX_WORDS = 8
_SEAL_FIX = "run `forecast verify --texts DIR --write`, which seals what the text confirms"
PRECISION_DAYS = {"day": 0, "week": 7, "month": 31, "year": 366}


def latest_publication(source: Source) -> dt.date:
    """Return the last day on which a source can have appeared, given how precisely its date is known."""
    return days_after(source.published_on, PRECISION_DAYS[source.published_precision])


def claims_with_source(dossier: Dossier) -> Iterator[tuple[Claim, Source]]:
    """Yield the claims whose source exists, with it."""
    for claim in dossier.claims.values():
        if claim.source in dossier.sources:
            yield claim, dossier.sources[claim.source]


@rule("failure")
def claim_source(dossier: Dossier) -> Iterator[Finding]:
    """Require a record of every claim's source.

    Without one nobody knows who said it, when, and in which text.
    """
    for claim in dossier.claims.values():
        if dossier.lacks("source", claim.source):
            fix = f"{near(claim.source, dossier.sources, 'known sources')}; or add sources/{claim.source}.yaml"
            yield dossier.where("claim", claim.id, "source"), f"claim {claim.id}: no source '{claim.source}'", fix


@rule("failure")
def source_retrieved_on(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a source that was retrieved before it was published.

    One of the two days is wrong, and an edition sees the source or not by the day of publication.
    """
    for name, source in dossier.sources.items():
        if source.retrieved_on and source.retrieved_on < source.published_on:
            found = f"source {name}: retrieved_on {source.retrieved_on} is before published_on {source.published_on}"
            yield dossier.where("source", name, "retrieved_on"), found, "mend one of the two days"


@rule("failure")
def claim_file(dossier: Dossier) -> Iterator[Finding]:
    """Require a claim to stand in the file named after its source.

    Whoever reads one article against its claims must find all of them in one place.
    """
    for claim, _ in claims_with_source(dossier):
        where = dossier.where("claim", claim.id, "source")
        if Path(where.file).stem != claim.source:
            fix = f"move the claim to claims/{claim.source}.yaml, or mend the source"
            yield where, f"claim {claim.id} of source '{claim.source}' in {Path(where.file).name}", fix


@rule("failure")
def claim_made_on(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a claim made after its source appeared; a vague date gives it 7, 31 or 366 days.

    The date decides which editions may know the claim; one that is too late hides it, or betrays a typing slip.
    """
    for claim, source in claims_with_source(dossier):
        if claim.made_on > latest_publication(source):
            found = f"claim {claim.id}: made_on {claim.made_on} is after its source appeared ({source.published_on}"
            vague = "" if source.published_precision == "day" else f", known to the {source.published_precision}"
            yield dossier.where("claim", claim.id, "made_on"), found + vague + ")", "write the day the words were said"


@rule("failure")
def claim_happened_on(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a claim about something that happened after the claim was made.

    A report from the future would let an edition know what it cannot.
    """
    for claim in dossier.claims.values():
        if claim.happened_on and claim.happened_on > claim.made_on:
            found = f"claim {claim.id}: happened_on {claim.happened_on} is after made_on {claim.made_on}"
            yield dossier.where("claim", claim.id, "happened_on"), found, "mend one of the two dates"


@rule("failure")
def claim_lexicon(dossier: Dossier) -> Iterator[Finding]:
    """Require the lexicon that a claim names.

    Words without a lexicon have no number.
    """
    for claim in dossier.claims.values():
        if claim.lexicon and dossier.lacks("lexicon", claim.lexicon):
            fix = near(claim.lexicon, dossier.lexicons, "known lexicons")
            yield dossier.where("claim", claim.id, "lexicon"), f"claim {claim.id}: no lexicon '{claim.lexicon}'", fix


@rule("failure")
def claim_wording(dossier: Dossier) -> Iterator[Finding]:
    """Require a claim's wording to be an entry of its lexicon, letter by letter.

    An unknown wording has no default: any number put in its place would be ours and not the article's. Of a fact with
    `seen_if` no number is made from the article's words.
    """
    for claim in dossier.claims.values():
        lexicon = dossier.lexicons.get(claim.lexicon or "")
        if lexicon and claim.wording and not claim.seen_if and dossier.lacks("wording", (claim.lexicon, claim.wording)):
            found = f"claim {claim.id}: lexicon '{claim.lexicon}' has no wording '{claim.wording}'"
            yield dossier.where("claim", claim.id, "wording"), found, unknown_wording(claim.wording, lexicon, dossier.lexicons)


@rule("warning")
def claim_negated_twice(dossier: Dossier) -> Iterator[Finding]:
    """Flag a wording that says *unlikely* together with the direction `does-not-occur`.

    "Exports are unlikely to resume" is `wording: unlikely, direction: occurs`; with `does-not-occur` it would be read as
    unlikely *not* to resume.
    """
    for claim in dossier.claims.values():
        row = dossier.wording(claim.lexicon, claim.wording)
        if claim.kind == "judgement" and claim.direction == "does-not-occur" and row and row.p50 < 0.5:
            found = f"claim {claim.id}: '{claim.wording}' and does-not-occur read as {100 * (1 - row.p50):.0f} % that it happens"
            fix = "write direction: occurs, if the words deny the event; leave it, if they deny its absence"
            yield dossier.where("claim", claim.id, "direction"), found, fix


@rule("failure")
def claim_synonym_rows(dossier: Dossier) -> Iterator[Finding]:
    """Refuse terms of both synonym rows of ICD 203 in the claims of one source.

    The directive has two rows of words for its seven bands and asks that they not be mixed in one product. A source that
    mixes them does not follow the directive, and its words do not have the directive's numbers.
    """
    used: dict[str, tuple[str, Claim]] = {}
    for claim in dossier.claims.values():
        row = synonym_row(claim.wording or "") if claim.lexicon == "icd203" and not claim.seen_if else None
        if row is None:
            continue
        first_row, first = used.setdefault(claim.source, (row, claim))
        if row != first_row:
            found = (
                f"claim {claim.id}: '{claim.wording}' is of the {row} row of icd203, "
                f"'{first.wording}' of {first.id} of the {first_row}"
            )
            fix = f"read {claim.source} with a survey lexicon such as capphrase-2026, or mend the wording of one of the two"
            yield dossier.where("claim", claim.id, "wording"), found, fix


@rule("failure")
def claim_words(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a wording of more than eight words.

    It is all that the project quotes of an article, whose text belongs to its publisher.
    """
    for claim in dossier.claims.values():
        n = len((claim.wording or "").split())
        if n > MAX_WORDS:
            fix = f"keep the hedging words alone, at most {MAX_WORDS}"
            yield dossier.where("claim", claim.id, "wording"), f"claim {claim.id}: a wording of {n} words", fix


@rule("failure")
def claim_origin(dossier: Dossier) -> Iterator[Finding]:
    """Require an author's own claim to have its source, or the source's origin group, as its origin.

    Claims of one origin share an error; a stray origin would make the author count as two speakers.
    """
    for claim, source in claims_with_source(dossier):
        if claim.speaker == "author" and claim.origin not in (source.id, source.origin_group):
            fix = f"write origin: {source.id} (or {source.origin_group}), or name the speaker"
            found = f"claim {claim.id}: the author speaks, but the origin is '{claim.origin}'"
            yield dossier.where("claim", claim.id, "origin"), found, fix


@rule("failure")
def claim_supersedes(dossier: Dossier) -> Iterator[Finding]:
    """Require a correction to name a claim that exists, of the same source.

    A correction of nothing leaves the wrong claim in force.
    """
    for claim in dossier.claims.values():
        old = dossier.claims.get(claim.supersedes or "")
        where = dossier.where("claim", claim.id, "supersedes")
        if claim.supersedes and dossier.lacks("claim", claim.supersedes):
            fix = near(claim.supersedes, dossier.claims, "known claims")
            yield where, f"claim {claim.id} supersedes '{claim.supersedes}', which does not exist", fix
        elif old and old.source != claim.source:
            found = f"claim {claim.id} of '{claim.source}' supersedes {old.id} of '{old.source}'"
            yield where, found, "correct a claim of the same source; what another source says is a claim of its own"


@rule("failure")
def claim_supersedes_circle(dossier: Dossier) -> Iterator[Finding]:
    """Refuse corrections that run in a circle.

    In a circle every claim is superseded, and none counts.
    """
    for circle in circles({claim.id: [claim.supersedes or ""] for claim in dossier.claims.values()}):
        found = f"corrections run in a circle: {' → '.join(circle)}"
        yield dossier.where("claim", circle[0], "supersedes"), found, "let only the newest claim stand"


@rule("failure")
def anchor_inside(dossier: Dossier) -> Iterator[Finding]:
    """Require a claim's anchor to lie inside its source's text.

    An anchor past the end points at nothing.
    """
    for claim, source in claims_with_source(dossier):
        if claim.anchor.end > source.text_length:
            found = f"claim {claim.id}: the anchor ends at {claim.anchor.end}, the text at {source.text_length}"
            yield dossier.where("claim", claim.id, "anchor", "end"), found, "mend the offsets, or the text_length"


@rule("failure")
def anchor_seal(dossier: Dossier) -> Iterator[Finding]:
    """Require a seal on every anchor that fits its fields and the fingerprint of its source's text.

    It shows a changed digest, offset or fingerprint to everyone, with or without the text. It guards against slips, not
    against forgers: whoever changes an anchor on purpose can compute its seal as well. Only the text decides then.
    """
    broken: dict[str, list[Claim]] = defaultdict(list)
    for claim, source in claims_with_source(dossier):
        at = claim.anchor
        if at.seal is None:
            yield dossier.where("claim", claim.id, "anchor"), f"claim {claim.id}: the anchor has no seal", _SEAL_FIX
        elif at.seal != seal_of(source.text_sha256, at.start, at.end, at.paragraph, at.sha256):
            broken[source.id].append(claim)
    for source_id, claims in broken.items():
        if len(claims) > 2 and len(claims) == sum(claim.source == source_id for claim in dossier.claims.values()):
            found = f"source {source_id}: none of the seals of its {len(claims)} claims fits this fingerprint"
            fix = "restore it; if the text has changed, run `forecast verify --texts DIR --write`"
            yield dossier.where("source", source_id, "text_sha256"), found, fix
            continue
        for claim in claims:
            found = f"claim {claim.id}: the seal does not fit the anchor; one of its fields has changed since"
            yield dossier.where("claim", claim.id, "anchor"), found, f"restore the anchor, or {_SEAL_FIX}"

"""An edition with another coder's claims in place of its own: what he would have answered with the same events and effects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from forecasting.dossier.claims import Claim, Horizon, Target
from forecasting.dossier.codings import CodedClaim, Coding
from forecasting.dossier.edition import EditionDossier

DEFAULT_YEARS = 1.0  # of a judgement whose text neither states nor argues a term (docs/codebook.md, 6.5)
_EXACT = {("enables", False), ("blocks", True), ("implies", True)}  # conditions in which the event is certain or impossible


@dataclass(frozen=True)
class Recoded:
    """An edition with a coder's claims, and which of his records it cannot read.

    Parameters
    ----------
    edition : EditionDossier
        Events, effects, classes and history are the edition's own.
    left_out : tuple of tuple of str
        Id and reason of each claim that reaches no number there; background is not listed.
    """

    edition: EditionDossier
    left_out: tuple[tuple[str, str], ...]


def recoded(edition: EditionDossier, coding: Coding, read_as: Mapping[str, str]) -> Recoded:
    """Return an edition with a coder's claims in place of its own.

    Parameters
    ----------
    edition : EditionDossier
        Whose claims are replaced.
    coding : Coding
        Records on its sources; those of other sources, and of sources that appeared later, are passed over.
    read_as : mapping
        Targets that no record has yet, and the driver by which each is read until then (``targets.csv``, column ``read_as``).

    Returns
    -------
    Recoded
        A claim under a condition that cannot be read is left out whole: without its condition it would be another claim.
    """
    claims: dict[str, Claim] = {}
    left_out: list[tuple[str, str]] = []
    for coded in coding.claims:
        source = edition.dossier.sources.get(coded.source)
        known = source is not None and coded.source in edition.edition.sources and source.published_on <= edition.as_of
        if not known or coded.kind == "background":
            continue
        if reason := next(_unreadable(coded, edition, read_as), None):
            left_out.append((coded.id, reason))
        else:
            claims[coded.id] = _claim(coded, edition, read_as)
    table = MappingProxyType(claims)
    replaced = replace(edition, claims=tuple(claims.values()), dossier=replace(edition.dossier, claims=table))
    return Recoded(replaced, tuple(left_out))


def _targets(coded: CodedClaim, edition: EditionDossier, read_as: Mapping[str, str]) -> tuple[str, ...]:
    """Return the targets that the dossier has a record of, a balance as the driver by which it is read."""
    dossier = edition.dossier
    tables = {"effect": dossier.effects, "driver": dossier.drivers}
    known = tables.get(coded.kind, dossier.events)
    named = [target if target in known else read_as.get(target, target) for target in coded.target]
    return tuple(dict.fromkeys(target for target in named if target in known))


def _unreadable(coded: CodedClaim, edition: EditionDossier, read_as: Mapping[str, str]) -> Iterator[str]:
    """Yield why a record reaches no number in an edition."""
    dossier = edition.dossier
    if coded.kind == "quantity":
        yield "a number enters no hazard by itself"
    targets = _targets(coded, edition, read_as)
    if not targets:
        yield f"no record of {', '.join(coded.target)}"
    if coded.kind == "judgement" and dossier.wording(coded.lexicon, coded.nearest or coded.wording) is None:
        yield f"lexicon {coded.lexicon} has no entry for '{coded.nearest or coded.wording}'"
    if coded.given and coded.kind != "judgement":
        yield f"a {coded.kind} under a condition"
    acts = {(effect.from_, effect.to): effect.acts for effect in edition.effects}
    for cause, happened in coded.given.items():
        for event in targets:
            if (act := acts.get((cause, event))) is None:
                yield f"no effect from {cause} into {event}"
            elif (act, happened) in _EXACT:
                yield f"{event} is certain or impossible with {cause} {str(happened).lower()}"


def _claim(coded: CodedClaim, edition: EditionDossier, read_as: Mapping[str, str]) -> Claim:
    dossier = edition.dossier
    targets = _targets(coded, edition, read_as)
    target = (
        Target(effect=targets) if coded.kind == "effect"
        else Target(driver=targets[0]) if coded.kind == "driver"
        else Target(event=targets, given=coded.given)
    )  # fmt: skip
    entry = dossier.wording(coded.lexicon, coded.nearest or coded.wording) if coded.kind == "judgement" else None
    reads = coded.reads if entry and coded.reads != entry.reads else None
    term = coded.horizon
    horizon = Horizon(years=term.years or DEFAULT_YEARS, stated=term.stated, why=term.why) if term else None
    shared = {"id", "source", "paraphrase", "speaker", "kind", "lexicon", "direction", "grade", "reliability", "credibility",
              "origin", "note"}  # fmt: skip
    return Claim(
        **coded.model_dump(include=shared), anchor=coded.anchor, wording=entry.wording if entry else coded.wording, reads=reads,
        reads_why="As this coder reads the sentence." if reads else None, target=target, seen_if=coded.seen_if, horizon=horizon,
        grade_why="As this coder grades it." if coded.grade and coded.kind == "fact" else "",
        made_on=dossier.sources[coded.source].published_on,
    )  # fmt: skip

"""Variants of an edition: all evidence, or all but one kind of it, or its words read by another lexicon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.errors import UsageError, near
from forecasting.models.base import Layer

ALL_EVIDENCE, CLAIMS, EFFECTS, HISTORY, LEXICON = (
    "all-evidence", "without-claims", "without-effects", "without-history", "lexicon:",
)  # fmt: skip
EVERY = "all"
EXACT = ("enables", "blocks", "implies")  # what an event is, and not how likely it is; without it scenarios would overlap
WORDS = ("wording", "comes", "stays_away")  # fields of records that hold a wording of their lexicon


@dataclass(frozen=True)
class Variant:
    """What an edition is fitted without, or read by.

    Parameters
    ----------
    id : str
        As on the command line: ``all-evidence``, ``without-claims``, ``without-effects``, ``without-history`` or
        ``lexicon:<id>``.
    """

    id: str

    @property
    def folder(self) -> str:
        """The name of its folder on every system."""
        return self.id.replace(":", "-")

    @property
    def layer(self) -> Layer:
        """The layer of evidence that is fitted: without history, what has happened is a state and no evidence of a rate."""
        return "prior" if self.id == HISTORY else "posterior"

    def left_out(self, edition: EditionDossier) -> frozenset[str]:
        """Return the claims whose readings are left out; effects that were drawn from them stay, they are another variant."""
        return frozenset(claim.id for claim in edition.claims) if self.id == CLAIMS else frozenset()

    def records(self, dossier: Dossier) -> Dossier:
        """Return the dossier with the records that this variant has instead."""
        if self.id == EFFECTS:
            return _without_effects(dossier)
        return _read_by(dossier, self.id.removeprefix(LEXICON)) if self.id.startswith(LEXICON) else dossier


def variants(names: str, edition: EditionDossier) -> tuple[Variant, ...]:
    """Return the variants that a name stands for; ``all`` stands for each one that changes something, all evidence first.

    Raises
    ------
    UsageError
        If there is no such variant, or the lexicon lists none of the edition's words.

    Examples
    --------
    >>> import forecasting as fc
    >>> edition = fc.load_dossier("priors").edition("2024-12-syria")
    >>> [one.id for one in variants("without-claims", edition)]
    ['without-claims']
    """
    known = tuple(_known(edition))
    if names == EVERY:
        return tuple(Variant(name) for name in known)
    if names not in known:
        if names.removeprefix(LEXICON) in edition.dossier.lexicons and names.startswith(LEXICON):
            raise UsageError(f"--variant {names}: this lexicon lists no wording that a claim of the edition reads by another one")
        raise UsageError(f"--variant {names}: no such variant; {near(names, (*known, EVERY), 'write one of')}")
    return (Variant(names),)


def _known(edition: EditionDossier) -> Iterator[str]:
    yield from (ALL_EVIDENCE, CLAIMS, EFFECTS, HISTORY)
    for name in sorted(edition.dossier.lexicons):
        if any(_reread(claim, name, edition.dossier) is not claim for claim in edition.claims):
            yield f"{LEXICON}{name}"


def _without_effects(dossier: Dossier) -> Dossier:
    """Return the dossier in which every event stands alone: exact effects are kept, since they say what an event is."""
    effects = {name: effect for name, effect in dossier.effects.items() if effect.acts in EXACT}
    joined = {(effect.from_, effect.to) for effect in effects.values()}
    events = {}
    for name, event in dossier.events.items():
        given = {cause: state for cause, state in event.class_given.items() if (cause, name) in joined}
        events[name] = event if given == event.class_given else event.model_copy(update={"class_given": given})
    return replace(
        dossier, effects=MappingProxyType(effects), drivers=MappingProxyType({}), events=MappingProxyType(events)
    )


def _read_by(dossier: Dossier, lexicon: str) -> Dossier:
    """Return the dossier with every wording that a lexicon lists read by it; others are read as before."""
    tables: dict[str, Any] = {
        kind: MappingProxyType({name: _reread(record, lexicon, dossier) for name, record in getattr(dossier, kind).items()})
        for kind in ("claims", "effects")
    }
    return replace(dossier, **tables, history=tuple(_reread(row, lexicon, dossier) for row in dossier.history))


def _reread(record: Any, lexicon: str, dossier: Dossier) -> Any:
    """Return a record with another lexicon if that one lists all of its wordings, else the same record."""
    words = [word for word in _words(record) if word]
    listed: Mapping[str, Any] = dossier.lexicons[lexicon]
    if not words or record.lexicon == lexicon or not all(word in listed for word in words):
        return record
    return record.model_copy(update={"lexicon": lexicon})


def _words(record: Any) -> tuple[str | None, ...]:
    if isinstance(record, Claim) and record.seen_if:
        return (record.seen_if.comes, record.seen_if.stays_away)
    return tuple(getattr(record, name, None) for name in WORDS)

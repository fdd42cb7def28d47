"""Rules about sentences that people write: likelihood by the standard of the edition, confidence apart, no bare "may".

A paraphrase of a claim, a wording and a citation say what others said, and are passed over; so is what is quoted. Titles of
questions ("Will …?") ask, and are held to the first two rules alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from forecasting.dossier.edition import Dossier
from forecasting.elicitation.estimates import Found, bare_modals, confidence_beside_likelihood, foreign_terms, two_terms
from forecasting.rules.base import Finding, rule, written_texts
from forecasting.standards.scale import Standard
from forecasting.standards.tables import DEFAULT, STANDARDS

# fields that hold sentences of whoever made the dossier, in whichever record or part of one they stand
WRITTEN = frozenset({
    "title", "summary", "reconstructed", "as_of_how", "why_it_matters", "note", "statement", "short", "why", "why_class",
    "why_link", "would_change", "high_means", "grade_why", "reads_why", "anchor", "what", "counts", "void_if",
})  # fmt: skip
JUDGED = (("edition", "summary"), ("question", "statement"))  # what a reader takes for a judgement of ours


def written(dossier: Dossier) -> Iterator[tuple[str, Any, tuple[str | int, ...], str]]:
    """Yield (kind, key, path of the field, text) of every sentence that people write in a dossier."""
    yield from ((one.kind, one.key, one.path, one.text) for one in written_texts(dossier) if one.path[-1] in WRITTEN)


def standards_of(dossier: Dossier, kind: str, key: Any) -> tuple[Standard, ...]:
    """Return the standards that a record is read by: of an edition its own, of others those of all editions that may show it."""
    editions = list(dossier.editions.values())
    if kind == "edition":
        names = [dossier.editions[key].standard]
    else:
        asking = [edition for edition in editions if kind == "question" and key in edition.questions]
        names = [edition.standard for edition in asking or editions] or [DEFAULT]
    return tuple(STANDARDS[name] for name in dict.fromkeys(names))


def _by_standard(dossier: Dossier, find: Callable[[str, Standard], Iterator[Found]], *, judged: bool) -> Iterator[Finding]:
    """Yield what is wrong with a text by every standard that it is read by, as the first of them says it."""
    for kind, key, path, text in written(dossier):
        if judged and (kind, path[0]) not in JUDGED:
            continue
        found = [_found(find, text, one) for one in standards_of(dossier, kind, key)]
        if all(found):
            yield from ((dossier.where(kind, key, *path), _said(kind, key, path, said), fix) for said, fix in found[0])


@lru_cache(maxsize=20_000)
def _found(find: Callable[..., Iterator[Found]], *text: Any) -> tuple[Found, ...]:
    """Return what is wrong with one text: nearly every text of a dossier that is checked again is as it was."""
    return tuple(find(*text))


def _said(kind: str, key: Any, path: tuple[str | int, ...], found: str) -> str:
    name = key if isinstance(key, str) else path[0]
    return f"{kind.replace('_', ' ')} {name}: {path[-1]} has {found}"


@rule("failure")
def sentence_confidence(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a sentence that says both how likely something is and how confident we are.

    Likelihood is about the world, confidence about the evidence; in one sentence readers take the one for the other (ICD 203).
    """
    for kind, key, path, text in written(dossier):
        for found, fix in _found(confidence_beside_likelihood, text):
            yield dossier.where(kind, key, *path), _said(kind, key, path, found), fix


@rule("failure")
def sentence_terms(dossier: Dossier) -> Iterator[Finding]:
    """Refuse two terms for one number, and a number beside a term that the standard gives to another.

    "Likely, if not very likely" leaves the reader to choose; a word that contradicts its number leaves him with neither.
    """
    yield from _by_standard(dossier, two_terms, judged=False)


@rule("failure")
def sentence_standard(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a term of another standard in the summary of an edition or in the statement of a question.

    "Highly likely" is 80 to 90 % by one standard and above 90 % by another, and no term at all by a third.
    """
    yield from _by_standard(dossier, foreign_terms, judged=True)


@rule("failure")
def sentence_modal(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a bare "may", "might", "could" or "perhaps" in the summary of an edition or in the statement of a question.

    It says that something is possible, which hardly anything is not, and readers put it anywhere from 5 to 95 %.
    """
    yield from _by_standard(dossier, bare_modals, judged=True)

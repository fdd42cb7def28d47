"""The editions that lie between two: the earlier one with some of what differs taken over from the later one."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from forecasting.dossier.claims import Claim
from forecasting.dossier.dated_classes import dated_rows
from forecasting.dossier.differences import Differences, asked_before, known_rows, row_part, state_on
from forecasting.dossier.edition import Dossier, EditionDossier, select_edition
from forecasting.dossier.events import HistoryRow
from forecasting.dossier.status import Status


def mixed(found: Differences, parts: frozenset[str]) -> EditionDossier:
    """Return the earlier edition with some parts taken over from the later one.

    Its date is the later one's, so that its questions are those still open; what it knows are the records alone. A claim
    under a condition that its network has no effect for is left out until the effect is there.

    Parameters
    ----------
    parts : frozenset
        Some of `forecasting.dossier.differences.PARTS`; *time* changes no record.
    """
    side = found.after if "model" in parts else found.before
    asked = found.after.questions if "model" in parts else asked_before(found.before, found.questions)
    edition = found.after.edition.model_copy(update={
        "questions": tuple(question.id for question in asked),
        "sources": tuple(dict.fromkeys((*found.after.edition.sources, *found.before.edition.sources))),
    })  # fmt: skip
    tables = _tables(side, found.before.dossier, found.after.dossier)
    tables["claims"] = {claim.id: claim for claim in _claims(found, parts)}
    tables["questions"] = {question.id: question for question in (*asked, *found.questions)}
    frozen: dict[str, Any] = {name: MappingProxyType(table) for name, table in tables.items()}
    frozen["dated_rows"] = dated_rows(tables["reference_classes"].values())  # counts are the model's, not the day's
    return _readable(select_edition(replace(found.after.dossier, **frozen, history=tuple(_rows(found, parts))), edition))


def states(found: Differences, edition: EditionDossier, parts: frozenset[str]) -> tuple[Status, ...]:
    """Return from where each event of a mixed edition is forecast, in its order.

    With *time* an event is open until the last day for which the later edition knows its state; without, until that of
    the earlier one. One that has happened by then, unknown to the mixed edition, was open until the day before.
    """
    known = known_rows(found.after if "time" in parts else found.before)
    return tuple(state_on(event, edition.history, known) for event in edition.events)


def merged[T: Hashable](old: Sequence[T], new: Sequence[T]) -> list[T]:
    """Return what is in either of two lists, in an order that both keep as far as they agree.

    Examples
    --------
    >>> merged(["a", "gone", "b"], ["a", "b", "new"])
    ['a', 'gone', 'b', 'new']
    """
    together, known = list(new), set(new)
    for i, item in enumerate(old):
        if item not in known:
            together.insert(together.index(old[i - 1]) + 1 if i else 0, item)
    return together


def _claims(found: Differences, parts: frozenset[str]) -> Iterator[Claim]:
    """Yield the claims of both editions that a mixed one knows."""
    old, new = ({claim.id: claim for claim in edition.claims} for edition in (found.before, found.after))
    for name in merged(list(old), list(new)):
        regraded = name in found.regraded[0] or name in found.regraded[1]
        part = "regrades" if regraded else "claims" if (name in old) != (name in new) else ""
        # what both know alike comes from the later one, whose paraphrase may be the better
        table = new if not part or part in parts else old
        if name in table:
            yield table[name]


def _rows(found: Differences, parts: frozenset[str]) -> Iterator[HistoryRow]:
    """Yield the history that a mixed edition knows."""
    old, new = known_rows(found.before), known_rows(found.after)
    for row in merged(old, new):
        if (row in old and row in new) or (row in new) == (row_part(row) in parts):
            yield row


def _tables(side: EditionDossier, before: Dossier, after: Dossier) -> dict[str, dict[Any, Any]]:
    """Return the model's tables of one side; figures that only the other side's claims need are at hand too."""
    other = before if side.dossier is after else after
    tables: dict[str, dict[Any, Any]] = {name: dict(getattr(side.dossier, name)) for name in ("effects", "drivers")}
    tables["events"] = {event.id: event for event in side.dossier.events.values() if event.opens_on <= side.as_of}
    for name in ("reference_classes", "grades", "sources"):
        tables[name] = {**getattr(other, name), **getattr(side.dossier, name)}
    tables["lexicons"] = {
        name: MappingProxyType({**other.lexicons.get(name, {}), **side.dossier.lexicons.get(name, {})})
        for name in (*other.lexicons, *side.dossier.lexicons)
    }
    return tables


def _readable(edition: EditionDossier) -> EditionDossier:
    effects = {(effect.from_, effect.to) for effect in edition.effects}
    here = set(edition.event_ids)
    claims = tuple(
        claim
        for claim in edition.claims
        if all((cause, event) in effects for cause in claim.target.given for event in claim.target.event or () if event in here)
    )
    return replace(edition, claims=claims)

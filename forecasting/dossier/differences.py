"""What differs between the records behind two editions, part by part, and the editions that lie between them.

Six parts make all the difference there can be between what two editions know. Any set of them, taken over from the later
edition while the rest stays as it was, is again an edition that can be fitted and asked (`forecasting.dossier.interpolate`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import EditionDossier, known_effects
from forecasting.dossier.events import Event, HistoryRow
from forecasting.dossier.graph import upstream
from forecasting.dossier.lexicons import wordings_read
from forecasting.dossier.questions import Question
from forecasting.dossier.status import Status, read_status
from forecasting.errors import UsageError

PARTS = ("time", "no-news", "news", "claims", "regrades", "model")
# what a reader sees of a claim and the model does not
WORDS = {"paraphrase", "note", "speaker", "speaker_role", "anchor", "grade_why", "coded_by"}
# and of a question; of its scenarios the titles
TITLES: dict[str, Any] = {"title": True, "theme": True, "why_it_matters": True, "note": True, "statement": True, "short": True,
                          "scenarios": {"__all__": {"title"}}}  # fmt: skip


@dataclass(frozen=True)
class Differences:
    """Two editions, the questions that can be asked of both, and what is behind each part of their difference.

    Parameters
    ----------
    questions : tuple of Question
        Those of the later edition that the earlier one could have been asked.
    skipped : mapping
        The other questions of the later edition, each with the reason.
    behind : mapping
        Part to the records behind it, in words; a part without any cannot move an answer. The parts are

        - *time*: days gone by for events that are still open; the hazards stay as judged;
        - *no-news*: rows that say that an event had not happened, read as evidence about its hazard;
        - *news*: rows that say that an event happened, and signals;
        - *claims*: claims that only one of the two knows;
        - *regrades*: claims that both know, with another grade, wording, direction or horizon, or with a successor that
          `supersedes` them;
        - *model*: events, effects, drivers, classes, lexicons and grades.
    """

    before: EditionDossier
    after: EditionDossier
    questions: tuple[Question, ...]
    skipped: Mapping[str, str]
    behind: Mapping[str, tuple[str, ...]]
    regraded: tuple[frozenset[str], frozenset[str]]  # ids in the earlier and in the later edition

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts with records behind them, in the order of `PARTS`."""
        return tuple(part for part in PARTS if self.behind[part])


def differences(before: EditionDossier, after: EditionDossier) -> Differences:
    """Compare two editions.

    Raises
    ------
    UsageError
        If the second is the earlier one, or if no question can be asked of both.
    """
    if before.as_of > after.as_of:
        early, late = (f"{edition.edition.id} (as of {edition.as_of})" for edition in (after, before))
        raise UsageError(f"{early} comes before {late}; name the earlier edition first")
    skipped = {question.id: reason for question in after.questions if (reason := _not_asked(before, question))}
    questions = tuple(question for question in after.questions if question.id not in skipped)
    if not questions:
        first, reason = next(iter(skipped.items()))
        raise UsageError(f"no question of {after.edition.id} can be asked of {before.edition.id} ({first}: {reason})")
    regraded = _regraded(before, after)
    named = {name for question in asked_before(before, questions) for name in question.events()}
    network = upstream(known_effects(before.dossier, before.edition), named)
    behind = {part: tuple(lines) for part, lines in _behind(before, after, network, regraded).items()}
    return Differences(before, after, questions, MappingProxyType(skipped), MappingProxyType(behind), regraded)


def row_part(row: HistoryRow) -> str:
    """Return the part to which a row of history belongs."""
    return "no-news" if row.what == "survived" else "news"


def _by_id(edition: EditionDossier) -> dict[str, Claim]:
    return {claim.id: claim for claim in edition.claims}


def known_rows(edition: EditionDossier) -> tuple[HistoryRow, ...]:
    """Return the rows of history, about any event, that an edition knows."""
    return tuple(row for row in edition.dossier.history if row.on <= edition.as_of)


def state_on(event: Event, learned: tuple[HistoryRow, ...], known: tuple[HistoryRow, ...]) -> Status:
    """Return the state of an event from which it is forecast.

    What ``learned`` says has happened has happened. Otherwise the event is open until the last day for which ``known`` has
    its state: the eve of its day, if those rows say that it happened.
    """
    status = read_status(event, [row for row in learned if row.event == event.id])
    if not status.is_open:
        return status
    told = read_status(event, [row for row in known if row.event == event.id])
    if told.is_open:
        return told
    return Status(event.id, None, max(event.opens_on, told.known_until - dt.timedelta(days=1)))


def _not_asked(before: EditionDossier, question: Question) -> str:
    """Return why a question cannot be asked of the earlier edition, or nothing."""
    for name in question.events():
        event = before.dossier.events.get(name)
        if event is None:
            return f"{name} was not among the events"
        if event.opens_on > before.as_of:
            return f"{name} opened only on {event.opens_on}"
    old = before.dossier.questions.get(question.id)
    if old is not None and _statement(old) != _statement(question):
        return "it was asked in another form"
    return ""


def _statement(question: Question) -> dict[str, Any]:
    return question.model_dump(exclude=TITLES)


def asked_before(before: EditionDossier, questions: tuple[Question, ...]) -> tuple[Question, ...]:
    """Return what decides the network of the earlier edition: its own questions if it asked any of these, else these."""
    common = {question.id for question in questions} & {question.id for question in before.questions}
    return tuple({question.id: question for question in (*(before.questions if common else ()), *questions)}.values())


def _regraded(before: EditionDossier, after: EditionDossier) -> tuple[frozenset[str], frozenset[str]]:
    old, new = _by_id(before), _by_id(after)
    pairs = {(name, name) for name in set(old) & set(new) if _coded(old[name]) != _coded(new[name])}
    for claim in after.claims:
        name, seen = claim.supersedes, {claim.id}
        while name and name not in old and name in after.dossier.claims and name not in seen:
            seen.add(name)
            name = after.dossier.claims[name].supersedes
        if name in old and name not in new and claim.id not in old:
            pairs.add((name, claim.id))
    return frozenset(first for first, _ in pairs), frozenset(second for _, second in pairs)


def _coded(claim: Claim) -> dict[str, Any]:
    return claim.model_dump(exclude=WORDS)


def _behind(
    before: EditionDossier, after: EditionDossier, network: frozenset[str], regraded: tuple[frozenset[str], frozenset[str]]
) -> dict[str, list[str]]:
    """Return the records behind each part, in words; ``network`` has the events of the earlier edition's network."""
    lines: dict[str, list[str]] = {part: [] for part in PARTS}
    first, then = known_rows(before), known_rows(after)
    events = network | set(after.event_ids)
    for rows, other, sign in ((then, set(first), ""), (first, set(then), "without ")):
        for row in rows:
            if row.event in events and row not in other:
                lines[row_part(row)].append(f"{sign}{row.on} {row.event} {row.what}")
    for name in sorted(events):
        event = after.dossier.events.get(name) or before.dossier.events[name]
        since, until = (state_on(event, (), rows).known_until for rows in (first, then))
        if since != until:
            lines["time"].append(f"{name} open until {until} instead of {since}")
    old, new = _by_id(before), _by_id(after)
    lines["claims"] += [name for name in new if name not in old and name not in regraded[1]]
    lines["claims"] += [f"without {name}" for name in old if name not in new and name not in regraded[0]]
    lines["regrades"] += [name if name in old else f"{name} for {new[name].supersedes}" for name in new if name in regraded[1]]
    lines["model"] += _model_changes(before, after, network)
    return lines


def _model_changes(before: EditionDossier, after: EditionDossier, network: frozenset[str]) -> Iterator[str]:
    """Yield the events, effects, drivers and figures that differ."""
    events = network | set(after.event_ids)
    for name in sorted(events):
        old, new = (_open_event(edition, name) for edition in (before, after))
        if old != new or (name in network) != (name in after.event_ids):
            yield f"event {name}"
    effects = {name for edition in (before, after) for name, effect in edition.dossier.effects.items() if effect.to in events}
    loaded = {name for edition in (before, after) for name, driver in edition.dossier.drivers.items()
              if any(loading.event in events for loading in driver.loadings)}  # fmt: skip
    chosen = [(edition, event.reference_class) for edition in (before, after) for event in edition.events]
    classes = {name for edition, own in chosen for name in (own, *edition.dossier.reference_classes[own].borrows)}
    grades = {*before.dossier.grades, *after.dossier.grades}
    tables: list[tuple[str, str, Iterable[Any]]] = [
        ("effect", "effects", effects), ("driver", "drivers", loaded),
        ("class", "reference_classes", classes), ("grade", "grades", grades),
    ]  # fmt: skip
    for kind, attribute, names in tables:
        first, then = getattr(before.dossier, attribute), getattr(after.dossier, attribute)
        for key in sorted(names):
            if first.get(key) != then.get(key):
                yield f"{kind} {key if isinstance(key, str) else ' '.join(key)}"
    for lexicon, wording in sorted(wordings_read(after.claims, after.history)):
        first, then = (edition.dossier.wording(lexicon, wording) for edition in (before, after))
        if first != then:
            yield f"wording {wording} ({lexicon})"


def _open_event(edition: EditionDossier, name: str) -> Event | None:
    event = edition.dossier.events.get(name)
    return event if event and event.opens_on <= edition.as_of else None

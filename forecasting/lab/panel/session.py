"""One panel at work: it takes messages, keeps the list of changes, has the numbers follow, and shows what it has.

What a message does to the state is decided at once; numbers are computed in a thread that runs while there is something to
compute. The same session serves a widget in JupyterLab and a page.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from forecasting.dossier.edition import EditionDossier
from forecasting.errors import UsageError, near
from forecasting.lab.panel import view
from forecasting.lab.panel.alone import Alone, alone, alone_moved, asked_alone
from forecasting.lab.panel.behind import Behind
from forecasting.lab.panel.controls import Card
from forecasting.lab.panel.disk import Disk
from forecasting.lab.panel.edits import Edits, changed, made, undone
from forecasting.lab.panel.follow import Followed, Follower
from forecasting.lab.panel.message import Message
from forecasting.lab.panel.moved import NOTHING, Moved, Tables, by_weight, moved_by
from forecasting.lab.panel.text import as_yaml
from forecasting.lab.panel.write import write_changes
from forecasting.lab.parts.following import Following
from forecasting.lab.parts.text import FEWEST_WORDS

CHANGES, RECORD = "changes", "record"  # what a step of computing was about
MOST_KEPT = 64  # lists of changes whose numbers are kept, beside those that are shown


@dataclass(frozen=True)
class State:
    """What the panel is about: a question, the event whose curve is drawn, the changes, and what was last said."""

    question: str
    event: str
    edits: Edits = ()
    trusted: Edits = ()
    said: str = ""
    failed: str = ""
    yaml: str = ""


@dataclass(frozen=True)
class Found:
    """What some changes give, and how long that took."""

    followed: Followed
    seconds: float


class Session(Following):
    """A panel of one fit; ``show`` gets its view."""

    thread, unforeseen = "forecasting-panel", view.UNFORESEEN

    def __init__(
        self, follower: Follower, show: Callable[[dict[str, Any]], object], *, question: str | None = None, write: bool = False,
        tables: Tables = NOTHING,
    ) -> None:  # fmt: skip
        super().__init__(show)
        self.follower, self.edition, self.may_write = follower, follower.fit.edition, write
        self._questions = {one.id: one for one in self.edition.questions}
        self._cards: dict[str, dict[str, Card]] = {}
        self._found: dict[Any, Found] = {}
        self._alone: dict[str, Alone] = {}
        self._changed: tuple[Edits, EditionDossier] = (), self.edition  # the last that was held to the rules
        self._refits, self._writes = "", 0
        self._tables, self._disk = tables, Disk(self.edition)
        self.state = self._asking(question or self.edition.questions[0].id)

    def _done(self, message: Any) -> State:
        actions: dict[str, Callable[[Message], State]] = {
            "show": lambda said: self.state, "ask": lambda said: self._asking(said.question, self.state.edits),
            "curve": self._curve, "set": self._set, "clear": lambda said: replace(self.state, edits=()),
            "undo": lambda said: replace(self.state, edits=undone(self.state.edits, said.index)),
            "cancel": lambda said: replace(self.state, edits=self.state.trusted), "yaml": self._yaml, "write": self._write,
        }  # fmt: skip
        said = Message.of(message)
        return actions[said.do](said)

    def _settle(self, message: Any) -> None:
        self._writes += isinstance(message, dict) and message.get("do") == "write"

    # what messages do

    def _asking(self, question_id: str, edits: Edits = ()) -> State:
        cards = Behind.of(self.edition, question_id).cards()
        moved = moved_by(self._tables, self.edition, self._questions[question_id])
        self._moved = moved | {card.id: self._moved_alone(card.id, question_id) for card in cards if card.id in self._alone}
        self._cards[question_id] = {card.id: card for card in by_weight(cards, self._moved)}
        trusted = self.state.trusted if edits else ()
        return State(question_id, self._events(question_id)[0], edits, trusted)

    def _events(self, question_id: str) -> tuple[str, ...]:
        """Return the events of a question by their titles."""
        events = self.edition.dossier.events
        return tuple(sorted(self._questions[question_id].events(), key=lambda name: events[name].title))

    def _curve(self, said: Message) -> State:
        if said.event not in (events := self._events(self.state.question)):
            raise UsageError(f"no event '{said.event}' in this question; {near(said.event, events, 'its events')}")
        return replace(self.state, event=said.event)

    def _set(self, said: Message) -> State:
        control = self._card(said.record).control(said.field)
        edits = made(self.state.edits, control, said.value if said.at is None else control.option(said.at))
        self._changed = edits, changed(self.edition, edits)  # a rule that forbids it refuses here, and the list stays as it was
        return replace(self.state, edits=edits)

    def _yaml(self, said: Message) -> State:
        return replace(self.state, yaml=as_yaml(self.edition, self.state.edits, said.reason), said="Copied as YAML.")

    def _write(self, said: Message) -> State:
        if not self.may_write:
            raise UsageError("this panel is read-only; copy the changes as YAML")
        self._disk, files = write_changes(self._disk, self.state.edits, said.reason, dt.date.today())
        return replace(self.state, said=view.written_words(files, self._disk))

    def _card(self, name: str) -> Card:
        for cards in (self._cards[self.state.question], *self._cards.values()):
            if name in cards:
                return cards[name]
        raise UsageError(f"no record '{name}' behind this question; reload the panel")

    # numbers that follow

    def _key(self, edits: Edits) -> Any:
        return self.state.question, frozenset((edit.record, edit.field, repr(edit.new)) for edit in edits)

    def _known(self, edits: Edits) -> Found | None:
        return Found(self.follower.before, 0.0) if not edits else self._found.get(self._key(edits))

    def _prefixes(self) -> list[Edits]:  # the whole list first: its answer is what is waited for
        return [self.state.edits[:n] for n in range(len(self.state.edits), 0, -1)]

    def _waits(self) -> bool:
        return not all(self._known(edits) for edits in self._prefixes()) or self._unweighed() is not None

    def _shows(self, done: str) -> bool:
        return done == CHANGES or self._unweighed() is None  # what records move is shown at one stroke, not one by one

    def _taken_back(self) -> State:
        self._refits = ""
        said = "the numbers of this change could not be computed; it was taken back"
        return replace(self.state, edits=self.state.trusted, failed=said)

    def _unweighed(self) -> Card | None:
        """Return the next record behind the question of which nobody has asked yet how much it moves by itself."""
        with self._lock:
            cards = self._cards[self.state.question].values()
            return next((card for card in cards if asked_alone(card) and card.id not in self._alone), None)

    def _moved_alone(self, card: str, question: str) -> Moved:
        return alone_moved(self._alone[card], self.follower, self._questions[question])

    def _step(self) -> str:
        """Compute the next list of changes whose numbers are not known, else what one record moves; return which it was."""
        with self._lock:
            wanted = next((edits for edits in self._prefixes() if not self._known(edits)), None)
            card = self._unweighed() if wanted is None else None
        if wanted is None:
            return self._weigh(card) if card else ""
        return self._numbers_of(wanted)

    def _weigh(self, card: Card) -> str:
        found = alone(self.follower, card)
        with self._lock:
            self._alone[card.id] = found
            if card.id in self._cards[self.state.question]:
                self._moved = {**self._moved, card.id: self._moved_alone(card.id, self.state.question)}
        return RECORD

    def _numbers_of(self, wanted: Edits) -> str:
        with self._lock:
            key, events = self._key(wanted), self._events(self.state.question)
            held = self._changed[1] if self._changed[0] == wanted else None
        found = self._follow(held or changed(self.edition, wanted), key, events)
        with self._lock:
            self._found[key] = found
            shown = {self._key(edits) for edits in self._prefixes()}
            for old in [key for key in self._found if key not in shown][:-MOST_KEPT]:
                del self._found[old]
            if self._known(self.state.edits):
                self.state = replace(self.state, trusted=self.state.edits)
        return CHANGES

    def _follow(self, edition: EditionDossier, key: Any, events: tuple[str, ...]) -> Found:
        begin = time.monotonic()
        found = self.follower.by_weights(edition, events)
        if isinstance(found, float):
            if key == self._key(self.state.edits):
                self._refits = "The draws of the fit do not suffice for this change: fitting anew"
                self._publish()
            found = self.follower.by_refit(edition, found)
            self._refits = ""
        return Found(found, time.monotonic() - begin)

    # what is shown

    def view(self) -> dict[str, Any]:
        """Return all that the page draws, as plain values."""
        with self._lock:
            state, before = self.state, self.follower.before
            question, cards = self._questions[state.question], self._cards[state.question]
            found = self._known(state.edits)
            shown = found or self._known(state.trusted) or Found(before, 0.0)
            named = self.follower.fit.posterior.answers
            events = {name: self.edition.dossier.events[name].title for name in self._events(question.id)}
            outcomes, titles = named[question.id].outcomes, view.outcome_titles(self.edition, question, named[question.id])
            words = self.edition.edition.standard, view.void_words(self.edition, question)
            return {
                **view.head_view(self.edition, self.follower.fit.gate.mark),
                "questions": view.questions_view(self.edition.questions), "question": state.question,
                "answer": view.answer_view(question, titles, before, shown.followed, *words),
                "waits": found is None, "refits": self._refits if found is None else "",
                "found": view.found_words(shown.followed, shown.seconds) if state.edits and found else "",
                "curve": view.curve_view(self.edition, question, state.event, before, shown.followed),
                "events": [{"id": name, "title": title} for name, title in events.items()], "event": state.event,
                "table": view.table_view(self.edition, question.id, named, before, shown.followed),
                "cards": view.cards_view(cards.values(), state.edits, self._moved, dict(zip(outcomes, titles, strict=True))),
                "edits": [self._edit(n, titles) for n in range(len(state.edits))],
                **view.disk_view(self._disk, state.edits, self._card), "writes": self._writes,
                "said": state.said, "failed": state.failed, "yaml": state.yaml, "may_write": self.may_write,
                "fewest_words": FEWEST_WORDS, "groups": view.GROUPS,
            }  # fmt: skip

    def _edit(self, n: int, titles: tuple[str, ...]) -> dict[str, str]:
        edits, question = self.state.edits, self._questions[self.state.question]
        first, then = (self._known(edits[:m]) for m in (n, n + 1))
        moved = view.step_words(question, first.followed, then.followed, titles) if first and then else "…"
        return view.edit_view(edits[n], self._card(edits[n].record), moved, self._disk)

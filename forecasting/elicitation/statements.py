"""Statements over events as an analyst types them: "A", "not A", "A and (B or not C)", "A given B", and their truth."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.errors import UsageError

TOKEN = re.compile(r"\s*(?:(?P<name>[^\W]+(?:[-.:/][^\W]+)*)|(?P<mark>[()|])|(?P<other>\S))")
WORDS = ("not", "and", "or", "given")
MAX_EVENTS = 10
GRAMMAR = 'write event names joined by "not", "and", "or", brackets, and at most one "given" (or "|")'


@dataclass(frozen=True)
class Node:
    """Part of a statement: an event (``op`` is "event" and ``name`` says which), or "not", "and", "or" over parts."""

    op: str
    name: str = ""
    parts: tuple[Node, ...] = ()

    def events(self) -> tuple[str, ...]:
        """Return the events it names, each once, in order."""
        inside = (name for part in self.parts for name in part.events())
        return (self.name,) if self.op == "event" else tuple(dict.fromkeys(inside))

    def truth(self, worlds: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return in which worlds it is true (world,)."""
        if self.op == "event":
            return worlds[self.name]
        values = [part.truth(worlds) for part in self.parts]
        if self.op == "not":
            return ~values[0]
        return np.logical_and.reduce(values) if self.op == "and" else np.logical_or.reduce(values)


@dataclass(frozen=True)
class Statement:
    """What a probability was typed for: ``what``, under the condition ``given`` if there is one."""

    text: str
    what: Node
    given: Node | None = None

    def events(self) -> tuple[str, ...]:
        """Return the events it names."""
        return tuple(dict.fromkeys((*self.what.events(), *(self.given.events() if self.given else ()))))


def parse_statement(text: str) -> Statement:
    """Read a statement; "not" binds closest, then "and", then "or", then "given".

    Raises
    ------
    UsageError
        If it cannot be read; the place is named.

    Examples
    --------
    >>> parse_statement("deal and not exit given talks").events()
    ('deal', 'exit', 'talks')
    """
    if not isinstance(text, str):
        raise UsageError(f"{text!r} is no statement; {GRAMMAR}")
    tokens = _Tokens(text)
    what = _either(tokens)
    given = _either(tokens) if tokens.take("given", "|") else None
    if tokens.next:
        raise tokens.error()
    return Statement(text, what, given)


class _Tokens:
    """The words and signs of a statement, taken from the left."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rest = [match.group().strip() for match in TOKEN.finditer(text)]

    @property
    def next(self) -> str:
        return self.rest[0] if self.rest else ""

    def take(self, *wanted: str) -> bool:
        found = self.next in wanted and bool(self.rest)
        if found:
            del self.rest[0]
        return found

    def error(self) -> UsageError:
        found = f"'{self.next}' cannot stand where it does" if self.rest else "it ends too early"
        return UsageError(f"statement {self.text!r}: {found}; {GRAMMAR}")


def _either(tokens: _Tokens) -> Node:
    parts = [_both(tokens)]
    while tokens.take("or"):
        parts.append(_both(tokens))
    return parts[0] if len(parts) == 1 else Node("or", parts=tuple(parts))


def _both(tokens: _Tokens) -> Node:
    parts = [_one(tokens)]
    while tokens.take("and"):
        parts.append(_one(tokens))
    return parts[0] if len(parts) == 1 else Node("and", parts=tuple(parts))


def _one(tokens: _Tokens) -> Node:
    if tokens.take("not"):
        return Node("not", parts=(_one(tokens),))
    if tokens.take("("):
        inside = _either(tokens)
        if not tokens.take(")"):
            raise tokens.error()
        return inside
    if tokens.next in WORDS or not re.match(r"\w", tokens.next):
        raise tokens.error()
    return Node("event", tokens.rest.pop(0))


@dataclass(frozen=True)
class Worlds:
    """Every combination of events that the stated relations permit: per event, in which of them it happens (world,)."""

    events: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return next(iter(self.events.values())).size


def permitted_worlds(
    names: Sequence[str], one_of: Iterable[Sequence[str]], exclusive: Iterable[Sequence[str]], implies: Iterable[Sequence[str]]
) -> Worlds:
    """Return the worlds in which exactly one of each ``one_of``, at most one of each ``exclusive``, holds, and each chain.

    A chain of ``implies`` reads from left to right: whenever one of its events happens, so does the next.

    Raises
    ------
    UsageError
        If there are more than ten events, or no world is left.
    """
    if len(names) > MAX_EVENTS:
        raise UsageError(f"{len(names)} events make too many combinations; write sets of at most {MAX_EVENTS} events")
    grid = (np.arange(2 ** len(names))[:, None] >> np.arange(len(names)) & 1).astype(bool)
    events = dict(zip(names, grid.T, strict=True))
    keep = np.ones(len(grid), dtype=bool)
    for group in one_of:
        keep &= sum(events[name].astype(int) for name in group) == 1
    for group in exclusive:
        keep &= sum(events[name].astype(int) for name in group) <= 1
    for chain in implies:
        for first, then in itertools.pairwise(chain):
            keep &= ~events[first] | events[then]
    if not keep.any():
        raise UsageError("no combination of the events satisfies one_of, exclusive and implies together; drop one of them")
    return Worlds({name: true[keep] for name, true in events.items()})

"""Records that are there and could not be read: who names one of them is not told that there is none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Unread:
    """What could not be read of a dossier, as far as it is known.

    Parameters
    ----------
    named : frozenset of (str, object)
        Kind and id of the records whose id could be read, though another field could not. A lexicon of which an entry could
        not be read is among them, as kind *lexicon*.
    nameless : frozenset of str
        Kinds of which a whole file could not be read, or the id of a record: any id of theirs may be meant.

    Examples
    --------
    >>> unread = Unread(frozenset({("event", "pact-signed")}), frozenset({"claim"}))
    >>> unread.may_be("event", "pact-signed"), unread.may_be("event", "toll-raised"), unread.may_be("claim", "n-001")
    (True, False, True)
    """

    named: frozenset[tuple[str, Any]] = frozenset()
    nameless: frozenset[str] = frozenset()

    def may_be(self, kind: str, name: Any) -> bool:
        """Return whether a record of a kind may be there under an id, unread."""
        return kind in self.nameless or (kind, name) in self.named

    def any_of(self, kinds: Collection[str]) -> bool:
        """Return whether a record of one of some kinds is unread."""
        return not self.nameless.isdisjoint(kinds) or any(kind in kinds for kind, _ in self.named)


NOTHING_UNREAD = Unread()

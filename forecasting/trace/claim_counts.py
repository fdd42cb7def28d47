"""How many claims there are, counted three ways that are kept apart: about an event, independent, and moving an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.independence import independence
from forecasting.models.network.structure import build_structure
from forecasting.runs.store import Run
from forecasting.runs.tables import number_in


@dataclass(frozen=True)
class ClaimCounts:
    """The claims about one event.

    Parameters
    ----------
    n_claims : int
        Judgements of the event, and facts that act on it at the as-of date.
    n_effective : float
        How many independent ones they are worth (`forecasting.models.network.independence.independence`).
    n_expired : int
        Facts about it that act no longer; they count for nothing in ``n_effective``.
    """

    event: str
    n_claims: int
    n_effective: float
    n_expired: int

    def words(self, what: str = "it") -> str:
        """Return the counts in words.

        Examples
        --------
        >>> ClaimCounts("pact-signed", 7, 2.61, 0).words()
        '7 claims speak of it, worth 2.6 independent ones'
        >>> ClaimCounts("pact-signed", 1, 1.0, 5).words("the pact")
        '1 claim speaks of the pact, worth 1.0 independent ones; 5 more have expired'
        >>> ClaimCounts("pact-signed", 0, 0.0, 0).words()
        'no claim speaks of it'
        """
        one = f"{self.n_claims} claims speak" if self.n_claims > 1 else f"{self.n_claims or 'no'} claim speaks"
        worth = f", worth {self.n_effective:.1f} independent ones" if self.n_claims else ""
        more = "more " if self.n_claims else ""
        expired = f"; {self.n_expired} {more}{'has' if self.n_expired == 1 else 'have'} expired" if self.n_expired else ""
        return f"{one} of {what}{worth}{expired}"


@lru_cache(maxsize=16)
def claim_counts(edition: EditionDossier) -> Mapping[str, ClaimCounts]:
    """Return what is counted of the claims about each event of an edition; of the same edition, the same object."""
    s = build_structure(edition, quantify(edition))
    gone = [signal for signal in s.signals if signal.claim and signal.ends_on <= edition.as_of]
    expired = Counter(s.event_ids[signal.event] for signal in gone)
    known = independence(edition, s, quantify(edition))
    counted = {name: ClaimCounts(name, one.n_claims, one.n_effective, expired[name]) for name, one in known.items()}
    return MappingProxyType(counted)


def moving(run: Run, question_id: str) -> int:
    """Return how many claims move an answer, each left out alone, be it through effects, classes or pressures.

    More than speak of its events, where others bear on causes of these; fewer, where some move nothing.
    """
    return len(moving_claims(run, question_id))


def moving_claims(run: Run, question_id: str) -> list[str]:
    """Return the claims that move an answer noticeably, the one that moves any of its outcomes most first.

    Trace and report list these, in this order; a run's table holds what passed `forecasting.inference.noticeable`.
    """
    size: dict[str, float] = {}
    for row in run.rows("influence"):
        if row.question == question_id:
            size[row.claim] = max(size.get(row.claim, 0.0), abs(number_in(row.change)))
    return sorted(size, key=lambda claim: (-size[claim], claim))


def moving_words(n: int) -> str:
    """Return how many claims move an answer, in words.

    Examples
    --------
    >>> moving_words(6), moving_words(1), moving_words(0)
    ('6 claims move the answer', '1 claim moves the answer', 'no claim moves the answer')
    """
    return "1 claim moves the answer" if n == 1 else f"{n} claims move the answer" if n else "no claim moves the answer"

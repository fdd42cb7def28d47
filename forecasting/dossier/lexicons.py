"""Which words a lexicon knows, what to say of those it does not, and the two rows of the American standard."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from forecasting.dossier.claims import Claim
from forecasting.dossier.events import HistoryRow
from forecasting.dossier.unknown_wordings import unknown_wording
from forecasting.dossier.wordings import Wording
from forecasting.errors import UsageError

# ICD 203, D.6.e(2)(a): seven bands with a row of likelihood terms and a row of probability terms
LIKELIHOOD_ROW = frozenset({
    "almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely", "very likely", "almost certain",
    "almost certainly",
})  # fmt: skip
PROBABILITY_ROW = frozenset({
    "remote", "highly improbable", "improbable", "improbably", "roughly even odds", "probable", "probably",
    "highly probable", "nearly certain",
})  # fmt: skip


def synonym_row(wording: str) -> str | None:
    """Return the row of ICD 203 in which a wording stands, "likelihood" or "probability"; None if in neither.

    References
    ----------
    Office of the Director of National Intelligence (2015), *Intelligence Community Directive 203: Analytic Standards*,
    D.6.e(2)(a): two rows of terms, which products are asked not to mix.

    Examples
    --------
    >>> synonym_row("remote"), synonym_row("almost no chance"), synonym_row("perhaps")
    ('probability', 'likelihood', None)
    """
    return "likelihood" if wording in LIKELIHOOD_ROW else "probability" if wording in PROBABILITY_ROW else None


def wordings_read(claims: Iterable[Claim], history: Iterable[HistoryRow]) -> frozenset[tuple[str, str]]:
    """Return every (lexicon, wording) that the numbers of some claims and rows of history are read from.

    A judgement is read from its wording; a fact or a signal from the two wordings of ``seen_if``, and nothing from the words
    that a source hedges a fact with: those count through its credibility.
    """
    records: list[Claim | HistoryRow] = [*claims, *history]
    found: set[tuple[str, str]] = set()
    for record in records:
        if record.lexicon and record.seen_if:
            found |= {(record.lexicon, record.seen_if.comes), (record.lexicon, record.seen_if.stays_away)}
        elif isinstance(record, Claim) and record.kind == "judgement" and record.lexicon and record.wording:
            found.add((record.lexicon, record.wording))
    return frozenset(found)


def geometric_mean(wording: Wording) -> float:
    """Return the geometric mean of an entry's quantiles: the probability as which a fact's words are read.

    Examples
    --------
    >>> unlikely = Wording(wording="unlikely", p05=0.05, p25=0.1, p50=0.2, p75=0.25, p95=0.4, n=5150, citation="CAPphrase")
    >>> round(geometric_mean(unlikely), 3)
    0.158
    """
    return math.exp(math.fsum(map(math.log, wording.quantiles)) / len(wording.quantiles))


def find_wording(wording: str, lexicon: Mapping[str, Wording], name: str) -> Wording:
    """Return the entry of a wording, letter by letter.

    Raises
    ------
    UsageError
        If the lexicon does not list it; the message is that of `unknown_wording`.
    """
    if wording not in lexicon:
        raise UsageError(f"lexicon '{name}' has no wording '{wording}'\n  {unknown_wording(wording, lexicon)}")
    return lexicon[wording]

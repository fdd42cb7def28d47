"""Which words a lexicon knows, what to say of those it does not, and the two rows of the American standard."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from forecasting.dossier.claims import Claim
from forecasting.dossier.events import HistoryRow
from forecasting.dossier.similar_wordings import how_to_place, medians_of, similar, with_percent
from forecasting.dossier.wordings import Wording
from forecasting.errors import UsageError
from forecasting.standards.tables import STANDARDS

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


def _inside(words: list[str], entry: str) -> bool:
    """Return whether an entry's words stand one after the other among ``words``."""
    part = entry.split()
    return any(words[i : i + len(part)] == part for i in range(len(words) - len(part) + 1))


def unknown_wording(
    wording: str, lexicon: Mapping[str, Wording], others: Mapping[str, Mapping[str, Wording]] | None = None
) -> str:
    """Return what to do about a wording that a lexicon does not list: entries near in meaning, all entries, how to add one.

    Where an entry stands inside the wording ("likely" in "very likely", "probable" in "not probable"), it says that no
    number is made up from the parts: readers do not multiply "very" or "not" by a constant. ``others`` are all lexicons by
    name: those that list the wording are named, and an entry is near if its median is (`similar`).

    Examples
    --------
    >>> likely = Wording(wording="likely", p05=0.6, p25=0.67, p50=0.75, p75=0.8, p95=0.9, n=5146, citation="CAPphrase")
    >>> unknown_wording("very likely", {"likely": likely}).partition(" Or ")[0]
    "near in meaning: 'likely' (75 %). It knows: likely. Nothing is composed from 'likely' and the words around it."
    """
    listed = medians_of(wording, others or {})
    found = similar(wording, lexicon, listed.values())
    hint = f"near in meaning: {with_percent(found)}. It knows" if found else "known wordings"
    inside = max((entry for entry in lexicon if _inside(wording.split(), entry)), key=len, default="")
    parts = f" Nothing is composed from '{inside}' and the words around it." if inside else ""
    names = [f"{name} (a standard: if the speaker follows it)" if name in STANDARDS else name for name in listed]
    elsewhere = f" It is listed in {', '.join(names)}." if names else ""
    return (
        f"{hint}: {', '.join(sorted(lexicon))}.{parts}{elsewhere} Or place the whole wording among surveyed phrases: "
        f"{how_to_place(wording, others or {})}; or add it with its own five quantiles and a citation (a coder's entry has n = 0)"
    )


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

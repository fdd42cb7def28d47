"""Which record of one coder stands for the same clause as which record of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from forecasting.dossier.claims import Anchor
from forecasting.dossier.codings import CodedClaim

LEAST_COVERED = 0.5  # of the shorter anchor
_LATER = 1e-6  # what the order of records on the very same words weighs: less than a code point of any article


@dataclass(frozen=True)
class Alignment:
    """Records of two coders in pairs, and those that only one of them has."""

    pairs: tuple[tuple[CodedClaim, CodedClaim], ...]
    only_a: tuple[CodedClaim, ...]
    only_b: tuple[CodedClaim, ...]


def overlap(a: Anchor, b: Anchor) -> float:
    """Return the share of two anchors' code points that both hold, |A ∩ B| / |A ∪ B|; 0 if half of the shorter is outside.

    Examples
    --------
    >>> digest = "0" * 64
    >>> clause, sentence = (Anchor(start=start, end=end, sha256=digest, paragraph=1) for start, end in ((0, 40), (0, 100)))
    >>> overlap(clause, sentence)
    0.4
    """
    common = min(a.end, b.end) - max(a.start, b.start)
    shorter = min(a.end - a.start, b.end - b.start)
    return common / (max(a.end, b.end) - min(a.start, b.start)) if common >= LEAST_COVERED * shorter else 0.0


def align(a: Sequence[CodedClaim], b: Sequence[CodedClaim]) -> Alignment:
    """Pair the records of two coders, each at most once, so that the overlap of all anchors together is greatest.

    Only source and anchor decide. What was coded does not, or the agreement that is measured afterwards would have been
    chosen; of several records on the very same words the first belongs to the first.

    Returns
    -------
    Alignment
        Pairs in the order of the text, sources in the order of the alphabet.

    References
    ----------
    Kuhn, H. W. (1955), *The Hungarian method for the assignment problem*, Naval Research Logistics Quarterly 2.
    """
    pairs: list[tuple[CodedClaim, CodedClaim]] = []
    for source in sorted({claim.source for claim in (*a, *b)}):
        pairs += _pairs([claim for claim in a if claim.source == source], [claim for claim in b if claim.source == source])
    paired_a, paired_b = {x.id for x, _ in pairs}, {y.id for _, y in pairs}
    only_a, only_b = (claim for claim in a if claim.id not in paired_a), (claim for claim in b if claim.id not in paired_b)
    return Alignment(tuple(pairs), tuple(only_a), tuple(only_b))


def _pairs(a: list[CodedClaim], b: list[CodedClaim]) -> list[tuple[CodedClaim, CodedClaim]]:
    if not (a and b):
        return []
    shared = np.array([[overlap(x.anchor, y.anchor) for y in b] for x in a])
    order = np.abs(np.subtract.outer(_repeats(a), _repeats(b)))
    rows, columns = linear_sum_assignment(np.where(shared > 0, shared - _LATER * order, 0.0), maximize=True)
    found = [(a[i], b[j]) for i, j in zip(rows, columns, strict=True) if shared[i, j] > 0]
    return sorted(found, key=lambda pair: (pair[0].anchor.start, pair[0].anchor.end))


def _repeats(claims: list[CodedClaim]) -> list[int]:
    """Return of each record how many before it stand on the very same words."""
    seen: Counter[tuple[int, int]] = Counter()
    counts = []
    for claim in claims:
        counts.append(seen[claim.anchor.start, claim.anchor.end])
        seen[claim.anchor.start, claim.anchor.end] += 1
    return counts

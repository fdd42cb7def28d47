"""How many independent claims an event's evidence is worth, once repetition and shared sources are taken out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.numbers import Quantified
from forecasting.models.network.claim_rows import build_claim_rows, repetition
from forecasting.models.network.constants import OVERLAP_WEIGHTS, RETOLD, SOURCE_SD
from forecasting.models.network.rows import active_signals
from forecasting.models.network.signals import overlaps
from forecasting.models.network.structure import Structure

MEAN_OVERLAP = 0.5  # of Beta(2, 2), the prior of the overlap between facts


@dataclass(frozen=True)
class Independence:
    """Claims about one event: how many there are, and how many independent ones they are worth."""

    event: str
    n_claims: int
    n_effective: float


def independence(edition: EditionDossier, s: Structure, numbers: Quantified) -> dict[str, Independence]:
    """Return the number of claims about each event, and the effective number of independent ones.

    A judgement that says again what its origin says more sharply elsewhere, or in the same words, counts a tenth, a hundredth, …
    (`repeated_spread`). The n judgements of one source then share an error of variance s², beside σ² of their own, and
    count as

        n_eff = n / (1 + (n − 1) ρ),   ρ = s² / (s² + σ²)

    A fact counts by what it does not share with stronger ones of the same sign (`signal_shares`), at the mean overlap.

    Returns
    -------
    dict of event id to Independence
        Only claims: rows of history are data. Read 7 claims worth 2.6 as: seven sentences, and the weight of fewer than
        three people who looked for themselves. It never exceeds the number of claims.

    References
    ----------
    Kish, L. (1965), *Survey Sampling*, section 8.2 (design effect of clusters).
    """
    total: defaultdict[str, int] = defaultdict(int)
    effective: defaultdict[str, float] = defaultdict(float)
    for event, n, worth in (*_judgements(edition, s, numbers), *_facts(edition, s)):
        total[event] += n
        effective[event] += worth
    return {name: Independence(name, total[name], effective[name]) for name in s.event_ids}


def _judgements(edition: EditionDossier, s: Structure, numbers: Quantified) -> list[tuple[str, int, float]]:
    claims = {claim.id: claim for claim in edition.claims}
    rows = build_claim_rows(edition, s, numbers)
    groups: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    kept = RETOLD ** repetition(rows.spread_alone, rows.said, rows.claim_ids)
    for i, (world, claim_id) in enumerate(zip(rows.worlds, rows.claim_ids, strict=True)):
        groups[claims[claim_id].source, s.event_ids[world.event]].append((kept[i], rows.spread_alone[i]))
    found = []
    for (_, event), members in groups.items():
        n = sum(weight for weight, _ in members)
        rho = SOURCE_SD**2 / (SOURCE_SD**2 + float(np.mean([sd**2 for _, sd in members])))
        found.append((event, len(members), n / (1 + max(n - 1, 0.0) * rho)))
    return found


def _facts(edition: EditionDossier, s: Structure) -> list[tuple[str, int, float]]:
    found = []
    for k, event in enumerate(s.event_ids):
        acting = [s.signals[i] for i in active_signals(s, k, edition.as_of) if s.signals[i].claim]
        for signal in acting:
            retold, *others = overlaps(acting, signal)
            worth = RETOLD**retold * np.prod(
                [(1 - weight * MEAN_OVERLAP) ** n for weight, n in zip(OVERLAP_WEIGHTS, others, strict=True)]
            )
            found.append((event, 1, float(worth)))
    return found

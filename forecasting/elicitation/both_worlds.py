"""Read a fact by how likely it would be seen in both worlds: where its event comes in time, and where it stays away."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from forecasting.dossier.claims import SeenIf
from forecasting.dossier.lexicons import find_wording
from forecasting.dossier.wordings import Wording
from forecasting.elicitation.grades import LogRatio
from forecasting.elicitation.wording import read_log_probability


@dataclass(frozen=True)
class BothWorlds:
    """Two probabilities of seeing a fact, the likelihood ratio that they make, and who says that the words mean them."""

    words: SeenIf
    p_comes: float
    p_stays_away: float
    ratio: LogRatio
    citation: str

    def __str__(self) -> str:
        return (
            f"seen if it comes: {self.words.comes} ({_percent(self.p_comes)}); "
            f"if it stays away: {self.words.stays_away} ({_percent(self.p_stays_away)}) → ×{math.exp(self.ratio.mean):.2g}"
        )


def read_both_worlds(seen_if: SeenIf, lexicon: Mapping[str, Wording], name: str) -> BothWorlds:
    """Return the likelihood ratio of a fact, log P(seen | comes) − log P(seen | stays away), with its spread.

    Each wording is a normal distribution on the log scale of its probability
    (`forecasting.elicitation.wording.read_log_probability`), read as a level: it is the coder's own estimate, not a hedge that
    argues in a direction. The difference has the two locations' difference for its mean, and √(s₁² + s₂²) for its spread: the
    two errors are taken as independent. A reader who takes all words high errs alike in both, so this is rather too wide.

    Parameters
    ----------
    seen_if : SeenIf
        The two wordings.
    lexicon : mapping of str to Wording
        The entries of the lexicon ``name`` that lists both.

    Returns
    -------
    BothWorlds
        A ratio of 1 says nothing; above 1 the fact speaks for the event, below 1 against it. Its log, in decibans the tenfold of
        its decimal logarithm, is the weight of the evidence. The probabilities are the geometric means of the wordings'
        quantiles, so that their quotient is the ratio.

    Raises
    ------
    UsageError
        If the lexicon does not list a wording.

    References
    ----------
    Good, I. J. (1950), *Probability and the Weighing of Evidence*, ch. 6. Heuer, R. J. (1999), *Psychology of Intelligence
    Analysis*, ch. 8 (diagnosticity: evidence that fits every hypothesis has none).

    Examples
    --------
    >>> words = {"likely": (0.55, 0.6, 0.67, 0.74, 0.8), "almost certain": (0.95, 0.96, 0.97, 0.98, 0.99)}
    >>> lexicon = {
    ...     name: Wording(wording=name, p05=q[0], p25=q[1], p50=q[2], p75=q[3], p95=q[4], n=0, citation="a standard")
    ...     for name, q in words.items()
    ... }
    >>> read = read_both_worlds(SeenIf(comes="almost certain", stays_away="likely"), lexicon, "plain")
    >>> print(read, "with a spread of", round(read.ratio.sd, 2))
    seen if it comes: almost certain (97 %); if it stays away: likely (67 %) → ×1.5 with a spread of 0.12
    """
    rows = [find_wording(wording, lexicon, name) for wording in (seen_if.comes, seen_if.stays_away)]
    (comes, first), (stays_away, second) = (read_log_probability(row) for row in rows)
    ratio = LogRatio(comes - stays_away, math.hypot(first, second))
    citation = "; ".join(dict.fromkeys(row.citation for row in rows))
    return BothWorlds(seen_if, math.exp(comes), math.exp(stays_away), ratio, citation)


def _percent(p: float) -> str:
    return f"{100 * p:.0f} %" if 0.01 <= p <= 0.99 else f"{100 * p:.3g} %"  # 99.6 % is not 100 %

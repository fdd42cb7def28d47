"""What of a coding can be compared as a number or a name, whichever of the ways to write it a coder chose."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from forecasting.dossier.codings import CodedClaim
from forecasting.dossier.edition import Dossier
from forecasting.dossier.fields import Reads
from forecasting.dossier.wordings import Wording
from forecasting.elicitation.wording import event_reads

STRENGTHS = ("weak", "moderate", "strong", "decisive")


@dataclass(frozen=True)
class Comparable:
    """The lexicons and grades of a dossier, with which words of codings are read.

    Parameters
    ----------
    dossier : Dossier
        The records whose lexicons and grades are used.
    read_as : mapping
        Targets without a record of their own, and the driver that stands for each (`forecasting.dossier.codings.read_as`).
    """

    dossier: Dossier
    read_as: Mapping[str, str] = field(default_factory=dict)

    def targets(self, claim: CodedClaim) -> frozenset[str]:
        """Return what a record bears on as a model reads it: the balance of a theatre as the driver that stands for it."""
        return frozenset(self.read_as.get(target, target) for target in claim.target)

    def entry(self, claim: CodedClaim) -> Wording | None:
        """Return the entry of the lexicon by which a judgement is read."""
        return self.dossier.wording(claim.lexicon, claim.nearest or claim.wording) if claim.kind == "judgement" else None

    def reads(self, claim: CodedClaim) -> Reads | None:
        """Return how a judgement bounds its event's probability: as the coder says, or else as the lexicon has it.

        Mirrored where the words are said of the event's not happening, so that "impossible" of an event and "certain" of its
        absence are one ceiling.
        """
        entry = self.entry(claim)
        reads = claim.reads or (entry.reads if entry else None)
        return event_reads(reads, "does-not-occur" if claim.direction == "does-not-occur" else "occurs") if reads else None

    def hedge(self, claim: CodedClaim) -> float | None:
        """Return the median probability, by a judgement's words, that its event occurs."""
        entry = self.entry(claim)
        return None if entry is None else entry.p50 if claim.direction == "occurs" else 1 - entry.p50

    def side(self, claim: CodedClaim) -> str | None:
        """Return whether a record argues *for* its target or *against* it.

        "Unlikely to come" and "likely to stay away" argue alike. A bound argues in its own direction, a level by the half on
        which its median lies, a fact by the world in which it is seen more often.
        """
        if claim.kind != "judgement":
            ratio = self.log_ratio(claim)
            sign = claim.direction if ratio is None else "raises" if ratio > 0 else "lowers"
            return {"raises": "for", "lowers": "against"}.get(sign or "")
        hedge, reads = self.hedge(claim), self.reads(claim)
        if reads in ("at_least", "at_most"):
            return "for" if reads == "at_least" else "against"
        return None if hedge is None else "for" if hedge >= 0.5 else "against"

    def log_ratio(self, claim: CodedClaim) -> float | None:
        """Return the logarithm of how many times likelier a fact is seen where its event comes, by the medians of its words."""
        if claim.seen_if is None:
            return None
        both = (claim.seen_if.comes, claim.seen_if.stays_away)
        comes, stays_away = (self.dossier.wording(claim.lexicon, words) for words in both)
        return math.log(comes.p50 / stays_away.p50) if comes and stays_away else None

    def strength(self, claim: CodedClaim) -> str | None:
        """Return the grade of a fact or a driver: as written, or the one nearest to the ratio of what is seen in both worlds."""
        ratio = self.log_ratio(claim)
        if ratio is None:
            return claim.grade
        figures = {grade: math.log(self.dossier.grades["strength", grade].value) for grade in STRENGTHS}
        return min(STRENGTHS, key=lambda grade: abs(figures[grade] - abs(ratio)))

"""Rules about how words are read: what a lexicon says of its wordings, and where a claim says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from forecasting.dossier.edition import Dossier
from forecasting.rules.base import Finding, rule


@rule("warning")
def lexicon_reads(dossier: Dossier) -> Iterator[Finding]:
    """Flag a lexicon without the column `reads`, whose wordings are all read as levels.

    A level pulls from both sides: "unlikely", said of an event that is rarer still, would raise it.
    """
    for lexicon, wordings in dossier.lexicons.items():
        first = next(iter(wordings))
        if "reads" not in wordings[first].model_fields_set:
            found = f"lexicon {lexicon} has no column 'reads': all its {len(wordings)} wordings are read as levels"
            fix = "add the column after p95: level, at_least or at_most in each row (level, if numbers are meant)"
            yield dossier.where("wording", (lexicon, first)), found, fix


@rule("warning")
def claim_reads(dossier: Dossier) -> Iterator[Finding]:
    """Flag a claim that sets `reads` to what its lexicon says already.

    An exception that is none hides the ones that are, and stays behind when the lexicon changes.
    """
    for claim in dossier.claims.values():
        row = dossier.wording(claim.lexicon, claim.wording)
        if row and claim.reads == row.reads:
            found = f"claim {claim.id}: reads {claim.reads}, as '{claim.wording}' is read in {claim.lexicon} anyway"
            yield dossier.where("claim", claim.id, "reads"), found, "leave reads and reads_why out"

"""Rules about how words are read: what a lexicon says of its wordings, and where a claim says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from forecasting.dossier.edition import Dossier
from forecasting.dossier.similar_wordings import how_to_place, medians_of, similar, with_percent
from forecasting.errors import near
from forecasting.rules.base import Finding, rule
from forecasting.rules.claims import claims_with_source
from forecasting.standards.tables import STANDARDS

SURVEYS = ("capphrase-2026", "perceptions-2015")  # what readers mean, the larger survey first
PRESS = ("news", "analysis")  # kinds of sources whose authors follow no standard of wordings


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


@rule("failure")
def lexicon_place(dossier: Dossier) -> Iterator[Finding]:
    """Require a wording that is placed among surveyed phrases to name phrases that a survey here asked about.

    A wording placed among other placed ones would rest on coders alone.
    """
    surveyed = {row.wording for wordings in dossier.lexicons.values() for row in wordings.values() if row.n and not row.at}
    for lexicon, wordings in dossier.lexicons.items():
        for row in wordings.values():
            for phrase in row.phrases:
                if phrase not in surveyed:
                    found = f"wording {row.wording} in {lexicon} is placed at '{phrase}', which no survey here asked about"
                    yield dossier.where("wording", (lexicon, row.wording)), found, near(phrase, surveyed, "surveyed phrases")


@rule("warning")
def claim_instead(dossier: Dossier) -> Iterator[Finding]:
    """Flag a judgement whose wording is no judgement of likelihood, by the lexicon that lists it.

    "Will", unhedged, weighs nothing, and "would not mourn if it happened" speaks of a mood: a probability read from such words
    would be ours and not the article's.
    """
    for claim in dossier.claims.values():
        row = dossier.wording(claim.lexicon, claim.wording)
        if claim.kind == "judgement" and not claim.moves_nothing and row and row.instead:
            found = f"claim {claim.id}: '{claim.wording}' is no judgement of likelihood"
            yield dossier.where("claim", claim.id, "wording"), found, f"code it as {row.instead} (docs/codebook.md)"


@rule("warning")
def claim_standard(dossier: Dossier) -> Iterator[Finding]:
    """Flag a judgement of a press article that is read by an institution's standard which its speaker does not follow.

    "Likely" is 55 to 80 % to whoever writes by ICD 203, because the directive says so. A journalist has not read it; what readers
    take his words for has been surveyed, and is wider.
    """
    for claim, source in claims_with_source(dossier):
        if claim.kind != "judgement" or claim.moves_nothing or claim.lexicon not in STANDARDS or source.kind not in PRESS:
            continue
        said = source.defaults.speakers.get(claim.speaker) if source.defaults else None
        if not said or said.lexicon != claim.lexicon:
            found = f"claim {claim.id}: '{claim.wording}' of a press article is read by the standard {claim.lexicon}"
            fix = (
                f"{_of_readers(dossier, claim.wording or '', claim.lexicon)}; if the speaker follows the standard, say "
                f"so in the source: defaults: {{speakers: {{{claim.speaker}: {{lexicon: {claim.lexicon}}}}}}}"
            )
            yield dossier.where("claim", claim.id, "lexicon"), found, fix


def _of_readers(dossier: Dossier, wording: str, standard: str | None) -> str:
    """Return which lexicons of readers list a wording; else which of their entries mean nearly the same, and how to place it."""
    of_readers = {name: entries for name, entries in dossier.lexicons.items() if name not in STANDARDS}
    if listed := medians_of(wording, of_readers):
        return f"write lexicon: {' or '.join(listed)} (what readers mean)"
    row = dossier.wording(standard, wording)
    near_rows = {name: similar(wording, of_readers.get(name, {}), [row.p50] if row else ()) for name in SURVEYS}
    said = next((f"{with_percent(rows)} in {name}" for name, rows in near_rows.items() if rows), "")
    place = f"no lexicon of readers lists it; place it among surveyed phrases: {how_to_place(wording, dossier.lexicons)}"
    return f"{place}; or write one that means nearly the same: {said}" if said else place

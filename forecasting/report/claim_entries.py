"""The list of evidence: every claim described once, with a number, a short name and an anchor that other sections use."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from forecasting.analysis.pathways import cited_by, conditions_of, has_expired, speaking_back
from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.quantify import quantify, read_claim
from forecasting.elicitation.wording import inverse_cloglog
from forecasting.forecasts import percent
from forecasting.report.evidence import speaker_words
from forecasting.report.formatting import points, time_words
from forecasting.report.names import short
from forecasting.runs.store import Run

BOUND = {"level": "", "at_least": " or more", "at_most": " or less"}


@dataclass(frozen=True)
class ClaimEntry:
    """One claim where it is described; ``number`` and ``name`` stand for it elsewhere.

    ``most`` is the largest change of any answer, in points, against leaving the claim out; empty if it moves none.
    """

    claim: Claim
    number: int
    name: str
    source: str
    speaker: str
    reading: str
    most: str

    @property
    def anchor(self) -> str:
        """Where it is described."""
        return f"claim-{self.claim.id}"


@dataclass(frozen=True)
class StillGroup:
    """Claims that move no answer, for one reason."""

    why: str
    entries: tuple[ClaimEntry, ...]


@dataclass(frozen=True)
class Evidence:
    """Every claim of an edition: those that move an answer by how far, then the others by the reason that they move none."""

    moving: tuple[ClaimEntry, ...]
    still: tuple[StillGroup, ...]

    @property
    def of(self) -> Mapping[str, ClaimEntry]:
        """Every entry by the id of its claim."""
        entries = [*self.moving, *(entry for group in self.still for entry in group.entries)]
        return {entry.claim.id: entry for entry in entries}


def evidence_of(run: Run, edition: EditionDossier, sources: Mapping[str, str]) -> Evidence:
    """Return the list of evidence; ``sources`` holds the key of each source."""
    asked = {forecast.question for forecast in run.forecasts}
    rows = run.influence.assign(change=pd.to_numeric(run.influence["change"], errors="coerce"))
    here = rows[rows["question"].isin(list(asked))].dropna(subset=["change"])
    size = here.assign(size=here["change"].abs()).sort_values("size", ascending=False).drop_duplicates("claim")
    most = dict(zip(size["claim"], size["change"], strict=True))
    reasons = dict(zip(rows["claim"], rows["how"].astype(str), strict=True))
    moving = sorted((claim for claim in edition.claims if claim.id in most), key=lambda claim: -abs(most[claim.id]))
    groups: dict[str, list[Claim]] = {}
    for claim in edition.claims:
        if claim.id not in most:
            why = claim.moves_nothing or reasons.get(claim.id, "") or "not among the claims that the run compared"
            groups.setdefault(why, []).append(claim)
    still = sorted(groups.items(), key=lambda group: -len(group[1]))
    order = [*moving, *(claim for _, group in still for claim in group)]
    number = {claim.id: i for i, claim in enumerate(order, start=1)}
    who = _speakers(moving)

    def entry(claim: Claim) -> ClaimEntry:
        moved = points(most[claim.id]) if claim.id in most else ""
        read = reading(edition, claim) if moved else ""
        name, speaker = short(claim.paraphrase, 7 if moved else 12), who.get(claim.id, "")
        return ClaimEntry(claim, number[claim.id], name, sources[claim.source], speaker, read, moved)

    return Evidence(tuple(map(entry, moving)), tuple(StillGroup(why, tuple(map(entry, group))) for why, group in still))


def _speakers(claims: list[Claim]) -> dict[str, str]:
    """Return who said each claim: with the role where somebody speaks for the first time, by name alone from then on."""
    found: dict[str, str] = {}
    met: set[tuple[str, str]] = set()
    for claim in claims:
        known = (claim.speaker, claim.speaker_role)
        found[claim.id] = speaker_words(claim) if known not in met or claim.speaker == "author" else claim.speaker
        met.add(known)
    return found


def reading(edition: EditionDossier, claim: Claim) -> str:
    """Return as what a claim is read, as briefly as numbers allow."""
    if claim.kind == "judgement":
        return _judgement(edition, claim)
    if claim.kind == "fact":
        return _fact(edition, claim)
    if claim.kind == "driver":
        titles = {driver.id: driver.title for driver in edition.drivers}
        return f"pressure: {short(titles.get(str(claim.target.driver), str(claim.target.driver)), 4)}"
    if claim.kind == "effect":
        back = [one for effect in cited_by(edition, claim) for one in speaking_back(edition, effect)]
        names = " and ".join(f"“{short(one.paraphrase, 7)}”" for one in back)
        also = f", so that {names} {'bears' if len(back) == 1 else 'bear'} on the first of them too" if back else ""
        return f"says what one event does to another{also}"
    return "states a number"


def _judgement(edition: EditionDossier, claim: Claim) -> str:
    number = quantify(edition).of_claim(claim.id)
    if number is None:
        return ""
    events = [edition.dossier.events[name] for name in claim.target.event or () if name in edition.dossier.events]
    dated = bool(events) and all(event.scheduled_on for event in events)
    span = "on its date" if dated else f"within {time_words(claim.horizon.years if claim.horizon else 1.0)}"
    p = percent(float(inverse_cloglog(number.location)))
    given = conditions_of(edition.dossier, claim)
    said = f"“{claim.wording}” read as {p}{BOUND[number.reads]} {span}" + (f", {given}" if given else "")
    if edition.edition.learned and (words := read_claim(edition.dossier, claim)) and words.location != number.location:
        said += f"; {percent(float(inverse_cloglog(words.location)))} but for what was learned of its source and words"
    return said


def _fact(edition: EditionDossier, claim: Claim) -> str:
    number = read_claim(edition.dossier, claim)
    if number is None:
        return "a fact"
    seen = f"a {claim.grade} sign"
    if claim.seen_if:
        seen = f"“{claim.seen_if.comes}”/“{claim.seen_if.stays_away}”"
    expired = "; acts no longer" if has_expired(edition, claim) else ""
    return f"{seen}: ×{math.exp(number.location):.2g}{expired}"

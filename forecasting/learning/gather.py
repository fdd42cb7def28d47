"""Gather what a record teaches from: settled judgements of a dossier, settled questions of a ledger or of runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import ndtri

from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import Dossier
from forecasting.dossier.learned import KINDS
from forecasting.dossier.resolution import History, outcome_of
from forecasting.dossier.status import DAYS_PER_YEAR
from forecasting.elicitation.quantify import read_claim
from forecasting.elicitation.wording import event_reads
from forecasting.learning.evidence import Asked, Said
from forecasting.ledger.issue import Origin, issue_model
from forecasting.ledger.records import MODEL
from forecasting.ledger.standing import Standing
from forecasting.runs.store import Run
from forecasting.scoring.scored import latest, state, story_numbers
from forecasting.scoring.uncertainty import stories

DAY = dt.timedelta(days=1)


def judgements(dossier: Dossier, before: dt.date) -> list[Said]:
    """Return every judgement that reads as a number, with whether what it says had come true by what was known before a day.

    One about several events gives a row for each. A conditional one is settled if all its conditions came true within its
    horizon, left out if one is known not to have. What is said of an event that had happened already is left out.
    """
    history = History(dossier, before - DAY)
    rows = [
        (claim, event)
        for claim in dossier.claims.values()
        if claim.kind == "judgement" and not claim.moves_nothing and claim.made_on < before
        for event in claim.target.event or ()
        if not history.happened(event, claim.made_on).value and _judged_by(history, claim) is not False
    ]
    numbers = stories([frozenset({event}) for _, event in rows], dossier.effects.values()) if rows else ()
    return [_said(dossier, history, claim, event, str(story)) for (claim, event), story in zip(rows, numbers, strict=True)]


def _ends(claim: Claim) -> dt.date:
    years = claim.horizon.years if claim.horizon else 0.0
    return claim.made_on + dt.timedelta(days=round(years * DAYS_PER_YEAR))


def _judged_by(history: History, claim: Claim) -> bool | None:
    """Return whether the world that a claim speaks of came about: all its conditions are as it says."""
    found = [history.happened(event, _ends(claim)) ^ (not wanted) for event, wanted in claim.target.given.items()]
    if any(one.value is False for one in found):
        return False
    return None if any(one.value is None for one in found) else True


def _said(dossier: Dossier, history: History, claim: Claim, event: str, story: str) -> Said:
    number = read_claim(dossier, claim)
    assert number is not None
    assert claim.direction in KINDS
    assert claim.wording
    happens = claim.direction == "occurs"
    z, spread = on_probit(number.location, number.spread)
    known = history.happened(event, _ends(claim)).value if _judged_by(history, claim) else None
    reads = event_reads(number.reads, claim.direction)  # type: ignore[arg-type]
    came = None if known is None else known is happens
    kind = KINDS[claim.direction]
    return Said(claim.id, event, claim.source, claim.wording, kind, z if happens else -z, spread, reads, came, story)


def on_probit(location: float, spread: float) -> tuple[float, float]:
    """Return a reading on the cloglog scale as one on the probit scale.

    z(x) = Φ⁻¹(1 − exp(−e^x)); the spread is half its way from x − s to x + s.

    Examples
    --------
    >>> [round(x, 3) for x in on_probit(-0.3665129, 0.2)]  # an even chance
    [0.0, 0.174]
    """
    low, middle, high = -ndtri(np.exp(-np.exp([location - spread, location, location + spread])))
    return float(middle), float(high - low) / 2


def questions_of_ledger(standing: Standing, dossier: Dossier, runs: Iterable[Run], before: dt.date) -> list[Asked]:
    """Return the model's scored forecasts whose outcome had come about before a day, the latest of each edition and question.

    What each kind of claim and each source adds is there where the run that was issued is still on disk.
    """
    by_digest = {run.manifest.digest: run for run in runs}
    chosen = [
        (entry, outcome)
        for (_, forecaster, _), entry in latest(standing).items()
        if forecaster == MODEL and (outcome := standing.settles(entry)) and outcome.on < before
        and state(entry, outcome, False, before) == "scored"
    ]  # fmt: skip
    numbers = story_numbers([entry.question for entry, _ in chosen], dossier)
    rows = [
        asked(entry.question, [share.model_dump() for share in entry.outcomes], outcome.outcome, str(numbers[entry.question]),
              by_digest.get(entry.run or ""), dossier)
        for entry, outcome in chosen
    ]  # fmt: skip
    return [row for row in rows if row]


def questions_of_runs(runs: Sequence[Run], dossier: Dossier, before: dt.date) -> list[Asked]:
    """Return the forecasts of runs whose outcome the dossier's history settles before a day."""
    found = []
    for run in runs:
        edition = dossier.edition(run.manifest.edition)
        origin = Origin(run.manifest.digest, run.manifest.code, "", run.manifest.seed)
        for draft in issue_model(run.forecasts, edition, origin, Standing(()), before).drafts:
            came = outcome_of(dossier, dossier.questions[draft["question"]], before - DAY)
            if came and edition.as_of < before:
                found.append((draft, came, run))
    numbers = story_numbers([draft["question"] for draft, _, _ in found], dossier)
    rows = [asked(d["question"], d["outcomes"], came, str(numbers[d["question"]]), run, dossier) for d, came, run in found]
    return [row for row in rows if row]


def asked(
    question: str, shares: Sequence[Mapping[str, Any]], came: str, story: str, run: Run | None, dossier: Dossier
) -> Asked | None:
    """Return one question, or None if its layers were not recorded or one of them had excluded what came.

    An outcome that a layer gives no chance stays out of the pool: no weight brings it back.
    """
    layers = ("base_p", "prior_p", "p")
    if any(share.get(layer) is None for share in shares for layer in layers):
        return None
    kept = [share for share in shares if min(share[layer] for layer in layers) > 0]
    ids = [share["id"] for share in kept]
    if came not in ids or len(ids) < 2:
        return None
    base, claims, history = (tuple(np.log([share[layer] for share in kept]).tolist()) for layer in layers)
    return Asked(question, base, claims, history, _parts(run, dossier, question, ids) if run else {}, ids.index(came), story)


def _parts(run: Run, dossier: Dossier, question: str, ids: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """Return what each kind of claim and each source adds to log P of outcomes: the sum of log p − log p without it."""
    kinds = {claim.id: f"kind: {claim.kind}" for claim in dossier.claims.values()}
    found: dict[str, np.ndarray] = {}
    for table, column, names in ((run.influence, "claim", kinds), (run.sources, "source", None)):
        for row in table[table["question"] == question].itertuples():
            key = getattr(row, column)
            part = names.get(key) if names else f"source: {key}"
            added = _added(ids, row.outcome, row.p, row.p_without)
            if part and added is not None:
                found[part] = found.get(part, np.zeros(len(ids))) + added
    return {part: tuple(values.tolist()) for part, values in found.items() if np.abs(values).max() > 0}


def _added(ids: Sequence[str], outcome: str, p: float, without: float) -> np.ndarray | None:
    """Return log p − log p_without of one outcome; of a yes/no question that of *no* with it."""
    if outcome not in ids or not (0 < p < 1 and 0 < without < 1):
        return None
    added = np.zeros(len(ids))
    added[ids.index(outcome)] = np.log(p / without)
    if set(ids) == {"yes", "no"}:
        added[ids.index("no")] = np.log((1 - p) / (1 - without))
    return added

"""From the forecasts of a run to records of a ledger; what every forecast of a question says besides its numbers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.forms.base import VOID
from forecasting.dossier.questions import Question
from forecasting.errors import GateError, UsageError
from forecasting.forecasts import Forecast, Outcome
from forecasting.ledger.contracts import contract_digest, status_quo
from forecasting.ledger.records import MODEL, SUM_WITHIN, ForecastEntry
from forecasting.ledger.standing import Standing

LIVE_DAYS = 31  # after its as-of date an edition can be issued as live; a monthly one is out by the next
LATENT = {"ahead", "turned"}  # forms that ask for a quantity of the model itself; indices (favours) are what is looked up
SHOWN = ("mcse", "low", "high", "low_50", "high_50", "base_p", "prior_p")
MIRRORED = {"low": "high", "high": "low", "low_50": "high_50", "high_50": "low_50"}


@dataclass(frozen=True)
class Issue:
    """What is to be written, and what is not, with the reason by question."""

    drafts: tuple[dict[str, Any], ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """Where the forecasts of a model come from: digests of its run and its program, its version, the seed."""

    run: str
    code: str
    version: str
    seed: int


def issue_model(
    forecasts: Sequence[Forecast],
    edition: EditionDossier,
    origin: Origin,
    standing: Standing,
    today: dt.date,
    *,
    reason: str = "",
) -> Issue:
    """Return the records of a run's forecasts.

    An answer that is settled on the as-of date is no forecast and is left out. A forecast that the ledger has
    already, from the same run, is left out too; one of another run for the same edition is a correction, which needs a reason.

    Parameters
    ----------
    forecasts : sequence of Forecast
        Of one run.
    today : date
        The day of writing, in UTC; the edition is live up to 31 days after its as-of date, unless it says it is reconstructed.
    reason : str, optional
        Why forecasts that were issued before are corrected.

    Raises
    ------
    GateError
        If the fit behind them failed the gate, overridden or not.
    UsageError
        If there is nothing to issue, or a correction without a reason.
    """
    name = edition.edition.id
    if blocked := next((f.gate for f in forecasts if not f.gate.passed), None):
        raise GateError(f"{name}: {blocked.words}; only what passed the gate is issued: mend that, then forecast run {name}")
    drafts: list[dict[str, Any]] = []
    left_out = {f.question: why for f in forecasts if (why := _never_scored(f, edition))}
    if len(left_out) == len(forecasts):
        raise UsageError(f"{name}: no question is open on its as-of date and can be settled later; there is nothing to issue")
    for forecast in forecasts:
        if forecast.question not in left_out:
            drafts += new_only(_model_draft(forecast, edition, origin, today), standing, reason, left_out)
    return Issue(tuple(drafts), left_out)


def _never_scored(forecast: Forecast, edition: EditionDossier) -> str:
    """Return why a forecast is not for the ledger, whatever it says; nothing if it is."""
    question = edition.dossier.questions[forecast.question]
    if question.form.name in LATENT:
        return "who is ahead can be looked up nowhere, so nothing would ever settle it"
    if getattr(question.form.stated, "result", None):
        return "its result stands in the record that says how it is linked to the model, so the two were written together"
    possible = [o for o in forecast.outcomes if o.id != VOID and o.p > 0]
    if len(possible) > 1 or (possible and possible[0].p < 1):
        return ""
    return f"settled on {edition.as_of}: {possible[0].title if possible else question.form.complement}"


def new_only(draft: dict[str, Any], standing: Standing, reason: str, left_out: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a draft unless its like is there; one that differs replaces what was said before, with a reason."""
    before = [
        entry for entry in standing.said_of(draft["question"])
        if entry.edition == draft["edition"] and entry.forecaster == draft["forecaster"]
        and (entry.forecaster == MODEL or entry.as_of.isoformat() == draft["as_of"])
    ]  # fmt: skip
    if not before:
        yield draft
        return
    last = before[-1]
    if last.run == draft.get("run") and last.contract == draft["contract"] and _said(last) == _said(draft):
        left_out[draft["question"]] = f"issued already, record {last.number} of {last.day}"
        return
    if len(reason.strip()) < 3:
        found = (
            f"{draft['question']}: {draft['forecaster']} has said so for {draft['edition']} on {last.day} (record {last.number})"
        )
        raise UsageError(f'{found}; a correction is a record with a reason: add --correct "WHY"')
    yield {**draft, "replaces": last.digest, "reason": reason}


def _said(item: ForecastEntry | Mapping[str, Any]) -> list[tuple[str | float, float]]:
    """Return the numbers of a forecast: by outcome, or by level."""
    if isinstance(item, ForecastEntry):
        return [*((share.id, share.p) for share in item.outcomes), *((q.level, q.value) for q in item.quantiles)]
    return [
        *((share["id"], share["p"]) for share in item.get("outcomes", ())),
        *((q["level"], q["value"]) for q in item.get("quantiles", ())),
    ]


def _model_draft(forecast: Forecast, edition: EditionDossier, origin: Origin, today: dt.date) -> dict[str, Any]:
    question = edition.dossier.questions[forecast.question]
    void = next((o.p for o in forecast.outcomes if o.id == VOID), 0.0)
    return {
        **asked_of(question, edition, today), "forecaster": MODEL, "outcomes": _shares(forecast, question),
        "run": origin.run, "code": origin.code, "version": origin.version, "seed": origin.seed,
        **({"void_p": void} if void else {}),
    }  # fmt: skip


def asked_of(question: Question, edition: EditionDossier, today: dt.date) -> dict[str, Any]:
    """Return what every forecast of a question says besides its numbers."""
    why, late = edition.edition.reconstructed or "", today > question.deadline
    days = (today - edition.as_of).days
    if not why and days > LIVE_DAYS:
        why = f"Issued {days} days after its as-of date; a forecast is live up to {LIVE_DAYS} days after it."
    usual = status_quo(edition.dossier, question, edition.as_of)
    return {
        "entry": "forecast", "question": question.id, "title": question.title, "theme": question.theme,
        "kind": question.form.kind, "contract": contract_digest(edition.dossier, question), "edition": edition.edition.id,
        "as_of": edition.as_of.isoformat(), "deadline": question.deadline.isoformat(),
        "standing": "reconstructed" if why else "live", "why": why, "late": late and not why,
        **({"status_quo": usual} if usual else {}),
    }  # fmt: skip


def _shares(forecast: Forecast, question: Question) -> list[dict[str, Any]]:
    """Return the outcomes with their probabilities, the complement with them, so that they sum to one."""
    listed = [o for o in forecast.outcomes if o.id != VOID]
    shares = [{"id": o.id, "title": o.title, "p": o.p, **{name: getattr(o, name) for name in SHOWN}} for o in listed]
    complement = question.form.complement
    if complement is None:
        return _summing(shares)
    return [*shares, _complement(listed, complement)]


def _complement(listed: Sequence[Outcome], name: str) -> dict[str, Any]:
    rest = {one: 1 - math.fsum(getattr(o, one) for o in listed) for one in ("p", "base_p", "prior_p")}
    share: dict[str, Any] = {"id": name, "title": name, **{k: min(max(v, 0.0), 1.0) for k, v in rest.items()}}
    if len(listed) == 1:
        share |= {one: 1 - getattr(listed[0], other) for one, other in MIRRORED.items()} | {"mcse": listed[0].mcse}
    return share


def _summing(shares: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return shares that sum to one to the last digit; what is off by rounding stands with the largest."""
    off = 1 - math.fsum(share["p"] for share in shares)
    if abs(off) < SUM_WITHIN:
        largest = max(shares, key=lambda share: share["p"])
        largest["p"] += off
    return shares

"""From forecasts to records of a ledger: those of a run, a person's own number, and the numbers of others."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.forms.base import VOID
from forecasting.dossier.messages import near
from forecasting.dossier.questions import Question
from forecasting.errors import GateError, UsageError
from forecasting.forecasts import Forecast, Outcome
from forecasting.ledger.contracts import contract_digest, status_quo
from forecasting.ledger.records import MODEL, SUM_WITHIN, ForecastEntry
from forecasting.ledger.standing import Standing

LIVE_DAYS = 31  # after its as-of date an edition can be issued as live; a monthly one is out by the next
SHOWN = ("mcse", "low", "high", "low_50", "high_50", "base_p", "prior_p")
MIRRORED = {"low": "high", "high": "low", "low_50": "high_50", "high_50": "low_50"}
COMPLEMENT_TITLES = {"no": "no"}


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
    left_out: dict[str, str] = {}
    for forecast in forecasts:
        if certain := next((o for o in forecast.outcomes if o.p in (0, 1) and o.id != VOID), None):
            left_out[forecast.question] = f"settled on {edition.as_of}: {certain.title} has probability {certain.p:g}"
            continue
        draft = _model_draft(forecast, edition, origin, today)
        drafts += _new_only(draft, standing, reason, left_out)
    if not drafts and all("settled" in why for why in left_out.values()):
        raise UsageError(f"{name}: every question is settled on its as-of date; there is nothing to issue")
    return Issue(tuple(drafts), left_out)


def _new_only(draft: dict[str, Any], standing: Standing, reason: str, left_out: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a draft unless its like is there; one that differs replaces what was said before, with a reason."""
    before = [
        entry for entry in standing.said_of(draft["question"])
        if entry.edition == draft["edition"] and entry.forecaster == draft["forecaster"]
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


def _said(item: ForecastEntry | Mapping[str, Any]) -> list[tuple[str, float]]:
    if isinstance(item, ForecastEntry):
        return [(share.id, share.p) for share in item.outcomes]
    return [(share["id"], share["p"]) for share in item.get("outcomes", ())]


def _model_draft(forecast: Forecast, edition: EditionDossier, origin: Origin, today: dt.date) -> dict[str, Any]:
    question = edition.dossier.questions[forecast.question]
    void = next((o.p for o in forecast.outcomes if o.id == VOID), 0.0)
    return {
        **_asked(question, edition, today), "forecaster": MODEL, "outcomes": _shares(forecast, question),
        "run": origin.run, "code": origin.code, "version": origin.version, "seed": origin.seed,
        **({"void_p": void} if void else {}),
    }  # fmt: skip


def _asked(question: Question, edition: EditionDossier, today: dt.date) -> dict[str, Any]:
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
    share: dict[str, Any] = {
        "id": name,
        "title": COMPLEMENT_TITLES.get(name, name),
        **{k: min(max(v, 0.0), 1.0) for k, v in rest.items()},
    }
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


def issue_judgement(
    question: str, said: Mapping[str, float], edition: EditionDossier, standing: Standing, today: dt.date, *,
    by: str, why: str, reason: str = "",
) -> Issue:  # fmt: skip
    """Return the record of what a person says, to be kept and scored beside the model.

    Parameters
    ----------
    said : mapping of str to float
        P(outcome) by outcome; of a yes/no question ``{"yes": 0.3}`` is enough.
    by, why : str
        Who says so, and why.

    Raises
    ------
    UsageError
        If the question is unknown, the numbers are no distribution over its outcomes, or ``by`` or ``why`` is missing.
    """
    for name, value in (("--by", by), ("--why", why)):
        if len(value.strip()) < 2:
            raise UsageError(
                f"a judgement of {question} has no {name}; write who says so with --by NAME and the reason with --why"
            )
    if (settled := standing.outcomes.get(question)) is not None:
        found = f"{question} was resolved to {settled.outcome} (record {settled.number}, {settled.on})"
        raise UsageError(f"{found}; a judgement is of what is still open")
    forecaster = f"judgement:{_slug(by)}"
    return _issue_other(question, said, edition, standing, today, forecaster=forecaster, why=why, reason=reason)


def issue_import(
    rows: Mapping[str, Mapping[str, float]], edition: EditionDossier, standing: Standing, today: dt.date, *,
    forecaster: str, source: str, reason: str = "",
) -> Issue:  # fmt: skip
    """Return the records of somebody else's numbers: a market, a platform, a panel.

    Parameters
    ----------
    rows : mapping
        P(outcome) by outcome, by question.
    forecaster, source : str
        The name under which they are kept and scored, and where they were found.
    """
    parts = [
        _issue_other(question, said, edition, standing, today, forecaster=_slug(forecaster), why=source, reason=reason)
        for question, said in rows.items()
    ]
    left_out = {name: why for part in parts for name, why in part.left_out.items()}
    return Issue(tuple(draft for part in parts for draft in part.drafts), left_out)


def _issue_other(
    name: str, said: Mapping[str, float], edition: EditionDossier, standing: Standing, today: dt.date, *,
    forecaster: str, why: str, reason: str,
) -> Issue:  # fmt: skip
    if name not in edition.edition.questions:
        known = near(name, edition.edition.questions)
        raise UsageError(f"edition {edition.edition.id} has no question '{name}'{known}")
    if forecaster == MODEL:
        raise UsageError(f"'{MODEL}' is the name of what a run says; name the forecaster otherwise")
    question = edition.dossier.questions[name]
    asked = _asked(question, edition, today)
    titles = outcome_titles(question)
    left_out: dict[str, str] = {}
    shares = [{"id": o, "title": titles[o], "p": p} for o, p in distribution(name, said, tuple(titles)).items()]
    draft = {**asked, "forecaster": forecaster, "outcomes": shares, "judgement": why}
    return Issue(tuple(_new_only(draft, standing, reason, left_out)), left_out)


def outcome_titles(question: Question) -> dict[str, str]:
    """Return the outcomes that a question can have besides being void, with their titles."""
    form = question.form
    listed = [name for name, _ in form.outcomes(_Nothing()) if name != VOID]
    named = [*listed, *([form.complement] if form.complement else [])]
    return {name: form.titles().get(name, name) for name in named}


class _Nothing:
    """A world in which nothing happens; it is asked only for the names of outcomes."""

    def happened(self, event: str, by: dt.date) -> bool:
        return False

    def before(self, event: str, other: str) -> bool:
        return False


def distribution(question: str, said: Mapping[str, float], outcomes: tuple[str, ...]) -> dict[str, float]:
    """Return P(outcome) for all outcomes of a question from what was said of them.

    The one that is missing gets what is left; nothing else is filled in.

    Raises
    ------
    UsageError
        If an outcome is unknown, a probability is 0, 1 or outside, or they do not sum to 1.

    Examples
    --------
    >>> distribution("q", {"yes": 0.25}, ("yes", "no"))
    {'yes': 0.25, 'no': 0.75}
    """
    for outcome, p in said.items():
        if outcome not in outcomes:
            raise UsageError(f"{question} has no outcome '{outcome}'; write one of {', '.join(outcomes)}")
        if not isinstance(p, int | float) or not math.isfinite(p) or not 0 < p < 1:
            raise UsageError(f"{question}: P({outcome}) is {p}; write a probability above 0 and below 1: nothing open is certain")
    missing, total = [o for o in outcomes if o not in said], math.fsum(said.values())
    if len(missing) == 1 and 0 < total < 1:
        return {o: said[o] if o in said else 1 - total for o in outcomes}
    if missing:
        raise UsageError(f"{question}: no probability for {', '.join(missing)}; write all but at most one, which gets the rest")
    if abs(total - 1) > SUM_WITHIN:
        raise UsageError(f"{question}: the probabilities sum to {total:.6g}; write ones that sum to 1")
    return {o: float(said[o]) for o in outcomes}


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not slug:
        raise UsageError(f"'{name}' has no letter or digit to name a forecaster by; write letters a-z or digits")
    return slug[:40]

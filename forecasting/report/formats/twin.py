"""Make an edition's twin for machines from its run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from forecasting.dossier.edition import NETWORK, EditionDossier
from forecasting.forecasts import Forecast
from forecasting.inference.noticeable import noticeable
from forecasting.report.compared import Compared, compared_in
from forecasting.report.context import titled
from forecasting.report.formats import twin_records as twin
from forecasting.runs.store import Run
from forecasting.trace.confidence import confidence
from forecasting.trace.observed_confidence import observed_confidence


def twin_of(run: Run, edition: EditionDossier, compare: Compared | None = None) -> twin.ForecastTwin:
    """Return all published numbers of an edition, for machines.

    Parameters
    ----------
    run : Run
    edition : EditionDossier
        The edition that the run was made from.
    compare : Compared, optional
        As in `forecasting.report.render.render_report`.

    Returns
    -------
    ForecastTwin
        Its ``text()`` is the file. Every number is that of the report, unrounded, with its Monte Carlo error, intervals, words.
    """
    manifest, own = run.manifest, edition.edition
    compared = compare or compared_in(run, edition)
    return twin.ForecastTwin(
        edition=own.id, title=own.title, summary=own.summary, as_of=own.as_of, previous=own.previous,
        reconstructed=manifest.reconstructed, draft=manifest.draft, warning=run.warning, gate=_gate(run), seed=manifest.seed,
        run_sha256=manifest.digest, records_sha256=dict(manifest.records),
        software=twin.Software(python=manifest.python, packages=dict(manifest.packages), code_sha256=manifest.code),
        sources=tuple(_source(edition, name) for name in own.sources),
        questions=tuple(_question(run, edition, forecast, compared) for forecast in titled(edition, run.forecasts)),
        compared=_comparison(compare),
    )  # fmt: skip


def _gate(run: Run) -> twin.Gate:
    mark = run.mark
    by = mark.override
    override = twin.Override(by=by.by, on=by.on, reason=by.reason) if by else None
    criteria = tuple(
        twin.Criterion(
            name=row["criterion"],
            value=_number(row["value"]),
            worst_at=row["worst"],
            wanted=row["bound"],
            passed=bool(row["passed"]),
        )
        for row in run.gate.to_dict("records")
    )
    return twin.Gate(passed=mark.passed, words=mark.words, failed=mark.failed, override=override, criteria=criteria)


def _source(edition: EditionDossier, name: str) -> twin.Source:
    source = edition.dossier.sources[name]
    n_claims = sum(claim.source == name for claim in edition.claims)
    return twin.Source(
        id=name, title=source.title, publisher=source.publisher, author=source.author, published_on=source.published_on,
        published_precision=source.published_precision, text_sha256=source.text_sha256, n_claims=n_claims,
    )  # fmt: skip


def _comparison(compare: Compared | None) -> twin.Comparison | None:
    """Return with what the changes compare, where that is not what the run itself compares with."""
    if compare is None or not compare.worked_out:
        return None
    before = compare.before.edition
    return twin.Comparison(
        edition=before.id, as_of=before.as_of, warning=compare.warning, published=tuple(sorted(compare.published))
    )


def _question(run: Run, edition: EditionDossier, forecast: Forecast, compared: Compared | None) -> twin.Question:
    question = next(question for question in edition.asked if question.id == forecast.question)
    model = question.form.model
    found = None
    if not run.manifest.draft:
        judged = confidence(run, edition, question) if model == NETWORK else observed_confidence(run, question)
        criteria = (twin.ConfidenceCriterion(name=c.name, found=c.found, rating=c.rating) for c in judged.criteria)
        found = twin.Confidence(level=judged.level, criteria=tuple(criteria))
    return twin.Question(
        id=forecast.question, title=forecast.title, theme=forecast.theme, kind=forecast.kind, deadline=forecast.deadline,
        model=model, events=tuple(question.events()), headline=forecast.headline.id, confidence=found,
        outcomes=tuple(_outcome(run, model, forecast, outcome, compared) for outcome in forecast.outcomes),
    )  # fmt: skip


def _outcome(run: Run, model: str, forecast: Forecast, outcome: Any, compared: Compared | None) -> twin.Outcome:
    return twin.Outcome(
        id=outcome.id, title=outcome.title, p=outcome.p, mcse=outcome.mcse, interval_50=(outcome.low_50, outcome.high_50),
        interval_90=(outcome.low, outcome.high), words=outcome.words, range_words=outcome.range_words, base_p=outcome.base_p,
        prior_p=outcome.prior_p, moved_by=_moved(run, model, forecast.question, outcome.id),
        changed=_changed(compared, forecast.question, outcome.id),
    )  # fmt: skip


def _moved(run: Run, model: str, question: str, outcome: str) -> tuple[twin.Moved, ...]:
    """Return the rows of the run's own table of influence, or of a further model's, that chance could not have made alone."""
    if model == NETWORK:
        rows = run.influence[(run.influence["question"] == question) & (run.influence["outcome"] == outcome)]
    elif model in run.further:
        rows = run.further[model].influence
        rows = rows[rows["outcome"] == f"{question}:{outcome}"]
    else:
        return ()
    change = pd.to_numeric(rows["change"])
    rows = rows[change.notna() & noticeable(change.fillna(0.0), rows.get("mcse", 0.0))]
    rows = rows.iloc[pd.to_numeric(rows["change"]).abs().argsort(kind="stable")[::-1]]
    return tuple(_move(row) for row in rows.to_dict("records"))


def _move(row: Mapping[str, Any]) -> twin.Moved:
    return twin.Moved(id=row["claim"], change=float(row["change"]), k_hat=_number(row["k_hat"]), how=row["how"])


def _changed(compared: Compared | None, question: str, outcome: str) -> tuple[twin.Changed, ...]:
    if compared is None:
        return ()
    changes = compared.table
    rows = changes[(changes["question"] == question) & (changes["outcome"] == outcome)]
    return tuple(
        twin.Changed(part=row["part"], change=float(row["change"]), mcse=float(row["mcse"])) for row in rows.to_dict("records")
    )


def _number(value: Any) -> float | None:
    """Return a number of a table, or None for an empty cell and for what JSON has no name for."""
    if value is None or value == "":
        return None
    return float(value) if math.isfinite(float(value)) else None

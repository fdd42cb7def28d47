"""What ``<edition>.json`` holds, as records; the published schema ``docs/schemas/forecast-1.json`` is made from them."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import Field

from forecasting.dossier.fields import Date, Id, Record, Sha256

NAME = "forecast-1"
Share = Annotated[float, Field(ge=0, le=1)]
Interval = Annotated[tuple[Share, Share], Field(description="Lower and upper end.")]


class Software(Record):
    """What made the numbers."""

    python: str
    packages: Annotated[dict[str, str], Field(description="Versions, by name.")]
    code_sha256: Annotated[Sha256, Field(description="Digest of the program's own files.")]


class Criterion(Record):
    """One criterion of the gate: a run that fails one is not published."""

    name: str
    value: Annotated[float | None, Field(description="The worst value found; null where it is no number.")]
    worst_at: Annotated[str, Field(description="Where that was.")]
    wanted: str
    passed: bool


class Override(Record):
    """Who had the numbers shown although the gate was not passed."""

    by: str
    on: Date
    reason: str


class Gate(Record):
    """What the gate found of the fit behind all numbers."""

    passed: bool
    words: Annotated[str, Field(description="To be printed beside every number where the gate was not passed.")]
    failed: tuple[str, ...]
    override: Override | None
    criteria: tuple[Criterion, ...]


class Source(Record):
    """One text that claims were coded from. No sentence of it is here."""

    id: Id
    title: str
    publisher: str
    author: str
    published_on: Date
    published_precision: Literal["day", "week", "month", "year"]
    text_sha256: Annotated[Sha256, Field(description="Digest of the normalised text.")]
    n_claims: Annotated[int, Field(ge=0)]


class Moved(Record):
    """By how much one claim, or one observation, moves an outcome: with it less without it."""

    id: Annotated[str, Field(description="Of the claim or the observation.")]
    change: Annotated[float, Field(ge=-1, le=1, description="In probability: 0.01 is one percentage point.")]
    k_hat: Annotated[float | None, Field(description="Pareto k of the weights; null where there are none, as after a refit.")]
    how: Annotated[str, Field(description="By importance weights, or by fitting again.")]


class Changed(Record):
    """One part of what changed since the edition before, or the one compared with; those of an outcome add up to its change."""

    part: str
    change: Annotated[float, Field(ge=-1, le=1)]
    mcse: Annotated[float, Field(ge=0)]


class Comparison(Record):
    """Another edition than the one before, which somebody had compared with this one; `changed` is since then."""

    edition: Id
    as_of: Date
    warning: Annotated[str, Field(description="To be shown with the changes; empty where both ends passed the gate.")]
    published: Annotated[tuple[Id, ...], Field(description="Questions whose number was published then; others: worked out now.")]


class Outcome(Record):
    """One outcome of a question. Intervals say how precise the probability is, not how likely the event."""

    id: str
    title: str
    p: Annotated[Share, Field(description="P(outcome), the mean over the posterior.")]
    mcse: Annotated[float, Field(ge=0, description="Monte Carlo standard error of p.")]
    interval_50: Interval
    interval_90: Interval
    words: Annotated[str, Field(description="The term for p in the edition's standard of words.")]
    range_words: Annotated[str, Field(description="Terms for a 90 % interval that reaches over more than two; else empty.")]
    base_p: Annotated[Share, Field(description="Reference classes alone.")]
    prior_p: Annotated[Share, Field(description="With the claims, without the history.")]
    moved_by: Annotated[tuple[Moved, ...], Field(description="The largest first; those that chance could not have made alone.")]
    changed: Annotated[tuple[Changed, ...], Field(description="Since the edition before, or the one compared with; else empty.")]


class ConfidenceCriterion(Record):
    """One thing that confidence is judged by."""

    name: str
    found: str
    rating: Literal["weak", "middling", "strong"]


class Confidence(Record):
    """How good the evidence is; never to be mixed with how likely the event is (ICD 203)."""

    level: Literal["low", "moderate", "high"]
    criteria: tuple[ConfidenceCriterion, ...]


class Question(Record):
    """One question with its answer."""

    id: Id
    title: str
    theme: str
    kind: str
    deadline: Date
    model: Annotated[str, Field(description="The model that answers it.")]
    events: Annotated[tuple[Id, ...], Field(description="Events that it is about.")]
    headline: Annotated[str, Field(description="Id of the outcome to quote: yes, or the likeliest.")]
    confidence: Annotated[Confidence | None, Field(description="Null in a draft, whose tables may lack what the rule asks for.")]
    outcomes: tuple[Outcome, ...]


class ForecastTwin(Record):
    """All published numbers of one edition, for machines."""

    format: Annotated[Literal["forecast-1"], Field(alias="schema")] = "forecast-1"
    edition: Id
    title: str
    summary: str
    as_of: Date
    previous: Annotated[Id | None, Field(description="The edition before.")]
    reconstructed: Annotated[str, Field(description="Why the numbers were not made on the as-of date; empty where they were.")]
    draft: Annotated[str, Field(description="Why this is a draft, which nobody may publish; empty where it is none.")]
    warning: Annotated[str, Field(description="To be shown with every number of this file; empty where the run is fit to quote.")]
    gate: Gate
    seed: Annotated[int, Field(ge=0)]
    run_sha256: Annotated[Sha256, Field(description="Digest of the run's manifest, which vouches for every file of the run.")]
    records_sha256: Annotated[dict[str, Sha256], Field(description="Digests of the records that the run was made from.")]
    software: Software
    sources: tuple[Source, ...]
    questions: tuple[Question, ...]
    compared: Annotated[
        Comparison | None, Field(exclude_if=lambda found: found is None, description="Only where it is not the edition before.")
    ] = None

    def text(self) -> str:
        """Return the record as JSON text."""
        return json.dumps(self.model_dump(mode="json", by_alias=True), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def schema_text() -> str:
    """Return the published JSON schema as text.

    Examples
    --------
    >>> '"title": "forecast-1"' in schema_text()
    True
    """
    schema = ForecastTwin.model_json_schema(by_alias=True, mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": NAME}
    return json.dumps({**schema, **head}, indent=1, ensure_ascii=False, sort_keys=True) + "\n"

"""Trace a question back to its sentences, and an edition to its questions and claims; from the files of a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forecasting.analysis.pathways import indirect
from forecasting.dossier.decided import excluded
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.graph import joined, layers
from forecasting.dossier.questions import Question
from forecasting.dossier.signatures import signature_lines
from forecasting.elicitation.quantify import quantify
from forecasting.forecasts import Forecast, outcome_text
from forecasting.inference.noticeable import noticeable
from forecasting.runs.store import Run
from forecasting.trace.assumptions import edition_assumptions
from forecasting.trace.claim_counts import moving, moving_claims, moving_words
from forecasting.trace.claims import claim_line, claim_reading, claims_counted, furthest, points
from forecasting.trace.events import event_lines
from forecasting.trace.readings import effect_reason


def trace_question(run: Run, edition: EditionDossier, question_id: str) -> str:
    """Return the pathway from a question to its sentences.

    Question → forecast (base → prior → posterior) → per event: contract, base rate, history, effects → claims, each with
    its source, paragraph, pathway and how far it moved the question.
    """
    question = {q.id: q for q in edition.questions}[question_id]
    lines = [*forecast_lines(run.forecast(question_id)), *(f"  {said}" for said in excluded(edition, question))]
    lines += sensitivity_lines(run, question_id)
    for event_id in behind(edition, question):
        lines += ["", *event_lines(run, edition, edition.dossier.events[event_id], event_id in question.events())]
    alone = "each left out alone; points overlap and do not add up to the whole change"
    lines += ["", f"CLAIMS that moved it: {moving_words(moving(run, question_id))} ({alone})"]
    lines += list(_claim_lines(run, edition, question_id))
    lines += ["", "ORIGINS it depends on (all claims of one origin left out together)"]
    lines += list(origin_lines(run, question_id))
    return "\n".join(lines)


def origin_lines(run: Run, question_id: str) -> Iterator[str]:
    """Yield what all claims of one origin move of a question together, the largest change first."""
    moved: dict[str, list[Any]] = {}
    for row in run.rows("origins"):
        if row.question == question_id:
            moved.setdefault(row.origin, []).append(row)
    if not moved:
        yield "  none: no origin moves it noticeably"
    for origin in sorted(moved, key=lambda name: (-max(abs(row.change) for row in moved[name]), name)):
        moves = "; ".join(f"{row.outcome} {points(row.change, row.mcse)}" for row in moved[origin])
        yield f"  {origin} ({claims_counted(moved[origin][0].n_claims)}): {moves}"


def forecast_lines(forecast: Forecast) -> Iterator[str]:
    """Yield what is asked and each outcome: its probability with intervals, and what base rate, claims and history made of it."""
    yield f"QUESTION {forecast.question}: {forecast.title}"
    yield f"edition {forecast.edition}, as of {forecast.as_of}, by {forecast.deadline}"
    for o in forecast.outcomes:
        yield f"  {outcome_text(o)}"
        yield (
            f"    base rate {100 * o.base_p:.1f} % → prior with claims {100 * o.prior_p:.1f} % → posterior with history "
            f"{100 * o.p:.1f} %; MCSE {100 * o.mcse:.2f} points"
        )


def sensitivity_lines(run: Run, question_id: str) -> Iterator[str]:
    """Yield what each outcome depends on, and what it would be had nothing been known of the quiet time."""
    rows = [row for row in run.rows("sensitivity") if row.question == question_id]
    for outcome in dict.fromkeys(row.outcome for row in rows):
        parts = [row for row in rows if row.outcome == outcome]
        sizes = ", ".join(f"{row.part} {row.sensitivity:.2f}" for row in parts)
        yield f"  what {outcome} depends on: {parts[0].words} (sensitivity: {sizes})"
    for row in run.rows("exposure"):
        if row.question == question_id and noticeable(row.change, row.mcse):
            without = f"{row.outcome} would be {100 * row.p_without:.1f} %"
            quiet = "had nothing been known of the quiet time until now"
            yield f"  no news at all: {quiet}, {without} ({points(row.change)}, taken out alone; {row.how})"


def behind(edition: EditionDossier, question: Question) -> list[str]:
    """Return the question's events, then those with a chain of effects into them; of a question about no event, none."""
    if not question.events():
        return []
    causes = joined((effect.to, effect.from_) for effect in edition.effects)
    _, *further = layers(causes, question.events())
    return [*question.events(), *(name for layer in further for name in sorted(layer))]


def _claim_lines(run: Run, edition: EditionDossier, question_id: str) -> Iterator[str]:
    moved = [row for row in run.rows("influence") if row.question == question_id]
    order = moving_claims(run, question_id)
    if not order:
        yield "  none: base rate, effects and history only"
    for claim_id in order:
        claim = edition.dossier.claims[claim_id]
        rows = [row for row in moved if row.claim == claim_id]
        moves = "; ".join(f"{row.outcome} {points(row.change, row.mcse)}" for row in rows)
        yield f"  {moves}"
        yield f"    {claim_line(edition.dossier, claim)}"
        yield f"    pathway: {rows[0].pathway}; {edition.dossier.where('claim', claim.id)}"
        question, largest = edition.dossier.questions[question_id], max((row.change for row in rows), key=abs)
        if reason := effect_reason(edition, claim, question, largest) or indirect(edition, claim, question):
            yield f"    {reason}"
        if number := quantify(edition).of_claim(claim.id):
            yield f"    {claim_reading(edition.dossier, claim, number)}"


def trace_edition(run: Run, edition: EditionDossier) -> str:
    """Return an edition's answers, then its claims, the one that moved some answer most first."""
    record = edition.edition
    lines = [f"EDITION {record.id}: {record.title}", f"  {edition.dossier.where('edition', record.id)}"]
    lines += [f"  reconstructed: {record.reconstructed}"] if record.reconstructed else []
    lines += [f"  {line}" for line in signature_lines(record)]
    lines += [f"  as of {record.as_of} ({record.as_of_how})", f"  sources: {', '.join(record.sources)}", "", "QUESTIONS"]
    for forecast in run.forecasts:
        lines += [f"  {forecast.question}: {forecast.title}", *(f"    {line}" for line in outcome_lines(forecast))]
    moved: dict[str, Any] = {}
    for row in furthest(row for row in run.rows("influence") if row.question):
        moved.setdefault(row.claim, row)
    lines += ["", "CLAIMS by what each moves most (left out alone)"]
    for row in moved.values():
        claim = edition.dossier.claims[row.claim]
        lines += [f"  {row.question}:{row.outcome} {points(row.change)}", f"    {claim_line(edition.dossier, claim)}"]
    still = sorted({row.claim for row in run.rows("influence")} - moved.keys())
    lines += [f"  move nothing: {', '.join(still)} (forecast trace ID says why)"] if still else []
    lines += edition_assumptions(run)
    return "\n".join(lines)


def outcome_lines(forecast: Forecast) -> Iterator[str]:
    """Yield one line per outcome: the probability with its interval, and the base rate it started from."""
    for o in forecast.outcomes:
        yield f"{outcome_text(o)}; base rate {100 * o.base_p:.1f} %"


def reached(runs: list[Run], editions: list[EditionDossier], event_ids: set[str]) -> Iterator[str]:
    """Yield the answers that rest on some events, by name or through a chain of effects, in every run."""
    for run, edition in zip(runs, editions, strict=True):
        questions = {question.id: question for question in edition.asked}
        for forecast in run.forecasts:
            question = questions[forecast.question]
            if not event_ids.isdisjoint(behind(edition, question)):
                through = "" if not event_ids.isdisjoint(question.events()) else " (through effects)"
                yield f"  {edition.edition.id}: {question.id}{through}"
                yield from (f"    {line}" for line in outcome_lines(forecast))

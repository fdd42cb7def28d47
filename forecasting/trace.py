"""Trace a number back to its sentences, or a source forward to every number it moves; from the files of a run."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator

import pandas as pd

from forecasting.claims.edition import EditionDossier
from forecasting.claims.load import Dossier, lookup
from forecasting.claims.records import Event, Question
from forecasting.claims.status import event_status
from forecasting.elicitation.base_rates import class_shape
from forecasting.elicitation.gamma import JEFFREYS
from forecasting.elicitation.life_tables import counts, time_shape
from forecasting.errors import UsageError
from forecasting.forecasts import Forecast
from forecasting.runs import Run
from forecasting.spoken import moving, moving_words, spoken_of
from forecasting.trace_claims import claim_line, claim_lines, claim_reading, claims_counted, origin_lines, points

SHOWN = 0.0005


def trace_question(run: Run, edition: EditionDossier, question_id: str) -> str:
    """Return the road from a question to its sentences.

    Question → forecast (base → prior → posterior) → per event: contract, base rate, history, arrows → claims, each with
    its source, paragraph, road and how far it moved the question.
    """
    question = {q.id: q for q in edition.questions}[question_id]
    lines = [*_forecast_lines(run.forecast(question_id)), *_sensitivity_lines(run, question_id)]
    for event_id in _behind(edition, question):
        lines += ["", *_event_lines(run, edition, edition.dossier.events[event_id], event_id in question.events())]
    alone = "each left out alone; points overlap and do not add up to the whole change"
    lines += ["", f"CLAIMS that moved it: {moving_words(moving(run, question_id))} ({alone})"]
    lines += list(claim_lines(run, edition, question_id))
    lines += ["", "ORIGINS it hangs on (all claims of one voice left out together)"]
    lines += list(origin_lines(run, question_id))
    return "\n".join(lines)


def _forecast_lines(forecast: Forecast) -> Iterator[str]:
    yield f"QUESTION {forecast.question}: {forecast.title}"
    yield f"edition {forecast.edition}, as of {forecast.as_of}, by {forecast.deadline}"
    for o in forecast.outcomes:
        yield f"  {o.title}: {o.percent} ({o.words})"
        yield (
            f"    base rate {100 * o.base_p:.1f} % → prior with claims {100 * o.prior_p:.1f} % → posterior with history "
            f"{100 * o.p:.1f} %; 90 % interval {100 * o.low:.0f}-{100 * o.high:.0f} %; MCSE {100 * o.mcse:.2f} points"
        )


def _sensitivity_lines(run: Run, question_id: str) -> Iterator[str]:
    rows = run.sensitivity[run.sensitivity["question"] == question_id]
    for outcome, parts in rows.groupby("outcome", sort=False):
        sizes = ", ".join(f"{row.part} {row.sensitivity:.2f}" for row in parts.itertuples())
        yield f"  rests on, for {outcome}: {parts['words'].iloc[0]} (sensitivity: {sizes})"
    for row in run.silence[run.silence["question"] == question_id].itertuples():
        if abs(row.change) >= max(0.0005, 2 * row.mcse):
            without = f"{row.outcome} would be {100 * row.p_without:.1f} %"
            quiet = "had nothing been known of the quiet time until now"
            yield f"  no news at all: {quiet}, {without} ({points(row.change)}, taken out alone; {row.how})"


def _conflict_lines(run: Run, event_id: str) -> Iterator[str]:
    for row in run.conflicts[run.conflicts["event"] == event_id].itertuples():
        yield f"  {row.words}"


def _behind(edition: EditionDossier, question: Question) -> list[str]:
    """Return the question's events, then those with a chain of arrows into them."""
    named = list(question.events())
    frontier = set(named)
    while frontier:
        frontier = {effect.from_ for effect in edition.effects if effect.to in frontier} - set(named)
        named += sorted(frontier)
    return named


def _event_lines(run: Run, edition: EditionDossier, event: Event, asked: bool) -> Iterator[str]:
    status = event_status(edition, event.id)
    yield f"EVENT {event.id}{'' if asked else ' (behind an arrow)'}: {event.title}"
    yield f"  {edition.dossier.where('event', event.id)}"
    if not status.is_open:
        yield f"  happened on {status.occurred_on}"
        yield from _history_lines(edition, event.id)
        return
    yield f"  open since {event.opens_on}, state known until {status.known_until}"
    for name in (event.reference_class, *event.rivals):
        record = edition.dossier.reference_classes[name]
        row = run.classes[(run.classes["event"] == event.id) & (run.classes["reference_class"] == name)]
        chosen = "base rate" if name == event.reference_class else "rival    "
        given = "" if row.empty else f"; {100 * row['base_p'].iloc[0]:.0f} % within the reference horizon"
        yield f"  {chosen} {name}: {record.events:g} in {record.exposure:g} {record.unit}s{given} [{record.citation}]"
        if ageing := time_shape(record):
            yield f"    its hazard changes with age: Weibull shape {math.exp(ageing.log_shape):.2f} over {ageing.years:g} years"
        if record.borrows:
            events, exposure = counts(record)
            shape, rate = class_shape(record, edition.dossier.relatives(name))
            own = (events + JEFFREYS) / exposure
            yield f"    borrows from {', '.join(record.borrows)}: {own:.3f} a year alone, {shape / rate:.3f} with them"
    yield f"    why: {event.why_class} (fit: {event.class_fit})"
    for row in run.events[(run.events["event"] == event.id)].itertuples():
        yield f"    {row.layer:<9} hazard {row.hazard_median:.3g} a year ({row.hazard_low:.2g}-{row.hazard_high:.2g})"
    for effect in edition.effects:
        if effect.to == event.id:
            how = effect.acts if effect.acts != "multiplies" else f"{effect.sign} it ({effect.grade})"
            cited = f", claims {', '.join(effect.claims)}" if effect.claims else ""
            yield f"  EFFECT {effect.id}: {effect.from_} {how}{cited}. {effect.why}"
    yield f"  CLAIMS: {spoken_of(edition)[event.id].words()}"
    yield from _conflict_lines(run, event.id)
    yield from _history_lines(edition, event.id)


def _history_lines(edition: EditionDossier, event_id: str) -> Iterator[str]:
    for row in edition.history:
        if row.event == event_id:
            ratio = f" ×{row.likelihood_ratio:g}" if row.likelihood_ratio else ""
            yield f"  HISTORY {row.on} {row.what}{ratio} ({row.status}) {row.note} [{row.source}]"


def trace_claim(runs: list[Run], dossier: Dossier, claim_id: str) -> str:
    """Return what one claim moves in every edition, and by which road, or why it moves nothing."""
    claim = lookup(dossier.claims, claim_id, "claim")
    lines = [claim_line(dossier, claim), f"  {dossier.where('claim', claim.id)}"]
    lines += [f"  {reading}"] if (reading := claim_reading(dossier, claim)) else []
    for run in runs:
        rows = run.influence[run.influence["claim"] == claim_id]
        for row in rows.itertuples():
            lines.append(f"  {run.manifest['edition']}: " + _move(row))
    return "\n".join(lines)


def _move(row) -> str:
    if not row.question:
        return f"moves nothing: {row.how}"
    return f"{row.question}:{row.outcome} {points(row.change)} ({row.road}; {row.how}, k-hat {row.k_hat:.2f})"


def trace_source(runs: list[Run], dossier: Dossier, source_id: str) -> str:
    """Return every number that a source moves: the forecast without it, then each of its claims."""
    source = lookup(dossier.sources, source_id, "source")
    lines = [f"SOURCE {source.id}: {source.title} ({source.publisher}, {source.published_on})"]
    for run in runs:
        lines += _without_lines(run, run.sources[run.sources["source"] == source_id], "this source")
    lines += ["", "CLAIMS"]
    for claim in dossier.claims.values():
        if claim.source == source_id:
            lines += [f"  {claim_line(dossier, claim)}"]
            lines += [f"    {run.manifest['edition']}: {_summary(run.influence, claim.id)}" for run in runs]
    return "\n".join(lines)


def trace_origin(runs: list[Run], dossier: Dossier, origin: str) -> str:
    """Return every number that an origin moves, with all its claims gone at once, and those claims."""
    claims = [claim for claim in dossier.claims.values() if claim.origin == origin]
    spread = len({claim.source for claim in claims})
    lines = [f"ORIGIN {origin}: {claims_counted(len(claims))} in {spread} source{'' if spread == 1 else 's'}"]
    for run in runs:
        rows = run.origins[run.origins["origin"] == origin]
        lines += _without_lines(run, rows[rows["question"] != ""], "this origin")
        if not rows.empty and not rows["question"].iloc[0]:
            lines += ["", f"edition {run.manifest['edition']}: {rows['how'].iloc[0]}"]
    lines += ["", "CLAIMS", *(f"  {claim_line(dossier, claim)}" for claim in claims)]
    return "\n".join(lines)


def _without_lines(run: Run, rows: pd.DataFrame, what: str) -> list[str]:
    rows = rows[rows["change"].abs() >= SHOWN]
    if rows.empty:
        return []
    lines = ["", f"edition {run.manifest['edition']}: without {what}"]
    for row in rows.assign(size=rows["change"].abs()).sort_values("size", ascending=False).itertuples():
        without, full = f"{100 * row.p_without:.1f} %", f"{100 * row.p:.1f} %"
        change = f"{points(row.change)}; {row.how}, k-hat {row.k_hat:.2f}"
        lines.append(f"  {row.question}:{row.outcome} {without} instead of {full} ({change})")
    return lines


def _summary(influence: pd.DataFrame, claim_id: str) -> str:
    rows = influence[influence["claim"] == claim_id]
    if rows.empty:
        return "not in this edition"
    if not rows["question"].iloc[0]:
        return f"moves nothing: {rows['how'].iloc[0]}"
    top = rows.loc[rows["change"].abs().idxmax()]
    n = rows["question"].nunique()
    return f"moves {n} question{'' if n == 1 else 's'}, most {top['question']}:{top['outcome']} {points(top['change'])}"


def wrapped(text: str, width: int) -> str:
    r"""Return a trace folded to a terminal's width, each line going on below its own beginning.

    Examples
    --------
    >>> print(wrapped("CLAIMS\n  c-001 said by the author", 18))
    CLAIMS
      c-001 said by
        the author
    """
    folded = []
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        folded += textwrap.wrap(line, max(width, 20), subsequent_indent=indent, break_on_hyphens=False) or [""]
    return "\n".join(folded)


def trace(runs: list[Run], dossier: Dossier, record_id: str) -> str:
    """Trace any id: a question, a claim, a source or an origin.

    Raises
    ------
    UsageError
        If no question, claim, source or origin has that id, or no run has the question.
    """
    if record_id in dossier.questions:
        for run in runs:
            if any(forecast.question == record_id for forecast in run.forecasts):
                return trace_question(run, dossier.edition(run.manifest["edition"]), record_id)
        raise UsageError(f"no run has the question '{record_id}' yet; make one with: forecast run EDITION")
    origins = {claim.origin for claim in dossier.claims.values()}
    if record_id in dossier.sources:
        told = trace_source(runs, dossier, record_id)
        # a source that speaks for itself is an origin too, of those of its claims that it quotes from nobody
        return f"{told}\n\n{trace_origin(runs, dossier, record_id)}" if record_id in origins else told
    if record_id in origins:
        return trace_origin(runs, dossier, record_id)
    if record_id in dossier.claims:
        return trace_claim(runs, dossier, record_id)
    from forecasting.claims.load import near

    for kind, table in (("event", dossier.events), ("edition", dossier.editions), ("effect", dossier.effects)):
        if record_id in table:
            where = dossier.where(kind, record_id)
            asked = [q.id for q in dossier.questions.values() if record_id in q.events()]
            hint = f"; questions about it: {', '.join(asked)}" if asked else ""
            raise UsageError(f"'{record_id}' is an {kind} ({where}); trace a question, a claim, a source or an origin{hint}")
    known = [*dossier.questions, *dossier.sources, *dossier.claims, *origins]
    raise UsageError(f"no question, source, origin or claim '{record_id}'; {near(record_id, known)}")

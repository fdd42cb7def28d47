"""Trace what models beside the event network answered: from a question to observations, and from an observation to answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Any

from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.dossier.questions import Question
from forecasting.errors import UsageError
from forecasting.forecasts import Forecast, outcome_text
from forecasting.inference.noticeable import noticeable
from forecasting.runs.further import ModelTables
from forecasting.runs.store import Run
from forecasting.trace.claims import furthest
from forecasting.trace.models import moved_words, reading_words

MOST = 12  # observations under a question: `forecast trace` of the question's series has all
ELSEWHERE = (
    "  of other theatres, or of the whole (what another theatre owes to its own events it does not owe to what all share, so "
    "that this may push the other way):"
)


def trace_answer(run: Run, edition: EditionDossier, question: Question) -> str:
    """Return a question that a model beside the network answers: its forecast, then the observations that move it most."""
    forecast, told = run.forecast(question.id), run.further.get(question.form.model)
    if told is None:
        raise UsageError(f"the draft of {edition.edition.id} lacks what '{question.form.model}' found: {run.warning}")
    lines = [f"QUESTION {question.id}: {question.title}"]
    lines += [f"edition {edition.edition.id}, as of {edition.as_of}, by {forecast.deadline}"]
    lines += [*forecast_lines(forecast), f"  model “{told.title}”, about {', '.join(about(told, question)) or 'its records'}"]
    lines += [f"  {edition.dossier.where('question', question.id)}", ""]
    moved = [row for row in told.rows("influence") if row.outcome.startswith(f"{question.id}:")]
    counted = [row for row in moved if noticeable(row.change, row.mcse)]
    order = list(dict.fromkeys(row.claim for row in furthest(counted)))
    lines.append(f"OBSERVATIONS that moved it: {len(order)} of {len({row.claim for row in moved})} (each left out alone)")
    other = from_elsewhere(told, question, edition)
    for elsewhere in (False, True):
        some = [claim for claim in order if (claim in other) is elsewhere]
        lines += [ELSEWHERE] if elsewhere and some else []
        for claim in some[:MOST]:
            lines += [f"  {line}" for line in observation_lines(told, claim, moved)]
        lines += [f"  and {len(some) - MOST} more"] if len(some) > MOST else []
    return "\n".join(lines)


def from_elsewhere(told: ModelTables, question: Question, edition: EditionDossier) -> frozenset[str]:
    """Return the observations of a balance that are of other theatres than a question asks about, or of the whole.

    Of a question about the whole all theatres are parts; of other models nothing is elsewhere.
    """
    named = set(question.form.subjects())
    balances = [one for one in edition.dossier.balances.values() if named & {theatre.id for theatre in one.theatres}]
    fields = {name for one in balances for name in one.fields}
    return frozenset(str(row.claim) for row in told.rows("readings") if row.about in fields - named)


def forecast_lines(forecast: Forecast) -> Iterator[str]:
    """Yield each outcome with its intervals, and what it was under the prior alone and with claims."""
    for o in forecast.outcomes:
        yield f"  {outcome_text(o)}"
        yield (
            f"    without any observation {100 * o.base_p:.1f} % → with claims {100 * o.prior_p:.1f} % → with all "
            f"{100 * o.p:.1f} %; MCSE {100 * o.mcse:.2f} points"
        )


def about(told: ModelTables, question: Question) -> list[str]:
    """Return the panels that a question names, each with its title."""
    named = set(question.form.subjects())
    return [f"{panel} ({title})" for panel, title in told.panels.items() if panel in named]


def observation_lines(told: ModelTables, claim: str, moved: Iterable[Any]) -> Iterator[str]:
    """Yield what an observation says, as what it was read, and how far it moves answers, by rows of what observations move."""
    yield f"{claim}: {told.observations.get(claim, claim)}"
    yield from (f"  {reading_words(read)}" for read in told.rows("readings") if read.claim == claim)
    for change in moved:
        if change.claim == claim and noticeable(change.change, change.mcse):
            yield f"  moves {change.outcome} by {moved_words(change)}"


def records_of(runs: list[Run]) -> set[str]:
    """Return every id that some model beside the network read or follows: of observations and of panels."""
    told = [one for run in runs for one in run.further.values()]
    read = {name for one in told for row in one.rows("readings") for name in (row.claim, row.about)}
    return read | {panel for one in told for panel in one.panels}


def observed_as(dossier: Dossier, record_id: str) -> set[str]:
    """Return the ids under which models beside the network may have read a record: its own, and those of its claims."""
    return {record_id} | {name for name, claim in dossier.claims.items() if record_id in (claim.source, claim.origin)}


def readings_of(told: ModelTables, ids: Set[str]) -> list[Any]:
    """Return the rows of what a model read of some ids: of observations, or of what these are about."""
    return [row for row in told.rows("readings") if row.claim in ids or row.about in ids]


def trace_observed(runs: list[Run], ids: Set[str]) -> str:
    """Return where some ids stand in what models beside the network read: as observations, or as what these are about."""
    lines: list[str] = []
    for run in runs:
        for told in run.further.values():
            rows = readings_of(told, ids)
            titles = [f"{panel}: {title}" for panel, title in told.panels.items() if panel in ids]
            if not rows and not titles:
                continue
            lines += [f"edition {run.manifest.edition}, as of {run.manifest.as_of}, model “{told.title}”"]
            lines += [f"  {title}" for title in titles]
            for claim in dict.fromkeys(row.claim for row in rows):
                lines += [f"  {line}" for line in observation_lines(told, claim, told.rows("influence"))]
            lines.append("")
    return "\n".join(lines).rstrip()

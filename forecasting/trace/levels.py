"""The first levels of a trace: a question's answer, then what moved it and what it stands on; the rest on request."""

from __future__ import annotations

from collections.abc import Iterator

from forecasting.dossier.decided import excluded
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.status import event_status
from forecasting.runs.store import Run
from forecasting.shown.text import shorten
from forecasting.trace.claim_counts import moving, moving_claims, moving_words
from forecasting.trace.claims import claim_line, furthest, points
from forecasting.trace.events import class_line, known_occasions
from forecasting.trace.questions import behind, forecast_lines, origin_lines, sensitivity_lines

WHOLE = 3  # levels of detail
MOST = 5  # claims at the first level
INDENT = 2  # blanks of each level


def first_levels(run: Run, edition: EditionDossier, question_id: str, depth: int) -> str:
    """Return the first levels of a question's trace.

    1: the answer, what it depends on, and the claims that moved it most. 2: every claim that moved it with its place, and
    each event behind it with its base rate.
    """
    question = {q.id: q for q in edition.questions}[question_id]
    lines = [*forecast_lines(run.forecast(question_id)), *(f"  {said}" for said in excluded(edition, question))]
    lines += sensitivity_lines(run, question_id)
    order = moving_claims(run, question_id)
    lines += ["", f"CLAIMS that moved it: {moving_words(moving(run, question_id))} (each left out alone)"]
    lines += list(_claims(run, edition, question_id, order[:MOST] if depth == 1 else order, depth))
    lines += [f"  and {len(order) - MOST} more"] if depth == 1 and len(order) > MOST else []
    if depth > 1:
        lines += ["", "EVENTS behind it, with the base rates that they stand on"]
        for name in behind(edition, question):
            lines += _event(run, edition, name, asked=name in question.events())
        lines += ["", "ORIGINS it depends on (all claims of one origin left out together)", *origin_lines(run, question_id)]
    return "\n".join(lines)


def _claims(run: Run, edition: EditionDossier, question_id: str, order: list[str], depth: int) -> Iterator[str]:
    moved = [row for row in run.rows("influence") if row.question == question_id]
    if not order:
        yield "  none: base rate, effects and history only"
    for claim_id in order:
        claim, rows = edition.dossier.claims[claim_id], [row for row in moved if row.claim == claim_id]
        if depth == 1:
            top = furthest(rows)[0]
            outcome = "" if top.outcome == "yes" else f" ({top.outcome})"
            yield f"  {points(top.change):>12}{outcome}  {claim_id}  {claim.speaker}: {shorten(claim.paraphrase, 90)}"
        else:
            yield f"  {'; '.join(f'{row.outcome} {points(row.change)}' for row in rows)}"
            yield f"    {claim_line(edition.dossier, claim)}"


def _event(run: Run, edition: EditionDossier, name: str, *, asked: bool) -> Iterator[str]:
    event, status = edition.dossier.events[name], event_status(edition, name)
    yield f"  {name}{'' if asked else ' (behind an effect)'}: {event.title}"
    if status.is_open:
        yield f"    {class_line(run, edition, event, event.reference_class).strip()}"
        yield from (f"    {line}" for line in known_occasions(edition, name) if not line.startswith(" "))
    else:
        yield f"    happened on {status.occurred_on}"


def cut(text: str, depth: int) -> str:
    r"""Return a trace without the lines that are indented deeper than some levels; at the last level, all of it.

    Examples
    --------
    >>> cut("CLAIMS\n  c-001\n    how it is read", 1)
    'CLAIMS\n  c-001'
    """
    if depth >= WHOLE:
        return text
    return "\n".join(line for line in text.split("\n") if len(line) - len(line.lstrip()) <= INDENT * depth)

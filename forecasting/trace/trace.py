"""Trace any record: a number back to its sentences, or a source forward to every number it moves; from the files of runs."""

from __future__ import annotations

from forecasting.arguments import DOSSIER, ID, RUN, many, takes
from forecasting.arguments import WHOLE as WHOLE_NUMBER
from forecasting.dossier.edition import NETWORK, Dossier
from forecasting.errors import UsageError, near
from forecasting.runs.store import Run
from forecasting.trace.assumptions import trace_assumption
from forecasting.trace.claims import trace_claim, trace_origin, trace_source
from forecasting.trace.further import observed_as, records_of, trace_answer, trace_observed
from forecasting.trace.levels import WHOLE, cut, first_levels
from forecasting.trace.questions import trace_edition, trace_question
from forecasting.trace.records import trace_class, trace_effect, trace_event


@takes(runs=many(RUN), dossier=DOSSIER, record_id=ID, depth=WHOLE_NUMBER)
def trace_record(runs: list[Run], dossier: Dossier, record_id: str, depth: int = WHOLE) -> str:
    """Return the trace of any id as text: of a question, a claim, a source or any other record, or of an origin.

    It begins with what is wrong with the numbers of runs that did not pass the gate, whichever of them are shown.

    Parameters
    ----------
    runs : list of Run
        Current runs of as many editions as are to be walked through.
    dossier : Dossier
        The records that they were made from.
    record_id : str
        Of any record, or an origin.
    depth : int, default 3
        1: the answers, and what moved them most. 2: also each claim that moved them, and the base rate of each event behind
        them. 3: everything. Of other records than questions, as many levels of indentation.

    Returns
    -------
    str
        Lines, indented below what they belong to.

    Raises
    ------
    UsageError
        If nothing has that id, or no run has the question or is of the edition.

    Examples
    --------
    >>> import forecasting as fc
    >>> print(trace_record([], fc.load_dossier("priors"), "c-004", depth=1).splitlines()[0][:5])
    c-004
    """
    warnings = [f"edition {run.manifest.edition}: {run.warning}" for run in runs if run.warning]
    return "\n".join([*warnings, *([""] if warnings else []), _trace(runs, dossier, record_id, depth)])


def _trace(runs: list[Run], dossier: Dossier, record_id: str, depth: int) -> str:
    if record_id in dossier.questions:
        for run in runs:
            if any(forecast.question == record_id for forecast in run.forecasts):
                edition, question = dossier.edition(run.manifest.edition), dossier.questions[record_id]
                own = question.form.model == NETWORK
                if not own:
                    return cut(trace_answer(run, edition, question), depth)
                if depth < WHOLE:
                    return first_levels(run, edition, record_id, depth)
                return trace_question(run, edition, record_id)
        raise UsageError(f"no run has the question '{record_id}' yet; make one with: forecast run EDITION")
    if record_id in dossier.editions:
        for run in runs:
            if run.manifest.edition == record_id:
                return cut(trace_edition(run, dossier.edition(record_id)), depth)
        raise UsageError(f"the edition '{record_id}' has no run yet; make one with: forecast run {record_id}")
    origins = {claim.origin for claim in dossier.claims.values()}
    observed = trace_observed(runs, observed_as(dossier, record_id))
    told = _of_records(runs, dossier, record_id, origins)
    if told or observed:
        return cut("\n\n".join(filter(None, (told, observed))), depth)
    tables = (dossier.questions, dossier.editions, dossier.sources, dossier.claims, dossier.events, dossier.effects,
              dossier.assumptions)  # fmt: skip
    known = [name for table in (*tables, dossier.reference_classes, origins, records_of(runs)) for name in table]
    raise UsageError(f"no record or origin '{record_id}'; {near(record_id, known)}")


def goes_deeper(runs: list[Run], dossier: Dossier, record_id: str, depth: int, shown: str) -> bool:
    """Return whether the whole trace of an id says more than the text ``shown`` of some levels.

    The first levels of a question of the event network always leave its readings out; of all else the whole is made and compared.
    """
    if depth >= WHOLE:
        return False
    if record_id in dossier.questions and dossier.questions[record_id].form.model == NETWORK:
        return True
    return shown != trace_record(runs, dossier, record_id)


def _of_records(runs: list[Run], dossier: Dossier, record_id: str, origins: set[str]) -> str:
    """Return the trace of a source, a claim, an event, … in what the event network says; nothing if it is none of them."""
    if record_id in dossier.sources:
        told = trace_source(runs, dossier, record_id)
        # a source that speaks for itself is an origin too, of those of its claims that it quotes from nobody
        return f"{told}\n\n{trace_origin(runs, dossier, record_id)}" if record_id in origins else told
    for table, walk in (
        (dossier.claims, trace_claim),
        (dossier.events, trace_event),
        (dossier.effects, trace_effect),
        (dossier.assumptions, trace_assumption),
        (origins, trace_origin),
        (dossier.reference_classes, trace_class),
    ):
        if record_id in table:
            return walk(runs, dossier, record_id)
    return ""

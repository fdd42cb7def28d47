"""Trace claims, sources and origins forward to every number that they move; from the files of runs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from statistics import NormalDist
from typing import Any

from forecasting.analysis.pathways import conditions_of
from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import Dossier, lookup
from forecasting.elicitation.numbers import Number
from forecasting.elicitation.quantify import quantify, read_claim
from forecasting.elicitation.wording import inverse_cloglog
from forecasting.forecasts import error_points
from forecasting.inference.noticeable import noticeable
from forecasting.runs.store import Run
from forecasting.trace.readings import AS, judgement_reading

Z_90 = NormalDist().inv_cdf(0.95)


def points(change: float, error: float = 0.0) -> str:
    """Return a change of probability in percentage points, signed, with its Monte Carlo error, rounded up, if it has one.

    Examples
    --------
    >>> points(0.0463), points(-0.0463, 0.00112)
    ('+4.6 points', '-4.6 ± 0.2 points')
    """
    beside = f" ± {error_points(error)}" if error else ""
    return f"{100 * change:+.1f}{beside} points"


def claims_counted(n: float) -> str:
    """Return a number of claims in words.

    Examples
    --------
    >>> claims_counted(1), claims_counted(8)
    ('1 claim', '8 claims')
    """
    return f"{int(n)} claim{'' if n == 1 else 's'}"


def claim_line(dossier: Dossier, claim: Claim) -> str:
    """Return one line that identifies a claim: who said what where, with its grades."""
    source = dossier.sources[claim.source]
    wording = f' "{claim.wording}" ({claim.lexicon})' if claim.kind == "judgement" else ""
    return (
        f"{claim.id} [{source.publisher} {source.published_on}, paragraph {claim.anchor.paragraph}] {claim.speaker}: "
        f"{claim.paraphrase}{wording} ({claim.reliability}{claim.credibility}, origin {claim.origin})"
    )


def claim_reading(dossier: Dossier, claim: Claim, number: Number) -> str:
    """Return how a claim is read: as a probability, as a likelihood ratio with its 90 % interval, or as a level of a pressure.

    Parameters
    ----------
    number : Number
        The row of `forecasting.elicitation.quantify.quantify` that the model reads.
    """
    if number.kind == "judgement":
        return _judgement_reading(dossier, claim, number)
    if number.kind == "fact":
        low, high = (math.exp(number.location + z * number.spread) for z in (-Z_90, Z_90))
        return f"read as a likelihood ratio of {math.exp(number.location):.2g} ({low:.2g}-{high:.2g}): {number.read}"
    return f"read as {number.location:+.2f} ± {number.spread:.2f} {number.scale}: {number.read}"


def _judgement_reading(dossier: Dossier, claim: Claim, number: Number) -> str:
    """Return the probability that words stand for, under which condition, and the rate that it means.

    A claim over a short horizon speaks of a high rate even where it says "unlikely".
    """
    low, high = number.words.interval()
    p = float(inverse_cloglog(number.location))
    text = f"read as {100 * p:.0f} % ({100 * low:.0f}-{100 * high:.0f})"
    given = f", {conditions}" if (conditions := conditions_of(dossier, claim)) else ""
    text = f"{text} {AS[number.reads]}" if number.reads != "level" else text
    if claim.horizon is None:
        return text + given
    years = claim.horizon.years
    rate = math.exp(number.location) / years
    return f"{text} within {years:g} year{'' if years == 1 else 's'}{given}: {rate:.2g} a year"


def trace_claim(runs: list[Run], dossier: Dossier, claim_id: str) -> str:
    """Return what one claim moves in every edition, and by which pathway, or why it moves nothing."""
    claim = lookup(dossier.claims, claim_id, "claim")
    lines = [claim_line(dossier, claim), f"  {dossier.where('claim', claim.id)}", *_inherited(dossier, claim)]
    if number := read_claim(dossier, claim):
        lines += [f"  {claim_reading(dossier, claim, number)}"]
        lines += [f"  {judgement_reading(dossier, claim, number)}"] if number.kind == "judgement" else []
    lines += [f"  {line}" for line in _learned(dossier, claim)]
    for run in runs:
        rows = run.rows("influence")
        lines += [f"  {run.manifest.edition}: {_move(row)}" for row in rows if row.claim == claim_id]
    return "\n".join(lines)


def _learned(dossier: Dossier, claim: Claim) -> Iterator[str]:
    """Yield how each edition that names a table of what was learned reads a judgement."""
    for name, edition in dossier.editions.items():
        if edition.learned and claim.kind == "judgement" and claim.source in edition.sources:
            number = quantify(dossier.edition(name)).of_claim(claim.id)
            if number:
                yield f"{name}: {claim_reading(dossier, claim, number)}"


def _inherited(dossier: Dossier, claim: Claim) -> list[str]:
    """Return which fields a claim inherits, from which default, and who coded it."""
    lines = [f"  coded by {claim.coded_by}"] if claim.coded_by else []
    for name, default in dossier.inherited.get(claim.id, {}).items():
        lines.append(f"  {name} {getattr(claim, name)}: inherited from the defaults of {default.said} ({default.where})")
    return lines


def _move(row) -> str:
    if not row.question:
        return f"moves nothing: {row.how}"
    return f"{row.question}:{row.outcome} {points(row.change, row.mcse)} ({row.pathway}; {row.how}, k-hat {row.k_hat:.2f})"


def trace_source(runs: list[Run], dossier: Dossier, source_id: str) -> str:
    """Return every number that a source moves: the forecast without it, then each of its claims."""
    source = lookup(dossier.sources, source_id, "source")
    lines = [f"SOURCE {source.id}: {source.title} ({source.publisher}, {source.published_on})"]
    for run in runs:
        lines += _without_lines(run, [row for row in run.rows("sources") if row.source == source_id], "this source")
    lines += ["", "CLAIMS"]
    for claim in dossier.claims.values():
        if claim.source == source_id:
            names = ", ".join(dossier.inherited.get(claim.id, ()))
            lines += [f"  {claim_line(dossier, claim)}{f'; inherits {names}' if names else ''}"]
            lines += [f"    {run.manifest.edition}: {summary(run.rows('influence'), claim.id)}" for run in runs]
    return "\n".join(lines)


def trace_origin(runs: list[Run], dossier: Dossier, origin: str) -> str:
    """Return every number that an origin moves, with all its claims gone at once, and those claims."""
    claims = [claim for claim in dossier.claims.values() if claim.origin == origin]
    spread = len({claim.source for claim in claims})
    lines = [f"ORIGIN {origin}: {claims_counted(len(claims))} in {spread} source{'' if spread == 1 else 's'}"]
    for run in runs:
        rows = [row for row in run.rows("origins") if row.origin == origin]
        lines += _without_lines(run, [row for row in rows if row.question], "this origin")
        if rows and not rows[0].question:
            lines += ["", f"edition {run.manifest.edition}: {rows[0].how}"]
    lines += ["", "CLAIMS", *(f"  {claim_line(dossier, claim)}" for claim in claims)]
    return "\n".join(lines)


def _without_lines(run: Run, rows: Iterable[Any], what: str) -> list[str]:
    told = [row for row in rows if noticeable(row.change)]
    lines = ["", f"edition {run.manifest.edition}: without {what}"] if told else []
    for row in furthest(told):
        without, full = f"{100 * row.p_without:.1f} %", f"{100 * row.p:.1f} %"
        change = f"{points(row.change, row.mcse)}; {row.how}, k-hat {row.k_hat:.2f}"
        lines.append(f"  {row.question}:{row.outcome} {without} instead of {full} ({change})")
    return lines


def furthest(rows: Iterable[Any]) -> list[Any]:
    """Return rows of a run with a ``change``, the largest first; of two as large the one that stands first in their table."""
    return sorted(rows, key=lambda row: -abs(row.change))


def summary(influence: Iterable[Any], claim_id: str) -> str:
    """Return in a line what a claim moves in an edition, most of all, or why it moves nothing; from rows of a run."""
    rows = [row for row in influence if row.claim == claim_id]
    if not rows:
        return "not in this edition"
    if not rows[0].question:
        return f"moves nothing: {rows[0].how}"
    top, n = furthest(rows)[0], len({row.question for row in rows})
    return f"moves {n} question{'' if n == 1 else 's'}, most {top.question}:{top.outcome} {points(top.change)}"

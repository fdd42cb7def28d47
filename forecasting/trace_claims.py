"""What a trace says of claims: who said what where, how it is read, by which road it comes, and how far it moved an answer."""

from __future__ import annotations

import math
from collections.abc import Iterator

from forecasting.claims.dossier import Dossier
from forecasting.claims.edition import EditionDossier
from forecasting.claims.records import Claim
from forecasting.elicitation.wording import inverse_cloglog, read_wording
from forecasting.roads import conditions_of, indirect
from forecasting.runs import Run


def points(change: float) -> str:
    """Return a change of probability in percentage points, signed."""
    return f"{100 * change:+.1f} points"


def claim_line(dossier: Dossier, claim: Claim) -> str:
    """Return one line that identifies a claim: who said what where, with its grades."""
    source = dossier.sources[claim.source]
    wording = f' "{claim.wording}" ({claim.lexicon})' if claim.kind == "judgement" else ""
    return (
        f"{claim.id} [{source.publisher} {source.published_on}, paragraph {claim.anchor.paragraph}] {claim.speaker}: "
        f"{claim.paraphrase}{wording} ({claim.reliability}{claim.credibility}, origin {claim.origin})"
    )


def claim_lines(run: Run, edition: EditionDossier, question_id: str) -> Iterator[str]:
    """Yield the claims that moved a question, the largest move first, each with its source, its road and its reading."""
    moved = run.influence[run.influence["question"] == question_id]
    order = moved.assign(size=moved["change"].abs()).groupby("claim")["size"].max().sort_values(ascending=False)
    if order.empty:
        yield "  none: base rate, arrows and history only"
    for claim_id in order.index:
        claim = edition.dossier.claims[str(claim_id)]
        rows = moved[moved["claim"] == claim_id]
        moves = "; ".join(f"{row.outcome} {points(row.change)}" for row in rows.itertuples())
        yield f"  {moves}"
        yield f"    {claim_line(edition.dossier, claim)}"
        yield f"    road: {rows['road'].iloc[0]}; {edition.dossier.where('claim', claim.id)}"
        if reason := indirect(edition, claim, edition.dossier.questions[question_id]):
            yield f"    {reason}"
        if reading := claim_reading(edition.dossier, claim):
            yield f"    {reading}"


def claim_reading(dossier: Dossier, claim: Claim) -> str:
    """Return how a judgement is read: the probability its words stand for, under which condition, and the rate it means.

    A claim over a short horizon speaks of a high rate even where it says "unlikely".
    """
    if claim.kind != "judgement" or not claim.wording or claim.moves_nothing:
        return ""
    read = read_wording(dossier.lexicons[claim.lexicon or ""][claim.wording], claim.direction)  # type: ignore[arg-type]
    low, high = read.interval()
    p = float(inverse_cloglog(read.location))
    text = f"read as {100 * p:.0f} % ({100 * low:.0f}-{100 * high:.0f})"
    given = f", {conditions}" if (conditions := conditions_of(dossier, claim)) else ""
    if claim.horizon is None:
        return text + given
    years = claim.horizon.years
    rate = math.exp(read.location) / years
    return f"{text} within {years:g} year{'' if years == 1 else 's'}{given}: {rate:.2g} a year"


def origin_lines(run: Run, question_id: str) -> Iterator[str]:
    """Yield the voices that a question hangs on, the largest move first."""
    moved = run.origins[run.origins["question"] == question_id]
    order = moved.assign(size=moved["change"].abs()).groupby("origin")["size"].max().sort_values(ascending=False)
    if order.empty:
        yield "  none: no voice moves it noticeably"
    for origin in order.index:
        rows = moved[moved["origin"] == origin]
        moves = "; ".join(f"{row.outcome} {points(row.change)}" for row in rows.itertuples())
        yield f"  {origin} ({claims_counted(rows['n_claims'].iloc[0])}): {moves}"


def claims_counted(n: float) -> str:
    """Return a number of claims in words.

    Examples
    --------
    >>> claims_counted(1), claims_counted(8)
    ('1 claim', '8 claims')
    """
    return f"{int(n)} claim{'' if n == 1 else 's'}"

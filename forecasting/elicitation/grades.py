"""What a grade is worth: reliability and credibility as spread, strength as a ratio, credibility as a discount."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasting.arguments import CLAIM, MAPPING, takes
from forecasting.dossier.claims import Claim
from forecasting.dossier.wordings import GradeRow
from forecasting.errors import UsageError

# A loading's log ratio per sd of the pressure has the spread of a moderate strength, whatever its grade: few pressures are
# coded, each seen only through the events it loads on, so a finer judgement of the spread would not show.
LOADING_SPREAD = 0.3

Grades = Mapping[tuple[str, str], GradeRow]


def grade_row(grades: Grades, scale: str, grade: str | int) -> GradeRow:
    """Return one row of ``priors/grades.csv``.

    Raises
    ------
    UsageError
        If the table has no such row.
    """
    try:
        return grades[scale, str(grade)]
    except KeyError:
        raise UsageError(f"priors/grades.csv has no row for {scale} {grade}; add it with its citation") from None


def scale_citation(grades: Grades, scale: str) -> str:
    """Return what the figures of a scale rest on: its first row says it, the others "as above"."""
    return next((row.citation for (name, _), row in grades.items() if name == scale), "")


@takes(grades=MAPPING, claim=CLAIM)
def grade_spread(grades: Grades, claim: Claim) -> float:
    """Return ρ, the standard deviation that a claim's two grades add on the cloglog scale.

    ρ² = ρ_reliability² + ρ_credibility²: the two are judged apart, so their errors are taken as independent.

    Parameters
    ----------
    grades : mapping
        Rows of ``priors/grades.csv`` by (scale, grade): ``dossier.grades``.
    claim : Claim
        With its ``reliability`` (A to F) and ``credibility`` (1 to 6).

    Returns
    -------
    float
        On the scale of log cumulative hazard, dimensionless. *How to read it:* 0.7 is a factor of two either way on the hazard.

    Raises
    ------
    UsageError
        If the table has no row for one of the grades.

    References
    ----------
    NATO, *AJP-2.1: Allied Joint Doctrine for Intelligence Procedures* (the two Admiralty scales).
    What each grade is worth is cited row by row in ``priors/grades.csv``.

    Examples
    --------
    >>> import forecasting as fc
    >>> dossier = fc.load_dossier("priors")
    >>> claim = dossier.claims["c-004"]
    >>> graded(claim), round(grade_spread(dossier.grades, claim), 2)
    ('grade B4', 0.69)
    """
    reliability = grade_row(grades, "reliability", claim.reliability).value
    credibility = grade_row(grades, "credibility", claim.credibility).value
    return math.hypot(reliability, credibility)


def graded(claim: Claim) -> str:
    """Return the two grades of a claim as a reading names them."""
    return f"grade {claim.reliability}{claim.credibility}"


@dataclass(frozen=True)
class LogRatio:
    """Log of a hazard ratio or likelihood ratio: Normal(``mean``, ``sd``²)."""

    mean: float
    sd: float


def strength(grades: Grades, grade: str, sign: str) -> LogRatio:
    """Return the log ratio of a strength grade; ``sign`` is "raises" or "lowers"."""
    row = grade_row(grades, "strength", grade)
    assert row.spread is not None
    mean = math.log(row.value)
    return LogRatio(mean if sign == "raises" else -mean, row.spread)


def reported_strength(grades: Grades, claim: Claim, fact: LogRatio) -> LogRatio:
    """Return the log likelihood ratio of a *reported* fact.

    With probability q (from the credibility grade) the report is true and has the fact's own ratio g, else it is
    uninformative: g_reported = q·g + (1 − q), and the reciprocal of that of 1/g for a fact that lowers the hazard. (q is the
    trust in the report where the fact is the rarer.) The spread is that of the fact, and never less than the reliability
    grade's share of it, sd² = s² + (ρ_reliability · log g_reported)².

    Parameters
    ----------
    fact : LogRatio
        Of the fact itself, if it were certain: of its grade (`strength`), or of the words for both worlds
        (`forecasting.elicitation.both_worlds`).

    References
    ----------
    Schum, D. A. (1994), *The Evidential Foundations of Probabilistic Reasoning*, ch. 7 (likelihood ratio of testimony).

    Examples
    --------
    A strong fact (×4) of credibility 3 (q = 0.5) counts as ×2.5.
    """
    q = grade_row(grades, "truth", claim.credibility).value
    reported = math.log1p(q * math.expm1(abs(fact.mean)))
    sd = math.hypot(fact.sd, grade_row(grades, "reliability", claim.reliability).value * reported)
    return LogRatio(math.copysign(reported, fact.mean), sd)


def ratio_spread(grades: Grades, likelihood_ratio: float) -> LogRatio:
    """Return the log of a ratio typed as a number, with the spread interpolated between the strength grades."""
    rows = sorted((row for (scale, _), row in grades.items() if scale == "strength"), key=lambda row: row.value)
    logs = [0.0, *(math.log(row.value) for row in rows)]
    spreads = [0.0, *(row.spread or 0.0 for row in rows)]
    mean = math.log(likelihood_ratio)
    return LogRatio(mean, float(np.interp(abs(mean), logs, spreads)))

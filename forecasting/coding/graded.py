"""How far two coders of a balance agree: Krippendorff's alpha of their grades, for levels and for changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forecasting.coding.reliability import alpha, alpha_interval
from forecasting.dossier.balances import STEPS, Balance, Observation, grade_of


@dataclass(frozen=True)
class GradeAgreement:
    """Agreement of two coders on one kind of observations.

    Parameters
    ----------
    kind : str
        *level* or *change*.
    n : int
        Observations that both graded, anchors left out: their grade is given.
    same : int
        Those with the same grade.
    same_side : int
        Those of which both say that the same actor, or neither, is favoured.
    alpha : float or None
        Ordinal Krippendorff's alpha; None if fewer than two grades occur.
    interval : tuple of float or None
        Its 90 % bootstrap interval over origins: what is about one happening is graded alike.
    """

    kind: str
    n: int
    same: int
    same_side: int
    alpha: float | None
    interval: tuple[float, float] | None


def grade_agreement(
    balance: Balance, observations: Iterable[Observation], coders: tuple[str, str], *, random_seed: int, n_resamples: int = 1000
) -> tuple[GradeAgreement, ...]:
    """Compare the grades of two coders, levels and changes apart, since their scales differ.

    Returns
    -------
    tuple of GradeAgreement
        How to read it: 0.8 and more is customary for conclusions, 0.667 for tentative ones.

    References
    ----------
    Krippendorff, K. (2019), *Content Analysis*, 4th edition, chapter 12.
    """
    own = [one for one in observations if one.balance in balance.fields and not one.anchor]
    return tuple(_agreed(balance, kind, own, coders, random_seed, n_resamples) for kind in STEPS)


def _agreed(
    balance: Balance, kind: str, observations: list[Observation], coders: tuple[str, str], random_seed: int, n_resamples: int
) -> GradeAgreement:
    units: list[tuple[int, ...]] = []
    clusters: list[str] = []
    for one in observations:
        grades = {grading.coder: grade_of(balance, one, grading) for grading in one.codings}
        if one.kind == kind and set(coders) <= set(grades):
            units.append(tuple(grades[coder] for coder in coders))
            clusters.append(one.origin or one.claim or one.id)
    order = tuple(range(-len(STEPS[kind]), len(STEPS[kind]) + 1))
    interval = alpha_interval(
        units, "ordinal", order, clusters=clusters, random_seed=random_seed, n_resamples=n_resamples
    )  # fmt: skip
    same_side = sum((a > 0) - (a < 0) == (b > 0) - (b < 0) for a, b in units)
    return GradeAgreement(
        kind, len(units), sum(a == b for a, b in units), same_side, alpha(units, "ordinal", order), interval
    )  # fmt: skip

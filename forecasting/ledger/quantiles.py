"""Whether numbers are quantiles of a quantity that a question asks about, spread widely enough to be set beside its ranges."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from forecasting.dossier.questions import Question
from forecasting.errors import UsageError
from forecasting.ledger.values import edges_of

FEWEST = 3  # quantiles: two say where the middle lies, and nothing of its shape
OUTERMOST = 0.1  # the lowest level at most, and the highest at least 1 less this: what lies beyond is drawn on from what is said


def held_quantiles(question: Question, said: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Return quantiles as (level, value) in the order of their levels.

    Raises
    ------
    UsageError
        If the question asks for no number in ranges, a level is not between 0 and 1 or stands twice, a value is not above 0 or
        does not rise with the levels, there are fewer than three, or they leave out more than a tenth at either end.

    Examples
    --------
    >>> from forecasting.rules.load import load_dossier
    >>> question = load_dossier("priors").questions["turkstream-volume-2025"]
    >>> held_quantiles(question, [(0.5, 16.0), (0.05, 12.0), (0.95, 19.0)])
    ((0.05, 12.0), (0.5, 16.0), (0.95, 19.0))
    """
    if not edges_of(question):
        raise UsageError(f"{question.id} asks for no number in ranges; write probabilities of its outcomes in a column p")
    for level, value in said:
        if fix := level_fault(level):
            raise UsageError(f"{question.id}: a level of {level:g}; {fix}")
        if fix := value_fault(value):
            raise UsageError(f"{question.id}: a value of {value:g} at level {level:g}; {fix}")
    rising = sorted(said)
    for (level, value), (following, larger) in itertools.pairwise(rising):
        if level == following:
            raise UsageError(f"{question.id}: level {level:g} twice; keep one of them")
        if larger <= value:
            found = f"{question.id}: {value:,.10g} at level {level:g} and {larger:,.10g} at {following:g}"
            raise UsageError(f"{found}; write values that rise with the levels")
    if len(rising) < FEWEST:
        raise UsageError(f"{question.id}: quantiles at {len(rising)} levels; write {FEWEST} or more")
    if rising[0][0] > OUTERMOST or rising[-1][0] < 1 - OUTERMOST:
        found = f"{question.id}: levels from {rising[0][0]:g} to {rising[-1][0]:g}"
        raise UsageError(f"{found}; write one of {OUTERMOST:g} or less, and one of {1 - OUTERMOST:g} or more")
    return tuple(rising)


def level_fault(level: float) -> str:
    """Return what to write in place of a level that is none; nothing if it is one."""
    hint = f": write {level / 100:g}, if per cent were meant" if 1 < level < 100 else ""
    return "" if 0 < level < 1 else f"write a level above 0 and below 1{hint}"


def value_fault(value: float) -> str:
    """Return what to write in place of a value that no quantity of a series can have; nothing if one can."""
    return "" if math.isfinite(value) and value > 0 else "write a number above 0"

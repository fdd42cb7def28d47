"""What the analyses of one fit share: comparisons that are made once, and whom to tell how far they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forecasting.analysis.leave_out import Comparisons
from forecasting.fitting.fit import EditionFit


@dataclass(frozen=True)
class Context:
    """The comparisons of one fit, and who is told the share of an analysis's work that is done.

    Examples
    --------
    >>> claim_influence(fit, Context.of(fit, report=print))  # doctest: +SKIP
    """

    comparisons: Comparisons
    report: Callable[[float], None] = lambda share: None

    @classmethod
    def of(cls, fit: EditionFit, report: Callable[[float], None] = lambda share: None) -> Context:
        """Return a context in which nothing has been compared yet."""
        return cls(Comparisons.of(fit), report)

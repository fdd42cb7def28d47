"""What the gate found: a verdict per criterion, and the report that tables of a fit carry with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

import numpy as np
import pandas as pd

from forecasting.errors import GateError
from forecasting.forecasts import Gate, Override, marked

# without a verdict on each of these no fit has passed; the others are judged where there is something to judge
SAMPLER = ("divergences", "E-BFMI")
REQUIRED = ("draws returned", "chains", "finite", "stuck", "R-hat", "ESS (bulk)", "ESS (tail)", *SAMPLER)


@dataclass(frozen=True)
class Verdict:
    """One criterion of the gate: what was found, where it was worst, what the bound is, and what to do if it fails."""

    criterion: str
    worst: str
    value: float
    bound: str
    passed: bool
    fix: str

    def __post_init__(self) -> None:
        if self.passed and not np.isfinite(self.value):
            raise ValueError(f"{self.criterion} cannot have passed with a value of {self.value}")

    @property
    def words(self) -> str:
        """The criterion with its value, where it is worst, and what is wanted."""
        return f"{self.criterion} {self.value:.4g} at {self.worst}, wanted {self.bound}"


@dataclass(frozen=True)
class GateReport:
    """All criteria; ``passed`` only if every one is, and none of `REQUIRED` is missing.

    ``override`` says who has the numbers published although a criterion failed; they stay marked as blocked. ``direct`` says
    that the draws were made without a sampler, of which then nothing is required.
    """

    verdicts: tuple[Verdict, ...]
    override: Override | None = None
    direct: bool = False

    def __repr__(self) -> str:
        return f"<GateReport: {len(self.verdicts)} criteria, {self.mark.words}; .verdicts has each>"

    def __post_init__(self) -> None:
        if not self.verdicts:
            raise ValueError("a gate report without verdicts says nothing; hold the fit to the gate with check_fit")

    @property
    def missing(self) -> tuple[str, ...]:
        """Criteria without which nothing passes and on which there is no verdict."""
        judged = {verdict.criterion for verdict in self.verdicts}
        return tuple(name for name in REQUIRED if name not in judged and not (self.direct and name in SAMPLER))

    @property
    def passed(self) -> bool:
        """Whether the fit may be published."""
        return not self.missing and all(verdict.passed for verdict in self.verdicts)

    @property
    def mark(self) -> Gate:
        """What goes with every number of the fit."""
        failed = [verdict.words for verdict in self.verdicts if not verdict.passed]
        failed += [f"{name} not judged" for name in self.missing] if not failed else []
        return Gate(len(self.verdicts), tuple(failed), None if self.passed else self.override)

    def overridden(self, override: Override) -> GateReport:
        """Return the report with an override; a fit that passed needs none and gets none."""
        return self if self.passed else replace(self, override=override)

    def require(self, name: str, *, what: str = "edition") -> None:
        """Raise `GateError` naming each failed criterion, its worst quantity and the next step, unless it is overridden."""
        if self.passed or self.override:
            return
        failed = [v for v in self.verdicts if not v.passed]
        lines = [f"  {v.criterion}: {v.value:.4g} at {v.worst}, wanted {v.bound}\n    {v.fix}" for v in failed]
        unknown = () if failed else self.missing
        lines += [f"  {name}: not judged\n    hold the fit to the whole gate with check_fit" for name in unknown]
        if what == "edition":  # what is no edition has no command that publishes it
            anyway = f"forecast run {name} --override-gate --by NAME --reason TEXT"
            lines.append(f"  to publish it all the same, marked as blocked: {anyway}")
        raise GateError(f"{what} {name}: the fit may not be published\n" + "\n".join(lines))


def gated[**P](tabulate: Callable[P, pd.DataFrame]) -> Callable[P, pd.DataFrame]:
    """Have a function of a fit return its table with what the gate found of that fit (`forecasting.forecasts.marked`)."""

    @wraps(tabulate)
    def with_mark(*args: P.args, **kwargs: P.kwargs) -> pd.DataFrame:
        fit: Any = args[0]
        return marked(tabulate(*args, **kwargs), fit.gate.mark)

    return with_mark

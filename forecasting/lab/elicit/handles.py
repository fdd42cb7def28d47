"""The handles of an elicitation: one for each number that was asked, with how far it can go."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasting.arguments import is_number
from forecasting.elicitation.elicited import ElicitedPrior
from forecasting.errors import UsageError
from forecasting.lab.parts.text import plain

type Answers = Mapping[str, Any]

FEWEST_CHIPS = 10  # that a bin can hold at least, whatever it holds at first
QUARTERS = {
    "q1": ("Lower quartile", "a quarter of the belief lies below"), "q2": ("Median", "as likely below as above"),
    "q3": ("Upper quartile", "a quarter of the belief lies above"),
}  # fmt: skip
ENDS = {"lower": ("Lower end", "from here"), "upper": ("Upper end", "up to here")}
_EDGES: dict[str, tuple[float, float]] = {
    "probability": (0.0, 1.0), "simplex": (0.0, 1.0), "positive": (0.0, np.inf), "real": (-np.inf, np.inf),
}  # fmt: skip


@dataclass(frozen=True)
class Handle:
    """One number that was asked, and the two numbers between which it can be, both left out.

    ``at`` is its place where several have one name: a bin's chips, an outcome's share. It stands in the picture at ``base`` plus
    its value, or beside the picture where ``drawn`` is False.
    """

    field: str
    label: str
    meaning: str
    value: float
    over: float
    under: float
    at: int | None = None
    base: float = 0.0
    drawn: bool = True
    unit: str = "probability"

    def low(self, step: float) -> float:
        """Return the lowest value that a step of a drag reaches."""
        return self.value if np.isinf(self.over) else min(self.value, digits(self.over + step))

    def high(self, step: float) -> float:
        """Return the highest value that a step of a drag reaches."""
        return self.value if np.isinf(self.under) else max(self.value, digits(self.under - step))


def digits(x: float) -> float:
    """Return a number to twelve significant digits, as many as a prior's file has."""
    return float(f"{x:.12g}")


def handles(prior: ElicitedPrior, answers: Answers, most: int) -> tuple[Handle, ...]:
    """Return the handles of some answers to what a prior was asked by, in reading order.

    Parameters
    ----------
    prior : ElicitedPrior
        With the method, the support and the outcomes.
    answers : mapping
        As they are now.
    most : int
        Chips that a bin can hold.

    Examples
    --------
    >>> from forecasting.elicitation.fitting import maxent
    >>> prior = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", about="P(a deal within a year)", analyst="A. Analyst",
    ...                made_on="2024-12-13")
    >>> [(handle.field, handle.over, handle.value, handle.under) for handle in handles(prior, prior.asked, 10)]
    [('lower', 0.0, 0.1, 0.4), ('upper', 0.1, 0.4, 1.0), ('mass', 0.0, 0.8, 1.0)]
    """
    if prior.method == "roulette":
        return _bins(prior, answers, most)
    if prior.method == "dirichlet":
        return _shares(prior, answers)
    names = ENDS if prior.method == "maxent" else QUARTERS
    low, high = _EDGES[prior.support]
    edges = [low, *(answers[name] for name in names), high]
    found = tuple(
        Handle(name, label, meaning, answers[name], edges[n], edges[n + 2], unit=prior.support)
        for n, (name, (label, meaning)) in enumerate(names.items())
    )
    return (*found, _mass(answers)) if prior.method == "maxent" else found


def _mass(answers: Answers) -> Handle:
    return Handle("mass", "How sure", "of the interval", answers["mass"], 0.0, 1.0, drawn=False)


def _bins(prior: ElicitedPrior, answers: Answers, most: int) -> tuple[Handle, ...]:
    chips = answers["chips"]
    edges = np.linspace(answers["lower"], answers["upper"], len(chips) + 1)
    words = [f"{quantity(a, prior.support)} to {quantity(b, prior.support)}" for a, b in itertools.pairwise(edges)]
    return tuple(Handle("chips", words[n], "chips", chips[n], -1.0, most + 1.0, at=n, unit="real") for n in range(len(chips)))


def _shares(prior: ElicitedPrior, answers: Answers) -> tuple[Handle, ...]:
    """Return the borders between shares, each as the share before it; what it gains the next one loses."""
    mode, bound = answers["mode"], answers["bound"]
    borders = tuple(
        Handle("mode", f"Share of {prior.outcomes[n]}", f"taken from {prior.outcomes[n + 1]}", mode[n], bound,
               digits(mode[n] + mode[n + 1] - bound), at=n, base=digits(sum(mode[:n])))
        for n in range(len(mode) - 1)
    )  # fmt: skip
    width = Handle("bound", "Margin either way", "of each share", bound, 0.0, min(mode), drawn=False)
    return (*borders, width, _mass(answers))


def most_chips(prior: ElicitedPrior) -> int:
    """Return how many chips a bin can hold: twice as many as the fullest has, and no fewer than ten."""
    return max(FEWEST_CHIPS, int(2 * max(prior.asked.get("chips", (0,)))))


def moved(found: tuple[Handle, ...], answers: Answers, field: str, at: int | None, value: Any) -> dict[str, Any]:
    """Return the answers with one handle moved.

    Raises
    ------
    UsageError
        If there is no such handle, or it cannot go there: another one stands between, or the family ends before.

    Examples
    --------
    >>> lower = Handle("lower", "Lower end", "from here", 0.1, 0.0, 0.4)
    >>> moved((lower,), {"lower": 0.1, "upper": 0.4, "mass": 0.8}, "lower", None, 0.2)
    {'lower': 0.2, 'upper': 0.4, 'mass': 0.8}
    >>> moved((lower,), {"lower": 0.1, "upper": 0.4, "mass": 0.8}, "lower", None, 0.5)
    Traceback (most recent call last):
    forecasting.errors.UsageError: Lower end cannot be 50 %; write a number between 0 % and 40 %
    """
    handle = next((one for one in found if (one.field, one.at) == (field, at)), None)
    if handle is None:
        raise UsageError(f"there is no handle '{field}'{'' if at is None else f' at {at}'}; reload the elicitation")
    if not is_number(value) or not handle.over < value < handle.under:
        what = quantity(value, handle.unit) if is_number(value) else repr(value)
        raise UsageError(f"{handle.label} cannot be {what}; write a number {_between(handle)}")
    if handle.field == "chips" and value != int(value):
        raise UsageError(f"{handle.label} cannot hold {value:g} chips; write a whole number")
    if handle.at is None:
        return {**answers, field: float(value)}
    values = list(answers[field])
    if field == "mode":
        values[handle.at + 1] = digits(values[handle.at] + values[handle.at + 1] - value)
    values[handle.at] = float(value)
    return {**answers, field: tuple(values)}


def _between(handle: Handle) -> str:
    """Return where a handle can be, in the unit in which it is typed."""
    over, under = (quantity(end, handle.unit) if np.isfinite(end) else "" for end in (handle.over, handle.under))
    if over and under:
        return f"between {over} and {under}"
    return f"above {over}" if over else f"below {under}" if under else "that is finite"


def quantity(x: float, support: str) -> str:
    """Return a value as it is read: a probability or a share in per cent, anything else as it is, to four digits.

    Examples
    --------
    >>> quantity(0.25, "probability"), quantity(0.0043, "simplex"), quantity(12345.6, "positive")
    ('25 %', '0.43 %', '12350')
    """
    if support in ("probability", "simplex"):
        return f"{plain(float(f'{100 * x:.3g}'))} %"
    return plain(float(f"{x:.4g}")).replace("-", "−")

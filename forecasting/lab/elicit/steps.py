"""The steps of an elicitation: what was asked one after another, each with the prior that met it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forecasting.elicitation.elicited import ElicitedPrior
from forecasting.lab.elicit.handles import ENDS, QUARTERS, Answers, quantity

LABELS = {name: label for name, (label, _) in {**ENDS, **QUARTERS}.items()} | {
    "mass": "How sure", "bound": "Margin either way", "family": "Family",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A prior that met what was asked; ``held`` while the handle that asks is not let go."""

    prior: ElicitedPrior
    held: bool = False


type Steps = tuple[Step, ...]


def key(family: str, answers: Answers) -> tuple[Any, ...]:
    """Return what tells two askings apart."""
    return family, *sorted(answers.items())


def key_of(prior: ElicitedPrior) -> tuple[Any, ...]:
    """Return what tells a prior's asking from others."""
    return key(prior.family, prior.asked)


def last(first: ElicitedPrior, steps: Steps) -> ElicitedPrior:
    """Return the prior as it stands after some steps."""
    return steps[-1].prior if steps else first


def let_go(steps: Steps) -> Steps:
    """Return the steps without one that is still held."""
    return steps[:-1] if steps and steps[-1].held else steps


def advanced(first: ElicitedPrior, steps: Steps, prior: ElicitedPrior, held: bool) -> Steps:
    """Return the steps with one more; the positions of one drag are one step, and one that leads back is none."""
    before = let_go(steps)
    if key_of(last(first, before)) == key_of(prior):
        return before
    return (*before, Step(prior, held))


def as_known(first: ElicitedPrior, steps: Steps, asking: tuple[Any, ...]) -> ElicitedPrior | None:
    """Return the prior that met an asking before, if one did."""
    return next((one for one in (first, *(step.prior for step in steps)) if key_of(one) == asking), None)


def step_words(before: ElicitedPrior, after: ElicitedPrior) -> str:
    """Return in words what was asked otherwise.

    Examples
    --------
    >>> from forecasting.elicitation.fitting import maxent
    >>> said = dict(id="deal-a", about="P(a deal within a year)", analyst="A. Analyst", made_on="2024-12-13")
    >>> step_words(maxent("Beta", 0.1, 0.4, 0.8, **said), maxent("LogitNormal", 0.1, 0.55, 0.8, **said))
    'Family Beta becomes LogitNormal, Upper end 40 % becomes 55 %'
    """
    found = [f"Family {before.family} becomes {after.family}"] if before.family != after.family else []
    for name, old in before.asked.items():
        new = after.asked[name]
        if isinstance(old, tuple):
            found += _each(name, old, new, before)
        elif old != new:
            support = "probability" if name in ("mass", "bound") else before.support
            found.append(f"{LABELS.get(name, name)} {quantity(old, support)} becomes {quantity(new, support)}")
    return ", ".join(found)


def _each(name: str, old: tuple[float, ...], new: tuple[float, ...], prior: ElicitedPrior) -> list[str]:
    changed = [n for n in range(len(old)) if old[n] != new[n]]
    if name == "mode":
        return [f"{prior.outcomes[n]} {quantity(old[n], 'simplex')} becomes {quantity(new[n], 'simplex')}" for n in changed]
    width = (prior.asked["upper"] - prior.asked["lower"]) / len(old)
    starts = [prior.asked["lower"] + n * width for n in range(len(old) + 1)]
    ends = [(quantity(starts[n], prior.support), quantity(starts[n + 1], prior.support)) for n in range(len(old))]
    return [f"Chips from {ends[n][0]} to {ends[n][1]}: {old[n]:g} become {new[n]:g}" for n in changed]

"""The ways of asking for a prior: what each asks, which answers make sense, and how near a fitted prior comes to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasting.arguments import as_number, is_list, looked_at, shown
from forecasting.elicitation.families import FAMILIES, Family, Marginal, marginals, within
from forecasting.elicitation.max_entropy import maximum_entropy
from forecasting.errors import near

Number = float | tuple[float, ...]
Answers = Mapping[str, Any]
SUM_TOLERANCE = 1e-8
MAX_DIGITS = 12
_OF = {"probability": "between 0 and 1", "positive": "above 0", "real": "that is finite"}


def plain(name: str, value: object) -> Number:
    """Return a number, or a tuple of them, that a file can hold and arithmetic can carry there and back.

    Raises
    ------
    ValueError
        If it is no number, not finite, beyond 1e±12, or has more than 12 significant digits.
    """
    listed = looked_at(lambda: tuple(value) if isinstance(value, Sequence | np.ndarray) and is_list(value) else None)
    if listed is not None:
        return tuple(_one(f"{name}[{position}]", item) for position, item in enumerate(listed))
    return _one(name, value)


def _one(name: str, value: object) -> float:
    number = as_number(value)
    if number is None:
        raise ValueError(f"{name} is {shown(value)}; write a plain number such as 12 or 0.5")
    if not (number == 0 or 1e-12 <= abs(number) <= 1e12):
        raise ValueError(f"{name} is {number!r}; write a number between 1e-12 and 1e12 in size")
    if float(f"{number:.{MAX_DIGITS}g}") != number:
        raise ValueError(f"{name} is {number!r}; write at most {MAX_DIGITS} significant digits")
    return number


def numbers(given: object, names: tuple[str, ...], of: str) -> dict[str, Number]:
    """Return exactly the named numbers, in that order, or raise ValueError."""
    if not isinstance(given, Mapping):
        raise ValueError(f"is {shown(given)}; write {', '.join(f'{name}: …' for name in names)}")
    for name in given:
        if name not in names:
            raise ValueError(f"has '{name}', which {of} lacks; {near(str(name), names, 'it has')}")
    missing = [name for name in names if name not in given]
    if missing:
        raise ValueError(f"lacks {', '.join(missing)}; write what {of} needs: {', '.join(names)}")
    return {name: plain(name, given[name]) for name in names}


@dataclass(frozen=True)
class Method:
    """One way of asking.

    ``misses`` returns asked minus given probabilities; a fit further off than ``limit`` is refused with ``fix``, after what
    ``compared`` says of the two.
    """

    fields: tuple[str, ...]
    lists: tuple[str, ...]
    families: tuple[str, ...]
    check: Callable[[Answers, Family], None]
    misses: Callable[[Answers, str, tuple[Marginal, ...]], np.ndarray]
    limit: float
    fix: str
    compared: Callable[[Answers, str, tuple[Marginal, ...]], str] = lambda answers, family, fitted: ""


def check_answers(method: str, family: str, given: object) -> dict[str, Number]:
    """Return the answers to a method's questions, or raise ValueError with what to write instead."""
    form = METHODS[method]
    if family not in form.families:
        raise ValueError(f"cannot be fitted to a {family}; write one of {', '.join(form.families)}")
    answers = numbers(given, form.fields, f"method {method}")
    for name, value in answers.items():
        if isinstance(value, tuple) != (name in form.lists):
            shape = "a list of numbers: [1, 2]" if name in form.lists else "one number"
            raise ValueError(f"{name} is {value!r}; write {shape}")
    form.check(answers, FAMILIES[family])
    return answers


def _inside(answers: Answers, names: tuple[str, ...], family: Family) -> None:
    for name in names:
        if not within(family.support, answers[name]):
            raise ValueError(f"{name} is {answers[name]:g}; write a number {_OF[family.support]}")


def _mass(answers: Answers) -> None:
    if not 0 < answers["mass"] < 1:
        raise ValueError(f"mass is {answers['mass']:g}; write how sure you are as a share between 0 and 1, such as 0.9")


def _ordered(answers: Answers) -> None:
    if not answers["lower"] < answers["upper"]:
        low, high = answers["lower"], answers["upper"]
        raise ValueError(f"lower {low:g} is not below upper {high:g}; write the smaller number as lower")


def _check_maxent(answers: Answers, family: Family) -> None:
    _inside(answers, ("lower", "upper"), family)
    _ordered(answers)
    _mass(answers)


def _check_quartile(answers: Answers, family: Family) -> None:
    _inside(answers, ("q1", "q2", "q3"), family)
    q1, q2, q3 = answers["q1"], answers["q2"], answers["q3"]
    if not q1 < q2 < q3:
        raise ValueError(f"quartiles {q1:g}, {q2:g}, {q3:g} are out of order; write them rising: q1 < q2 < q3")


def _check_roulette(answers: Answers, family: Family) -> None:
    _ordered(answers)
    low, high, chips = answers["lower"], answers["upper"], answers["chips"]
    edges = {"probability": (0, 1), "positive": (0, np.inf)}.get(family.support, (-np.inf, np.inf))
    if not edges[0] <= low < high <= edges[1]:
        raise ValueError(f"the grid from {low:g} to {high:g} leaves the range; write numbers {_OF[family.support]}")
    if any(chip < 0 or chip != int(chip) for chip in chips):
        raise ValueError(f"chips {_shown(chips)} are not counts; write whole numbers from 0 up")
    if len(chips) < 4 or sum(chip > 0 for chip in chips) < 2:
        raise ValueError(f"chips {_shown(chips)} say too little; write at least 4 bins, with chips in two or more")


def _check_dirichlet(answers: Answers, family: Family) -> None:
    mode, bound = np.asarray(answers["mode"]), answers["bound"]
    if len(mode) < 2 or not all(within("simplex", share) for share in mode):
        raise ValueError(f"mode {_shown(mode)} is no set of shares; write two or more numbers between 0 and 1")
    if not abs(mode.sum() - 1) <= SUM_TOLERANCE:
        raise ValueError(f"mode {_shown(mode)} sums to {mode.sum():.10g}; write shares that sum to 1")
    if not 0 < bound < mode.min():
        raise ValueError(f"bound is {bound:g}; write a number above 0 and below the smallest share, {mode.min():g}")
    _mass(answers)
    # the flattest member of the family, Dirichlet(1, …, 1), has its marginals' lower tails as heavy as they get
    heaviest = np.mean(1 - (1 - (mode - bound)) ** (len(mode) - 1))
    if not (1 - answers["mass"]) / 2 < heaviest - 1e-3:
        raise ValueError(f"mass is {answers['mass']:g}, less than ignorance gives; write a higher mass or a smaller bound")


def _shown(values: Sequence[float] | np.ndarray) -> str:
    return "[" + ", ".join(f"{value:g}" for value in values) + "]"


def _best_maxent(answers: Answers, family: str) -> np.ndarray:
    """Return the probabilities below, inside and above the interval under the member of largest entropy."""
    best = marginals(family, dict(zip(FAMILIES[family].parameters, maximum_entropy(family, **answers), strict=True)))
    return _parts(answers, best)


def _parts(answers: Answers, fitted: tuple[Marginal, ...]) -> np.ndarray:
    low, high = fitted[0].cdf([answers["lower"], answers["upper"]])
    return np.array([low, high - low, 1 - high])


def _miss_maxent(answers: Answers, family: str, fitted: tuple[Marginal, ...]) -> np.ndarray:
    return _best_maxent(answers, family) - _parts(answers, fitted)


def _compared_maxent(answers: Answers, family: str, fitted: tuple[Marginal, ...]) -> str:
    def said(parts: np.ndarray) -> str:
        low, inside, high = 100 * parts
        return f"{low:.3g} % below, {inside:.3g} % inside and {high:.3g} % above"

    return f": it has {said(_parts(answers, fitted))}, the one of largest entropy {said(_best_maxent(answers, family))}"


def _miss_quartile(answers: Answers, family: str, fitted: tuple[Marginal, ...]) -> np.ndarray:
    return np.array([0.25, 0.5, 0.75]) - fitted[0].cdf([answers["q1"], answers["q2"], answers["q3"]])


def _miss_roulette(answers: Answers, family: str, fitted: tuple[Marginal, ...]) -> np.ndarray:
    chips = np.asarray(answers["chips"])
    edges = np.linspace(answers["lower"], answers["upper"], len(chips) + 1)
    return chips / chips.sum() - np.diff(fitted[0].cdf(edges))


def _miss_dirichlet(answers: Answers, family: str, fitted: tuple[Marginal, ...]) -> np.ndarray:
    mode, bound = np.asarray(answers["mode"]), answers["bound"]
    given = [float(f.cdf(m + bound) - f.cdf(m - bound)) for m, f in zip(mode, fitted, strict=True)]
    return np.array([answers["mass"] - np.mean(given)])


_ONE = ("Beta", "LogitNormal", "Gamma", "LogNormal", "Normal")
METHODS: dict[str, Method] = {
    "maxent": Method(
        ("lower", "upper", "mass"), (), _ONE, _check_maxent, _miss_maxent, 0.001,
        "fit it again with fc.maxent, or choose another family or interval", _compared_maxent,
    ),
    "quartile": Method(
        ("q1", "q2", "q3"), (), _ONE, _check_quartile, _miss_quartile, 0.05,
        "choose another family; look at the quartiles again; or ask by roulette",
    ),
    "roulette": Method(
        ("lower", "upper", "chips"), ("chips",), ("Beta", "Gamma", "LogNormal", "Normal"), _check_roulette,
        _miss_roulette, 0.15, "choose another family; if the chips form two heaps, keep them as two priors in a Mixture",
    ),
    "dirichlet": Method(
        ("mode", "bound", "mass"), ("mode",), ("Dirichlet",), _check_dirichlet, _miss_dirichlet, 0.05,
        "choose a smaller bound, or a mass nearer to 0.9",
    ),
}  # fmt: skip

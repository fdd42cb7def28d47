"""An elicited prior: a distribution, what was asked to get it, of whom, and when."""

from __future__ import annotations

import unicodedata
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, ValidationInfo, field_validator, model_validator

from forecasting.arguments import ID, NUMBERS, SHARES, takes
from forecasting.dossier.fields import Date, Id, Record
from forecasting.dossier.messages import failures_of
from forecasting.dossier.parse import Parsed
from forecasting.elicitation.asked import METHODS, check_answers, numbers
from forecasting.elicitation.asked import plain as _plain
from forecasting.elicitation.families import FAMILIES, Marginal, marginals
from forecasting.elicitation.pymc_variables import prior_variable
from forecasting.errors import UsageError


def _one_line(text: str) -> str:
    """Return the text if a file holds it in one way only: one line of printable characters, composed (NFC)."""
    if not text.isprintable():
        raise ValueError(f"{text!r} holds a line break or an invisible character; write one line of plain text")
    if not unicodedata.is_normalized("NFC", text):
        raise ValueError(f"{text!r} has letters and accents apart; write it in composed form (NFC)")
    return text


def _as_tuple(given: Any) -> Any:
    return tuple(given) if isinstance(given, list) else given


Line = Annotated[str, Field(min_length=3, max_length=500), AfterValidator(_one_line)]
Note = Annotated[str, Field(max_length=500), AfterValidator(_one_line)]


class Signed(Record):
    """What a prior is about and whose it is.

    Parameters
    ----------
    id : str
        Lower-case letters, digits and hyphens.
    about : str
        The quantity, so that another reader could settle it: "P(the garrison leaves within a year of 2024-12-13)".
    analyst : str
        Who was asked.
    made_on : date
        When.
    years : float, optional
        The horizon, where the quantity is the probability that an event happens within it.
    outcomes : tuple of str
        The members of the set, for a Dirichlet.
    note : str
        Anything else; one line.
    """

    id: Id
    about: Line
    analyst: Line
    made_on: Date
    years: Annotated[float, Field(gt=0, le=100), AfterValidator(partial(_plain, "years"))] | None = None
    outcomes: Annotated[tuple[Line, ...], BeforeValidator(_as_tuple)] = ()
    note: Note = ""


class ElicitedPrior(Signed):
    """A prior that somebody was asked for; frozen, and checked against what was asked whenever it is built.

    Parameters
    ----------
    method : {"maxent", "quartile", "roulette", "dirichlet"}
        How it was asked.
    family : str
        Name of the distribution, as in PreliZ and PyMC.
    asked : mapping
        The analyst's answers, unchanged.
    parameters : mapping
        Those of the family, as fitted: six significant digits.
    """

    method: Literal["maxent", "quartile", "roulette", "dirichlet"]
    family: Literal["Beta", "LogitNormal", "Gamma", "LogNormal", "Normal", "Dirichlet"]
    asked: Any
    parameters: Any

    @field_validator("asked")
    @classmethod
    def _answers(cls, given: Any, info: ValidationInfo) -> Any:
        if "method" not in info.data or "family" not in info.data:
            return given  # said already
        return MappingProxyType(check_answers(info.data["method"], info.data["family"], given))

    @field_validator("parameters")
    @classmethod
    def _parameters(cls, given: Any, info: ValidationInfo) -> Any:
        if "family" not in info.data:
            return given
        name, family = info.data["family"], FAMILIES[info.data["family"]]
        values = numbers(given, family.parameters, name)
        for parameter in values:
            if isinstance(values[parameter], tuple) != (name == "Dirichlet"):
                raise ValueError(f"{parameter} is {values[parameter]!r}; a Dirichlet has a list, all others one number")
            if parameter in family.positive and not np.all(np.asarray(values[parameter]) > 0):
                raise ValueError(f"{parameter} is {values[parameter]!r}; write a number above 0")
        return MappingProxyType(values)

    @model_validator(mode="after")
    def _agrees(self) -> ElicitedPrior:
        if self.years is not None and self.support != "probability":
            raise ValueError(f"has 'years' for a {self.family}; they go with the probability of an event")
        wanted = len(self.asked["mode"]) if self.family == "Dirichlet" else 0
        if len(self.outcomes) != wanted or len(set(self.outcomes)) != wanted:
            raise ValueError(f"names {len(set(self.outcomes))} outcomes, not {wanted}; name each outcome of the set once")
        if self.family == "Dirichlet" and len(self.parameters["alpha"]) != wanted:
            raise ValueError(f"has {len(self.parameters['alpha'])} numbers in alpha for {wanted} outcomes; fit it again")
        form = METHODS[self.method]
        if not self.miss <= form.limit:
            more = form.compared(self.asked, self.family, self.marginals)
            found = f"is off what was asked by {self.miss:.3g} in probability (at most {form.limit:g}){more}"
            raise ValueError(f"{found}; {form.fix}")
        return self

    @property
    def support(self) -> str:
        """Where the quantity lives: "probability", "positive", "real" or "simplex"."""
        return FAMILIES[self.family].support

    @property
    def marginals(self) -> tuple[Marginal, ...]:
        """The distribution, or that of each outcome's share."""
        return marginals(self.family, self.parameters)

    @property
    def miss(self) -> float:
        """The largest difference in probability between what was asked and what the distribution gives."""
        misses = METHODS[self.method].misses(self.asked, self.family, self.marginals)
        return float(np.max(np.abs(misses)))

    def mean(self) -> np.ndarray:
        """Return the mean: () or (outcome,)."""
        return self._each(np.array([part.mean() for part in self.marginals]))

    def sd(self) -> np.ndarray:
        """Return the standard deviation: () or (outcome,)."""
        return self._each(np.array([part.std() for part in self.marginals]))

    @takes(x=NUMBERS)
    def cdf(self, x: ArrayLike) -> np.ndarray:
        """Return P(X ≤ x): the shape of ``x``, after (outcome,) for a Dirichlet."""
        return self._each(np.array([part.cdf(np.asarray(x, dtype=float)) for part in self.marginals]))

    @takes(q=SHARES)
    def quantile(self, q: ArrayLike) -> np.ndarray:
        """Return the quantiles of ``q``: the shape of ``q``, after (outcome,) for a Dirichlet."""
        return self._each(np.array([part.ppf(np.asarray(q, dtype=float)) for part in self.marginals]))

    def _each(self, values: np.ndarray) -> np.ndarray:
        return values if self.support == "simplex" else values[0]

    @takes(name=ID)
    def to_pymc(self, name: str) -> Any:
        """Return the prior as a variable of the PyMC model in whose context this is called."""
        return prior_variable(name, self.family, self.parameters, self)

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        asked = ", ".join(f"{name} {value}" for name, value in self.asked.items())
        bounds = np.atleast_2d(self.quantile([0.05, 0.5, 0.95]))
        lines = [f"  {name + ': ' if name else ''}median {m:.3g}, 90 % between {low:.3g} and {high:.3g}"
                 for name, (low, m, high) in zip(self.outcomes or ("",), bounds, strict=True)]  # fmt: skip
        head = f"{self.id}: {self.about}\n  {self.family}({values}), {self.analyst}, {self.made_on}"
        return "\n".join([head, *lines, f"  by {self.method}: {asked}; met to within {self.miss:.2g}"])

    __str__ = __repr__


def build[R: Record](model: type[R], fields: dict[str, Any]) -> R:
    """Return a record, or raise UsageError that names every field that is wrong and what to write instead."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        results = failures_of("prior", model, Parsed(fields, ""), (), error, fields)
        raise UsageError("\n".join(f"{result.found}\n  {result.fix}" for result in results)) from None

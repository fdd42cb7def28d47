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

    Raises
    ------
    ValidationError
        If a field is missing, unknown or wrong, or the distribution is off what was asked.

    Examples
    --------
    >>> prior = ElicitedPrior(
    ...     id="deal-a", about="P(a deal within a year)", analyst="A. Analyst", made_on="2024-12-13", method="maxent",
    ...     asked={"lower": 0.1, "upper": 0.4, "mass": 0.8}, family="Beta", parameters={"alpha": 3.47199, "beta": 9.45366})
    >>> round(float(prior.mean()), 3), round(float(prior.sd()), 3)
    (0.269, 0.119)
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
        """Return the mean E[X] of the quantity.

        Returns
        -------
        () or (outcome,) array
            In the unit of the quantity; of a Dirichlet the mean share of each outcome, which sum to one. Of P(event) it is the
            probability to quote, for it is what a bet is worth.
        """
        return self._each(np.array([part.mean() for part in self.marginals]))

    def sd(self) -> np.ndarray:
        """Return the standard deviation, the square root of Var[X].

        Returns
        -------
        () or (outcome,) array
            In the unit of the quantity; of a Dirichlet that of each outcome's share.
        """
        return self._each(np.array([part.std() for part in self.marginals]))

    @takes(x=NUMBERS)
    def cdf(self, x: ArrayLike) -> np.ndarray:
        """Return the distribution function F(x) = P(X ≤ x).

        Parameters
        ----------
        x : array-like
            Values in the unit of the quantity.

        Returns
        -------
        array
            Probabilities in the shape of ``x``; of a Dirichlet (outcome, shape of x), one F for each outcome's share.

        Raises
        ------
        UsageError
            If ``x`` holds anything but finite numbers.

        Examples
        --------
        >>> from forecasting.elicitation.fitting import maxent
        >>> prior = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", about="P(a deal within a year)", analyst="A. Analyst",
        ...                made_on="2024-12-13")
        >>> (prior.cdf(0.4) - prior.cdf(0.1)).round(3)  # the 80 % that were asked for
        np.float64(0.8)
        """
        return self._each(np.array([part.cdf(np.asarray(x, dtype=float)) for part in self.marginals]))

    @takes(q=SHARES)
    def quantile(self, q: ArrayLike) -> np.ndarray:
        """Return the quantiles F⁻¹(q).

        Parameters
        ----------
        q : array-like
            Shares from 0 to 1.

        Returns
        -------
        array
            Values in the unit of the quantity and the shape of ``q``; of a Dirichlet (outcome, shape of q).

        Raises
        ------
        UsageError
            If ``q`` holds a number outside 0 to 1.

        Examples
        --------
        >>> from forecasting.elicitation.fitting import maxent
        >>> prior = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", about="P(a deal within a year)", analyst="A. Analyst",
        ...                made_on="2024-12-13")
        >>> prior.quantile([0.05, 0.5, 0.95]).round(2)
        array([0.1 , 0.26, 0.48])
        """
        return self._each(np.array([part.ppf(np.asarray(q, dtype=float)) for part in self.marginals]))

    def _each(self, values: np.ndarray) -> np.ndarray:
        return values if self.support == "simplex" else values[0]

    @takes(name=ID)
    def to_pymc(self, name: str) -> Any:
        """Return the prior as a variable of the PyMC model in whose context this is called.

        Parameters
        ----------
        name : str
            Of the variable.

        Returns
        -------
        TensorVariable
            Of the same family and parameters; `forecasting.elicitation.in_pymc.from_pymc` reads the record back from it.

        Raises
        ------
        UsageError
            If there is no model around, or it has a variable of that name.

        Examples
        --------
        >>> import pymc as pm
        >>> from forecasting.elicitation.fitting import maxent
        >>> prior = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", about="P(a deal within a year)", analyst="A. Analyst",
        ...                made_on="2024-12-13")
        >>> with pm.Model() as model:
        ...     p = prior.to_pymc("p")
        >>> model.free_RVs
        [p]
        """
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

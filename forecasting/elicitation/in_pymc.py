"""From variables of a PyMC model back to the elicited priors they were made from."""

from __future__ import annotations

from typing import Any

import numpy as np

from forecasting.arguments import is_text, looked_at, shown
from forecasting.elicitation.asked import MAX_DIGITS
from forecasting.elicitation.elicited import ElicitedPrior, build
from forecasting.elicitation.families import FAMILIES
from forecasting.elicitation.mixture import Mixture
from forecasting.errors import UsageError


def from_pymc(variable: Any) -> ElicitedPrior | Mixture:
    """Return the record of a variable that ``prior.to_pymc(name)`` made, with the numbers that stand in the PyMC graph.

    Who was asked, what and when comes from the record that the variable remembers; families, parameters and weights are
    read back from the graph, so that a distribution that was changed cannot pass for what the analyst said.

    Parameters
    ----------
    variable : TensorVariable
        A variable of a PyMC model.

    Returns
    -------
    ElicitedPrior or Mixture
        Equal to the one that the variable was made from.

    Examples
    --------
    >>> import pymc as pm
    >>> from forecasting.elicitation.fitting import maxent
    >>> prior = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", about="P(a deal within a year)", analyst="A. Analyst",
    ...                made_on="2024-12-13")
    >>> with pm.Model() as model:
    ...     p = prior.to_pymc("p")
    >>> from_pymc(model["p"]) == prior
    True

    Raises
    ------
    UsageError
        If the variable was not made from an elicited prior, or its distribution is no longer what was asked for.
    """
    record = looked_at(lambda: variable.tag.elicited)
    if record is None:
        name = looked_at(lambda: variable.name)
        said = f"variable '{name}'" if is_text(name) else shown(variable)
        raise UsageError(f"{said} was not made from an elicited prior; make it with prior.to_pymc(name)")
    if isinstance(record, ElicitedPrior):
        return _read_back(record, variable)
    weights, *parts = variable.owner.op.dist_params(variable.owner)
    if len(parts) != len(record.priors):
        raise UsageError(f"{variable} has {len(parts)} components, {record.id} has {len(record.priors)}; make it anew")
    priors = tuple(_read_back(prior, part) for prior, part in zip(record.priors, parts, strict=True))
    values = tuple(float(w) for w in np.asarray(_value(weights)))
    return build(Mixture, {"id": record.id, "weights": values, "priors": priors})


def _read_back(prior: ElicitedPrior, variable: Any) -> ElicitedPrior:
    op = variable.owner.op
    family = getattr(op, "_print_name", ("?",))[0]
    if family not in FAMILIES:
        raise UsageError(f"{variable} is a {family}, {prior.id} is a {prior.family}; make it anew with to_pymc")
    found = [_value(part) for part in op.dist_params(variable.owner)]
    if family == "Gamma":
        found[1] = 1 / found[1]  # the graph holds the scale
    names = FAMILIES[family].parameters
    parameters = {name: _rounded(value) for name, value in zip(names, found, strict=True)}
    return build(ElicitedPrior, {**prior.model_dump(), "family": family, "parameters": parameters})


def _value(part: Any) -> np.ndarray:
    return np.asarray(part.data if hasattr(part, "data") else part.eval())


def _rounded(value: np.ndarray) -> float | tuple[float, ...]:
    """Undo what 1/(1/x) does to the last bit: a prior has at most twelve digits."""
    if value.ndim:
        return tuple(float(f"{x:.{MAX_DIGITS}g}") for x in value)
    return float(f"{value:.{MAX_DIGITS}g}")

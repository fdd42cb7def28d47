"""Variables of a PyMC model from families, parameters and weights. PyMC is imported on first use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from forecasting.errors import UsageError


def prior_variable(name: str, family: str, parameters: Mapping[str, Any], record: Any) -> Any:
    """Return a named variable of the PyMC model in whose context this is called; it remembers the record it was made from.

    Parameters
    ----------
    family : str
        A family of `forecasting.elicitation.families.FAMILIES`.
    parameters : mapping
        Under the names that PreliZ and PyMC share.
    record : ElicitedPrior
        For `forecasting.elicitation.in_pymc.from_pymc`.
    """
    import pymc as pm

    require_model(name)
    variable = getattr(pm, family)(name, **_arguments(family, parameters))
    variable.tag.elicited = record
    return variable


def mixture_variable(
    name: str, weights: Sequence[float], parts: Sequence[tuple[str, Mapping[str, Any]]], support: str, record: Any
) -> Any:
    """Return ``pm.Mixture`` of every analyst's distribution (family, parameters), with its weight."""
    import pymc as pm

    require_model(name)
    components = [getattr(pm, family).dist(**_arguments(family, parameters)) for family, parameters in parts]
    variable = pm.Mixture(name, w=np.array(weights), comp_dists=components, **_transform(support))
    variable.tag.elicited = record
    return variable


def require_model(name: str) -> None:
    """Refuse to make a variable outside of a model."""
    import pymc as pm

    if pm.Model.get_context(error_if_none=False) is None:
        raise UsageError(f"variable '{name}' belongs to no model; write it inside 'with pm.Model():'")


def normal(name: str, location: float, spread: float) -> Any:
    """Return ``pm.Normal(name, location, spread)`` inside the caller's model."""
    import pymc as pm

    return pm.Normal(name, location, spread)


def _arguments(family: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    if family == "Dirichlet":
        return {"a": np.array(parameters["alpha"])}  # PyMC's name for it
    # as arrays: PyTensor takes a plain number that fits for single precision, and 1/13 is not the same there
    return {name: np.array(value, dtype="float64") for name, value in parameters.items()}


def _transform(support: str) -> dict[str, Any]:
    """Return the transform that all components share: PyMC finds none where their families differ."""
    from pymc.distributions import transforms

    shared = {"probability": transforms.logodds, "positive": transforms.log, "simplex": transforms.simplex}
    return {"default_transform": shared[support]} if support in shared else {}

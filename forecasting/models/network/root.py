"""The root of `forecasting.models.network.compensation` as an operation of PyTensor."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import disconnected_type
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op

from forecasting.elicitation.held import MAX_HELD
from forecasting.models.network.compensation import Causes, Driven, root_of


def solved(x: Any, of: Causes | Driven) -> Any:
    """Return log(θ/x) for N(θ) = x, at most `MAX_HELD`.

    The root comes from `Root`, which has no gradient, and one more step of Newton gives it the derivatives of the implicit
    function: ∂θ = (∂x − ∂N)/N′.
    """
    theta, slope = Root(type(of))(x, *(getattr(of, field.name) for field in fields(of)))
    value, _ = of.mass(pt)(theta)
    inside = theta < x * np.exp(MAX_HELD)
    return pt.where(inside, pt.log((theta + pt.where(inside, x - value, 0.0) / slope) / x), MAX_HELD)


class Root(Op):
    """`root_of` as an operation of PyTensor: θ and N′(θ), both without a gradient."""

    __props__ = ("kind",)

    def __init__(self, kind: type[Causes | Driven]) -> None:
        self.kind = kind

    def make_node(self, *inputs: Any) -> Apply:  # noqa: D102
        known = [pt.as_tensor(value) for value in inputs]
        return Apply(self, known, [known[0].type(), known[0].type()])

    def perform(self, node: Any, inputs: Any, outputs: Any) -> None:  # noqa: D102
        x, *rest = inputs
        outputs[0][0], outputs[1][0] = root_of(x, self.kind(*rest).mass(np))

    def connection_pattern(self, node: Any) -> list[list[bool]]:  # noqa: D102
        return [[False, False] for _ in node.inputs]

    def pullback(self, inputs: Any, outputs: Any, gradients: Any) -> list[Any]:  # noqa: D102
        return [disconnected_type() for _ in inputs]

"""What keeps a probability, solved for hazards from 1e-10 on and held to its equation in numbers of 80 bits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from forecasting.elicitation.held import MAX_CUMULATIVE, MAX_HELD
from forecasting.models.network.ageing import NODES, WEIGHTS
from forecasting.models.network.fused_compensation import INTEGRATED, ON_DATE, WAITED, held

N = 3000
HALVINGS = 90
KINDS = {"comes in time": WAITED, "on a date": ON_DATE, "where hazards age": INTEGRATED}


def transform(kind: int, y: np.ndarray, a: np.ndarray) -> np.ndarray:
    """Return E e^{−yU} in extended precision: as an integral over U's distribution, where no digit is lost."""
    if kind == ON_DATE:
        return 1 + a * np.expm1(-y)
    if kind == INTEGRATED:
        happened = -np.expm1(-a[:, None] * (1 - NODES.astype(np.longdouble)))
        return 1 - y * (np.exp(-y[:, None] * NODES) * happened * WEIGHTS).sum(axis=1)
    gap = a - y
    near = np.abs(gap) < 1e-9
    ratio = np.where(near, 1 + gap / 2, np.expm1(gap) / np.where(near, 1, gap))
    return np.exp(-a) * (1 + a * ratio)


def solution(kind: int, x: np.ndarray, excess: np.ndarray, a: np.ndarray) -> np.ndarray:
    """Return log(θ/x) by halving an interval."""
    low, high = np.full(x.shape, -MAX_HELD - 5, np.longdouble), np.full(x.shape, MAX_HELD, np.longdouble)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        theta = x * np.exp(middle)
        below = theta - np.log(transform(kind, theta * excess, a)) < x
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


@pytest.mark.parametrize("name", KINDS)
def test_the_root_and_its_derivatives_are_right_from_faint_to_certain_events(name: str, measured: Callable[[str], None]) -> None:
    kind = KINDS[name]
    rng = np.random.default_rng(20)
    x = 10 ** rng.uniform(-10, 1.2, N)
    a = rng.uniform(0, 1, N) if kind == ON_DATE else 10 ** rng.uniform(-6, 1.7, N)
    excess = np.where(rng.random(N) < 0.5, 10 ** rng.uniform(-4, 1.9, N), 10 ** rng.uniform(-6, -1e-3, N) - 1)
    if kind == WAITED:  # as often y close to ν, where the closed form would lose its digits
        close = rng.random(N) < 0.2
        a = np.where(close, np.abs(x * excess * (1 + 10 ** rng.uniform(-8, -1, N))), a)
    found = np.array([one(kind, *values) for values in zip(x, excess, a, strict=True)])
    free = found[:, 0] < MAX_HELD
    exact = [value.astype(np.longdouble) for value in (np.minimum(x, MAX_CUMULATIVE), excess, a)]
    off = np.abs(solution(kind, *exact) - found[:, 0])
    measured(f"compensation, cause that {name}: log(θ/x) off by at most {float(off.max()):.0e} from 1e-10 to 16 expected events")
    assert off.max() < 2e-7  # the cap included: halving ends there too
    if kind == INTEGRATED:
        return  # its derivatives by hazards and κ go through the nodes, which test_fused holds to PyTensor's
    for column, place in ((1, 0), (2, 1), (3, 2)):
        step = 1e-6 * np.abs(exact[place]) + (1e-8 if place else 0)
        sides = [solution(kind, *[v + sign * step * (i == place) for i, v in enumerate(exact)]) for sign in (1, -1)]
        slope = (sides[0] - sides[1]) / (2 * step) * (exact[0] if place == 0 else 1)
        judged = (
            free & (x > 1e-4) & ((x < MAX_CUMULATIVE) | (place > 0)) & (sides[0] < MAX_HELD - 1e-9) & (sides[1] < MAX_HELD - 1e-9)
        )
        wrong = np.abs(slope - found[:, column]) / np.maximum(1, np.abs(slope))
        assert wrong[judged].max() < 1e-5, (name, column)


def one(kind: int, x: float, excess: float, a: float) -> tuple[float, ...]:
    """Return what the compiled function finds; an integrated cause comes at a constant hazard, so that U is known."""
    happened = -np.expm1(-a * (1 - NODES))
    return held(kind, x, excess, 0.0 if kind == INTEGRATED else a, NODES, happened, 1.0, np.zeros(NODES.size))[:4]

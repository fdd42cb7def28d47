"""What the compiled density of the count model reads and returns: data of all series end to end, free variables."""

from __future__ import annotations

from forecasting.inference.compiled import Layout, Shared, Variable

FREE = ("log_wander", "log_noise")
PRIORS = ("wander_median", "wander_spread", "noise_median", "noise_spread")
ROWS, BLOCKS = ("y", "mean", "error", "noisy"), ("known", "wander")  # n_k numbers of series k, and n_k² of them

_SHARED = (
    *(Shared(name, "float64", 1) for name in (*ROWS, *BLOCKS)),
    Shared("lengths", "int64", 1),
    *(Shared(name, "float64", 1) for name in PRIORS),
)  # fmt: skip
LAYOUT = Layout(
    free=tuple(Variable(name, "series") for name in FREE),
    derived=(),
    shared={"density": _SHARED, "derived": _SHARED, "start": _SHARED},
)

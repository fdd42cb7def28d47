"""What the compiled density of a balance reads and returns: data, free variables, derived ones."""

from __future__ import annotations

from forecasting.inference.compiled import Layout, Shared, Variable

DATA = ("obs_index", "obs_bounds", "weight", "step_kind", "scale_prior", "start_prior", "fixed", "look_at")
FREE = {
    "scale_unit": "scale", "start_unit": "field", "step_unit": "step", "speaker_offset": "speaker", "origin_offset": "origin",
    "weight_unit": "theatre",
}  # fmt: skip
DERIVED = {"scales": "scale", "weights": "theatre", "level": "look"}
_TYPES = {
    "obs_index": ("int64", 2), "obs_bounds": ("float64", 2), "weight": ("float64", 1), "step_kind": ("int64", 1),
    "scale_prior": ("float64", 2), "start_prior": ("float64", 2), "fixed": ("float64", 1), "look_at": ("int64", 1),
    "sizes": ("int64", 1),
}  # fmt: skip
_SHARED = tuple(Shared(name, *kind) for name, kind in _TYPES.items())

LAYOUT = Layout(
    free=tuple(Variable(name, dim) for name, dim in FREE.items()),
    derived=tuple(Variable(name, dim) for name, dim in DERIVED.items()),
    shared={"density": _SHARED, "derived": _SHARED, "start": _SHARED},
)

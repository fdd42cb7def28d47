"""The inputs of the network as the compiled density takes them: what runs over one dimension stacked, row by row.

Every separate array costs compilation and a look-up per evaluation, so the arrays are stacked here, right at the compiled
function, and nowhere else. Numbers and positions (``…_at``) are kept apart; the row of a variable is its place in `STACKS`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

STACKS: Mapping[str, tuple[str, ...]] = {
    "classes": ("class_shape", "class_spread"),
    "shapes": ("shape_mean", "shape_sd"),
    "events": ("reference_years", "event_scale", "event_age", "event_seen"),
    "bent_times": ("bent_offset", "bent_age"),
    "effects": (
        "effect_multiplies", "effect_enables", "effect_blocks", "effect_known", "effect_window", "effect_years",
        "effect_scheduled", "effect_into_date", "effect_mean", "effect_sd",
    ),
    "follows": ("effect_leads", "effect_lag", "effect_age", "effect_since"),
    "conditions": ("conditioned_on",),
    "lasting": ("effect_left",),
    "loadings": ("loading_mean", "loading_sd"),
    "signals": ("signal_mean", "signal_sd"),
    "occasions": ("occasion_mean", "occasion_sd", "occasion_inside"),
    "error_scales": ("error_scale",),
    "claims": ("claim_reading", "claim_spread", "claim_age", "claim_side"),
    "reports": ("driver_claim_reading", "driver_claim_spread", "driver_claim_age"),
    "rows": ("row_log_exposure",),
    "given": ("given_on",),
    "active": ("active_overlap", "active_left"),
    "waits": ("wait_years", "wait_window", "wait_scheduled"),
    "led": ("led_known", "led_since", "led_years", "led_scheduled", "led_age"),
    "aged_rows": ("aged_age", "aged_years"),
    "aged_waits": ("aged_wait_age",),
    "history": ("history_count", "history_scheduled"),
    "events_at": ("event_class", "event_shape"),
    "aged_at": ("aged",),
    "bent_at": ("bent",),
    "effects_at": ("effect_from", "effect_to", "effect_order", "effect_lead_order"),
    "conditioned_at": ("conditioned", "conditioned_effect"),
    "loadings_at": ("loading_driver", "loading_event"),
    "driven_at": ("driven",),
    "occasions_at": ("occasion_event",),
    "claims_at": ("claim_source", "claim_origin"),
    "reports_at": ("driver_claim_driver", "driver_claim_source", "driver_claim_origin"),
    "rows_at": ("row_event",),
    "given_at": ("given_effect", "given_row"),
    "active_at": ("active_signal", "active_row"),
    "waits_at": ("wait_event", "wait_row"),
    "extra_at": ("extra_row",),
    "led_at": ("led_effect", "led_place"),
    "dated_at": ("dated_occasion", "dated_place"),
    "aged_rows_at": ("aged_row",),
    "aged_waits_at": ("aged_wait",),
}  # fmt: skip
# rows of the stacks: classes (class_shape has two); events and events_at; effects and effects_at; claims and reports
COUNT, EXPOSURE, SPREAD = range(3)
HORIZON, SCALE, AGE, SEEN = range(4)
CLASS, CLOCK = range(2)
MULTIPLIES, ENABLES, BLOCKS, KNOWN, WINDOW, YEARS, SCHEDULED, INTO_DATE, MEAN, SD = range(10)
CAUSE, TARGET, ORDER, LEAD_ORDER = range(4)
LEADS, LAG, CAUSE_AGE, LIES_BACK = range(4)  # of follows
READING, WIDTH, SINCE, SIDE = range(4)


def stack_type(name: str) -> str:
    """Return the type of a stack: positions are whole."""
    return "int64" if name.endswith("_at") else "float64"


def compiled_arrays(inputs: xr.Dataset) -> dict[str, np.ndarray]:
    """Return the inputs under their own names, for what PyTensor compiled, and stacked, for the fused density."""
    named = {str(name): variable.values for name, variable in inputs.variables.items() if name in inputs.data_vars}
    stacks = {name: np.concatenate([np.atleast_2d(named[row]) for row in rows]) for name, rows in STACKS.items()}
    return {**named, **stacks}

"""The prior of an edition's network, term by term, for posterior draws: what power-scaling raises to a power.

Densities are those stated in `forecasting.models.network.build`, on the scale on which they are stated (rates, probabilities,
offsets), without the Jacobians of the sampler's own scale. A test holds them to PyMC's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from forecasting.models.network.structure import Structure

# the parts of the prior: what the base rates are made of; how strong effects, drivers and signals are; errors that claims share
BASE = ("class_rate", "class_prob", "class_spread_unit", "member_offset", "log_shape_offset")
GRADES = ("effect_beta_offset", "driver_level", "loading_weight_offset", "signal_log_ratio_offset",
          "signal_overlap", "occasion_log_mass_offset")
ERRORS = ("claim_residual", "claim_drift", "source_spread", "source_offset", "origin_spread", "origin_offset")


def log_prior(posterior: xr.Dataset, s: Structure) -> Mapping[str, np.ndarray]:
    """Return the log prior density of every free variable.

    Parameters
    ----------
    posterior : xr.Dataset
        Draws with dims (chain, draw, …).

    Returns
    -------
    mapping of str to (draw, item) array
        By variable, draws chain by chain. Rates and probabilities of classes: Gamma(shape, rate) and Beta(a, b) of the
        counts; spreads: half-normal; offsets and drivers: Normal(0, 1); overlap: Beta(2, 2).
    """
    from scipy import stats  # half a second to load

    n_rates = len(s.rate_classes)
    rate, trial = s.class_shape[:n_rates], s.class_shape[n_rates:]
    densities: dict[str, Any] = {
        "class_rate": lambda x: stats.gamma.logpdf(x, rate[:, 0], scale=1 / rate[:, 1]),
        "class_prob": lambda x: stats.beta.logpdf(x, trial[:, 0], trial[:, 1]),
        "signal_overlap": lambda x: stats.beta.logpdf(x, 2, 2),
        **dict.fromkeys(
            ("class_spread_unit", "claim_residual", "claim_drift", "source_spread", "origin_spread"), stats.halfnorm.logpdf
        ),
    }
    n = posterior.sizes["chain"] * posterior.sizes["draw"]
    return {
        name: densities.get(name, stats.norm.logpdf)(posterior[name].values.reshape(n, -1))
        for name in (*BASE, *GRADES, *ERRORS)
        if name in posterior
    }

"""Six faults planted into a fit, each of which simulation-based calibration must find.

Every one is a refit that goes through the engine with one thing wrong; the data are simulated from the right model.
"""

from __future__ import annotations

import ctypes
from dataclasses import replace
from functools import cache

import numba
import numpy as np
import nutpie
import xarray as xr

from forecasting.fitting.sbc import Refit, honest_refit
from forecasting.inference.compiled import DENSITY_SIGNATURE
from forecasting.inference.sample import Length
from forecasting.models.network.engine import CompiledNetwork, layer_evidence
from forecasting.models.network.evidence import Evidence
from forecasting.models.network.inputs import named_inputs
from forecasting.models.network.stacked import compiled_arrays

PRIOR_FACTOR, POSTERIOR_FACTOR = 1.5, 0.8


def likelihood_dropped(network: CompiledNetwork, evidence: Evidence, seed: int, length: Length) -> xr.Dataset:
    """Sample the prior: no claim and no history is read."""
    return honest_refit(network, layer_evidence(network, "base"), seed, length)


def prior_widened(
    network: CompiledNetwork, evidence: Evidence, seed: int, length: Length, k: float = PRIOR_FACTOR
) -> xr.Dataset:
    """Fit with every spread that an analyst gives k times as wide; means stay (Gamma and Beta shapes over k²)."""
    s = network.structure
    wide = replace(
        s, class_shape=s.class_shape / k**2, class_spread=s.class_spread * k, effect_sd=s.effect_sd * k,
        loading_sd=s.loading_sd * k, signals=tuple(replace(signal, sd=signal.sd * k) for signal in s.signals),
    )  # fmt: skip
    trace = network.sample(evidence, random_seed=seed, length=length, structure=wide, cores=1)
    return trace["posterior"].to_dataset()


def posterior_narrowed(
    network: CompiledNetwork, evidence: Evidence, seed: int, length: Length, refit: Refit = honest_refit
) -> xr.Dataset:
    """Draw every variable towards its posterior mean until its standard deviation is 0.8 of what it was."""
    posterior = refit(network, evidence, seed, length)
    mean = posterior.mean(("chain", "draw"))
    return (mean + POSTERIOR_FACTOR * (posterior - mean)).transpose("chain", "draw", ...)


def claims_read_the_next_event(network: CompiledNetwork, evidence: Evidence, seed: int, length: Length) -> xr.Dataset:
    """Let every judgement read the hazard of the event after its own."""
    event, n = evidence.rows.event.copy(), len(evidence.claims.reading)
    event[:n] = (event[:n] + 1) % len(network.structure.event_ids)
    return honest_refit(network, replace(evidence, rows=replace(evidence.rows, event=event)), seed, length)


def bounds_turned_round(network: CompiledNetwork, evidence: Evidence, seed: int, length: Length) -> xr.Dataset:
    """Read every floor as a ceiling and every ceiling as a floor."""
    return honest_refit(network, replace(evidence, claims=replace(evidence.claims, side=-evidence.claims.side)), seed, length)


def likelihood_halved(network: CompiledNetwork, evidence: Evidence, seed: int, length: Length) -> xr.Dataset:
    """Sample prior · likelihood^½: half the sum of two compiled log densities, one with every row and one with none."""
    full, bare = (_bound(network, e) for e in (evidence, layer_evidence(network, "base")))
    table = np.frombuffer(full.user_data.tobytes(), dtype=np.uint64)
    table = np.append(table, np.uint64(bare.user_data.ctypes.data))
    density = _half_sum(full.compiled_logp_func.address, len(table) - 1)
    trace = nutpie.sample(
        replace(full, compiled_logp_func=density, user_data=table), draws=length.draws, tune=length.tune,
        chains=length.chains, target_accept=length.target_accept, seed=seed, cores=1, progress_bar=False, save_warmup=False,
    )  # fmt: skip
    return trace["posterior"].to_dataset()


def _bound(network: CompiledNetwork, evidence: Evidence) -> nutpie.CompiledPyMCModel:  # type: ignore[name-defined]
    known = {variable.name for variable in network.compiled.shared_var_keys}
    data = compiled_arrays(named_inputs(network.structure, evidence))
    return network.compiled.with_data(**{name: value for name, value in data.items() if name in known})


@cache
def _half_sum(address: int, words: int):
    """Return ½(a + b) of a compiled density under two sets of data; the second's address follows those ``words`` of the first."""
    pointer, c_long, c_size = ctypes.c_void_p, ctypes.c_int64, ctypes.c_uint64
    density = ctypes.CFUNCTYPE(c_long, c_size, pointer, pointer, pointer, pointer)(address)

    @numba.cfunc(DENSITY_SIGNATURE)
    def half_sum(n, point_, gradient_, density_, data_):
        gradient, value = np.empty(n), np.empty(1)
        point, out, total = numba.carray(point_, (n,)), numba.carray(gradient_, (n,)), numba.carray(density_, (1,))
        first = numba.carray(data_, (words + 1,), np.uint64)
        failed = density(n, point.ctypes, out.ctypes, total.ctypes, first.ctypes)
        if failed:
            return failed
        failed = density(n, point.ctypes, gradient.ctypes, value.ctypes, first[words])
        total[0] = (total[0] + value[0]) / 2
        for i in range(n):
            out[i] = (out[i] + gradient[i]) / 2
        return failed

    return half_sum


FAULTS: dict[str, Refit] = {
    "likelihood dropped": likelihood_dropped,
    "likelihood to the power ½": likelihood_halved,
    "prior sd × 1.5": prior_widened,
    "posterior sd × 0.8": posterior_narrowed,
    "claims read the next event": claims_read_the_next_event,
    "bounds turned round": bounds_turned_round,
}

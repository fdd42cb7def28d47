"""The gate: no number leaves a fit whose diagnostics do not carry it.

Samplers print warnings, and some print none; the gate looks at every *reported* quantity and blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import arviz as az
import numpy as np
import xarray as xr

from forecasting.errors import GateError

MAX_RHAT = 1.01
MIN_ESS = 400.0
MIN_EBFMI = 0.3
MAX_MCSE = 0.005
MIN_CHAINS = 4
MIN_TAIL = 0.01  # of all observations together; the least of those of the shipped editions is 0.09
NOTHING: Mapping = MappingProxyType({})


@dataclass(frozen=True)
class Verdict:
    """One criterion of the gate: what was found, where it was worst, what the bound is, and what to do if it fails."""

    criterion: str
    worst: str
    value: float
    bound: str
    passed: bool
    fix: str


@dataclass(frozen=True)
class GateReport:
    """All criteria; ``passed`` only if every one is."""

    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Whether the fit may be published."""
        return all(verdict.passed for verdict in self.verdicts)

    def require(self, edition: str) -> None:
        """Raise `GateError` naming each failed criterion, its worst quantity and the next step."""
        failed = [v for v in self.verdicts if not v.passed]
        if failed:
            lines = [f"  {v.criterion}: {v.value:.4g} at {v.worst}, wanted {v.bound}\n    {v.fix}" for v in failed]
            raise GateError(f"edition {edition}: the fit may not be published\n" + "\n".join(lines))


def check_fit(
    posterior: xr.Dataset,
    sample_stats: xr.Dataset,
    probabilities: Mapping[str, np.ndarray],
    *,
    chains: int,
    draws: int,
    fixed: Mapping[str, np.ndarray] = NOTHING,
    tails: Mapping[str, float] = NOTHING,
) -> GateReport:
    """Hold a fit to the gate.

    Parameters
    ----------
    posterior, sample_stats : xr.Dataset
        With dims (chain, draw, …); every variable of ``posterior`` counts as reported.
    probabilities : mapping of str to (chain, draw) arrays
        P(outcome | draw) of every reported outcome.
    chains, draws : int
        What was asked of the sampler.
    fixed : mapping of str to array of bool, optional
        Elements of a variable that have one value by construction (the ratio of an arrow that only enables). Whatever else
        does not move is stuck: from the draws alone the two look alike. A probability may be 0 on every draw, or 1.
    tails : mapping of str to float, optional
        Two-sided prior predictive tail probability of everything that was observed (`forecasting.inference.surprise`).

    Returns
    -------
    GateReport
        R-hat ≤ 1.01, bulk and tail ESS ≥ 400, no divergence, E-BFMI ≥ 0.3, MCSE of every probability ≤ 0.005, all draws
        there, nothing infinite or NaN, nothing stuck in any chain, at least four chains; no observation whose prior predictive
        tail is below 0.01/K for K observations.

    References
    ----------
    Vehtari, A., Gelman, A., Simpson, D., Carpenter, B. and Bürkner, P.-C. (2021), *Rank-normalization, folding, and
    localization: an improved R-hat*, Bayesian Analysis 16 (R-hat, bulk and tail ESS, the bounds 1.01 and 400).
    Betancourt, M. (2016), *Diagnosing suboptimal cotangent disintegrations in Hamiltonian Monte Carlo*, arXiv:1604.00695.
    """
    sizes = (posterior.sizes["chain"], posterior.sizes["draw"])
    verdicts = [
        Verdict(
            "draws returned", "the sampler", float(np.prod(sizes)), f"{chains} × {draws}", sizes == (chains, draws),
            "run again; an interrupted sampler returns fewer draws and no warning",
        ),
        Verdict("chains", "the sampler", float(sizes[0]), f"≥ {MIN_CHAINS}", sizes[0] >= MIN_CHAINS, "run four chains or more"),
    ]  # fmt: skip
    reported = posterior.assign({f"p[{name}]": (("chain", "draw"), values) for name, values in probabilities.items()})
    finite = {name: bool(np.isfinite(reported[name]).all()) for name in reported.data_vars}
    bad = [name for name, ok in finite.items() if not ok]
    verdicts.append(
        Verdict("finite", bad[0] if bad else "all quantities", float(len(bad)), "0 with NaN or infinity", not bad,
                "look for an impossible combination of blocks and history in this edition")
    )  # fmt: skip
    if not bad and min(sizes) > 0:
        verdicts.append(_moved(reported, {f"p[{name}]" for name in probabilities}, fixed))
    if not bad and min(sizes) > 3:
        verdicts += _convergence(reported)
        verdicts += _monte_carlo_error(reported, list(probabilities))
    if sizes[1] > 3:
        verdicts += _sampler(sample_stats)
    else:
        too_few = "so few draws have no diagnostics; raise 'draws' of the edition"
        verdicts.append(Verdict("ESS (bulk)", "all quantities", float(np.prod(sizes)), f"≥ {MIN_ESS:.0f}", False, too_few))
    verdicts += _conflict(tails)
    return GateReport(tuple(verdicts))


def _moved(reported: xr.Dataset, probabilities: set[str], fixed: Mapping[str, np.ndarray]) -> Verdict:
    """Look for elements that have one value in some chain, though nothing says that they must."""
    stuck = []
    for name, values in reported.data_vars.items():
        x = values.values.reshape(*values.shape[:2], -1)
        still = np.ptp(x, axis=1) == 0  # (chain, element)
        one_value = np.ptp(x, axis=(0, 1)) == 0
        certain = np.isin(x[0, 0], (0.0, 1.0)) if name in probabilities else np.zeros(x.shape[2], dtype=bool)
        allowed = one_value & (certain | np.ravel(fixed.get(str(name), False)))
        stuck += [(_label(values, i), chain) for chain, i in np.argwhere(still & ~allowed)]
    worst = f"{stuck[0][0]} in chain {stuck[0][1]}" if stuck else "all quantities"
    fix = "the sampler did not move: look for a density that is infinite or zero wherever it steps, and run again"
    return Verdict("stuck", worst, float(len(stuck)), "0 with one value in a whole chain", not stuck, fix)


def _label(values: xr.DataArray, i: int) -> str:
    """Return the name of one element of a variable, counted along its dimensions after chain and draw."""
    if values.ndim == 2:
        return str(values.name)
    at = np.unravel_index(i, values.shape[2:])
    labels = [str(values[dim].values[j]) for dim, j in zip(values.dims[2:], at, strict=True)]
    return f"{values.name}[{', '.join(labels)}]"


def _conflict(tails: Mapping[str, float]) -> list[Verdict]:
    if not tails:
        return []
    worst, bound = min(tails, key=tails.__getitem__), MIN_TAIL / len(tails)
    fix = (
        "what happened is next to impossible under its class and claims: correct the class, its spread or the record of what "
        "happened, and see forecast trace for the claims about it"
    )
    return [Verdict("prior–data conflict", worst, tails[worst], f"≥ {bound:.2g}", tails[worst] >= bound, fix)]


def _varying(reported: xr.Dataset) -> xr.Dataset:
    """Leave out what is constant by construction (the probability of something that has already happened)."""
    keep = [n for n in reported.data_vars if float(reported[n].std()) > 1e-12]
    return reported[keep]


def _extreme(result: xr.Dataset, largest: bool) -> tuple[str, float]:
    worst, at = (-np.inf if largest else np.inf), ""
    for name, values in result.data_vars.items():
        flat = values.stack(all=values.dims) if values.dims else values.expand_dims("all")
        numbers = np.asarray(flat.values, dtype=float)
        if np.all(np.isnan(numbers)):
            continue
        i = int(np.nanargmax(numbers) if largest else np.nanargmin(numbers))
        if (numbers[i] > worst) == largest and numbers[i] != worst:
            label = flat["all"].values[i] if values.dims else ""
            label = label[0] if isinstance(label, tuple) and len(label) == 1 else label
            worst, at = float(numbers[i]), f"{name}[{label}]" if label != "" else str(name)
    return at, worst


def _convergence(reported: xr.Dataset) -> list[Verdict]:
    varying = _varying(reported)
    if not varying.data_vars:
        return [Verdict("R-hat", "all quantities", float("nan"), f"≤ {MAX_RHAT}", False, "nothing varied: nothing was sampled")]
    # elements that are constant by construction have no R-hat (0/0); chains that stand still apart have an infinite one
    with np.errstate(invalid="ignore", divide="ignore"):
        at, rhat = _extreme(az.rhat(varying), largest=True)
    longer = "raise 'draws' of the edition; if it stays, two sets of evidence pull the chains apart: run forecast trace on it"
    verdicts = [Verdict("R-hat", at, rhat, f"≤ {MAX_RHAT}", rhat <= MAX_RHAT, longer)]
    for kind in ("bulk", "tail"):
        at, ess = _extreme(az.ess(varying, method=kind), largest=False)
        verdicts.append(Verdict(f"ESS ({kind})", at, ess, f"≥ {MIN_ESS:.0f}", ess >= MIN_ESS, "raise 'draws' of the edition"))
    return verdicts


def _monte_carlo_error(reported: xr.Dataset, names: list[str]) -> list[Verdict]:
    varying = _varying(reported[[f"p[{name}]" for name in names]])
    if not varying.data_vars:
        return []
    at, mcse = _extreme(az.mcse(varying), largest=True)
    return [Verdict("MCSE", at, mcse, f"≤ {MAX_MCSE}", mcse <= MAX_MCSE, "raise 'draws' or 'paths_per_draw' of the edition")]


def _sampler(stats: xr.Dataset) -> list[Verdict]:
    divergences = int(stats["diverging"].sum())
    ebfmi = np.asarray(az.bfmi(stats["energy"].values))
    return [
        Verdict("divergences", "the sampler", float(divergences), "0", divergences == 0,
                "the posterior has a corner the sampler cannot enter: look at the widest class spread and grade"),
        Verdict("E-BFMI", f"chain {int(ebfmi.argmin())}", float(ebfmi.min()), f"≥ {MIN_EBFMI}", bool(ebfmi.min() >= MIN_EBFMI),
                "raise 'draws' of the edition; heavy tails are explored too slowly"),
    ]  # fmt: skip

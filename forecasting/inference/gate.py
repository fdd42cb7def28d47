"""The gate: no number leaves a fit whose diagnostics do not carry it.

Samplers print warnings, and some print none; the gate looks at every *reported* quantity and blocks.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np
import xarray as xr

from forecasting.dossier.edition import MOST_CHAINS, MOST_DRAWS
from forecasting.inference.diagnostics import diagnose
from forecasting.inference.gate_report import GateReport, Verdict

MAX_RHAT = 1.01
MIN_ESS = 400.0
MIN_EBFMI = 0.3
MAX_MCSE = 0.005
MIN_CHAINS = 4
TWICE = 2.0  # for R-hat there is no law by which it falls: as many draws again are tried
MARGIN, BATCH = 1.2, 100  # errors are estimates: a fifth more draws than they ask for, in hundreds
ROUNDING = 1e-9  # probabilities that are no further from 0 or 1 on any draw leave no doubt
MIN_TAIL = 0.01  # of all observations together; the least of those of the shipped editions is 0.09
NOTHING: Mapping = MappingProxyType({})
Judged = Literal["edition", "model"]


def check_fit(
    posterior: xr.Dataset,
    sample_stats: xr.Dataset | None,
    probabilities: Mapping[str, np.ndarray],
    *,
    chains: int,
    draws: int,
    fixed: Mapping[str, np.ndarray] = NOTHING,
    tails: Mapping[str, float] = NOTHING,
    what: Judged = "edition",
) -> GateReport:
    """Hold a fit to the gate.

    Parameters
    ----------
    posterior : xr.Dataset
        With dims (chain, draw, …); every variable counts as reported.
    sample_stats : xr.Dataset, optional
        Of the sampler, with dims (chain, draw); None where the draws were made directly.
    probabilities : mapping of str to (chain, draw) arrays
        P(outcome | draw) of every reported outcome.
    chains, draws : int
        What was asked of the sampler.
    fixed : mapping of str to array of bool, optional
        Elements of a variable that have one value by construction (the ratio of an effect that only enables). Whatever else
        does not move is stuck: from the draws alone the two look alike. A probability may be 0 on every draw, or 1.
    tails : mapping of str to float, optional
        Two-sided prior predictive tail probability of everything that was observed (`forecasting.models.network.surprise`).
    what : {"edition", "model"}
        Where the number of draws is set, which a verdict names: in an edition's file, or in the `Length` of a call.

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
    reported = {**_quantities(posterior), **{f"p[{name}]": values for name, values in probabilities.items()}}
    bad = [name for name, values in reported.items() if not np.isfinite(values).all()]
    verdicts.append(
        Verdict("finite", bad[0] if bad else "all quantities", float(len(bad)), "0 with NaN or infinity", not bad,
                "look for an impossible combination of blocks and history in this edition" if what == "edition" else
                "look for an observation to which the model gives no probability")
    )  # fmt: skip
    if not bad and min(sizes) > 0:
        asked = {f"p[{name}]" for name in probabilities}
        verdicts.append(_moved(reported, asked, _fixed_names(posterior, fixed)))
        verdicts += _certain({name: values for name, values in reported.items() if name in asked})
    if not bad and min(sizes) > 3:
        verdicts += _convergence(reported, len(probabilities), what)
    if sizes[1] > 3:
        verdicts += _sampler(sample_stats, what) if sample_stats is not None else []
    else:
        too_few = f"so few draws have no diagnostics; {_raise_draws(what)}"
        verdicts.append(Verdict("ESS (bulk)", "all quantities", float(np.prod(sizes)), f"≥ {MIN_ESS:.0f}", False, too_few))
    verdicts += _conflict(tails)
    return GateReport(tuple(verdicts), direct=sample_stats is None)


def _quantities(posterior: xr.Dataset) -> dict[str, np.ndarray]:
    """Return every element of every variable as (chain, draw), by the name under which a verdict shows it."""
    found: dict[str, np.ndarray] = {}
    for name, variable in posterior.data_vars.items():
        other = [dim for dim in variable.dims if dim not in ("chain", "draw")]
        values = variable.transpose("chain", "draw", *other).values
        values = values.reshape(*values.shape[:2], int(np.prod(values.shape[2:])))  # also where there is no draw
        places = itertools.product(
            *(variable[dim].values if dim in variable.coords else range(variable.sizes[dim]) for dim in other)
        )
        labels = [", ".join(map(str, place)) for place in places]
        found |= {f"{name}[{label}]" if label else str(name): values[..., i] for i, label in enumerate(labels)}
    return found


def _fixed_names(posterior: xr.Dataset, fixed: Mapping[str, np.ndarray]) -> set[str]:
    """Return the names of the elements that have one value by construction."""
    return {
        label
        for name, still in fixed.items() if name in posterior
        for label, is_fixed in zip(_quantities(posterior[[name]]), np.ravel(still), strict=True) if is_fixed
    }  # fmt: skip


def _moved(reported: dict[str, np.ndarray], probabilities: set[str], fixed: set[str]) -> Verdict:
    """Look for quantities (chain, draw) that have one value in some chain, though nothing says that they must."""
    stuck = []
    for name, values in reported.items():
        still = np.flatnonzero(np.ptp(values, axis=1) == 0)
        if name in probabilities:  # 0 or 1 on every draw of a chain is an answer, not a place where a sampler stands
            still = still[[_edge(values[chain]) is None for chain in still]]
        if still.size and not (np.ptp(values) == 0 and name in fixed):
            stuck += [(name, chain) for chain in still]
    worst = f"{stuck[0][0]} in chain {stuck[0][1]}" if stuck else "all quantities"
    fix = "the sampler did not move: look for a density that is infinite or zero wherever it steps, and run again"
    return Verdict("stuck", worst, float(len(stuck)), "0 with one value in a whole chain", not stuck, fix)


def _edge(values: np.ndarray) -> int | None:
    """Return 0 or 1 if a probability is that on every draw, but for rounding."""
    return next((edge for edge in (0, 1) if np.abs(values - edge).max() <= ROUNDING), None)


def _certain(probabilities: Mapping[str, np.ndarray]) -> list[Verdict]:
    """Judge answers that are 0 or 1 but for rounding: exactly so they are settled, else a rate leaves no doubt."""
    found = {name: edge for name, values in probabilities.items()
             if (edge := _edge(values)) is not None and not np.all(values == edge)}  # fmt: skip
    fix = (
        "no sampler is at fault: the class and effects of its event leave no doubt, and there is nothing to forecast; "
        "correct the class's count or unit if that is not meant, else leave the question out"
    )
    return [Verdict("constant answer", name, float(edge), "a probability in doubt", False, fix) for name, edge in found.items()]


def _conflict(tails: Mapping[str, float]) -> list[Verdict]:
    if not tails:
        return []
    worst, bound = min(tails, key=tails.__getitem__), MIN_TAIL / len(tails)
    fix = (
        "what happened is next to impossible under its class and claims: correct the class, its spread or the record of what "
        "happened, and see forecast trace for the claims about it"
    )
    return [Verdict("prior–data conflict", worst, tails[worst], f"≥ {bound:.2g}", tails[worst] >= bound, fix)]


def _convergence(reported: dict[str, np.ndarray], n_probabilities: int, what: Judged) -> list[Verdict]:
    """Judge the worst of all quantities; the last ``n_probabilities`` of them are probabilities."""
    names = list(reported)
    found = diagnose(list(reported.values()))
    varies = np.isfinite(found.rhat) | np.isinf(found.rhat)  # a probability that is settled has no R-hat: 0/0
    if not varies.any():
        return [Verdict("R-hat", "all quantities", float("nan"), f"≤ {MAX_RHAT}", False, "nothing varied: nothing was sampled")]
    worst = int(np.nanargmax(found.rhat))
    rhat = float(found.rhat[worst])
    longer = longer_run(names[worst], reported[names[worst]].shape, TWICE, what)
    longer = f"{longer}; if it stays, two sets of evidence pull the chains apart: run forecast trace on it"
    verdicts = [Verdict("R-hat", names[worst], rhat, f"≤ {MAX_RHAT}", rhat <= MAX_RHAT, longer)]
    for kind, values in (("bulk", found.bulk), ("tail", found.tail)):
        at = int(np.where(varies, values, np.inf).argmin())
        ess = float(values[at])
        verdicts.append(
            Verdict(f"ESS ({kind})", names[at], ess, f"≥ {MIN_ESS:.0f}", ess >= MIN_ESS,
                    longer_run(names[at], reported[names[at]].shape, MIN_ESS / max(ess, 1.0), what))
        )
    probabilities = np.arange(len(names)) >= len(names) - n_probabilities
    if (varies & probabilities).any():
        at = int(np.where(varies & probabilities, found.mcse, -np.inf).argmax())
        error = float(found.mcse[at])
        more = longer_run(names[at], reported[names[at]].shape, (error / MAX_MCSE) ** 2, what)
        verdicts.append(Verdict("MCSE", names[at], error, f"≤ {MAX_MCSE}", error <= MAX_MCSE, more))
    return verdicts


def more_draws(draws: int, factor: float) -> int:
    """Return ``factor`` times a number of draws and a fifth more, in hundreds.

    Examples
    --------
    >>> more_draws(3000, 1.5)
    5400
    """
    return math.ceil(draws * factor * MARGIN / BATCH) * BATCH


def longer_run(name: str, shape: tuple[int, ...], factor: float, what: Judged = "edition") -> str:
    """Return what to write so that a quantity (chain, draw) has ``factor`` times its draws, and a fifth more.

    The base and prior layers have grown by themselves as far as they may; more draws of theirs are more chains.

    Examples
    --------
    >>> longer_run("p[posterior war:yes]", (4, 3000), 1.5)
    "write 'draws: 5400' in the edition; it has 3000"
    >>> longer_run("mu", (4, 3000), 1.5, "model")
    'fit with a Length of draws=5400; it has 3000'
    """
    chains, draws = shape
    wanted = more_draws(draws, factor)
    if what == "model":
        return f"fit with a Length of draws={wanted}; it has {draws}"
    if wanted <= MOST_DRAWS and not name.startswith(("p[base ", "p[prior ")):
        return f"write 'draws: {wanted}' in the edition; it has {draws}"
    more = math.ceil(chains * wanted / MOST_DRAWS)
    if chains < more <= MOST_CHAINS:
        return f"write 'chains: {more}' and 'draws: {MOST_DRAWS}' in the edition; its {chains} chains are as long as they may be"
    return "more draws than an edition may have would be needed: look with forecast trace for evidence that pulls it two ways"


def _raise_draws(what: Judged) -> str:
    return "raise 'draws' of the edition" if what == "edition" else "fit with a Length of more draws"


def _sampler(stats: xr.Dataset, what: Judged) -> list[Verdict]:
    from arviz_stats.base import array_stats  # a second to load

    divergences = int(stats["diverging"].sum())
    ebfmi = array_stats.bfmi(stats["energy"].values)
    return [
        Verdict("divergences", "the sampler", float(divergences), "0", divergences == 0,
                "the posterior has a corner the sampler cannot enter: look at the widest class spread and grade"),
        Verdict("E-BFMI", f"chain {int(ebfmi.argmin())}", float(ebfmi.min()), f"≥ {MIN_EBFMI}", bool(ebfmi.min() >= MIN_EBFMI),
                f"{_raise_draws(what)}; heavy tails are explored too slowly"),
    ]  # fmt: skip

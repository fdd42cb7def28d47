r"""What the event network would answer if a pressure were read from the balance and not from single sentences.

A driver of the network and a balance may have the same id: they are about the same thing. The network reads the claims about
it one by one, as if they spoke of no date; the balance reads the same words and the events beside them at their dates. The two
are never added up in a published number, since the same sentences would count twice. Here one takes the place of the other.

With x the level at large on the as-of date, m₀ and s₀ its mean and sd before any observation, m₁ and s₁ with all of them, the
driver f, standard normal before any claim, is taken to be z = (x − m₀)/s₀. A normal reading y of f with sd σ that takes z from
its first distribution to its second has

.. math:: 1/\sigma^2 = s_0^2/s_1^2 - 1, \qquad y = \sigma^2 (m_1 - m_0)\, s_0 / s_1^2

What the balance knows of an event of the network in that way is one number with its error: what the network knows does not
flow back (a *cut*: Plummer 2015), because its history and the balance's observations are of the same events.

References
----------
Plummer, M. (2015), *Cuts in Bayesian graphical models*, Statistics and Computing 25.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecasting.analysis.pathways import reached_questions
from forecasting.analysis.registry import columns_of
from forecasting.elicitation.quantify import quantify
from forecasting.fitting.fit import EditionFit
from forecasting.fitting.layers import answer_layer
from forecasting.forecasts import marked
from forecasting.inference.importance import smoothed_weights
from forecasting.inference.monte_carlo import mean_errors, paired_errors, weighted_mean
from forecasting.models.balance.levels import drawn
from forecasting.models.network.engine import QUICK
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.hazards import stacked_parameters
from forecasting.paths.grids import deadline_grid

COLUMNS = columns_of("upper_hand")
LENGTH = replace(QUICK, chains=4, draws=1500)  # a balance is a sharp reading of a driver: one draw in three counts


@dataclass(frozen=True)
class Read:
    """What a balance says of a driver: a normal reading in standard deviations of the driver, and the claims that it replaces."""

    driver: str
    location: float
    spread: float
    claims: frozenset[str]


def normal_reading(before: np.ndarray, after: np.ndarray) -> tuple[float, float] | None:
    """Return (y, σ) of the reading that takes standardised draws from one normal distribution to another.

    None where the second is as wide as the first or wider: then no reading does.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> prior = rng.normal(-1.0, 2.0, 400_000)
    >>> y, sd = normal_reading(prior, rng.normal(0.0, 1.0, 400_000))  # by hand: σ² = 1/3, y = σ² · 1 · 2/1 = 2/3
    >>> round(y, 1), round(sd**2, 2)
    (0.7, 0.33)
    """
    m0, s0, m1, s1 = before.mean(), before.std(), after.mean(), after.std()
    if s1 >= s0:
        return None
    variance = 1 / (s0**2 / s1**2 - 1)
    return float(variance * (m1 - m0) * s0 / s1**2), float(np.sqrt(variance))


def reading_of_balance(fit: EditionFit) -> Read | None:
    """Return what the balance of an edition says of the driver with its id, or None if there is none, or nothing to say."""
    fits = fit.further["balance"].layers
    seen = fits["posterior"].inputs.seen  # type: ignore[attr-defined]
    name = seen.balance.id
    if name not in fit.structure.driver_ids:
        return None
    before, after = (drawn(fits[layer].posterior, fits[layer].inputs.data).level[:, -1, -1] for layer in ("base", "posterior"))
    found = normal_reading(before, after)
    cited = {one.record.claim for one in seen.looks if one.record.claim}
    read = {claim.id for claim in fit.edition.claims if claim.kind == "driver" and claim.target.driver == name}
    return Read(name, *found, frozenset(cited & read)) if found else None


def upper_hand(fit: EditionFit) -> pd.DataFrame | None:
    """Return every answer of the network that the pressure reaches: as published, without its claims, with the balance instead.

    The network is fitted anew without those claims about the driver that the balance reads too; its draws are then weighted
    by how well their driver fits the balance's reading. Claims about the driver that the balance does not read stay.

    Returns
    -------
    DataFrame or None
        ``p`` as published; ``p_without`` without the claims; ``p_with`` with the balance in their place; ``change`` =
        p_with − p_without with its Monte Carlo error ``mcse``, and ``error`` that of p_without, a smaller fit; ``k_hat`` of
        the weights, beyond 0.7 of which p_with is not to be believed; ``reading`` and ``spread`` what the balance says of
        the driver, in its standard deviations. None where no driver has the balance's id.

    Raises
    ------
    UnfinishedError
        By `forecasting.analysis.registry.each_table`, if the fit cannot be made.
    """
    read = reading_of_balance(fit) if "balance" in fit.further and fit.network is not None else None
    if read is None or fit.network is None:
        return None
    s, evidence = fit.structure, build_evidence(fit.edition, fit.structure, quantify(fit.edition), "posterior", read.claims)
    trace = fit.network.sample(evidence, random_seed=fit.seed, structure=s, length=LENGTH)
    layer = answer_layer(fit.edition, s, "prior", evidence, trace, fit.seed, deadline_grid(fit.edition))
    driver = stacked_parameters(trace["posterior"].to_dataset(), s).driver[:, s.driver_ids.index(read.driver)]
    weights = smoothed_weights(-(((read.location - driver) / read.spread) ** 2) / 2)
    reached = frozenset().union(*(
        reached_questions(fit.edition, claim, shared=False) for claim in fit.edition.claims if claim.id in read.claims
    ))  # fmt: skip
    rows = []
    for name, got in fit.posterior.answers.items():
        if name not in reached:
            continue
        found = layer.answers[name].p
        without, given = found.mean(axis=0), weighted_mean(weights.values, found)
        paired, error = paired_errors(weights.values, found, found), mean_errors(found, LENGTH.chains)
        for i, outcome in enumerate(got.outcomes):
            rows.append((
                name, outcome, float(got.p[:, i].mean()), float(without[i]), float(given[i]), float(given[i] - without[i]),
                float(paired[i]), float(error[i]), weights.k_hat, read.location, read.spread,
            ))  # fmt: skip
    return marked(pd.DataFrame(rows, columns=list(COLUMNS)), fit.gate.mark)

"""Does the evidence contradict what was expected before it? History against class and claims, claims against the class.

A forecast can be a sober compromise of two things that cannot both be right; the number alone does not show it. So each
event is asked twice, whatever the answer:

- **history**: the chance, under base rate and claims, of a past at least as surprising as the one that happened. For an
  event still open P(nothing until now); for one that happened 2·min(P(by that day), P(not before that day)); on a date
  the chance of what was found.
- **claims**: how far the readings of its claims lie from what the class alone predicts for them, in standard deviations
  of that prediction (the class, the effects, the spread of the readings and the errors that a source or an origin shares); a
  floor or a ceiling speaks only where the class lies beyond it.

References
----------
Box, G. E. P. (1980), *Sampling and Bayes' inference in scientific modelling and robustness*, J. R. Stat. Soc. A 143 (prior
predictive tail probability). Evans, M. and Moshonov, H. (2006), *Checking for prior-data conflict*, Bayesian Analysis 1.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr

from forecasting.analysis.registry import columns_of
from forecasting.fitting.fit import EditionFit
from forecasting.inference.gate_report import gated
from forecasting.inference.monte_carlo import weighted_mean
from forecasting.models.network.evidence import Layer
from forecasting.models.network.hazards import stacked_parameters
from forecasting.models.network.likelihood import reading_errors
from forecasting.models.network.predictor import row_predictor

SURPRISING, STARTLING = 0.05, 0.01
COLUMNS = columns_of("conflicts")


@gated
def conflicts(fit: EditionFit) -> pd.DataFrame:
    """Return both comparisons for every event that has the evidence for them.

    Returns
    -------
    DataFrame
        Columns event; kind (*history* or *claims*); n rows of evidence; ``expected`` and ``found``: number of occurrences
        for history (expected by class and claims over the same time), log hazard per year for claims (of the class, and
        of the readings); z, the standardised difference (empty for history); p, the two-sided tail probability; verdict
        (*agree*, *strained* below 0.05, *contradict* below 0.01) and words that show both sides.
    """
    rows = [*_history(fit), *_claims(fit)]
    order = {name: k for k, name in enumerate(fit.structure.event_ids)}
    rows.sort(key=lambda row: (order[row["event"]], row["kind"]))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def verdict(p: float) -> str:
    """Return what a tail probability says.

    Examples
    --------
    >>> verdict(0.3), verdict(0.05), verdict(0.02), verdict(0.009)
    ('agree', 'agree', 'strained', 'contradict')
    """
    return "contradict" if p < STARTLING else "strained" if p < SURPRISING else "agree"


def _row_masses(fit: EditionFit, layer: Layer) -> np.ndarray:
    """Return the log cumulative hazard of every row of evidence under the draws of an earlier layer (draw, row)."""
    posterior = fit.layers[layer].trace["posterior"].to_dataset()
    return row_predictor(np, stacked_parameters(posterior, fit.structure), fit.structure, fit.posterior.evidence.rows)


def _history(fit: EditionFit) -> list[dict]:
    evidence, n_claims = fit.posterior.evidence, len(fit.posterior.evidence.claims.reading)
    mass = np.exp(_row_masses(fit, "prior")[:, n_claims:])
    history, of_event = evidence.history, evidence.rows.event[n_claims:]
    rows = []
    for k in np.unique(of_event):
        at = of_event == k
        exposed, happened, on_date = mass[:, at].sum(axis=1), bool(history.count[at].any()), bool(history.scheduled[at].any())
        p = past_surprise(exposed, happened, on_date)
        expected = float(-np.expm1(-exposed).mean() if on_date else exposed.mean())
        past = _past(exposed, happened, on_date)
        chance = percent_of(p if on_date or not happened else p / 2)
        words = f"class and claims gave {chance} to {past}"
        rows.append(_row(fit, k, "history", int(at.sum()), expected, float(history.count[at].sum()), np.nan, p, words))
    return rows


def _past(exposed: np.ndarray, happened: bool, on_date: bool) -> str:
    if on_date:
        return "what was found on its date"
    if not happened:
        return "nothing until now"
    return "a day as early" if np.exp(-exposed).mean() > 0.5 else "a day as late"


def percent_of(p: float) -> str:
    """Return a chance in per cent, with a decimal below ten.

    Examples
    --------
    >>> percent_of(0.997), percent_of(0.642), percent_of(0.0481), percent_of(0.0002)
    ('more than 99 %', '64 %', '4.8 %', 'less than 0.1 %')
    """
    if p > 0.99:
        return "more than 99 %"
    return "less than 0.1 %" if p < 0.001 else f"{100 * p:.{int(p < 0.1)}f} %"


def past_surprise(exposed: np.ndarray, happened: bool, on_date: bool) -> float:
    """Return the tail probability of a past, from the cumulative hazard over it per prior draw.

    Examples
    --------
    Expected three times and still open: e^−3. Expected 0.01 times and happened: twice 1 − e^−0.01.

    >>> past_surprise(np.array([3.0]), False, False).__round__(4), past_surprise(np.array([0.01]), True, False).__round__(4)
    (0.0498, 0.0199)
    """
    open_still = float(np.exp(-exposed).mean())
    if not happened:
        return open_still
    return 1 - open_still if on_date else 2 * min(open_still, 1 - open_still)


def _claims(fit: EditionFit) -> list[dict]:
    evidence = fit.posterior.evidence
    claims, n = evidence.claims, len(evidence.claims.reading)
    if n == 0:
        return []
    errors = reading_errors(fit.layers["base"].trace["posterior"].to_dataset())
    log_mass = _row_masses(fit, "base")[:, :n]
    shared, sd = errors.of(np, claims)
    own, of_event = (sd**2).mean(axis=0), evidence.rows.event[:n]
    speaks = claims.side * (log_mass.mean(axis=0) - claims.reading) <= 0  # a bound that the class keeps says nothing against it
    log_hazard = stacked_parameters(fit.layers["base"].trace["posterior"].to_dataset(), fit.structure).log_hazard
    rows = []
    for k in np.unique(of_event):
        n_event, at = int((of_event == k).sum()), (of_event == k) & speaks
        expected = float(log_hazard[:, k].mean())
        if not at.any():
            words = "they are floors or ceilings, and the class lies on the side that they leave open"
            rows.append(_row(fit, k, "claims", n_event, expected, expected, 0.0, 1.0, words))
            continue
        weight = 1 / own[at]
        weight /= weight.sum()
        gap = weighted_mean(weight, (claims.reading[at] - log_mass[:, at]).T)
        noise = float((weight**2 * own[at]).sum())
        spread = float(np.sqrt((gap - weighted_mean(weight, shared[:, at].T)).var() + noise))
        z = float(gap.mean()) / spread
        p = float(2 * ndtr(-abs(z)))
        side = "likelier" if z > 0 else "less likely"
        words = f"claims say it is {np.exp(abs(gap.mean())):.2g} times {side} than the class does ({abs(z):.1f} sd apart)"
        rows.append(_row(fit, k, "claims", n_event, expected, expected + float(gap.mean()), z, p, words))
    return rows


def _row(fit: EditionFit, event: int, kind: str, n: int, expected: float, found: float, z: float, p: float, words: str) -> dict:
    said = verdict(p)
    head = {"agree": "agrees with", "strained": "is at odds with", "contradict": "contradicts"}[said]
    subject, other = ("history", "class and claims") if kind == "history" else ("what the claims say", "the class")
    return {
        "event": fit.structure.event_ids[event], "kind": kind, "n": n, "expected": expected, "found": found, "z": z, "p": p,
        "verdict": said, "words": f"{subject} {head} {other}: {words}",
    }  # fmt: skip

"""Facts to a power: a closed form for one event, an edition whose ratios are written to that power, and distances."""

from __future__ import annotations

import numpy as np
import pytest
from toy import toy_fit

from forecasting.analysis.distribution_distance import cumulative_distance, distance_between
from forecasting.analysis.power_scaling import bearing_rows
from forecasting.analysis.scaled_facts import ScaledFacts
from forecasting.models.network.hazards import signal_shift, stacked_parameters


def test_an_answer_under_scaled_facts_is_that_of_the_shifted_hazard() -> None:
    # the quay: no cause acts on it. Its state is known up to one day before its facts begin, and they act for all 548 days to
    # the deadline: Λ = h (1 + 548 e^γ), and to the power α h (1 + 548 e^{αγ})
    fit = toy_fit()
    facts, alpha = ScaledFacts.of(fit), 1.25
    k = fit.structure.event_ids.index("quay-closed")
    p = stacked_parameters(facts.posterior, fit.structure)
    question = next(q for q in fit.edition.questions if q.id == "quay-by-2025")
    told = [signal for signal in fit.structure.signals if signal.event == k]
    starts, ends = {signal.starts_on for signal in told}, {signal.ends_on for signal in told}
    assert min(ends) >= question.deadline
    assert [(day - fit.structure.statuses[k].known_until).days for day in starts] == [1]
    assert [(question.deadline - day).days for day in starts] == [548]
    shift = signal_shift(p, fit.structure, k, fit.edition.as_of, fit.posterior.evidence.use_signals)
    assert np.median(shift) > 0.3
    before, after = (facts.at(power).answers["quay-by-2025"][:, 0] for power in (1.0, alpha))
    some = before < 1 - 1e-9  # beyond that a probability no longer tells its hazard
    assert some.mean() > 0.9
    more = (1 + 548 * np.exp(alpha * shift)) / (1 + 548 * np.exp(shift))
    expected = -np.expm1(np.log1p(-before[some]) * more[some])
    assert after[some] == pytest.approx(expected, abs=1e-9)


def test_only_rows_in_the_time_of_a_fact_change_their_likelihood() -> None:
    fit = toy_fit()
    facts = ScaledFacts.of(fit)
    moved = np.ptp(facts.at(1.25).log_likelihood - facts.at(1.0).log_likelihood, axis=0) > 1e-9
    told = {fit.structure.signals[i].event for i in np.flatnonzero(fit.posterior.evidence.use_signals)}
    evidence = fit.posterior.evidence
    n, none = len(evidence.claims.reading), np.full(len(evidence.drivers.reading), -1)
    of_event = np.concatenate([evidence.rows.event[:n], none, evidence.rows.event[n:]])
    assert set(of_event[moved]) <= told
    assert moved.any()
    question = next(q for q in fit.edition.questions if q.id == "deadline-kept-2025")
    assert not moved[bearing_rows(fit, question)].any()


def test_a_distance_between_two_samples_is_that_of_weights_where_their_values_are_one() -> None:
    rng = np.random.default_rng(3)
    x, w = rng.normal(size=3000), rng.gamma(2.0, size=3000)
    w /= w.sum()
    even = np.full(3000, 1 / 3000)
    assert distance_between(x, even, x, w) == pytest.approx(cumulative_distance(x, w), rel=1e-9)
    assert distance_between(x, even, x, even) == 0
    # a second implementation: draws of two normals half a unit apart, by a fine grid of their distribution functions
    y = x + 0.5
    grid = np.linspace(-6, 7, 200_001)
    p, q = (np.searchsorted(np.sort(v), grid, side="right") / 3000 for v in (x, y))

    def one_sided(p: np.ndarray, q: np.ndarray) -> float:
        middle, step = (p + q) / 2, grid[1] - grid[0]
        log = [np.where(v > 0, np.log2(np.maximum(v, 1e-300)), 0) for v in (p, q, middle)]
        area = ((q - p) / (2 * np.log(2))).sum()
        both = (p * (log[0] - log[2])).sum() + area + (q * (log[1] - log[2])).sum() - area
        return float(np.sqrt(both / (p + q).sum())) if step else 0.0

    # up to where the upper of the two ends, as beyond it both are one and add to the area alone
    inside = (grid >= x.min()) & (grid <= y.max())
    mirrored = one_sided(1 - p[inside], 1 - q[inside])
    assert distance_between(x, even, y, even) == pytest.approx(max(one_sided(p[inside], q[inside]), mirrored), rel=1e-3)



"""What answers rest on: power-scaling against a conjugate posterior, refits with scaled terms, and where nothing is found."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from toy import toy_asked, toy_fit

from forecasting.analysis.power_scaling import Parts, behind, power_sensitivity, scaled_weights, sensitivity
from forecasting.analysis.verdicts import PARTS

N = 40_000


def normal_posterior(share: float, apart: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return draws, log prior and log likelihood of a Normal mean: posterior sd 1, prior precision ``share``, z apart."""
    gap = apart / np.sqrt(share * (1 - share))  # of the two means, in posterior standard deviations
    prior, data = stats.norm(-(1 - share) * gap, share**-0.5), stats.norm(share * gap, (1 - share) ** -0.5)
    x = np.random.default_rng(8).normal(size=N)
    return x, prior.logpdf(x), data.logpdf(x)


@pytest.mark.parametrize(("share", "apart"), [(0.5, 2.0), (0.2, 1.0), (0.5, 0.0)])
def test_the_pull_of_a_normal_prior_is_that_of_the_formula(share: float, apart: float) -> None:
    x, prior, data = normal_posterior(share, apart)
    for part, sign in ((prior, -1), (data, 1)):
        alphas, (below, above) = scaled_weights(part)
        assert alphas == (0.8, 1.25)
        moved = float((above.values - below.values) @ x) / np.log2(alphas[1] / alphas[0])
        # log 2 · z · √(a(1 − a)), to the curvature of a step from 0.8 to 1.25
        assert moved == pytest.approx(sign * np.log(2) * apart * np.sqrt(share * (1 - share)), abs=0.03)


def test_sensitivity_grows_with_the_share_of_a_part_and_vanishes_with_it() -> None:
    sizes = []
    for share in (0.02, 0.2, 0.6):
        x, prior, _ = normal_posterior(share, 1.0)
        sizes.append(power_sensitivity(x, *scaled_weights(prior)))
    assert sizes[0] < 0.05 < sizes[1] < sizes[2]
    x, prior, _ = normal_posterior(0.5, 1.0)
    shuffled = np.random.default_rng(1).permutation(x)
    assert power_sensitivity(shuffled, *scaled_weights(prior)) < 0.02
    assert power_sensitivity(np.full(N, 0.3), *scaled_weights(prior)) == 0


def test_weights_that_cannot_be_trusted_make_the_step_smaller() -> None:
    wide = 40 * np.random.default_rng(2).normal(size=4000) ** 2
    alphas, (below, above) = scaled_weights(wide)
    assert alphas != (0.8, 1.25)
    assert (below.reliable and above.reliable) or alphas == (0.99, 1 / 0.99)


@pytest.mark.slow
def test_every_outcome_gets_every_part_and_one_verdict() -> None:
    got = toy_fit()
    table = sensitivity(got)
    outcomes = [(q.id, name) for q in got.edition.questions for name in got.posterior.answers[q.id].outcomes]
    assert list(table.groupby(["question", "outcome"], sort=False).groups) == outcomes
    assert set(table["part"]) == set(PARTS)
    assert (table.groupby(["question", "outcome"])["words"].nunique() == 1).all()
    assert (table["k_hat"] <= 0.7).all()
    # the same numbers from the same fit
    assert sensitivity(got).equals(table)


def test_only_what_bears_on_a_question_is_scaled() -> None:
    got = toy_fit()
    questions = {q.id: q for q in got.edition.questions}
    names = {name: [got.structure.event_ids[k] for k in behind(got, q)] for name, q in questions.items()}
    assert names["deadline-kept-2025"] == ["deadline-kept"]
    assert "pact-signed" in names["ferry-stages-2026"]
    scaled = Parts.of(got).scaled(got, questions["deadline-kept-2025"])
    # nobody speaks of the deadline: nothing of claims or history is scaled
    assert np.ptp(scaled["claims"]) == 0
    assert np.ptp(scaled["base"]) > 0


def test_scaling_the_base_rates_gives_what_a_fit_with_wider_base_rates_gives() -> None:
    # N(0, 1)^α is N(0, 1/α), so half the power on an event's offset is the same as scaling the log prior of it; checked
    # against importance weights of the two densities written out
    got = toy_fit()
    offset = got.posterior.trace["posterior"]["member_offset"].values.reshape(-1, len(got.structure.event_ids))[:, 0]
    parts = Parts.of(got)
    assert parts.prior["member_offset"][:, 0] == pytest.approx(stats.norm.logpdf(offset), abs=1e-12)
    wide = stats.norm.logpdf(offset, 0, 0.8**-0.5) - stats.norm.logpdf(offset)
    scaled = (0.8 - 1) * parts.prior["member_offset"][:, 0]
    assert np.ptp(wide - scaled) < 1e-10


def test_a_fit_shows_its_own_sensitivity_and_conflicts() -> None:
    got = toy_asked()
    assert set(got.sensitivity()["question"]) == {q.id for q in got.edition.questions}
    assert set(got.conflicts()["kind"]) == {"claims", "history"}


def test_facts_of_another_event_do_not_count() -> None:
    # nobody reports a fact that bears on the deadline, and nothing leads to it
    table = sensitivity(toy_fit()).set_index(["question", "part"])
    still = table.loc[("deadline-kept-2025", "facts")]
    assert (still["sensitivity"], still["points"], still["pull"]) == (0, 0, 0)
    assert not still["counts"]
    assert table.loc[("quay-by-2025", "facts"), "counts"]

"""Prior predictive tails: the closed form of counts under a Gamma prior, and a network in which the impossible happened."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from toy import event_yaml, small_edition

from forecasting.elicitation.quantify import quantify
from forecasting.models.network.build import build_network
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.hazards import stacked_parameters
from forecasting.models.network.inputs import named_inputs
from forecasting.models.network.prior_draws import draw_prior
from forecasting.models.network.structure import build_structure
from forecasting.models.network.surprise import history_tails, predictive_tail

CLASSES = """\
    id,borrows,events,exposure,unit,spread,counted_from,counted_until,citation,note
    rare,,1,20000,year,0.01,1900-01-01,2020-12-31,Made up for a test,one in twenty thousand years
    common,,6,4,year,0.01,1990-01-01,2020-12-31,Made up for a test,six in four years
    """
OF = {"comet": "rare", "squall": "common", "calm": "common", "lull": "common"}


def test_the_tail_of_a_count_under_a_gamma_prior_is_negative_binomial() -> None:
    rate = stats.gamma.rvs(6.5, scale=1 / 40, size=200_000, random_state=1)
    # N ~ NegBin(6.5, 40/(40 + 30)); observed 12, expected 4.9
    exact = 2 * stats.nbinom.sf(11, 6.5, 40 / 70)
    got = predictive_tail(stats.poisson.cdf(12, 30 * rate), stats.poisson.sf(11, 30 * rate))
    assert 0.01 < exact < 0.1
    assert got == pytest.approx(exact, rel=0.03)


def test_what_was_expected_has_no_small_tail_and_none_exceeds_one() -> None:
    assert predictive_tail(np.array([0.6, 0.7]), np.array([0.7, 0.8])) == 1.0
    # replicated data enter as zeros and ones: 1 of 4 at or above, so 2 · ¼
    assert predictive_tail(np.array([1, 1, 1, 1]), np.array([0, 0, 0, 1])) == 0.5


@pytest.mark.slow
def test_an_event_that_its_class_all_but_rules_out_stands_out_in_a_history(tmp_path: Path) -> None:
    events = {name: event_yaml(name, of) for name, of in OF.items()}
    effect = "{{id: {0}-lull, from: {0}, to: lull, acts: multiplies, sign: raises, grade: weak, why: test}}"
    effects = f"[{effect.format('comet')}, {effect.format('squall')}]"  # so that the edition needs both
    history = """\
        2024-06-30,comet,occurred,,Test Gazette,confirmed,a comet
        2024-03-31,squall,occurred,,Test Gazette,confirmed,a squall
        2024-06-30,calm,survived,,Test Gazette,confirmed,none yet
        """
    edition = small_edition(tmp_path, events, effects, history, classes=CLASSES, asked=("calm", "lull"))
    s = build_structure(edition, quantify(edition))
    evidence = build_evidence(edition, s, quantify(edition))
    prior = draw_prior(build_network(named_inputs(s, evidence)), 4000, random_seed=3)
    tails = history_tails(stacked_parameters(prior, s), s, evidence)
    # half a year at (1 + ½)/20,000 a year: 2 · P(T ≤ ½) = 7.5e-5
    assert tails["comet"] == pytest.approx(2 * 0.4956 * 1.5 / 20000, rel=0.1)
    # a quarter of a year at 6.5/4 a year: P(T ≤ ¼) = 1 − (4/4.249)^6.5 = 0.324
    assert tails["squall"] == pytest.approx(2 * (1 - (4 / (4 + 90 / 365.25)) ** 6.5), rel=0.05)
    # half a year without: P(T > ½) = (4/4.496)^6.5 = 0.468
    assert tails["calm"] == pytest.approx(2 * (4 / (4 + 181 / 365.25)) ** 6.5, rel=0.05)

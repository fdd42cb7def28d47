"""What event-free exposure moves, against the closed form of one quiet class."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from toy import event_yaml, small_edition, toy_edition, toy_fit

import forecasting as fc
from forecasting.analysis.survived_exposure import survived_exposure, without_exposure
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.evidence import build_evidence

QUIET = """\
    id,borrows,events,exposure,unit,spread,counted_from,counted_until,citation,note
    pacts-signed,,6,40,year,0.0,1990-01-01,2020-12-31,Made up for a test,six pacts in forty pact-years
    tolls-raised,,2,30,year,0.0,1990-01-01,2020-12-31,Made up for a test,two rises in thirty years
    deadlines-kept,,7,10,trial,0.5,1990-01-01,2020-12-31,Made up for a test,seven of ten
    """


@pytest.mark.slow
def test_a_quiet_interval_moves_an_answer_as_gamma_and_poisson_say(tmp_path: Path) -> None:
    # Gamma(6½, 40), then half a year without the event: P = 1 − (E/(E + H))^6½ for the 1.5 years that are left
    events = {"pact": event_yaml("pact", "pacts-signed", opens_on="2020-07-01", reference_years=5.0)}
    history = "    2024-07-01,pact,survived,,Test Gazette,confirmed,none yet\n"
    edition = small_edition(tmp_path, events, history=history, classes=QUIET)
    fit = fc.fit(edition, random_seed=5)
    row = survived_exposure(fit).iloc[0]
    left, watched = 548 / 365.25, 1461 / 365.25
    without, with_it = (1 - (e / (e + left)) ** 6.5 for e in (40, 40 + watched))
    assert row["p"] == pytest.approx(with_it, abs=4 * fit.forecast("pact-asked").outcomes[0].mcse)
    assert row["change"] == pytest.approx(with_it - without, abs=4 * row["mcse"])
    assert row["mcse"] < 0.002
    assert row["change"] < -0.01


def test_only_quiet_intervals_are_taken_out() -> None:
    fit, edition = toy_fit(), toy_edition()
    evidence, quiet = without_exposure(fit)
    known = fit.posterior.evidence.history
    assert quiet.any()
    assert np.all(known.count[quiet] == 0)
    assert len(evidence.history.count) == len(known.count) - quiet.sum()
    assert len(evidence.claims.reading) == len(build_evidence(edition, fit.structure, quantify(edition)).claims.reading)
    table = survived_exposure(fit)
    assert set(table["question"]) == {question.id for question in edition.questions}
    assert np.allclose(table["p"] - table["p_without"], table["change"])

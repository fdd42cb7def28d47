"""History and claims against what was expected of them: tails worked by hand, and planted contradictions that are named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from toy import event_yaml, small_edition, toy_fit

from forecasting.analysis.prior_data_conflict import conflicts, past_surprise, percent_of, verdict
from forecasting.fitting.fit import fit

JUDGED = """\
    paraphrase: The pact is likely.
    speaker: author
    kind: judgement
    wording: likely
    lexicon: plain
    target: {event: [toll-raised]}
    direction: occurs
    horizon: {years: 0.01, stated: true}
    made_on: 2024-07-01
    reliability: A
    credibility: 1
    origin: norland-times
    """


def test_the_surprise_of_a_past_is_a_tail_probability() -> None:
    even = np.array([np.log(2.0)])
    assert past_surprise(even, False, False) == pytest.approx(0.5)
    assert past_surprise(even, True, False) == pytest.approx(1.0)
    assert past_surprise(even, True, True) == pytest.approx(0.5)
    # averaged over what is not known of the hazard: (e^−1 + e^−3)/2
    assert past_surprise(np.array([1.0, 3.0]), False, False) == pytest.approx((np.exp(-1) + np.exp(-3)) / 2)


def test_what_agrees_is_shown_too() -> None:
    table = conflicts(toy_fit())
    assert set(table["verdict"]) <= {"agree", "strained", "contradict"}
    assert table["p"].between(0, 1).all()
    assert table["words"].str.len().gt(20).all()
    history = table[(table["event"] == "quay-closed") & (table["kind"] == "history")].iloc[0]
    prior = toy_fit().layers["prior"]
    assert history["found"] == 0
    assert 0 < history["expected"] < 1
    assert history["p"] >= 1 - history["expected"]  # E[e^−x] ≥ 1 − E[x]
    assert prior.evidence.history.count.size == 0  # what is expected comes from draws that know nothing of the past


@pytest.mark.slow
def test_planted_contradictions_are_named(tmp_path: Path) -> None:
    # pacts come six in forty years: one open since 1900 contradicts that; tolls rise twice in thirty years: a judgement
    # that one is likely within four days lies far from it
    events = {
        "pact-signed": event_yaml("pact-signed", "pacts-signed", opens_on="1900-01-01"),
        "toll-raised": event_yaml("toll-raised", "tolls-raised"),
    }
    history = "2024-06-30,pact-signed,survived,,Test Gazette,confirmed,nothing yet\n"
    edition = small_edition(tmp_path, events, history=history, claims={"n-001": ("likely to be signed", JUDGED)})
    table = conflicts(fit(edition)).set_index(["event", "kind"])
    past = table.loc["pact-signed", "history"]
    assert past["verdict"] == "contradict"
    assert past["words"].startswith("history contradicts class and claims: class and claims gave")
    said = table.loc["toll-raised", "claims"]
    assert said["verdict"] in ("strained", "contradict")
    assert said["z"] > 2
    assert "times likelier than the class does" in said["words"]


@pytest.mark.parametrize(("p", "said"), [(0.5, "agree"), (0.0499, "strained"), (0.0099, "contradict")])
def test_the_bounds_of_the_verdict(p: float, said: str) -> None:
    assert verdict(p) == said
    assert percent_of(p).endswith("%")

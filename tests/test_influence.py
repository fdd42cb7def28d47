"""What a claim moved, by weights, against refits without it; the same for rival classes; and what copies are worth."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import beta
from toy import COPIES, toy_edition, toy_fit, toy_network

from forecasting import influence
from forecasting.fit import LayerFit, answer_layer
from forecasting.inference.engine import QUICK
from forecasting.inference.weights import smoothed_weights
from forecasting.influence import (
    INEFFICIENCY,
    Thinned,
    Without,
    all_draws,
    claim_influence,
    claim_road,
    forecast_without,
    reached_questions,
    resting_arrows,
    shared_arrows,
    thin,
    without_arrows,
)
from forecasting.models.evidence import build_evidence
from forecasting.rivals import rival_classes, with_rival


@cache
def thinned() -> Thinned:
    return thin(toy_fit())


@cache
def refitted(claims: frozenset[str]) -> LayerFit:
    """Return the posterior layer without some claims from a full-length fit with another seed."""
    got = toy_fit()
    s = without_arrows(got.structure, resting_arrows(got, claims))
    evidence = build_evidence(got.edition, s, "posterior", claims)
    trace = toy_network().sample(evidence, random_seed=77, structure=s)
    return answer_layer(got.edition, s, "posterior", evidence, trace, 77)


def standard_errors(claims: frozenset[str], without: Without) -> dict[tuple[str, int], float]:
    """Return by how many standard errors weights and refit differ, per outcome.

    The error of a weighted mean is taken from the change's own (paired) error and that of the thinned draws, both with
    correlated draws counted as half their number.
    """
    z = {}
    for name, got in refitted(claims).answers.items():
        for i in range(got.p.shape[1]):
            full = thinned().probabilities[name][:, i]
            errors = without.mcse[name][i], full.std() * np.sqrt(INEFFICIENCY / full.size)
            refit = got.p[:, i].std() * np.sqrt(INEFFICIENCY / got.p.shape[0])
            difference = float(without.probabilities[name][i]) - got.p[:, i].mean()
            z[name, i] = abs(difference) / float(np.sqrt(errors[0] ** 2 + errors[1] ** 2 + refit**2))
    return z


# a judgement; a judgement on which an arrow rests; a fact; a reading of a driver; four copies of one report
LEFT_OUT = [
    frozenset({"n-001"}),
    frozenset({"n-002"}),
    frozenset({"n-003"}),
    frozenset({"n-020"}),
    frozenset(COPIES[1:]),
]


@pytest.mark.parametrize("claims", LEFT_OUT, ids=lambda claims: "+".join(sorted(claims)))
def test_weights_give_what_a_refit_without_the_claim_gives(claims: frozenset[str]) -> None:
    without = forecast_without(toy_fit(), thinned(), claims)
    # the function's own choice: a short refit where the tail of the weights is too heavy
    assert without.how == "refit" or without.k_hat <= 0.7
    # 11 outcomes: four standard errors each
    assert max(standard_errors(claims, without).values()) <= 4


def test_all_draws_weigh_the_same_as_the_thinned_ones() -> None:
    claims = frozenset({"n-001"})
    without = forecast_without(toy_fit(), all_draws(toy_fit()), claims)
    assert max(standard_errors(claims, without).values()) <= 4


def test_weights_of_the_wrong_sign_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong_way_round(log_ratio: np.ndarray) -> SimpleNamespace:
        # taken as reliable, so that no refit steps in
        return SimpleNamespace(values=smoothed_weights(-log_ratio).values, k_hat=0.0, reliable=True)

    monkeypatch.setattr(influence, "smoothed_weights", wrong_way_round)
    for claims in LEFT_OUT[:3]:
        without = forecast_without(toy_fit(), thinned(), claims)
        assert max(standard_errors(claims, without).values()) > 4


def test_an_arrow_goes_with_the_last_claim_that_it_rests_on() -> None:
    got = toy_fit()
    assert resting_arrows(got, frozenset({"n-002"})) == {"pact-lowers-toll"}
    assert resting_arrows(got, frozenset({"n-001"})) == frozenset()


def test_each_claim_moves_its_question_the_way_it_points() -> None:
    table = claim_influence(toy_fit())
    change = {(row.claim, row.question): row.change for row in table.itertuples()}
    assert change["n-001", "pact-by-2025"] > 0.02
    assert change["n-003", "pact-by-2025"] > 0.05
    assert all(change[name, "quay-by-2025"] > 0 for name in COPIES if (name, "quay-by-2025") in change)
    assert set(table["claim"]) == {claim.id for claim in toy_edition().claims}
    # every row says how; a claim without a question says why
    assert table["how"].str.len().gt(0).all()
    moved = table[table["question"] != ""]
    assert moved["change"].to_numpy() == pytest.approx((moved["p"] - moved["p_without"]).to_numpy(), abs=1e-12)
    assert (moved["change"].abs() >= 0.0005).all()


def test_roads_reach_and_shared_arrows_follow_the_records() -> None:
    got = toy_fit()
    claims = {claim.id: claim for claim in got.edition.claims}
    assert claim_road(got, claims["n-001"]) == ("reads the hazard through its wording", "")
    assert claim_road(got, claims["n-003"]) == ("signal that shifts the hazard", "")
    assert claim_road(got, claims["n-020"]) == ("reads a latent pressure", "")
    silent = claims["n-001"].model_copy(update={"moves_nothing": "colour"})
    assert claim_road(got, silent) == ("", "colour")
    # the pact reaches the toll through its arrow, and the ferry through its permission; the deadline stands alone
    everything = {question.id for question in got.edition.questions}
    assert reached_questions(got, claims["n-001"]) == everything - {"quay-by-2025", "deadline-kept-2025"}
    assert "quay-by-2025" in reached_questions(got, claims["n-020"])
    # an echo reaches the members of its class and what shares a driver with them
    echoed = reached_questions(got, claims["n-001"], echoes=True)
    classes = {event.id: event.reference_class for event in got.edition.events}
    mates = {name for name, known in classes.items() if known == classes["pact-signed"]}
    assert {q.id for q in got.edition.questions if set(q.events()) & mates} <= echoed
    assert reached_questions(got, claims["n-001"]) <= echoed
    assert shared_arrows(got, claims["n-002"]) == (frozenset(), 1)


def test_rival_classes_give_what_a_refit_under_the_rival_gives() -> None:
    got = toy_fit()
    table = rival_classes(got)
    tried = table[~table["chosen"]]
    assert set(tried["event"]) == {"pact-signed", "toll-raised"}
    for event_id, rows in tried.groupby("event"):
        s = with_rival(got, got.edition.dossier.events[event_id], rows["reference_class"].iloc[0])
        trace = toy_network().sample(got.posterior.evidence, random_seed=78, structure=s, length=QUICK)
        layer = answer_layer(got.edition, s, "posterior", got.posterior.evidence, trace, 78)
        for row in rows.itertuples():
            p = layer.answers[row.question].p[:, 0]
            # 1,000 weighted draws, worth perhaps 300; toll and quay share a class, and the quay keeps it
            assert row.p == pytest.approx(p.mean(), abs=4 * p.std() * np.sqrt(1 / 300 + INEFFICIENCY / p.size))


def test_a_rival_class_says_what_it_gives_by_itself() -> None:
    table = rival_classes(toy_fit())
    row = table[(table["event"] == "pact-signed") & table["chosen"]].iloc[0]
    # 6 in 40 years over two years: 1 − (40/42)^6.5 = 0.272; a spread of ½ between members adds a little
    assert row["base_p"] == pytest.approx(0.272, abs=0.02)
    assert row["p"] == pytest.approx(toy_fit().forecast("pact-by-2025").headline.p, abs=1e-12)


def test_five_copies_of_a_report_count_for_about_two_at_the_expected_overlap() -> None:
    # Σ E[(1 − r)ʲ] with r ~ Beta(2, 2): E[(1 − r)ʲ] = B(2 + j, 2)/B(2, 2) = 1, ½, 3/10, 1/5, 1/7: in all 2.143
    moments = [beta(2 + j, 2) / beta(2, 2) for j in range(5)]
    assert sum(moments) == pytest.approx(1 + 1 / 2 + 3 / 10 + 1 / 5 + 1 / 7)
    trace = toy_fit().layers["prior"].trace["posterior"]
    overlap = trace["signal_overlap"].values.ravel()
    worth = sum((1 - overlap) ** j for j in range(5))
    # without history, nothing but the prior says how much copies overlap
    assert worth.mean() == pytest.approx(sum(moments), abs=4 * worth.std() / np.sqrt(overlap.size / INEFFICIENCY))


def test_copies_of_a_report_move_the_forecast_by_less_than_their_number() -> None:
    def log_hazard(claims: frozenset[str]) -> float:
        p = refitted(claims).answers["quay-by-2025"].p[:, 0].mean()
        return float(np.log(-np.log1p(-p)))

    none, one = log_hazard(frozenset(COPIES)), log_hazard(frozenset(COPIES[1:]))
    five = log_hazard(frozenset())
    assert none < one < five
    # five facts of one voice in one source count for 1.5 to 2.6 of one, not for five (the errors of three refits make the
    # range); one report retold by five sources weighs 1.11 times one: tests/models/test_rows.py
    assert 1.5 < (five - none) / (one - none) < 2.6

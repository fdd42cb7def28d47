"""What a claim moved, by weights, against refits without it; and what copies are worth."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import beta
from toy import COPIES, toy_edition, toy_fit, toy_network

from forecasting.analysis import leave_out as without_module
from forecasting.analysis.context import Context
from forecasting.analysis.influence import (
    claim_influence,
    origin_influence,
    shared_effects,
    source_influence,
)
from forecasting.analysis.leave_out import (
    Comparisons,
    Draws,
    Without,
    answers_after,
    answers_of,
    forecast_without,
    without_effects,
)
from forecasting.analysis.pathways import claim_pathway, reached_questions, resting_effects, way
from forecasting.elicitation.quantify import quantify
from forecasting.fitting.layers import LayerFit, answer_layer
from forecasting.inference.importance import smoothed_weights
from forecasting.inference.monte_carlo import mean_errors
from forecasting.inference.noticeable import ERRORS
from forecasting.models.network.evidence import build_evidence

INEFFICIENCY = 2.0  # draws of the refits below are taken as worth half their number


@cache
def comparisons() -> Comparisons:
    return Comparisons.of(toy_fit())


def thinned() -> Draws:
    return comparisons().thinned


@cache
def refitted(claims: frozenset[str]) -> LayerFit:
    """Return the posterior layer without some claims from a full-length fit with another seed."""
    got = toy_fit()
    s = without_effects(got.structure, resting_effects(got.edition, claims))
    evidence = build_evidence(got.edition, s, quantify(got.edition), "posterior", claims)
    trace = toy_network().sample(evidence, random_seed=77, structure=s)
    return answer_layer(got.edition, s, "posterior", evidence, trace, 77)


def standard_errors(claims: frozenset[str], without: Without) -> dict[tuple[str, int], float]:
    """Return by how many standard errors weights and refit differ, per outcome.

    The forecast without is the fit's own probability less the change, so it has the errors of both.
    """
    z = {}
    for name, got in refitted(claims).answers.items():
        for i in range(got.p.shape[1]):
            errors = without.mcse[name][i], mean_errors(toy_fit().posterior.answers[name].p)[i]
            refit = got.p[:, i].std() * np.sqrt(INEFFICIENCY / got.p.shape[0])
            difference = float(without.probabilities[name][i]) - got.p[:, i].mean()
            z[name, i] = abs(difference) / float(np.sqrt(errors[0] ** 2 + errors[1] ** 2 + refit**2))
    return z


# a judgement; a judgement on which an effect rests; a fact; a reading of a driver; four copies of one report
LEFT_OUT = [
    frozenset({"n-001"}),
    frozenset({"n-002"}),
    frozenset({"n-003"}),
    frozenset({"n-020"}),
    frozenset(COPIES[1:]),
]


@pytest.mark.slow
@pytest.mark.parametrize("claims", LEFT_OUT, ids=lambda claims: "+".join(sorted(claims)))
def test_weights_give_what_a_refit_without_the_claim_gives(claims: frozenset[str]) -> None:
    without = forecast_without(toy_fit(), thinned(), claims)
    # the function's own choice: a short refit where the tail of the weights is too heavy
    assert without.how == "refit" or without.k_hat <= 0.5
    # 11 outcomes: four standard errors each
    assert max(standard_errors(claims, without).values()) <= 4


@pytest.mark.parametrize("dropped", range(5))
def test_only_what_a_change_can_reach_is_simulated_again_and_to_the_same_digits(dropped: int) -> None:
    # an effect made void, and every signal on its target gone
    got, effect = toy_fit(), toy_network().structure.effect_ids[dropped]
    s, target = without_effects(got.structure, frozenset({effect})), int(got.structure.effect_to[dropped])
    use = np.array([signal.event != target for signal in s.signals]) & got.posterior.evidence.use_signals
    evidence = replace(got.posterior.evidence, use_signals=use)
    few = answers_after(got, thinned().under(s), s, evidence, {target})
    every = answers_of(got.edition, s, evidence, thinned().posterior, got.seed)
    assert few.keys() == every.keys()
    assert all(np.array_equal(few[name], every[name]) for name in every)
    assert any(values is thinned().probabilities[name] for name, values in few.items())  # not all were simulated


@pytest.mark.slow
def test_a_claim_is_not_said_to_move_what_it_cannot_move() -> None:
    # the placebo: no chain of effects, class or driver leads from the claim to these questions, so every change is noise
    got, z = toy_fit(), []
    for claim in got.edition.claims:
        if claim_pathway(got.edition, claim)[1]:
            continue
        without = comparisons().without(frozenset({claim.id}))
        for question in {q.id for q in got.edition.questions} - reached_questions(got.edition, claim, shared=True):
            change = got.posterior.answers[question].p.mean(axis=0) - without.probabilities[question]
            noisy = without.mcse[question] > 1e-9
            z += list(change[noisy] / without.mcse[question][noisy])
            assert np.all(np.abs(change[~noisy]) < 1e-9)
    assert len(z) >= 5
    assert max(np.abs(z)) < ERRORS
    table = claim_influence(got, Context(comparisons()))
    reached = {claim.id: reached_questions(got.edition, claim, shared=True) for claim in got.edition.claims}
    assert all(row.question in reached[row.claim] for row in table[table["question"] != ""].itertuples())


def test_leaving_an_origin_out_leaves_all_its_claims_out() -> None:
    got = toy_fit()
    table = origin_influence(got, Context(comparisons()))
    origins = {claim.origin for claim in got.edition.claims}
    assert set(table["origin"]) == origins
    moved = table[table["question"] != ""]
    assert moved["change"].to_numpy() == pytest.approx((moved["p"] - moved["p_without"]).to_numpy(), abs=1e-12)
    wire = moved[(moved["origin"] == "quay-wire") & (moved["question"] == "quay-by-2025")]
    assert wire["n_claims"].tolist() == [len(COPIES)]
    # the whole wire moves the quay as five claims together do, more than any of them alone
    together = comparisons().without(frozenset(COPIES))
    assert wire["p_without"].iloc[0] == pytest.approx(together.probabilities["quay-by-2025"][0], abs=1e-12)
    alone = claim_influence(got, Context(comparisons()))
    single = alone[alone["claim"].isin(COPIES) & (alone["question"] == "quay-by-2025")]["change"].max()
    assert wire["change"].iloc[0] > single


def test_a_source_without_which_there_is_no_claim_leaves_what_the_base_rates_say() -> None:
    got = toy_fit()
    table = source_influence(got, Context(comparisons()))
    assert set(table["source"]) == {"norland-times"}
    assert (table["change"].abs() >= 0.0005).all()


def test_weights_of_the_wrong_sign_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong_way_round(log_ratio: np.ndarray) -> SimpleNamespace:
        # taken as reliable, so that no refit steps in
        return SimpleNamespace(values=smoothed_weights(-log_ratio).values, k_hat=0.0, reliable=True, precise=True)

    monkeypatch.setattr(without_module, "smoothed_weights", wrong_way_round)
    for claims in LEFT_OUT[:3]:
        without = forecast_without(toy_fit(), thinned(), claims)
        assert max(standard_errors(claims, without).values()) > 4


def test_an_effect_goes_with_the_last_claim_that_it_rests_on() -> None:
    got = toy_fit()
    assert resting_effects(got.edition, frozenset({"n-002"})) == {"pact-lowers-toll"}
    assert resting_effects(got.edition, frozenset({"n-001"})) == frozenset()


def test_each_claim_moves_its_question_the_way_it_points() -> None:
    table = claim_influence(toy_fit(), Context(comparisons()))
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


def test_a_claim_about_the_cause_of_an_effect_hardly_moves_the_target() -> None:
    # the reason that trace and report give: the pact's claims move the pact by 14 and 19 points, and the toll, whose pace
    # falls fourfold once the pact is signed, by 0 to 2, as its own probability is held where its own evidence puts it
    got = toy_fit()
    asked = {question.id: question for question in got.edition.questions}
    for claim in (claim for claim in got.edition.claims if claim.id in ("n-001", "n-003")):
        without = comparisons().without(frozenset({claim.id}))
        own, target = (
            got.posterior.answers[name].p.mean(axis=0)[0] - without.probabilities[name][0]
            for name in ("pact-by-2025", "toll-by-2025")
        )
        assert way(got.edition, claim, asked["pact-by-2025"]) == "direct"
        assert way(got.edition, claim, asked["toll-by-2025"]) == "effect"
        assert own > 0.1
        assert abs(target) < own / 5


def test_pathways_reach_and_shared_effects_follow_the_records() -> None:
    got = toy_fit()
    claims = {claim.id: claim for claim in got.edition.claims}
    assert claim_pathway(got.edition, claims["n-001"]) == ("reads the hazard through its wording", "")
    assert claim_pathway(got.edition, claims["n-003"]) == ("signal that shifts the hazard", "")
    assert claim_pathway(got.edition, claims["n-020"]) == ("reads a latent pressure", "")
    silent = claims["n-001"].model_copy(update={"moves_nothing": "colour"})
    assert claim_pathway(got.edition, silent) == ("", "colour")
    # the pact reaches the toll through its effect, and the ferry through its permission; the deadline stands alone
    everything = {question.id for question in got.edition.questions}
    assert reached_questions(got.edition, claims["n-001"]) == everything - {"quay-by-2025", "deadline-kept-2025"}
    assert "quay-by-2025" in reached_questions(got.edition, claims["n-020"])
    # what is shared reaches the members of its class and what shares a driver with them
    alike = reached_questions(got.edition, claims["n-001"], shared=True)
    classes = {event.id: event.reference_class for event in got.edition.events}
    mates = {name for name, known in classes.items() if known == classes["pact-signed"]}
    assert {q.id for q in got.edition.questions if set(q.events()) & mates} <= alike
    assert reached_questions(got.edition, claims["n-001"]) <= alike
    assert shared_effects(got, claims["n-002"]) == (frozenset(), 1)


def test_five_copies_of_a_report_count_for_about_two_at_the_expected_overlap() -> None:
    # Σ E[(1 − r)ʲ] with r ~ Beta(2, 2): E[(1 − r)ʲ] = B(2 + j, 2)/B(2, 2) = 1, ½, 3/10, 1/5, 1/7: in all 2.143
    moments = [beta(2 + j, 2) / beta(2, 2) for j in range(5)]
    assert sum(moments) == pytest.approx(1 + 1 / 2 + 3 / 10 + 1 / 5 + 1 / 7)
    trace = toy_fit().layers["prior"].trace["posterior"]
    overlap = trace["signal_overlap"].values.ravel()
    worth = sum((1 - overlap) ** j for j in range(5))
    # without history, nothing but the prior says how much copies overlap
    assert worth.mean() == pytest.approx(sum(moments), abs=4 * worth.std() / np.sqrt(overlap.size / INEFFICIENCY))


@pytest.mark.slow
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

"""Learning from a record: the prior where there is none, the truth where there is much, calibrated in between."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytensor.compile.mode import Mode
from scipy.stats import norm

from forecasting.fitting.learning import (
    PRIORS,
    Lessons,
    build_learning,
    draw_parameters,
    fit_learning,
    log_likelihoods,
    simulate,
)
from forecasting.inference.sample import Length, compile_model
from forecasting.inference.sbc_ranks import judge_ranks, random_tie_ranks
from forecasting.learning.evidence import Asked, Said, lessons
from forecasting.learning.learned import Learned, learned_table, sentence

UNCOMPILED = Mode(linker="py", optimizer=None)  # two evaluations do not repay a compiler
PARTS = {"kind: fact": (0.4, 0.0), "source: s-1": (-0.3, 0.2)}


def record(n: int, *, moved: float = 1.5, seed: int = 3) -> Lessons:
    """A made-up record: n judgements of two sources in three wordings, n questions of two or three outcomes.

    ``moved`` is the standard deviation by which a layer of evidence moves the log of each probability.
    """
    rng = np.random.default_rng(seed)
    said, asked = [], []
    for i in range(n):
        source, wording, kind = f"s-{i % 2}", ("may", "likely", "will")[i % 3], ("for", "against")[(i // 2) % 2]
        reads = ("level", "at_least", "at_most")[(i // 3) % 3]
        said.append(Said(f"c-{i}", f"e-{i}", source, wording, kind, float(rng.normal(0, 0.8)), 0.5, reads, True, f"e-{i}"))
        layers = np.cumsum([np.log(rng.dirichlet(np.full(2 + i % 2, 2.0))), *rng.normal(0, moved, (2, 2 + i % 2))], axis=0)
        parts = {name: (*values, *(0.0,) * (i % 2)) for name, values in PARTS.items()} if i % 4 else {}
        asked.append(Asked(f"q-{i}", *(tuple(x.tolist()) for x in layers), parts, 0, f"q-{i}"))
    return lessons(said, asked)


def truth(value: float, of: Lessons) -> dict[str, np.ndarray]:
    """Every parameter off its prior mean by alternating signs."""
    sizes = {dim: len(names) for dim, names in of.coords}
    return {
        name: prior.mean + value * prior.sd * np.asarray((-1.0) ** np.arange(sizes[prior.dim]) if prior.dim else 1.0)
        for name, prior in PRIORS.items()
    }


@pytest.mark.slow
def test_the_density_of_pymc_is_that_of_numpy_at_any_point():
    made = record(9)
    made = replace(simulate(made, truth(1.0, made), np.random.default_rng(1)), weight=np.linspace(0.2, 1.0, 9),
                   question_weight=np.linspace(1.0, 0.3, 9))  # fmt: skip
    points = [draw_parameters(made, np.random.default_rng(seed)) for seed in (2, 3)]

    def by_hand(at: dict[str, np.ndarray]) -> float:
        (true, false), log_p = log_likelihoods(made, at)
        found = made.weight @ np.where(made.came == 1, true, false) + made.question_weight @ log_p[np.arange(9), made.outcome]
        return float(found + sum(norm.logpdf(at[name], prior.mean, prior.sd).sum() for name, prior in PRIORS.items()))

    density = build_learning(made).compile_logp(mode=UNCOMPILED)
    one, other = (float(density(at)) for at in points)  # a constant, which PyMC takes in single precision, drops out
    assert one - other == pytest.approx(by_hand(points[0]) - by_hand(points[1]), abs=1e-12)
    assert one == pytest.approx(by_hand(points[0]), abs=1e-7)


def test_a_level_and_a_floor_integrate_their_error():
    # E Φ(z + s e) = Φ(z / √(1 + s²)) for a normal error: Φ(0.6 / √1.25) = 0.7042; a floor lies above, a ceiling below it
    def p(reads: str) -> float:
        one = lessons([Said("c", "e", "s", "w", "k", 0.6, 0.5, reads, True, "e")], [])
        at = {name: np.full(1, 0.0) for name in PRIORS if name not in ("claims_weight", "history_weight", "part_weight")}
        return float(
            np.exp(log_likelihoods(one, {**at, "claims_weight": np.float64(1), "history_weight": np.float64(1)})[0][0, 0])
        )

    assert p("level") == pytest.approx(0.7042, abs=5e-4)
    assert p("at_most") < 0.62 < p("level") < 0.78 < p("at_least")
    assert p("at_least") + p("at_most") == pytest.approx(2 * p("level"), abs=2e-3)  # two halves make the whole


def test_weights_of_one_leave_the_published_forecast_and_zero_gives_base_rates():
    one = lessons([], [Asked("q", *(tuple(np.log(p)) for p in ([0.2, 0.8], [0.3, 0.7], [0.6, 0.4])), {}, 0, "q")])
    for weights, wanted in (((1, 1), 0.6), ((1, 0), 0.3), ((0, 0), 0.2)):
        at = {"claims_weight": np.float64(weights[0]), "history_weight": np.float64(weights[1])}
        assert float(np.exp(log_likelihoods(one, at)[1][0, 0])) == pytest.approx(wanted)


@pytest.mark.slow
def test_without_a_record_the_posterior_is_the_prior_and_the_sentence_says_hardly_anything():
    said = [Said("c", "e", "s", "likely", "said to happen", 0.5, 0.4, "level", None, "e")]
    nothing = lessons(said, [])
    table = learned_table(nothing, fit_learning(nothing, random_seed=1))
    assert set(table["parameter"]) == set(PRIORS) - {"part_weight"}
    assert (table["n"] == 0).all()
    np.testing.assert_allclose(table["mean"], table["prior_mean"], atol=0.02)
    np.testing.assert_allclose(table["sd"], table["prior_sd"], rtol=0.04)
    assert "0 settled judgements and 0 settled questions, worth 0 outcomes, would change hardly anything" in sentence(
        Learned(table, 0, 0, 0)
    )


@pytest.mark.slow
def test_a_record_of_thirty_six_teaches_hardly_anything_even_if_readings_are_off_by_one_prior_width():
    made = record(36, moved=0.5)
    made = simulate(made, truth(1.0, made), np.random.default_rng(5))
    made = replace(made, weight=np.full(36, 0.3), question_weight=np.full(36, 0.3))  # three or four to a story
    said = sentence(Learned(learned_table(made, fit_learning(made, random_seed=2)), 36, 36, 22))
    assert "hardly anything" in said
    assert "every interval of 90 % holds what was assumed" in said


@pytest.mark.slow
def test_a_long_record_finds_the_truth_and_the_sentence_names_what_it_changes():
    made = record(1500)
    true = truth(2.0, made)
    made = simulate(made, true, np.random.default_rng(6))
    short = Length(chains=4, draws=600, tune=300, target_accept=0.9)
    table = learned_table(made, fit_learning(made, random_seed=3, length=short))
    real = np.concatenate([np.atleast_1d(true[name]) for name in PRIORS])
    assert np.abs((table["mean"] - real) / table["sd"]).max() < 3.5
    weights = table[table["parameter"].isin(["claims_weight", "history_weight"])]
    assert (weights["learned"] > 0.9).all()
    said = sentence(Learned(table, 1500, 1500, 3000))
    assert "hardly" not in said
    assert "claims against classes: claims would count 1." in said


@pytest.mark.slow
def test_ranks_of_simulated_records_are_uniform():
    made = record(24)
    rng = np.random.default_rng(20261129)
    compiled = compile_model(build_learning(simulate(made, draw_parameters(made, rng), rng)))
    length = Length(chains=1, draws=8 * 15, tune=200, target_accept=0.85)
    ranks: dict[str, list[int]] = {}
    for i in range(160):
        at = draw_parameters(made, rng)
        posterior = fit_learning(simulate(made, at, rng), random_seed=i, length=length, compiled=compiled)
        for name, value in at.items():
            draws = posterior[name].values.reshape(length.draws, -1)[::8]
            for j, rank in enumerate(random_tie_ranks(np.atleast_1d(value), draws, rng)):
                ranks.setdefault(f"{name}[{j}]", []).append(int(rank))
    found = judge_ranks(ranks, 16)
    assert found.uniform, found.worst


def test_many_questions_of_one_story_weigh_as_one():
    one = Asked("q", (-0.7, -0.7), (-0.2, -1.7), (-0.2, -1.7), {}, 0, "story")
    assert lessons([], [one] * 5).question_weight.sum() == pytest.approx(1.0)

"""Questions asked of paths: truth tables by enumeration, stages, scenario sets, and the spread that is knowledge."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable

import numpy as np
import pytest
from master_equation import BLOCKS, ENABLES, MULTIPLIES, world

from forecasting.dossier.questions import Question
from forecasting.dossier.statements import Expression
from forecasting.dossier.worlds import World as EnumeratedWorld
from forecasting.paths.curves import curves_of
from forecasting.paths.questions import PathHappenings, answer, epistemic_draws
from forecasting.paths.simulate import Paths, simulate

EARLY, LATE = dt.date(2024, 7, 1), dt.date(2024, 12, 31)  # 182 and 365 days after the as-of date
# every way in which three events can happen: before the early date, between the dates, or later
WAYS = tuple(itertools.product((0.3, 0.8, np.inf), repeat=3))


def enumerated() -> Paths:
    w = world(np.ones((1, 3)))
    times = np.array([WAYS], dtype=np.float32)
    return Paths(w, np.array([0.0]), times, np.ones((1, 3, 1)), np.zeros((3, 1)))


STATEMENTS: dict[str, tuple[dict, Callable[[float, float, float], bool]]] = {
    "occurs": ({"occurs": "a"}, lambda a, b, c: a < 1),
    "occurs by an earlier date": ({"occurs": "a", "by": EARLY}, lambda a, b, c: a < 0.5),
    "holds": ({"holds": "b"}, lambda a, b, c: b > 1),
    "holds until an earlier date": ({"holds": "b", "until": EARLY}, lambda a, b, c: b > 0.5),
    "all of": ({"all_of": ({"occurs": "a"}, {"holds": "b"}, {"occurs": "c"})}, lambda a, b, c: a < 1 < b and c < 1),
    "any of": ({"any_of": ({"occurs": "a", "by": EARLY}, {"occurs": "c"})}, lambda a, b, c: a < 0.5 or c < 1),
    "none of": ({"none_of": ({"occurs": "a"}, {"occurs": "b"})}, lambda a, b, c: a > 1 and b > 1),
    "one of": (
        {"one_of": ({"occurs": "a"}, {"occurs": "b"}, {"occurs": "c"})},
        lambda a, b, c: (a < 1) + (b < 1) + (c < 1) == 1,
    ),
    "same": ({"same": ("a", "b", "c")}, lambda a, b, c: (a < 1) == (b < 1) == (c < 1)),
    "same by an earlier date": ({"same": ("a", "b"), "by": EARLY}, lambda a, b, c: (a < 0.5) == (b < 0.5)),
    "before": ({"before": ("a", "b")}, lambda a, b, c: a < 1 and a < b),
    "before by an earlier date": ({"before": ("b", "a"), "by": EARLY}, lambda a, b, c: b < 0.5 and b < a),
    "nested": (
        {"any_of": ({"all_of": ({"occurs": "a"}, {"none_of": ({"occurs": "b"},)})},
                    {"one_of": ({"occurs": "b", "by": EARLY}, {"holds": "c"})})},
        lambda a, b, c: (a < 1 and not b < 1) or ((b < 0.5) != (c > 1)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_is_true_on_exactly_the_ways_that_its_words_say(name: str) -> None:
    fields, meaning = STATEMENTS[name]
    got = Expression.model_validate(fields).truth(PathHappenings(enumerated()), LATE)[0]
    assert got.tolist() == [meaning(*way) for way in WAYS]
    assert 0 < got.sum() < len(WAYS)


@pytest.mark.parametrize("name", STATEMENTS)
def test_paths_and_the_rules_over_records_read_a_statement_alike(name: str) -> None:
    statement = Expression.model_validate(STATEMENTS[name][0])
    days = {0.3: EARLY, 0.8: LATE, np.inf: None}
    ways = [EnumeratedWorld({event: days[t] for event, t in zip("abc", way, strict=True)}) for way in WAYS]
    assert statement.truth(PathHappenings(enumerated()), LATE)[0].tolist() == [statement.truth(way, LATE) for way in ways]


def asked(**fields: object) -> Question:
    return Question.model_validate({"id": "q", "title": "What happens?", **fields})


def test_stages_count_the_highest_one_whose_event_has_happened() -> None:
    # a stage is reached also where an earlier one was passed over: one report gives one number for one event
    got = answer(enumerated(), asked(stages=("a", "b", "c"), at=LATE))
    assert got.outcomes == ("none", "a", "b", "c")

    def reached(a: float, b: float, c: float) -> int:
        return 3 if c < 1 else 2 if b < 1 else 1 if a < 1 else 0

    counts = np.bincount([reached(*way) for way in WAYS])
    assert got.p[0] == pytest.approx(counts / 27)
    # c on 2 of 3 ways: 18; b of the other 9: 6; a of the other 3: 2; nothing: 1
    assert counts.tolist() == [1, 2, 6, 18]
    single = answer(enumerated(), asked(asks={"any_of": ({"occurs": "c"},)}, at=LATE))
    assert got.p[0, 3] == single.p[0, 0]


def test_the_rest_of_a_scenario_set_is_what_no_named_member_covers() -> None:
    members = (
        {"id": "both", "title": "both", "all_of": ({"occurs": "a"}, {"occurs": "b"})},
        {"id": "rest", "title": "rest", "other": True},
        {"id": "only-a", "title": "only a", "all_of": ({"occurs": "a"}, {"holds": "b"})},
    )
    got = answer(enumerated(), asked(scenarios=members, at=LATE))
    assert got.outcomes == ("both", "rest", "only-a")
    assert got.p[0] == pytest.approx([12 / 27, 9 / 27, 6 / 27])


def simulated(n_draws: int = 50) -> Paths:
    rng = np.random.default_rng(3)
    effects = [(0, 1, MULTIPLIES, 4.0), (1, 2, ENABLES, 1.0), (2, 0, BLOCKS, 1.0)]
    w = world(rng.uniform(0.2, 2, (n_draws, 3)), effects)
    return simulate(w, np.array([0.0, 182 / 365.25, 365 / 365.25]), paths_per_draw=37, random_seed=1)


def test_exhaustive_sets_sum_to_one_on_every_draw() -> None:
    paths = simulated()
    members = (
        {"id": "both", "title": "both", "all_of": ({"occurs": "a"}, {"occurs": "b"})},
        {"id": "neither", "title": "neither", "none_of": ({"occurs": "a"}, {"occurs": "b"})},
        {"id": "rest", "title": "rest", "other": True},
    )
    for question in (asked(scenarios=members, at=LATE), asked(stages=("b", "c"), at=LATE)):
        got = answer(paths, question)
        assert got.p.shape == (50, 3)
        assert np.abs(got.p.sum(axis=1) - 1).max() <= 1e-8
        assert np.all(got.p >= 0)


def test_a_yes_no_question_about_one_event_is_answered_from_the_integrated_hazard() -> None:
    paths = simulated()
    yes = answer(paths, asked(asks={"occurs": "b", "by": EARLY}))
    assert yes.p[:, 0] == pytest.approx(1 - paths.survival[:, 1, 1], abs=1e-15)
    assert np.all(yes.noise == paths.survival_noise[1, 1])
    no = answer(paths, asked(asks={"holds": "b", "until": EARLY}))
    assert (yes.p + no.p) == pytest.approx(np.ones((50, 1)), abs=1e-15)
    # an unequivocal check that both pathways agree: counting hits of the same paths
    counted = Expression.model_validate({"occurs": "b"}).truth(PathHappenings(paths), EARLY).mean()
    assert yes.p.mean() == pytest.approx(counted, abs=4 * 0.5 / np.sqrt(50 * 37))


def known_hazards(n_draws: int, n_paths: int) -> Paths:
    """Return paths of an event with an uncertain cause that multiplies its hazard, the same hazards on every draw."""
    w = world(np.tile([0.8, 0.2], (n_draws, 1)), [(0, 1, MULTIPLIES, 10.0)])
    return simulate(w, np.array([0.0, 182 / 365.25, 365 / 365.25]), paths_per_draw=n_paths, random_seed=4)


@pytest.mark.parametrize("n_paths", [32, 33])
def test_the_noise_of_an_integrated_answer_is_the_variance_that_repeating_it_shows(n_paths: int) -> None:
    # 8,000 repetitions: a variance is known to √(2/8000) = 1.6 %; four times that
    got = answer(known_hazards(8000, n_paths), asked(asks={"occurs": "b"}, at=LATE))
    assert got.noise.mean() == pytest.approx(got.p.var(), rel=0.07)
    assert got.p.var() > 1e-4  # there is something to find


def test_hazards_known_exactly_give_a_point_and_not_the_chance_of_the_paths() -> None:
    question, paths = asked(asks={"occurs": "b"}, at=LATE), known_hazards(4000, 64)
    got = answer(paths, question)
    low, high = got.interval(0)
    raw = np.quantile(got.p[:, 0], [0.05, 0.95])
    # what is left is how well 4,000 draws know a variance: √(0.05) of the width at most, about
    assert raw[1] - raw[0] > 0.05
    assert high - low < 0.25 * (raw[1] - raw[0])
    assert low <= got.p.mean() <= high
    curves = curves_of(paths, 0.9)
    assert curves.high[1, 2] - curves.low[1, 2] == pytest.approx(high - low, abs=1e-9)


def test_what_is_not_known_of_the_hazards_stays_in_the_interval() -> None:
    # b's hazard is uncertain by a factor; its cause is uncertain too. The exact P(b | draw) is the integral over the
    # time of a: hazards 0.5 and λ, then 4λ: P(not b) = e^{−(0.5+λ)} + ∫ 0.5 e^{−(0.5+λ)s} e^{−4λ(1−s)} ds
    rate = np.exp(np.random.default_rng(6).normal(-1.0, 0.5, 4000))
    t = 365 / 365.25
    fast = 4 * rate
    slow = 0.5 + rate
    survival = np.exp(-slow * t) + 0.5 * np.exp(-fast * t) * -np.expm1((fast - slow) * t) / (slow - fast)
    w = world(np.stack([np.full(4000, 0.5), rate], axis=1), [(0, 1, MULTIPLIES, 4.0)])
    paths = simulate(w, np.array([0.0, t]), paths_per_draw=16, random_seed=7)
    got = answer(paths, asked(asks={"occurs": "b"}, at=LATE))
    assert got.interval(0) == pytest.approx(np.quantile(1 - survival, [0.05, 0.95]), abs=0.01)
    assert got.noise.mean() > 1e-3


def test_an_answer_without_uncertain_causes_has_no_noise() -> None:
    paths = simulate(world(np.full((5, 2), 0.4)), np.array([0.0, 365 / 365.25]), paths_per_draw=9, random_seed=1)
    assert np.all(answer(paths, asked(asks={"occurs": "b"}, at=LATE)).noise == 0)


def test_counted_answers_say_how_much_of_their_spread_is_noise() -> None:
    # 37 paths, h hits: variance of the mean, unbiased, is p(1 − p)/36
    got = answer(simulated(), asked(asks={"any_of": ({"occurs": "a"}, {"occurs": "b"})}, at=LATE))
    p = got.p[:, 0]
    assert got.noise[:, 0] == pytest.approx(p * (1 - p) / 36, abs=1e-15)


def test_what_has_happened_is_certain_from_its_day_on() -> None:
    w = world(np.ones((2, 2)), occurred=np.array([-0.25, np.inf]))
    paths = simulate(w, np.array([0.0, 365 / 365.25]), paths_per_draw=2, random_seed=1)
    assert answer(paths, asked(asks={"occurs": "a", "by": LATE})).p.tolist() == [[1.0], [1.0]]
    assert answer(paths, asked(asks={"holds": "a", "until": LATE})).p.tolist() == [[0.0], [0.0]]


def test_an_event_on_the_very_day_of_a_deadline_is_in_time() -> None:
    # times are kept in single precision; a date is never missed by rounding
    as_of = dt.date(2024, 1, 1)
    for days in range(1, 1500, 7):
        t = days / 365.25
        paths = simulate(
            world(np.full((1, 1), 50.0), scheduled=np.array([t])), np.array([0.0, t]), paths_per_draw=4, random_seed=1
        )
        statement = Expression.model_validate({"occurs": "a"})
        assert statement.truth(PathHappenings(paths), as_of + dt.timedelta(days=days)).all()
        assert not statement.truth(PathHappenings(paths), as_of + dt.timedelta(days=days - 1)).any()


def test_a_deadline_that_was_not_simulated_to_is_refused() -> None:
    with pytest.raises(ValueError, match="2024-05-05 is not on the grid"):
        answer(simulated(), asked(asks={"occurs": "b", "by": dt.date(2024, 5, 5)}))


def test_the_spread_that_counting_adds_is_taken_out_again() -> None:
    # p ~ Beta(2, 6) has variance 2·6/(8²·9) = 0.0208; 32 paths add E[p(1 − p)]/32 = (0.25·0.75 − 0.0208)/32
    rng = np.random.default_rng(5)
    p = rng.beta(2, 6, 200_000)
    counted = rng.binomial(32, p) / 32
    noise = counted * (1 - counted) / 31
    assert counted.var() == pytest.approx(12 / 576 + (0.1875 - 12 / 576) / 32, rel=0.02)
    shrunk = epistemic_draws(counted, noise)
    assert shrunk.mean() == pytest.approx(counted.mean(), abs=1e-12)
    assert shrunk.var() == pytest.approx(12 / 576, rel=0.02)  # 200,000 draws: the variance itself is known to 0.5 %


def test_a_number_without_counting_noise_stays_and_one_that_is_all_noise_becomes_a_point() -> None:
    p = np.array([0.1, 0.4, 0.25])
    assert epistemic_draws(p, np.zeros(3)) == pytest.approx(p, abs=1e-15)
    assert epistemic_draws(p, np.full(3, 1.0)) == pytest.approx(np.full(3, 0.25), abs=1e-15)
    assert epistemic_draws(np.full(3, 0.2), np.zeros(3)) == pytest.approx(np.full(3, 0.2))


def test_of_competing_events_the_first_counts_and_none_if_all_are_late() -> None:
    got = answer(enumerated(), asked(first_of=("b", "a", "c"), at=LATE))
    assert got.outcomes == ("none", "b", "a", "c")
    assert got.titles[0] == "none of them"

    def first(a: float, b: float, c: float) -> int:
        # events at one time: the one that is listed first
        order = sorted((t, i) for i, t in enumerate((b, a, c), start=1))
        return order[0][1] if order[0][0] < 1 else 0

    counts = np.bincount([first(*way) for way in WAYS], minlength=4)
    assert got.p[0] == pytest.approx(counts / 27)
    assert counts.tolist() == [1, 13, 8, 5]


def test_competing_hazards_have_their_closed_form() -> None:
    # P(k is first, within H) = λ_k/Λ (1 − e^{−ΛH}), with Λ the sum of the hazards
    rate, n = np.array([0.6, 0.3, 0.9]), 400
    paths = simulate(world(np.tile(rate, (n, 1))), np.array([0.0, 365 / 365.25]), paths_per_draw=1000, random_seed=2)
    got = answer(paths, asked(first_of=("a", "b", "c"), at=LATE)).p.mean(axis=0)
    any_of_them = -np.expm1(-rate.sum() * 365 / 365.25)
    exact = np.array([1 - any_of_them, *(rate / rate.sum() * any_of_them)])
    assert np.all(np.abs(got - exact) <= 4.5 * np.sqrt(exact * (1 - exact) / (1000 * n)))

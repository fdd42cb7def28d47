"""The link of an index: where cases move it, by closed forms, and that nothing later than the as-of date enters."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats
from town_balance import ASKED, MANY, town_edition

from forecasting.dossier.forms.favours import Index, InNetwork, Margin
from forecasting.fitting.model_fit import fit_inputs
from forecasting.inference.sample import Length
from forecasting.models.balance.link import OFF, bounds, carried, shares
from forecasting.models.balance.model import BalanceModel

INDEX = Index(
    balance="river", outcomes={"low": "one", "neither": "both", "high": "two"}, counts="tolls", settled_by="council",
    low_to=-0.5, high_from=0.5, spread=1.0, why_link="one step",
)  # fmt: skip


def shares_at(level: np.ndarray, low_to: np.ndarray, high_from: np.ndarray, spread: float = 1.0) -> np.ndarray:
    low, upto = stats.norm.cdf((low_to - level) / spread), stats.norm.cdf((high_from - level) / spread)
    return np.stack([low, upto - low, 1 - upto], axis=-1)


@pytest.mark.slow
@pytest.mark.parametrize(
    "sides", [[], ["high"], ["low"] * 2 + ["neither"] * 5 + ["high"], ["neither"] * 8, ["high"] * 10],
    ids=lambda sides: "-".join(sides) or "none",
)
def test_bounds_have_the_posterior_that_a_fine_grid_has(sides: list[str]) -> None:
    levels, n_draws = np.linspace(-1.5, 2.0, len(sides)), 20_000
    low_to, high_from = bounds(INDEX, np.tile(levels, (n_draws, 1)), sides, np.random.default_rng(4))
    assert (low_to <= high_from).all()
    at = np.linspace(-5, 5, 801)
    low, high = np.meshgrid(-0.5 + at, 0.5 + at, indexing="ij")
    density = stats.norm.pdf(low, -0.5, OFF) * stats.norm.pdf(high, 0.5, OFF) * (low <= high)
    for level, side in zip(levels, sides, strict=True):
        shares = shares_at(level, low, high)
        density *= np.maximum(shares[..., ["low", "neither", "high"].index(side)], 0)
    density /= density.sum()
    for now in (-1.0, 0.0, 1.5):
        exact = (density[..., None] * shares_at(now, low, high)).sum(axis=(0, 1))
        found = shares_at(np.full(n_draws, now), low_to, high_from)
        assert found.mean(axis=0) == pytest.approx(exact, abs=0.01)


NEEDY = INDEX.model_copy(update={"in_network": (InNetwork(side="high", needs={"occurs": "talks"}),)})
BOTH = INDEX.model_copy(
    update={"in_network": tuple(InNetwork(side=side, needs={"occurs": "talks"}) for side in ("low", "high"))}
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("index", [NEEDY, BOTH], ids=["one side needs it", "both sides need it"])
def test_of_a_case_without_what_a_side_needs_only_the_sides_that_were_left_are_weighed(index: Index) -> None:
    sides = ["low", "low", "neither", "high"] if index is NEEDY else ["neither", "neither", "neither", "high"]
    levels, n_draws, without = np.array([-1.0, 0.5, 0.0, 1.0]), 20_000, (0, 1, 2)
    low_to, high_from = bounds(index, np.tile(levels, (n_draws, 1)), sides, np.random.default_rng(4), without)
    at = np.linspace(-5, 5, 801)
    low, high = np.meshgrid(-0.5 + at, 0.5 + at, indexing="ij")
    density = stats.norm.pdf(low, -0.5, OFF) * stats.norm.pdf(high, 0.5, OFF) * (low <= high)
    for n, (level, side) in enumerate(zip(levels, sides, strict=True)):
        below, upto = stats.norm.cdf(low - level), stats.norm.cdf(high - level)
        if n not in without:
            density *= 1 - upto
        elif index is NEEDY:  # low or neither: P(low)/(P(low) + P(neither)); where nothing but neither is left it tells nothing
            density *= np.maximum(below if side == "low" else upto - below, 0) / upto
    density /= density.sum()
    for now in (-1.0, 0.0, 1.5):
        exact = (density[..., None] * shares_at(now, low, high)).sum(axis=(0, 1))
        assert shares_at(np.full(n_draws, now), low_to, high_from).mean(axis=0) == pytest.approx(exact, abs=0.01)


def test_no_side_is_likelier_than_what_it_needs_and_the_rest_keeps_its_odds() -> None:
    bars, level = (np.array([-0.5, -1.0]), np.array([0.5, 0.2])), np.array([[1.0, 2.0], [0.0, 9.0]])
    link = shares(INDEX, bars, level)
    assert link == pytest.approx(shares_at(level, bars[0][:, None], bars[1][:, None]))
    for chance in (0.0, 0.24, 1.0):
        found = shares(NEEDY, bars, level, chance)
        assert found.sum(axis=2) == pytest.approx(1.0)
        assert found[..., 2] == pytest.approx(chance * link[..., 2])
        assert found[..., 2].max() <= chance
        left = chance + (1 - chance) / (link[..., 0] + link[..., 1])
        assert found[..., 0] == pytest.approx(left * link[..., 0])
        both = shares(BOTH, bars, level, chance)
        assert both[..., 1] == pytest.approx(chance * link[..., 1] + 1 - chance)
        assert both[..., 0] == pytest.approx(chance * link[..., 0])
    assert shares(NEEDY, bars, level, None) == pytest.approx(link)


def test_a_side_that_is_events_of_the_network_is_as_likely_as_it_says_and_the_link_divides_the_rest() -> None:
    bars, level = (np.array([-0.5, -1.0]), np.array([0.5, 0.2])), np.array([[1.0, 2.0], [0.0, 9.0]])
    link, high = shares(INDEX, bars, level), np.array([0.25, 0.9])
    one = shares(INDEX, bars, level, told={"high": high, "rest": 1 - high})
    assert (one[..., 2] == high[:, None]).all()
    odds = link[..., 0] / (link[..., 0] + link[..., 1])
    assert one[..., 0] == pytest.approx((1 - high[:, None]) * odds)
    assert one.sum(axis=2) == pytest.approx(1.0)
    both = shares(INDEX, bars, level, told={"low": high / 10, "high": high / 2, "rest": 1 - 0.6 * high})
    assert both[..., 0] == pytest.approx(np.tile(high[:, None] / 10, 2))
    assert both[..., 1] == pytest.approx(np.tile(1 - 0.6 * high[:, None], 2))  # nothing is left for the level to divide


@pytest.mark.parametrize("lead", [-3, -1, 0, 2])
def test_a_lead_is_made_up_for_as_often_as_the_rest_is_won_by_more(lead: int) -> None:
    rng = np.random.default_rng(5)
    gain = np.maximum(np.rint(np.exp(rng.normal(np.log(2), 0.7, 400_000))), 1)
    found = carried(Margin(median=2, spread=0.7, why="one to four"), lead)
    ends = {"low": lead - gain, "neither": np.full(1, lead), "high": lead + gain}
    for i, side in enumerate(("low", "neither", "high")):
        told = [(ends[side] < 0).mean(), (ends[side] == 0).mean(), (ends[side] > 0).mean()]
        assert found[i] == pytest.approx(told, abs=0.004)
    assert found.sum(axis=1) == pytest.approx(1.0)


def test_how_it_stood_counts_from_the_day_it_was_told_and_goes_with_a_margin() -> None:
    stood = tuple({"on": f"2024-0{2 + n}-01", "lead": -1 - n, "source": "minutes"} for n in range(2))
    margin = {"median": 2, "spread": 0.7, "why": "one to four"}
    index = Index(**{**INDEX.model_dump(), "so_far": stood, "margin": margin})
    days = [dt.date(2024, 1, 31), dt.date(2024, 2, 1), dt.date(2024, 2, 29), dt.date(2024, 9, 1)]
    assert [index.lead_on(day) for day in days] == [None, -1, -1, -2]
    for lone in ({"so_far": stood}, {"margin": margin}):
        with pytest.raises(ValidationError, match="one of 'so_far' and 'margin' without the other"):
            Index(**{**INDEX.model_dump(), **lone})
    is_talks = ({"side": "low", "is": {"occurs": "talks"}},)
    with pytest.raises(ValidationError, match="which say themselves what has happened; leave one out"):
        Index(**{**INDEX.model_dump(), "so_far": stood, "margin": margin, "in_network": is_talks})


def test_where_the_link_leaves_nothing_but_the_side_that_cannot_be_nobody_is_favoured() -> None:
    found = shares(NEEDY, (np.array([-0.5]), np.array([0.5])), np.array([[60.0]]), 0.3)
    assert found[0, 0].tolist() == pytest.approx([0.0, 0.7, 0.3])


TALKS = {"in_network": ({"side": "high", "needs": {"occurs": "talks"}},)}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"in_network": ({"side": "high", "needs": {"occurs": "talks"}}, {"side": "low", "is": {"occurs": "other"}})},
         "one of its sides has 'is' and the other one 'needs'; write one of the two for both"),
        ({"in_network": ({"side": "high", "needs": {"occurs": "talks"}}, {"side": "low", "needs": {"occurs": "other"}})},
         "its sides need other and talks; write one event that both need"),
        ({"in_network": ({"side": "high", "needs": {"any_of": ({"occurs": "talks"}, {"occurs": "other"})}},)},
         "'needs' names one event and no day; write needs: {occurs: id}"),
        ({**TALKS, "cases": ({"of": "2016", "on": "2016-12-31", "side": "high", "occurred": False, "source": "minutes"},)},
         "case '2016' says 'occurred: false', and came out high, which needs it; leave occurred out if talks had happened"),
        ({"cases": ({"of": "2016", "on": "2016-12-31", "side": "low", "occurred": False, "source": "minutes"},)},
         "case '2016' says 'occurred: false', and no side needs an event"),
    ],
)  # fmt: skip
def test_what_is_needed_is_one_event_and_cases_agree_with_it(changes: dict, said: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(said)):
        Index(**{**INDEX.model_dump(), **changes})


def test_sides_that_were_to_be_expected_move_the_link_little_and_others_move_it_much() -> None:
    """Ten years in which Sudland was far ahead and the index came out for it say little of a year in which it is behind."""
    at, n_draws, sides = -1.0, 4_000, ["high"] * 10
    stated = shares_at(np.array(at), np.array(-0.5), np.array(0.5))[2]
    ahead, behind = (
        shares_at(np.full(n_draws, at), *bounds(INDEX, np.full((n_draws, 10), level), sides, np.random.default_rng(2)))
        for level in (2.0, -2.0)
    )
    assert ahead.mean(axis=0)[2] == pytest.approx(stated, abs=0.15)
    assert behind.mean(axis=0)[2] > stated + 0.5


def test_where_the_level_is_another_one_now_the_answer_is_another() -> None:
    n_draws, sides = 4_000, ["low"] * 3 + ["neither"] * 6
    low_to, high_from = bounds(INDEX, np.full((n_draws, 9), -1.0), sides, np.random.default_rng(1))
    then, now = (shares_at(np.full(n_draws, level), low_to, high_from).mean(axis=0) for level in (-1.0, 1.0))
    assert now[2] > 3 * then[2]
    assert now[0] < then[0] / 3


CASES = """\
    cases:
      - {of: spring, on: 2024-03-31, side: high, source: the minutes}
      - {of: elsewhere, on: 2020-03-31, side: low, level: -2.0, source: another river}
"""
LATER = CASES + "      - {of: summer, on: 2024-08-31, side: low, source: the minutes}\n"


def test_a_case_that_ends_after_the_as_of_date_changes_no_digit(tmp_path: Path, project_dir: Path) -> None:
    model, answers = BalanceModel(), []
    length = Length(chains=2, draws=60, tune=60, target_accept=0.9)
    for name, cases in (("none", ""), ("known", CASES), ("later", LATER)):
        asked = ASKED.replace("    why_link: A toll house is a step.\n", f"    why_link: A toll house is a step.\n{cases}")
        edition = town_edition(tmp_path / name, project_dir, MANY, asked=asked)
        inputs = model.inputs(edition)
        fit = fit_inputs(model, inputs, model.density(inputs), length=length, until=dt.date(2024, 9, 30), random_seed=3)
        answers.append(fit.answers["toll-index"].p)
    none, known, later = answers
    assert np.array_equal(known, later)
    assert not np.array_equal(none, known)
    assert known.sum(axis=1) == pytest.approx(1.0)


def test_an_index_as_it_was_has_the_contract_that_it_had(tmp_path: Path, project_dir: Path) -> None:
    from forecasting.ledger.contracts import contract_digest

    digests = set()
    for name, cases in (("none", ""), ("some", CASES + "    in_network: [{side: high, is: {occurs: pact-signed}}]\n")):
        asked = ASKED.replace("    why_link: A toll house is a step.\n", f"    why_link: A toll house is a step.\n{cases}")
        edition = town_edition(tmp_path / name, project_dir, MANY, asked=asked)
        digests.add(contract_digest(edition.dossier, edition.dossier.questions["toll-index"]))
    assert len(digests) == 1

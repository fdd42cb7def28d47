"""The link of an index: where cases move it, by closed forms, and that nothing later than the as-of date enters."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from town_balance import ASKED, MANY, town_edition

from forecasting.dossier.forms.favours import Index
from forecasting.fitting.model_fit import fit_inputs
from forecasting.inference.sample import Length
from forecasting.models.balance.link import OFF, bounds
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

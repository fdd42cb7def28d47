"""A balance beside the event network: the same thing asked of both, and the balance in the place of claims about a pressure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from balances import BY_CLAIM, TOLL_HOUSE, files, index_question
from broken_dossiers import read_broken
from builders import claim_yaml
from rule_edits import CLAIMS, EDITION, EFFECTS, QUESTIONS

from forecasting.analysis.registry import columns_of
from forecasting.analysis.two_models import two_models
from forecasting.analysis.upper_hand import normal_reading, reading_of_balance, upper_hand
from forecasting.fitting.fit import EditionFit, fit
from forecasting.inference.sample import Length
from forecasting.models.balance.model import BalanceModel

LEVELS = "".join(
    f"""\
- id: o-{number}
  balance: {theatre}
  kind: level
  what: Sudland sets the terms, says {origin}.
  happened_on: 2024-06-0{number[-1]}
  published_on: 2024-06-0{number[-1]}
  source: the council's minutes
  origin: {origin}
  reliability: B
  credibility: 2
  codings:
    - {{coder: one, favours: sudland, by: somewhat}}
    - {{coder: two, favours: sudland, by: somewhat}}
"""
    for number, theatre, origin in (("003", "river", "ferrymen"), ("004", "market", "grocers"), ("005", "river", "fishers"))
)
DRIVER = """\
drivers:
  - id: upper-hand
    title: Sudland's upper hand
    high_means: Sudland has the upper hand.
    loadings: [{event: pact-signed, sign: raises, grade: strong}]
    why: Who is ahead dictates the pact.
"""
SAID = """\
    paraphrase: Sudland is ahead, observers say.
    speaker: observers
    kind: driver
    target: {driver: upper-hand}
    direction: DIRECTION
    grade: moderate
    made_on: 2024-07-01
    reliability: B
    credibility: 2
    origin: observers
    """
SIDES = """\
in_network:
  - {side: high, is: {any_of: [{occurs: pact-signed}, {occurs: toll-raised}]}}
  - {side: low, is: {occurs: toll-raised}}
"""
NEEDS = "in_network: [{side: high, needs: {occurs: toll-raised}}]\n"
QUAY = index_question("quay-index", "2025-12-31", NEEDS).replace("low_to: -0.5", "low_to: -9.5")
INDEX = index_question("toll-index", "2025-12-31", SIDES) + QUAY.replace("high_from: 0.5", "high_from: -9.0")
SMALL = Length(chains=2, draws=400, tune=300, target_accept=0.9)


def fitted(folder: Path, project: Path, direction: str) -> EditionFit:
    """Fit the small edition with a driver that has the balance's id, and one claim about it that the balance reads too."""
    driver = claim_yaml("n-009", "Observers say", SAID.replace("DIRECTION", direction))
    edits = (
        *files(TOLL_HOUSE + LEVELS + BY_CLAIM.replace("claim: n-001", "claim: n-009")),
        (EFFECTS, "drivers: []\n", DRIVER), (CLAIMS, "", driver), (QUESTIONS, "", INDEX),
        (EDITION, "ferry-order-2025]", "ferry-order-2025, toll-index, quay-index]"),
    )  # fmt: skip
    return fit(read_broken(folder, project, *edits).edition("2024-07-ferry"))


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory, project_dir: Path) -> EditionFit:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BalanceModel, "first_length", lambda self, layer: SMALL)
        return fitted(tmp_path_factory.mktemp("ferry"), project_dir, "lowers")


@pytest.mark.slow
def test_a_side_is_asked_of_the_network_with_the_same_day_and_precedence(ferry: EditionFit) -> None:
    table = two_models(ferry)
    assert table is not None
    assert tuple(table.columns)[: len(columns_of("two_models"))] == columns_of("two_models")
    of = table.set_index(["question", "outcome"])
    order = {o.id: o.p for o in ferry.forecast("ferry-order-2025").outcomes}
    toll, pact = (ferry.forecast(f"{name}-by-2025").outcomes[0].p for name in ("toll", "pact"))
    either = of.loc[("toll-index", "high"), "network_p"]
    assert either == pytest.approx(pact + order["toll-no-pact"], abs=0.01)
    assert max(toll, pact) < either < toll + pact
    assert of.loc[("toll-index", "low"), "network_p"] == 0  # whatever raises the toll is the high side already
    assert of.loc[("quay-index", "high"), "network_p"] == pytest.approx(toll, abs=0.01)


@pytest.mark.slow
def test_a_side_that_is_events_is_published_as_the_network_has_it_with_its_interval(ferry: EditionFit) -> None:
    published = {outcome.id: outcome for outcome in ferry.forecast("toll-index").outcomes}
    row = two_models(ferry).set_index(["question", "outcome"]).loc[("toll-index", "high")]  # type: ignore[union-attr]
    assert published["high"].p == pytest.approx(row["network_p"], abs=3 * (row["mcse"] + row["network_mcse"]))
    assert abs(row["p"] - row["network_p"]) > 0.05  # the balance alone says something else
    assert published["low"].p == 0
    assert sum(outcome.p for outcome in published.values()) == pytest.approx(1.0)
    toll = ferry.forecast("toll-by-2025").outcomes[0]
    assert published["high"].high - published["high"].low > 0.5 * (toll.high - toll.low)


def test_what_the_network_says_of_sides_takes_nothing_from_the_question_without_events(ferry: EditionFit) -> None:
    told = ferry.posterior.told()
    assert set(told) == {"toll-index"}
    sides = {side: p for side, (p, _) in told["toll-index"].items()}
    assert sum(sides.values()) == pytest.approx(np.ones(len(sides["high"])))
    assert (sides["low"] == 0).all()


def test_a_side_is_as_likely_as_what_it_needs_times_the_side_given_that(ferry: EditionFit) -> None:
    """The index is all but sure to come out high where it can, so the side is as likely as the toll by the network."""
    table = two_models(ferry).set_index(["question", "outcome"])  # type: ignore[union-attr]
    quay, other = table.loc[("quay-index", "high")], table.loc[("toll-index", "high")]
    assert (quay["relation"], quay["verdict"]) == ("needs", "agree")
    assert quay["p"] == pytest.approx(quay["network_p"], abs=0.01)
    assert quay["base_p"] == pytest.approx(quay["network_base_p"], abs=0.01)
    assert other["verdict"] == ("apart" if abs(other["gap"]) > 0.15 else "agree")


@pytest.mark.slow
def test_where_the_network_is_not_asked_of_what_is_needed_the_link_alone_answers(ferry: EditionFit) -> None:
    told = ferry.further["balance"].layers["posterior"]
    alone = replace(told.inputs, case=replace(told.inputs.case, chances={}))
    paths = told.model.simulate(told.posterior, alone, random_seed=3)
    (question,) = [q for q in ferry.edition.further["balance"] if q.id == "quay-index"]
    assert told.model.outcomes(paths, question).p[:, 2].mean() > 0.9


def test_the_reading_of_a_balance_takes_its_prior_to_its_posterior() -> None:
    rng = np.random.default_rng(1)
    before, after = rng.normal(-1.0, 1.5, 200_000), rng.normal(1.2, 0.5, 200_000)
    y, sd = normal_reading(before, after)  # type: ignore[misc]
    variance = 1 / (1 + 1 / sd**2)  # of a standard normal driver after the reading
    assert variance**0.5 == pytest.approx(0.5 / 1.5, rel=0.01)
    assert variance * y / sd**2 == pytest.approx((1.2 + 1.0) / 1.5, rel=0.01)
    assert normal_reading(after, before) is None


def test_a_claim_that_the_balance_reads_too_gives_its_place_to_the_balance(ferry: EditionFit) -> None:
    """The claim says that Norland is ahead, the balance says Sudland: in its place the pact is likelier, as the loading says."""
    read = reading_of_balance(ferry)
    assert read is not None
    assert (read.driver, read.claims) == ("upper-hand", frozenset({"n-009"}))
    assert read.location > 0
    table = upper_hand(ferry)
    assert table is not None
    row = table.set_index("question").loc["pact-by-2025"]
    assert row["p"] < row["p_without"] < row["p_with"]
    assert row["change"] == pytest.approx(row["p_with"] - row["p_without"])
    assert row["change"] > 3 * row["mcse"] > 0
    assert row["k_hat"] < 0.7


def test_an_edition_without_a_driver_of_that_name_is_asked_nothing(ferry: EditionFit) -> None:
    other = replace(ferry, structure=replace(ferry.structure, driver_ids=("another",)))
    assert reading_of_balance(other) is None
    assert upper_hand(other) is None
    assert two_models(replace(ferry, edition=replace(ferry.edition, further={}))) is None

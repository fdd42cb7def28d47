"""A reading with biases learned: the formula, and that nothing learned is nothing changed."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import pytest
from scipy.stats import norm
from toy import toy_edition

from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.learned import LearnedRow
from forecasting.elicitation.learned import corrected
from forecasting.elicitation.numbers import Number
from forecasting.elicitation.quantify import quantify
from forecasting.elicitation.wording import inverse_cloglog


@pytest.fixture(scope="module")
def edition() -> EditionDossier:
    return toy_edition()


@pytest.fixture(scope="module")
def claim(edition: EditionDossier) -> Claim:
    return edition.dossier.claims["n-001"]


@pytest.fixture(scope="module")
def number(edition: EditionDossier) -> Number:
    found = quantify(edition).get("judgement", "n-001")
    assert found
    return found


def row(parameter: str, name: str, mean: float) -> LearnedRow:
    return LearnedRow(parameter=parameter, name=name, settled=3, mean=mean, sd=0.1, before=dt.date(2024, 1, 1))


def rows(claim: Claim, source: float, wording: float, kind: float, log_spread: float) -> list[LearnedRow]:
    return [
        row("source_bias", claim.source, source), row("wording_bias", claim.wording, wording),
        row("kind_bias", "said to happen" if claim.direction == "occurs" else "said not to happen", kind),
        row("log_source_spread", claim.source, log_spread), row("source_bias", "another", 1.9),
    ]  # fmt: skip


def test_biases_add_up_on_the_probit_scale_and_the_spread_is_carried_over_by_the_slope(claim: Claim, number: Number) -> None:
    after = corrected(number, claim, rows(claim, 0.2, -0.05, 0.1, math.log(1.5)))
    p, moved = (float(inverse_cloglog(one.location)) for one in (number, after))
    assert norm.ppf(moved) == pytest.approx(norm.ppf(p) + 0.25, abs=1e-9)
    # the same on the probit scale: 1.5 spreads, to first order
    step = 1e-5
    probit = [float(norm.ppf(inverse_cloglog(one.location + step)) - norm.ppf(inverse_cloglog(one.location))) / step
              for one in (number, after)]  # fmt: skip
    assert after.spread * probit[1] == pytest.approx(1.5 * number.spread * probit[0], rel=1e-4)
    assert "source +0.20, wording -0.05, kind +0.10, spread × 1.50; before 75 %" in after.read


def test_of_what_was_said_not_to_happen_the_event_moves_the_other_way(claim: Claim, number: Number) -> None:
    said_not = claim.model_copy(update={"direction": "does-not-occur"})
    after = corrected(number, said_not, rows(said_not, 0.2, 0.0, 0.0, 0.0))
    z, moved = (norm.ppf(inverse_cloglog(one.location)) for one in (number, after))
    assert moved == pytest.approx(z - 0.2, abs=1e-9)


def test_nothing_learned_is_nothing_changed(claim: Claim, number: Number) -> None:
    assert corrected(number, claim, [row("source_bias", "another", 0.4)]) is number
    still = corrected(number, claim, rows(claim, 0.0, 0.0, 0.0, 0.0))
    assert (still.location, still.spread) == (number.location, number.spread)


def test_only_an_edition_that_names_the_table_reads_by_it(edition: EditionDossier, claim: Claim, number: Number) -> None:
    dossier = replace(edition.dossier, learned={"2024": tuple(rows(claim, 0.3, 0.0, 0.0, 0.0))})
    assert quantify(replace(edition, dossier=dossier)).get("judgement", "n-001") == number
    named = replace(edition, dossier=dossier, edition=edition.edition.model_copy(update={"learned": "2024"}))
    assert quantify(named).get("judgement", "n-001").location > number.location

"""A claim that takes an answer far from its class: each of the three conditions decides, and each question is named once."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from sample_runs import sample_run
from toy import toy_edition

from forecasting.report.below import below_of
from forecasting.report.context import titled
from forecasting.trace.lone_claims import band_of, carried_far, lone_claims


@pytest.mark.parametrize(
    ("p", "without", "base", "far"),
    [
        (0.60, 0.12, 0.08, True),  # 48 points; odds of 1.5 against 0.087
        (0.12, 0.60, 0.08, False),  # the same back to the class
        (0.40, 0.88, 0.92, True),  # downwards: odds of 0.67 against 11.5
        (0.54, 0.33, 0.32, False),  # 21 points; odds of 1.174 against 0.471 are 2.49 times as much
        (0.55, 0.34, 0.28, True),  # 21 points; odds of 1.222 against 0.389 are 3.14 times as much
        (0.50, 0.30, 0.10, False),  # 20 points and no more, over two bands: unlikely, about even; odds are nine times as much
        (0.51, 0.30, 0.10, True),  # 21 points
        (0.19, 0.02, 0.02, False),  # 17 points over two bands: almost no chance, very unlikely
        (0.22, 0.04, 0.04, True),  # 18 points over three bands: almost no chance, very unlikely, unlikely
        (0.56, 0.44, 0.25, True),  # 12 points over three: unlikely, about even, likely
        (0.56, 0.44, 0.32, False),  # the same, but odds of 1.27 against 0.47 are 2.7 times as much
        (0.99, 0.90, 0.50, False),  # nine points over two bands, however far the class is
        (0.60, 0.12, 0.0, True),  # a class that says never
        (0.0, 0.60, 0.0, False),  # and an answer that says so too
    ],
)
def test_a_claim_carries_far_where_it_moves_much_and_leaves_the_answer_outside_its_class(
    p: float, without: float, base: float, far: bool
) -> None:
    assert carried_far(p, without, base) is far
    assert carried_far(1 - p, 1 - without, 1 - base) is far  # the answer "no" is the same answer


def test_bands_are_those_of_the_words() -> None:
    # ICD 203: a shared edge belongs to the band nearer to one half
    at = (0.0, 0.04, 0.05, 0.19, 0.20, 0.44, 0.45, 0.55, 0.56, 0.80, 0.81, 0.95, 0.96, 1.0)
    assert [band_of(p) for p in at] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]


@pytest.fixture(scope="module")
def run():
    """A run whose table says what each claim moves, with numbers made up for this test."""
    found = sample_run(toy_edition())
    base = {"pact-by-2025": 0.08, "toll-by-2025": 0.5}
    forecasts = tuple(
        replace(one, outcomes=tuple(replace(o, base_p=base.get(one.question, o.base_p)) for o in one.outcomes))
        for one in found.forecasts
    )
    rows = [
        ("pact-by-2025", "yes", 0.60, 0.30, 0.30, 0.1, "weights", "n-001"),
        ("pact-by-2025", "yes", 0.60, 0.12, 0.48, 0.1, "weights", "n-002"),
        ("pact-by-2025", "yes", 0.60, float("nan"), float("nan"), 0.9, "not known", "n-003"),
        ("toll-by-2025", "yes", 0.60, 0.30, 0.30, 0.1, "weights", "n-001"),
    ]
    names = ["question", "outcome", "p", "p_without", "change", "k_hat", "how", "claim"]
    table = pd.DataFrame(rows, columns=names).assign(pathway="direct").reindex(columns=list(found.influence.columns))
    return replace(found, forecasts=forecasts).with_tables(influence=table)


def test_each_question_is_named_once_with_the_claim_that_moves_it_furthest(run) -> None:
    (one,) = lone_claims(run)
    assert (one.question, one.claim, one.outcome) == ("pact-by-2025", "n-002", "")
    assert (one.p, one.p_without, one.base_p) == (0.60, 0.12, 0.08)
    assert one.line == (
        "pact-by-2025: one claim, n-002, takes it from 12 % to 60 %, where counted cases alone say 8 %; look again at how its "
        "sentence is read, at its grades, and whether a second source says the same (forecast trace n-002)"
    )


def test_a_run_without_the_table_has_no_warning(run) -> None:
    assert lone_claims(run.with_tables(influence=run.influence[:0])) == ()


def test_the_report_names_the_answer_and_the_claim_with_links_to_both(run) -> None:
    edition = toy_edition()
    (line,) = below_of(run, edition, titled(edition, run.forecasts)).lone
    assert (line.anchor, line.claim_anchor) == ("q-pact-by-2025", "claim-n-002")
    assert (line.p, line.without, line.base) == ("60 %", "12 %", "8 %")

"""What a report says of the claims behind a number: how each is read, by which road it comes, and how many there are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from toy import made_up_run, toy_edition

from forecasting.claims.records import Target
from forecasting.report.evidence import claims_behind, road_words
from forecasting.roads import LAPSED, PINNED

EDITION = toy_edition()
CLAIMS = {claim.id: claim for claim in EDITION.claims}


def test_a_conditional_judgement_shows_its_condition_where_it_says_how_it_is_read() -> None:
    given = CLAIMS["n-001"].model_copy(update={"target": Target(event=("pact-signed",), given={"toll-raised": False})})
    read = "its wording is read as a probability"
    assert road_words(EDITION, given) == f"{read}, given that “What happens to toll-raised” has not happened"
    assert road_words(EDITION, CLAIMS["n-001"]) == read


def test_a_claim_names_the_arrow_that_goes_with_it_and_says_if_it_has_lapsed() -> None:
    arrow = "without it goes the arrow from “What happens to pact-signed” to “What happens to toll-raised”"
    assert road_words(EDITION, CLAIMS["n-002"]) == f"its wording is read as a probability; {arrow}"
    late = replace(EDITION, edition=EDITION.edition.model_copy(update={"as_of": EDITION.as_of.replace(year=2027)}))
    assert road_words(late, CLAIMS["n-003"]) == f"a reported fact that fits one outcome better; {LAPSED}"
    assert "lapsed" not in road_words(EDITION, CLAIMS["n-003"])


def test_a_claim_about_the_cause_of_an_arrow_says_that_the_target_is_pinned(tmp_path: Path) -> None:
    run, lines = made_up_run(tmp_path), {}
    for forecast in run.forecasts:
        exact = replace(forecast, outcomes=(replace(forecast.headline, mcse=0.0),))
        lines[forecast.question] = claims_behind(run, EDITION, exact).lines
    assert [line.indirect for line in lines["toll-by-2025"]] == [f"through an arrow: {PINNED}"]
    assert [line.indirect for line in lines["pact-by-2025"]] == ["", ""]

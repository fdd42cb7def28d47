"""What a report says of the claims behind a number: how each is read, by which pathway it comes, and how many there are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from toy import made_up_run, toy_edition

from forecasting.analysis.pathways import EXPIRED, PINNED
from forecasting.analysis.registry import columns_of
from forecasting.dossier.claims import Target
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.build import build_network
from forecasting.models.network.inputs import network_inputs
from forecasting.report.evidence import claims_behind, pathway_words, speaker_words
from forecasting.report.quantities import QUANTITIES, quantity_titles, quantity_words
from forecasting.report.sensitivity import no_news
from forecasting.report.waterfall import part_title
from forecasting.trace.claim_counts import moving_claims
from forecasting.trace.questions import trace_question

EDITION = toy_edition()
CLAIMS = {claim.id: claim for claim in EDITION.claims}


def test_a_conditional_judgement_shows_its_condition_where_it_says_how_it_is_read() -> None:
    given = CLAIMS["n-001"].model_copy(update={"target": Target(event=("pact-signed",), given={"toll-raised": False})})
    read = "its wording is read as a probability"
    assert pathway_words(EDITION, given) == f"{read}, given that “What happens to toll-raised” has not happened"
    assert pathway_words(EDITION, CLAIMS["n-001"]) == read


def test_a_claim_names_the_effect_that_goes_with_it_and_says_if_it_has_expired() -> None:
    effect = "the effect from “What happens to pact-signed” to “What happens to toll-raised” depends on it alone"
    assert pathway_words(EDITION, CLAIMS["n-002"]) == f"its wording is read as a probability; {effect}, and would go with it"
    late = replace(EDITION, edition=EDITION.edition.model_copy(update={"as_of": EDITION.as_of.replace(year=2027)}))
    sign = "a moderate sign (×2) that raises it; true with probability 0.7 → ×1.7; grade B2"
    assert pathway_words(late, CLAIMS["n-003"]) == f"a reported fact that fits one outcome better ({sign}); {EXPIRED}"
    assert "expired" not in pathway_words(EDITION, CLAIMS["n-003"])


def test_a_claim_about_the_cause_of_an_effect_says_that_the_target_is_pinned(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    lines = {forecast.question: claims_behind(run, EDITION, forecast).lines for forecast in run.forecasts}
    assert [line.indirect for line in lines["toll-by-2025"]] == [f"through an effect: {PINNED}"]
    assert [line.indirect for line in lines["pact-by-2025"]] == ["", ""]


@pytest.mark.parametrize(
    ("speaker", "role", "said"),
    [
        ("author", "author of the analysis", "the author"),
        ("GUR", "Ukraine's military intelligence", "GUR, Ukraine's military intelligence"),
        ("harbour board", "harbour board of Sudland", "harbour board of Sudland"),
        ("observers", "Observers", "observers"),
        ("observers", "", "observers"),
    ],
)
def test_nobody_is_named_twice(speaker: str, role: str, said: str) -> None:
    assert speaker_words(CLAIMS["n-001"].model_copy(update={"speaker": speaker, "speaker_role": role})) == said


def test_event_free_exposure_taken_out_alone_is_told_apart_from_a_share_of_the_change(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    alone = no_news(run, run.forecasts[0])
    # 31 % without it, 30 % with it
    assert "had nothing been known of the quiet time until now, it would be 31 %" in alone
    assert "that nothing happened moves it by −1.0 points (taken out alone)" in alone
    part = ("pact-by-2025", "yes", "no-news", -0.004, 0.001)
    both = no_news(run.with_tables(changes=pd.DataFrame([part], columns=list(columns_of("changes")))), run.forecasts[0])
    assert f"(taken out alone; “{part_title('no-news')}” below is a share of the change between two editions)" in both


def test_the_gate_names_quantities_in_words() -> None:
    titles = quantity_titles(EDITION, ())
    pact, toll = "“What happens to pact-signed”", "“What happens to toll-raised”"
    words = {
        "class_rate[rival (per year)]": "yearly rate of the place kept free for a rival class",
        "class_rate[tolls-raised]": "yearly rate of class “tolls raised”",
        "log_hazard[pact-signed]": f"pace of {pact}",
        "effect_beta_offset[pact-lowers-toll]": f"strength of effect from {pact} to {toll}",
        "loading_weight[empty-coffers:toll-raised]": f"weight of pressure “Sudland is short of money” on {toll}",
        "signal_log_ratio[n-003:pact-signed]": f"weight of a reported fact about {pact}",
        "source_offset[norland-times:toll-raised]": f"error that claims of one source about {toll} share",
        "origin_spread": "size of the errors that claims of one origin share",
        "pact-signed": pact,
        "the sampler": "the sampler",
    }
    assert {name: quantity_words(name, titles) for name in words} == words


def test_every_variable_of_the_model_has_a_name_in_words() -> None:
    model = build_network(network_inputs(EDITION, quantify(EDITION)))
    # a name that ends in "__" is the sampler's own and never reported
    names = {variable.name for variable in (*model.free_RVs, *model.deterministics) if not variable.name.endswith("__")}
    assert {name.removesuffix("_offset") for name in names} <= QUANTITIES.keys()


def test_trace_and_report_list_the_same_claims_however_small_their_change(tmp_path: Path) -> None:
    # 0.4 points on the toll stand below four errors of its answer (1.1), a floor that the page once had of its own
    run = made_up_run(tmp_path)
    for forecast in run.forecasts:
        shown = [line.claim.id for line in claims_behind(run, EDITION, forecast).lines]
        told = trace_question(run, EDITION, forecast.question)
        listed = [line.split()[0] for line in told.split("CLAIMS that moved it")[1].splitlines() if " [" in line]
        assert shown == listed == moving_claims(run, forecast.question)
    assert moving_claims(run, "toll-by-2025") == ["n-001"]
    assert moving_claims(run, "pact-by-2025") == ["n-003", "n-001"]  # 15 and 12 points

"""What a report calls speakers and quantities, and which claims it lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy import made_up_run, toy_edition

from forecasting.elicitation.quantify import quantify
from forecasting.models.network.build import build_network
from forecasting.models.network.inputs import network_inputs
from forecasting.report.below import below_of
from forecasting.report.evidence import speaker_words
from forecasting.report.quantities import QUANTITIES, quantity_titles, quantity_words
from forecasting.trace.claim_counts import moving_claims
from forecasting.trace.questions import trace_question

EDITION = toy_edition()
CLAIMS = {claim.id: claim for claim in EDITION.claims}


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
    articles = below_of(run, EDITION, run.forecasts).articles
    for article in articles:
        (forecast,) = article.family.forecasts
        shown = {pull.entry.claim.id for side in (article.raising, article.lowering) for pull in side.shown}
        told = trace_question(run, EDITION, forecast.question)
        listed = [line.split()[0] for line in told.split("CLAIMS that moved it")[1].splitlines() if " [" in line]
        assert listed == moving_claims(run, forecast.question)
        assert shown == set(listed)
    assert len(articles) == len(run.forecasts)
    assert moving_claims(run, "toll-by-2025") == ["n-001"]
    assert moving_claims(run, "pact-by-2025") == ["n-003", "n-001"]  # 15 and 12 points

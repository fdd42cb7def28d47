"""The effective number of independent claims: repetition, one source and overlapping facts, worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from toy import COPIES, event_yaml, small_edition, toy_edition

from forecasting.elicitation.quantify import quantify
from forecasting.models.network.independence import independence
from forecasting.models.network.structure import build_structure


def worth(edition) -> dict[str, tuple[int, float]]:
    found = independence(edition, build_structure(edition, quantify(edition)), quantify(edition))
    return {name: (got.n_claims, got.n_effective) for name, got in found.items()}


def test_five_facts_of_one_speaker_in_one_source_are_worth_two() -> None:
    n, effective = worth(toy_edition())["quay-closed"]
    assert n == len(COPIES) == 5
    # at the mean overlap of ½: 1 + ½ + ¼ + ⅛ + 1/16
    assert effective == pytest.approx(1.9375)


def test_a_judgement_and_a_fact_of_one_event_add_up() -> None:
    # n-001 reads the hazard, n-003 shifts it: two pathways, nothing repeated
    assert worth(toy_edition())["pact-signed"] == (2, pytest.approx(2.0))
    assert worth(toy_edition())["ferry-runs"] == (0, 0.0)


def judgement(
    origin: str, wording: str = "likely", quote: str = "likely to be signed this year", years: float = 1.0
) -> tuple[str, str]:
    return quote, f"""\
        paraphrase: A signature is more probable than not.
        speaker: {origin}
        kind: judgement
        wording: {wording}
        lexicon: plain
        target: {{event: pact}}
        direction: occurs
        horizon: {{years: {years}, stated: true}}
        made_on: 2024-07-01
        reliability: B
        credibility: 3
        origin: {origin}
        """


def test_judgements_of_one_source_share_its_error(tmp_path: Path) -> None:
    events = {"pact": event_yaml("pact", "pacts-signed")}
    apart = {"n-101": judgement("wire"), "n-102": judgement("envoy", quote="is likely to be signed")}
    # σ² = 0.27955² + 0.31² + 0.44² = 0.36785 each, s² = 0.16: ρ = 0.16/0.52785 = 0.30312, so 2/(1 + ρ) = 1.5348
    assert worth(small_edition(tmp_path / "a", events, claims=apart))["pact"] == (2, pytest.approx(1.5348, abs=1e-3))
    # two sentences of one speaker share their source's error in the same way; retold in another source they would be copies
    own = {"n-101": judgement("wire"), "n-102": judgement("wire", quote="is likely to be signed", years=2.0)}
    assert worth(small_edition(tmp_path / "b", events, claims=own))["pact"] == (2, pytest.approx(1.5348, abs=1e-3))
    # the same words again are a copy, worth a tenth: n = 1.1, and 1.1/(1 + 0.1 ρ) = 1.0676
    same = {"n-101": judgement("wire"), "n-102": judgement("wire", quote="is likely to be signed")}
    assert worth(small_edition(tmp_path / "c", events, claims=same))["pact"] == (2, pytest.approx(1.0676, abs=1e-3))


def test_it_never_exceeds_the_number_of_claims(project_dir: Path) -> None:
    from forecasting.rules.load import load_dossier

    dossier = load_dossier(project_dir / "priors")
    found = [pair for name in dossier.editions for pair in worth(dossier.edition(name)).values()]
    assert all(effective <= n + 1e-12 for n, effective in found)
    assert np.isfinite([effective for _, effective in found]).all()
    assert any(n > effective + 1 for n, effective in found)

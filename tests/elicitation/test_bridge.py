"""From an elicited probability to the network's scale, and into a dossier that holds all rules."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from builders import write_dossier
from elicited_priors import prior, shares, stated
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.elicitation.bridge import dossier_files, lexicon_row, log_hazard
from forecasting.elicitation.mixture import mixture
from forecasting.elicitation.prior_files import write_prior
from forecasting.elicitation.quantify import quantify
from forecasting.elicitation.wording import read_wording
from forecasting.errors import UsageError
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.structure import build_structure
from forecasting.rules.load import load_dossier


def test_a_row_holds_the_five_quantiles_and_says_where_they_are_from() -> None:
    # LogitNormal(−1, 0.5): logistic(−1 + 0.5 z) at z = ∓1.644854, ∓0.674490, 0
    row = lexicon_row(stated("LogitNormal", {"mu": -1, "sigma": 0.5}))
    z = np.array([-1.644854, -0.674490, 0, 0.674490, 1.644854])
    assert [row.p05, row.p25, row.p50, row.p75, row.p95] == pytest.approx(1 / (1 + np.exp(1 - 0.5 * z)), abs=1e-6)
    assert (row.wording, row.n) == ("deal-a", 0)
    assert row.citation.startswith("Elicited from A. Analyst on 2024-12-13 by quartile (q1 0.")
    assert row.citation.endswith("P(a deal within a year)")


def test_the_log_hazard_is_the_clog_log_less_the_log_of_the_horizon() -> None:
    # the network's own reading of the row, moved by log 2 for two years
    one, two = log_hazard(prior(years=1)), log_hazard(prior(years=2))
    reading = read_wording(lexicon_row(prior()))
    assert (one.location, one.spread) == pytest.approx((reading.location, reading.spread))
    assert two.location == pytest.approx(one.location - math.log(2))
    assert two.spread == one.spread
    # the median hazard of two years' 25.6 % is about −log(1 − 0.256)/2 = 0.148 a year
    assert math.exp(two.location) == pytest.approx(0.148, abs=0.015)


def test_the_interval_at_another_horizon_follows_from_a_constant_hazard() -> None:
    # from one year to half a year: 1 − √(1 − p)
    found = log_hazard(prior(years=1))
    for year, half in zip(found.interval(1.0), found.interval(0.5), strict=True):
        assert half == pytest.approx(1 - math.sqrt(1 - year))


def test_what_the_normal_on_that_scale_misses_is_said() -> None:
    # a Beta is not a normal on the cloglog scale: its p05 of 0.096 comes back as 0.103, its p95 of 0.484 as 0.509
    found = log_hazard(prior())
    row = lexicon_row(prior())
    low, high = found.interval(1.0, 0.9)
    assert found.misfit == pytest.approx(max(abs(low - row.p05), abs(high - row.p95)), abs=1e-6)
    assert 0.02 < found.misfit < 0.03


def test_a_log_hazard_enters_a_model_as_a_normal_variable() -> None:
    import pymc as pm

    found = log_hazard(prior())
    with pm.Model():
        variable = found.to_pymc("log_hazard")
    density = float(np.exp(pm.logp(variable, found.location).eval()))
    assert density == pytest.approx(1 / (found.spread * math.sqrt(2 * math.pi)))


def test_what_is_no_probability_of_an_event_within_a_horizon_is_refused() -> None:
    with pytest.raises(UsageError, match=r"deal-a is a Normal, no probability of an event; elicit a Beta or a LogitNormal"):
        lexicon_row(stated("Normal", {"mu": 0, "sigma": 1}))
    with pytest.raises(UsageError, match=r"stages is a Dirichlet, no probability"):
        lexicon_row(shares())
    with pytest.raises(UsageError, match=r"deal-a has no years; elicit it with years=1"):
        log_hazard(prior(years=None))
    with pytest.raises(UsageError, match=r"both is a mixture, which one row would flatten; write a row and a claim for each"):
        lexicon_row(mixture("both", [prior(), prior(id="deal-b")]))
    with pytest.raises(UsageError, match=r"touch 0 or 1"):
        lexicon_row(stated("LogitNormal", {"mu": 15, "sigma": 1}))


@pytest.fixture
def ferry(tmp_path: Path, project_dir: Path) -> Path:
    """Return a dossier into which two analysts' priors were put, with their files beside it."""
    root, texts = tmp_path / "priors", tmp_path / "texts"
    texts.mkdir()
    shutil.copytree(write_dossier(tmp_path / "made", project_dir), root)
    first = prior(id="panel-a", about="P(the ferry pact is signed within a year)", made_on="2024-06-20")
    second = stated("LogitNormal", {"mu": -2, "sigma": 0.6}, id="panel-b", about=first.about, analyst="Zoë Ōe",
                    made_on="2024-06-20")  # fmt: skip
    for record in (first, second):
        write_prior(record, texts / f"{record.id}.yaml")
        files = dossier_files(record, event="pact-signed", lexicon=record.id, reliability="B", credibility=3)
        for name, text in files.items():
            (root / name).write_text(text, encoding="utf-8")
    edition = root / "editions/2024-07-ferry.yaml"
    edition.write_text(edition.read_text().replace("[norland-times]", "[norland-times, panel-a, panel-b]"))
    return root


def test_the_records_hold_every_rule_of_the_dossier(ferry: Path) -> None:
    result = CliRunner().invoke(app, ["check", "--priors", str(ferry)])
    assert result.exit_code == 0, result.output


def test_the_claim_is_verified_against_the_priors_own_file(ferry: Path) -> None:
    result = CliRunner().invoke(app, ["verify", "--priors", str(ferry), "--texts", str(ferry.parent / "texts")])
    assert "panel-a" in result.output
    failures = [line for line in result.output.splitlines() if "panel" in line and "warning" in line]
    assert failures == [], result.output


def test_the_network_reads_each_analyst_as_a_claim_of_its_own(ferry: Path) -> None:
    edition = load_dossier(ferry).edition("2024-07-ferry")
    claims = {claim.id: claim for claim in edition.claims if claim.id.startswith("c-panel")}
    assert set(claims) == {"c-panel-a", "c-panel-b"}
    for name, claim in claims.items():
        assert (claim.kind, claim.wording, claim.target.event, claim.direction) == (
            "judgement",
            name[2:],
            ("pact-signed",),
            "occurs",
        )
        assert (claim.horizon.years, claim.horizon.stated) == (1.0, True)
    assert {claim.origin for claim in claims.values()} == {"a-analyst", "zoe-oe"}
    row = load_dossier(ferry).lexicons["panel-a"]["panel-a"]
    assert row == lexicon_row(prior(id="panel-a", about="P(the ferry pact is signed within a year)", made_on="2024-06-20"))


def test_its_number_reaches_the_model_as_the_reading_of_its_row(ferry: Path) -> None:
    edition = load_dossier(ferry).edition("2024-07-ferry")
    evidence = build_evidence(edition, build_structure(edition, quantify(edition)), quantify(edition))
    for name in ("panel-a", "panel-b"):
        reading = read_wording(load_dossier(ferry).lexicons[name][name])
        assert np.min(np.abs(np.asarray(evidence.claims.reading) - reading.location)) < 1e-12


def test_the_three_files_are_what_the_documentation_says(project_dir: Path) -> None:
    record = prior(id="deal-a", years=1)
    files = dossier_files(record, event="base-deal", lexicon="panel", reliability="B", credibility=3)
    assert list(files) == ["sources/deal-a.yaml", "claims/deal-a.yaml", "lexicons/panel.csv"]
    assert files["lexicons/panel.csv"] == dedent("""\
        wording,p05,p25,p50,p75,p95,reads,n,citation
        deal-a,0.0955621,0.179695,0.256397,0.344935,0.483675,level,0,"Elicited from A. Analyst on 2024-12-13 by maxent (lower 0.1, upper 0.4, mass 0.8): P(a deal within a year)"
        """)  # noqa: E501
    denied = dossier_files(record, event="base-deal", lexicon="panel", reliability="B", credibility=3, direction="does-not-occur")
    assert 'direction: "does-not-occur"' in denied["claims/deal-a.yaml"]
    with pytest.raises(UsageError, match=r"is too long to name a claim as well; write an id of at most 62 characters"):
        dossier_files(prior(id="d" * 63), event="base-deal", lexicon="panel", reliability="B", credibility=3)

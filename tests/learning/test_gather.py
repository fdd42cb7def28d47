"""What enters learning: judgements and questions that were settled before a day, and none after."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import numpy as np
import pandas as pd
import pytest
from builders import CLAIMS, FILES, claim_yaml, write_dossier
from sample_runs import sample_run
from scored_ledgers import ledger_of, settled

from forecasting.learning.evidence import lessons
from forecasting.learning.gather import asked, judgements, on_probit, questions_of_ledger, questions_of_runs
from forecasting.ledger.standing import Standing
from forecasting.rules.load import load_dossier

CAME = dedent(FILES["history.csv"] or "") + (
    "2025-03-05,pact-signed,occurred,,Test Gazette 2025-03-06,confirmed,signed\n"
    "2025-12-31,toll-raised,survived,,Test Gazette 2025-12-31,confirmed,old toll\n"
)


def dossier_in(folder: Path, project: Path, *, turned: bool = False):
    """The ferry with what came of it; ``turned``: the toll is said not to be raised."""
    claims = "".join(claim_yaml(key, *value) for key, value in CLAIMS.items())
    if turned:
        head, n_002, rest = claims.partition("- id: n-002")
        claims = head + n_002 + rest.replace("direction: occurs", "direction: does-not-occur", 1)
    return load_dossier(write_dossier(folder, project, {"history.csv": CAME, "claims/norland-times.yaml": claims}))


def test_judgements_are_settled_by_their_horizon_and_only_by_what_was_known_before_the_day(tmp_path, project_dir):
    dossier = dossier_in(tmp_path, project_dir)

    def came(before: str) -> dict[str, bool | None]:
        return {one.claim: one.came for one in judgements(dossier, dt.date.fromisoformat(before))}

    assert came("2024-07-01") == {}  # said on that day, not before it
    assert came("2025-03-05") == {"n-001": None, "n-002": None}
    assert came("2025-03-06") == {"n-001": True, "n-002": None}
    assert came("2026-01-01") == {"n-001": True, "n-002": False}  # unlikely that it is raised; it was not


def test_what_is_said_of_not_happening_is_turned_round(tmp_path, project_dir):
    dossiers = (dossier_in(tmp_path / name, project_dir, turned=name == "against") for name in ("for", "against"))
    said, against = ({one.claim: one for one in judgements(dossier, dt.date(2026, 1, 1))} for dossier in dossiers)
    assert (said["n-002"].came, against["n-002"].came) == (False, True)
    assert against["n-002"].kind == "said not to happen"
    assert said["n-002"].z == pytest.approx(-0.89, abs=0.12)  # "unlikely" is about 20 % of whatever is said
    assert against["n-002"].z == pytest.approx(-0.89, abs=0.12)
    assert lessons(list(against.values()), []).names("kind") == ("said to happen", "said not to happen")


def test_the_probit_reading_keeps_median_and_order():
    z, spread = on_probit(np.log(-np.log(1 - 0.9)), 1e-6)
    assert z == pytest.approx(1.2816, abs=1e-4)
    assert spread > 0


def test_questions_of_a_ledger_are_those_that_came_about_before_the_day(tmp_path, project_dir):
    shares = [{"id": "yes", "title": "yes", "p": 0.3, "base_p": 0.2, "prior_p": 0.4},
              {"id": "no", "title": "no", "p": 0.7, "base_p": 0.8, "prior_p": 0.6}]  # fmt: skip
    ledger = ledger_of(tmp_path / "ledger", *settled("a", 0.3, "no", outcomes=shares), *settled("b", 0.3, "yes"))
    dossier = load_dossier(write_dossier(tmp_path, project_dir))
    standing = Standing(ledger.entries)
    assert questions_of_ledger(standing, dossier, [], dt.date(2027, 5, 1)) == []
    (one,) = questions_of_ledger(standing, dossier, [], dt.date(2027, 5, 2))  # "b" has no layers for "no"
    assert np.exp([one.base, one.claims, one.history]) == pytest.approx(np.array([[0.2, 0.8], [0.4, 0.6], [0.3, 0.7]]))
    assert one.came == 1


def test_an_outcome_that_a_layer_excludes_stays_out_and_takes_its_question_with_it_if_it_came(tmp_path, project_dir):
    dossier = load_dossier(write_dossier(tmp_path, project_dir))
    shares = [{"id": i, "p": p, "base_p": b, "prior_p": p} for i, p, b in (("x", 0.5, 0.4), ("y", 0.5, 0.6), ("z", 0.0, 0.1))]
    assert asked("q", shares, "z", "s", None, dossier) is None
    found = asked("q", shares, "y", "s", None, dossier)
    assert found is not None
    assert found.came == 1
    assert len(found.base) == 2


def test_questions_of_runs_are_settled_by_the_history_with_what_each_kind_and_source_adds(tmp_path, project_dir):
    dossier = dossier_in(tmp_path, project_dir)
    run = sample_run(dossier.edition("2024-07-ferry"))
    table = pd.DataFrame({
        "claim": ["n-001", "n-003"], "question": "pact-by-2025", "outcome": "yes", "p": 0.5, "p_without": [0.4, 0.25],
    })  # fmt: skip
    run = replace(run, tables={**run.tables, "influence": table, "sources": table.iloc[:0].assign(source="")})
    assert [one.question for one in questions_of_runs([run], dossier, dt.date(2024, 12, 1))] == []
    found = {one.question: one for one in questions_of_runs([run], dossier, dt.date(2026, 2, 1))}
    assert "pact-by-2025" in found
    pact = found["pact-by-2025"]
    assert pact.came == 0
    assert pact.parts["kind: judgement"] == pytest.approx((np.log(0.5 / 0.4), np.log(0.5 / 0.6)))
    assert pact.parts["kind: fact"] == pytest.approx((np.log(0.5 / 0.25), np.log(0.5 / 0.75)))

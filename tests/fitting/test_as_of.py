"""Nothing dated after an edition's as-of date moves a digit of it."""

from __future__ import annotations

from dataclasses import fields
from textwrap import dedent

import numpy as np
from builders import CLAIMS, FILES, claim_yaml, write_dossier

from forecasting.dossier.load import read_dossier
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.inputs import network_inputs
from forecasting.models.network.structure import build_structure
from forecasting.rules.load import load_dossier

EDITION = "2024-07-ferry"
LATER_ROWS = """\
2024-07-02,pact-signed,occurred,,Canary 2024-07-02,confirmed,a day too late
2024-08-01,toll-raised,signal,50,Canary 2024-08-01,confirmed,after the as-of date
2024-09-01,toll-raised,survived,,Canary 2024-09-01,confirmed,after the as-of date
"""


def arrays(priors):
    """Return every number that the edition's fit sees, by name."""
    edition = load_dossier(priors).edition(EDITION)
    s = build_structure(edition, quantify(edition))
    data = {name: values.values for name, values in network_inputs(edition, quantify(edition)).data_vars.items()}
    for field in fields(s):
        value = getattr(s, field.name)
        data[f"structure.{field.name}"] = value if isinstance(value, np.ndarray) else np.array(repr(value))
    return data


def assert_identical(first, second):
    assert first.keys() == second.keys()
    for name, value in first.items():
        assert np.array_equal(value, second[name]), name


def test_history_after_the_as_of_date_moves_no_array(tmp_path, project_dir):
    before = arrays(write_dossier(tmp_path / "a", project_dir))
    changes = {"history.csv": dedent(FILES["history.csv"]) + LATER_ROWS}
    assert_identical(before, arrays(write_dossier(tmp_path / "b", project_dir, changes)))


def test_history_on_the_as_of_date_does_move_one(tmp_path, project_dir):
    before = arrays(write_dossier(tmp_path / "a", project_dir))
    row = "2024-07-01,pact-signed,survived,,Test Gazette 2024-07-01,confirmed,no pact yet\n"
    after = arrays(write_dossier(tmp_path / "b", project_dir, {"history.csv": dedent(FILES["history.csv"]) + row}))
    assert not np.array_equal(before["row_log_exposure"], after["row_log_exposure"])


def test_an_event_that_opens_later_is_not_seen(tmp_path, project_dir):
    before = arrays(write_dossier(tmp_path / "a", project_dir))
    priors = write_dossier(tmp_path / "b", project_dir)
    path = priors / "events" / "ferry.yaml"
    block = path.read_text("utf-8").partition("- id: toll-raised")[0]
    late = block.replace("pact-signed", "pact-broken").replace("opens_on: 2024-01-01", "opens_on: 2024-07-02")
    path.write_text(path.read_text("utf-8") + late, "utf-8")
    effects = priors / "effects.yaml"
    effect = "  - {id: late-effect, from: pact-broken, to: toll-raised, acts: multiplies, sign: raises, grade: strong,\n" \
            "     claims: [], why: It comes too late.}\n"  # fmt: skip
    effects.write_text(effects.read_text("utf-8").replace("drivers: []", effect + "drivers: []"), "utf-8")
    dossier, failures = read_dossier(priors)
    assert not failures
    assert "pact-broken" in dossier.events
    assert_identical(before, arrays(priors))


def test_a_claim_dated_after_the_as_of_date_fails_the_check(tmp_path, project_dir):
    from forecasting.rules.check import check_dossier

    quote, record = CLAIMS["n-001"]
    late = claim_yaml("n-001", quote, record.replace("made_on: 2024-07-01", "made_on: 2024-07-05"))
    others = "".join(claim_yaml(key, *value) for key, value in CLAIMS.items() if key != "n-001")
    priors = write_dossier(tmp_path, project_dir, {"claims/norland-times.yaml": late + others})
    dossier, failures = read_dossier(priors)
    assert not failures
    found = [r for r in check_dossier(dossier) if r.status == "failure"]
    assert any("2024-07-05" in r.found and "2024-07-01" in r.found and r.where.line > 0 for r in found), found

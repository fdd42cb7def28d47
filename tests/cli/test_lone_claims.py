"""A fit in which one claim carries an answer far from its class: run, check, report and brief say so in plain words."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from builders import CLAIMS, FILES, claim_yaml, write_dossier
from page import Page
from toy import EDITION, PROJECT
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.forecasts import percent
from forecasting.runs.store import read_run

pytestmark = pytest.mark.slow
SURE = {"reliability: B": "reliability: A", "credibility: 3": "credibility: 1"}
RARE = ("pacts-signed,,6,40,year", "pacts-signed,,1,40,year")


def project(root: Path, changes: dict[str, str], counted: tuple[str, str]) -> Path:
    """A project in which a first claim is changed, and its class counted in another way."""
    quote, fields = CLAIMS["n-001"]
    for old, new in changes.items():
        assert old in fields
        fields = fields.replace(old, new)
    claims = {**CLAIMS, "n-001": (quote, fields)}
    classes = dedent(FILES["reference_classes.csv"])
    assert counted[0] in classes
    write_dossier(root, PROJECT, {
        "claims/norland-times.yaml": "".join(claim_yaml(key, *value) for key, value in claims.items()),
        "reference_classes.csv": classes.replace(*counted),
    })  # fmt: skip
    return root


def typed(root: Path, command: str, *words: str):
    folders = ["--priors", str(root / "priors"), "--runs", str(root / "runs")]
    folders += ["--reports", str(root / "reports")] if command == "report" else []
    return CliRunner().invoke(app, [command, *words, *folders])


def test_one_sure_word_about_what_hardly_ever_happens_is_named_everywhere(tmp_path: Path) -> None:
    root = project(tmp_path, SURE, RARE)
    ran = typed(root, "run", EDITION)
    assert ran.exit_code == 0, ran.output
    run = read_run(root / "runs" / EDITION)
    (row,) = run.influence[(run.influence["question"] == "pact-by-2025") & (run.influence["claim"] == "n-001")].itertuples()
    without, p, base = (percent(float(value)) for value in (row.p_without, row.p, run.forecast("pact-by-2025").headline.base_p))
    numbers = f"from {without} to {p}, where counted cases alone say {base}"
    line = f"pact-by-2025: one claim, n-001, takes it {numbers}; look again at how its sentence is read"
    assert line in ran.stdout
    assert "is read, at its grades, and whether a second source says the same (forecast trace n-001)" in ran.stdout
    checked = typed(root, "check")
    assert checked.exit_code == 0, checked.output
    assert f"{EDITION}: {line}" in checked.stdout
    assert typed(root, "report", EDITION).exit_code == 0
    page = Page((root / "reports" / f"{EDITION}.html").read_text("utf-8"))
    text = page.text()
    assert "A single claim takes these answers more than twenty points" in text
    assert "One claim takes it far beyond what counted cases say: check how it is read, and who else says so." in text
    assert f"{p}, without it {without}, counted cases alone {base}." in text


def test_an_ordinary_claim_is_named_nowhere(tmp_path: Path) -> None:
    root = project(tmp_path, {}, ("pacts-signed,,6,40,year", "pacts-signed,,6,40,year"))
    ran = typed(root, "run", EDITION)
    assert ran.exit_code == 0, ran.output
    assert "one claim" not in ran.stdout
    assert "one claim" not in typed(root, "check").stdout
    assert typed(root, "report", EDITION).exit_code == 0
    assert 'class="lone"' not in (root / "reports" / f"{EDITION}.html").read_text("utf-8")

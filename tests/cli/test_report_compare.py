"""``forecast report --compare``: what changed since another edition than the previous one, worked out as ``compare`` does."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest
from builders import FILES, write_dossier
from page import Page
from toy import EDITION as EARLIER
from toy import PROJECT
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.rules.load import load_dossier
from forecasting.runs.compare import what_changed
from forecasting.runs.store import read_run

EDITION = "2024-12-ferry"
RECORD = dedent(FILES[f"editions/{EARLIER}.yaml"])
LATER = RECORD.replace(EARLIER, EDITION).replace("July", "December").replace("as_of: 2024-07-01", "as_of: 2024-12-01")
pytestmark = pytest.mark.slow
NEWS = """\
2024-11-30,pact-signed,survived,,Test Gazette 2024-11-30,confirmed,no pact yet
2024-10-01,toll-raised,signal,3,Test Gazette 2024-10-01,confirmed,a toll booth was painted
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two editions, of which the later has a run, and no record says that the one came before the other."""
    root = tmp_path_factory.mktemp("two")
    write_dossier(root, PROJECT, {f"editions/{EDITION}.yaml": LATER, "history.csv": dedent(FILES["history.csv"]) + NEWS})
    ran = typed(root, "run", EDITION)
    assert ran.exit_code == 0, ran.output
    return root


def typed(root: Path, command: str, *words: object):
    folders = ["--priors", root / "priors", "--runs", root / "runs"]
    folders += ["--reports", root / "reports"] if command == "report" else []
    return CliRunner().invoke(app, [command, *map(str, (*words, *folders))])


def test_the_report_says_what_compare_says_and_stands_beside_the_one_without(project: Path) -> None:
    assert typed(project, "report", EDITION, "--format", "json").exit_code == 0
    own = {path.name: path.read_bytes() for path in (project / "reports").iterdir()}
    ran = typed(project, "report", EDITION, "--compare", EARLIER, "--format", "json")
    assert ran.exit_code == 0, ran.output
    assert f"{EDITION}: fitting what lies between {EARLIER} and now" in ran.stderr
    assert f"{EARLIER}: has no run made from these records" in ran.stderr
    assert f"to have the published ones: forecast run {EARLIER}" in ran.stderr
    twin = json.loads((project / "reports" / f"{EDITION}-since-{EARLIER}.json").read_text("utf-8"))
    written = {(question["id"], outcome["id"], part["part"]): (part["change"], part["mcse"])
               for question in twin["questions"] for outcome in question["outcomes"] for part in outcome["changed"]}  # fmt: skip
    dossier = load_dossier(project / "priors")
    run = read_run(project / "runs" / EDITION)
    found = what_changed(dossier.edition(EARLIER), dossier.edition(EDITION), runs=(None, run))
    expected = {(row.question, row.outcome, row.part): (row.change, row.mcse) for row in found.table.itertuples()}
    assert written == expected
    assert any(abs(change) > 0.02 for change, _ in written.values())  # five months have gone, and a booth was painted
    assert twin["compared"]["edition"] == EARLIER
    text = Page((project / "reports" / f"{EDITION}-since-{EARLIER}.html").read_text("utf-8")).text()
    assert "What changed since 1 July 2024" in text
    assert twin["compared"]["warning"] == found.warning == f"{EARLIER}: a quick refit for this comparison alone, " \
        "which was not held to the gate"  # fmt: skip
    assert found.warning[1:] in text
    assert f"forecast compare {EDITION} --with {EARLIER}" in text
    assert {name: (project / "reports" / name).read_bytes() for name in own} == own
    assert "What changed since" not in Page(own[f"{EDITION}.html"].decode("utf-8")).text()


@pytest.mark.parametrize(
    ("edition", "other", "said"),
    [
        (EDITION, EDITION, f"that is the edition of the report itself; name an earlier edition: {EARLIER}"),
        (EDITION, "2024-07-fery", f"no edition '2024-07-fery'; did you mean '{EARLIER}'"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_anything_is_fitted_or_written(
    project: Path, edition: str, other: str, said: str
) -> None:
    before = {path.name for path in (project / "reports").glob("*")}
    ran = typed(project, "report", edition, "--compare", other)
    assert ran.exit_code == 2
    assert said in " ".join(ran.stderr.split())
    assert "fitting" not in ran.stderr
    assert {path.name for path in (project / "reports").glob("*")} == before


def test_numbers_of_a_run_at_hand_are_the_published_ones_without_a_star_or_a_warning(project: Path) -> None:
    ran = typed(project, "run", EARLIER)
    assert ran.exit_code == 0, ran.output
    ran = typed(project, "report", EDITION, "--compare", EARLIER, "--audience", "brief", "--format", "json")
    assert ran.exit_code == 0, ran.output
    twin = json.loads((project / "reports" / f"{EDITION}-since-{EARLIER}.json").read_text("utf-8"))
    published = {forecast.question: forecast.headline.p for forecast in read_run(project / "runs" / EARLIER).forecasts}
    assert twin["compared"] == {"edition": EARLIER, "as_of": "2024-07-01", "warning": "", "published": sorted(published)}
    for question in twin["questions"]:
        outcome = next(one for one in question["outcomes"] if one["id"] == question["headline"])
        then = outcome["p"] - sum(part["change"] for part in outcome["changed"])
        if question["kind"] == "yes/no":
            assert then == pytest.approx(published[question["id"]], abs=1e-12)
    text = Page((project / "reports" / f"{EDITION}-since-{EARLIER}-brief.html").read_text("utf-8")).text()
    assert "From what was known on 1 July 2024 to what is known now" in text
    assert "*" not in text
    assert "refit" not in text

"""``forecast report --compare``: what changed since another edition than the previous one, worked out as ``compare`` does."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from textwrap import dedent

import pytest
from builders import FILES, write_dossier
from page import Page
from toy import EDITION as EARLIER
from toy import PROJECT
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.files import canonical_json, text_digest
from forecasting.report import kept_changes
from forecasting.report.kept_changes import kept_file, read_changes, what_changed_kept
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


def refuse(*arguments, **more):
    raise AssertionError("worked out anew")


def ends(project: Path):
    dossier = load_dossier(project / "priors")
    return dossier.edition(EARLIER), dossier.edition(EDITION)


def test_the_second_report_reads_what_the_first_worked_out_and_has_the_same_bytes(project: Path, monkeypatch) -> None:
    kept, page = kept_file(project / "runs", EDITION, EARLIER), project / "reports" / f"{EDITION}-since-{EARLIER}.html"
    kept.unlink(missing_ok=True)
    ran = typed(project, "report", EDITION, "--compare", EARLIER)
    assert (ran.exit_code, "fitting" in ran.stderr) == (0, True), ran.output
    own, written = page.read_bytes(), kept.read_bytes()
    page.unlink()
    before, after = ends(project)
    assert read_changes(before, after, (None, read_run(project / "runs" / EDITION)), project / "runs") is not None
    monkeypatch.setattr(kept_changes, "what_changed", refuse)
    ran = typed(project, "report", EDITION, "--compare", EARLIER)
    assert ran.exit_code == 0, ran.output
    assert "fitting" not in ran.stderr
    assert "worked out now" not in ran.stderr
    assert (page.read_bytes(), kept.read_bytes()) == (own, written)
    ran = typed_compare(project)  # and `forecast compare` reads the same
    assert ran.exit_code == 0, ran.output
    assert f"From {EARLIER} to {EDITION}" in ran.stdout


def typed_compare(project: Path):
    folders = ["--priors", str(project / "priors"), "--runs", str(project / "runs")]
    return CliRunner().invoke(app, ["compare", EDITION, "--with", EARLIER, *folders])


def test_what_is_kept_is_the_same_to_the_last_digit(project: Path) -> None:
    before, after = ends(project)
    runs = None, read_run(project / "runs" / EDITION)
    had = what_changed_kept(before, after, runs, project / "runs")
    found, kept = what_changed(before, after, runs=runs), read_changes(before, after, runs, project / "runs")
    for one in (had, kept):
        assert one.table.equals(found.table)
        assert one.ends.equals(found.ends)
        assert (dict(one.behind), dict(one.skipped), one.gates) == (dict(found.behind), dict(found.skipped), found.gates)
        assert (one.remarks, one.expired, one.refitted) == (found.remarks, found.expired, found.refitted)
        assert repr(one) == repr(found)


def damaged(value: dict, how: str) -> str:
    """A kept file with one change; where ``how`` says so, with the digest that belongs to it."""
    if how == "a number":
        value["table"][0][3] += 0.01
    elif how == "no number, sealed":
        value["table"][0][3] = "0.01"
    elif how == "other records, sealed":
        value["made_from"]["files"] = "0" * 64
    elif how == "another program, sealed":
        value["made_from"]["code"] = "0" * 64
    if how.endswith("sealed"):
        content = {name: field for name, field in value.items() if name != "digest"}
        value["digest"] = text_digest(canonical_json(content))
    text = json.dumps(value)
    return text[: len(text) // 2] if how == "half of it" else "[]" if how == "a list" else text


@pytest.mark.parametrize(
    "how", ["half of it", "a list", "a number", "no number, sealed", "other records, sealed", "another program, sealed"]
)
def test_what_is_damaged_or_made_from_something_else_is_not_believed(project: Path, how: str) -> None:
    before, after = ends(project)
    runs = None, read_run(project / "runs" / EDITION)
    what_changed_kept(before, after, runs, project / "runs")
    kept = kept_file(project / "runs", EDITION, EARLIER)
    good = kept.read_text("utf-8")
    assert read_changes(before, after, runs, project / "runs") is not None
    kept.write_text(damaged(json.loads(good), how), "utf-8")
    assert read_changes(before, after, runs, project / "runs") is None
    ran = typed(project, "report", EDITION, "--compare", EARLIER)
    assert (ran.exit_code, "fitting what lies between" in ran.stderr) == (0, True)
    assert kept.read_text("utf-8") == good  # and what is worked out anew takes its place


def test_a_changed_run_or_record_is_not_answered_from_what_was_kept_and_goes_at_the_next_clearing_up(project, tmp_path) -> None:
    shutil.copytree(project, tmp_path / "copy")
    copy = tmp_path / "copy"
    before, after = ends(copy)
    run = read_run(copy / "runs" / EDITION)
    what_changed_kept(before, after, (None, run), copy / "runs")
    assert read_changes(before, after, (None, run), copy / "runs") is not None
    assert read_changes(before, after, (run, run), copy / "runs") is None  # now the earlier one has a run too
    history = copy / "priors" / "history.csv"
    history.write_text(history.read_text("utf-8") + NEWS.splitlines()[0].replace("2024-11-30", "2024-11-29") + "\n", "utf-8")
    assert read_changes(*ends(copy), (None, run), copy / "runs") is None
    kept = kept_file(copy / "runs", EDITION, EARLIER)
    ran = typed(copy, "run", EDITION, "--seed", "7")
    assert ran.exit_code == 0, ran.output
    assert kept.is_file()  # the run was still there when the command began
    assert read_changes(*ends(copy), (None, read_run(copy / "runs" / EDITION)), copy / "runs") is None
    ran = typed(copy, "run", EDITION)
    assert f"removed {kept}, a comparison of runs that are no more" in " ".join(ran.stderr.replace("\n", "").split()), ran.stderr
    assert not kept.exists()


def test_a_folder_that_cannot_be_written_stands_in_nobodys_way(project: Path, tmp_path: Path, caplog) -> None:
    before, after = ends(project)
    run = read_run(project / "runs" / EDITION)
    (tmp_path / "runs").write_text("a file where a folder is wanted")
    found = what_changed_kept(before, after, (None, run), tmp_path / "runs")
    assert not found.table.empty
    assert "what changed was not kept, and is worked out anew next time" in caplog.text


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

"""A claim inherits what its source says once; what was inherited is shown with its place, and nothing else changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from broken_dossiers import edit, line_of
from builders import write_dossier
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.coding.scaffold import begin_claim
from forecasting.coding.sheets.bring import export_tables, import_workbook
from forecasting.dossier.claims import Source
from forecasting.dossier.edition import Dossier
from forecasting.dossier.edits import parse_setting
from forecasting.dossier.load import read_dossier
from forecasting.errors import UsageError
from forecasting.rules.check import check_read
from forecasting.rules.edit import edited
from forecasting.runs.freshness import record_digests
from forecasting.trace.claims import trace_claim, trace_source

CLAIMS, SOURCE, EDITION = "claims/norland-times.yaml", "sources/norland-times.yaml", "2024-07-ferry"
DEFAULTS = """\
defaults:
  made_on: 2024-07-01
  reliability: B
  credibility: 3
  origin: norland-times
  lexicon: plain
  coded_by: A. Analyst
  speakers:
    observers: {role: people on the quay, reliability: E, origin: observers}
"""


def silent(root: Path, *fields: str) -> Path:
    """Take some fields out of every claim of the small dossier."""
    path = root / CLAIMS
    text = path.read_text("utf-8")
    for name in fields:
        text = re.sub(rf"^  {name}:.*\n", "", text, flags=re.MULTILINE)
    path.write_text(text, "utf-8")
    return root


@pytest.fixture
def root(tmp_path: Path, project_dir: Path) -> Path:
    return write_dossier(tmp_path, project_dir)


def with_defaults(root: Path, text: str = DEFAULTS) -> Path:
    edit(root, SOURCE, "text_length:", f"{text}text_length:")
    return root


def read(root: Path) -> Dossier:
    dossier, failures = read_dossier(root)
    assert failures == ()
    return dossier


def test_silent_claims_inherit_and_what_they_say_themselves_goes_before(root: Path):
    before = read(root).claims
    silent(with_defaults(root), "made_on", "lexicon")
    dossier = read(root)
    for name, claim in dossier.claims.items():
        now = {"coded_by": "A. Analyst", "speaker_role": claim.speaker_role, "lexicon": claim.lexicon}
        assert claim == before[name].model_copy(update=now)
        assert (claim.lexicon == "plain") is (claim.kind == "judgement")
        assert {"made_on", "coded_by"} <= dossier.inherited[name].keys()
        assert "reliability" not in dossier.inherited[name]  # it stands in the claims
    assert check_read(dossier, ()) == ()


def test_a_speaker_is_graded_by_his_own_entry_and_never_by_the_source(root: Path):
    silent(with_defaults(root), "reliability", "origin", "speaker_role")
    path = root / CLAIMS
    path.write_text(path.read_text("utf-8").replace("speaker: author", "speaker: observers", 1), "utf-8")
    claims = read(root).claims
    first, *others = claims.values()
    assert (first.speaker_role, first.reliability, first.origin) == ("people on the quay", "E", "observers")
    assert {claim.reliability for claim in others if claim.speaker == "author"} == {"B"}
    path.write_text(path.read_text("utf-8").replace("speaker: observers", "speaker: the harbour master", 1), "utf-8")
    found = [result.found for result in read_dossier(root)[1]]
    assert found == ["claim n-001: 'reliability' is missing", "claim n-001: 'origin' is missing"]


def test_a_record_without_defaults_has_the_digests_that_it_had(root: Path):
    dossier = read(root)
    assert not dossier.inherited
    assert not {"defaults", "found_in_file", "text_read_by"} & dossier.sources["norland-times"].model_dump().keys()
    before = record_digests(dossier.edition(EDITION))
    silent(with_defaults(root), "made_on", "reliability", "origin", "lexicon", "credibility")
    after = record_digests(read(root).edition(EDITION))
    changed = {kind for kind in before if before[kind] != after[kind]}
    assert changed <= {"claims"}  # of those only what the fixture states otherwise than the defaults
    edit(root, SOURCE, "coded_by: A. Analyst", "coded_by: B. Analyst")
    assert record_digests(read(root).edition(EDITION)) == after


def test_the_place_of_an_inherited_field_is_that_of_the_default(root: Path):
    dossier = read(silent(with_defaults(root), "made_on"))
    default = dossier.inherited["n-001"]["made_on"]
    assert default.said == "source norland-times"
    assert dossier.where("claim", "n-001", "made_on") == default.where
    assert default.where.line == line_of(root / SOURCE, "  made_on:")


def test_a_default_that_breaks_a_rule_is_reported_once_where_it_stands(root: Path):
    silent(with_defaults(root, DEFAULTS.replace("2024-07-01", "2024-07-09")), "made_on")
    dossier = read(root)
    said = [result for result in check_read(dossier, ()) if result.rule == "claim-made-on"]
    assert len(said) == 1
    assert said[0].where.line == line_of(root / SOURCE, "  made_on:")
    assert said[0].found.endswith(f"(inherited; so do {len(dossier.claims) - 1} more claims)")


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("reliability: B", "reliability: Z", "defaults.reliability is 'Z'"),
        ("credibility: 3", "credibility: 1", "defaults.credibility is 1"),
        ("made_on: 2024-07-01", "made_on: July", "defaults.made_on 'July' is not a date"),
        ("lexicon: plain", "lexikon: plain", "unknown field 'defaults.lexikon'"),
        ("{role: people on the quay, reliability: E, origin: observers}", "{}", "says nothing of the speaker 'observers'"),
    ],
)  # fmt: skip
def test_a_default_of_the_wrong_form_is_one_failure_and_no_echo(root: Path, old: str, new: str, found: str):
    silent(with_defaults(root, DEFAULTS.replace(old, new)), "made_on", "reliability", "credibility")
    (failure,) = read_dossier(root)[1]
    assert found in failure.found
    assert failure.where.file.endswith(SOURCE)


def test_a_spreadsheet_shows_what_is_inherited_and_brings_none_of_it_back(root: Path, tmp_path: Path):
    from openpyxl import load_workbook

    silent(with_defaults(root), "made_on", "reliability")
    book = tmp_path / "claims.xlsx"
    book.write_bytes(export_tables(root, ["claims"])[0])
    assert import_workbook(root, book, write=False) == ()
    sheet = load_workbook(book)["claims"]
    header = [cell.value for cell in sheet[1]]
    told = sheet.cell(2, header.index("inherited") + 1)
    assert "made_on 2024-07-01 (defaults of source norland-times)" in told.value
    assert told.protection.locked
    assert sheet.cell(2, header.index("made_on") + 1).value is None
    sheet.cell(2, header.index("reliability") + 1).value = "C"
    saved = tmp_path / "edited.xlsx"
    sheet.parent.save(saved)
    (change,) = import_workbook(root, saved, write=True)
    assert dict(change.cells) == {"reliability": (None, "C")}
    dossier = read(root)
    assert next(iter(dossier.claims.values())).reliability == "C"
    assert "reliability" not in dossier.inherited["n-001"]


def test_a_claim_that_is_begun_leaves_out_what_it_will_inherit(root: Path):
    with_defaults(root)
    begun = begin_claim(root, "norland-times")
    text = begun.path.read_text("utf-8").partition(f"- id: {begun.id}")[2]
    assert not re.search(r"^  (made_on|credibility):", text, re.MULTILINE)
    assert re.search(r"^  reliability:", text, re.MULTILINE)  # of a speaker who is not named yet
    assert "# inherited: made_on 2024-07-01, credibility 3, coded_by A. Analyst;" in text


def test_what_if_refuses_to_change_defaults_which_claims_have_read_already(root: Path):
    edition = read(with_defaults(root)).edition(EDITION)
    with pytest.raises(UsageError, match="change the claims that inherit them"):
        edited(edition, (parse_setting("norland-times.defaults={reliability: C}"),))


def test_the_example_of_the_readme_is_a_record(project_dir: Path):
    from forecasting.dossier.parse import parse_value

    text = (project_dir / "priors/README.md").read_text("utf-8").partition("### Defaults")[2]
    example = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert example
    said = Source.model_fields["defaults"].annotation
    assert said
    assert parse_value(example[1])["defaults"].keys() >= {"made_on", "speakers"}


def test_a_speaker_who_follows_a_standard_is_read_by_it_and_nothing_is_warned_of(root: Path):
    table = "wording,p05,p25,p50,p75,p95,reads,n,citation\nlikely,0.55,0.6,0.67,0.74,0.8,level,0,ICD 203\n"
    (root / "lexicons/icd203.csv").write_text(table, "utf-8")
    path = root / CLAIMS
    edit(root, CLAIMS, "wording: likely\n  lexicon: plain", "wording: likely\n  lexicon: icd203")
    assert [result.rule for result in check_read(read(root), ())] == ["claim-standard"]
    path.write_text(path.read_text("utf-8").replace("  lexicon: icd203\n", "", 1), "utf-8")
    with_defaults(root, "defaults: {speakers: {author: {lexicon: icd203}}}\n")
    dossier = read(root)
    assert dossier.claims["n-001"].lexicon == "icd203"
    assert check_read(dossier, ()) == ()


def test_check_counts_what_is_inherited_and_trace_names_field_and_line(root: Path):
    silent(with_defaults(root), "made_on")
    result = CliRunner().invoke(app, ["check", "--priors", str(root)])
    assert result.exit_code == 0, result.output
    dossier = read(root)
    n = sum(len(fields) for fields in dossier.inherited.values())
    assert f"{len(dossier.claims)} claims inherit {n} fields from the defaults of 1 source;" in result.stdout
    traced = trace_claim([], dossier, "n-001")
    line = line_of(root / SOURCE, "  made_on:")
    assert f"made_on 2024-07-01: inherited from the defaults of source norland-times (priors/{SOURCE}:{line})" in traced
    assert "coded by A. Analyst" in traced
    assert "inherits made_on, coded_by" in trace_source([], dossier, "norland-times")

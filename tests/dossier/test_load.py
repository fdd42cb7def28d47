"""Loading builds frozen records, and says of every slip where it is and what to write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from broken_dossiers import Edit, edit, line_of, write_broken
from builders import write_dossier
from pydantic import ValidationError
from slips import SLIPS

from forecasting.dossier import layout as placing
from forecasting.dossier import load, parse, reader
from forecasting.dossier import messages as forms
from forecasting.dossier.edition import lookup
from forecasting.dossier.events import HistoryRow
from forecasting.dossier.load import read_dossier
from forecasting.errors import CheckResult, DossierError, UsageError
from forecasting.rules.check import FORM
from forecasting.rules.load import load_dossier

CLAIMS, EDITION, HISTORY = "claims/norland-times.yaml", "editions/2024-07-ferry.yaml", "history.csv"


def failures(tmp_path: Path, project_dir: Path, *edits: Edit) -> tuple[CheckResult, ...]:
    return read_dossier(write_broken(tmp_path, project_dir, *edits))[1]


def test_a_dossier_holds_every_record_by_id(tmp_path: Path, project_dir: Path):
    dossier = load_dossier(write_dossier(tmp_path, project_dir))
    assert set(dossier.claims) == {"n-001", "n-002", "n-003"}
    assert dossier.lexicons["plain"]["likely"].p50 == 0.75
    assert dossier.events["pact-signed"].reference_years == 2.0
    assert [row.event for row in dossier.history] == ["pact-signed", "toll-raised"]
    assert len(dossier.digests["claims/norland-times.yaml"]) == 64


def test_records_are_frozen_and_their_tables_read_only(tmp_path: Path, project_dir: Path):
    dossier = load_dossier(write_dossier(tmp_path, project_dir))
    with pytest.raises(ValidationError, match="frozen"):
        dossier.claims["n-001"].made_on = None
    with pytest.raises(TypeError):
        dossier.claims["n-009"] = None


def test_a_record_and_its_fields_know_their_file_and_line(tmp_path: Path, project_dir: Path):
    dossier = load_dossier(write_dossier(tmp_path, project_dir))
    line = line_of(dossier.root / CLAIMS, "n-002", "wording:")
    assert str(dossier.where("claim", "n-002", "wording")) == f"priors/{CLAIMS}:{line}"
    assert str(dossier.where("history", 1)) == "priors/history.csv:3"


def test_history_rows_keep_their_lines_when_an_earlier_row_is_refused(tmp_path: Path, project_dir: Path):
    root = write_broken(tmp_path, project_dir, (HISTORY, "pact-signed,survived", "pact-signed,lived"))
    dossier, failed = read_dossier(root)
    assert [str(result.where) for result in failed] == ["priors/history.csv:2"]
    assert (dossier.history[0].event, dossier.where("history", 0).line) == ("toll-raised", 3)


def test_all_missing_fields_of_a_record_are_named_at_once(tmp_path: Path, project_dir: Path):
    found = [result.found for result in failures(tmp_path, project_dir, ("editions/x.yaml", "", "id: x\n"))]
    missing = ("title", "as_of", "as_of_how", "sources", "questions", "seed")
    assert found == [f"edition x: '{name}' is missing" for name in missing]


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
def test_a_slip_is_named_with_its_line_and_what_to_write(slip, tmp_path: Path, project_dir: Path):
    file, old, new, found, fix = slip
    root = write_broken(tmp_path, project_dir, (file, old, new))
    results = read_dossier(root)[1]
    assert results
    if found:
        (result,) = (result for result in results if found in result.found)
        assert (fix or "") in result.fix
        if new:
            line = line_of(root / file, new)
            # What is wrong with a record as a whole is shown where the record begins.
            name = result.found.split()[1].rstrip(":")
            begins = line_of(root / file, f"id: {name}") if f"id: {name}" in (root / file).read_text("utf-8") else line
            assert str(result.where) in (f"priors/{file}:{line}", f"priors/{file}:{begins}")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"likelihood_ratio": 2.0, "comes": "likely", "stays_away": "unlikely", "lexicon": "plain"}, "likelihood_ratio alone"),
        ({"comes": "likely", "stays_away": "unlikely"}, "has comes, stays_away; write comes, stays_away and lexicon"),
        ({"comes": "likely", "stays_away": "likely", "lexicon": "plain"}, "says 'likely' of both worlds"),
        ({"what": "survived", "comes": "likely", "stays_away": "unlikely", "lexicon": "plain"}, "goes with a signal"),
        ({}, "or comes, stays_away and lexicon"),
        ({"what": "survived", "until": "2024-09-01"}, "which only a signal has; leave it out of 'survived'"),
        ({"likelihood_ratio": 2.0, "until": "2024-06-30"}, "until 2024-06-30 is not after 2024-06-30"),
    ],
)
def test_a_signal_has_a_ratio_or_the_words_for_both_worlds(cells: dict[str, object], said: str):
    row = {"on": "2024-06-30", "event": "pact-signed", "what": "signal", "source": "Test Gazette", "status": "confirmed"}
    with pytest.raises(ValidationError, match=said):
        HistoryRow.model_validate(row | cells)


def test_records_without_the_words_for_both_worlds_are_written_as_before(tmp_path: Path, project_dir: Path):
    dossier = load_dossier(write_dossier(tmp_path, project_dir))
    new = {"seen_if", "comes", "stays_away", "lexicon", "until", "half_life_years"}
    assert not new & dossier.history[0].model_dump().keys()
    assert not {"seen_if", "grade_why"} & dossier.claims["n-001"].model_dump().keys()


def test_an_id_is_refused_the_second_time_with_the_place_of_the_first(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    (root / "claims" / "other.yaml").write_text((root / CLAIMS).read_text("utf-8"), "utf-8")
    results = read_dossier(root)[1]
    assert [result.rule for result in results] == ["claim-unique"] * 3
    assert results[0].found == "claim 'n-001' again (first at priors/claims/norland-times.yaml:1)"
    assert str(results[0].where) == "priors/claims/other.yaml:1"


def test_wordings_that_differ_only_in_case_are_one(tmp_path: Path, project_dir: Path):
    row = "Likely,0.60,0.67,0.75,0.80,0.90,level,5146,CAPphrase 2026\n"
    (result,) = failures(tmp_path, project_dir, ("lexicons/plain.csv", "", row))
    assert (result.rule, str(result.where)) == ("wording-unique", "priors/lexicons/plain.csv:4")


def test_a_link_that_leaves_the_folder_is_refused_and_not_read(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    (tmp_path / "secret.yaml").write_text("id: secret\n", "utf-8")
    (root / "sources" / "secret.yaml").symlink_to(tmp_path / "secret.yaml")
    dossier, (result,) = read_dossier(root)
    assert (result.rule, str(result.where)) == ("inside", "priors/sources/secret.yaml")
    assert set(dossier.sources) == {"norland-times"}


def test_a_link_to_nowhere_is_named_and_raises_nothing(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    (root / "claims" / "gone.yaml").symlink_to(root / "claims" / "absent.yaml")
    assert [result.rule for result in read_dossier(root)[1]] == ["readable"]


def test_hidden_files_that_editors_leave_are_passed_over(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    (root / "claims" / "._norland-times.yaml").write_bytes(b"\0\0")
    (root / "lexicons" / ".plain.csv.swp.csv").write_bytes(b"\0\0")
    assert load_dossier(root).claims


def test_a_list_of_effects_without_its_table_is_not_lost_in_silence(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    (root / "effects.yaml").write_text("- id: e-1\n  from: pact-signed\n", "utf-8")
    (result,) = read_dossier(root)[1]
    assert (result.rule, result.fix) == ("effect-form", "write effects: and drivers:, each with its list")
    edit(root, "effects.yaml", "- id", "efects:\n- id")
    assert "unknown table 'efects'" in read_dossier(root)[1][0].found


def test_claims_that_are_no_list_are_refused(tmp_path: Path, project_dir: Path):
    (result,) = failures(tmp_path, project_dir, ("claims/other.yaml", "", "id: x-1\nkind: fact\n"))
    assert (result.rule, result.found, result.where.line) == ("claim-form", "not a list", 1)


MISPLACED = {  # file and what is written into it: where it is said to belong
    ("events/old.yml", "- id: x\n"): "rename it to old.yaml",
    ("claims/old.YAML", "- id: x\n"): "rename it to old.yaml",
    ("claim/old.yaml", "- id: x\n"): "in the folders that priors/README.md lists",
    ("history/old.yaml", "- id: x\n"): "in the folders that priors/README.md lists",
    ("codings/old.yaml", "- id: x\n"): "in the folders that priors/README.md lists",
    ("codings/one/deeper/old.yaml", "- id: x\n"): "in the folders that priors/README.md lists",
    ("codings/one/old.yml", "- id: x\n"): "rename it to old.yaml",
    ("events/old.yaml", "- {id: x, source: s, paraphrase: , speaker: , made_on: }\n"): "move the file to claims/",
    ("questions/old.yaml", "- {id: x, title: , opens_on: , reference_class: }\n"): "move the file to events/",
    ("claims/old.yaml", "id: x\ntitle: y\npublisher: z\nauthor: z\nlicence: z\n"): "move the file to sources/",
    ("events/new.yaml", "effects:\n- {id: x, from: a, to: b}\n"): "move the file to effects.yaml or effects/",
    ("lexicons/old.csv", "event,on,what,text\na,b,c,d\ne,f,g,h\n"): "move the file to history.csv or history/",
}


@pytest.mark.parametrize("place", MISPLACED, ids=[file for file, _ in MISPLACED])
def test_a_file_out_of_place_is_named_first_and_alone(place: tuple[str, str], tmp_path: Path, project_dir: Path):
    # another file has a fault of its own: it comes second
    first, other = failures(tmp_path, project_dir, (place[0], "", place[1]), (EDITION, "seed:", "sead:"))[:2]
    assert (first.rule, str(first.where)) == ("file-place", f"priors/{place[0]}")
    assert first.fix.endswith(MISPLACED[place]) or MISPLACED[place] in first.fix
    assert other.where.file == f"priors/{EDITION}"


def test_what_follows_from_a_file_out_of_place_is_not_said(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    (root / "events/ferry.yaml").rename(root / "events/ferry.yml")
    with pytest.raises(DossierError) as caught:  # without its events every claim and question would be refused
        load_dossier(root)
    assert [result.rule for result in caught.value.results] == ["file-place"]


@pytest.mark.parametrize("kind", ["sources", "claims", "events", "questions", "editions"])
def test_a_file_in_its_place_is_never_taken_for_another_kind(kind: str, project_dir: Path):
    for path in (project_dir / "priors" / kind).glob("*.yaml"):
        value = parse.parse_yaml(path, path.name).value
        for other in ("source", "claim", "event", "question", "edition"):
            assert (placing.stranger(other, path, value) is None) == (kind == f"{other}s"), (path, other)


def test_a_folder_that_does_not_exist_is_a_usage_error(tmp_path: Path):
    with pytest.raises(UsageError, match="begin a project of your own"):
        read_dossier(tmp_path / "absent")


def test_a_lookup_of_an_unknown_id_names_near_ones(tmp_path: Path, project_dir: Path):
    dossier = load_dossier(write_dossier(tmp_path, project_dir))
    with pytest.raises(UsageError, match=r"no edition '2024-07-fery'; did you mean '2024-07-ferry'\?"):
        dossier.edition("2024-07-fery")
    with pytest.raises(UsageError, match="known ids: n-001, n-002, n-003"):
        lookup(dossier.claims, "something-else", "claim")


def test_the_page_of_rules_names_every_rule_of_form():
    code = "".join(Path(module.__file__ or "").read_text("utf-8") for module in (placing, parse, forms, load, reader))
    used = set(re.findall(r'(?:ParseError|CheckResult|self\.fail)\(\s*f?"([a-z{][\w{}-]*)"', code))
    named = {name.strip() for row in FORM for name in row[0].split(",")}
    assert {name.replace("{kind}", "KIND").replace("effect-form", "KIND-form") for name in used} == named

"""Loading builds frozen records, and says of every slip where it is and what to write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from broken_dossiers import Edit, edit, line_of, write_broken
from builders import write_dossier
from pydantic import ValidationError

from forecasting.dossier import layout as placing
from forecasting.dossier import load, parse
from forecasting.dossier import messages as forms
from forecasting.dossier.edition import lookup
from forecasting.dossier.events import HistoryRow
from forecasting.dossier.load import read_dossier
from forecasting.errors import CheckResult, DossierError, UsageError
from forecasting.rules.check import FORM
from forecasting.rules.load import load_dossier

CLAIMS, EDITION, HISTORY = "claims/norland-times.yaml", "editions/2024-07-ferry.yaml", "history.csv"
GRADED = "direction: raises\n  grade: moderate\n  grade_why: Customs staff seldom move without an agreement."


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


SLIPS = {
    "an unknown field": (CLAIMS, "speaker:", "speeker:", "unknown field 'speeker'", "did you mean 'speaker'"),
    "a comma in a text inside braces": (
        CLAIMS, "stated:", "not named, stated:", "unknown field 'horizon.not named'", "put a text that holds one in quotes",
    ),
    "an unknown nested field": (CLAIMS, "stated:", "statd:", "unknown field 'horizon.statd'", "did you mean 'stated'?"),
    "a word for another": (CLAIMS, "kind: judgement", "kind: judgment", "kind is 'judgment'", "'judgement'"),
    "a number in per cent": (EDITION, "draws: 1000", "draws: 50%", "draws is '50%'", "no percent sign"),
    "a number with a comma": (CLAIMS, "years: 1.0", 'years: "0,5"', "horizon.years is '0,5'", "no comma"),
    "a number with an exponent": (CLAIMS, "years: 1.0", "years: 1e-3", "horizon.years is '1e-3'", "no exponent"),
    "a number that begins with a point": (CLAIMS, "years: 1.0", "years: .5", "horizon.years is '.5'", "12 or 0.5"),
    "no number": (CLAIMS, "years: 1.0", "years: NaN", "horizon.years is 'NaN'", "plain number"),
    "an infinite number": (CLAIMS, "years: 1.0", "years: .inf", "horizon.years is '.inf'", "plain number"),
    "a number out of range": (CLAIMS, "years: 1.0", "years: 1000.0", "horizon.years is 1000.0",
        "less than or equal to 100"),
    "a truth value in other words": (CLAIMS, "stated: true", "stated: yes", "horizon.stated is 'yes'", "true or false"),
    "a number for a text": (EDITION, "title: The ferry in July 2024", "title: 2024", "title is 2024", "in quotes"),
    "a truth value for a text": (EDITION, "title: The ferry in July 2024", "title: true", "title is True", "in quotes"),
    "a text that is too short": (EDITION, "title: The ferry in July 2024", "title: NO", "title is 'NO'",
        "3 characters"),
    "a moment for a date": (EDITION, "2024-07-01", "2024-07-01T12:00", "as_of '2024-07-01T12:00' is not a date",
        "YYYY-MM-DD"),
    "a time for a date": (EDITION, "2024-07-01", "12:30", "as_of '12:30' is not a date", "YYYY-MM-DD"),
    "a date in another order": (EDITION, "2024-07-01", "01.07.2024", "as_of '01.07.2024' is not a date", "YYYY-MM-DD"),
    "a day that does not exist": (EDITION, "2024-07-01", "2024-02-30", "'2024-02-30' is not a day of the calendar",
        "exists"),
    "a path for an id": (EDITION, "id: 2024-07-ferry", "id: ../../etc/x", "id is '../../etc/x'", "lower-case letters"),
    "an id of 300 letters": (EDITION, "id: 2024-07-ferry", f"id: {'a' * 300}", "id is 'aaaaaaaaa", "at most 64"),
    "an id in capitals": (EDITION, "id: 2024-07-ferry", "id: Ferry", "id is 'Ferry'", "lower-case letters"),
    "a digest that is cut": (CLAIMS, "sha256: 2a059a89a2", "sha256: 2a", "anchor.sha256 is '2a",
        "64 hexadecimal digits"),
    "a seal without quotes": (CLAIMS, 'seal: "a1cb7084"', "seal: 12345678", "anchor.seal is 12345678", "in quotes"),
    "a span that ends before it starts": (CLAIMS, "end: 75", "end: 45", "end 45 is not after start 46", "start < end"),
    "a judgement without words": (CLAIMS, "  wording: likely\n", "", "a judgement lacks wording", "moves_nothing"),
    "a fact that occurs": (CLAIMS, "direction: raises", "direction: occurs", "'occurs' does not fit a fact",
        "raises or lowers"),
    "a list for a record": (CLAIMS, "target: {event: pact-signed}", "target: [pact-signed]", "target is (",
        "fields: {"),
    "a record for a list": (EDITION, "[norland-times]", "{norland-times: 1}", "sources is {", "a list: ["),
    "an edition that is a list": (EDITION, "id: 2024-07-ferry", "- id: 2024-07-ferry", None, None),
    "a table cell that is no number": (HISTORY, "signed,survived,,", "signed,signal,1e3,",
        "likelihood_ratio is '1e3'", "12 or 0.5"),
    "a ratio on a survival": (HISTORY, "signed,survived,,", "signed,survived,2,",
        "likelihood_ratio goes with a signal", None),
    "the same words for both worlds": (CLAIMS, GRADED, "seen_if: {comes: likely, stays_away: likely}\n  lexicon: plain",
        "seen_if says 'likely' of both worlds", "two wordings that differ"),
    "words for both worlds and a grade": (CLAIMS, GRADED,
        "lexicon: plain\n  seen_if: {comes: likely, stays_away: unlikely}\n  grade: weak",
        "'seen_if' has a grade beside it", "leave one of the two out"),
    "words for both worlds without a lexicon": (CLAIMS, GRADED, "seen_if: {comes: likely, stays_away: unlikely}",
        "a fact lacks lexicon", "moves_nothing"),
    "words for one world": (CLAIMS, GRADED, "seen_if: {comes: likely}\n  lexicon: plain", "'seen_if.stays_away' is missing",
        "write seen_if.stays_away"),
    "words for both worlds of a judgement": (CLAIMS, "wording: likely\n",
        "wording: likely\n  seen_if: {comes: likely, stays_away: unlikely}\n", "'seen_if' has a judgement", "leave one"),
    "a reason for no grade": (CLAIMS, "wording: likely\n", "wording: likely\n  grade_why: It is so in most worlds.\n",
        "has 'grade_why' without a grade", "into note"),
    "a probability of one": ("lexicons/plain.csv", "0.80,0.90", "0.80,1", "touch 0 or 1", None),
    "a probability above one": ("lexicons/plain.csv", "0.80,0.90", "0.80,1.0000001", "touch 0 or 1", None),
    "a way to read that is none": ("lexicons/plain.csv", "0.90,level", "0.90,about", "reads is 'about'",
        "write one of 'level', 'at_least' or 'at_most'"),
    "an exception without a reason": (CLAIMS, "wording: likely", "wording: likely\n  reads: at_least",
        "has reads without reads_why", "write in 'reads_why' what the sentence says"),
    "a reason without its exception": (CLAIMS, "wording: likely", "wording: likely\n  reads_why: So it says.",
        "has reads_why without reads", "write reads: level, at_least or at_most"),
    "an exception of a fact": (CLAIMS, "kind: fact", "kind: fact\n  reads: level\n  reads_why: So it says.",
        "reads is of a judgement, and this is a fact", "leave reads and reads_why out"),
    "quantiles out of order": ("lexicons/plain.csv", "0.60,0.67", "0.67,0.60", "out of order", "rising"),
    "a self-effect": ("effects.yaml", "to: toll-raised", "to: pact-signed", "pact-signed cannot act on itself",
        "another event"),
    "two statements at once": ("questions/ferry.yaml", "{occurs: pact-signed, by", "{occurs: pact-signed, holds: x, by",
                               "has ['occurs', 'holds']", "exactly one of"),
}  # fmt: skip


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
    code = "".join(Path(module.__file__ or "").read_text("utf-8") for module in (placing, parse, forms, load))
    used = set(re.findall(r'(?:ParseError|CheckResult|self\.fail)\(\s*f?"([a-z{][\w{}-]*)"', code))
    named = {name.strip() for row in FORM for name in row[0].split(",")}
    assert {name.replace("{kind}", "KIND").replace("effect-form", "KIND-form") for name in used} == named

"""A coder's files are read record by record; claims of a dossier are read as codings."""

from __future__ import annotations

from pathlib import Path

from broken_dossiers import write_broken
from rule_edits import CODING, LISTED, coding, seen_if

from forecasting.dossier.codings import read_coding
from forecasting.rules.check import check_dossier
from forecasting.rules.load import load_dossier


def test_a_folder_of_claims_is_a_coding(tmp_path: Path, project_dir: Path):
    root = write_broken(tmp_path, project_dir, seen_if("likely", "unlikely"))
    found, failures = read_coding(root / "claims")
    assert failures == ()
    likely, unlikely, moved = found.claims
    assert (likely.kind, likely.target, likely.direction, likely.horizon.years) == ("judgement", ("pact-signed",), "occurs", 1.0)
    assert (unlikely.wording, unlikely.origin) == ("unlikely", "observers")
    assert (moved.seen_if.comes, moved.grade, moved.direction) == ("likely", None, None)
    assert found.places["n-002"].line > found.places["n-001"].line > 0


def test_a_claim_that_moves_nothing_is_background_unless_it_has_a_number(tmp_path: Path, project_dir: Path):
    graded = "kind: fact\n  target: {event: pact-signed}"
    root = write_broken(
        tmp_path, project_dir, ("claims/norland-times.yaml", graded, "moves_nothing: Known already.\n  " + graded),
        ("claims/norland-times.yaml", "kind: judgement", "moves_nothing: A sum.\n  value: 3.9\n  unit: tons\n  kind: quantity"),
    )  # fmt: skip
    first, second, third = read_coding(root / "claims")[0].claims
    assert (first.kind, second.kind, third.kind, third.why) == ("quantity", "judgement", "background", "no target")


def test_a_coder_s_file_is_read_and_holds_to_the_rules(tmp_path: Path, project_dir: Path):
    root = write_broken(tmp_path, project_dir, LISTED, coding())
    found, failures = read_coding(root / "codings/one")
    assert (failures, [claim.nearest for claim in found.claims], found.claims[0].given) == ((), ["likely"], {})
    assert not [result for result in check_dossier(load_dossier(root)) if result.rule.startswith("coding")]


def test_what_a_kind_needs_is_said_with_file_and_line(tmp_path: Path, project_dir: Path):
    incomplete = coding("  nearest: likely\n", "", "k-002")[2].replace("  horizon: {stated: true, years: 0.5}\n", "")
    ungraded = coding("kind: judgement", "kind: fact", "k-003")[2].replace("occurs", "raises")
    root = write_broken(tmp_path, project_dir, LISTED, coding(), coding(), (CODING, "", incomplete), (CODING, "", ungraded))
    found, failures = read_coding(root / "codings/one")
    assert [claim.id for claim in found.claims] == ["k-001"]
    assert [result.rule for result in failures] == ["coding-unique", "coding-fields", "coding-fields"]
    assert [result.where.line for result in failures] == [17, 33, 47]
    assert "a judgement without horizon" in failures[1].found
    assert "needs one of seen_if and grade" in failures[2].found


def test_a_path_without_a_coding_is_named(tmp_path: Path):
    for path, rule in ((tmp_path, "coding-form"), (tmp_path / "none.yaml", "readable")):
        _, (failure,) = read_coding(path)
        assert (failure.rule, failure.where.file) == (rule, str(path))
    (tmp_path / "scalar.yaml").write_text("id: k-001\n", "utf-8")
    assert read_coding(tmp_path / "scalar.yaml")[1][0].found == "not a list"

"""The rules about sentences look at what people write, and at nothing that reports what others said."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_dossiers import read_broken
from rule_cases_of_estimates import stated, summed
from rule_edits import CLAIMS, EDITION, QUESTIONS

from forecasting.dossier.load import read_dossier
from forecasting.rules.check import check_dossier
from forecasting.rules.estimates import WRITTEN, written

BAD = "We assess with high confidence that it is likely."


def found(root: Path, project: Path, *edits: tuple[str, str, str]) -> list[str]:
    return [result.rule for result in check_dossier(read_broken(root, project, *edits), warnings=False)]


@pytest.mark.parametrize(
    "edits",
    [
        ((QUESTIONS, "title: Will the toll be raised by the end of 2025?", f"title: Will it?\n  why_it_matters: {BAD}"),),
        ((QUESTIONS, "title: Will the toll be raised by the end of 2025?", f"title: Will it?\n  note: {BAD}"),),
        ((QUESTIONS, "title: Pact and old toll", "title: with high confidence it is likely"),),
        ((EDITION, "as_of_how: the day the article appeared", f"as_of_how: {BAD}"),),
    ],
    ids=["why it matters", "note", "scenario", "how the date is known"],
)
def test_what_people_write_is_held_to_the_standard(edits: tuple[tuple[str, str, str], ...], tmp_path: Path, project_dir: Path):
    assert found(tmp_path, project_dir, *edits) == ["sentence-confidence"]


def test_a_paraphrase_reports_what_somebody_else_said(tmp_path: Path, project_dir: Path):
    dossier = read_broken(tmp_path, project_dir)
    assert not [path for _, _, path, _ in written(dossier) if path[-1] in ("paraphrase", "wording", "citation", "source")]
    old = next(line for line in (dossier.root / CLAIMS).read_text("utf-8").splitlines() if "paraphrase:" in line)
    again = tmp_path / "again"
    again.mkdir()
    assert found(again, project_dir, (CLAIMS, old, old.split("paraphrase:")[0] + f"paraphrase: {BAD}")) == []


def test_another_standard_allows_its_own_terms(tmp_path: Path, project_dir: Path):
    assert found(tmp_path, project_dir, *summed("A signature is highly likely.\nstandard: phia")) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the ferry pact is signed by the end of 2025", "is no clause with 'will'"),
        ("The ferry pact will be signed by the end of 2025.", "without a full stop"),
        ("the ferry pact will likely be signed by the end of 2025", "statement has 'likely'"),
    ],
)
def test_a_statement_that_no_term_can_be_said_of_is_refused(text: str, said: str, tmp_path: Path, project_dir: Path):
    results = check_dossier(read_broken(tmp_path, project_dir, *stated(text)))
    assert [said in result.found for result in results if result.rule == "question-statement"] == [True]


def test_key_questions_about_the_same_or_too_many_are_refused(tmp_path: Path, project_dir: Path):
    later = "- {id: pact-by-2027, title: Will it be signed by 2027?, asks: {occurs: pact-signed, by: 2027-12-31}}\n"
    listed = ((QUESTIONS, "", later), (EDITION, "ferry-order-2025]", "ferry-order-2025, pact-by-2027]"))
    key = (EDITION, "draws:", "key_questions: [pact-by-2025, pact-by-2027, toll-by-2025]\ndraws:")
    results = check_dossier(read_broken(tmp_path, project_dir, *listed, key))
    assert ["key questions pact-by-2025 and pact-by-2027 are about the same" in result.found for result in results] == [True]


def test_every_field_name_that_is_looked_at_is_one_that_records_have(project_dir: Path):
    seen = {path[-1] for _, _, path, _ in written(read_dossier(project_dir / "priors")[0])}
    assert WRITTEN - seen <= {"summary", "reads_why", "grade_why", "reconstructed"}, WRITTEN - seen

"""Every rule notices what it is there for, at the right line, and nothing else is said."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import MappingProxyType

import pytest
from broken_dossiers import edit, line_of, read_broken, write_broken
from builders import write_dossier
from rule_case import Case
from rule_cases import CASES
from rule_edits import CLAIMS, EFFECTS, PLAIN_EFFECT, SOURCE, driver, fact, retold

from forecasting.dossier.edition import Dossier
from forecasting.dossier.load import read_dossier
from forecasting.errors import DossierError
from forecasting.rules.check import RULES, check_dossier, rules_page
from forecasting.rules.load import load_dossier

ALL = [rule for rules in RULES.values() for rule in rules]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_names_the_line_what_was_found_and_what_to_write(case: Case, tmp_path: Path, project_dir: Path):
    dossier = read_broken(tmp_path, project_dir, *case.edits)
    results = check_dossier(dossier)
    line = line_of(dossier.root / case.file, *case.at) if case.at else 0
    said = [result for result in results if result.rule == case.rule]
    here = [result for result in said if (result.where.file, result.where.line) == (f"priors/{case.file}", line)]
    assert any(case.found in result.found and case.fix in result.fix for result in here), "\n".join(map(str, said))
    assert {result.rule for result in results} == {case.rule, *case.also}


def test_every_rule_has_a_case_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.id for rule in ALL}


def test_no_two_rules_have_one_id():
    assert len({rule.id for rule in ALL}) == len(ALL)


def test_every_rule_says_what_it_asks_and_why():
    for rule in ALL:
        assert rule.demands.split()[0] in ("Require", "Refuse", "Flag"), rule.id
        assert (rule.demands.split()[0] == "Flag") == (rule.status == "warning"), rule.id
        assert rule.why.endswith("."), rule.id


def test_the_page_of_rules_is_what_the_rules_say(project_dir: Path):
    page = project_dir / "docs" / "checks.md"
    write = "Path('docs/checks.md').write_text(rules_page(), 'utf-8')"
    assert page.read_text("utf-8") == rules_page(), f"from forecasting.rules.check import rules_page; {write}"


@pytest.mark.parametrize(
    ("edits", "rules"),
    [
        ([(CLAIMS, "made_on: 2024-07-01", "made_on: 9999-12-31")], {"claim-made-on", "edition-claims"}),
        *(([(SOURCE, "published_on: 2024-07-01", "published_on: 9999-12-31"),
                (SOURCE, "published_precision: day", f"published_precision: {word}")], {"edition-published"})
          for word in ("day", "week", "month", "year")),
    ],
)  # fmt: skip
def test_the_last_day_of_the_calendar_is_answered_by_rules(edits: list, rules: set[str], tmp_path: Path, project_dir: Path):
    assert rules <= {result.rule for result in check_dossier(read_broken(tmp_path, project_dir, *edits))}


def test_the_small_dossier_breaks_no_rule(tmp_path: Path, project_dir: Path):
    assert check_dossier(read_broken(tmp_path, project_dir)) == ()


def test_the_projects_own_dossier_passes(project_dir: Path):
    dossier, failures = read_dossier(project_dir / "priors")
    results = (*failures, *check_dossier(dossier))
    failed = [str(result) for result in results if result.status == "failure"]
    assert not failed, "\n".join(failed)


def test_all_failures_are_shown_at_once_in_file_order(tmp_path: Path, project_dir: Path):
    edits = [case.edits for case in CASES if case.rule in ("claim-wording", "edition-records", "effect-events")]
    root = write_broken(tmp_path, project_dir, *[change for changes in edits for change in changes])
    with pytest.raises(DossierError) as caught:
        load_dossier(root)
    places = [(result.where.file, result.where.line) for result in caught.value.results]
    assert {result.rule for result in caught.value.results} == {"claim-wording", "edition-records", "effect-events"}
    assert places == sorted(places)
    assert "priors/claims/norland-times.yaml:7  claim n-001: lexicon 'plain'" in str(caught.value)


def test_a_warning_does_not_stop_a_dossier_from_loading(tmp_path: Path, project_dir: Path):
    case = next(case for case in CASES if case.rule == "event-asked")
    assert "bridge-built" in load_dossier(write_broken(tmp_path, project_dir, *case.edits)).events


def test_deleting_a_claim_that_an_effect_cites_fails_at_the_effect(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    text = (root / CLAIMS).read_text("utf-8")
    start, end = text.index("- id: n-002"), text.index("- id: n-003")
    (root / CLAIMS).write_text(text[:start] + text[end:], "utf-8")
    (result,) = check_dossier(read_dossier(root)[0])
    assert str(result.where) == f"priors/effects.yaml:{line_of(root / EFFECTS, 'claims: [n-002]')}"
    assert result.found == "effect pact-lowers-toll cites claim 'n-002', which does not exist"
    assert "or take it out, and say in 'why' what supports it" in result.fix


SLIPS = {
    "a digest": (CLAIMS, "sha256: 2a059a", "sha256: 2a059b"),
    "a start": (CLAIMS, "start: 46", "start: 45"),
    "an end": (CLAIMS, "end: 75", "end: 76"),
    "a paragraph": (CLAIMS, "paragraph: 1", "paragraph: 2"),
    "a seal": (CLAIMS, 'seal: "a1cb7084"', 'seal: "a1cb7085"'),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
def test_changing_a_field_of_an_anchor_fails_at_its_line_without_the_text(slip, tmp_path: Path, project_dir: Path):
    dossier = read_broken(tmp_path, project_dir, slip)
    (result,) = check_dossier(dossier)
    assert (result.rule, result.where.line) == ("anchor-seal", line_of(dossier.root / CLAIMS, "n-001", "anchor:"))


def test_an_anchor_without_a_seal_fails(tmp_path: Path, project_dir: Path):
    (result,) = check_dossier(read_broken(tmp_path, project_dir, (CLAIMS, ', seal: "a1cb7084"', "")))
    assert (result.rule, result.found) == ("anchor-seal", "claim n-001: the anchor has no seal")


def test_changing_the_fingerprint_of_a_text_fails_once_at_the_source(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    digest = read_dossier(root)[0].sources["norland-times"].text_sha256
    edit(root, SOURCE, digest, "0" * 64)
    (result,) = check_dossier(read_dossier(root)[0])
    assert str(result.where) == f"priors/{SOURCE}:{line_of(root / SOURCE, 'text_sha256:')}"
    assert "none of the seals of its 3 claims fits" in result.found


def test_a_claim_may_not_name_an_unknown_effect_or_driver(tmp_path: Path, project_dir: Path):
    edits = [
        (CLAIMS, "target: {event: pact-signed}", "target: {effect: pact-lower-toll}\n  moves_nothing: tried out"),
        (CLAIMS, "target: {event: pact-signed}", "target: {driver: tradr}\n  moves_nothing: tried out"),
        driver("trade", "pact-signed"),
    ]
    results = check_dossier(read_broken(tmp_path, project_dir, *edits))
    assert [(result.rule, result.found, result.fix) for result in results] == [
        ("claim-target", "claim n-001: no effect 'pact-lower-toll'", "did you mean 'pact-lowers-toll'?"),
        ("claim-target", "claim n-003: no driver 'tradr'", "did you mean 'trade'?"),
    ]


def test_an_enabler_given_as_absent_makes_a_claim_impossible(tmp_path: Path, project_dir: Path):
    edits = [
        (CLAIMS, "event: toll-raised", "event: toll-raised, given: {pact-signed: false}"),
        (EFFECTS, PLAIN_EFFECT, "acts: enables"),
    ]
    result, scenario = check_dossier(read_broken(tmp_path, project_dir, *edits))
    assert (result.rule, result.fix) == ("claim-given-possible", "write pact-signed: true, or drop the condition")
    assert scenario.found.endswith("'toll-no-pact' can never be true: it contradicts itself, or the effects")


def test_a_condition_that_an_effect_carries_is_accepted(tmp_path: Path, project_dir: Path):
    change = (CLAIMS, "event: toll-raised", "event: toll-raised, given: {pact-signed: false}")
    assert check_dossier(read_broken(tmp_path, project_dir, change)) == ()


def test_the_other_scenario_must_be_the_last(tmp_path: Path, project_dir: Path):
    change = (
        "questions/ferry.yaml",
        "    - {id: rest, title: Anything else, other: true}\n",
        "    - {id: rest, title: Anything else, other: true}\n    - {id: both, title: Both, other: true}\n",
    )
    results = check_dossier(read_broken(tmp_path, project_dir, change))
    assert [result.rule for result in results] == ["scenario-ids"]
    assert "'rest' is the other scenario, but not the last" in results[0].found


def test_a_scheduled_event_that_something_blocked_needs_no_outcome(tmp_path: Path, project_dir: Path):
    case = next(case for case in CASES if case.rule == "edition-schedule")
    blocks = "  - {id: no-bridge, from: pact-signed, to: bridge-built, acts: blocks, why: It forbids one.}\ndrivers: []"
    edits = [(EFFECTS, "drivers: []", blocks), ("history.csv", "pact-signed,survived", "pact-signed,occurred")]
    results = check_dossier(read_broken(tmp_path, project_dir, *case.edits, *edits))
    assert "edition-schedule" not in {result.rule for result in results}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("truth,2,0.7", "truth,2,0.9"), "truth 2 is 0.9, not below 0.9 of 1"),
        (("reliability,C,0.44", "reliability,C,0.2"), "reliability C is 0.2, not above 0.31 of B"),
        (("strength,weak,1.3", "strength,weak,2.5"), "strength moderate is 2, not above 2.5"),
    ],
)
def test_a_better_grade_may_not_count_less(change: tuple[str, str], found: str, tmp_path: Path, project_dir: Path):
    (result,) = check_dossier(read_broken(tmp_path, project_dir, ("grades.csv", *change)))
    assert (result.rule, result.found, result.where.file) == ("grades-values", found, "priors/grades.csv")


def test_a_signal_that_tells_nothing_is_refused_in_its_row(tmp_path: Path, project_dir: Path):
    row = "2024-04-10,toll-raised,signal,1,Gazette,confirmed,a booth\n"
    _, (result,) = read_dossier(write_broken(tmp_path, project_dir, ("history.csv", "", row)))
    assert (result.rule, str(result.where)) == ("history-fields", "priors/history.csv:4")
    assert "has likelihood_ratio 1, which tells nothing" in result.found


def test_a_question_that_looks_at_no_day_to_come_is_over_whatever_its_at_says(tmp_path: Path, project_dir: Path):
    over = ("questions/ferry.yaml", "asks: {occurs: pact-signed, by: 2025-12-31}",
            "asks: {occurs: pact-signed, by: 2024-07-01}\n  at: 2025-12-31")  # fmt: skip
    (result,) = check_dossier(read_broken(tmp_path, project_dir, over))
    assert (result.rule, result.found.split(": ", 1)[1]) == (
        "edition-deadlines", "question pact-by-2025 ends on 2024-07-01, not after as_of 2024-07-01",
    )  # fmt: skip


TABLES = ("sources", "claims", "lexicons", "grades", "reference_classes", "events", "effects", "drivers", "questions")


TOGETHER = 10


def without(dossier: Dossier, table: str, keys: list) -> Dossier:
    left = {name: record for name, record in getattr(dossier, table).items() if name not in keys}
    return dataclasses.replace(dossier, **{table: MappingProxyType(left)})


@pytest.mark.slow
def test_no_rule_stumbles_over_a_record_that_is_gone(tmp_path: Path, project_dir: Path):
    roots = [write_broken(tmp_path, project_dir, driver("trade", "pact-signed")), project_dir / "priors"]
    for dossier in [read_dossier(root)[0] for root in roots]:
        for table in TABLES:
            assert isinstance(check_dossier(dataclasses.replace(dossier, **{table: MappingProxyType({})})), tuple)
            keys = list(getattr(dossier, table))
            apart = -(-len(keys) // TOGETHER)  # every record goes once, in the company of others from all over the table
            for first in range(apart):
                assert isinstance(check_dossier(without(dossier, table, keys[first::apart])), tuple)


COPY = "Aides do not expect the toll to go up."


@pytest.mark.parametrize(
    "edits",
    [
        retold("Fewer cars cross, so the rate will fall."),  # another story about the same event
        retold(COPY, event="pact-signed"),  # the same words about another event
        retold(COPY, origin="observers"),  # one origin already
        (fact("n-004", "toll-raised"), (CLAIMS, "Observers speak.", COPY)),  # one source
    ],
    ids=["another story", "another event", "one origin", "one source"],
)
def test_what_is_no_copy_is_not_flagged(edits, tmp_path: Path, project_dir: Path):
    assert [result.rule for result in check_dossier(read_broken(tmp_path, project_dir, *edits))] == []


def test_the_very_words_of_another_source_are_flagged_whatever_is_said_of_them(tmp_path: Path, project_dir: Path):
    quote = "moved its customs officers back"  # 31 code points, those of n-003
    (result,) = check_dossier(read_broken(tmp_path, project_dir, *retold("Staff have gone home.", quote)))
    assert (result.rule, result.status) == ("claim-retold", "warning")
    assert "tells what n-003 of norland-times tells (the same words), under another origin" in result.found


def test_a_correction_takes_the_claim_it_corrects_out_of_the_comparison(tmp_path: Path, project_dir: Path):
    old, claim, listed = retold(COPY)
    corrected = claim[2].replace("s-001", "s-002").replace(COPY, "Staff shrug.") + "  supersedes: s-001\n"
    assert check_dossier(read_broken(tmp_path, project_dir, old, (*claim[:2], claim[2] + corrected), listed)) == ()

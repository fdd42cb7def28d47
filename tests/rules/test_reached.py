"""What no claim can reach is said before any fit, and what it can reach never is."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_dossiers import Edit, edit, read_broken, write_broken
from builders import write_dossier
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_edits import CLAIMS, EFFECTS, HISTORY, PLAIN_EFFECT

from forecasting.dossier.edition import Dossier
from forecasting.dossier.load import read_dossier
from forecasting.rules.reached import claim_enabled, claim_reached

TOLL = "{event: toll-raised}\n  direction: occurs\n  horizon: {years: 1.0, stated: false"
UNLIKELY = "wording: unlikely"
NUMBER = "lexicons/plain.csv"


def said(dossier: Dossier) -> list[str]:
    return [f"{result.found} {result.fix}" for rule in (claim_reached, claim_enabled) for result in rule(dossier)]


def worded(share: float, reads: str, state: bool | None, years: float = 1.0) -> tuple[Edit, ...]:
    """Return the edits by which the claim on the toll says a number, under a condition on the pact or under none."""
    row = ",".join(f"{min(max(share + step, 1e-4), 1 - 1e-4):.6f}" for step in (-2e-5, -1e-5, 0, 1e-5, 2e-5))
    condition = "" if state is None else f", given: {{pact-signed: {str(state).lower()}}}"
    target = TOLL.replace("toll-raised}", f"toll-raised{condition}}}").replace("1.0", str(years))
    entry = (NUMBER, "", f"so much,{row},{reads},0,Coder: a number\n")
    return entry, (CLAIMS, UNLIKELY, "wording: so much"), (CLAIMS, TOLL, target)


def effect(acts: str) -> Edit:
    return EFFECTS, PLAIN_EFFECT, acts


RAISES = "acts: multiplies, sign: raises, grade: strong"
LEADS = "acts: leads_to, wording: likely, lexicon: plain, lag_years: 0.05"


def test_a_certainty_under_a_condition_that_no_grade_carries_is_said_with_what_it_reaches(tmp_path: Path, project_dir: Path):
    (found,) = said(read_broken(tmp_path, project_dir, effect(RAISES), *worded(0.94, "at_least", True)))
    assert "reads as 94 % or more that toll-raised comes within 1 year once pact-signed has happened" in found
    assert "class tolls-raised with pact-lowers-toll (×4) reaches" in found
    assert "a stronger grade for pact-lowers-toll, acts: leads_to with a wording" in found


def test_what_brings_the_event_about_carries_it(tmp_path: Path, project_dir: Path):
    assert said(read_broken(tmp_path, project_dir, effect(LEADS), *worded(0.74, "at_least", True))) == []


def test_a_grade_at_the_end_of_the_scale_is_not_advised(tmp_path: Path, project_dir: Path):
    decisive = effect(RAISES.replace("strong", "decisive"))
    (found,) = said(read_broken(tmp_path, project_dir, decisive, *worded(0.999, "at_least", True)))
    assert "grade for" not in found
    assert "write acts: leads_to" in found


@pytest.mark.parametrize(("acts", "state", "share", "advised"), [
    (RAISES, True, 0.97, "a stronger grade"), (RAISES, False, 0.97, "a weaker grade"),
    (RAISES, False, 0.0005, "a stronger grade"), (PLAIN_EFFECT, True, 0.97, "a weaker grade"),
    (PLAIN_EFFECT, False, 0.97, "a stronger grade"), (PLAIN_EFFECT, True, 0.0001, "a stronger grade"),
])  # fmt: skip
def test_the_grade_that_is_advised_brings_the_reach_nearer(
    acts: str, state: bool, share: float, advised: str, tmp_path: Path, project_dir: Path
):
    found = {}
    for grade in ("moderate", "strong", "decisive"):
        root = tmp_path / grade
        root.mkdir()
        dossier = read_broken(root, project_dir, effect(acts.replace("strong", grade)), *worded(share, "level", state))
        (found[grade],) = [read.reached.interval() for read in reads(dossier)]
        if grade == "strong":
            (warned,) = said(dossier)
            assert advised in warned
            assert "another reference class" in warned
    end = int(share > 0.5)
    nearer, farther = ("decisive", "moderate") if "stronger" in advised else ("moderate", "decisive")
    assert abs(found[nearer][end] - share) < abs(found["strong"][end] - share) < abs(found[farther][end] - share)


def reads(dossier: Dossier):
    from forecasting.rules.reached import _judgements

    return [read for read in _judgements(dossier, conditional=True) if read.claim.id == "n-002"]


@pytest.mark.slow
@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    acts=st.sampled_from(["raises", "lowers"]), grade=st.sampled_from(["weak", "moderate", "strong", "decisive"]),
    state=st.booleans(), at=st.floats(0.02, 0.98), years=st.sampled_from([0.25, 1.0, 5.0]),
    reads_as=st.sampled_from(["level", "at_least", "at_most"]),
)  # fmt: skip
def test_what_lies_within_reach_is_never_warned_of_nor_is_a_bound_from_its_open_side(
    acts, grade, state, at, years, reads_as, tmp_path_factory: pytest.TempPathFactory, project_dir: Path
):
    acting = effect(f"acts: multiplies, sign: {acts}, grade: {grade}")

    def with_number(share: float, how: str) -> Dossier:
        return read_broken(tmp_path_factory.mktemp("within"), project_dir, acting, *worded(share, how, state, years))

    (read,) = reads(with_number(0.5, reads_as))
    low, high = read.reached.interval()
    assert said(with_number(low + at * (high - low), reads_as)) == []
    assert said(with_number(low / 2, "at_least")) == []
    assert said(with_number((1 + high) / 2, "at_most")) == []


@pytest.mark.parametrize("reads_as", ["level", "at_least"])
def test_words_on_the_time_after_an_enabler_are_said_to_want_a_condition(reads_as: str, tmp_path: Path, project_dir: Path):
    (found,) = said(read_broken(tmp_path, project_dir, effect("acts: enables"), *worded(0.9, reads_as, None)))
    assert "reads as 90 %" in found
    assert "whether or not pact-signed has happened; class tolls-raised with that wait gives" in found
    assert "write given: {pact-signed: true}" in found


def test_a_ceiling_far_above_and_a_floor_far_below_are_no_conflict(tmp_path: Path, project_dir: Path):
    for share, reads_as in ((0.9, "at_most"), (1e-3, "at_least")):
        root = tmp_path / reads_as
        root.mkdir()
        assert said(read_broken(root, project_dir, effect("acts: enables"), *worded(share, reads_as, None))) == []


def test_a_ceiling_far_below_is_said_to_be_of_the_first_step(tmp_path: Path, project_dir: Path):
    (found,) = said(read_broken(tmp_path, project_dir, effect("acts: enables"), *worded(2e-4, "at_most", None)))
    assert "more than ten times the hazard" in found
    assert "write event: [pact-signed]" in found


def test_nothing_waits_for_an_enabler_that_has_come_or_is_given(tmp_path: Path, project_dir: Path):
    come = (HISTORY, "2024-06-30,pact-signed,survived,,", "2024-06-30,pact-signed,occurred,,")
    for name, edits in {"come": (come, *worded(0.6, "level", None)), "given": worded(0.2, "level", True)}.items():
        root = tmp_path / name
        root.mkdir()
        assert said(read_broken(root, project_dir, effect("acts: enables"), *edits)) == []


@pytest.mark.parametrize("slip", [
    ("reference_classes.csv", "tolls-raised,,2", "tolls-lowered,,2"), (EFFECTS, "grade: strong", "grade: decisive"),
    (CLAIMS, "so much\n  lexicon: plain", "so much\n  lexicon: plane"), (EFFECTS, "from: pact-signed", "from: pact-singed"),
])  # fmt: skip
def test_records_that_another_rule_refuses_are_passed_over(slip: Edit, tmp_path: Path, project_dir: Path):
    root = write_broken(tmp_path, project_dir, *worded(0.97, "level", True))
    edit(root, *slip)
    if "decisive" in slip[2]:
        edit(root, "grades.csv", "strength,decisive", "strength,settling")
    dossier, _ = read_dossier(root)
    assert said(dossier) == []


def test_the_small_dossier_has_nothing_to_warn_of(tmp_path: Path, project_dir: Path):
    assert said(read_dossier(write_dossier(tmp_path, project_dir))[0]) == []

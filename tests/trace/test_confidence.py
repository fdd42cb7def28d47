"""Confidence follows from its criteria by a rule; the criteria are read off the run."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import MappingProxyType

import pytest
from toy import made_up_run, toy_edition

from forecasting.runs.store import Run
from forecasting.trace.confidence import Confidence, Criterion, confidence, level, rating


def criteria(*ratings: str) -> list[Criterion]:
    return [Criterion(f"criterion {i}", "found", m) for i, m in enumerate(ratings)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        (("strong",) * 5, "high"),
        (("strong", "strong", "strong", "middling", "middling"), "high"),
        (("strong", "strong", "middling", "middling", "middling"), "moderate"),
        (("strong", "strong", "strong", "strong", "weak"), "moderate"),
        (("strong", "strong", "strong", "weak", "weak"), "low"),
        (("weak",) * 5, "low"),
    ],
)
def test_two_weak_grounds_make_it_low_and_three_strong_ones_without_a_weak_one_high(ratings: tuple, expected: str) -> None:
    assert level(criteria(*ratings)) == expected


def test_an_edge_belongs_to_the_worse_mark_on_the_weak_side_and_to_the_better_on_the_strong_side() -> None:
    assert [rating(x, 0.2, 0.08) for x in (0.0, 0.08, 0.0801, 0.1999, 0.2, 1.0)] == [
        "strong", "strong", "middling", "middling", "weak", "weak",
    ]  # fmt: skip


def judged(run: Run, question: str = "pact-by-2025") -> Confidence:
    edition = toy_edition()
    return confidence(run, edition, edition.dossier.questions[question])


def test_the_grounds_are_those_of_the_run(tmp_path: Path) -> None:
    # the made-up run: p 0.47, prior 0.48, interval 0.201 to 0.814, classes 47 and 37 %; a judgement and a fact
    got = {criterion.name: (criterion.found, criterion.rating) for criterion in judged(made_up_run(tmp_path)).criteria}
    assert got == {
        "evidence": ("2 claims speak of its event, worth 2.0 independent ones; 2 claims move the answer", "middling"),
        "reference class": ("fits well", "strong"),
        "sensitivity": ("37 to 47 % over 2 reference classes", "middling"),
        "conflict": ("what the claims say agrees with the class: 4.5 times likelier", "strong"),
        "precision": ("90 % interval 61 points wide", "weak"),
    }
    assert judged(made_up_run(tmp_path)).level == "moderate"


@pytest.mark.parametrize(
    ("fit", "basis", "found", "expected"),
    [
        ("good", "table", "fits well", "strong"),
        ("good", "cases", "fits well", "strong"),
        ("good", "unverified", "fits well; counted from memory", "middling"),
        ("fair", "table", "fits fairly", "middling"),
        ("fair", "unverified", "fits fairly; counted from memory", "weak"),
        ("poor", "table", "fits poorly", "weak"),
        ("poor", "unverified", "fits poorly; counted from memory", "weak"),
    ],
)
def test_a_count_that_nobody_looked_up_is_rated_a_step_lower(
    fit: str, basis: str, found: str, expected: str, tmp_path: Path
) -> None:
    edition = toy_edition()
    dossier, event = edition.dossier, edition.dossier.events["pact-signed"]
    counted = dossier.reference_classes[event.reference_class].model_copy(update={"basis": basis})
    changed = dataclasses.replace(
        dossier,
        events=MappingProxyType({**dossier.events, event.id: event.model_copy(update={"class_fit": fit})}),
        reference_classes=MappingProxyType({**dossier.reference_classes, counted.id: counted}),
    )
    own = dataclasses.replace(edition, dossier=changed)
    made = confidence(made_up_run(tmp_path), own, changed.questions["pact-by-2025"])
    judged_by = next(criterion for criterion in made.criteria if criterion.name == "reference class")
    assert (judged_by.found, judged_by.rating) == (found, expected)


def test_evidence_against_what_was_expected_takes_confidence_away(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    startled = run.conflicts.assign(p=[0.23, 0.004], words=["agrees", "history contradicts class and claims"])
    against = judged(run.with_tables(conflicts=startled))
    assert against.level == "low"
    assert {g.name: (g.found, g.rating) for g in against.criteria}["conflict"] == (
        "history contradicts class and claims", "weak",
    )  # fmt: skip
    # base rate and evidence that pull the answer itself apart are the same criterion
    pulled = run.sensitivity.assign(verdict="conflict", words="prior–data conflict: …")
    assert judged(run.with_tables(sensitivity=pulled)).level == "low"
    # how large the probability is plays no part
    first = run.forecasts[0]
    small = dataclasses.replace(first.outcomes[0], p=0.07, prior_p=0.08)
    rare = dataclasses.replace(run, forecasts=(dataclasses.replace(first, outcomes=(small,)), *run.forecasts[1:]))
    assert judged(rare).level == judged(run).level


def test_where_no_rival_was_tried_the_weight_of_the_base_rate_is_asked(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    alone = run.with_tables(classes=run.classes[:0])
    assert {g.name: g.rating for g in judged(alone).criteria}["sensitivity"] == "middling"
    light = alone.with_tables(sensitivity=run.sensitivity.assign(counts=False))
    assert {g.name: g.rating for g in judged(light).criteria}["sensitivity"] == "strong"


def test_an_event_that_nobody_speaks_of_is_weakly_grounded(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    toll = {criterion.name: criterion.rating for criterion in judged(run, "toll-by-2025").criteria}
    assert toll["evidence"] == "middling"  # one claim: n-002
    assert toll["sensitivity"] == "middling"  # no rival was tried for it in this run

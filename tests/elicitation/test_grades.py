"""Grades become spreads and ratios; the table here is the tests' own, so the project's may be argued over."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from scipy import stats

from forecasting.dossier.claims import Claim
from forecasting.dossier.wordings import GradeRow
from forecasting.elicitation.grades import LogRatio, grade_row, grade_spread, ratio_spread, strength
from forecasting.elicitation.grades import reported_strength as reported
from forecasting.errors import UsageError

ROWS = (
    ("reliability", "A", 0.3, None), ("reliability", "B", 0.5, None), ("reliability", "D", 1.1, None),
    ("credibility", "2", 0.4, None), ("credibility", "3", 0.7, None),
    ("truth", "2", 0.7, None), ("truth", "3", 0.5, None),
    ("strength", "weak", 1.3, 0.15), ("strength", "moderate", 2.0, 0.3), ("strength", "strong", 4.0, 0.4),
    ("strength", "decisive", 10.0, 0.5),
)  # fmt: skip
GRADES = {(s, g): GradeRow(scale=s, grade=g, value=v, spread=w, citation="made up") for s, g, v, w in ROWS}


def claim(**changes: object) -> Claim:
    anchor = {"start": 0, "end": 9, "sha256": "0" * 64, "paragraph": 1}
    fields = {"id": "c-1", "source": "paper", "anchor": anchor, "paraphrase": "Something happened.", "kind": "fact",
              "speaker": "author", "target": {"event": "toll-raised"}, "direction": "raises", "grade": "strong",
              "made_on": "2024-07-01", "reliability": "B", "credibility": 3, "origin": "paper"}  # fmt: skip
    return Claim.model_validate({**fields, **changes})


def reported_strength(claim: Claim) -> LogRatio:
    return reported(GRADES, claim, strength(GRADES, claim.grade or "", claim.direction or ""))


def test_the_two_grades_of_a_claim_add_in_squares() -> None:
    # √(0.5² + 0.7²) = √0.74
    assert grade_spread(GRADES, claim()) == pytest.approx(0.860233, abs=1e-6)
    assert grade_spread(GRADES, claim(reliability="D", credibility=2)) == pytest.approx(math.sqrt(1.21 + 0.16))


def test_a_reported_fact_counts_by_the_chance_that_the_report_is_true() -> None:
    # strong ×4, credibility 3 (q = ½): ½·4 + ½ = 2.5; sd = √(0.4² + (0.5·log 2.5)²) = √(0.16 + 0.209898)
    got = reported_strength(claim())
    assert got.mean == pytest.approx(math.log(2.5), abs=1e-12)
    assert got.sd == pytest.approx(0.608192, abs=1e-6)


def test_a_fact_that_lowers_is_the_mirror_of_one_that_raises() -> None:
    up, down = reported_strength(claim()), reported_strength(claim(direction="lowers"))
    assert (down.mean, down.sd) == (-up.mean, up.sd)


def test_better_credibility_strengthens_and_better_reliability_narrows_a_fact() -> None:
    # q = 0.7: 0.7·4 + 0.3 = 3.1
    assert reported_strength(claim(credibility=2)).mean == pytest.approx(math.log(3.1))
    assert reported_strength(claim(reliability="A")).sd < reported_strength(claim(reliability="B")).sd


def test_the_strength_of_an_effect_takes_its_sign() -> None:
    assert strength(GRADES, "moderate", "raises") == strength(GRADES, "moderate", "raises")
    assert strength(GRADES, "moderate", "raises").mean == pytest.approx(math.log(2))
    assert strength(GRADES, "moderate", "lowers").mean == pytest.approx(-math.log(2))
    assert strength(GRADES, "moderate", "lowers").sd == 0.3


def test_a_typed_ratio_takes_its_spread_from_between_the_grades() -> None:
    # log 1.3 → 0.15 and log 2 → 0.30; half-way between 0 and log 1.3 → 0.075; beyond ×10 no wider than decisive
    assert ratio_spread(GRADES, 2.0).sd == pytest.approx(0.3)
    assert ratio_spread(GRADES, 0.5).sd == pytest.approx(0.3)
    assert ratio_spread(GRADES, 0.5).mean == pytest.approx(-math.log(2))
    assert ratio_spread(GRADES, math.sqrt(1.3)).sd == pytest.approx(0.075)
    assert ratio_spread(GRADES, math.sqrt(2.0 * 4.0)).sd == pytest.approx(0.35)
    assert ratio_spread(GRADES, 40.0).sd == 0.5
    assert ratio_spread(GRADES, 1.0).sd == 0.0


def test_a_grade_that_the_table_lacks_is_named_with_the_file_to_mend() -> None:
    with pytest.raises(UsageError, match=r"priors/grades.csv has no row for reliability E"):
        grade_row(GRADES, "reliability", "E")


def expert_overconfidence(shared: Path) -> float:
    """Return by how much the true spread of experts exceeds the stated one: 1.645/Φ⁻¹((1 + h)/2), h weighted by answers."""
    with (shared / "data" / "base_rate_tables" / "expert_interval_calibration.csv").open(encoding="utf-8") as file:
        rows = [(float(row["judgements"]), float(row["hit_90"])) for row in csv.DictReader(file)]
    inside = sum(n * hit for n, hit in rows) / sum(n for n, _ in rows)
    return stats.norm.ppf(0.95) / stats.norm.ppf((1 + inside) / 2)


def test_the_ordinary_published_analysis_is_as_wide_as_experts_turn_out_to_be(project_dir: Path, shared_dir: Path) -> None:
    from forecasting.models.network.constants import ORIGIN_SD, RESIDUAL_SD, SOURCE_SD
    from forecasting.rules.load import load_dossier

    grades = load_dossier(project_dir / "priors").grades
    assert expert_overconfidence(shared_dir) == pytest.approx(2.5, abs=0.05)
    stated = 0.35  # cloglog spread of a phrase that readers agree on
    errors = math.hypot(SOURCE_SD, ORIGIN_SD, RESIDUAL_SD, grade_spread(grades, claim()))
    assert math.hypot(stated, errors) / stated == pytest.approx(expert_overconfidence(shared_dir), rel=0.03)


def test_what_cannot_be_judged_is_wider_than_anything_that_was(project_dir: Path) -> None:
    from forecasting.rules.load import load_dossier

    grades = load_dossier(project_dir / "priors").grades
    for scale, order in (("reliability", "ABCDEF"), ("credibility", "123456")):
        values = [grades[scale, grade].value for grade in order]
        assert values == sorted(values)
        assert len(set(values)) == len(values)

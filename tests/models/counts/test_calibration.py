"""The count model is calibrated on data of its own, in brief; `python -m benchmarks.counts` does it at length."""

from __future__ import annotations

import pytest
from tickets import tickets_edition

from benchmarks.count_calibration import FAULTS, calibrate_counts
from forecasting.rules.load import load_dossier


@pytest.mark.slow
def test_ranks_are_uniform_and_a_planted_fault_is_found() -> None:
    edition = tickets_edition()
    got = calibrate_counts(edition, 96, random_seed=5)
    assert got.passed, (got.worst.quantity, got.worst.p, got.bound)
    found = calibrate_counts(edition, 64, random_seed=5, fault=FAULTS["the wander is four times as wide"])
    assert not found.uniform


@pytest.mark.slow
def test_a_forgotten_season_is_found() -> None:
    found = calibrate_counts(load_dossier("priors").edition("2026-02-outlook"), 128, random_seed=6,
                             fault=FAULTS["the season is forgotten"])  # fmt: skip
    assert not found.uniform

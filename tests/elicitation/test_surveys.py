"""The shipped survey figures hold for readers who were not fitted (needs the raw files; skips without them)."""

from __future__ import annotations

import numpy as np
import pytest

from forecasting.elicitation.coverage import LEVELS, central_coverage
from forecasting.elicitation.surveys import FILES, PREDICTIONS, folds, read_predictions, read_survey

POINTS = 0.03


@pytest.mark.parametrize("name", FILES)
def test_predictive_intervals_cover_held_out_readers_within_three_points(name, shared_dir, project_dir, measured) -> None:
    folder = shared_dir / "data" / "verbal_probability"
    if not (folder / FILES[name]).exists():
        pytest.skip(f"no {folder / FILES[name]}")
    survey = read_survey(folder, name)
    held = folds(survey)
    tables = read_predictions(project_dir / PREDICTIONS, survey)
    covered = {}
    for level in LEVELS:
        shares = [central_coverage(table, survey.answers[out], level) for table, out in zip(tables, held, strict=True)]
        by_phrase = np.average(shares, axis=0, weights=[out.sum() for out in held])
        covered[level] = by_phrase.mean()
        assert abs(covered[level] - level) <= POINTS
    shares = ", ".join(f"{level:.0%} intervals hold {share:.1%}" for level, share in covered.items())
    measured(f"wording: {name}: of {sum(out.sum() for out in held)} held-out readers {shares}")


@pytest.mark.parametrize("name", FILES)
def test_whole_readers_are_held_out_and_each_at_most_once(name, shared_dir) -> None:
    folder = shared_dir / "data" / "verbal_probability"
    if not (folder / FILES[name]).exists():
        pytest.skip(f"no {folder / FILES[name]}")
    survey = read_survey(folder, name)
    held = np.array(folds(survey))
    assert held.shape[1] == len(survey.answers)
    assert held.sum(axis=0).max() == 1
    # half of 5,174 readers; 46 readers in three folds that make up the whole
    assert held.sum() == {"capphrase-2026": 2587, "perceptions-2015": 46}[name]

"""The shipped survey figures hold for readers who were not fitted (needs the raw files; skips without them)."""

from __future__ import annotations

import json

import numpy as np
import pytest

from forecasting.elicitation.coverage import LEVELS, central_coverage
from forecasting.elicitation.surveys import FILES, folds, read_survey

POINTS = 0.03


@pytest.fixture(scope="module")
def predictions(project_dir):
    file = project_dir / "tests/elicitation/phrase_predictions.json"
    if not file.exists():
        pytest.skip(f"no {file}: run python -m forecasting.lab.fit_lexicons --data DIR")
    return json.loads(file.read_text("utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_predictive_intervals_cover_held_out_readers_within_three_points(name, shared_dir, predictions) -> None:
    folder = shared_dir / "data" / "verbal_probability"
    if not (folder / FILES[name]).exists():
        pytest.skip(f"no {folder / FILES[name]}")
    if name not in predictions:
        pytest.skip(f"{name} has not been fitted: run python -m forecasting.lab.fit_lexicons --data DIR --survey {name}")
    survey = read_survey(folder, name)
    held = folds(survey)
    tables = [np.array([table[phrase] for phrase in survey.phrases]) / 100_000 for table in predictions[name]]
    print(f"\n{name}: {sum(out.sum() for out in held)} held-out readers, {len(survey.phrases)} phrases")
    for level in LEVELS:
        shares = [central_coverage(table, survey.answers[out], level) for table, out in zip(tables, held, strict=True)]
        by_phrase = np.average(shares, axis=0, weights=[out.sum() for out in held])
        worst = int(np.abs(by_phrase - level).argmax())
        print(f"  {level:.0%}: {by_phrase.mean():.1%}; furthest off: {survey.phrases[worst]} {by_phrase[worst]:.1%}")
        assert abs(by_phrase.mean() - level) <= POINTS


@pytest.mark.parametrize("name", FILES)
def test_whole_readers_are_held_out_and_each_at_most_once(name, shared_dir) -> None:
    folder = shared_dir / "data" / "verbal_probability"
    if not (folder / FILES[name]).exists():
        pytest.skip(f"no {folder / FILES[name]}")
    survey = read_survey(folder, name)
    held = np.array(folds(survey))
    assert held.shape[1] == len(survey.answers)
    assert held.sum(axis=0).max() == 1
    # 5,174 readers less 600 fitted; 46 readers in three folds that make up the whole
    assert held.sum() == {"capphrase-2026": 4574, "perceptions-2015": 46}[name]

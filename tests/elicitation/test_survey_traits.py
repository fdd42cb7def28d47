"""Few figures of a fit, written and read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from forecasting.elicitation.survey_traits import Habits, SurveyTraits, read_traits, write_traits


def fit(survey: str, n: int) -> SurveyTraits:
    mean, sd = np.array([[1.0, -0.5, 0.25], [-2.0, -1.0, 0.0]]), np.array([[0.01, 0.02, 0.03], [0.1, 0.2, 0.3]])
    return SurveyTraits(survey, n, ("likely", "unlikely"), mean, sd, -0.2, Habits((0.1, 0.5, 0.4), 0.2, (0.05, 0.15), 0.01))


def test_what_is_written_is_read_back_and_other_surveys_stay(tmp_path: Path) -> None:
    file = tmp_path / "traits.json"
    write_traits(file, "b", [fit("b", 46), fit("b", 31)])
    write_traits(file, "a", [fit("a", 2587)])
    write_traits(file, "b", [fit("b", 45)])
    found = read_traits(file)
    assert {survey: [one.n for one in fits] for survey, fits in found.items()} == {"a": [2587], "b": [45]}
    back, wanted = found["b"][0], fit("b", 45)
    np.testing.assert_array_equal(back.mean, wanted.mean)
    np.testing.assert_array_equal(back.sd, wanted.sd)
    assert (back.phrases, back.log_tail, back.habits) == (wanted.phrases, wanted.log_tail, wanted.habits)

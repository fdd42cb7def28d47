"""The model of placed phrases against its formulas, written a second way."""

from __future__ import annotations

import numpy as np
import pytest
from pytensor import function
from pytensor.compile.mode import Mode
from scipy.stats import norm

from forecasting.elicitation.placements import FREE, PHRASES, PLACED
from forecasting.elicitation.survey_traits import TRAITS, Habits, SurveyTraits
from forecasting.models.phrases.placed import build_placed_model, fitted_data

HABITS = Habits((0.1, 0.5, 0.4), 0.2, (0.05, 0.15), 0.01)
ONE = SurveyTraits(
    "one", 9, ("likely", "probable", "highly likely"), np.array([[1.0, -0.5, 0.3], [0.9, -0.4, 0.1], [2.0, -0.6, 0.2]]),
    np.full((3, 3), 0.1), -0.2, HABITS,
)  # fmt: skip
TWO = SurveyTraits("two", 5, ("probable",), np.array([[1.2, -0.6, 0.2]]), np.array([[0.2, 0.3, 0.4]]), -0.1, HABITS)


def test_held_out_phrases_are_those_of_every_survey() -> None:
    assert fitted_data([ONE, TWO])["included"].tolist() == [1, 1, 1, 1]
    out = fitted_data([ONE, TWO], ["probable"])
    assert out["included"].tolist() == [1, 0, 1, 0]
    assert [phrase for phrase, known in zip(PLACED, out["known"], strict=True) if known] == ["highly likely"]


def test_the_density_is_that_of_its_formulas() -> None:
    rng = np.random.default_rng(3)
    free = {trait: rng.normal(size=len(FREE)) for trait in TRAITS}
    placed = {trait: rng.normal(size=len(PLACED)) for trait in TRAITS}
    tau = dict(zip(TRAITS, (0.4, 0.3, 0.2), strict=True))
    sigma = dict(zip(TRAITS, (0.15, 0.25, 0.35), strict=True))
    traits = {trait: dict(zip(PHRASES, np.concatenate([free[trait], placed[trait]]), strict=True)) for trait in TRAITS}
    expected_placed = dict.fromkeys(TRAITS, 0.0)
    expected_fits = dict.fromkeys(TRAITS, 0.0)
    for trait in TRAITS:
        for phrase, place in PLACED.items():
            theirs = {name: (1 - place.share) * traits[name][place.at] + place.share * traits[name][place.towards or place.at]
                      for name in TRAITS}  # fmt: skip
            step = np.exp(theirs["log_scale"]) if trait == "location" else 1.0
            wide = tau[trait] * step
            if trait == "location" and place.towards:
                gap = traits["location"][place.towards] - traits["location"][place.at]
                wide = np.hypot(wide, 0.17 * 2 * np.sqrt(place.share * (1 - place.share)) * gap)
            # nobody was asked about the others, whose width is one
            expected_placed[trait] += norm.logpdf(traits[trait][phrase], theirs[trait], wide if phrase in ONE.phrases else 1.0)
        for fit in (ONE, TWO):
            for j, phrase in enumerate(fit.phrases):
                step = np.exp(traits["log_scale"][phrase]) if trait == "location" else 1.0
                k = TRAITS.index(trait)
                wide = np.hypot(sigma[trait] * step, fit.sd[j, k])
                expected_fits[trait] += norm.logpdf(fit.mean[j, k], traits[trait][phrase], wide)
    model = build_placed_model([ONE, TWO])
    given = {"share_sd": np.log(0.17)}
    for trait in TRAITS:
        given |= {f"{trait}_free": free[trait], f"{trait}_placed": placed[trait]}
        given |= {f"{trait}_place_sd": np.log(tau[trait]), f"{trait}_survey_sd": np.log(sigma[trait])}
    values = [model.rvs_to_values[rv] for rv in model.free_RVs]
    point = [given[rv.name] for rv in model.free_RVs]
    for trait in TRAITS:
        (of_placed,) = model.logp(vars=[model[f"{trait}_placed"]], sum=False)
        fits = model.replace_rvs_by_values([model[f"{trait}_fits"]])[0]
        evaluate = function(values, [of_placed.sum(), fits.sum()], mode=Mode("py", None), on_unused_input="ignore")
        assert [float(x) for x in evaluate(*point)] == pytest.approx([expected_placed[trait], expected_fits[trait]], rel=1e-9)

"""How far a phrase lies from where its words place it: what readers of two surveys say of phrases placed by rule.

The model of one survey (`forecasting.models.phrases.build`) knows only phrases that its readers were asked about. This one
learns how far off it is to *place* a phrase among others (`forecasting.elicitation.placements`) and how far readers of one
survey are from those of another, so that a hedge of an article can be read as readers would whom nobody has asked about it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from forecasting.elicitation.placements import FREE, PHRASES, PLACED, share_slack, weights
from forecasting.elicitation.survey_traits import TRAITS, SurveyTraits


def entries(fits: Sequence[SurveyTraits]) -> list[tuple[str, str]]:
    """Return every phrase of every survey, as (survey, phrase)."""
    return [(fit.survey, phrase) for fit in fits for phrase in fit.phrases]


def fitted_data(fits: Sequence[SurveyTraits], held_out: Collection[str] = ()) -> dict[str, np.ndarray]:
    """Return what goes into the model by name: means and sds (entry, trait), and a one for each entry that is included.

    ``known`` (placed) has a one for each placed phrase that somebody was asked about.
    """
    asked = {phrase for _, phrase in entries(fits)} - set(held_out)
    return {
        "known": np.array([float(phrase in asked) for phrase in PLACED]),
        "mean": np.concatenate([fit.mean for fit in fits]),
        "sd": np.concatenate([fit.sd for fit in fits]),
        "included": np.array([float(phrase not in held_out) for _, phrase in entries(fits)]),
    }


def _width(name: str, mean: float) -> Any:
    """Return a width over phrases; Gamma(4, 4 / mean) stays away from zero."""
    return pm.Gamma(name, 4, 4 / mean)


def _phrases(known: Any) -> dict[str, Any]:
    """Return the traits of every phrase, dims (phrase): the free ones, and the others near their places.

    A phrase of which nothing is known says nothing of how far off places are; it gets a width of one, whatever τ is, as it
    would otherwise follow τ into a corner that no sampler can enter.
    """
    place, slack = (table(list(PLACED.values()), FREE) for table in (weights, share_slack))
    free = {
        "location": pm.Normal("location_free", 0, 2, dims="free"),
        "log_scale": pm.Normal("log_scale_free", -0.5, 0.7, dims="free"),
        "skew": pm.Normal("skew_free", 0, 0.5, dims="free"),
    }
    unit = pt.exp(place @ free["log_scale"])  # the spread of readers there
    by_share = _width("share_sd", 0.2) * (slack @ free["location"])
    traits = {}
    for name, width, step in zip(TRAITS, (0.3, 0.3, 0.3), (unit, 1.0, 1.0), strict=True):
        spread = _width(f"{name}_place_sd", width) * step
        spread = pt.sqrt(spread**2 + by_share**2) if name == "location" else spread
        placed = pm.Normal(f"{name}_placed", place @ free[name], known * spread + (1 - known), dims="placed")
        traits[name] = pm.Deterministic(name, pt.concatenate([free[name], placed]), dims="phrase")
    return traits


def build_placed_model(fits: Sequence[SurveyTraits]) -> pm.Model:
    """Build the model over the fits of all surveys.

    For phrase f and entry e = (survey, f), with traits θ = (location μ, log scale λ, skew γ):

    - free phrases: μ ~ Normal(0, 2²), λ ~ Normal(−0.5, 0.7²), γ ~ Normal(0, 0.5²)
    - a phrase placed with weights w over the free ones: θ_f ~ Normal(Σ w θ_free, τ²); for μ of one placed between two
      phrases a and b, τ² + (ω s (μ_b − μ_a))², with ω the error of the share and s its slack (`share_slack`)
    - what the fit of a survey found: its posterior mean m_e ~ Normal(θ_f, σ² + v_e), with σ between surveys and v_e its
      posterior variance, trait by trait; an entry that is held out (``included`` zero) says nothing

    For μ both τ and σ are counted in spreads of readers, exp(λ): at the ends of the scale log odds are far apart for everybody.

    Parameters
    ----------
    fits : sequence of SurveyTraits
        One of each survey.

    Returns
    -------
    pm.Model
        *How to read it:* ``location``, ``log_scale``, ``skew`` (dims phrase) are those of readers of any survey;
        ``location_place_sd`` of 0.3 says that a synonym lies 0.3 spreads of readers from its plain phrase, ``share_sd`` of
        0.2 that half way between two phrases may be three or seven tenths of it, and ``location_survey_sd`` how far two
        surveys are apart.

    References
    ----------
    Two stages, of which the second takes estimates with their variances: Gelman, A. et al. (2013), *Bayesian Data Analysis*,
    3rd ed., section 5.5. Learning how far off a judgement is from cases whose truth became known: Morris, P. A. (1977),
    *Combining expert judgments: a Bayesian approach*, Management Science 23.
    """
    which = entries(fits)
    of_phrase = np.array([PHRASES.index(phrase) for _, phrase in which])
    coords = {
        "free": FREE, "placed": tuple(PLACED), "phrase": PHRASES, "entry": [": ".join(entry) for entry in which],
        "trait": TRAITS,
    }  # fmt: skip
    with pm.Model(coords=coords) as model:
        data = fitted_data(fits)
        traits = _phrases(pm.Data("known", data["known"], dims="placed"))
        unit = pt.exp(traits["log_scale"])[of_phrase]
        mean, sd = (pm.Data(name, data[name], dims=("entry", "trait")) for name in ("mean", "sd"))
        included = pm.Data("included", data["included"], dims="entry")
        for k, (name, step) in enumerate(zip(TRAITS, (unit, 1.0, 1.0), strict=True)):
            between = _width(f"{name}_survey_sd", 0.2) * step
            found = pm.Normal.dist(traits[name][of_phrase], pt.sqrt(between**2 + sd[:, k] ** 2))
            pm.Potential(f"{name}_fits", included * pm.logp(found, mean[:, k]), dims="entry")
    return model

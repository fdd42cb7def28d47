"""Elicited priors for the tests, built without a fit, and a strategy that makes any kind of them."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

import numpy as np
from hypothesis import strategies as st

from forecasting.elicitation.elicited import ElicitedPrior
from forecasting.elicitation.families import FAMILIES, marginals

BY_HAND = {
    "id": "deal-a", "about": "P(a deal within a year)", "years": 1, "analyst": "A. Analyst", "made_on": "2024-12-13",
    "method": "maxent", "asked": {"lower": 0.1, "upper": 0.4, "mass": 0.8}, "family": "Beta",
    "parameters": {"alpha": 3.47199, "beta": 9.45366},
}  # fmt: skip


def prior(**changes: Any) -> ElicitedPrior:
    return ElicitedPrior.model_validate({**BY_HAND, **changes})


def quartiles_of(family: str, parameters: dict[str, Any]) -> dict[str, float]:
    """Return answers that the distribution meets: its own quartiles, to twelve digits."""
    values = marginals(family, parameters)[0].ppf([0.25, 0.5, 0.75])
    return {name: float(f"{x:.12g}") for name, x in zip(("q1", "q2", "q3"), values, strict=True)}


def stated(family: str, parameters: dict[str, Any], **changes: Any) -> ElicitedPrior:
    """Return a prior of given parameters, as if its quartiles had been asked for."""
    years = 1 if FAMILIES[family].support == "probability" else None
    asked = quartiles_of(family, parameters)
    return prior(method="quartile", asked=asked, family=family, parameters=parameters, **{"years": years, **changes})


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    """Return numbers of at most twelve significant digits."""
    return st.floats(low, high).map(lambda x: float(f"{x:.12g}")).filter(lambda x: x == 0 or abs(x) > 1e-9)


RANGES = {
    "Beta": {"alpha": (0.5, 60), "beta": (0.5, 60)}, "LogitNormal": {"mu": (-4, 4), "sigma": (0.05, 3)},
    "Gamma": {"alpha": (0.5, 60), "beta": (1e-3, 1e3)}, "LogNormal": {"mu": (-5, 9), "sigma": (0.05, 3)},
    "Normal": {"mu": (-1e4, 1e4), "sigma": (0.01, 1e3)},
}  # fmt: skip
lines = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=3, max_size=40).filter(
    lambda text: text.isprintable() and text == unicodedata.normalize("NFC", text)
)


@st.composite
def any_prior(draw: st.DrawFn) -> ElicitedPrior:
    """Draw a prior of any family but the Dirichlet."""
    family = draw(st.sampled_from(sorted(RANGES)))
    parameters = {name: draw(numbers(*limits)) for name, limits in RANGES[family].items()}
    horizon = draw(numbers(0.01, 30)) if FAMILIES[family].support == "probability" else None
    return stated(
        family, parameters, id=draw(st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)), about=draw(lines),
        analyst=draw(lines), made_on=draw(st.dates(dt.date(2000, 1, 1))), years=horizon, note=draw(st.just("") | lines),
    )  # fmt: skip


def shares(**changes: Any) -> ElicitedPrior:
    """Return a Dirichlet prior: α = 1 + τ·mode with τ = 49.732, as the search for bound 0.1 and mass 0.9 finds."""
    mode, tau = np.array([0.5, 0.3, 0.2]), 49.732
    alpha = tuple(float(f"{x:.6g}") for x in 1 + tau * mode)
    fields = {"id": "stages", "about": "stage reached by 2026", "years": None, "method": "dirichlet",
              "asked": {"mode": (0.5, 0.3, 0.2), "bound": 0.1, "mass": 0.9}, "family": "Dirichlet",
              "parameters": {"alpha": alpha}, "outcomes": ("talks", "open border", "relations")}  # fmt: skip
    return prior(**{**fields, **changes})

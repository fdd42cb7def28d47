"""What the fit of a survey says of its phrases, in few figures: enough to place other wordings among them without the answers.

The answers are other people's and stay outside the project; these figures are ours.
``python -m forecasting.fitting.survey_traits`` writes them next to this module.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from forecasting.files import write_file

FILE = Path(__file__).with_name("survey_traits.json")
TRAITS = ("location", "log_scale", "skew")
DIGITS = 6


@dataclass(frozen=True)
class Habits:
    """How the readers of a survey round, over all its phrases: see `forecasting.elicitation.habits`."""

    rounding: tuple[float, ...]
    beside_even: float
    pile_up: tuple[float, float]
    slip: float


@dataclass(frozen=True)
class SurveyTraits:
    """Mode and standard deviation of the three traits of each phrase of a survey, as one fit found them.

    Parameters
    ----------
    survey : str
        Id of the survey.
    n : int
        How many readers were fitted.
    phrases : tuple of str
        In the order of the survey.
    mean : ndarray
        Dims (phrase, trait): log odds of the median, log of the spread near it, skew (`forecasting.models.phrases.build`).
    sd : ndarray
        Dims (phrase, trait): how well the readers fix them.
    log_tail : float
        Weight of the tails, one for the survey.
    habits : Habits
        How its readers round.
    """

    survey: str
    n: int
    phrases: tuple[str, ...]
    mean: np.ndarray
    sd: np.ndarray
    log_tail: float
    habits: Habits


def as_json(fit: SurveyTraits) -> dict[str, Any]:
    """Return a fit as plain figures."""
    phrases = {
        phrase: [*mean.round(DIGITS).tolist(), *sd.round(DIGITS).tolist()]
        for phrase, mean, sd in zip(fit.phrases, fit.mean, fit.sd, strict=True)
    }
    habits = {name: np.round(getattr(fit.habits, name), DIGITS).tolist() for name in Habits.__dataclass_fields__}
    return {"survey": fit.survey, "n": fit.n, "phrases": phrases, "log_tail": round(fit.log_tail, DIGITS), "habits": habits}


def from_json(stored: dict[str, Any]) -> SurveyTraits:
    """Return a fit from its plain figures."""
    rows = np.array(list(stored["phrases"].values()))
    of = stored["habits"]
    habits = Habits(tuple(of["rounding"]), of["beside_even"], tuple(of["pile_up"]), of["slip"])
    mean, sd = np.split(rows, [len(TRAITS)], axis=1)
    return SurveyTraits(stored["survey"], stored["n"], tuple(stored["phrases"]), mean, sd, stored["log_tail"], habits)


def read_traits(file: Path = FILE) -> dict[str, list[SurveyTraits]]:
    """Return the fits of each survey: the one whose figures are shipped first, then one for each set of held-out readers.

    The larger survey has one fit, which leaves half of the readers out.

    Examples
    --------
    >>> fits = read_traits()
    >>> {survey: [fit.n for fit in found] for survey, found in fits.items()}
    {'capphrase-2026': [2587], 'perceptions-2015': [46, 30, 31, 31]}
    """
    stored = json.loads(file.read_text("utf-8"))
    return {survey: [from_json(fit) for fit in found] for survey, found in stored.items()}


def write_traits(file: Path, survey: str, fits: list[SurveyTraits]) -> None:
    """Put the fits of one survey in place of its old ones."""
    stored = json.loads(file.read_text("utf-8")) if file.exists() else {}
    stored[survey] = [as_json(fit) for fit in fits]
    write_file(file, json.dumps(dict(sorted(stored.items())), separators=(",", ":")) + "\n")

"""Three events of which the first two raise the third: paths and exact answers."""

from __future__ import annotations

import datetime as dt

import numpy as np
from master_equation import MULTIPLIES, state_distribution, world

from forecasting.dossier.questions import Question
from forecasting.paths.inputs import World

END, MIDDLE = dt.date(2024, 12, 31), dt.date(2024, 7, 1)  # 365 and 182 days after 1 January
YEAR, HALF = 365 / 365.25, 182 / 365.25
# a raises b threefold, and c is raised by both: seeing b says something of c by way of a as well
CHAIN = [(0, 1, MULTIPLIES, 3.0), (0, 2, MULTIPLIES, 4.0), (1, 2, MULTIPLIES, 2.0)]
HAZARD = np.array([0.6, 0.4, 0.25])
DRAWS, PATHS = 200, 2000


def question(event: str = "c") -> Question:
    asks = {"occurs": event, "by": END}
    return Question.model_validate({"id": f"{event}-asked", "title": "Does it happen?", "asks": asks})


def chain() -> World:
    return world(np.tile(HAZARD, (DRAWS, 1)), CHAIN)


def exact(w: World, keep, until: float = YEAR) -> float:
    """Return P(state in ``keep``) at ``until`` by the matrix exponential; ``keep`` takes the happened a, b, c."""
    p = state_distribution(w, until)
    return sum(p[s] for s in range(8) if keep(s & 1, s >> 1 & 1, s >> 2 & 1))

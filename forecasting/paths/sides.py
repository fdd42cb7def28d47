"""What the event network says of the sides of an index: those that are events of its own."""

from __future__ import annotations

import numpy as np

from forecasting.dossier.edition import EditionDossier, Told
from forecasting.dossier.forms.favours import REST
from forecasting.dossier.questions import Question
from forecasting.paths.questions import PathHappenings, counted
from forecasting.paths.simulate import Paths


def side_hits(paths: Paths, question: Question) -> dict[str, np.ndarray]:
    """Return on which paths each side of an index comes out that is an event of the network (draw, path), and ``rest``: none.

    Where what both sides are happens, the high side is the outcome. Nothing is returned where no side is such an event.
    """
    index = question.favours
    same = index.same(paths.world.event_ids) if index else {}
    if not same:
        return {}
    seen = PathHappenings(paths)
    hits = {side: np.asarray(statement.truth(seen, question.deadline)) for side, statement in same.items()}
    if len(hits) == 2:
        hits["low"] = hits["low"] & ~hits["high"]
    return {**hits, REST: ~np.logical_or.reduce(list(hits.values()))}


def sides_of(edition: EditionDossier, paths: Paths) -> Told:
    """Return, by question and side, P(side | draw) and the variance that a finite number of paths adds to it (draw,) each."""
    asked = [question for questions in edition.further.values() for question in questions]
    found = {question.id: side_hits(paths, question) for question in asked}
    return {name: {side: counted(one) for side, one in hits.items()} for name, hits in found.items() if hits}


def spread_over(values: np.ndarray, n_draws: int) -> np.ndarray:
    """Return values of the network's draws (draw,) in as many draws as another model has, chain by chain in their order.

    Draws are repeated, or left out, evenly. The two models share no draw, so which go together is of no matter.

    Examples
    --------
    >>> spread_over(np.array([0.1, 0.2, 0.3, 0.4]), 6).tolist(), spread_over(np.array([0.1, 0.2, 0.3, 0.4]), 2).tolist()
    ([0.1, 0.1, 0.2, 0.3, 0.3, 0.4], [0.1, 0.3])
    """
    return values[np.arange(n_draws) * len(values) // n_draws]


"""How much each claim moves an answer, from the influence table of a run: the weightiest record is shown first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from forecasting.dossier.questions import Question
from forecasting.lab.panel.controls import Card

INFLUENCE = "influence of its run"  # what a fit that was opened from a run keeps it by


@dataclass(frozen=True)
class Moved:
    """By how much a claim moves an answer, p − p without it, and of which outcome: the one that it moves most."""

    change: float = 0.0
    outcome: str = ""


def moved_by(influence: pd.DataFrame | None, question: Question | None) -> dict[str, Moved]:
    """Return by how much each claim moves the answer to a question; of several outcomes the one moved most.

    It is empty where there is no table, as in a draft of a run.

    Examples
    --------
    >>> moved_by(None, None)
    {}
    """
    if influence is None or question is None or influence.empty:
        return {}
    rows = influence[influence["question"] == question.id]
    if question.form.kind == "yes/no":
        rows = rows[rows["outcome"] == "yes"]
    found: dict[str, Moved] = {}
    for row in rows.itertuples():
        if abs(float(row.change)) > abs(found.get(str(row.claim), Moved()).change):
            found[str(row.claim)] = Moved(float(row.change), str(row.outcome))
    return found


def by_weight(cards: Iterable[Card], moved: Mapping[str, Moved]) -> list[Card]:
    """Return the records behind a question, those first that move its answer most; the others stay in their order."""
    return sorted(cards, key=lambda card: -abs(moved.get(card.id, Moved()).change))

"""How far an edition's answers were from what happened, with an interval that knows that one story settles many questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.dossier.forms.base import VOID
from forecasting.dossier.resolution import outcome_of
from forecasting.forecasts import Forecast, Outcome
from forecasting.scoring.rules import brier
from forecasting.scoring.uncertainty import mean_by, stories

LAYERS = {"base": "base_p", "prior": "prior_p", "p": "p"}


@dataclass(frozen=True)
class Settled:
    """Brier scores of an edition's settled questions: ``scores`` (question, layer), and the story that each belongs to."""

    scores: np.ndarray
    stories: tuple[int, ...]

    def interval(self, weights: Sequence[float]) -> tuple[float, float, float]:
        """Return the mean of a weighted sum of layers, and the central 90 % of its mean over stories drawn anew."""
        found = mean_by((self.scores @ np.asarray(weights)).tolist(), self.stories)
        return found.mean, found.low, found.high


def settled(forecasts: Sequence[Forecast], edition: EditionDossier, dossier: Dossier, known_on: dt.date) -> Settled | None:
    """Return the scores of the questions that the history up to a day settles, or None if it settles none.

    A question that is void is not settled; of one that may be void the answers are those given that it is not.
    """
    found, events = [], []
    for forecast in forecasts:
        outcome = outcome_of(dossier, question := dossier.questions[forecast.question], known_on)
        if outcome in (None, VOID):
            continue
        listed = [o for o in forecast.outcomes if o.id != VOID]
        found.append([brier(*_against(listed, name, str(outcome))) for name in LAYERS.values()])
        events.append(frozenset(question.events()))
    return Settled(np.array(found), stories(events, edition.effects)) if found else None


def p_of(forecast: Forecast, outcome: str) -> float:
    """Return what a forecast gives an outcome, also one that has no row of its own, given that the question is not void."""
    whole, at = _against([one for one in forecast.outcomes if one.id != VOID], "p", outcome)
    return whole[at] if at < len(whole) else 0.0


def _against(listed: Sequence[Outcome], name: str, outcome: str) -> tuple[list[float], int]:
    """Return a layer's probabilities and the place of what happened; of a yes/no question with its other half."""
    p, ids = [getattr(o, name) for o in listed], [o.id for o in listed]
    whole = p if len(p) > 1 else [*p, 1 - p[0]]
    return [one / sum(whole) for one in whole], ids.index(outcome) if outcome in ids else len(ids)


def settled_lines(forecasts: Sequence[Forecast], edition: EditionDossier, dossier: Dossier) -> list[str]:
    """Return what is known of an edition's accuracy, as Markdown: a table of Brier scores with intervals by stories."""
    known_on = max(row.on for row in dossier.history)
    scored = settled(forecasts, edition, dossier, known_on)
    if scored is None:
        return [f"No question is settled by the history, which ends on {known_on}.\n"]
    rows = [(name, *scored.interval(np.eye(len(LAYERS))[i])) for i, name in enumerate(LAYERS)]
    rows.append(("p less base", *scored.interval([-1.0, 0.0, 1.0])))
    n, k = len(scored.stories), len(set(scored.stories))
    return [
        f"Settled by the history up to {known_on}: {n} questions in {k} stories. Brier score of the answers above (0 is perfect, "
        "0.25 is even odds on everything), with the central 90 % of what it would be with stories drawn anew; with so few the "
        "interval is rough. The report scores what the ledger holds instead: answers as they were issued, where they were, "
        "with questions settled because nothing was reported.\n",
        "| | Brier | 90 % |\n|---|--:|--:|",
        *(f"| {name} | {mean:.3f} | {low:.3f} to {high:.3f} |" for name, mean, low, high in rows),
        "",
    ]

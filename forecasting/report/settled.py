"""How far an edition's answers were from what happened, with an interval that knows that one story settles many questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import connected_components

from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.dossier.effects import Effect
from forecasting.dossier.forms.base import VOID
from forecasting.dossier.graph import joined, reach
from forecasting.dossier.resolution import outcome_of
from forecasting.forecasts import Forecast, Outcome

LAYERS = {"base": "base_p", "prior": "prior_p", "p": "p"}
RESAMPLES, SEED, LEVEL = 10_000, 20201114, 90.0


@dataclass(frozen=True)
class Settled:
    """Brier scores of an edition's settled questions: ``scores`` (question, layer), and the story that each belongs to."""

    scores: np.ndarray
    stories: tuple[int, ...]

    def interval(self, weights: Sequence[float]) -> tuple[float, float, float]:
        """Return the mean of a weighted sum of layers, and the central 90 % of its mean over stories drawn anew.

        Stories are drawn with replacement, each with all of its questions; with fewer than about ten the interval is a rough one
        and mostly too narrow.
        """
        each = self.scores @ np.asarray(weights)
        ids = sorted(set(self.stories))
        sums = np.array([each[np.equal(self.stories, one)].sum() for one in ids])
        sizes = np.array([np.equal(self.stories, one).sum() for one in ids])
        drawn = np.random.default_rng(SEED).integers(len(ids), size=(RESAMPLES, len(ids)))
        means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
        low, high = np.percentile(means, [(100 - LEVEL) / 2, (100 + LEVEL) / 2])
        return float(each.mean()), float(low), float(high)


def brier(p: Sequence[float], happened: Sequence[bool]) -> float:
    """Return half the squared distance of probabilities from what happened: of a yes/no question (p − o)².

    Examples
    --------
    >>> brier([0.75, 0.25], [False, True]), brier([0.5, 0.25, 0.25], [True, False, False])
    (0.5625, 0.1875)
    """
    return float(np.square(np.subtract(p, happened)).sum() / 2)


def stories(events: Sequence[frozenset[str]], effects: Iterable[Effect]) -> tuple[int, ...]:
    """Return for each question's events a number that it shares with questions of the same story.

    Two questions are one story if they share an event, or if events of theirs follow from, imply, wait for or exclude each
    other by a chain of effects. What only multiplies a hazard joins no stories.
    """
    pairs = [(e.from_, e.to) for e in effects if e.acts != "multiplies"]
    reached = [reach(joined([*pairs, *((b, a) for a, b in pairs)]), some) for some in events]
    shared = np.array([[bool(one & other) for other in reached] for one in reached])
    return tuple(connected_components(shared, directed=False)[1].tolist())


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


def _against(listed: Sequence[Outcome], name: str, outcome: str) -> tuple[list[float], list[bool]]:
    """Return a layer's probabilities and what happened; of a yes/no question with its other half."""
    p, happened = [getattr(o, name) for o in listed], [o.id == outcome for o in listed]
    return (p, happened) if len(listed) > 1 else ([*p, 1 - sum(p)], [*happened, not any(happened)])


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
        f"Settled by the history up to {known_on}: {n} questions in {k} stories. Brier score (0 is perfect, 0.25 is even odds on "
        "everything), with the central 90 % of what it would be with stories drawn anew; with so few the interval is rough.\n",
        "| | Brier | 90 % |\n|---|--:|--:|",
        *(f"| {name} | {mean:.3f} | {low:.3f} to {high:.3f} |" for name, mean, low, high in rows),
        "",
    ]

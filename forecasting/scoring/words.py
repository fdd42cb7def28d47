"""What a scorecard says, in sentences that a reader can take away."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecasting.ledger.records import MODEL
from forecasting.scoring.scorecard import Line, Scorecard
from forecasting.scoring.scored import Count
from forecasting.scoring.uncertainty import FEW, FEWEST, MOST, Mean, mean_by

STATES = {  # what became of a forecast, in the order in which they are said
    "scored": "scored", "open": "still open", "unresolved": "past their deadline without an outcome", "void": "void",
    "ambiguous": "ambiguous", "late": "late", "known": "settled before they were made", "changed": "asked anew since",
}  # fmt: skip


def verdict(card: Scorecard) -> str:
    """Return one sentence on whether the model did better than base rates alone, and how sure that is."""
    line = card.line(MODEL)
    if line is None or line.against_base is None:
        return "The model has no score to set against base rates."
    gain = line.against_base
    than = f"Brier {line.brier.mean:.3f} against {line.brier.mean - gain.mean:.3f}"
    side = "better" if gain.mean < 0 else "worse"
    if gain.low < 0 < gain.high or gain.clusters < 2:
        more = f"; {gain.clusters} {'story' if gain.clusters == 1 else 'stories'} cannot tell" if gain.clusters < FEWEST else ""
        more = f"; {roughly(line.more)} such stories would tell" if line.more else more
        return f"So far the model did {side} than base rates alone ({than}), by no more than chance could explain{more}."
    rough = ", though with so few stories the interval is rough" if gain.clusters < FEW else ""
    return f"The model did {side} than base rates alone ({than}){rough}."


def roughly(n: int) -> str:
    """Return how many more are needed as roughly as it is known.

    Examples
    --------
    >>> roughly(4), roughly(11), roughly(568), roughly(1507)
    ('a few more', 'tens more', 'hundreds more', 'thousands more')
    """
    sizes = ((1000, "thousands more"), (100, "hundreds more"), (10, "tens more"))
    return next((words for least, words in sizes if n >= least), "a few more")


def needed(card: Scorecard) -> str:
    """Return about how many more stories and questions would tell the model from base rates; nothing if these are enough."""
    line = card.line(MODEL)
    gain = line.against_base if line else None
    if line is None or gain is None or line.more == 0:
        return ""
    if gain.clusters < FEWEST:
        return f"How many more it would take cannot be said from fewer than {FEWEST} stories."
    if line.more is None:
        return f"Not even {MOST:,} more stories would tell the model from base rates, if both go on as they do."
    each = gain.n / gain.clusters
    stories = f"{two_digits(line.more):,} more {'story' if line.more == 1 else 'stories'}"
    questions = two_digits(line.more * each)
    resolved = f"{questions:,} more resolved question{'s' if questions != 1 else ''}"
    return f"About {stories} ({resolved}, at {each:.1f} a story) would tell the model from base rates, if both go on as they do."


def two_digits(n: float) -> int:
    """Return a number to two significant digits: more is not known of it.

    Examples
    --------
    >>> two_digits(568), two_digits(1507), two_digits(7), two_digits(7.6)
    (570, 1500, 7, 8)
    """
    return round(float(f"{n:.2g}"))


def evolved(table: pd.DataFrame, changes: Mapping[str, float]) -> list[str]:
    """Return what there is to say of forecasts over the days on which they stood: a sentence for each standing and forecaster.

    Parameters
    ----------
    table : DataFrame
        From `forecasting.scoring.evolving.evolving`.
    changes : mapping of str to float
        The model's mean change from one forecast to the next, by question.
    """
    lines = []
    for (standing, forecaster), own in table.groupby(["standing", "forecaster"], sort=False):
        mean = mean_by(own["brier"].to_list(), own["story"].to_list())
        many = own[own["n"] > 1]
        renewed = "each was forecast once, so that this is the plain score"
        if len(many):
            last = f"Brier of the last one alone {own['last'].mean():.3f}"
            renewed = f"{len(many)} forecast more than once ({many['n'].sum()} forecasts); {last}"
        questions = f"{len(own)} question{'s' if len(own) != 1 else ''}"
        lines.append(f"time-weighted, {standing}, {forecaster}: Brier {span(mean)} over {questions}; {renewed}")
    if not lines:
        lines.append("time-weighted: no question with a forecast that stood for a day is settled yet")
    if changes:
        over = f"{len(changes)} question{'s' if len(changes) != 1 else ''}, open ones too"
        moved = f"{np.mean([*changes.values()]):.3f} from one forecast to the next, over {over}"
        return [*lines, f"flip-flop: the model moved by {moved}"]
    return [*lines, "flip-flop: no question has a second forecast of the model yet"]


def population(card: Scorecard) -> str:
    """Return what was scored: how many questions, in how many stories, and how many are settled by no report of the contrary."""
    few = f"; {card.n_no_report} settled because nothing was reported" if card.n_no_report else ""
    shared = f" ({card.n_shared} of them shared by editions)" if card.n_shared else ""
    stories = f"{card.n_stories} stor{'ies' if card.n_stories != 1 else 'y'}{shared}"
    return f"{card.n} question{'s' if card.n != 1 else ''} in {stories}{few}"


def states_line(count: Count) -> str:
    """Return what became of an edition's forecasts, every state that occurs with its number."""
    said = [f"{len(count.states[name])} {words}" for name, words in STATES.items() if count.states.get(name)]
    return f"{count.n_issued} issued: {', '.join(said)}"


def span(mean: Mean | None, digits: int = 3, *, signed: bool = False) -> str:
    """Return a mean with its interval.

    Examples
    --------
    >>> span(Mean(0.1712, 0.1, 0.22, 24, 9)), span(None)
    ('0.171 (0.100 to 0.220)', '')
    """
    if mean is None:
        return ""
    form = f"{'+' if signed else ''}.{digits}f"
    return f"{mean.mean:{form}} ({mean.low:{form}} to {mean.high:{form}})"


def parts(card: Scorecard) -> str:
    """Return the model's Brier score on yes/no questions in its parts, and how sharp it is."""
    r = card.reliability
    if r is None:
        return "Too few yes/no questions to look at reliability."
    return (
        f"Yes/no questions: Brier {r.brier:.3f} = miscalibration {r.miscalibration:.3f} - resolution {r.discrimination:.3f} + "
        f"uncertainty {r.uncertainty:.3f}; sharpness {100 * (card.sharpness or 0):.0f} points, the mean distance from even odds; "
        f"{r.n_outside} of {len(r.p)} recalibrated values outside their band of 90 %."
    )


def skill(line: Line) -> str:
    """Return the skill against base rates in per cent, or nothing for base rates themselves."""
    return "" if line.skill is None else f"{100 * line.skill:+.0f} %"

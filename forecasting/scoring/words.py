"""What a scorecard says, in sentences that a reader can take away."""

from __future__ import annotations

from forecasting.ledger.records import MODEL
from forecasting.scoring.scorecard import Line, Scorecard
from forecasting.scoring.scored import Count
from forecasting.scoring.uncertainty import FEW, FEWEST, Mean

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
        f"uncertainty {r.uncertainty:.3f}; on average {100 * (card.sharpness or 0):.0f} points from even odds; {r.n_outside} of "
        f"{len(r.p)} recalibrated values outside their band of 90 %."
    )


def skill(line: Line) -> str:
    """Return the skill against base rates in per cent, or nothing for base rates themselves."""
    return "" if line.skill is None else f"{100 * line.skill:+.0f} %"

"""Scores of what has an order: ranked scores of stages, sides and ranges, CRPS of numbers, beside a plain forecaster."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from forecasting.dossier.edition import Dossier
from forecasting.dossier.questions import Question
from forecasting.errors import UsageError
from forecasting.ledger.contracts import contract_digest
from forecasting.ledger.outcomes import outcome_titles
from forecasting.ledger.records import MODEL, ForecastEntry, OutcomeEntry
from forecasting.ledger.standing import Standing
from forecasting.ledger.values import LEVEL, edges_of, published_value
from forecasting.scoring.ranges import ranges_of_quantiles, ranges_of_walk
from forecasting.scoring.rules import crps_of_quantiles, crps_of_ranges, ranked
from forecasting.scoring.scored import FORECASTERS, ORDERED, latest, said, settled, state, story_numbers

WALK = "walk"
PLAIN = {**FORECASTERS, WALK: "random walk with drift"}
COLUMNS = (
    "record", "edition", "standing", "question", "title", "kind", "forecaster", "outcome", "value", "unit", "story", "ranked",
    "crps", "share", "crps_quantiles",
)  # fmt: skip


def ordered_scores(standing: Standing, dossier: Dossier, today: dt.date) -> pd.DataFrame:
    """Return a row per forecaster and scored forecast of a question whose outcomes have an order.

    All are scored as probabilities of the question's outcomes, in their order, so that they stand on one scale: quantiles are
    brought to them (`forecasting.scoring.ranges.ranges_of_quantiles`), and so is the random walk that stands beside the model's
    forecast of a number.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`: ``value`` is the number that came, of the ledger or, where its outcome has none, of the count by which
        the dossier settles it; ``crps`` is in ``unit`` (`forecasting.scoring.rules.crps_of_ranges`), ``share`` is ``crps``
        divided by the distance between the outermost edges, from 0 to 1; ``crps_quantiles`` that of quantiles in full, without
        censoring. NaN where there is no number, or no such score.
    """
    chosen = [(f, o) for f, o in settled(standing, today) if f.kind in ORDERED]
    numbers = story_numbers([f.question for f, _ in chosen], dossier)
    rows = [row for f, o in chosen for row in _rows(f, o, dossier, numbers[f.question])]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def number_of(dossier: Dossier, outcome: OutcomeEntry) -> float | None:
    """Return the number of an outcome: its own, else that of the count that was published when it was written."""
    if outcome.value is not None or outcome.question not in dossier.questions:
        return outcome.value
    return published_value(dossier, dossier.questions[outcome.question], outcome.outcome, outcome.day)


def _rows(forecast: ForecastEntry, outcome: OutcomeEntry, dossier: Dossier, story: int) -> Iterator[tuple[object, ...]]:
    asked = _as_asked(forecast, dossier)
    edges = edges_of(asked) if asked else ()
    series = dossier.series.get(asked.form.stated.quantity) if asked and edges else None
    value = number_of(dossier, outcome) if edges else None
    names = [share.id for share in forecast.outcomes] or (list(outcome_titles(asked)) if asked and edges else [])
    if outcome.outcome not in names:
        return  # quantiles of a question whose ranges are no longer known
    came = names.index(outcome.outcome)
    full = np.nan
    if forecast.quantiles and value is not None:
        full = crps_of_quantiles([q.level for q in forecast.quantiles], [q.value for q in forecast.quantiles], value)
    for name, p in _said(forecast, dossier, edges):
        numeric = value is not None and len(edges) > 1 and len(p) == len(edges) + 1
        crps = crps_of_ranges(edges, p, value) if numeric and value is not None else np.nan
        yield (
            forecast.number, forecast.edition, forecast.standing, forecast.question, forecast.title, forecast.kind, name,
            outcome.outcome, np.nan if value is None else value, series.unit if series else "", story, ranked(p, came), crps,
            crps / (edges[-1] - edges[0]) if numeric else np.nan, full,
        )  # fmt: skip


def _as_asked(forecast: ForecastEntry, dossier: Dossier) -> Question | None:
    """Return the question of a forecast if the dossier still asks it with the same outcomes, whose ids name the edges."""
    asked = dossier.questions.get(forecast.question)
    if asked is None or asked.deadline != forecast.deadline:
        return None
    if forecast.outcomes:
        return asked if [share.id for share in forecast.outcomes] == list(outcome_titles(asked)) else None
    return asked if contract_digest(dossier, asked) == forecast.contract else None


def _said(forecast: ForecastEntry, dossier: Dossier, edges: tuple[float, ...]) -> Iterator[tuple[str, list[float]]]:
    """Yield each forecaster that a record speaks for, with its probabilities of the outcomes in their order."""
    if forecast.quantiles:
        yield forecast.forecaster, ranges_of_quantiles(
            [q.level for q in forecast.quantiles], [q.value for q in forecast.quantiles], edges
        )
        return
    yield from said(forecast)
    if forecast.forecaster == MODEL and edges and forecast.edition in dossier.editions:
        walk = ranges_of_walk(dossier.edition(forecast.edition), dossier.questions[forecast.question])
        if walk is not None:
            yield WALK, walk


def lacking(standing: Standing, dossier: Dossier, today: dt.date) -> list[str]:
    """Return, a sentence for each, what of the model's forecasts in order has no score yet, and what is missing for it."""
    said_of: dict[str, list[tuple[ForecastEntry, str]]] = {kind: [] for kind in ORDERED}
    found = []
    for (_, forecaster, _), forecast in latest(standing).items():
        if forecaster != MODEL or forecast.kind not in ORDERED:
            continue
        outcome = standing.settles(forecast)
        became = state(forecast, outcome, outcome is None and forecast.question in standing.outcomes, today)
        said_of[forecast.kind].append((forecast, became))
        if became == "scored" and forecast.kind == LEVEL and outcome and number_of(dossier, outcome) is None:
            words = 'resolve it with --value NUMBER --correct "its number was found"'
            found.append(f"{forecast.question}: no CRPS, for no number is known of {outcome.outcome}; {words}")
    return [line for kind, every in said_of.items() if (line := _line(kind, every))] + found


def _line(kind: str, every: list[tuple[ForecastEntry, str]]) -> str:
    """Return what is missing of one kind of question; nothing if all are scored."""
    became = Counter(state for _, state in every)
    if not every:
        return f"{ORDERED[kind]}: nothing was forecast by the model"
    if became["scored"] == len(every):
        return ""
    ahead = [forecast.deadline for forecast, state in every if state == "open"]
    until = f", the first until {min(ahead)}" if ahead else ""
    rest = ", ".join(f"{n} {name}" for name, n in became.items() if name != "scored")
    return f"{ORDERED[kind]}: {became['scored'] or 'none'} of {len(every)} scored; {rest}{until}"


def means(table: pd.DataFrame) -> pd.DataFrame:
    """Return the mean scores of each forecaster over one population, where it speaks of the same questions as the model.

    Where the model speaks of none, the first forecaster of the table takes its place.

    Parameters
    ----------
    table : DataFrame
        A part of `ordered_scores`, of one standing.

    Returns
    -------
    DataFrame
        Columns forecaster, n, ranked, n_numbers, share; NaN where a forecaster does not speak of the same questions.

    Raises
    ------
    UsageError
        If it is empty, or live and reconstructed forecasts stand in it together.
    """
    if table.empty:
        raise UsageError("no question whose outcomes have an order is scored yet")
    if table["standing"].nunique() > 1:
        raise UsageError("live and reconstructed forecasts are never scored together; score each apart")
    names = list(dict.fromkeys(table["forecaster"]))
    first = MODEL if MODEL in names else names[0]
    rows = []
    for name in names:
        row: dict[str, object] = {"forecaster": name}
        for score, n in (("ranked", "n"), ("share", "n_numbers")):
            mine, wanted = (table[(table["forecaster"] == one) & table[score].notna()] for one in (name, first))
            same = len(mine) and _asked(mine) == _asked(wanted)
            row |= {n: len(mine), score: float(mine[score].mean()) if same else np.nan}
        rows.append(row)
    return pd.DataFrame(rows, columns=["forecaster", "n", "ranked", "n_numbers", "share"])


def _asked(part: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(part["edition"], part["question"], strict=True))

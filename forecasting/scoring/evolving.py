"""The score of a forecast that was renewed: each of its numbers by the days for which it stood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from forecasting.dossier.edition import Dossier
from forecasting.ledger.records import MODEL, UNDECIDED, ForecastEntry, OutcomeEntry
from forecasting.ledger.standing import Standing, speaks_from
from forecasting.scoring.rules import brier, flip_flop, time_weighted
from forecasting.scoring.scored import story_numbers

COLUMNS = ("standing", "question", "title", "forecaster", "n", "first", "on", "days", "brier", "last", "flip_flop", "story")
Key = tuple[str, str, str, str]  # standing, question, contract, forecaster: one forecast that evolves
Stood = tuple[ForecastEntry, int]  # a forecast and the days for which it stood


def evolving(standing: Standing, dossier: Dossier) -> pd.DataFrame:
    r"""Return a row per settled question and forecaster: the score of its forecast over all the days on which one stood.

    .. math:: \bar B = \frac{\sum_i w_i B_i}{\sum_i w_i}

    with B_i the Brier score of the i-th forecast and w_i the days for which it stood: until the next one of that question by that
    forecaster, of whatever edition, until it was taken back, or until the outcome had come about. A live forecast that was
    corrected counts for the days until its correction, since that is what could be read then. Only forecasts of one contract are
    one series; live and reconstructed ones are two. With one forecast it is the plain score.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`: ``n`` forecasts, the ``first`` day and the day of the outcome (``on``), ``days`` on which one stood,
        ``brier`` weighted by time, ``last`` that of the last one alone, ``flip_flop`` the mean change from one to the next.

    References
    ----------
    Tetlock, P. E. et al. (2014), Forecasting tournaments, *Current Directions in Psychological Science* 23, 290–295: a question's
    score is the mean over the days on which it was open.
    """
    numbers = story_numbers([question for _, question, _, _ in series_of(standing)], dossier)
    rows = []
    for (state, question, _, forecaster), series in series_of(standing).items():
        outcome = standing.settles(series[0])
        if outcome is None or outcome.outcome in UNDECIDED or not (own := stood(series, outcome, standing)):
            continue
        came = [share.id for share in own[0][0].outcomes].index(outcome.outcome)
        said, days = [[share.p for share in entry.outcomes] for entry, _ in own], [n for _, n in own]
        scores = [brier(p, came) for p in said]
        first = own[0][0]
        rows.append((
            state, question, first.title, forecaster, len(own), speaks_from(first), outcome.on, sum(days),
            time_weighted(scores, days), scores[-1], flip_flop(said), numbers[question],
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def series_of(standing: Standing) -> dict[Key, list[ForecastEntry]]:
    """Return all forecasts by outcomes, of one question, contract and forecaster as one series, in the order of their days.

    Of two that speak from one day the one that was written later counts; one that was said after its deadline does not.
    """
    found: dict[Key, dict[dt.date, ForecastEntry]] = {}
    for entry in standing.all_forecasts:
        if entry.outcomes and not entry.late and entry.digest not in standing.in_vain:
            key = (entry.standing, entry.question, entry.contract, entry.forecaster)
            found.setdefault(key, {})[speaks_from(entry)] = entry
    return {key: [own[day] for day in sorted(own)] for key, own in found.items()}


def stood(series: Sequence[ForecastEntry], outcome: OutcomeEntry, standing: Standing) -> list[Stood]:
    """Return those of a series that stood for a day or more before the outcome had come about, each with its days."""
    found = []
    for entry, following in zip(series, [*series[1:], None], strict=True):
        ends = [outcome.on, *([speaks_from(following)] if following else []), *_taken_back(entry, standing)]
        days = (min(ends) - speaks_from(entry)).days
        if days > 0:
            found.append((entry, days))
    return found


def _taken_back(entry: ForecastEntry, standing: Standing) -> list[dt.date]:
    """Return the day on which a forecast was taken back, if it was; of a reconstructed one that from which it speaks."""
    by = standing.taken_back.get(entry.digest)
    if by is None:
        return []
    return [by.day if entry.standing == "live" else speaks_from(entry)]


def changes(standing: Standing) -> dict[str, float]:
    """Return the flip-flop of the model on each question of which more than one of its forecasts stands, settled or open.

    Of a question that was asked under several contracts it is that of the last one.
    """
    found = {}
    for (_, question, _, forecaster), series in series_of(standing).items():
        if forecaster == MODEL and len(series) > 1:
            found[question] = flip_flop([[share.p for share in entry.outcomes] for entry in series])
    return found

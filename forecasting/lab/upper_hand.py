"""Who has the upper hand, for notebooks: how likely each side is ahead, since when, and on whose word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import xarray as xr

from forecasting.arguments import EDITION, LEVELS, RUN, TEXT, WHOLE, takes
from forecasting.dossier.balances import Balance
from forecasting.dossier.edition import EditionDossier, lookup
from forecasting.dossier.observed import Look, balance_of
from forecasting.dossier.questions import Question
from forecasting.errors import UsageError
from forecasting.fitting.further import edition_model
from forecasting.fitting.model_fit import fit_model
from forecasting.forecasts import likelihood_words
from forecasting.inference.noticeable import noticeable
from forecasting.lab.tables import Table
from forecasting.lab.turns import turn_figure
from forecasting.models.balance.future import beyond_line
from forecasting.models.balance.inputs import month_starts
from forecasting.models.balance.levels import drawn
from forecasting.models.balance.model import FIRST
from forecasting.models.balance.picture import graded_words
from forecasting.report.canvas import Chart
from forecasting.report.formatting import day, percent, plain, points, short_month, signed
from forecasting.report.further import moved_by_balance
from forecasting.runs.further import file_of
from forecasting.runs.reopen import vouched
from forecasting.runs.store import POSTERIOR, Run
from forecasting.standards.tables import DEFAULT

MODEL = "balance"
BETWEEN = (0.1, 0.9)  # the shares of what says that there was a turn between which its months are named
LINES = 20  # of which each draw is looked at: what a line more would tell is less than a point


@dataclass(frozen=True, repr=False)
class Levels:
    """The levels of a balance as they were drawn for a run: ``level`` (draw, field, month), the end of each month.

    ``weights`` (draw, theatre) say how much each theatre counts in the balance at large; they sum to one. ``standard`` is that
    of the edition's words (`forecasting.standards`).
    """

    balance: Balance
    months: tuple[dt.date, ...]
    as_of: dt.date
    marked: dict[dt.date, str]
    level: np.ndarray = field(repr=False)
    weights: np.ndarray = field(repr=False)
    standard: str = DEFAULT

    def __repr__(self) -> str:
        return f"<Levels of {self.balance.title}: {len(self.months)} months, {len(self.level)} draws>"

    def of(self, theatre: str = "") -> np.ndarray:
        """Return the levels (draw, month) of a theatre, or at large."""
        name = theatre or self.balance.id
        lookup(self.balance.titles, name, "theatre")
        return self.level[:, self.balance.fields.index(name)]


def _asked(edition: EditionDossier, run: Run) -> Question:
    """Return the edition's first question of who is ahead at large.

    Raises
    ------
    UsageError
        If the edition asks nothing about a balance.
    """
    found = [one for one in edition.further.get(MODEL, ()) if one.ahead]
    if not found or MODEL not in run.further:
        raise UsageError(f"edition {edition.edition.id} asks nothing about who has the upper hand; take another edition")
    whole = balance_of(edition, edition.further[MODEL]).balance.id
    return next((one for one in found if one.ahead and one.ahead.balance == whole), found[0])


@takes(edition=EDITION, run=RUN)
def levels(edition: EditionDossier, run: Run) -> Levels:
    """Return the levels of every month behind a run, drawn again with its seed.

    A run keeps the levels of one month a year. Those of all months are drawn anew, posterior alone, with as many draws as the run
    has: to the same digits on the machine that made it, in about ten seconds.

    Raises
    ------
    UsageError
        If the edition asks nothing about a balance.
    ForecastingError
        If the file of draws is not the one that the run's manifest vouches for.
    """
    _asked(edition, run)
    own = file_of(MODEL, POSTERIOR)
    with vouched(run, own) as path, xr.open_dataset(path, group="posterior", engine="netcdf4") as kept:
        length = replace(FIRST, chains=kept.sizes["chain"], draws=kept.sizes["draw"])
    fit = fit_model(edition_model(MODEL), edition, length=length, random_seed=run.manifest.seed)
    seen, told = fit.inputs.seen, run.further[MODEL].points  # type: ignore[attr-defined]
    days = told[told["kind"] == "day"].sort_values("on")
    marked = dict(zip(days["on"], days["label"], strict=True))
    draws = drawn(fit.posterior, fit.inputs.data)
    months = tuple(month_starts(seen.balance, seen.as_of))
    return Levels(seen.balance, months, seen.as_of, marked, draws.level, draws.weights, edition.edition.standard)


@takes(levels=LEVELS)
def ahead_table(levels: Levels) -> Table:
    """Return who is ahead on the as-of date, theatre by theatre: probability, words, and the level in steps.

    The last column says how much a theatre counts in the balance at large, on average over the draws.
    """
    high, even, rows = levels.balance.high.name, levels.balance.scale.level[0], []
    counts = dict(zip(levels.balance.fields, levels.weights.mean(axis=0), strict=False))  # the last field is the whole
    for name, title in levels.balance.titles.items():
        last = levels.of(name)[:, -1]
        p, (low, middle, top) = float(beyond_line(last, even).mean()), np.quantile(last, [0.05, 0.5, 0.95])
        rows.append({
            "theatre": title, "probability": percent(p), "in words": likelihood_words(p, levels.standard),
            "level": signed(middle), "90 % interval": f"{signed(low)} to {signed(top)}",
            "counts at large": percent(counts[name]) if name in counts else "",
        })  # fmt: skip
    return Table(rows, f"{high} ahead on {day(levels.as_of)}; levels in steps, {high} ahead above zero")


@takes(levels=LEVELS)
def articles(levels: Levels) -> str:
    """Return on which days the dotted lines stand: those of the articles that the edition knows."""
    told = "; ".join(f"{day(on)}, *{plain(title)}*" for on, title in levels.marked.items())
    return f"Dotted lines: {told}." if told else "The edition knows no article that speaks of it."


def _since(levels: Levels, theatre: str = "") -> tuple[str, np.ndarray, float]:
    """Return who is ahead, how likely it is since each month without a break, and how likely since the account begins.

    The line between the two runs somewhere in *even*, as in `forecasting.models.balance.future.beyond_line`: each draw is looked
    at with `LINES` lines, evenly spaced there.
    """
    level = levels.of(theatre)
    side = 1.0 if np.median(level[:, -1]) >= 0 else -1.0
    even, n = levels.balance.scale.level[0], level.shape[1]
    found = np.zeros(n + 1)
    for line in even * (2 * (np.arange(LINES) + 0.5) / LINES - 1):
        behind = side * level <= line
        start = np.where(behind[:, -1], n, n - np.argmax(behind[:, ::-1], axis=1))
        start = np.where(~behind.any(axis=1), 0, start)  # never behind
        found += np.bincount(start, minlength=n + 1)
    p = found[:n] / (LINES * len(level))
    name = levels.balance.high.name if side > 0 else levels.balance.low.name
    return name, np.concatenate([[0.0], p[1:]]), float(p[0])


@takes(levels=LEVELS, theatre=TEXT)
def turned(levels: Levels, theatre: str = "") -> str:
    """Return since when the side that is ahead has been so: the likeliest month, and between which months four fifths lie."""
    name, p, always = _since(levels, theatre)
    title = levels.balance.titles[theatre or levels.balance.id]
    now, best = always + p.sum(), int(p.argmax())
    text = f"**{plain(title)}: {name} is ahead with {percent(now)}.**"
    if always > p.max():
        return f"{text} Most likely it has been so ever since {day(levels.balance.starts_on)} ({percent(always)})."
    first, last = (levels.months[int(np.searchsorted(np.cumsum(p), share * p.sum()))] for share in BETWEEN)
    month = levels.months[best]
    spoke = any((on.year, on.month) == (month.year, month.month) for on in levels.marked)
    said = " An article spoke in that month: the turn may be older, and only have been said then." if spoke else ""
    return (
        f"{text} The likeliest month for the turn is {short_month(month)} ({percent(p[best])}); if there was one, it "
        f"lies with at least {percent(BETWEEN[1] - BETWEEN[0])} between {short_month(first)} and {short_month(last)}.{said}"
    )


@takes(levels=LEVELS, theatre=TEXT)
def turns(levels: Levels, theatre: str = "") -> Chart:
    """Return a picture of since when the side that is ahead has been so without a break; dotted lines are articles' days."""
    name, p, _ = _since(levels, theatre)
    what = f"{levels.balance.titles[theatre or levels.balance.id]}: since which month {name} has been ahead"
    return turn_figure(levels.months, p, levels.marked, what=what)


def _moved(edition: EditionDossier, run: Run) -> pd.DataFrame:
    """Return what each observation adds to the answer at large, the largest change first, by observation."""
    question, rows = _asked(edition, run), run.further[MODEL].influence
    rows = rows[rows["outcome"] == f"{question.id}:yes"].set_index("claim")
    return rows.loc[rows["change"].abs().sort_values(ascending=False).index]


@takes(edition=EDITION, run=RUN)
def worth(edition: EditionDossier, run: Run) -> str:
    """Return what the statement is worth that moves the answer at large most, and whether another observation moves it more."""
    question, moved = _asked(edition, run), _moved(edition, run)
    looks = {look.record.id: look for look in balance_of(edition, edition.further[MODEL]).looks}
    first = next((row for row in moved.itertuples() if row.Index in looks and looks[row.Index].speaker), None)
    if first is None:
        return "**No statement of a named speaker moves the answer.**"
    look = looks[first.Index]
    who = f"{plain(str(look.speaker))}, {look.record.claim or look.record.id}"
    beside = f"; {_beside(moved, first.Index, looks)}" if len(moved) > 1 else ""
    return (
        f"**What one statement is worth.** *{plain(look.record.what)}* ({who}) With it “{plain(question.title)}” has "
        f"{percent(first.p)}, without it {percent(first.p_without)}{beside}."
    )


def _beside(moved: pd.DataFrame, ident: str, looks: Mapping[str, Look]) -> str:
    """Return how far other observations move the answer, beside the one that was named."""
    rest = moved.drop(ident)["change"].abs()
    size, other = points(rest.max()).lstrip("+"), str(rest.idxmax())
    if rest.max() > abs(moved.loc[ident, "change"]):
        which = f": *{plain(looks[other].record.what).rstrip('.')}*" if other in looks else ""
        return f"an observation without a named speaker moves it further, by {size} points{which}"
    return f"no other observation moves the answer by more than {size} points"


@takes(edition=EDITION, run=RUN, most=WHOLE)
def influence_table(edition: EditionDossier, run: Run, most: int = 10) -> Table:
    """Return the observations that move the answer at large most, each left out alone."""
    moved, told = _moved(edition, run), run.further[MODEL].observations
    moved = moved[noticeable(moved["change"], moved["mcse"])]
    rows = [{"points": points(row.change), "observation": told[row.Index]} for row in moved.head(most).itertuples()]
    return Table(rows, f"{_asked(edition, run).title} {len(moved)} of {len(told)} observations move the answer noticeably")


@takes(edition=EDITION, run=RUN)
def speakers_table(edition: EditionDossier, run: Run) -> Table:
    """Return what every named speaker other than an article's author says: of which theatre, to whose favour, and its worth."""
    moved, seen = _moved(edition, run), balance_of(edition, edition.further[MODEL])
    rows = [
        {
            "speaker": look.speaker, "says": look.record.what, "of": seen.balance.titles[look.record.balance],
            "read as": graded_words(seen.balance, look),
            "points": points(moved.loc[look.record.id, "change"]) if look.record.id in moved.index else "",
        }
        for look in sorted(seen.looks, key=lambda one: (str(one.speaker), one.record.happened_on))
        if look.speaker and not look.speaker.startswith("author")
    ]  # fmt: skip
    return Table(rows, f"Points: what each adds to “{_asked(edition, run).title}”")


@takes(run=RUN)
def twice_table(run: Run) -> Table:
    """Return the sides of indices that events of the network stand for, as the balance alone and as the network answers them.

    The network's number is published; of what a side *needs* it is the most that the side can have.
    """
    told = {forecast.question: forecast for forecast in run.forecasts}
    rows = []
    for row in run.two_models.itertuples():
        forecast = told[str(row.question)]
        side = next(outcome.title for outcome in forecast.outcomes if outcome.id == row.outcome)
        rows.append({
            "side of an index": f"{forecast.title} {side}", "balance": percent(row.p),
            "network": f"{'at most ' if row.relation == 'needs' else ''}{percent(row.network_p)}", "verdict": row.verdict,
        })  # fmt: skip
    return Table(rows, "The same asked of the balance alone and of the network, which knows more of the events and is published")


@takes(run=RUN)
def instead_table(run: Run) -> Table:
    """Return the answers of the network that move noticeably with the balance in the place of the claims about the pressure."""
    told = {forecast.question: forecast for forecast in run.forecasts}
    rows = [
        {
            "question": told[str(row.question)].title, "outcome": row.outcome, "published": percent(row.p),
            "without these claims": percent(row.p_without), "by the balance instead": percent(row.p_with),
        }
        for row in moved_by_balance(run.upper_hand).itertuples()
    ]  # fmt: skip
    n = run.upper_hand["question"].nunique()
    return Table(rows, f"Answers that move noticeably, of {n} that the pressure reaches; none of these is published")

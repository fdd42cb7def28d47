"""Forecasts beside what became of their questions, as far as the dossier's history says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from forecasting.arguments import DAY, DOSSIER, EDITION, FORECAST, ID, KEPT, RELIABILITY, RUN, WHOLE, many, takes
from forecasting.dossier.counts import Count
from forecasting.dossier.edition import Dossier, EditionDossier, lookup
from forecasting.dossier.forms.base import VOID
from forecasting.dossier.resolution import History, outcome_of
from forecasting.errors import UsageError
from forecasting.forecasts import Forecast
from forecasting.inference.noticeable import noticeable
from forecasting.lab.asked import once
from forecasting.lab.sentences import answers, with_marks
from forecasting.lab.tables import Table, named
from forecasting.report.formatting import day, percent, plain, points, short_day
from forecasting.runs.further import ModelTables
from forecasting.runs.store import Run
from forecasting.scoring.record import Record
from forecasting.scoring.reliability import Reliability

COLUMNS = ("question", "title", "deadline", "outcome", "happened", "p", "low", "high", "base_p", "mcse")
BECAME = {  # of a forecast, as `forecasting.scoring.scored.state` says
    "scored": "scored", "open": "still open", "unresolved": "past its deadline, and nobody has settled it", "void": "void",
    "ambiguous": "ambiguous", "late": "too late to count", "known": "settled before it was made", "changed": "asked anew since",
}  # fmt: skip


@takes(dossier=DOSSIER, event_id=ID, by=DAY, known_on=DAY)
def has_happened(dossier: Dossier, event_id: str, by: dt.date, known_on: dt.date) -> bool | None:
    """Return whether an event had happened by the end of a day; None where the history up to ``known_on`` does not say."""
    lookup(dossier.events, event_id, "event")
    return History(dossier, known_on).happened(event_id, by).value


@takes(dossier=DOSSIER, forecasts=many(FORECAST), known_on=DAY)
def outcome_table(dossier: Dossier, forecasts: Sequence[Forecast], known_on: dt.date) -> pd.DataFrame:
    """Return every outcome of some forecasts with what became of it.

    Returns
    -------
    DataFrame
        Columns question, title, deadline, outcome, happened (1.0, 0.0, or NaN while open), p, low, high, base_p, mcse.
        A yes/no question has one row, its ``yes``, given that it is not void; a void one is never settled. And gate, where the
        fit behind one of the forecasts did not pass it: what it found, or nothing of those that passed.
    """
    rows = []
    for f in forecasts:
        settled = outcome_of(dossier, dossier.questions[f.question], known_on)
        for o in f.outcomes:
            if o.id == VOID:
                continue
            happened = float("nan") if settled in (None, VOID) else float(settled == o.id)
            title = f.title if f.kind == "yes/no" else f"{f.title}: {o.title}"
            numbers = (o.p, o.low, o.high, o.base_p, o.mcse)
            rows.append((f.question, title, f.deadline, o.id, happened, *numbers, f.gate.warning))
    table = pd.DataFrame(rows, columns=[*COLUMNS, "gate"])
    return table if table["gate"].any() else table.drop(columns="gate")


@takes(edition=EDITION, run=RUN, record=KEPT)
def came(edition: EditionDossier, run: Run, record: Record) -> str:
    """Return the head of a look back: the as-of date, and the two worst and the best of what is settled, in three lines.

    Settled is what had come about by the day as of which the record is read (`fc.open_record`).

    Of an edition of which nothing is settled: what it says.
    """
    found = record.questions(edition.edition.id)
    if len(found) < 3:
        return f"{answers(edition, run.forecasts)}\n\n**Too little is settled to speak of:** {len(found)} of its questions."
    names = ("The worst", "The second worst", "The best")
    lines = [
        f"{n}. {name}: “{plain(row.title)}” came out as *{plain(row.outcome)}*, which had **{percent(row.p)}** "
        f"(`{row.question}`)."
        for n, (name, row) in enumerate(zip(names, found.iloc[[0, 1, -1]].itertuples(), strict=True), 1)
    ]
    settled = f"{len(found)} questions are settled by {day(record.on)}"
    head = f"**As of** {day(edition.as_of)} ({plain(edition.edition.title)}); {settled}."
    return with_marks("\n".join([f"{head}\n", "**Answer in three lines.**", *lines]), run.mark.warning)


@takes(run=RUN, runs=many(RUN), record=KEPT, dossier=DOSSIER, most=WHOLE)
def since(run: Run, runs: Sequence[Run], record: Record, dossier: Dossier, most: int = 3) -> str:
    """Return what became of the questions that `sentences.answers` names, and what the newest of some runs answers to the same.

    What became of them is what the ledger's record says; of how many questions of the edition it has a score comes last.
    """
    own, newest = run.manifest.edition, max((run, *runs), key=lambda one: one.forecasts[0].as_of)
    scored = record.questions(own).set_index("question")["outcome"]
    first = once(run.forecasts, dossier)[:most]
    counted = [count for count in record.counts if count.edition == own]
    states = {name: state for count in counted for state, ids in count.states.items() for name in ids}
    became = {f.question: BECAME[states[f.question]] if f.question in states else "not in the ledger" for f in first}
    became |= {name: f"came out as *{scored[name]}*" for name in became if name in scored}
    told = [f"`{name}` {words if name in scored else f'is {words}'}" for name, words in became.items()]
    settled = f"Of {len(states)} questions of this edition in the ledger {len(scored)} have a score (notebook 07)."
    text = f"**Since then.** {'; '.join(told)}. {settled}"
    if newest.manifest.edition == own:
        return text  # which has no number of a run
    later = {_about(f, dossier): f for f in once(newest.forecasts, dossier)}
    same = [later[_about(f, dossier)] for f in first if _about(f, dossier) in later]
    now = "; ".join(f"{plain(f.title)} {_headline(f, dossier)}" for f in same)
    answers = with_marks(f"The newest edition, as of {day(newest.forecasts[0].as_of)}: {now}.", newest.mark.warning)
    return f"{text} {answers}" if same else text


def _about(forecast: Forecast, dossier: Dossier) -> tuple[str, tuple[str, ...]]:
    """Return what two questions share that differ by their dates alone."""
    form = dossier.questions[forecast.question].form
    return form.name, tuple(form.events()) or (forecast.question,)


def _headline(forecast: Forecast, dossier: Dossier) -> str:
    """Return the probability of an answer, with the outcome that has it where there are several."""
    best = named(forecast, dossier).headline
    return f"**{best.percent}**" if forecast.kind == "yes/no" else f"*{plain(best.title)}* **{best.percent}**"


@takes(found=RELIABILITY)
def calibration(found: Reliability) -> str:
    """Return the Brier score of some yes/no questions in its three parts, and whether chance allows their reliability."""
    n, outside = len(found.p), found.n_outside
    fits = "all lie within what chance allows" if not outside else f"{outside} lie outside what chance allows"
    return (
        f"**{n} yes/no questions.** Their Brier score of {found.brier:.3f} is miscalibration {found.miscalibration:.3f}, less "
        f"resolution {found.discrimination:.3f}, plus uncertainty {found.uncertainty:.3f}. Of the recalibrated values {fits}."
    )


@takes(record=KEPT)
def settled_table(record: Record) -> Table:
    """Return every settled question of a record with the probability of what came, the worst first."""
    rows = [
        {"question": row.title, "edition": row.edition, "came": row.outcome, "day": short_day(row.on), "given": percent(row.p),
         "Brier": f"{row.brier:.2f}", "base rates": f"{row.base_brier:.2f}"}
        for row in record.questions().itertuples()
    ]  # fmt: skip
    return Table(rows, f"{len(rows)} settled questions")


@takes(record=KEPT, dossier=DOSSIER)
def waiting_table(record: Record, dossier: Dossier) -> Table:
    """Return the questions whose deadline is past and which have no outcome in the record, with what is missing."""
    rows = [
        {"question": lookup(dossier.questions, name, "question").title, "what is missing": what}
        for name, what in record.waiting.items()
    ]
    return Table(rows, f"{len(rows)} questions are past their deadline without an outcome")


@takes(run=RUN, most=WHOLE)
def counts_moved(run: Run, most: int = 8) -> Table:
    """Return the counts that moved an answer most, each left out alone: the outcome it moved furthest, in points."""
    told = _counts(run)
    moved = told.influence[noticeable(told.influence["change"], told.influence["mcse"])]
    strongest = moved.iloc[moved["change"].abs().argsort()[::-1]].drop_duplicates("claim").head(most)
    titles = {
        f"{f.question}:{o.id}": f.title if f.kind == "yes/no" else f"{f.title} {o.title}"
        for f in run.forecasts for o in f.outcomes
    }  # fmt: skip
    rows = [
        {"count": told.observations[row.claim], "answer": titles.get(row.outcome, row.outcome), "points": points(row.change)}
        for row in strongest.itertuples()
    ]
    return Table(rows, f"{moved['claim'].nunique()} of {len(told.observations)} observations move an answer")


@takes(edition=EDITION, run=RUN)
def counts_read(edition: EditionDossier, run: Run) -> Table:
    """Return every count and every number of an article that a run read: its value, its days, since when it was known."""
    dossier, told = edition.dossier, _counts(run).points
    counts, rows = {count.id: count for count in dossier.counts}, []
    for ident in told.loc[told["kind"] == "observed", "claim"]:
        if ident in counts:
            count = counts[ident]
            series = dossier.series[count.series]
            rows.append({"series": series.title, "value": f"{_exact(count.value)} {series.unit}", "counted": _period(count),
                         "known on": short_day(count.published_on), "source": count.source})  # fmt: skip
        else:
            claim = dossier.claims[ident]
            rows.append({"series": f"said in an article: {claim.paraphrase}", "value": f"{_exact(claim.value or 0)} {claim.unit}",
                         "counted": "", "known on": short_day(claim.made_on), "source": claim.source})  # fmt: skip
    return Table(rows, f"{len(rows)} numbers were read")


@takes(edition=EDITION, until=DAY)
def later_counts(edition: EditionDossier, until: dt.date) -> Table:
    """Return the counts of an edition's series that were published after its as-of date, up to a day."""
    dossier, own = edition.dossier, {series.id for series in edition.series}
    rows = [
        {"series": dossier.series[count.series].title, "counted": _period(count),
         "value": f"{_exact(count.value)} {dossier.series[count.series].unit}", "source": count.source}
        for count in dossier.counts
        if count.series in own and edition.as_of < count.published_on <= until and count.until > edition.as_of
    ]  # fmt: skip
    return Table(rows, f"{len(rows)} counts published after {short_day(edition.as_of)}, up to {short_day(until)}")


def _exact(value: float) -> str:
    """Return a count as it was published, with thousands apart.

    Examples
    --------
    >>> _exact(2901478.0), _exact(0.56), _exact(15.75)
    ('2,901,478', '0.56', '15.75')
    """
    return f"{value:,.15g}"


def _period(count: Count) -> str:
    """Return the days that a count is of: a day for a stock, the first and the last of a period else."""
    return f"{short_day(count.since)} to {short_day(count.until)}" if count.since else short_day(count.until)


def _counts(run: Run) -> ModelTables:
    """Return what a run holds of counts.

    Raises
    ------
    UsageError
        If the edition asks nothing about them.
    """
    if "counts" not in run.further:
        raise UsageError(f"edition {run.manifest.edition} asks nothing about counts; take another edition")
    return run.further["counts"]

"""What changed in editions as a text for a pull request: in points, in words, with the records behind it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from forecasting.analysis.change_decomposition import Changes
from forecasting.dossier.edition import EditionDossier
from forecasting.forecasts import Forecast, likelihood_words
from forecasting.inference.noticeable import noticeable
from forecasting.report.change_parts import PARTS, part_title
from forecasting.report.formatting import LEAST_MOVE, percent, plain, points

HEAD = "## What this edit moves\n"
MOST_RECORDS = 12
def changes_markdown(edition: EditionDossier, changes: Changes) -> str:
    """Return what changed in one edition as a table, largest change first, and what is behind each part.

    An answer is shown if some part of its change is worth saying (`noticeable`); the others are counted. *Before* and *now*
    are in per cent with the words of the edition's standard; the parts add up to the change.
    """
    ends = changes.ends.assign(size=(changes.ends["after"] - changes.ends["before"]).abs()).sort_values("size", ascending=False)
    titles = {question.id: question.title for question in edition.questions}
    standard = edition.edition.standard
    rows = [row for end in ends.to_dict("records") if (row := _row(end, changes.table, titles, standard))]
    lines = [f"### {plain(edition.edition.id)}: {plain(edition.edition.title)}", ""]
    ends_of = zip((changes.before, changes.after), changes.gates, strict=True)
    lines += [f"**{plain(name)}: {plain(gate.warning)}**\n" for name, gate in ends_of if gate.failed and gate.warning]
    if rows:
        lines += ["| answer | before | now | change (points) | of which |", "|---|---|---|--:|---|", *rows, ""]
    still = len(ends) - len(rows)
    if still:
        lines += [f"{still} of {len(ends)} answers stay as they were, within {LEAST_MOVE} or what chance can do.", ""]
    lines += [f"- {_part(part)}: {_records(records)}" for part, records in changes.behind.items() if records]
    lines += [f"- Not compared: {plain(question)} ({plain(reason)})" for question, reason in changes.skipped.items()]
    worst = 100 * float(changes.table["mcse"].max()) if len(changes.table) else 0.0
    earlier = "The earlier numbers are worked out now, by a fit that is not held to the gate. " if changes.refitted else ""
    return "\n".join([*lines, "", f"{earlier}Monte Carlo error of a part: up to {worst:.1f} points.", ""])


def _row(end: Mapping, table: pd.DataFrame, titles: Mapping[str, str], standard: str) -> str:
    parts = table[(table["question"] == end["question"]) & (table["outcome"] == end["outcome"])]
    told = parts[noticeable(parts["change"], parts["mcse"])]
    if told.empty:
        return ""
    outcome = "" if end["outcome"] == "yes" else f": {plain(str(end['outcome']))}"
    before, after = float(end["before"]), float(end["after"])
    cells = [f"{part_title(str(row['part'])).lower()} {points(row['change'])}" for row in told.to_dict("records")]
    now = _with_words(after, standard)
    now = now if likelihood_words(before, standard) == likelihood_words(after, standard) else f"**{now}**"
    title = plain(titles.get(str(end["question"]), str(end["question"])))
    return f"| {title}{outcome} | {_with_words(before, standard)} | {now} | {points(after - before)} | {', '.join(cells)} |"


def _with_words(p: float, standard: str) -> str:
    return plain(f"{percent(p)}, {likelihood_words(p, standard)}")


def _part(part: str) -> str:
    meaning = f" ({PARTS[part][1]})" if part in PARTS else ""
    return f"{part_title(part)}{meaning}"


def _records(records: tuple[str, ...]) -> str:
    more = f" and {len(records) - MOST_RECORDS} more" if len(records) > MOST_RECORDS else ""
    return "; ".join(plain(record) for record in records[:MOST_RECORDS]) + more


def unchanged_markdown(edition: EditionDossier) -> str:
    """Return that no record behind an edition differs."""
    return f"### {plain(edition.edition.id)}\n\nNo record behind it differs, so no answer moves.\n"


def new_markdown(edition: EditionDossier, forecasts: tuple[Forecast, ...]) -> str:
    """Return the answers of an edition that was not there before; without a run, that it has none yet."""
    head = f"### {plain(edition.edition.id)}: {plain(edition.edition.title)}\n\nNew."
    if not forecasts:
        return f"{head} It has no current run yet: `forecast run {edition.edition.id}`.\n"
    lines = [head, "", "| answer | now |", "|---|---|"]
    for forecast in forecasts:
        for one in forecast.outcomes:
            outcome = "" if one.id == "yes" else f": {plain(one.id)}"
            lines.append(f"| {plain(forecast.title)}{outcome} | {_with_words(one.p, edition.edition.standard)} |")
    return "\n".join([*lines, ""])

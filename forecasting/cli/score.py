"""``forecast score``: how good the forecasts of the ledger were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from forecasting.cli.ledger import HERE_LEDGER, LedgerFolder
from forecasting.cli.terminal import HERE_PRIORS, HERE_RUNS, Priors, Runs, out, plain_errors
from forecasting.errors import UsageError

if TYPE_CHECKING:
    from forecasting.scoring.record import Record
    from forecasting.scoring.scorecard import Scorecard


def score(
    edition: Annotated[str, typer.Argument(metavar="[EDITION]", help="One edition; by default all.")] = "",
    questions: Annotated[bool, typer.Option("--questions", help="List each scored question, the worst first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything for machines.")] = False,
    write: Annotated[Path | None, typer.Option("--write", help="Write record.html and record.json into this folder.")] = None,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
    ledger: LedgerFolder = HERE_LEDGER,
) -> None:
    """Print proper scores of what the ledger holds, against base rates and other plain forecasters, with how sure they are.

    Lower is better: of even odds on yes or no the Brier score is 0.25. Intervals are over stories drawn anew, since questions
    about one story are settled together. Live forecasts and reconstructed ones are never scored together.

    Example: forecast score
    Example: forecast score 2024-12-syria --questions
    """
    from forecasting.ledger.store import read_ledger, utc_now
    from forecasting.rules.load import load_dossier
    from forecasting.scoring import record as records
    from forecasting.scoring.words import evolved, states_line

    with plain_errors():
        kept = read_ledger(ledger)
        if not kept.entries:
            raise UsageError(f"{ledger} holds no forecast; issue those of a run first: forecast issue EDITION")
        dossier = load_dossier(priors)
        record = records.record_of(kept, dossier, utc_now().date())
        known = [count.edition for count in record.counts]
        if edition and edition not in known:
            raise UsageError(f"the ledger has no forecast of edition '{edition}'; it has {', '.join(known)}")
        if write:
            from forecasting.report.record import write_record
            from forecasting.runs.store import read_run

            editions = [count.edition for count in record.counts if count.edition in dossier.editions]
            made = {name: read_run(runs / name) for name in editions if (runs / name / "manifest.json").is_file()}
            for path in write_record(record, dossier, made, write):
                out.print(f"wrote {path}", markup=False)
            return
        if as_json:
            out.print(json.dumps(records.as_json(record), indent=1, ensure_ascii=False), markup=False)
            return
        for count in record.counts:
            if edition in ("", count.edition):
                out.print(f"{count.edition} ({count.standing}): {states_line(count)}", markup=False)
        for card in record.cards:
            if edition in ("", card.title):
                _print_card(card)
        _print_ordered(record, edition)
        for line in evolved(record.evolving, record.changes):
            out.print(line, markup=False)
        if questions:
            for row in record.questions(edition or None).itertuples():
                words = f"{row.edition}  {row.question}: {row.outcome}, given {100 * row.p:.0f} %"
                out.print(f"{words}; Brier {row.brier:.3f}, base rates {row.base_brier:.3f}", markup=False)
        for question, what in record.waiting.items():
            out.print(f"{question}: no outcome yet; {what}", markup=False)
        out.print(f"ledger head {record.head}", markup=False)


def _print_card(card: Scorecard) -> None:
    from forecasting.scoring.words import needed, parts, population, skill, span, verdict

    table = Table(title=f"{card.title}, {card.standing}: {population(card)}", title_justify="left", title_style="bold")
    for name in ("forecaster", "Brier (90 %)", "log", "ranked", "skill", "Brier less base rates"):
        table.add_column(name, justify="left" if name == "forecaster" else "right", overflow="fold")
    for line in card.lines:
        against = span(line.against_base, signed=True)
        ranked = f"{line.ranked.mean:.3f}" if line.ranked else ""
        table.add_row(line.title, span(line.brier), f"{line.log.mean:.2f}", ranked, skill(line), against)
    out.print(table)
    out.print(verdict(card), markup=False)
    if more := needed(card):
        out.print(more, markup=False)
    out.print(parts(card), markup=False)


def _print_ordered(record: Record, edition: str) -> None:
    """Print the ranked scores of ordered outcomes and the CRPS of numbers, question by question, and what has none yet."""
    from forecasting.scoring.ordered_words import NONE_YET, groups, populations

    if record.ordered.empty:
        out.print(NONE_YET, markup=False)
    for name, standing, own in populations(record.ordered):
        if edition not in ("", name):
            continue
        table = Table(title=f"{name}, {standing}: outcomes in order, and numbers", title_justify="left", title_style="bold")
        for column in ("question, and what came", "forecaster", "ranked", "CRPS", "of range"):
            table.add_column(column, justify="left" if column[0] in "qf" else "right", overflow="fold")
        for group in groups(own):
            for i, row in enumerate(group.rows):
                title = "" if i else f"{group.question}: {group.came}" if group.question else group.came
                table.add_row(title, row.forecaster, row.ranked, row.crps, row.share, end_section=i == len(group.rows) - 1)
        out.print(table)
    for line in record.lacking:
        out.print(line, markup=False)

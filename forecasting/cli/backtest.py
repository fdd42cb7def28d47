"""``forecast backtest``: refit an edition as of one day after another, score what it said, and leave evidence out in turn."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from forecasting.arguments import iso_day
from forecasting.cli.ledger import HERE_LEDGER, LedgerFolder
from forecasting.cli.tables import variant_table
from forecasting.cli.terminal import (
    HERE_PRIORS,
    HERE_RUNS,
    EditionId,
    Priors,
    Runs,
    out,
    plain_errors,
    progress_bars,
    tidy,
)
from forecasting.errors import UsageError

_STEP = re.compile(r"([0-9]+)([dw])")
DAYS = {"d": 1, "w": 7}


def backtest(
    edition: EditionId,
    first: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="The first day; by default the edition's own.")] = "",
    last: Annotated[
        str, typer.Option("--to", metavar="YYYY-MM-DD", help="The last day; by default that of the latest history or deadline.")
    ] = "",
    step: Annotated[
        str, typer.Option("--step", metavar="30d", help="Days (30d) or weeks (2w) from one refit to the next.")
    ] = "30d",
    variant: Annotated[
        str,
        typer.Option(
            "--variant",
            help="all-evidence, without-claims, without-effects, without-history, lexicon:ID, or all for each of them in turn.",
        ),
    ] = "all-evidence",
    scheduler: Annotated[
        str, typer.Option("--scheduler", metavar="ADDRESS", help="Refit on the workers of a Dask scheduler.")
    ] = "",
    workers: Annotated[int, typer.Option("--workers", min=1, max=256, help="Processes on this machine.")] = 2,
    long: Annotated[
        bool, typer.Option("--long", help="Refit at the edition's own length at once, as forecast run does.")
    ] = False,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
    ledger: LedgerFolder = HERE_LEDGER,
) -> None:
    """Refit an edition as of one day after another, and show how its answers moved and what they were worth.

    Nothing dated after a day moves the refit of that day. A refit that fails the gate is marked and not scored. Each is written
    as soon as it is done: a command that was stopped goes on where it was when it is given again.

    Example: forecast backtest 2024-12-syria --from 2024-12-13 --to 2025-12-08 --step 30d
    Example: forecast backtest 2024-12-syria --step 60d --variant all
    """
    from forecasting.backtest.run import carry_out, days_between, plan
    from forecasting.backtest.variants import Variant, variants
    from forecasting.coding.write import inside
    from forecasting.rules.load import load_dossier

    with plain_errors():
        dossier = load_dossier(priors)
        selected = dossier.edition(edition)
        start = _day(first, "--from") or selected.as_of
        end = _day(last, "--to") or _end(dossier, selected)
        chosen = variants(variant, selected)
        planned = plan(dossier, edition, days_between(start, end, _days(step)), chosen, runs, "edition" if long else "short")
        tidy(*(inside(runs, planned.folder / Variant(one.id).folder) for one in chosen))
        kept = len(planned.done)
        out.print(f"{edition}: {len(planned.tasks)} refits to make, {kept} are there", markup=False)
        with progress_bars() as progress:
            points = carry_out(
                planned, workers=workers, scheduler=scheduler,
                progress=lambda done, total: progress(edition, _so_far(done, total), done / total),
            )  # fmt: skip
        _show(points, dossier, planned.folder, ledger)


def _day(text: str, option: str) -> dt.date | None:
    if not text:
        return None
    try:
        return iso_day(text)
    except ValueError:
        raise UsageError(f"{option} {text}: no day of the calendar; write YYYY-MM-DD") from None


def _days(step: str) -> int:
    found = _STEP.fullmatch(step)
    if not found or int(found[1]) < 1:
        raise UsageError(f"--step {step}: write a number of days or weeks, as in --step 30d or --step 2w")
    return int(found[1]) * DAYS[found[2]]


def _so_far(done: int, total: int) -> str:
    """Return how many refits are done, in tenths of all where there are many: a log gets ten lines and not a thousand."""
    part = max(1, total // 10)
    return f"{done if done == total else done - done % part} of {total} refits"


def _end(dossier: Any, selected: Any) -> dt.date:
    """Return the last day worth a refit: that of the latest row of the history, but no later than the last open deadline."""
    last = max((dossier.questions[name].deadline for name in selected.edition.questions), default=selected.as_of)
    known = max((row.on for row in dossier.history), default=selected.as_of)
    return max(selected.as_of, min(known, last - dt.timedelta(days=1)))


def _show(points: Any, dossier: Any, folder: Path, ledger: Path) -> None:
    """Score the points, write the tables and the page, and print the table of variants."""
    from forecasting.backtest.run import changes_of_structure
    from forecasting.backtest.scores import daily_scores, outcomes, question_scores, variant_scores
    from forecasting.files import write_file
    from forecasting.ledger.standing import Standing
    from forecasting.ledger.store import read_ledger
    from forecasting.report.backtest_page import page, write_page
    from forecasting.runs.tables import table_text

    edition = dossier.editions[points[0].edition]
    came = outcomes(dossier, edition.questions, Standing(read_ledger(ledger).entries))
    daily = daily_scores(points, came, dossier)
    per_question = question_scores(daily, points, dossier)
    per_variant = variant_scores(per_question, points)
    for name, table in (("daily", daily), ("questions", per_question), ("variants", per_variant)):
        write_file(folder / f"{name}.csv", table_text(table, missing=""))
    path = write_page(folder, page(points, dossier, came, per_question, per_variant))
    out.print(variant_table(per_variant, f"{edition.id}: reconstructed, not a record of foresight"))
    blocked = [point for point in points if not point.scored]
    for point in blocked:
        out.print(f"{point.variant} {point.as_of}: not scored, {point.problem or point.gate.words}", markup=False)
    times = changes_of_structure(points)
    out.print(f"the network is another one than on the day before it {times} times; nothing was compiled for that")
    out.print(f"wrote {path}", markup=False)

"""``forecast refresh``: check, fit what is stale, and say which answers moved by more than their noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecasting.cli.ledger import HERE_LEDGER, Correct, LedgerFolder
from forecasting.cli.terminal import (
    HERE_PRIORS,
    HERE_RUNS,
    Priors,
    Runs,
    command_line,
    err,
    out,
    plain_errors,
    progress_bars,
    tidy,
)

if TYPE_CHECKING:
    from forecasting.dossier.edition import Dossier
    from forecasting.ledger.refreshed import Refresh
    from forecasting.runs.store import Run

MOVED, FAILED = 3, 2


def refresh(
    editions: Annotated[list[str] | None, typer.Argument(metavar="[EDITION]...", help="By default all.")] = None,
    issue: Annotated[bool, typer.Option("--issue", help="Append what moved to the ledger, as corrections.")] = False,
    correct: Correct = "",
    markdown: Annotated[Path | None, typer.Option("--markdown", help="Write the text for a pull request into this file.")] = None,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
    ledger: LedgerFolder = HERE_LEDGER,
) -> None:
    """Check the records, fit what is stale, and name the answers that moved by more than their noise.

    They are compared with what the ledger has of the edition, or where it has nothing with the run before. With --issue those
    that moved are appended as corrections, with what differs as the reason, or the one of --correct: an edition says what was
    known on its as-of date, so it says something else only because records or program were changed. What has happened since
    makes a new edition. What is printed does as a mail.

    The exit code is 0 if nothing moved or all of it is on record now, 3 if answers moved that are not on record, 2 if a rule, the
    gate or a file stands in the way.

    Example: forecast refresh
    Example: forecast refresh 2026-02-outlook --issue --markdown moved.md
    """
    from forecasting.files import write_file
    from forecasting.ledger.refreshed import due
    from forecasting.ledger.standing import Standing
    from forecasting.ledger.store import read_ledger, utc_now
    from forecasting.report.refresh_text import refresh_lines, refresh_markdown
    from forecasting.rules.load import load_dossier

    with plain_errors():
        tidy(runs)
        dossier, today = load_dossier(priors), utc_now().date()
        names = list(dict.fromkeys(dossier.edition(name).edition.id for name in editions or dossier.editions))
        read_ledger(ledger)  # before minutes of fitting: a damaged ledger is named at once
        before = {name: run for name in names if (run := _run_before(runs / name))}
        stale, reasons = _fit(names, priors, runs)
        found = _compared(names, dossier, runs, ledger, before, stale, reasons)
        if issue:
            found = _issued(found, dossier, runs, ledger, correct)
        waiting = due(Standing(read_ledger(ledger).entries), today)
        for line in refresh_lines(found, waiting, today):
            out.print(line, markup=False)
        if markdown:
            write_file(markdown, refresh_markdown(found, waiting, today))
            err.print(f"wrote {markdown}", markup=False)
    if any(one.failed for one in found):
        raise typer.Exit(FAILED)
    if any(one.open for one in found):
        raise typer.Exit(MOVED)


def _run_before(directory: Path) -> Run | None:
    """Return the run that is there, current or not; one that cannot be read is as if it were not there."""
    from forecasting.errors import ForecastingError
    from forecasting.runs.store import read_run

    try:
        return read_run(directory)
    except (ForecastingError, OSError):
        return None


def _fit(names: Sequence[str], priors: Path, runs: Path) -> tuple[list[str], Mapping[str, Any]]:
    """Fit the editions that are stale; return them, and those of which there is no new run, with the reasons."""
    from forecasting.runs.pipeline import run_editions, stale_editions

    stale = stale_editions(priors, runs, names)
    if not stale:
        return [], {}
    with progress_bars() as progress:
        return stale, run_editions(priors, runs, stale, command=command_line(), progress=progress)


def _compared(
    names: Sequence[str], dossier: Dossier, runs: Path, ledger: Path, before: Mapping[str, Run], stale: Sequence[str],
    reasons: Mapping[str, Any],
) -> list[Refresh]:  # fmt: skip
    from forecasting.ledger.records import MODEL
    from forecasting.ledger.refreshed import blocked, compared, difference
    from forecasting.ledger.standing import Standing
    from forecasting.ledger.store import read_ledger, utc_now
    from forecasting.runs.store import read_run

    standing, found = Standing(read_ledger(ledger).entries), []
    for name in names:
        edition = dossier.edition(name)
        if name in reasons:
            found.append(blocked(edition, str(reasons[name])))
            continue
        run, old = read_run(runs / name), before.get(name)
        one = compared(edition, run.forecasts, standing, utc_now().date(), before=old.forecasts if old else ())
        said = [entry for entry in standing.forecasts if entry.edition == name and entry.forecaster == MODEL]
        what = difference(old.manifest if old else None, run.manifest, said)
        found.append(replace(one, fitted=name in stale, what=what))
    return found


def _issued(found: list[Refresh], dossier: Dossier, runs: Path, ledger: Path, correct: str) -> list[Refresh]:
    """Append the corrections of all editions at once, and return the same with the numbers of their records."""
    from forecasting.ledger.issue import Origin
    from forecasting.ledger.refreshed import corrections
    from forecasting.ledger.standing import Standing
    from forecasting.ledger.store import append, utc_now
    from forecasting.runs.freshness import current_run

    left_out: dict[str, Mapping[str, str]] = {}

    def drafts(ledger_now: Any) -> list[dict[str, Any]]:
        standing, today = Standing(ledger_now.entries), utc_now().date()
        wanted: list[dict[str, Any]] = []
        for one in found:
            if one.moved:
                edition = dossier.edition(one.edition)
                run = current_run(edition, runs)
                made = run.manifest
                origin = Origin(made.digest, made.code, made.packages["forecasting"], made.seed)
                reason = correct or f"Fitted anew on {today}: {one.what}."
                part = corrections(edition, run.forecasts, one, origin, standing, today, reason=reason)
                wanted += part.drafts
                left_out[one.edition] = part.left_out
        return wanted

    written = append(ledger, drafts).entries
    numbers = {name: tuple(e.number for e in written if getattr(e, "edition", "") == name) for name in left_out}
    return [replace(one, recorded=numbers.get(one.edition, ()), left_out=left_out.get(one.edition, {})) for one in found]

"""``forecast export`` and ``forecast import``: records as a spreadsheet and back, forecasts to others and theirs in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forecasting.cli.ledger import HERE_LEDGER, Correct, LedgerFolder
from forecasting.cli.terminal import HERE_PRIORS, HERE_RUNS, Priors, Runs, out, plain_errors
from forecasting.errors import UsageError

TABLE = "claims, history, classes or answers; by default the name of the file says it."
WHAT = "claims.xlsx, history.xlsx, classes.xlsx, answers.xlsx, forecasts.csv, record.csv; or the word hubverse."
LEDGER_TABLES = ("forecasts", "record")


def export(
    what: Annotated[Path, typer.Argument(metavar="FILE|hubverse", help=WHAT)],
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="The folder of the hub.")] = None,
    table: Annotated[list[str] | None, typer.Option("--table", help=TABLE)] = None,
    source: Annotated[str | None, typer.Option(help="Only the claims of this source.")] = None,
    edition: Annotated[str | None, typer.Option(help="Only the answers or forecasts of this edition.")] = None,
    unissued: Annotated[
        bool, typer.Option("--unissued", help="For hubverse: what the run of --edition says, before it is issued.")
    ] = False,
    team: Annotated[str, typer.Option(help="For hubverse: the name of your team, of letters, digits and _.")] = "forecasting",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
    ledger: LedgerFolder = HERE_LEDGER,
) -> None:
    """Write records or answers as a spreadsheet, the ledger as a table, or the ledger as a Hubverse folder.

    Records (claims, history, classes) have drop-downs and locked anchors: edit them in Excel or LibreOffice, then bring them back
    with forecast import. A table of the ledger is forecasts.csv, what stands, or record.csv, all that was ever issued with what
    came of it; or either as .xlsx.

    Example: forecast export claims.xlsx
    Example: forecast export record.csv
    Example: forecast export hubverse hub --team norland
    """
    from forecasting.cli.exchange import export_hub, export_ledger

    with plain_errors():
        if str(what) == "hubverse":
            if folder is None:
                raise UsageError("name the folder of the hub: forecast export hubverse DIR")
            export_hub(folder, edition, unissued, team, priors=priors, runs=runs, ledger=ledger, force=force)
        elif folder is not None:
            raise UsageError(f"{folder}: one file is written; a folder goes with hubverse: forecast export hubverse {folder}")
        elif what.stem in LEDGER_TABLES and not table:
            export_ledger(what, edition, ledger=ledger, force=force)
        else:
            _export_records(what, table, source, edition, force, priors, runs)


def _export_records(
    workbook: Path, table: list[str] | None, source: str | None, edition: str | None, force: bool, priors: Path, runs: Path
) -> None:
    from forecasting.coding.sheets.bring import export_tables
    from forecasting.coding.write import write_file

    if workbook.suffix.lower() != ".xlsx":
        raise UsageError(f"{workbook}: write a name that ends in .xlsx, such as claims.xlsx")
    names = table or [workbook.stem]
    if names == ["answers"]:
        content, counts = _answers(edition, runs)
    else:
        content, counts = export_tables(priors, names, source)
    write_file(workbook, content, force=force)
    told = ", ".join(f"{n:,} rows of {name}" for name, n in counts.items())
    out.print(f"wrote {workbook}: {told}", markup=False)
    if names != ["answers"]:
        out.print(f"edit it, then: forecast import {workbook} --dry-run", markup=False)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE|DIR", help="A workbook of records; others' forecasts, table or hub.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")] = False,
    edition: Annotated[str | None, typer.Option(help="The edition whose questions others answered.")] = None,
    name: Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who they are: market, platform, panel.")] = None,
    source: Annotated[str, typer.Option(help="Where their numbers were found.")] = "",
    model: Annotated[list[str] | None, typer.Option("--model", help="Of a hub: only this team-model.")] = None,
    correct: Correct = "",
    priors: Priors = HERE_PRIORS,
    ledger: LedgerFolder = HERE_LEDGER,
) -> None:
    """Bring an edited spreadsheet back through the rules; with --edition append the forecasts of others to the ledger.

    Of records the difference is shown. A table of forecasts (.csv, .xlsx) has the columns question, p, and if wanted outcome
    (else yes) and as_of; of a Hubverse folder the model output is read. Whatever is imported is written wholly or not at all.

    Example: forecast import claims.xlsx --dry-run
    Example: forecast import crowd.csv --edition 2026-02-outlook --as market --source "prices of 3 March; https://example.org"
    Example: forecast import hub --edition 2026-02-outlook
    """
    from forecasting.cli.exchange import import_crowd, import_hub

    with plain_errors():
        if file.is_dir():
            import_hub(
                file, model or [], edition=edition, name=name, source=source, correct=correct, priors=priors, ledger=ledger,
                dry_run=dry_run,
            )  # fmt: skip
            return
        if model:
            raise UsageError(f"{file}: --model goes with the folder of a hub")
        if edition or name or source or file.suffix.lower() == ".csv":
            import_crowd(
                file, edition=edition, name=name, source=source, correct=correct, priors=priors, ledger=ledger, dry_run=dry_run
            )
            return
        if correct:
            raise UsageError("--correct goes with forecasts of others: add --edition, --as and --source")
        _import_records(file, priors, dry_run)


def _import_records(workbook: Path, priors: Path, dry_run: bool) -> None:
    from forecasting.coding.sheets.bring import import_sheets, read_sheets
    from forecasting.coding.sheets.changes import find_missing, stale_paraphrases, tell_missing

    sheets = read_sheets(priors, workbook)
    changes = import_sheets(priors, sheets, write=not dry_run)
    for change in changes:
        out.print(str(change), markup=False)
    if not changes:
        out.print("no difference: nothing is written")
    else:
        done = "all rules hold; nothing is written (--dry-run)" if dry_run else "written; all rules hold"
        for remark in stale_paraphrases(changes):
            out.print(remark, markup=False)
        out.print(f"{len(changes)} record{'s' if len(changes) > 1 else ''} changed: {done}")
        if not dry_run:
            out.print("what this moves: forecast run EDITION fits it again and ends with the largest moves", markup=False)
    if missing := find_missing(priors, sheets):
        out.print(tell_missing(missing), markup=False)


def _answers(edition: str | None, runs: Path) -> tuple[bytes, dict[str, int]]:
    """Return a workbook with the forecasts of an edition's run."""
    from forecasting.coding.sheets.workbook import answers_book
    from forecasting.forecasts import outcome_table
    from forecasting.runs.store import read_run

    fitted = sorted(path.parent.name for path in runs.glob("*/forecasts.csv"))
    if edition is None and len(fitted) == 1:
        edition = fitted[0]
    if edition not in fitted:
        known = f"fitted: {', '.join(fitted)}" if fitted else f"nothing is fitted in {runs}: forecast run EDITION"
        raise UsageError(f"no answers of {edition!r}; name an edition with --edition; {known}")
    run = read_run(runs / edition)
    frame = outcome_table(run.forecasts, run.mark).assign(deadline=lambda table: table["deadline"].map(str))
    rows = [[v.item() if hasattr(v, "item") else v for v in row] for row in frame.itertuples(index=False)]
    return answers_book(list(frame.columns), rows), {"answers": len(rows)}

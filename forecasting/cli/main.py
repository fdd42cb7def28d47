"""The command line: ``forecast --help`` explains each command in one line, and each command has an example."""

from __future__ import annotations

import datetime as dt
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import JustifyMethod
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from forecasting import __version__
from forecasting.cli.new import new, suggest
from forecasting.cli.since import changes_notes, changes_since, changes_table
from forecasting.cli.terminal import HERE_PRIORS, Priors, err, out, plain_errors, show_results, tidy
from forecasting.errors import DossierError, ForecastingError, GateError, UsageError, gather_empty
from forecasting.forecasts import Override

app = typer.Typer(
    name="forecast",
    help="Scenario forecasting from what articles say: every number traced to its source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
Runs = Annotated[Path, typer.Option("--runs", help="Folder for runs.")]
Reports = Annotated[Path, typer.Option("--reports", help="Folder for reports.")]
HERE_RUNS, HERE_REPORTS = Path("runs"), Path("reports")


WIDE = 125  # columns that the whole table takes


def _show_version(wanted: bool) -> None:
    if wanted:
        out.print(f"forecasting {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Scenario forecasting from what articles say: every number traced to its source."""


class Listing(StrEnum):
    """What ``forecast check --list`` can list."""

    questions = "questions"
    editions = "editions"
    events = "events"
    claims = "claims"
    sources = "sources"


@contextmanager
def progress_bars() -> Iterator[Callable[[str, str, float], None]]:
    """Show one bar per edition on a terminal; elsewhere say each new stage once."""
    if not err.is_terminal:
        said: set[tuple[str, str]] = set()

        def say(edition: str, stage: str, share: float) -> None:
            if (edition, stage) not in said:
                said.add((edition, stage))
                err.print(f"{edition}: {stage}", markup=False)

        yield say
        return
    columns = (TextColumn("{task.fields[edition]:<18}"), BarColumn(30), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=err) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(edition: str, stage: str, share: float) -> None:
            if edition not in tasks:
                tasks[edition] = bars.add_task(stage, total=1.0, edition=edition)
            bars.update(tasks[edition], completed=share, description=stage)

        yield advance


def _command() -> str:
    return shlex.join(["forecast", *sys.argv[1:]])


@app.command()
def check(
    listing: Annotated[Listing | None, typer.Option("--list", help="List ids instead of the summary.")] = None,
    priors: Priors = HERE_PRIORS,
) -> None:
    """Hold every record under priors/ to the rules: all errors at once, with file, line and fix.

    Example: forecast check --list questions
    """
    from forecasting.dossier.load import read_dossier
    from forecasting.rules.check import check_dossier

    with plain_errors():
        dossier, failures = read_dossier(priors)
        results = gather_empty(failures or check_dossier(dossier))
        console = err if listing else out  # what is found is the result of a check, and no part of a list
        show_results(results, console)
        failed = sum(result.status == "failure" for result in results)
        if failed:
            later = "; rules that compare records run once these are mended" if failures else ""
            console.print(f"{failed} failure{'s' if failed > 1 else ''}{later}", style="red")
            raise typer.Exit(2)
        if listing:
            for name, record in getattr(dossier, listing.value).items():
                title = getattr(record, "title", None) or getattr(record, "paraphrase", "")
                out.print(f"{name}\t{title}", markup=False)
            return
        out.print(
            f"{len(dossier.sources)} sources, {len(dossier.claims)} claims, {len(dossier.events)} events, "
            f"{len(dossier.effects)} effects, {len(dossier.questions)} questions, {len(dossier.editions)} editions, "
            f"{len(dossier.history)} history rows: all rules hold"
        )


@app.command()
def run(
    edition: Annotated[str, typer.Argument(help="Edition id; forecast check --list editions shows them.")],
    seed: Annotated[int | None, typer.Option(help="Another seed than the edition's.")] = None,
    override_gate: Annotated[
        bool, typer.Option("--override-gate", help="Publish, marked as blocked, even if the gate fails; needs --by, --reason.")
    ] = False,
    by: Annotated[str, typer.Option(help="Who overrides the gate.")] = "",
    reason: Annotated[str, typer.Option(help="Why the gate is overridden.")] = "",
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
) -> None:
    """Fit one edition, hold it to the gate, write runs/<edition>/ and print its table.

    A fit that fails the gate is not published. With --override-gate it is, and every number of it is marked wherever it is
    shown, with the name, the day and the reason.

    Example: forecast run 2024-12-syria
    Example: forecast run 2024-12-syria --override-gate --by "A. Analyst" --reason "a drill, no decision hangs on it"
    """
    from forecasting.runs.pipeline import run_edition
    from forecasting.runs.store import read_run

    with plain_errors(), progress_bars() as progress:
        if (by or reason) and not override_gate:
            raise UsageError("--by and --reason say who overrides the gate and why; add --override-gate")
        override = Override(by, dt.date.today(), reason) if override_gate else None
        tidy(runs)
        directory = run_edition(
            priors, edition, runs, command=_command(), seed=seed, progress=progress, override=override
        )
        table = forecast_table(read_run(directory))
    out.print(table)


@app.command()
def build(
    fresh: Annotated[bool, typer.Option("--fresh", help="Fit again even where nothing has changed.")] = False,
    notebooks: Annotated[bool, typer.Option(help="Run the notebooks too.")] = True,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
    reports: Reports = HERE_REPORTS,
    docs: Annotated[
        Path | None, typer.Option("--docs", help="Folder for a page of all answers, plausibility.md, and its pictures.")
    ] = None,
) -> None:
    """Do the main job: check, fit every edition, gate, write the reports, print the tables, run the notebooks.

    An edition that the gate blocks is named, and the others are finished; the exit code is 2 then.

    Example: forecast build
    """
    from forecasting.rules.load import load_dossier
    from forecasting.runs.pipeline import run_editions, stale_editions
    from forecasting.runs.store import read_run

    with plain_errors():
        tidy(runs, reports)
        dossier = load_dossier(priors)
        names = list(dossier.editions)
        blocked: dict[str, GateError] = {}
        stale = stale_editions(priors, runs, names, fresh)
        for name in sorted(set(names) - set(stale)):
            err.print(f"{name}: nothing has changed since its run", markup=False)
        if stale:
            with progress_bars() as progress:
                blocked = run_editions(priors, runs, stale, command=_command(), progress=progress)
        finished = [read_run(runs / name) for name in names if name not in blocked]
        written = _write_all(finished, dossier, reports, docs)
        for item in finished:
            out.print(forecast_table(item))
        for path in written:
            out.print(f"wrote {path}", markup=False)
        if notebooks and Path("notebooks").is_dir() and not blocked:  # they show every edition
            _run_notebooks(Path("notebooks"), reports / "notebooks", [item.directory for item in finished])
        if blocked:
            raise GateError("\n".join(str(error) for error in blocked.values()))


def _write_all(finished: list[Any], dossier: Any, reports: Path, docs: Path | None) -> list[Path]:
    """Write every report, and in ``docs`` the page of all answers, unless nothing that they show has changed."""
    from forecasting.report.plausibility import write_pictures, write_plausibility
    from forecasting.report.render import write_report
    from forecasting.runs.freshness import MadeFrom

    names = [item.manifest.edition for item in finished]
    expected = [reports / f"{name}.html" for name in names]
    if docs:
        expected += [docs / "plausibility.md", *(docs / "images" / f"{name}.svg" for name in names)]
    manifests = tuple(item.directory / "manifest.json" for item in finished)
    shown = tuple(path for path in expected if path.parent != reports)  # what is tracked may have been changed by hand
    made_from = MadeFrom(reports / ".made-from", (dossier.root, *manifests, *shown))
    if made_from.holds(expected):
        err.print("reports: nothing has changed since they were written")
        return []
    written = [write_report(item, dossier.edition(item.manifest.edition), reports) for item in finished]
    if docs:
        write_pictures(finished, docs / "images")
        written.append(write_plausibility(finished, dossier, docs / "plausibility.md"))
    made_from.write()
    return written


def _run_notebooks(folder: Path, output: Path, runs: list[Path]) -> None:
    from forecasting.lab.notebooks.execute import run_notebooks
    from forecasting.runs.freshness import MadeFrom

    made_from = MadeFrom(output / ".made-from", (folder, *(run / "manifest.json" for run in runs)))
    if made_from.holds(output / path.name for path in folder.glob("*.ipynb")):
        err.print("notebooks: nothing has changed since they ran")
        return
    with progress_bars() as progress:
        run_notebooks(folder, output, progress)
    made_from.write()


@app.command()
def report(edition: str, priors: Priors = HERE_PRIORS, runs: Runs = HERE_RUNS, reports: Reports = HERE_REPORTS) -> None:
    """Write one self-contained HTML report from an edition's run.

    Example: forecast report 2024-12-syria
    """
    from forecasting.report.render import write_report
    from forecasting.rules.load import load_dossier
    from forecasting.runs.freshness import current_run

    with plain_errors():
        selected = load_dossier(priors).edition(edition)
        out.print(f"wrote {write_report(current_run(selected, runs), selected, reports)}", markup=False)


@app.command()
def trace(
    record: Annotated[str, typer.Argument(help="Id of any record, or an origin; with --since, of an edition.")],
    since: Annotated[str | None, typer.Option("--since", help="What changed in EDITION since this one?")] = None,
    since_priors: Annotated[Path | None, typer.Option("--since-priors", help="An older copy of the records.")] = None,
    since_run: Annotated[Path | None, typer.Option("--since-run", help="An older run, runs/EDITION.")] = None,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
) -> None:
    """Walk from a question back to its sentences, or from a source or an origin to every number it moves.

    An event, an effect and a reference class show what they rest on and the answers that stand on them; an edition shows its
    answers and its claims by influence.

    With --since, split what changed in an edition since another one, or since older records of it, into time passing, no
    news, news, claims, regrades, model and noise; nothing is written.

    Example: forecast trace khmeimim-held-2025
    Example: forecast trace 2026-02-outlook --since 2024-12-syria
    """
    if since or since_priors or since_run:
        with plain_errors(), progress_bars() as progress:
            say = partial(progress, record, "fitting what lies between")
            found = changes_since(record, since, since_priors, since_run, priors, runs, say)
        out.print(changes_table(found))
        for line in changes_notes(found):
            out.print(line, markup=False)
        return
    from forecasting.rules.load import load_dossier
    from forecasting.runs.freshness import current_run
    from forecasting.trace.trace import trace_record, wrapped

    with plain_errors():
        dossier = load_dossier(priors)
        there = [name for name in dossier.editions if (runs / name / "manifest.json").is_file()]
        current = [current_run(dossier.edition(name), runs) for name in there]
        text = trace_record(current, dossier, record)
        out.print(wrapped(text, out.width) if out.is_terminal else text, markup=False)


@app.command()
def whatif(
    edition: Annotated[str, typer.Argument(help="Edition id; forecast check --list editions shows them.")],
    settings: Annotated[list[str], typer.Option("--set", help="ID.field=value; may be given several times.")],
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
) -> None:
    """Change records and show every answer before and after; nothing is written.

    What the answers are without the change is read from the edition's run; if there is no current one, it is fitted first.

    Example: forecast whatif 2024-12-syria --set c-006.wording=likely
    """
    from forecasting.analysis.what_if import update
    from forecasting.dossier.edits import parse_setting
    from forecasting.fitting.fit import fit
    from forecasting.rules.edit import edited
    from forecasting.rules.load import load_dossier
    from forecasting.runs.freshness import is_current
    from forecasting.runs.reopen import reopen

    with plain_errors():
        selected = load_dossier(priors).edition(edition)
        changes = [parse_setting(setting) for setting in settings]
        if edited(selected, tuple(changes)).dossier == selected.dossier:  # this refuses before the fit, not after it
            out.print("nothing is changed: every field named has that value already, so every answer stays as it is")
            return
        if is_current(selected, runs / edition):
            fitted = reopen(selected, runs)
        else:
            with progress_bars() as progress:
                fitted = fit(selected, progress=lambda stage, share: progress(edition, stage, share))
        found = update(fitted, *changes)
        if found.how == "nothing":
            out.print("no number that the model reads has changed, so every answer stays as it is")
            return
        shown = change_table(found.moved, f"{edition}: {', '.join(settings)}; {found.gate.words}")
        out.print(shown if shown.row_count else "no answer moves by three Monte Carlo errors or more")
        out.print(f"found by {found.how} (k-hat {found.k_hat:.2f}); changes below three Monte Carlo errors are left out")


def change_table(moved: Any, title: str) -> Table:
    """Return the answers that moved as a table for a terminal."""
    shown = Table(title=title)
    for name in ("question", "outcome"):
        shown.add_column(name, overflow="fold")
    for name in ("before %", "after %", "change (points)"):
        shown.add_column(name, justify="right")
    for row in moved.itertuples():
        outcome = "" if row.outcome == "yes" else row.outcome
        numbers = (f"{100 * row.before:.1f}", f"{100 * row.after:.1f}", f"{100 * row.change:+.1f}")
        shown.add_row(row.question, outcome, *numbers)
    return shown


@app.command()
def verify(
    texts: Annotated[Path | None, typer.Option("--texts", help="Folder with the articles as text files.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Seal the anchors that the articles confirm.")] = False,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
) -> None:
    """Hold anchors to the articles, where the articles are at hand, and runs to their manifests.

    Example: forecast verify --texts ~/articles
    """
    from forecasting.coding.verify import seal_verified, verify_texts
    from forecasting.dossier.load import read_dossier
    from forecasting.rules.load import load_dossier
    from forecasting.runs.freshness import changed_records
    from forecasting.runs.store import read_run

    with plain_errors():
        if write and not texts:
            raise UsageError("--write seals what the articles confirm; name their folder with --texts DIR")
        dossier, failures = read_dossier(priors) if write else (load_dossier(priors), ())
        if failures:
            raise DossierError(failures)
        results = (seal_verified if write else verify_texts)(dossier, texts) if texts else ()
        for result in results:
            if result.status == "passed":
                out.print(f"{result.where}  {result.found}", markup=False)
        show_results(tuple(result for result in results if result.status != "passed"), out)
        if not texts:
            out.print("no texts given: anchors were held to their seals only (forecast verify --texts DIR reads the articles)")
        damaged = False
        for name in dossier.editions:
            if (runs / name / "manifest.json").is_file():
                try:
                    changed = changed_records(dossier.edition(name), read_run(runs / name).manifest)
                except ForecastingError as error:
                    damaged = True
                    err.print(str(error), style="red", markup=False)
                    continue
                since = f", but {', '.join(changed)} have changed since: forecast run {name}" if changed else ""
                out.print(f"{runs / name}: every file is as its manifest says{since}", markup=False)
        if damaged or any(result.status == "failure" for result in results):
            raise typer.Exit(2)


app.command()(suggest)
app.add_typer(new, name="new")


def forecast_table(item: Any, width: int | None = None) -> Table:
    """Return the table of an edition's questions for the terminal; a narrow one gets the answers and their intervals."""
    from forecasting.report.formatting import error_points, number

    first = item.forecasts[0]
    title = f"{first.edition}, as of {first.as_of}; {first.gate.words}"
    table = Table(title=title, title_justify="left", title_style="bold", expand=False)
    wide = (width or out.width) >= WIDE
    columns: list[tuple[str, JustifyMethod, bool]] = [
        ("question", "left", True), ("outcome", "left", wide), ("by", "left", wide), ("base", "right", wide),
        ("prior", "right", wide), ("p", "right", True), ("90 %", "right", True), ("MCSE", "right", wide),
        ("in words (ICD 203)", "left", True),
    ]  # fmt: skip
    for name, justify, shown in columns:
        if shown:
            folds = not wide and justify == "left"
            table.add_column(name, justify=justify, no_wrap=not folds, overflow="fold" if folds else "ellipsis")
    for forecast in item.forecasts:
        for i, o in enumerate(forecast.outcomes):
            question, outcome = forecast.question if i == 0 else "", "" if forecast.kind == "yes/no" else o.id
            span = f"{number(o.low)}-{number(o.high)}"
            if wide:
                table.add_row(
                    question, outcome, str(forecast.deadline) if i == 0 else "", number(o.base_p), number(o.prior_p),
                    o.percent, span, error_points(o.mcse), o.words,
                )  # fmt: skip
            else:
                table.add_row(f"{question} {outcome}".strip() if i == 0 else f"  {outcome}", o.percent, span, o.words)
    return table


if __name__ == "__main__":
    app()

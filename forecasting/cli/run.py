"""``forecast run``, ``build`` and ``report``: fit editions, publish what passes the gate, show it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from forecasting.cli.compare import run_at_hand
from forecasting.cli.ledger import HERE_LEDGER, LedgerFolder, kept_record
from forecasting.cli.tables import forecast_table
from forecasting.cli.terminal import (
    HERE_PRIORS,
    HERE_REPORTS,
    HERE_RUNS,
    Draft,
    EditionId,
    Priors,
    Reports,
    Runs,
    command_line,
    err,
    out,
    plain_errors,
    progress_bars,
    tidy,
)
from forecasting.errors import ForecastingError, UnfinishedError, UsageError
from forecasting.forecasts import Forecast, Override
from forecasting.report.formats.names import Format, Paper


class Audience(StrEnum):
    """For whom a report is written."""

    full = "full"
    brief = "brief"
    public = "public"


def run(
    edition: EditionId,
    seed: Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="Another seed than the edition's.")] = None,
    override_gate: Annotated[
        bool, typer.Option("--override-gate", help="Publish, marked as blocked, even if the gate fails; needs --by, --reason.")
    ] = False,
    by: Annotated[str, typer.Option(help="Who overrides the gate.")] = "",
    reason: Annotated[str, typer.Option(help="Why the gate is overridden.")] = "",
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
) -> None:
    """Fit one edition, hold it to the gate, write runs/<edition>/ and print its table.

    Answers that a single claim takes far beyond what counted cases say are named below the table.
    A fit that fails the gate is not published. With --override-gate it is, and every number of it is marked wherever it is
    shown, with the name, the day and the reason.

    Example: forecast run 2024-12-syria
    Example: forecast run 2024-12-syria --override-gate --by "A. Analyst" --reason "a drill, no decision hangs on it"
    """
    from forecasting.report.formatting import is_skewed, skew_note
    from forecasting.rules.load import load_dossier
    from forecasting.runs.freshness import in_words_of
    from forecasting.runs.pipeline import run_edition
    from forecasting.runs.store import read_run
    from forecasting.trace.lone_claims import lone_claims

    with plain_errors(), progress_bars() as progress:
        if (by or reason) and not override_gate:
            raise UsageError("--by and --reason say who overrides the gate and why; add --override-gate")
        override = Override(by, dt.date.today(), reason) if override_gate else None
        tidy(runs)
        before = _answers_in(runs / edition)
        directory = run_edition(
            priors, edition, runs, command=command_line(), seed=seed, progress=progress, override=override
        )
        selected = load_dossier(priors).edition(edition)
        finished = in_words_of(read_run(directory), selected)
        table = _table(finished, selected.dossier)
    out.print(table)
    if note := skew_note(f.question for f in finished.forecasts if any(map(is_skewed, f.outcomes))):
        out.print(note, markup=False)
    for one in lone_claims(finished):
        out.print(one.line, markup=False)
    if before:
        out.print(largest_moves(before, finished.forecasts), markup=False)


def _table(run: Any, dossier: Any) -> Any:
    """Return the table of a run for the terminal, without the intervals of who is ahead."""
    from forecasting.report.context import without_intervals

    return forecast_table(replace(run, forecasts=without_intervals(dossier, run.forecasts)))


def _answers_in(directory: Path) -> tuple[Forecast, ...]:
    """Return the answers of the run that another is about to replace; none if there is none that can be read."""
    from forecasting.runs.store import read_run

    try:
        return tuple(read_run(directory).forecasts)
    except (ForecastingError, OSError, ValueError, KeyError, TypeError):
        return ()


def largest_moves(before: Iterable[Forecast], after: Iterable[Forecast]) -> str:
    """Return in a line the three answers that moved most from one run to another (`noticeable`, in whole per cent)."""
    from forecasting.inference.noticeable import noticeable

    old = {(f.question, o.id): o for f in before for o in f.outcomes}
    moved = [
        (abs(new.p - had.p), f.question, new.id, had.percent, new.percent)
        for f in after for new in f.outcomes if (had := old.get((f.question, new.id)))
        and new.percent != had.percent and noticeable(new.p - had.p, math.hypot(new.mcse, had.mcse))
    ]  # fmt: skip
    if not moved:
        return "no answer moved noticeably from the run that this replaces"
    shown = [f"{question}{'' if outcome == 'yes' else f' ({outcome})'} {had} to {new}"
             for _, question, outcome, had, new in sorted(moved, reverse=True)[:3]]  # fmt: skip
    more = f"; {len(moved) - 3} more" if len(moved) > 3 else ""
    return f"moved most from the run that this replaces: {', '.join(shown)}{more}"


def build(
    fresh: Annotated[bool, typer.Option("--fresh", help="Fit again even where nothing has changed.")] = False,
    notebooks: Annotated[bool, typer.Option(help="Run the notebooks too.")] = True,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
    reports: Reports = HERE_REPORTS,
    ledger: LedgerFolder = HERE_LEDGER,
    docs: Annotated[
        Path | None, typer.Option("--docs", help="Folder for a page of all answers, plausibility.md, and its pictures.")
    ] = None,
) -> None:
    """Do the main job: check, fit every edition, gate, write the reports, print the tables, run the notebooks.

    An edition that the gate blocks is named and leaves a draft, and the others are finished; the exit code is 2 then.

    Example: forecast build
    """
    from forecasting.coding.write import inside
    from forecasting.dossier.location import in_project
    from forecasting.rules.load import load_dossier
    from forecasting.runs.freshness import in_words_of
    from forecasting.runs.pipeline import run_editions, stale_editions
    from forecasting.runs.store import read_run
    from forecasting.trace.lone_claims import lone_claims

    with plain_errors():
        tidy(runs, reports)
        dossier = load_dossier(priors)
        names = list(dossier.editions)
        blocked: dict[str, ForecastingError] = {}
        stale = stale_editions(priors, runs, names, fresh)
        for name in sorted(set(names) - set(stale)):
            err.print(f"{name}: nothing has changed since its run", markup=False)
        if stale:
            with progress_bars() as progress:
                blocked = run_editions(priors, runs, stale, command=command_line(), progress=progress)
        finished = [in_words_of(read_run(runs / name), dossier.edition(name)) for name in names if name not in blocked]
        written = _write_all(finished, dossier, reports, docs, ledger)
        for item in finished:
            out.print(_table(item, dossier))
            for one in lone_claims(item):
                out.print(one.line, markup=False)
        for path in written:
            out.print(f"wrote {path}", markup=False)
        folder = in_project("notebooks")
        if notebooks and folder.is_dir() and not blocked:  # they show every edition
            _run_notebooks(folder, inside(reports, reports / "notebooks"), [item.directory for item in finished])
        if blocked:
            raise ForecastingError("\n".join(str(error) for error in blocked.values()))


def _write_all(finished: list[Any], dossier: Any, reports: Path, docs: Path | None, ledger: Path) -> list[Path]:
    """Write every report, the record, and in ``docs`` the page of all answers, unless nothing that they show has changed."""
    from forecasting.analysis.registry import step
    from forecasting.coding.write import inside
    from forecasting.report.plausibility import write_pictures, write_plausibility
    from forecasting.report.record import write_record
    from forecasting.report.render import write_report
    from forecasting.runs.freshness import MadeFrom

    names, record = [item.manifest.edition for item in finished], kept_record(ledger, dossier)
    expected = [reports / f"{name}.html" for name in names]
    expected += [reports / "record.html", reports / "record.json"] if record else []
    if docs:
        expected += [docs / "plausibility.md", *(docs / "images" / f"{name}.svg" for name in names)]
    manifests = tuple(item.directory / "manifest.json" for item in finished)
    shown = tuple(path for path in expected if path.parent != reports)  # what is tracked may have been changed by hand
    made_from = MadeFrom(reports / ".made-from", (dossier.root, *manifests, *shown, *([ledger] if record else [])))
    if _holds(made_from, expected):
        err.print("reports: nothing has changed since they were written")
        return []
    written, failed = [], []
    for item in finished:
        try:
            with step(f"the report of {item.manifest.edition}"):
                written.append(write_report(item, dossier.edition(item.manifest.edition), reports, record))
        except UnfinishedError as error:
            failed.append(f"{error}; its run is kept in {item.directory}: forecast report {item.manifest.edition}")
    if failed:
        raise UnfinishedError("\n".join(failed))
    if record:
        written += write_record(record, dossier, dict(zip(names, finished, strict=True)), reports)
    if docs:
        write_pictures(finished, inside(docs, docs / "images"))
        written.append(write_plausibility(finished, dossier, docs / "plausibility.md"))
    made_from.write()
    return written


def _holds(made_from: Any, outputs: Iterable[Path]) -> bool:
    """Return whether a note says that nothing has changed since some files were written; one that is damaged says nothing."""
    try:
        return made_from.holds(outputs)
    except ValueError:
        return False


def _run_notebooks(folder: Path, output: Path, runs: list[Path]) -> None:
    from forecasting.lab.notebooks.execute import run_notebooks
    from forecasting.runs.freshness import MadeFrom

    made_from = MadeFrom(output / ".made-from", (folder, *(run / "manifest.json" for run in runs)))
    if _holds(made_from, [output / path.name for path in folder.glob("*.ipynb")]):
        err.print("notebooks: nothing has changed since they ran")
        return
    with progress_bars() as progress:
        run_notebooks(folder, output, progress)
    made_from.write()


def report(
    edition: EditionId,
    formats: Annotated[
        list[Format] | None, typer.Option("--format", help="Another form beside the page; may be given several times.")
    ] = None,
    audience: Annotated[Audience, typer.Option(help="For whom: all of it, page one (brief), or readers outside (public).")] = (
        Audience.full
    ),
    lang: Annotated[str, typer.Option(help="Language of headings, column heads and notes on how to read: en or de.")] = "en",
    other: Annotated[
        str | None, typer.Option("--compare", metavar="EDITION", help="What changed since this edition, not the previous one.")
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="The same as --format pdf.")] = False,
    paper: Annotated[Paper, typer.Option(case_sensitive=False, help="What a PDF or a Word file is laid out for.")] = Paper.a4,
    draft: Draft = False,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
    reports: Reports = HERE_REPORTS,
    ledger: LedgerFolder = HERE_LEDGER,
) -> None:
    """Write one self-contained HTML report from an edition's run, and other forms of it.

    Each form is made from the page, or from the same run: docs/sharing.md says which is for whom.
    That of a draft, which a stopped run leaves, is a file of its own and says so on each page. The brief has at most 400 words:
    key judgements, the rows that matter, what changed, how earlier forecasts came out. For readers outside the notes of coders
    are left out, and no wording has more than eight words. What records say stays in English whatever the language of labels.
    With --compare the report says what changed since another earlier edition: reports/EDITION-since-OTHER.html. That takes two
    minutes of fitting the first time, and is kept beside the runs until records, runs or program change.

    Example: forecast report 2024-12-syria
    Example: forecast report 2024-12-syria --audience brief
    Example: forecast report 2024-12-syria --audience public
    Example: forecast report 2024-12-syria --lang de
    Example: forecast report 2026-02-outlook --compare 2020-11-karabakh
    Example: forecast report 2024-12-syria --pdf
    Example: forecast report 2024-12-syria --format xlsx --format json
    """
    from forecasting.report.formats.write import write_formats
    from forecasting.report.render import write_brief, write_report
    from forecasting.rules.load import load_dossier
    from forecasting.runs.freshness import current_run

    with plain_errors():
        selected = load_dossier(priors).edition(edition)
        run, record = current_run(selected, runs, draft=draft), kept_record(ledger, selected.dossier)
        compared = _compared(run, selected, other, runs) if other else None
        wanted = [*(formats or []), *([Format.pdf] if pdf else [])]
        if audience is Audience.brief:
            page = write_brief(run, selected, reports, record, language=lang, compare=compared)
        else:
            public = audience is Audience.public
            page = write_report(run, selected, reports, record, public=public, language=lang, compare=compared)
        for path in [page, *write_formats(page, run, selected, wanted, paper, compared)]:
            out.print(f"wrote {path}", markup=False)


def _compared(run: Any, edition: Any, other: str, runs: Path) -> Any:
    """Return what changed since another edition, from the run or worked out now; `UsageError` if it cannot be compared."""
    from forecasting.report.compared import compared_with, earlier_edition, held_in
    from forecasting.report.kept_changes import read_changes

    before = earlier_edition(edition, other)
    if held := held_in(run, edition, before):
        return held
    published = run_at_hand(before, runs)
    if published is None and not read_changes(before, edition, (None, run), runs):
        found = "has no run made from these records, so its numbers are worked out now, by a fit that is not held to the gate"
        err.print(f"{other}: {found}; to have the published ones: forecast run {other}", markup=False)
    with progress_bars() as progress:
        say = partial(progress, edition.edition.id, f"fitting what lies between {other} and now")
        return compared_with(run, edition, before, published, say, runs)

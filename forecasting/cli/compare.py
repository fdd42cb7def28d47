"""``forecast compare EDITION --with …``: what changed since another edition, older records, or an older run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from forecasting.cli.terminal import HERE_PRIORS, HERE_RUNS, Priors, Runs, out, plain_errors, progress_bars
from forecasting.errors import DossierError, UsageError

if TYPE_CHECKING:
    from forecasting.analysis.change_decomposition import Changes
    from forecasting.dossier.edition import Dossier, EditionDossier
    from forecasting.runs.store import Run

MOST_RECORDS = 6


def compare(
    edition: Annotated[str | None, typer.Argument(metavar="EDITION", help="Edition id; with --markdown all by default.")] = None,
    other: Annotated[str | None, typer.Option("--with", help="The earlier edition; by default the same one.")] = None,
    with_priors: Annotated[Path | None, typer.Option("--with-priors", help="An older copy of the records.")] = None,
    with_run: Annotated[Path | None, typer.Option("--with-run", help="An older run, runs/EDITION.")] = None,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", help="Write it as a text for a pull request; with --with-priors.")
    ] = None,
) -> None:
    """Split what changed in an edition since another one, or since older records or an older run of it.

    The parts are time passing, no news, news, claims, regrades, model and noise; they add up to the change. What changed
    between two editions is kept beside the runs, for the next time and for `forecast report --compare`. --markdown names a
    file for what an edit of the records moves, edition by edition, in points and words.

    Example: forecast compare 2026-02-outlook --with 2024-12-syria
    Example: forecast compare --with-priors ../base/priors --markdown moved.md
    """
    with plain_errors(), progress_bars() as progress:
        if markdown:
            if not with_priors or other or with_run:
                raise UsageError("--markdown compares records: name their older copy with --with-priors DIR, and nothing else")
            write_markdown(markdown, edition, with_priors, priors, runs, progress)
            out.print(f"wrote {markdown}", markup=False)
            return
        if not edition:
            raise UsageError("compare which edition? forecast check --list editions shows them")
        if not (other or with_priors or with_run):
            raise UsageError("compare with what? add --with EDITION, --with-priors DIR or --with-run runs/EDITION")
        say = partial(progress, edition, "fitting what lies between")
        found = changes_since(edition, other, with_priors, with_run, priors, runs, say)
    out.print(changes_table(found))
    for line in changes_notes(found):
        out.print(line, markup=False)


def write_markdown(
    path: Path, edition: str | None, since: Path, priors: Path, runs: Path, progress: Callable[[str, str, float], None]
) -> None:
    """Write what changed since an older copy of the records, in one edition or in all, as a text for a pull request."""
    from forecasting.files import write_file
    from forecasting.report.change_text import HEAD, changes_markdown, new_markdown, unchanged_markdown
    from forecasting.rules.load import load_dossier
    from forecasting.runs.compare import what_changed
    from forecasting.runs.freshness import record_digests

    now, then = load_dossier(priors), _read(since)
    parts = [HEAD]
    for name in [now.edition(edition).edition.id] if edition else now.editions:
        after = now.edition(name)
        if name not in then.editions:
            run = run_at_hand(after, runs)
            parts.append(new_markdown(after, run.forecasts if run else ()))
            continue
        before = then.edition(name)
        if record_digests(before) == record_digests(after):
            parts.append(unchanged_markdown(after))
            continue
        say = partial(progress, name, "fitting what lies between")
        found = what_changed(before, after, runs=(None, run_at_hand(after, runs)), progress=say)
        parts.append(changes_markdown(after, found))
    parts += [f"### {name}\n\nTaken out.\n" for name in then.editions if name not in now.editions and not edition]
    write_file(path, "\n".join(parts))


def changes_since(
    edition: str, since: str | None, since_priors: Path | None, since_run: Path | None, priors: Path, runs: Path,
    progress: Callable[[float], None],
) -> Changes:  # fmt: skip
    """Return what changed up to an edition.

    Parameters
    ----------
    edition : str
        The later edition.
    since : str, optional
        The earlier one; by default the same edition, from the other records.
    since_priors : Path, optional
        Folder with the records of the earlier one, if they are not those of ``priors``. They are read as they are: rules
        that came later do not apply to them.
    since_run : Path, optional
        Its published run. Without ``since`` and ``since_priors`` only the runs are compared.
    """
    from forecasting.report.kept_changes import what_changed_kept
    from forecasting.rules.load import load_dossier
    from forecasting.runs.compare import what_changed
    from forecasting.runs.freshness import current_run
    from forecasting.runs.store import read_run

    after = load_dossier(priors).edition(edition)
    old_run = read_run(since_run) if since_run else None
    if old_run and not since and not since_priors:
        return what_changed(old_run, current_run(after, runs))
    before = (_read(since_priors) if since_priors else after.dossier).edition(since or edition)
    if old_run is None and since_priors is None:
        return what_changed_kept(before, after, (run_at_hand(before, runs), run_at_hand(after, runs)), runs, progress)
    return what_changed(before, after, runs=(old_run, run_at_hand(after, runs)), progress=progress)


def _read(folder: Path) -> Dossier:
    from forecasting.dossier.load import read_dossier
    from forecasting.rules.folders import unlisted

    dossier, failures = read_dossier(folder)
    if failures := (*unlisted(folder), *failures):
        raise DossierError(failures)
    return dossier


def run_at_hand(edition: EditionDossier, runs: Path) -> Run | None:
    """Return the run of an edition, if there is one made from these records."""
    from forecasting.runs.freshness import changed_records
    from forecasting.runs.store import read_run

    directory = runs / edition.edition.id
    run = read_run(directory) if (directory / "manifest.json").is_file() else None
    return run if run and not changed_records(edition, run.manifest) else None


def changes_table(changes: Changes) -> Table:
    """Return the answers then and now with the parts between them, the largest change first."""
    from forecasting.analysis.change_decomposition import STAR
    from forecasting.report.formatting import number, points
    from forecasting.report.waterfall import part_title

    wide = changes.wide()
    parts = [name for name in wide if name not in ("question", "outcome", "before", "after")]
    title = "\n".join(filter(None, (f"From {changes.before} to {changes.after}", changes.warning)))
    shown = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    longest = max((len(name) for name in wide["question"]), default=0)
    shown.add_column("question", min_width=longest, overflow="fold")  # an id is never broken
    for name in ("then %", *map(part_title, parts), "now %"):
        shown.add_column(name, justify="right")
    for row in wide.iloc[(wide["after"] - wide["before"]).abs().argsort()[::-1]].to_dict("records"):
        question = row["question"] if row["outcome"] == "yes" else f"{row['question']}:\n{row['outcome']}"
        cells = [points(row[part]).replace("\N{MINUS SIGN}", "-") for part in parts]
        before = number(row["before"]) + (STAR if row["question"] in changes.refitted else "")
        shown.add_row(question, before, *cells, number(row["after"]))
    return shown


def changes_notes(changes: Changes) -> list[str]:
    """Return what is behind each part, how large the Monte Carlo error is, and what could not be compared."""
    from forecasting.report.waterfall import PARTS, part_title

    lines = []
    for part, records in changes.behind.items():
        if records:
            meaning = f" ({PARTS[part][1]})" if part in PARTS else ""
            lines.append(f"{part_title(part)}{meaning}: {_first(records)}")
    if changes.expired:
        lines.append(f"Expired since, and counted in {part_title('time')}: {_first(changes.expired)}")
    lines += changes.star
    worst = 100 * float(changes.table["mcse"].max())
    lines.append(f"parts are in points and add up to the change; Monte Carlo error of a part: up to {worst:.1f} points")
    if changes.skipped:
        reasons = [f"{question} ({reason})" for question, reason in changes.skipped.items()]
        lines.append(f"not compared, {len(reasons)} questions: {_first(reasons)}")
    return lines


def _first(items: Sequence[str]) -> str:
    more = f" and {len(items) - MOST_RECORDS} more" if len(items) > MOST_RECORDS else ""
    return "; ".join(items[:MOST_RECORDS]) + more

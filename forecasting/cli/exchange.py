"""What ``forecast import`` and ``forecast export`` do with forecasts: numbers of others in, the ledger out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecasting.cli.ledger import said_of
from forecasting.cli.terminal import out
from forecasting.errors import UsageError

if TYPE_CHECKING:
    from forecasting.dossier.edition import EditionDossier
    from forecasting.ledger.others import Imported
    from forecasting.ledger.records import ForecastEntry

MOST_SHOWN = 40


def import_crowd(
    path: Path, *, edition: str | None, name: str | None, source: str, correct: str, priors: Path, ledger: Path, dry_run: bool
) -> None:
    """Append the numbers of a table to the ledger, all of them or none, or show what would be written."""
    from forecasting.exchange.crowd import read_crowd
    from forecasting.ledger.store import utc_now
    from forecasting.rules.load import load_dossier

    if not edition or not name or len(source.strip()) < 3:
        raise UsageError(f'numbers of others are imported by: forecast import {path} --edition EDITION --as NAME --source TEXT')
    selected = load_dossier(priors).edition(edition)
    numbers = read_crowd(path, selected, utc_now().date())
    append_imported([(name, source, numbers)], selected, correct=correct, ledger=ledger, dry_run=dry_run)


def import_hub(
    folder: Path, models: Sequence[str], *, edition: str | None, name: str | None, source: str, correct: str, priors: Path,
    ledger: Path, dry_run: bool,
) -> None:  # fmt: skip
    """Append the model output of a Hubverse folder to the ledger, all of it or none, or show what would be written."""
    from forecasting.exchange.hub_import import read_hub
    from forecasting.ledger.store import utc_now
    from forecasting.rules.load import load_dossier

    if not edition:
        raise UsageError(f"which edition asks the same? forecast import {folder} --edition EDITION")
    selected = load_dossier(priors).edition(edition)
    found = read_hub(folder, selected, utc_now().date(), models)
    if name and len(found.models) > 1:
        named = ", ".join(one.model for one in found.models)
        raise UsageError(f"--as {name} names one forecaster, and the hub has {named}; add --model, or leave --as out")
    parts = [
        (name or one.model, source or f"Hubverse folder {folder.resolve().name}, model-output/{one.model}", one.numbers)
        for one in found.models
    ]
    append_imported(parts, selected, correct=correct, ledger=ledger, dry_run=dry_run)
    if found.own:
        out.print(f"left out, as this team wrote them: {', '.join(found.own)}; --model takes one all the same", markup=False)
    if found.not_asked:
        rows = sum(found.not_asked.values())
        out.print(f"left out, {rows} rows of targets that {edition} does not ask: {_few(sorted(found.not_asked))}", markup=False)


def export_hub(
    folder: Path, edition: str | None, unissued: bool, team: str, *, priors: Path, runs: Path, ledger: Path, force: bool
) -> None:
    """Write the forecasts of the ledger, or of a run before it is issued, as a Hubverse folder."""
    from forecasting.exchange.hub_export import ADMIN, hub_files, write_hub
    from forecasting.ledger.standing import Standing
    from forecasting.ledger.store import read_ledger

    standing = Standing(read_ledger(ledger).entries)
    if unissued:
        if not edition:
            raise UsageError("--unissued writes the run of one edition; name it with --edition")
        said = _unissued(edition, priors, runs)
    else:
        said = [entry for entry in standing.forecasts if edition in (None, entry.edition)]
        if not said:
            known = ", ".join(dict.fromkeys(entry.edition for entry in standing.forecasts)) or "none"
            name = edition or "EDITION"
            hint = f"issue it (forecast issue {name}), or write its run: --unissued --edition {name}"
            raise UsageError(f"{ledger} has no forecast{f' of {edition}' if edition else ''} (editions: {known}); {hint}")
    hub = hub_files(said, standing, team=team, name=folder.resolve().name)
    written = write_hub(folder, hub, force=force)
    out.print(f"wrote {len(written)} file{'' if len(written) == 1 else 's'} to {folder}: {len(said)} forecasts", markup=False)
    if ADMIN in written:
        out.print(f"fill in who keeps the hub in {folder / ADMIN}; it is left as it is from now on", markup=False)
    for line in hub.left_out:
        out.print(f"left out: {line}", markup=False)


def _unissued(edition: str, priors: Path, runs: Path) -> list[ForecastEntry]:
    """Return what a run would be issued as today, gate included, with no place in any ledger."""
    from forecasting.ledger.issue import Origin, issue_model
    from forecasting.ledger.records import BEGINNING, ForecastEntry, complete
    from forecasting.ledger.standing import Standing
    from forecasting.ledger.store import utc_now
    from forecasting.rules.load import load_dossier
    from forecasting.runs.freshness import current_run

    selected, now = load_dossier(priors).edition(edition), utc_now()
    run = current_run(selected, runs)
    origin = Origin(run.manifest.digest, run.manifest.code, run.manifest.packages["forecasting"], run.manifest.seed)
    issue = issue_model(run.forecasts, selected, origin, Standing(()), now.date())
    for question, reason in issue.left_out.items():
        out.print(f"left out: {question}, {reason}", markup=False)
    entries = (complete(draft, number=1, previous=BEGINNING, written_at=now) for draft in issue.drafts)
    return [entry for entry in entries if isinstance(entry, ForecastEntry)]


def export_ledger(path: Path, edition: str | None, *, ledger: Path, force: bool) -> None:
    """Write a table of the ledger, named by the file: what stands, or all that was issued with what came of it."""
    from forecasting.coding.write import write_file
    from forecasting.exchange.ledger_tables import ledger_table
    from forecasting.ledger.standing import Standing
    from forecasting.ledger.store import read_ledger

    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise UsageError(f"{path}: write a name that ends in .csv or .xlsx, such as {path.stem}.csv")
    standing = Standing(read_ledger(ledger).entries)
    content, n = ledger_table(standing, path.stem, path.suffix.lower(), edition)
    if not n:
        raise UsageError(f"{ledger} has no forecast{f' of {edition}' if edition else ''}; issue one: forecast issue EDITION")
    write_file(path, content, force=force)
    out.print(f"wrote {path}: {n:,} rows", markup=False)


def append_imported(
    parts: Sequence[tuple[str, str, Sequence[Imported]]], edition: EditionDossier, *, correct: str, ledger: Path, dry_run: bool
) -> None:
    """Append numbers of others, each part with its forecaster and source: all parts or none; or show what would be written."""
    from forecasting.ledger.others import issue_imports
    from forecasting.ledger.standing import Standing
    from forecasting.ledger.store import append, read_ledger, utc_now

    done: list[Any] = []

    def drafts(found: Any) -> list[dict[str, Any]]:
        standing, today = Standing(found.entries), utc_now().date()
        done.extend(issue_imports(parts, edition, standing, today, reason=correct))
        return [draft for part in done for draft in part.drafts]

    if dry_run:
        would = drafts(read_ledger(ledger))
        for draft in would[:MOST_SHOWN]:
            out.print(_in_a_line(draft), markup=False)
        if len(would) > MOST_SHOWN:
            out.print(f"and {len(would) - MOST_SHOWN} more")
        out.print(f"{len(would)} forecast{'' if len(would) == 1 else 's'} would be written; nothing is (--dry-run)")
    else:
        said_of(append(ledger, drafts), ledger)
    for question, reason in ((q, r) for part in done for q, r in part.left_out.items()):
        out.print(f"{question}: left out, {reason}", markup=False)


def _in_a_line(draft: dict[str, Any]) -> str:
    shares = ", ".join(f"{share['id']} {share['p']:g}" for share in draft.get("outcomes", ()))
    shares += ", ".join(f"{100 * q['level']:g} % below {q['value']:,.10g}" for q in draft.get("quantiles", ()))
    corrects = f"; corrects what was said before: {draft['reason']}" if draft.get("replaces") else ""
    return f"{draft['question']} by {draft['forecaster']} as of {draft['as_of']} ({draft['standing']}): {shares}{corrects}"


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")

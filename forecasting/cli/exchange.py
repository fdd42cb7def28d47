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


def append_imported(
    parts: Sequence[tuple[str, str, Sequence[Imported]]], edition: EditionDossier, *, correct: str, ledger: Path, dry_run: bool
) -> None:
    """Append numbers of others, each part with its forecaster and source: all parts or none; or show what would be written."""
    from forecasting.ledger.others import issue_import
    from forecasting.ledger.standing import Standing
    from forecasting.ledger.store import append, read_ledger, utc_now

    done: list[Any] = []

    def drafts(found: Any) -> list[dict[str, Any]]:
        standing, today = Standing(found.entries), utc_now().date()
        done.extend(
            issue_import(numbers, edition, standing, today, forecaster=name, source=source, reason=correct)
            for name, source, numbers in parts
        )
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
    shares = ", ".join(f"{share['id']} {share['p']:g}" for share in draft["outcomes"])
    corrects = f"; corrects what was said before: {draft['reason']}" if draft.get("replaces") else ""
    return f"{draft['question']} by {draft['forecaster']} as of {draft['as_of']} ({draft['standing']}): {shares}{corrects}"

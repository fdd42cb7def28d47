"""What to watch for, read from a run: its draws are simulated again with its own seed, which takes some seconds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import pandas as pd

from forecasting.analysis.suppositions import watch
from forecasting.dossier.edition import EditionDossier
from forecasting.runs.manifest import MANIFEST, read_manifest
from forecasting.runs.reopen import reopen
from forecasting.runs.store import POSTERIOR, Run


def middle(edition: EditionDossier, deadline: dt.date) -> dt.date:
    """Return the day by which something is watched for: half-way from the as-of date to a deadline."""
    return edition.as_of + (deadline - edition.as_of) / 2


def watch_tables(run: Run, edition: EditionDossier, questions: Iterable[str]) -> Mapping[str, pd.DataFrame]:
    """Return the table of `forecasting.paths.conditional.watch` for some questions of the event network.

    A run that does not stand in its folder with its draws, as it is while it is made up or moved, has none; so have questions
    that another model answers.
    """
    own = {question.id for question in edition.questions}
    asked = [name for name in questions if name in own]
    if not asked or not _stands(run):
        return {}
    fit = reopen(edition, run.directory.parent, draft=bool(run.manifest.draft))
    return {name: watch(fit, name) for name in asked}


def _stands(run: Run) -> bool:
    """Return whether the folder of a run holds this very run, and its draws."""
    there = all((run.directory / name).is_file() for name in (MANIFEST, POSTERIOR))
    return there and read_manifest(run.directory) == run.manifest

"""What to watch for, as a run holds it (`forecasting.analysis.suppositions.watch_table`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from forecasting.dossier.edition import EditionDossier
from forecasting.runs.store import Run


def watch_tables(run: Run, edition: EditionDossier, questions: Iterable[str]) -> Mapping[str, pd.DataFrame]:
    """Return the rows of a run's table `watch` for some questions of the event network.

    Questions that another model answers have none, and neither has any question of a run without that table.
    """
    if "watch" not in run.tables:
        return {}
    own = {question.id for question in edition.questions}
    return {name: run.watch[run.watch["question"] == name].reset_index(drop=True) for name in questions if name in own}

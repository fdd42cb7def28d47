"""What changed between two editions, as a notebook has it: the comparison, which shows and draws itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

from forecasting.analysis import change_decomposition
from forecasting.arguments import FITTED, FUNCTION, ID, takes
from forecasting.dossier.edition import EditionDossier, lookup
from forecasting.fitting.fit import EditionFit
from forecasting.lab.reprs import changes_html
from forecasting.report.canvas import Chart
from forecasting.runs import compare
from forecasting.runs.store import Run


class Changes(change_decomposition.Changes):
    """How far each part moved each answer; `forecasting.analysis.change_decomposition.Changes` with a table and a figure."""

    @classmethod
    def of(cls, changes: change_decomposition.Changes) -> Changes:
        """Return a comparison that shows itself."""
        return cls(**{field.name: getattr(changes, field.name) for field in fields(changes)})

    def _repr_html_(self) -> str:
        return changes_html(self)

    def plot(self, question_id: str, *, outcome: str = "") -> Chart:
        """Draw the way from the earlier answer to the later one; by default for the outcome that is now likeliest.

        Raises
        ------
        UsageError
            If the comparison has no such question.
        """
        from forecasting.report.waterfall import waterfall_figure

        ends = self.ends[self.ends["question"] == question_id]
        if ends.empty:
            lookup(dict.fromkeys(self.ends["question"]), question_id, "question of this comparison")
        outcome = outcome or str(ends.loc[ends["after"].idxmax(), "outcome"])
        rows = self.table[(self.table["question"] == question_id) & (self.table["outcome"] == outcome)]
        after = float(ends.loc[ends["outcome"] == outcome, "after"].iloc[0])
        return waterfall_figure(rows.to_dict("records"), after, self.before, self.after)


@takes(before=FITTED, after=FITTED, question_id=ID, progress=FUNCTION)
def what_changed(
    before: EditionDossier | EditionFit | Run,
    after: EditionDossier | EditionFit | Run,
    question_id: str | None = None,
    *,
    runs: tuple[Run | None, Run | None] = (None, None),
    random_seed: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Changes:
    """Split the change between two editions, or between two states of one edition's records, into parts that add up.

    Parameters
    ----------
    before, after : EditionDossier, EditionFit or Run
        The earlier and the later one. A fit at hand saves its sampling. Of two runs without their records only the total is
        known, and what kinds of records differ.
    question_id : str, optional
        Only this one.
    runs : pair of Run, optional
        The published runs of the two.
    random_seed : int, optional
        Of every fit; defaults to the later edition's.
    progress : callable, optional
        Called with the share of the work done.

    Returns
    -------
    Changes
        Shapley values of the parts *time*, *no-news*, *news*, *claims*, *regrades*, *model*, and *noise*. A part of less than
        two Monte Carlo errors says nothing.

    Raises
    ------
    UsageError
        If the second is the earlier edition, or no question can be asked of both.

    Examples
    --------
    >>> fc.what_changed(dossier.edition("2024-12-syria"), dossier.edition("2026-02-outlook"))  # doctest: +SKIP
    """
    found = compare.what_changed(
        before, after, question_id, runs=runs, random_seed=random_seed, progress=progress
    )
    return Changes.of(found)

"""What a report compares its edition with: another edition, and the table of what changed since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from forecasting.dossier.differences import differences
from forecasting.dossier.edition import EditionDossier
from forecasting.errors import UsageError
from forecasting.report.kept_changes import what_changed_kept
from forecasting.runs.compare import what_changed
from forecasting.runs.store import Run


@dataclass(frozen=True)
class Compared:
    """The edition that a report compares with, and what changed since.

    Parameters
    ----------
    before : EditionDossier
        The earlier edition.
    table : DataFrame
        Columns question, outcome, part, change and mcse, as in a run's ``changes``.
    published : frozenset of str
        Questions whose earlier number somebody published; the others have a star.
    worked_out : bool
        Whether the table was worked out for the report; otherwise it is the run's own.
    warning : str
        What to say beside the numbers where the fit behind an end did not pass the gate, or was not held to it.
    """

    before: EditionDossier = field(repr=False)
    table: pd.DataFrame = field(repr=False)
    published: frozenset[str]
    worked_out: bool = False
    warning: str = ""

    @property
    def star(self) -> str:
        """What the star beside an earlier number means."""
        if self.worked_out:
            return (
                "nobody published it then, or no run of it is at hand, and it was worked out for this report from what was known "
                "then, by a fit that is not held to the gate"
            )
        return "it was asked then by nobody, and worked out afterwards from what was known then"

    @property
    def nobody(self) -> str:
        """The same in a few words."""
        return "Worked out afterwards" if self.worked_out else "Published by nobody"


def compared_name(edition: EditionDossier, compared: Compared | None) -> str:
    """Return how files of an edition's report begin; those with another comparison than the run's own say with which."""
    return edition.edition.id + (f"-since-{compared.before.edition.id}" if compared and compared.worked_out else "")


def compared_in(run: Run, edition: EditionDossier) -> Compared | None:
    """Return what a run itself compares with: the edition that the record names as the previous one; None if it names none."""
    if not (name := edition.edition.previous):
        return None
    before = edition.dossier.edition(name)
    return Compared(before, run.changes, frozenset(question.id for question in before.asked))


def earlier_edition(edition: EditionDossier, other: str) -> EditionDossier:
    """Return another edition of the same dossier with which this one can be compared.

    Raises
    ------
    UsageError
        If there is no such edition, if it is the same one, if its as-of date is not earlier, or if no question can be asked
        of both.
    """
    own, before = edition.edition, edition.dossier.edition(other)
    if other == own.id:
        raise UsageError(f"--compare {other}: that is the edition of the report itself; {_instead(edition)}")
    if before.as_of >= edition.as_of:
        found = f"it is as of {before.as_of}, not before {edition.as_of}, the as-of date of {own.id}"
        raise UsageError(f"--compare {other}: {found}; {_instead(edition)}")
    if why := _nothing_common(before, edition):
        raise UsageError(f"--compare {other}: {why}; {_instead(edition)}")
    return before


def _nothing_common(before: EditionDossier, edition: EditionDossier) -> str:
    """Return why no question can be asked of both, or nothing."""
    try:
        differences(before, edition)
    except UsageError as error:
        return str(error)
    return ""


def _instead(edition: EditionDossier) -> str:
    """Return what to write instead: the editions with which one can be compared, the latest first."""
    editions = edition.dossier.editions.values()
    earlier = sorted((one for one in editions if one.as_of < edition.as_of), key=lambda one: one.as_of, reverse=True)
    fit = [one.id for one in earlier if not _nothing_common(edition.dossier.edition(one.id), edition)]
    return f"name an earlier edition: {' or '.join(fit)}" if fit else "there is no earlier edition to compare with: leave it out"


def held_in(run: Run, edition: EditionDossier, before: EditionDossier) -> Compared | None:
    """Return what changed since an earlier edition if the run itself holds it; None if that has to be worked out."""
    held = compared_in(run, edition)
    return held if held and held.before.edition.id == before.edition.id and not held.table.empty else None


def compared_with(
    run: Run,
    edition: EditionDossier,
    before: EditionDossier,
    published: Run | None = None,
    progress: Callable[[float], None] = lambda share: None,
    keep_in: Path | None = None,
) -> Compared:
    """Compare the edition of a run with an earlier one, as ``forecast compare EDITION --with OTHER`` does.

    Parameters
    ----------
    run : Run
    edition : EditionDossier
        The edition that the run was made from.
    before : EditionDossier
        From `earlier_edition`.
    published : Run, optional
        The run of the earlier edition; without it all its numbers are worked out now.
    progress : callable, optional
        Called with the share of the work done.
    keep_in : Path, optional
        The folder of runs beside which the table is kept, and found if it was (`forecasting.report.kept_changes`).

    Returns
    -------
    Compared
        The run's own table where the record names that edition as the previous one and the run holds a table; otherwise one that
        was kept, or that is worked out now, in a minute or two: changes of probability, whose parts add up.
    """
    if held := held_in(run, edition, before):
        return held
    runs = published, run
    if keep_in is None:
        found = what_changed(before, edition, runs=runs, progress=progress)
    else:
        found = what_changed_kept(before, edition, runs, keep_in, progress)
    asked = frozenset(found.ends["question"])
    return Compared(before, found.table, asked - found.refitted, worked_out=True, warning=found.warning)

"""The assumptions held of an edition, as its report shows them: what the run does not meet first."""

from __future__ import annotations

from dataclasses import dataclass

from forecasting.dossier.assumptions import Assumption
from forecasting.dossier.edition import EditionDossier
from forecasting.report.families import Family
from forecasting.report.names import short
from forecasting.runs.store import Run
from forecasting.trace.assumptions import bound_before, tally

ORDER = ("no", "unclear", "yes", "not asked")
MOST = 2  # answers that would change: the most important
TITLES = {"yes": "Met", "no": "Not met", "unclear": "Unclear", "not asked": "Not asked"}


@dataclass(frozen=True)
class AssumptionLine:
    """One assumption with the verdict of the run and the sentence that gives its number."""

    assumption: Assumption
    verdict: str
    found: str
    breaks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Assumptions:
    """All that are held of an edition, and how many of them the run meets, in words."""

    lines: tuple[AssumptionLine, ...]
    tally: str


def assumptions_of(run: Run, edition: EditionDossier, groups: tuple[Family, ...] = ()) -> Assumptions | None:
    """Return the assumptions held of an edition, those that its run does not meet first; None if there is none."""
    known = {assumption.id: assumption for assumption in edition.assumptions}
    rows = [row for row in run.assumptions.itertuples() if row.assumption in known]
    lines = [
        AssumptionLine(
            known[row.assumption], TITLES[row.met], str(row.words).partition(": ")[2] + bound_before(known[row.assumption]),
            _breaks(known[row.assumption], groups),
        )
        for row in sorted(rows, key=lambda row: ORDER.index(row.met))
    ]
    return Assumptions(tuple(lines), tally(run.assumptions["met"]) + _stricter(lines)) if lines else None


def _stricter(lines: list[AssumptionLine]) -> str:
    """Return how many of those that are met have a bound that was made stricter when the numbers were there."""
    n = sum(line.verdict == TITLES["yes"] and line.assumption.stricter is not None for line in lines)
    return f"; {n} of those met by a bound made stricter once the numbers were seen" if n else ""


def _breaks(assumption: Assumption, groups: tuple[Family, ...]) -> tuple[tuple[str, str], ...]:
    """Return the questions that name an event of the assumption: the answers that would change if it is wrong."""
    named = set(assumption.holds.events())
    found = [family for family in groups if named & set(family.questions[-1].events())]
    return tuple((family.anchor, short(family.name, 7)) for family in found[:MOST])

"""What runs say of assumptions: whether each is met, with why it is held and what would change it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from forecasting.dossier.assumptions import Assumption, Held
from forecasting.dossier.edition import Dossier, lookup
from forecasting.runs.store import Run


def tally(verdicts: Iterable[str]) -> str:
    """Return how many assumptions a run meets, of those that its edition could be asked, by the column ``met`` of its table.

    Examples
    --------
    >>> tally(["yes", "no", "yes", "not asked", "unclear"])
    '2 of 4 are met, 1 is not, 1 is unclear; 1 cannot be asked'
    """
    found = Counter(verdicts)
    met, missed, unclear, unasked = (found[name] for name in ("yes", "no", "unclear", "not asked"))
    parts = [f"{met} of {met + missed + unclear} {'is' if met + missed + unclear == 1 else 'are'} met"]
    parts += [f"{n} {'is' if n == 1 else 'are'} {what}" for n, what in ((missed, "not"), (unclear, "unclear")) if n]
    return ", ".join(parts) + (f"; {unasked} cannot be asked" if unasked else "")


def held_formally(held: Held) -> str:
    """Return the formal side of an assumption as it stands in the record, without the dates that are its own."""
    given = [f"given {_plain(held.given)}"] if held.given is not None else []
    given += [f"rather than given {_plain(held.than_given)}"] if held.than_given is not None else []
    day = [f"by {held.day}"] if held.day else []
    return ", ".join([f"P({_plain(held.p)})", *given, *day]) + f": {held}"


def bound_before(assumption: Assumption) -> str:
    """Return what the bound was before it was made stricter with numbers in sight, as the end of a sentence; else nothing."""
    change = assumption.stricter
    return f" ({100 * change.was:g} % until {change.on}, when numbers had been seen)" if change else ""


def _plain(statement) -> str:
    dumped = statement.model_dump(exclude_none=True, mode="json")
    return str(dumped).replace("'", "")


def trace_assumption(runs: list[Run], dossier: Dossier, assumption_id: str) -> str:
    """Return an assumption, who holds it and why, and whether each run meets it."""
    record = lookup(dossier.assumptions, assumption_id, "assumption")
    editions = ", ".join(record.editions) if record.editions else "every edition that can be asked"
    lines = [
        f"ASSUMPTION {record.id}: {record.statement}",
        f"  {dossier.where('assumption', assumption_id)}",
        f"  {held_formally(record.holds)}{bound_before(record)}",
        f"  held by {record.held_by}, of {editions}",
        f"  why: {record.why}",
        f"  what would change it: {record.would_change}",
        "",
        "WHAT THE RUNS SAY (it moves no number of them)",
    ]
    rows = [(run.manifest.edition, row) for run in runs for row in run.rows("assumptions")]
    told = [f"  {edition}: {row.words}" for edition, row in rows if row.assumption == assumption_id]
    return "\n".join([*lines, *(told or ["  no run is of an edition that it is held of"])])


def edition_assumptions(run: Run) -> Iterator[str]:
    """Yield what a run says of all assumptions, under a heading; nothing if none is held of its edition."""
    if rows := run.rows("assumptions"):
        yield from ("", f"ASSUMPTIONS, which move nothing: {tally(row.met for row in rows)}")
        yield from (f"  {row.assumption}: {row.words}" for row in rows)

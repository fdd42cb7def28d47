"""Check a dossier: every rule over ``priors/``, all failures at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from forecasting.arguments import BOOL, DOSSIER, takes
from forecasting.dossier.edition import Dossier
from forecasting.errors import CheckResult
from forecasting.rules import (
    assumptions,
    balances,
    circular_reporting,
    claims,
    classes,
    codings,
    conditioned,
    counted_twice,
    counts,
    editions,
    estimates,
    events,
    facts,
    files,
    following,
    lexicons,
    life_tables,
    questions,
    reached,
    scenarios,
    signatures,
    tables,
    targets,
)
from forecasting.rules.base import Rule
from forecasting.rules.folders import unlisted
from forecasting.shown.holders import results_html, results_text

GROUPS = {
    "Files and texts": (files,),
    "Claims": (claims,),
    "How words are read": (lexicons,),
    "What claims bear on": (targets,),
    "What a judgement can reach": (reached,),
    "Facts": (facts,),
    "Circular reporting": (circular_reporting,),
    "Codings": (codings,),
    "Events, classes, effects, drivers": (events, conditioned),
    "What follows from what": (following,),
    "What is counted twice, or in no order": (counted_twice,),
    "Counted classes": (classes,),
    "Life tables": (life_tables,),
    "Series and counts": (counts,),
    "Questions": (questions, scenarios),
    "Editions": (editions, signatures),
    "Sentences that say how likely": (estimates,),
    "Assumptions": (assumptions,),
    "Balances": (balances,),
    "History and grades": (tables,),
}
RULES: dict[str, tuple[Rule, ...]] = {
    group: tuple(value for module in modules for value in vars(module).values() if isinstance(value, Rule))
    for group, modules in GROUPS.items()
}
# What the readers in `placing`, `parse`, `forms` and `load` refuse before any rule looks at a record.
FORM = (
    (
        "file-place",
        "Require every YAML and CSV file to lie where it is read, and to hold what its folder is for.",
        "A file that is passed over without a message looks exactly like one that counts. It is shown first and alone: "
        "what else would be found follows from it.",
    ),
    (
        "readable, file-size, utf-8",
        "Require plain files of UTF-8 text, up to 5 MB, in folders that can be read.",
        "Anything else is not a record; and what lies in a folder that cannot be read would be passed over without a message.",
    ),
    ("inside", "Refuse a link that leaves the folder.", "What a dossier says must be in the dossier."),
    ("invisible-characters", "Refuse control, zero-width and bidirectional characters.", "They hide what is read."),
    ("yaml, yaml-one-document", "Require one well-formed YAML document per file.", "A second one would go unread."),
    ("yaml-plain", "Refuse tags, aliases and more than 12 levels of nesting.", "Records are plain."),
    ("yaml-duplicate-key", "Refuse a key twice in one record.", "YAML would keep the last one and say nothing."),
    ("csv, csv-columns", "Require one cell per column, and every column once.", "A shifted cell is a wrong number."),
    ("KIND-form", "Require records where records are read (KIND is source, claim, …).", "A stray value is no record."),
    (
        "KIND-fields",
        "Require known fields of the right form: numbers such as `12` or `0.5`, dates as `YYYY-MM-DD`.",
        "Nothing is repaired or guessed, not even `50%`, `0,5`, `1e-3` or `.5`.",
    ),
    (
        "KIND-unique",
        "Refuse an id that another record of the kind has, also in another case.",
        "One of the two would be lost.",
    ),
)


class CheckResults(tuple[CheckResult, ...]):
    """What a check found, in file order; shows how much that is and the first of it."""

    def __repr__(self) -> str:
        return results_text(self)

    def _repr_html_(self) -> str:
        return results_html(self)


@takes(dossier=DOSSIER, warnings=BOOL)
def check_dossier(dossier: Dossier, *, warnings: bool = True) -> CheckResults:
    """Hold a dossier to every rule.

    Parameters
    ----------
    dossier : Dossier
        The records to look at.
    warnings : bool
        Whether to look for what only deserves a warning, too.

    Returns
    -------
    CheckResults
        A tuple of `CheckResult`: what breaks a rule, in file order; empty if nothing does. Nothing is raised over what an
        analyst wrote: a rule passes over records that another rule refuses.

    Raises
    ------
    UsageError
        If ``dossier`` is none.

    Examples
    --------
    >>> import forecasting as fc
    >>> check_dossier(fc.load_dossier("priors"), warnings=False)
    all rules hold
    """
    wanted = [rule for rules in RULES.values() for rule in rules if warnings or rule.status == "failure"]
    results = _once([result for rule in wanted for result in rule(dossier)])
    return CheckResults(sorted(results, key=lambda result: (result.where.file, result.where.line)))


def _once(results: Sequence[CheckResult]) -> Iterator[CheckResult]:
    """Yield results; of what breaks a rule at one default of a source the first alone, with how many more claims inherit it."""
    at_default = [r for r in results if r.found.startswith("claim ") and "/sources/" in r.where.file]
    n = Counter((result.rule, result.where) for result in at_default)
    told = set()
    for result in results:
        key = (result.rule, result.where)
        if key not in told:
            more = f" (inherited; so do {n[key] - 1} more claims)" if n[key] > 1 else ""
            yield replace(result, found=result.found + more) if more else result
        told |= {key} & n.keys()


def check_read(dossier: Dossier, failures: Sequence[CheckResult], *, warnings: bool = True) -> tuple[CheckResult, ...]:
    """Hold what could be read of a dossier to every rule, given what failed in reading it.

    A folder that cannot be read, and a file out of place, is shown alone: what else would be found follows from it.
    """
    if unread := tuple(unlisted(dossier.root)):
        return unread
    return () if any(result.rule == "file-place" for result in failures) else check_dossier(dossier, warnings=warnings)


def rules_page() -> str:
    """Return ``docs/checks.md``: every rule with what it demands and why."""
    lines = [_HEAD, "## Form", "", *_table([(f"`{name}`", *rest, "failure") for name, *rest in FORM])]
    for group, rules in RULES.items():
        rows = [(f"`{rule.id}`", rule.demands, rule.why, rule.status) for rule in rules]
        lines += ["", f"## {group}", "", *_table(rows)]
    return "\n".join(lines) + "\n"


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    head = ["| rule | what it asks | why | breaking it is a |", "| --- | --- | --- | --- |"]
    return head + [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]


_HEAD = """\
# The rules that `forecast check` holds a dossier to

Generated from the rules themselves (`forecasting.rules.check.rules_page`); a test holds this page equal to them.

Every result names a file and a line, what was found there, and what to write instead. All are shown at once, in file
order. A *failure* makes `forecast check` exit with 2 and stops every fit; a *warning* is shown and stops nothing.

A seal (`anchor-seal`) is eight digits that bind an anchor to its own fields and to the fingerprint of the text. It lets
everyone see that a digest, an offset or a fingerprint was changed, without having the text. It is a guard against
slips, not against forgers: a seal can be computed by whoever changes an anchor. What an article says is settled by the
article alone, with `forecast verify --texts DIR`.
"""

"""What changed between two editions or two runs, split into parts that add up to the whole change.

The answers to the later edition's questions are worked out for every set of parts taken over from the later edition
(`forecasting.dossier.interpolate`); each part gets its Shapley value: what it adds, on average over all orders of adding. All
sets share the sampler's seed and the thresholds of the paths, and those that differ in *time* only share the draws too.
``docs/decisions/what-changed.md`` argues the choices.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from forecasting.analysis.coalitions import coalition_answers, combined, part_of
from forecasting.analysis.context import Context
from forecasting.analysis.pathways import expired_between
from forecasting.analysis.registry import columns_of
from forecasting.dossier.differences import PARTS, differences
from forecasting.dossier.edition import EditionDossier, lookup
from forecasting.errors import UsageError
from forecasting.fitting.fit import Fit
from forecasting.runs.freshness import inputs
from forecasting.runs.store import Run

COLUMNS = columns_of("changes")
ENDS = ("question", "outcome", "before", "after")
NOISE = "noise"
ROUNDING = 1e-12
STAR = "*"


@dataclass(frozen=True)
class Changes:
    """How far each part moved each answer.

    Parameters
    ----------
    before, after : str
        What is compared, in words.
    table : DataFrame
        Columns question, outcome, part, change (of the probability) and mcse (its Monte Carlo standard error). The
        changes of an outcome add up to after − before. A change of less than two errors says nothing.
    ends : DataFrame
        Columns question, outcome, before, after.
    behind : mapping
        Part to the records behind it.
    skipped : mapping
        Questions of the later edition that the earlier one could not have been asked, with the reason.
    remarks : tuple of str
        What else a reader should know.
    expired : tuple of str
        Signs that acted then and have expired since; what that moved is in *time*.
    refitted : frozenset of str
        Questions whose earlier number nobody published: it is worked out here.
    """

    before: str
    after: str
    table: pd.DataFrame = field(repr=False)
    ends: pd.DataFrame = field(repr=False)
    behind: Mapping[str, tuple[str, ...]] = field(repr=False)
    skipped: Mapping[str, str] = field(default_factory=dict, repr=False)
    remarks: tuple[str, ...] = ()
    expired: tuple[str, ...] = field(default=(), repr=False)
    refitted: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def star(self) -> tuple[str, ...]:
        """What the star beside an earlier number means, if there is one."""
        meaning = f"not published by {self.before} (not asked then, or no run at hand) but worked out now from what it knew"
        return (f"{STAR} {meaning}",) if self.refitted else ()

    def wide(self) -> pd.DataFrame:
        """Return one row per outcome: question, outcome, before, every part that moved anything, after."""
        changed = self.table.loc[self.table["change"] != 0, "part"]
        moved = [part for part in self.table["part"].unique() if part in set(changed)]
        parts = self.table.pivot(index=["question", "outcome"], columns="part", values="change")[moved]
        ends = self.ends.set_index(["question", "outcome"])
        return ends[["before"]].join(parts).join(ends[["after"]]).reset_index()

    def __repr__(self) -> str:
        numbers = self.wide().set_index(["question", "outcome"]) * 100
        numbers = numbers.rename(index={name: f"{name} {STAR}" for name in self.refitted}, level="question")
        head = f"What changed from {self.before} to {self.after}, in per cent and points"
        return "\n".join([head, numbers.round(1).to_string(), *self.remarks, *self.star])


def what_changed(
    before: EditionDossier | Fit | Run,
    after: EditionDossier | Fit | Run,
    question: str | None = None,
    *,
    runs: tuple[Run | None, Run | None] = (None, None),
    random_seed: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Changes:
    """Split the change between two editions, or between two states of one edition's records, into parts.

    Parameters
    ----------
    before, after : EditionDossier, Fit or Run
        The earlier and the later one: two editions, or one edition from two folders of records. A fit at hand saves its
        sampling, and its numbers are the published ones. Of two runs without their records only the total is known, and
        what kinds of records differ (`forecasting.analysis.change_decomposition.between_runs`).
    question : str, optional
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
        With the parts *time*, *no-news*, *news*, *claims*, *regrades*, *model* (see
        `forecasting.dossier.differences.Differences`) and *noise*: what the published numbers differ by from those worked
        out here. That is the sampler's luck and, between runs of different programs or packages, their doing.

    Raises
    ------
    UsageError
        If the second is the earlier edition, or no question can be asked of both.

    Examples
    --------
    >>> fc.what_changed(dossier.edition("2024-12-syria"), dossier.edition("2026-02-outlook"))  # doctest: +SKIP
    """
    if isinstance(before, Run) or isinstance(after, Run):
        return between_runs(before, after, question)
    first, then = (item.edition if isinstance(item, Fit) else item for item in (before, after))
    found = differences(first, then)
    asked = {one.id: one for one in found.questions}
    if question is not None:
        asked = {question: lookup(asked, question, "question of both editions")}
    seed = then.edition.seed if random_seed is None else random_seed
    fits = [item for item in (before, after) if isinstance(item, Fit)]
    answers = coalition_answers(found, tuple(asked.values()), random_seed=seed, fits=fits, progress=progress)
    known = [_published(item, run) for item, run in zip((before, after), runs, strict=True)]
    none, all_ = frozenset[str](), frozenset(found.parts)
    rows, ends = [], []
    for name in asked:
        for i, outcome in enumerate(answers[all_].given[name].outcomes):
            recomputed = [combined(answers, {members: 1.0}, name, i) for members in (none, all_)]
            shown, noise = _noise(recomputed, [said.get((name, outcome)) for said in known])
            parts = [(part, *part_of(answers, found.parts, part, name, i)) for part in PARTS]
            rows += [(name, outcome, *part) for part in (*parts, (NOISE, *noise))]
            ends.append((name, outcome, *shown))
    refitted = frozenset(asked) - {name for name, _ in known[0]}
    return Changes(
        *_names(first, then), _frame(rows), _frame(ends, ENDS), found.behind, found.skipped,
        expired=expired_between(first, then), refitted=refitted,
    )  # fmt: skip


def change_table(fit: Fit, context: Context | None = None) -> pd.DataFrame | None:
    """Return what changed since the edition that the record names as the previous one; None if it names none."""
    if not (name := fit.edition.edition.previous):
        return None
    report = context.report if context else lambda share: None
    return what_changed(fit.edition.dossier.edition(name), fit, progress=report).table


def _noise(
    recomputed: list[tuple[float, float]], published: list[tuple[float, float] | None]
) -> tuple[list[float], tuple[float, float]]:
    """Return what the two ends are shown as, and published less recomputed change with its expected size."""
    shown, gaps, errors = [], [], [0.0]
    for (own, own_error), said in zip(recomputed, published, strict=True):
        gap = said[0] - own if said else 0.0
        if said and abs(gap) > ROUNDING:
            errors += [said[1], own_error]
        shown.append(own + gap)
        gaps.append(gap)
    return shown, (gaps[1] - gaps[0], float(np.hypot.reduce(errors)))


def _frame(rows: list[tuple], columns: tuple[str, ...] = COLUMNS) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns))


def _names(first: EditionDossier, then: EditionDossier) -> tuple[str, str]:
    """Return the editions' ids; where they are the same, "earlier records" and the id."""
    same = first.edition.id == then.edition.id
    return f"{first.edition.id} (earlier records)" if same else first.edition.id, then.edition.id


def _published(item: EditionDossier | Fit, run: Run | None) -> dict[tuple[str, str], tuple[float, float]]:
    """Return p and its Monte Carlo error as published, by question and outcome."""
    forecasts = run.forecasts if run else item.all_forecasts() if isinstance(item, Fit) else ()
    return {(forecast.question, o.id): (o.p, o.mcse) for forecast in forecasts for o in forecast.outcomes}


def between_runs(before: Any, after: Any, question: str | None = None) -> Changes:
    """Return how far two runs of common questions are apart, when the records of one are not at hand.

    The manifests say what kinds of records, and whether program, packages or seed, differ. The one part is named after
    them; the sampler's noise is in it, as large as its Monte Carlo error says. If nothing but the seed differs the part is
    *noise*.

    Raises
    ------
    UsageError
        If one of the two is no run and no fit, or they have no question in common.
    """
    if not all(isinstance(item, Run | Fit) for item in (before, after)):
        raise UsageError("a run can be compared with a run or a fit; give the records of both for a split into parts")
    first, then = (_published(item, item if isinstance(item, Run) else None) for item in (before, after))
    common = [key for key in then if key in first and question in (None, key[0])]
    if not common:
        raise UsageError("the two runs have no question in common; give the records of both to ask the same of each")
    part, remarks = _cause(*(_made_from(item) for item in (before, after)))
    rows = [(*key, part, then[key][0] - first[key][0], float(np.hypot(first[key][1], then[key][1]))) for key in common]
    ends = [(*key, first[key][0], then[key][0]) for key in common]
    old, new = (str(_made_from(item)["edition"]) for item in (before, after))
    old = f"{old} (earlier run)" if old == new else old
    return Changes(old, new, _frame(rows), _frame(ends, ENDS), {part: remarks}, {}, remarks)


def _made_from(item: Run | Fit) -> dict[str, Any]:
    return item.manifest if isinstance(item, Run) else inputs(item.edition, item.seed)


def _cause(old: dict[str, Any], new: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return the name of what differs between two manifests, and the details."""
    kinds = [kind for kind in new["records"] if old.get("records", {}).get(kind) != new["records"][kind]]
    packages = [name for name, number in new["packages"].items() if old.get("packages", {}).get(name) != number]
    program = [*(["the program"] if old.get("code") != new["code"] else []), *packages]
    remarks = []
    if kinds:
        remarks.append(f"records that differ: {', '.join(kinds).replace('_', ' ')}")
    if program:
        remarks.append(f"made by other versions of {', '.join(program)}")
    if old.get("seed") != new["seed"]:
        remarks.append(f"seeds {old.get('seed')} and {new['seed']}")
    name = " and ".join([*(["records"] if kinds else []), *(["program"] if program else [])])
    return name or NOISE, tuple(remarks)

"""What changed between two editions or two runs, split into parts that add up to the whole change.

The answers to the later edition's questions are worked out for every set of parts taken over from the later edition
(`forecasting.dossier.interpolate`); each part gets its Shapley value: what it adds, on average over all orders of adding. All
sets share the sampler's seed and the thresholds of the paths, and those that differ in *time* only share the draws too.
``docs/decisions/what-changed.md`` argues the choices.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from forecasting.analysis.coalitions import coalition_answers, combined, part_of
from forecasting.analysis.context import Context
from forecasting.analysis.pathways import expired_between
from forecasting.analysis.registry import columns_of
from forecasting.dossier.differences import PARTS, differences
from forecasting.dossier.edition import EditionDossier, lookup
from forecasting.fitting.fit import EditionFit
from forecasting.forecasts import NOT_JUDGED, Forecast, Gate

COLUMNS = columns_of("changes")
ENDS = ("question", "outcome", "before", "after")
NOISE = "noise"
ROUNDING = 1e-12
STAR = "*"


QUICK = "a quick refit for this comparison alone, which was not held to the gate"


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
    gates : pair of Gate
        What the gate found of the fits behind the two ends.
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
    gates: tuple[Gate, Gate] = (NOT_JUDGED, NOT_JUDGED)

    @property
    def warning(self) -> str:
        """What to print beside the numbers where the fit behind an end did not pass the gate, else nothing."""
        ends = zip((self.before, self.after), self.gates, strict=True)
        told = [f"{name}: {QUICK}" if gate == NOT_JUDGED else f"{name} {gate.warning}" for name, gate in ends if gate.warning]
        return "; ".join(told)

    @property
    def star(self) -> tuple[str, ...]:
        """What the star beside an earlier number means, if there is one."""
        meaning = (
            f"not published by {self.before} (not asked then, or no run at hand) but worked out now from what it knew, by a fit "
            "that is not held to the gate"
        )
        return (f"{STAR} {meaning}",) if self.refitted else ()

    def wide(self) -> pd.DataFrame:
        """Return one row per outcome: question, outcome, before, every part that moved anything, after."""
        changed = self.table.loc[self.table["change"] != 0, "part"]
        moved = [part for part in self.table["part"].unique() if part in set(changed)]
        parts = self.table.pivot(index=["question", "outcome"], columns="part", values="change")[moved].fillna(0.0)
        ends = self.ends.set_index(["question", "outcome"])
        return ends[["before"]].join(parts).join(ends[["after"]]).reset_index()

    def __repr__(self) -> str:
        numbers = self.wide().set_index(["question", "outcome"]) * 100
        numbers = numbers.rename(index={name: f"{name} {STAR}" for name in self.refitted}, level="question")
        head = f"What changed from {self.before} to {self.after}, in per cent and points"
        warning = [self.warning] if self.warning else []
        return "\n".join([head, *warning, numbers.round(1).to_string(), *self.remarks, *self.star])


def split_change(
    before: EditionDossier | EditionFit,
    after: EditionDossier | EditionFit,
    question: str | None = None,
    *,
    published: tuple[Sequence[Forecast], Sequence[Forecast]] = ((), ()),
    random_seed: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Changes:
    """Split the change between two editions, or between two states of one edition's records, into parts.

    Parameters
    ----------
    before, after : EditionDossier or EditionFit
        The earlier and the later one: two editions, or one edition from two folders of records. A fit at hand saves its
        sampling, and its numbers are the published ones.
    question : str, optional
        Only this one.
    published : pair of forecasts, optional
        What was published of the two.
    random_seed : int, optional
        Of every fit; defaults to the later edition's.
    progress : callable, optional
        Called with the share of the work done.

    Returns
    -------
    Changes
        With the parts *time*, *no-news*, *news*, *claims*, *regrades*, *model* (see
        `forecasting.dossier.differences.Differences`) and *noise*: what the published numbers differ by from those worked
        out here. That is Monte Carlo error and, between runs of different programs or packages, their effect.

    Raises
    ------
    UsageError
        If the second is the earlier edition, or no question can be asked of both.

    Examples
    --------
    >>> split_change(dossier.edition("2024-12-syria"), dossier.edition("2026-02-outlook"))  # doctest: +SKIP
    """
    first, then = (item.edition if isinstance(item, EditionFit) else item for item in (before, after))
    found = differences(first, then)
    asked = {one.id: one for one in found.questions}
    if question is not None:
        asked = {question: lookup(asked, question, "question of both editions")}
    seed = then.edition.seed if random_seed is None else random_seed
    fits = [item for item in (before, after) if isinstance(item, EditionFit)]
    answers = coalition_answers(found, tuple(asked.values()), random_seed=seed, fits=fits, progress=progress)
    known = [_published(item, said) for item, said in zip((before, after), published, strict=True)]
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
        *_names(first, then), changes_frame(rows), changes_frame(ends, ENDS), found.behind, found.skipped,
        expired=expired_between(first, then), refitted=refitted,
        gates=(_gate(before, published[0]), _gate(after, published[1])),
    )  # fmt: skip


def change_table(fit: EditionFit, context: Context | None = None) -> pd.DataFrame | None:
    """Return what changed since the edition that the record names as the previous one; None if it names none."""
    if not (name := fit.edition.edition.previous):
        return None
    report = context.report if context else lambda share: None
    return split_change(fit.edition.dossier.edition(name), fit, progress=report).table


def _gate(item: EditionDossier | EditionFit, published: Sequence[Forecast]) -> Gate:
    """Return what the gate found of the fit behind one end; what is only worked out here is not held to it."""
    return published[0].gate if published else item.gate.mark if isinstance(item, EditionFit) else NOT_JUDGED


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


def changes_frame(rows: list[tuple], columns: tuple[str, ...] = COLUMNS) -> pd.DataFrame:
    """Return rows of parts, or of `ENDS`, as a table."""
    return pd.DataFrame(rows, columns=list(columns))


def _names(first: EditionDossier, then: EditionDossier) -> tuple[str, str]:
    """Return the editions' ids; where they are the same, "earlier records" and the id."""
    same = first.edition.id == then.edition.id
    return f"{first.edition.id} (earlier records)" if same else first.edition.id, then.edition.id


def _published(item: EditionDossier | EditionFit, published: Sequence[Forecast]) -> dict[tuple[str, str], tuple[float, float]]:
    return by_outcome(published or (item.all_forecasts() if isinstance(item, EditionFit) else ()))


def by_outcome(forecasts: Sequence[Forecast]) -> dict[tuple[str, str], tuple[float, float]]:
    """Return p and its Monte Carlo error by question and outcome."""
    return {(forecast.question, o.id): (o.p, o.mcse) for forecast in forecasts for o in forecast.outcomes}

"""How much each record moves an answer, from the tables of a run: the weightiest record of a group is shown first.

Of claims a run knows it by leaving each out (`influence`), of an effect by the claims that set it, and of an event by its rival
classes (`classes`). Of a class's counts and a row of the history the panel computes it (`forecasting.lab.panel.alone`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.questions import Question
from forecasting.lab.panel.controls import GROUPS, Card
from forecasting.runs.tables import no_bound

WHOLE = 0.005  # what a rival class moves is known to a point or two, as some are from a short refit: less is not shown


@dataclass(frozen=True)
class Moved:
    """By how much a record moves an answer, and of which outcome: the one that it moves most.

    Of a claim, an effect or a row of the history that is p − p without it; with ``rival``, the id of a class, it is p with the
    event in that class − p; with ``case``, as "one more case", it is p with that case in a count − p. ``why`` says why there is
    no number.
    """

    change: float = 0.0
    outcome: str = ""
    rival: str = ""
    case: str = ""
    why: str = ""


@dataclass(frozen=True)
class Tables:
    """What a run knows of how much records move answers: its tables of influence and of classes; None where there is no run."""

    influence: pd.DataFrame | None = None
    classes: pd.DataFrame | None = None


NOTHING = Tables()
TABLES = "tables of its run"  # what a fit that was opened from a run keeps them by


def moved_by(tables: Tables, edition: EditionDossier, question: Question) -> dict[str, Moved]:
    """Return by how much each claim, effect and event's rival moves the answer to a question.

    It is empty where there is no table, as in a draft of a run.

    Examples
    --------
    >>> import forecasting as fc
    >>> edition = fc.load_dossier("priors").edition("2024-12-syria")
    >>> moved_by(NOTHING, edition, edition.questions[0])
    {}
    """
    claims = claims_moved(tables.influence, question)
    return {**claims, **dict(effects_moved(edition, claims)), **dict(rivals_moved(tables.classes, question))}


def claims_moved(influence: pd.DataFrame | None, question: Question) -> dict[str, Moved]:
    """Return by how much each claim moves the answer to a question; of several outcomes the one moved most."""
    if influence is None or influence.empty:
        return {}
    rows = influence[influence["question"] == question.id]
    if question.form.kind == "yes/no":
        rows = rows[rows["outcome"] == "yes"]
    found: dict[str, Moved] = {}
    for row in rows.itertuples():
        if abs(float(row.change)) > abs(found.get(str(row.claim), Moved()).change):
            found[str(row.claim)] = Moved(float(row.change), str(row.outcome))
    return found


def effects_moved(edition: EditionDossier, claims: Mapping[str, Moved]) -> Iterator[tuple[str, Moved]]:
    """Yield by how much each effect moves an answer, as far as a claim tells that sets it and no other effect.

    Without such a claim the effect is gone; of n claims behind it each was given an nth of that
    (`forecasting.analysis.influence.shared_effects`), which is taken together again here.
    """
    known = {claim.id: claim for claim in edition.claims}
    for effect in edition.effects:
        for name in effect.claims:
            sets = [other.id for other in edition.effects if name in other.claims]
            if name in claims and known[name].kind == "effect" and sets == [effect.id]:
                yield effect.id, Moved(len(effect.claims) * claims[name].change, claims[name].outcome)
                break


def rivals_moved(classes: pd.DataFrame | None, question: Question) -> Iterator[tuple[str, Moved]]:
    """Yield of each event which rival class would move an answer most, and by how much; a ceiling or a floor is no rival."""
    if classes is None or classes.empty:
        return
    rows = classes[classes["question"] == question.id]
    rows = rows.assign(p=pd.to_numeric(rows["p"], errors="coerce")).dropna(subset=["p"])
    for name, own in rows.groupby("event", sort=False):
        chosen = own["chosen"].astype(bool)
        rivals = own[~chosen & no_bound(own)]
        if not chosen.any() or rivals.empty:
            continue
        changes = rivals["p"] - float(own.loc[chosen, "p"].iloc[0])
        most = changes.abs().idxmax()
        if abs(changes[most]) >= WHOLE:
            yield str(name), Moved(float(changes[most]), str(rivals["outcome"][most]), str(rivals["reference_class"][most]))


def by_weight(cards: Iterable[Card], moved: Mapping[str, Moved]) -> list[Card]:
    """Return the records behind a question group by group: first those that move its answer most, the others in their order."""
    return sorted(cards, key=lambda card: (GROUPS.index(card.group), -abs(moved.get(card.id, Moved()).change)))

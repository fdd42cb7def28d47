"""The article of a question: its answers, its curve, the claims for and against it, and where the rest is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import pandas as pd
from markupsafe import Markup

from forecasting.analysis.pathways import movable
from forecasting.dossier.decided import excluded
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.forms.base import VOID
from forecasting.dossier.questions import Question
from forecasting.dossier.statements import Expression
from forecasting.elicitation.quantify import quantify
from forecasting.forecasts import Forecast
from forecasting.report.answer_curves import answer_curve
from forecasting.report.changes import waterfall_of
from forecasting.report.claim_entries import ClaimEntry
from forecasting.report.compared import Compared
from forecasting.report.context import Line, lines_of
from forecasting.report.event_entries import class_anchor, event_anchor
from forecasting.report.facts import occurred_rows
from forecasting.report.families import Family
from forecasting.report.figures import layers_picture, scenario_figure
from forecasting.report.formatting import percent, points
from forecasting.report.matrix import Matrix
from forecasting.report.names import short
from forecasting.report.said import class_name
from forecasting.report.sensitivity import against
from forecasting.report.svg import inline_svg
from forecasting.runs.store import Run
from forecasting.trace.claim_counts import moving_claims
from forecasting.trace.confidence import Confidence, confidence
from forecasting.trace.readings import effect_reason, sign_reason

MOST = 5  # claims on a side
SMALL = 0.0025  # what shows as 0.2 points or less is listed with the evidence alone, but for the largest of its side


@dataclass(frozen=True)
class Pull:
    """A claim on one side of an answer: its short name, and what it adds on each date, or to the outcome it moves most.

    ``sign`` says why, where a judgement moves its own event the other way than its words argue.
    """

    entry: ClaimEntry
    moved: str
    indirect: bool
    sign: str = ""


@dataclass(frozen=True)
class Side:
    """The claims on one side, the strongest first, and how many there are beyond those shown."""

    shown: tuple[Pull, ...]
    more: int


@dataclass(frozen=True)
class Dated:
    """The answer on one date: one line for a yes/no question, one per outcome for a set."""

    anchor: str
    by: str
    lines: tuple[Line, ...]
    may_be_void: str
    excluded: tuple[str, ...]

    @property
    def head(self) -> Line:
        """The line to quote: the likeliest outcome of a set."""
        return max(self.lines, key=lambda line: line.p)


@dataclass(frozen=True)
class Article:
    """Everything that is said of a family of questions, each thing once."""

    family: Family
    answers: tuple[Dated, ...]
    why_it_matters: tuple[str, ...]
    notes: tuple[str, ...]
    curve: Markup | None
    layers: Markup | None
    bars: Markup | None
    changes: Markup | None
    conflict: bool
    confidence: Confidence
    raising: Side
    lowering: Side
    settled: bool
    classes: tuple[tuple[str, str, str, str], ...]
    events: tuple[tuple[str, str], ...]
    matrix: Matrix | None = None

    @property
    def asked(self) -> bool:
        """Whether it is a yes/no question."""
        return self.family.last.kind == "yes/no"


def articles_of(
    run: Run,
    edition: EditionDossier,
    groups: tuple[Family, ...],
    claims: Mapping[str, ClaimEntry],
    compared: Compared | None = None,
) -> tuple[Article, ...]:
    """Return an article per family of questions about the event network, in the order of the families."""
    own = {question.id for question in edition.questions}
    return tuple(_article(run, edition, family, claims, compared) for family in groups if family.last.question in own)


def drawn_events(run: Run, edition: EditionDossier, groups: tuple[Family, ...]) -> frozenset[str]:
    """Return the events whose curve stands with the question about them alone."""
    singles = {single[0] for family in groups if (single := family.questions[-1].form.single())}
    return frozenset(singles & set(run.curves["event"]) - set(occurred_rows(edition)))


def _article(
    run: Run, edition: EditionDossier, family: Family, claims: Mapping[str, ClaimEntry], compared: Compared | None
) -> Article:
    question, last = family.questions[-1], family.last
    asked = last.kind == "yes/no"
    curve = _curve(run, edition, family)
    raising, lowering = _sides(run, edition, family, claims)
    return Article(
        family=family,
        answers=tuple(
            Dated(
                f"q-{forecast.question}", lines_of(forecast)[0].by, lines_of(forecast),
                void_words(edition, forecast, one),
                excluded(edition, one),
            )
            for forecast, one in zip(family.forecasts, family.questions, strict=True)
        ),
        why_it_matters=tuple(dict.fromkeys(one.why_it_matters for one in family.questions if one.why_it_matters)),
        notes=tuple(dict.fromkeys(one.note for one in family.questions if one.note)),
        curve=curve,
        layers=_layers(run, family) if asked and curve is None else None,
        bars=None if asked else inline_svg(scenario_figure(last)),
        changes=waterfall_of(compared, edition, last),
        conflict=any(against(run, name) for name in question.events()),
        confidence=confidence(run, edition, question),
        raising=raising,
        lowering=lowering,
        settled=all(outcome.mcse == 0 for outcome in last.outcomes),
        classes=_rivals(run, edition, family),
        events=tuple((event_anchor(name), short(edition.dossier.events[name].title, 6)) for name in question.events()),
    )  # fmt: skip


def _curve(run: Run, edition: EditionDossier, family: Family) -> Markup | None:
    single = family.questions[-1].form.single()
    if single is None or single[0] not in drawn_events(run, edition, (family,)):
        return None
    event, _, occurs = single
    marks: list[tuple[dt.date, float]] = [(one.deadline, one.headline.p) for one in family.forecasts]
    title = "Has happened by then" if occurs else "Still holds: it has not happened"
    rows = run.curves[run.curves["event"] == event]
    may_be_void = family.questions[-1].void is not None
    return inline_svg(answer_curve(rows, marks, title=title, falling=not occurs, may_be_void=may_be_void))


def void_words(edition: EditionDossier, forecast: Forecast, question: Question) -> str:
    """Return how likely a question is void, with what makes it so; nothing for one that cannot be."""
    p = next((outcome.percent for outcome in forecast.outcomes if outcome.id == VOID), "")
    return f"{p}: {stated_words(edition, question.void)}" if p and question.void else p


def stated_words(edition: EditionDossier, statement: Expression) -> str:
    """Return a statement over events in words, each event by its short title."""
    for parts, joiner in ((statement.all_of, "; "), (statement.any_of, "; or ")):
        if parts:
            return joiner.join(stated_words(edition, part) for part in parts)
    name = statement.occurs or statement.holds
    if name is None:
        return str(statement)
    title = f"“{short(edition.dossier.events[name].title, 9)}”"
    return title if statement.occurs else f"not {title}"


def _layers(run: Run, family: Family) -> Markup | None:
    last = family.last
    found = (run.layers["question"] == last.question) & (run.layers["outcome"] == last.headline.id)
    return inline_svg(layers_picture(run.layers[found].to_dict("records"), legend=False)) if found.any() else None


def _sides(run: Run, edition: EditionDossier, family: Family, claims: Mapping[str, ClaimEntry]) -> tuple[Side, Side]:
    """Return the claims that raise the answer, and those that lower it; of a set, those that raise or lower its likeliest."""
    last, question = family.last, family.questions[-1]
    known = {claim.id: claim for claim in edition.claims}
    ids = [forecast.question for forecast in family.forecasts]
    rows = run.influence[run.influence["question"].isin(ids)]
    rows = rows.assign(change=pd.to_numeric(rows["change"], errors="coerce")).dropna(subset=["change"])
    rows = rows[rows["outcome"] == last.headline.id]
    found = {(str(row.claim), str(row.question)): float(row.change) for row in rows.itertuples()}
    sides: tuple[list[tuple[float, Pull]], list[tuple[float, Pull]]] = ([], [])
    listed = dict.fromkeys(name for one in reversed(ids) for name in moving_claims(run, one) if name in claims)
    for name in listed:
        changes = [found.get((name, one), 0.0) for one in ids]
        largest = max(changes, key=abs)
        if not largest:
            continue
        claim = known[name]
        number = quantify(edition).of_claim(name) if claim.kind == "judgement" else None
        sign = sign_reason(claim, number, question, largest) if number else effect_reason(edition, claim, question, largest)
        pull = Pull(claims[name], " / ".join(map(points, changes)), _moves(edition)[name].isdisjoint(question.events()), sign)
        sides[largest < 0].append((abs(largest), pull))
    return _side(sides[0]), _side(sides[1])


@lru_cache(maxsize=16)
def _moves(edition: EditionDossier) -> Mapping[str, frozenset[str]]:
    """Return the events whose own probability each claim of an edition can move; it gets to all else by way of these."""
    return MappingProxyType({claim.id: movable(edition, claim) for claim in edition.claims})


def _side(pulls: list[tuple[float, Pull]]) -> Side:
    ranked = sorted(pulls, key=lambda pair: -pair[0])
    shown = tuple(pull for i, (size, pull) in enumerate(ranked[:MOST]) if i == 0 or size >= SMALL)
    return Side(shown, len(ranked) - len(shown))


def _bound(of_event: str, p: float, answer: float) -> str:
    return of_event and ("ceiling" if p > answer else "floor")


def _rivals(run: Run, edition: EditionDossier, family: Family) -> tuple[tuple[str, str, str, str], ...]:
    """Return (anchor, name, answer, bound) of the classes that were not chosen for the events of the last question.

    The bound is one of the answer: a ceiling of an event is a floor of the answer that it does not happen.
    """
    last = family.last
    rows = run.classes[(run.classes["question"] == last.question) & (run.classes["outcome"] == last.headline.id)]
    rows = rows.assign(p=pd.to_numeric(rows["p"], errors="coerce")).dropna(subset=["p"])
    rows = rows[~rows["chosen"].astype(bool)]
    rows = rows.sort_values("p").drop_duplicates("reference_class")
    return tuple(
        (class_anchor(name), class_name(name), percent(p), _bound(edition.dossier.events[event].bound(name), p, last.headline.p))
        for name, p, event in zip(rows["reference_class"], rows["p"], rows["event"], strict=True)
    )

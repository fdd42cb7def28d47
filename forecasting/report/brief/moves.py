"""What moves an answer, for the sentences of a brief: the claims or observations behind it, and events that could be seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.graph import downstream, following, upstream
from forecasting.dossier.questions import Question
from forecasting.forecasts import Forecast
from forecasting.inference.noticeable import noticeable
from forecasting.report.evidence import largest_changes
from forecasting.runs.store import Run

LEAST = 0.01  # a point: less is not worth a word on page one
FEW = 0.05  # five points: what an event or a claim has to change to be worth watching for
ANSWERED = 0.005  # an event that leaves no more doubt than this answers a question and forewarns of nothing


@dataclass(frozen=True)
class Move:
    """A claim or an observation in its own words and who says it, how far it moves an answer, and the answer without it."""

    what: str
    speaker: str
    change: float
    p_without: float


@dataclass(frozen=True)
class Moves:
    """How an answer comes about: where it starts, with claims, with all, and what moves it most, strongest first."""

    base_p: float
    prior_p: float
    p: float
    strongest: tuple[Move, ...]
    network: bool
    others_move_more: bool = False

    @property
    def noun(self) -> str:
        """What moves it: claims in the event network, observations elsewhere."""
        return "claim" if self.network else "observation"

    @property
    def kind(self) -> str:
        """What moves it, as the beginning of a sentence; of claims on other events, which may move it more, nothing is quoted."""
        if self.others_move_more:
            return f"Of the {self.noun}s about it, this moves it most"
        return "What moves it most"

    @property
    def one(self) -> str:
        """What moves it most, as a noun."""
        return self.noun if len(self.strongest) == 1 else f"first {self.noun}"


@dataclass(frozen=True)
class Seen:
    """Events that could be seen by a day, the title of each with what the answer would be then."""

    by: dt.date
    events: tuple[tuple[str, float], ...]
    late: bool = False  # events would move the answer, but all of them only follow from it


def moves_of(run: Run, edition: EditionDossier, question: Question, forecast: Forecast, most: int = 1) -> Moves:
    """Return what moves the answer to quote: at most ``most`` claims, all to one side, none under half of the first.

    Claims about the question's own events, or about what acts on one of them, come before claims that reach it through other
    events: "the city can be held for days only" makes a war *less* likely where somebody else says that the city is out of
    reach, which is right and cannot be understood in a line.
    """
    one = forecast.headline
    network = question.id in {own.id for own in edition.questions}
    rows = _network_rows(run, forecast) if network else _observed_rows(run, question, forecast)
    rows = [row for row in rows if abs(row[1]) >= LEAST]
    own = [row for row in rows if _about(edition, row[0], question)] if network else rows
    further = bool(own) and abs(own[0][1]) < max(abs(row[1]) for row in rows)
    rows = own or rows
    rows = [row for row in rows if row[1] * rows[0][1] > 0][:most]
    kept = [row for row in rows if abs(row[1]) >= abs(rows[0][1]) / 2]
    told = tuple(Move(_in_own_words(edition, name), _speaker(edition, name), change, rest) for name, change, rest in kept)
    return Moves(one.base_p, one.prior_p, one.p, told, network, further)


def _about(edition: EditionDossier, name: str, question: Question) -> bool:
    """Return whether a claim is about an event that a question names, or about an effect on one."""
    target, events = edition.dossier.claims[name].target, set(question.events())
    effects = {effect.id: effect.to for effect in edition.effects}
    return bool(events & {*target.of("event"), *(effects.get(effect) for effect in target.of("effect"))})


def _speaker(edition: EditionDossier, name: str) -> str:
    """Return who says it: the speaker, or the publisher where it is the author; nobody for an event or a count."""
    dossier = edition.dossier
    observed = dossier.observations.get(name)
    claim = dossier.claims.get(observed.claim if observed and observed.claim else name)
    if claim is None:
        return ""
    return dossier.sources[claim.source].publisher if claim.speaker == "author" else claim.speaker


def _network_rows(run: Run, forecast: Forecast) -> list[tuple[str, float, float]]:
    rows = run.influence
    rows = rows[(rows["question"] == forecast.question) & (rows["outcome"] == forecast.headline.id)]
    found = largest_changes(rows, "claim")
    return [(str(row.claim), float(row.change), float(row.p_without)) for row in found.itertuples()]


def _observed_rows(run: Run, question: Question, forecast: Forecast) -> list[tuple[str, float, float]]:
    told = run.further.get(question.form.model)
    if told is None:
        return []
    rows = told.influence[told.influence["outcome"] == f"{question.id}:{forecast.headline.id}"]
    rows = rows[noticeable(rows["change"], rows["mcse"])]
    found = largest_changes(rows, "claim")
    return [(str(row.claim), float(row.change), float(row.p_without)) for row in found.itertuples()]


def _in_own_words(edition: EditionDossier, name: str) -> str:
    """Return what a claim or an observation says; an observation that cites a claim says what that says."""
    dossier = edition.dossier
    observed = dossier.observations.get(name)
    claim = dossier.claims.get(observed.claim if observed and observed.claim else name)
    if observed and observed.what:
        text = observed.what
    elif claim:
        text = claim.paraphrase
    else:
        found = next((count for count in dossier.counts if count.id == name), None)
        text = f"{dossier.series[found.series].title}: {found.value:,.10g} on {found.until}" if found else name
    return " ".join(text.split()).removesuffix(".")


def seen_of(
    edition: EditionDossier, question: Question, table: pd.DataFrame | None, by: dt.date, p: float, most: int = 2
) -> Seen | None:
    """Return the event that would raise the answer most in expectation, and the one that would lower it most, if there are.

    Events from which the question's own follow, or which only follow from them (`deciding`), forewarn of nothing: whoever sees
    the decision to leave has seen the base go. ``table`` is that of `forecasting.paths.conditional.watch` for a day ``by``,
    which ranks them; of ``most`` 1 the first.
    """
    if table is None:
        return None
    told = table[(table["p_if"] > ANSWERED) & (table["p_if"] < 1 - ANSWERED) & ((table["p_if"] - p).abs() >= FEW)]
    rows = told[~told["event"].isin(deciding(edition, question))]
    kept = [side.iloc[0] for side in (rows[rows["p_if"] > p], rows[rows["p_if"] < p]) if len(side)]
    kept = sorted(kept, key=lambda row: -row["expected_change"])[:most]
    events = tuple((edition.dossier.events[str(row["event"])].title, float(row["p_if"])) for row in kept)
    return Seen(by, events, late=bool(len(told)) and not kept)


def deciding(edition: EditionDossier, question: Question) -> frozenset[str]:
    """Return a question's events, what they follow from, and what is only their effect: what acts on none of them in turn."""
    own, effects = question.events(), edition.effects
    backwards = [effect.model_copy(update={"from_": effect.to, "to": effect.from_}) for effect in effects]
    by_logic = following(effects, own) | following(backwards, own)
    return by_logic | (downstream(effects, own) - upstream(effects, own))

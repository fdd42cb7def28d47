"""From what people say to records of a ledger: a person's own number beside the model's, and the numbers of others."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.questions import Question
from forecasting.errors import UsageError, near
from forecasting.files import text_digest
from forecasting.ledger.contracts import contract_digest, status_quo
from forecasting.ledger.issue import LIVE_DAYS, Issue, asked_of, new_only
from forecasting.ledger.outcomes import distribution, outcome_titles
from forecasting.ledger.quantiles import held_quantiles
from forecasting.ledger.records import MODEL
from forecasting.ledger.standing import Standing

MOST_SLUG = 40  # characters of a forecaster's name in the ledger
# what scores call a run, and the plain forecasters beside it: nobody else can go by one of these names
RESERVED = (MODEL, "prior", "base", "status-quo", "even", "walk")


def issue_judgement(
    question: str, said: Mapping[str, float], edition: EditionDossier, standing: Standing, today: dt.date, *,
    by: str, why: str, reason: str = "",
) -> Issue:  # fmt: skip
    """Return the record of what a person says, to be kept and scored beside the model.

    Parameters
    ----------
    said : mapping of str to float
        P(outcome) by outcome; of a yes/no question ``{"yes": 0.3}`` is enough.
    by, why : str
        Who says so, and why.

    Raises
    ------
    UsageError
        If the question is unknown, the numbers are no distribution over its outcomes, or ``by`` or ``why`` is missing.
    """
    for name, value in (("--by", by), ("--why", why)):
        if len(value.strip()) < 2:
            raise UsageError(
                f"a judgement of {question} has no {name}; write who says so with --by NAME and the reason with --why"
            )
    asked = edition.dossier.questions.get(question)
    if asked and (settled := standing.settled.get((question, contract_digest(edition.dossier, asked)))) is not None:
        found = f"{question} was resolved to {settled.outcome} (record {settled.number}, {settled.on})"
        raise UsageError(f"{found}; a judgement is of what is still open")
    forecaster = f"judgement:{_slug(by)}"
    return _issue_other(question, said, edition, standing, today, forecaster=forecaster, why=why, reason=reason)


@dataclass(frozen=True)
class Imported:
    """What somebody else said of one question.

    Parameters
    ----------
    said : mapping of str to float
        P(outcome) by outcome; of a yes/no question ``{"yes": 0.3}`` is enough.
    as_of : date, optional
        The day on which it was said, where its source gives one; else it counts as said on the edition's as-of date.
    quantiles : sequence of (level, value)
        In place of ``said``, of a question that asks in which range a quantity lies.
    place : str
        Where it stands, for messages: a file and its line.
    """

    question: str
    said: Mapping[str, float]
    as_of: dt.date | None = None
    quantiles: tuple[tuple[float, float], ...] = ()
    place: str = field(default="", compare=False)


def issue_import(
    numbers: Sequence[Imported], edition: EditionDossier, standing: Standing, today: dt.date, *,
    forecaster: str, source: str, reason: str = "",
) -> Issue:  # fmt: skip
    """Return the records of somebody else's numbers: a market, a platform, a panel.

    A number with a day of its own is kept as of that day, and one series may hold many days. It is live if it is written down
    within 31 days, by the deadline and before the outcome is in the ledger; else it is reconstructed, whatever the edition is:
    the day is then the word of the source.

    Parameters
    ----------
    numbers : sequence of Imported
        One for each question and day.
    forecaster, source : str
        The name under which they are kept and scored, and where they were found.

    Raises
    ------
    UsageError
        If a question is not of the edition, the numbers are no distribution over its outcomes, a day lies ahead or after the
        deadline, name or source is missing, one of them is there twice for a day, or there is another number for that day in the
        ledger and no reason for a correction.
    """
    (issue,) = issue_imports([(forecaster, source, numbers)], edition, standing, today, reason=reason)
    return issue


def issue_imports(
    parts: Sequence[tuple[str, str, Sequence[Imported]]], edition: EditionDossier, standing: Standing, today: dt.date, *,
    reason: str = "",
) -> tuple[Issue, ...]:  # fmt: skip
    """Return the records of several forecasters' numbers, part by part, each with its forecaster and source.

    Raises
    ------
    UsageError
        As `issue_import`; also if two parts have a number of one forecaster, question and day.
    """
    one_spelling(name for name, _, _ in parts)
    once_a_day(parts, edition)
    return tuple(_import(part, edition, standing, today, reason) for part in parts)


def one_spelling(names: Iterable[str]) -> None:
    """Refuse two names of one import that differ in capitals or width alone: in the ledger they would be one forecaster.

    Raises
    ------
    UsageError
        With both spellings.

    Examples
    --------
    >>> one_spelling(["Ann", "Bo", "ANN"])
    Traceback (most recent call last):
    ...
    forecasting.errors.UsageError: 'Ann' and 'ANN' would be one forecaster, ann; write one in both places, or another name
    """
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(_slug(name), name)
        if first.strip() != name.strip():
            found = f"{first!r} and {name!r} would be one forecaster, {_slug(name)}"
            raise UsageError(f"{found}; write one in both places, or another name")


def once_a_day(parts: Sequence[tuple[str, str, Sequence[Imported]]], edition: EditionDossier) -> None:
    """Refuse two numbers of one forecaster for one question and day, also where one of them has its edition's day.

    Raises
    ------
    UsageError
        With both places.
    """
    seen: dict[tuple[str, str, dt.date], str] = {}
    for forecaster, _, numbers in parts:
        for n, one in enumerate(numbers, 1):
            day, place = one.as_of or edition.as_of, one.place or f"number {n} of {forecaster}"
            key = _slug(forecaster), one.question, day
            if key in seen:
                found = f"{place}: {one.question} by {key[0]} as of {day}, which {seen[key]} says too"
                blank = "" if one.as_of else f" (a number without a day is of {edition.as_of}, the edition's)"
                raise UsageError(f"{found}{blank}; keep one of them, or write the day on which each was said")
            seen[key] = place


def _import(
    part: tuple[str, str, Sequence[Imported]], edition: EditionDossier, standing: Standing, today: dt.date, reason: str
) -> Issue:
    forecaster, source, numbers = part
    if len(source.strip()) < 3:
        raise UsageError("the numbers of others need their source; add --source TEXT")
    parts = [
        _issue_other(
            one.question, one.said, edition, standing, today, forecaster=_slug(forecaster), why=source, reason=reason,
            as_of=one.as_of, quantiles=one.quantiles,
        )
        for one in numbers
    ]  # fmt: skip
    left_out = {name: why for part in parts for name, why in part.left_out.items()}
    return Issue(tuple(draft for part in parts for draft in part.drafts), left_out)


def _own_day(asked: dict[str, Any], question: Question, edition: EditionDossier, standing: Standing, today: dt.date,
             as_of: dt.date) -> dict[str, Any]:  # fmt: skip
    """Return what a forecast says besides its numbers, of one that has another day than its edition."""
    if as_of > today or as_of > question.deadline:
        ends = f"after today, {today}" if as_of > today else f"after its deadline, {question.deadline}"
        raise UsageError(f"{question.id}: {as_of} is {ends}; write the day on which it was said")
    days, why = (today - as_of).days, ""
    if days > LIVE_DAYS:
        why = f"Imported {days} days after the day that its source gives; a forecast is live up to {LIVE_DAYS} days after it."
    elif today > question.deadline or (question.id, asked["contract"]) in standing.settled:
        why = "Imported after its deadline or its outcome; the day is the word of its source."
    usual = status_quo(edition.dossier, question, as_of)
    kept = {name: value for name, value in asked.items() if name != "status_quo"}
    return {
        **kept, "as_of": as_of.isoformat(), "standing": "reconstructed" if why else "live", "why": why, "late": False,
        **({"status_quo": usual} if usual else {}),
    }  # fmt: skip


def _issue_other(
    name: str, said: Mapping[str, float], edition: EditionDossier, standing: Standing, today: dt.date, *,
    forecaster: str, why: str, reason: str, as_of: dt.date | None = None, quantiles: Sequence[tuple[float, float]] = (),
) -> Issue:  # fmt: skip
    if name not in edition.edition.questions:
        known = near(name, edition.edition.questions)
        raise UsageError(f"edition {edition.edition.id} has no question '{name}'; {known}")
    if forecaster in RESERVED:
        whose = "what a run says" if forecaster == MODEL else "a plain forecaster that scores are compared with"
        raise UsageError(f"'{forecaster}' is the name of {whose}; name the forecaster otherwise")
    question = edition.dossier.questions[name]
    asked = asked_of(question, edition, today)
    if as_of:
        asked = _own_day(asked, question, edition, standing, today, as_of)
    left_out: dict[str, str] = {}
    draft = {**asked, "forecaster": forecaster, "judgement": why}
    if quantiles:
        unit = edition.dossier.series[question.form.subjects()[0]].unit
        held = held_quantiles(question, quantiles)
        draft |= {"quantiles": [{"level": level, "value": value} for level, value in held], "unit": unit}
    else:
        titles = outcome_titles(question)
        draft["outcomes"] = [{"id": o, "title": titles[o], "p": p} for o, p in distribution(name, said, tuple(titles)).items()]
    return Issue(tuple(new_only(draft, standing, reason, left_out)), left_out)


def _slug(name: str) -> str:
    """Return a name as an id; one that loses letters by it, or is cut, ends in a part of its digest."""
    name = unicodedata.normalize("NFKC", name)  # letters of full width are letters
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not slug:
        raise UsageError(f"'{name}' has no letter or digit to name a forecaster by; write letters a-z or digits")
    foreign = any(not one.isascii() and unicodedata.category(one)[0] in "LMN" for one in name)
    if not foreign and len(slug) <= MOST_SLUG:
        return slug
    said = re.sub(r"[\W_]+", "-", name.casefold()).strip("-")
    return f"{slug[: MOST_SLUG - 9].rstrip('-')}-{text_digest(said)[:8]}"

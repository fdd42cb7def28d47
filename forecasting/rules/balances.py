"""Rules about balances and the observations from which they are judged."""

from __future__ import annotations

from collections.abc import Iterator

from forecasting.dossier.balances import NEITHER, Balance, Observation
from forecasting.dossier.edition import Dossier
from forecasting.errors import near
from forecasting.rules.base import Finding, rule


def _fields(dossier: Dossier) -> dict[str, Balance]:
    """Return the balance of everything that has a level, by its id."""
    return {name: balance for balance in dossier.balances.values() for name in balance.fields}


def _placed(dossier: Dossier) -> Iterator[tuple[Observation, Balance]]:
    """Yield the observations whose balance is there."""
    fields = _fields(dossier)
    for observation in dossier.observations.values():
        if observation.balance in fields:
            yield observation, fields[observation.balance]


@rule("failure")
def balance_theatres(dossier: Dossier) -> Iterator[Finding]:
    """Require ids of theatres that no other balance has.

    An observation names a theatre by its id alone, and would enter both.
    """
    first: dict[str, str] = {}
    for balance in dossier.balances.values():
        for name in balance.fields:
            other = first.setdefault(name, balance.id)
            if other != balance.id:
                found = f"balance {balance.id}: {name} is of balance {other} too"
                yield dossier.where("balance", balance.id), found, "give the theatre an id of its own"


@rule("failure")
def balance_start(dossier: Dossier) -> Iterator[Finding]:
    """Require one of the two actors, or neither, to be ahead at the start of a balance and of its theatres.

    Another name has no side of the scale.
    """
    for balance in dossier.balances.values():
        known = (balance.low.id, balance.high.id, NEITHER)
        for start in (balance.starts, *(theatre.starts for theatre in balance.theatres)):
            if start.ahead not in known:
                found = f"balance {balance.id}: '{start.ahead}' is ahead at the start"
                yield dossier.where("balance", balance.id), found, near(start.ahead, known, "of this balance")


@rule("failure")
def observation_balance(dossier: Dossier) -> Iterator[Finding]:
    """Require the balance or theatre that an observation is about.

    An observation of nothing known would be left out without a word.
    """
    fields = _fields(dossier)
    for observation in dossier.observations.values():
        if observation.balance not in fields and not dossier.unread.any_of(("balance",)):
            found = f"observation {observation.id}: no balance or theatre '{observation.balance}'"
            yield dossier.where("observation", observation.id, "balance"), found, near(observation.balance, fields, "known")


@rule("failure")
def observation_favours(dossier: Dossier) -> Iterator[Finding]:
    """Require a grading to favour one of the two actors of its balance, or neither.

    Another name has no side of the scale.
    """
    for observation, balance in _placed(dossier):
        known = (balance.low.id, balance.high.id, NEITHER)
        for n, grading in enumerate(observation.codings):
            if grading.favours not in known:
                found = f"observation {observation.id}: {grading.coder} favours '{grading.favours}'"
                where = dossier.where("observation", observation.id, "codings", n, "favours")
                yield where, found, near(grading.favours, known, "of this balance")


@rule("failure")
def observation_claim(dossier: Dossier) -> Iterator[Finding]:
    """Require the claim that an observation stands on, and no day of publication before the claim was made.

    An edition would otherwise see what a claim says before anybody had said it.
    """
    for observation in dossier.observations.values():
        name = observation.claim
        if name and dossier.lacks("claim", name):
            found = f"observation {observation.id} stands on claim '{name}', which does not exist"
            yield dossier.where("observation", observation.id, "claim"), found, near(name, dossier.claims, "known claims")
        elif name and name in dossier.claims and observation.published_on < (made := dossier.claims[name].made_on):
            found = f"observation {observation.id} was published on {observation.published_on}, before {name} was made on {made}"
            yield dossier.where("observation", observation.id, "published_on"), found, f"write published_on: {made}, or later"


@rule("failure")
def observation_span(dossier: Dossier) -> Iterator[Finding]:
    """Refuse an observation from before its balance begins, and a change whose span does.

    There is no level to observe.
    """
    for observation, balance in _placed(dossier):
        first = balance.months_to(observation.happened_on) - (observation.over_months if observation.kind == "change" else 0)
        if first < 0:
            found = f"observation {observation.id} looks at a time before {balance.id} starts on {balance.starts_on}"
            fix = "mend happened_on or over_months, or let the balance start earlier"
            yield dossier.where("observation", observation.id, "happened_on"), found, fix


@rule("failure")
def observation_twice(dossier: Dossier) -> Iterator[Finding]:
    """Refuse two observations of one theatre that stand on the same claim.

    One sentence would count twice; whether it says who is ahead or who gained is for the coder to decide.
    """
    first: dict[tuple[str, str], str] = {}
    for observation in dossier.observations.values():
        if observation.claim:
            other = first.setdefault((observation.balance, observation.claim), observation.id)
            if other != observation.id:
                found = f"observation {observation.id} reads claim {observation.claim} of {observation.balance} as {other} does"
                yield dossier.where("observation", observation.id, "claim"), found, "keep one of the two"


@rule("warning")
def observation_coders(dossier: Dossier) -> Iterator[Finding]:
    """Flag an observation that one coder alone has graded.

    A grade is a judgement, and nothing tells how far another reader would differ.
    """
    for observation in dossier.observations.values():
        if len(observation.codings) < 2 and not observation.anchor:
            found = f"observation {observation.id} has one grading, of {observation.codings[0].coder}"
            yield dossier.where("observation", observation.id, "codings"), found, "have a second coder grade it"


@rule("failure")
def question_balance(dossier: Dossier) -> Iterator[Finding]:
    """Require the balance or theatre, and the actor, that a question about the upper hand names.

    A question about nothing known has no answer.
    """
    fields = _fields(dossier)
    for question in dossier.questions.values():
        stated = question.ahead or question.turned or question.favours
        if stated is None or dossier.unread.any_of(("balance",)):
            continue
        where = dossier.where("question", question.id)
        if stated.balance not in fields:
            found = f"question {question.id}: no balance or theatre '{stated.balance}'"
            yield where, found, near(stated.balance, fields, "known")
        elif (actor := getattr(stated, "actor", None)) is not None:
            known = (fields[stated.balance].low.id, fields[stated.balance].high.id)
            if actor not in known:
                yield where, f"question {question.id}: no actor '{actor}'", near(actor, known, "of this balance")


@rule("failure")
def index_cases(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a case of an index that looks at a level before the balance begins, or at the index's own day, and a case twice.

    There is no level to compare with; and what is asked cannot be its own case.
    """
    fields = _fields(dossier)
    for question in dossier.questions.values():
        if question.favours is None or question.favours.balance not in fields:
            continue
        starts, seen = fields[question.favours.balance].starts_on, set[tuple[str, object]]()
        for n, case in enumerate(question.favours.cases):
            where = dossier.where("question", question.id, "favours", "cases", n)
            named = f"question {question.id}: case '{case.of}'"
            if case.level is None and case.on < starts:
                fix = f"write the level that it had, with the reason in source, or a day from {starts} on"
                yield where, f"{named} of {case.on} is before the balance starts on {starts}", fix
            if case.on >= question.deadline:
                yield where, f"{named} of {case.on} is not before {question.deadline}, which is asked about", "leave the case out"
            if (case.of, case.on) in seen:
                yield where, f"{named} of {case.on} is there twice", "keep one of the two"
            seen.add((case.of, case.on))


@rule("failure")
def index_network(dossier: Dossier) -> Iterator[Finding]:
    """Require the events that a side of an index stands for, each side once, and days up to the index's own.

    An answer of the network to something else would be shown beside it.
    """
    for question in dossier.questions.values():
        stated = question.favours.in_network if question.favours else ()
        for n, part in enumerate(stated):
            where = dossier.where("question", question.id, "favours", "in_network", n)
            statement = part.is_ or part.needs
            if statement is None:
                continue
            for name in statement.events():
                if dossier.lacks("event", name):
                    found = f"question {question.id}: side {part.side} stands for event '{name}', which does not exist"
                    yield where, found, near(name, dossier.events, "known")
            if late := [day for day in statement.deadlines() if day > question.deadline]:
                found = f"question {question.id}: side {part.side} looks at {late[0]}, after {question.deadline}"
                yield where, found, f"leave the day out, or write one up to {question.deadline}"
            if part.side in [other.side for other in stated[:n]]:
                fix = "join the two with any_of"
                yield where, f"question {question.id}: side {part.side} is in in_network twice", fix


@rule("failure")
def edition_balance(dossier: Dossier) -> Iterator[Finding]:
    """Require all questions of an edition about the upper hand to be about one balance, and to look back from its as-of date.

    One fit holds one balance; where the upper hand was on a later day is not known to it.
    """
    fields = _fields(dossier)
    for edition in dossier.editions.values():
        asked = [dossier.questions[name] for name in edition.questions if name in dossier.questions]
        named = {fields[name].id: question.id for question in asked for name in question.form.subjects() if name in fields}
        if len(named) > 1:
            found = f"edition {edition.id} asks about the balances {', '.join(sorted(named))}"
            yield dossier.where("edition", edition.id, "questions"), found, "write an edition for each"
        for question in asked:
            if question.turned and question.turned.since > edition.as_of:
                found = f"question {question.id}: since {question.turned.since} is after as_of {edition.as_of} of {edition.id}"
                yield dossier.where("question", question.id), found, f"write since: {edition.as_of}, or an earlier day"

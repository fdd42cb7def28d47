"""What an edition knows of a balance: the observations that were public by its as-of date, each with its speaker and origin."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from forecasting.dossier.balances import Balance, Observation
from forecasting.dossier.edition import EditionDossier, known_claims
from forecasting.dossier.questions import Question
from forecasting.errors import UsageError


@dataclass(frozen=True)
class Look:
    """An observation with what its claim says of it, if it stands on one.

    Parameters
    ----------
    record : Observation
        As it is written.
    speaker : str or None
        Who judges, of a statement; a speaker of one source is another one than the author of the next. None of an event.
    origin : str
        Who said it first, or which happening it is about.
    graded : tuple of (str, str)
        Reliability and credibility, as keys of ``grades.csv``.
    where : str
        Where it can be read: the source and its paragraph, or a title with its address.
    """

    record: Observation
    speaker: str | None
    origin: str
    graded: tuple[tuple[str, str], tuple[str, str]]
    where: str


@dataclass(frozen=True)
class Observed:
    """A balance, what is known of it on a day, and what is asked of it."""

    balance: Balance
    looks: tuple[Look, ...]
    as_of: dt.date
    questions: tuple[Question, ...]


def observed(edition: EditionDossier, balance: Balance, questions: tuple[Question, ...]) -> Observed:
    """Return what an edition knows of a balance.

    An observation is known if it had happened and was public by the as-of date, and if the edition knows the claim on which it
    stands; what a later claim corrects is not known.
    """
    claims = {claim.id: claim for claim in known_claims(edition.dossier, edition.edition)}
    looks = []
    for record in edition.dossier.observations.values():
        late = max(record.happened_on, record.published_on) > edition.as_of
        if late or record.balance not in balance.fields or (record.claim and record.claim not in claims):
            continue
        if record.claim:
            claim = claims[record.claim]
            graded = (("reliability", str(claim.reliability)), ("credibility", str(claim.credibility)))
            where = f"{edition.dossier.sources[claim.source].publisher}, paragraph {claim.anchor.paragraph}"
            speaker = f"{claim.speaker}, {claim.source}" if claim.speaker == "author" else claim.speaker
            looks.append(Look(record, speaker, claim.origin, graded, where))
        else:
            graded = (("reliability", str(record.reliability)), ("credibility", str(record.credibility)))
            looks.append(Look(record, record.speaker, str(record.origin), graded, str(record.source)))
    return Observed(balance, tuple(sorted(looks, key=lambda one: one.record.id)), edition.as_of, questions)


def balance_of(edition: EditionDossier, questions: tuple[Question, ...]) -> Observed:
    """Return the balance that some questions are about, with what an edition knows of it.

    Raises
    ------
    UsageError
        If they are about no balance, or about two.
    """
    named = {name for question in questions for name in question.form.subjects()}
    found = [one for one in edition.dossier.balances.values() if not named.isdisjoint(one.fields)]
    if len(found) != 1:
        names = ", ".join(one.id for one in found) or "none"
        raise UsageError(f"edition {edition.edition.id} asks about {names}: its questions must be about one balance")
    return observed(edition, found[0], questions)

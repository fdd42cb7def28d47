"""Rules about facts: the two wordings of ``seen_if``, the direction that they mean, and what a bare grade owes the reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forecasting.dossier.claims import Claim, SeenIf
from forecasting.dossier.edition import Dossier
from forecasting.dossier.lexicons import geometric_mean
from forecasting.dossier.unknown_wordings import unknown_wording
from forecasting.errors import Where, near
from forecasting.rules.base import Finding, rule

LEAST_WORDS = 5  # of a reason: fewer make no sentence


@dataclass(frozen=True)
class TwoWordings:
    """The two wordings of a fact or of a signal, with the record's name in messages and the place of each field."""

    name: str
    lexicon: str
    words: SeenIf
    lexicon_at: Where
    comes_at: Where
    stays_away_at: Where


def two_wordings(dossier: Dossier) -> Iterator[TwoWordings]:
    """Yield every claim and every row of history that says how likely it would be seen in both worlds."""
    for claim in dossier.claims.values():
        if claim.seen_if and claim.lexicon:
            at = [dossier.where("claim", claim.id, *path) for path in _PATHS]
            yield TwoWordings(f"claim {claim.id}", claim.lexicon, claim.seen_if, *at)
    for n, row in enumerate(dossier.history):
        if row.seen_if and row.lexicon:
            yield TwoWordings(f"{row.event} signal on {row.on}", row.lexicon, row.seen_if, *[dossier.where("history", n)] * 3)


_PATHS = (("lexicon",), ("seen_if", "comes"), ("seen_if", "stays_away"))


@rule("failure")
def fact_wordings(dossier: Dossier) -> Iterator[Finding]:
    """Require both wordings of `seen_if` to be entries of the lexicon named beside them, letter by letter.

    An unknown wording has no default: any number put in its place would be ours and not the coder's.
    """
    for found in two_wordings(dossier):
        lexicon = dossier.lexicons.get(found.lexicon)
        if lexicon is None:
            # that of a claim is looked up by claim-lexicon
            if not found.name.startswith("claim") and dossier.lacks("lexicon", found.lexicon):
                fix = near(found.lexicon, dossier.lexicons, "known lexicons")
                yield found.lexicon_at, f"{found.name}: no lexicon '{found.lexicon}'", fix
            continue
        for where, wording in ((found.comes_at, found.words.comes), (found.stays_away_at, found.words.stays_away)):
            if dossier.lacks("wording", (found.lexicon, wording)):
                said = f"{found.name}: lexicon '{found.lexicon}' has no wording '{wording}'"
                yield where, said, unknown_wording(wording, lexicon, dossier.lexicons)


@rule("failure")
def fact_says_something(dossier: Dossier) -> Iterator[Finding]:
    """Refuse two wordings of `seen_if` that mean the same probability.

    What is as likely to be seen in one world as in the other says nothing of which of them it is (Heuer: it is not
    diagnostic), and a fact that says nothing would look like evidence.
    """
    for found in two_wordings(dossier):
        if _difference(dossier, found.lexicon, found.words) == 0:
            said = f"{found.name}: '{found.words.comes}' and '{found.words.stays_away}' mean the same probability"
            yield found.comes_at, said, "write wordings that differ, or say in 'moves_nothing' why it is kept"


@rule("failure")
def fact_direction(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a `direction` that contradicts `seen_if`, from which it follows.

    What is likelier to be seen where the event comes raises it. A coder who writes the other word beside it has
    mistaken one of the two worlds.
    """
    for claim in dossier.claims.values():
        meant = _meant(dossier, claim)
        if claim.direction and meant and claim.direction != meant:
            seen = claim.seen_if
            words = f"seen if it comes: {seen.comes}; if it stays away: {seen.stays_away}" if seen else ""
            found = f"claim {claim.id}: direction {claim.direction}, but it is {words}, which {meant} it"
            yield dossier.where("claim", claim.id, "direction"), found, "leave direction out, or swap the two wordings"


@rule("failure")
def fact_grade_why(dossier: Dossier) -> Iterator[Finding]:
    """Require a fact that has a bare grade to say in `grade_why`, in a sentence, why.

    A grade answers "how strong is it?" and lets its coder forget to ask how likely the same would be seen if the event
    stayed away. So facts reported in the week of a shock were graded too high.
    """
    for claim in dossier.claims.values():
        if claim.kind == "fact" and claim.grade and not claim.moves_nothing and len(claim.grade_why.split()) < LEAST_WORDS:
            has = f"only '{claim.grade_why}' for a reason" if claim.grade_why else "no reason"
            fix = "write seen_if: {comes: …, stays_away: …} and lexicon instead of the grade, or in grade_why a sentence"
            yield dossier.where("claim", claim.id, "grade"), f"claim {claim.id}: a bare grade ({claim.grade}) and {has}", fix


def direction_of(dossier: Dossier, claim: Claim) -> str | None:
    """Return the direction of a claim, as written or as the two wordings of `seen_if` mean it."""
    return claim.direction or _meant(dossier, claim)


def _meant(dossier: Dossier, claim: Claim) -> str | None:
    difference = _difference(dossier, claim.lexicon, claim.seen_if) if claim.seen_if else None
    return ("raises" if difference > 0 else "lowers") if difference else None


def _difference(dossier: Dossier, lexicon: str | None, words: SeenIf) -> float | None:
    """Return by how much a fact is likelier to be seen where its event comes; None where the lexicon does not list both."""
    comes, stays_away = (dossier.wording(lexicon, wording) for wording in (words.comes, words.stays_away))
    return geometric_mean(comes) - geometric_mean(stays_away) if comes and stays_away else None

"""Rules about who coded, reviewed and signed off an edition."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from forecasting.dossier.edition import Dossier
from forecasting.dossier.signatures import SIGNED, TITLES
from forecasting.rules.base import Finding, rule


@rule("failure")
def edition_signed_order(dossier: Dossier) -> Iterator[Finding]:
    """Require an edition to be coded, then reviewed, then signed off, and none of it before its as-of date.

    Who signs off before the review is done has signed something else.
    """
    for edition in dossier.editions.values():
        parts = [(part, one.on, i) for part in SIGNED for i, one in enumerate(getattr(edition, part))]
        for part, on, i in parts:
            if on < edition.as_of and part != "coded_by":
                where = dossier.where("edition", edition.id, part, i)
                found = f"edition {edition.id}: {TITLES[part]} on {on}, before as_of {edition.as_of}"
                yield where, found, "write the day on which it was done"
        named = [part for part in SIGNED if getattr(edition, part)]
        for earlier, later in pairwise(named):
            last, first = max(one.on for one in getattr(edition, earlier)), min(one.on for one in getattr(edition, later))
            if first < last:
                found = f"edition {edition.id}: {TITLES[later]} on {first}, but {TITLES[earlier]} until {last}"
                yield dossier.where("edition", edition.id, later), found, "mend a date, or have it done again"


@rule("failure")
def edition_reviewer(dossier: Dossier) -> Iterator[Finding]:
    """Refuse a reviewer who coded the edition.

    A review by whoever coded it finds what the coder found.
    """
    for edition in dossier.editions.values():
        coders = {one.name.casefold() for one in edition.coded_by}
        for i, one in enumerate(edition.reviewed_by):
            if one.name.casefold() in coders:
                where = dossier.where("edition", edition.id, "reviewed_by", i)
                found = f"edition {edition.id}: {one.name} coded and reviewed it"
                yield where, found, "name somebody else, or leave reviewed_by out until somebody else has read it"


@rule("warning")
def edition_unreviewed(dossier: Dossier) -> Iterator[Finding]:
    """Flag an edition that is signed off without a review.

    One pair of eyes misses what two find; `forecast agree` says how much.
    """
    for edition in dossier.editions.values():
        if edition.signed_off_by and not edition.reviewed_by:
            where = dossier.where("edition", edition.id, "signed_off_by")
            yield where, f"edition {edition.id} is signed off, and nobody is named in reviewed_by", "name who reviewed it"


@rule("failure")
def edition_coded_late(dossier: Dossier) -> Iterator[Finding]:
    """Require an edition to say that it is reconstructed if it was coded when one of its questions was over.

    The coder could know the answer.
    """
    for edition in dossier.editions.values():
        asked = [dossier.questions[name] for name in edition.questions if name in dossier.questions]
        first = min((question.deadline for question in asked), default=None)
        late = [(i, one) for i, one in enumerate(edition.coded_by) if first and one.on > first]
        if late and not edition.reconstructed:
            i, one = late[0]
            where = dossier.where("edition", edition.id, "coded_by", i)
            found = f"edition {edition.id} was coded on {one.on}, and a question of it was over on {first}"
            yield where, found, "write reconstructed: with what was done after that day"

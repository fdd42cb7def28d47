"""What to do about a wording that a lexicon does not list: a slip of case or blanks, a floor of the codebook, or a place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from forecasting.dossier import lexicons as listed
from forecasting.dossier.wordings import Wording

# codebook, step 6.3: that a thing cannot be ruled out says that its chance is not nil, and no more
_NOT_NIL = re.compile(
    r"(?:can(?:not|'t| not)|could not|couldn't|may not|should not|must not) (?:yet )?be (?:\w+ly )?"
    r"(?:ruled out|excluded|dismissed|discounted)",
    re.IGNORECASE,
)
_POSSIBLE = re.compile(r"(?:is |it is |remains? )?(?:possible|a possibility)", re.IGNORECASE)
FLOORS = ((_NOT_NIL, "little chance", "says that the chance is not nil, and no more"), (_POSSIBLE, "could happen", "as possibly"))


def recommended_place(wording: str) -> tuple[str, str] | None:
    """Return the phrase at which the codebook (step 6.3) places a wording as a floor, and why; None if it names no place.

    Examples
    --------
    >>> recommended_place("cannot be ruled out")
    ('little chance', 'says that the chance is not nil, and no more')
    >>> recommended_place("likely")
    """
    plain = " ".join(wording.replace("\u2019", "'").split())
    return next(((at, why) for pattern, at, why in FLOORS if pattern.fullmatch(plain)), None)


def place_command(wording: str) -> str:
    """Return the command that places a wording where the codebook puts it; empty if the codebook does not.

    Examples
    --------
    >>> place_command("cannot be excluded").partition(" --why")[0]
    'forecast new wording "cannot be excluded" --at "little chance" --reads at_least'
    """
    place = recommended_place(wording)
    said = " ".join(wording.casefold().split())
    return f'forecast new wording "{said}" --at "{place[0]}" --reads at_least --why "{place[1]}"' if place else ""


def unknown_wording(wording: str, lexicon: Mapping[str, Wording], others: Mapping[str, Mapping[str, Wording]]) -> str:
    """Return what to do about a wording that a lexicon does not list.

    Parameters
    ----------
    wording : str
        The words as the record has them.
    lexicon : mapping of str to Wording
        The entries of the lexicon that the record names.
    others : mapping of str to such a mapping
        All lexicons by id.
    """
    same = {" ".join(entry.casefold().split()): entry for entry in lexicon}.get(" ".join(wording.casefold().split()))
    if same:
        return f"write '{same}': the same words in other letters or with other blanks"
    if not any(wording in entries for entries in others.values()) and (command := place_command(wording)):
        return f"place it as a floor (docs/codebook.md, step 6.3): {command}; then write lexicon: my-hedges in the record"
    return listed.unknown_wording(wording, lexicon, others)

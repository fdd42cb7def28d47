"""What to do about a wording that a lexicon lacks: mend a slip, take the codebook's place, or an entry near in meaning."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from forecasting.dossier.similar_wordings import how_to_place, medians_of, similar, with_percent
from forecasting.dossier.wordings import Wording
from forecasting.standards.tables import STANDARDS

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
    said = _plain(wording)
    return f'forecast new wording "{said}" --at "{place[0]}" --reads at_least --why "{place[1]}"' if place else ""


def _plain(wording: str) -> str:
    return " ".join(wording.casefold().split())


def _inside(words: list[str], entry: str) -> bool:
    """Return whether an entry's words stand one after the other among ``words``."""
    part = entry.split()
    return any(words[i : i + len(part)] == part for i in range(len(words) - len(part) + 1))


def _slip(wording: str, lexicon: Mapping[str, Wording]) -> str:
    """Return the entry of which a wording is a misspelling; empty if none is, or if the letters between them turn its sense."""
    said = _plain(wording)
    close = difflib.get_close_matches(said, lexicon, n=1, cutoff=0.85)
    turned = [re.sub(r"\b(?:un|in|im|not |no )", "", one) for one in (said, *close)]
    return close[0] if close and turned[0] != turned[1] and said.count(" ") == close[0].count(" ") else ""


def unknown_wording(
    wording: str, lexicon: Mapping[str, Wording], others: Mapping[str, Mapping[str, Wording]] | None = None
) -> str:
    """Return what to do about a wording that a lexicon does not list: entries near in meaning, all entries, how to add one.

    The same words in other letters or with other blanks are named alone, and so are a place that the codebook (step 6.3) has
    and the entry of which a wording that no lexicon lists is a misspelling ("lkely", and not "unlikely" where only "likely"
    is known).
    Where an entry stands inside the wording ("likely" in "very likely", "probable" in "not probable"), it says that no
    number is made up from the parts: readers do not multiply "very" or "not" by a constant. ``others`` are all lexicons by
    name: those that list the wording are named, and an entry is near if its median is (`similar`).

    Examples
    --------
    >>> likely = Wording(wording="likely", p05=0.6, p25=0.67, p50=0.75, p75=0.8, p95=0.9, n=5146, citation="CAPphrase")
    >>> unknown_wording("very likely", {"likely": likely}).partition(" Or ")[0]
    "near in meaning: 'likely' (75 %). It knows: likely. Nothing is composed from 'likely' and the words around it."
    """
    same = {_plain(entry): entry for entry in lexicon}.get(_plain(wording))
    if same:
        return f"write '{same}': the same words in other letters or with other blanks"
    listed = medians_of(wording, others or {})
    if others and not listed and (command := place_command(wording)):
        return f"place it as a floor (docs/codebook.md, step 6.3): {command}; then write lexicon: my-hedges in the record"
    if slip := _slip(wording, lexicon) if not listed else "":
        return f"did you mean {with_percent([lexicon[slip]])}? It knows: {', '.join(sorted(lexicon))}"
    found = similar(wording, lexicon, listed.values())
    hint = f"near in meaning: {with_percent(found)}. It knows" if found else "known wordings"
    inside = max((entry for entry in lexicon if _inside(wording.split(), entry)), key=len, default="")
    parts = f" Nothing is composed from '{inside}' and the words around it." if inside else ""
    names = [f"{name} (a standard: if the speaker follows it)" if name in STANDARDS else name for name in listed]
    elsewhere = f" It is listed in {', '.join(names)}." if names else ""
    return (
        f"{hint}: {', '.join(sorted(lexicon))}.{parts}{elsewhere} Or place the whole wording among surveyed phrases: "
        f"{how_to_place(wording, others or {})}; or add it with its own five quantiles and a citation (a coder's entry has n = 0)"
    )

"""Prose without ids: what a record names by an id is shown by its title, so that a reader needs no list of ids."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.library.records import library, library_ids
from forecasting.report.evidence import speaker_words
from forecasting.report.formatting import sentence
from forecasting.report.names import question_name, short


def titles_of(edition: EditionDossier, numbers: Mapping[str, int], sources: Mapping[str, str]) -> dict[str, str]:
    """Return what every record of an edition is called in prose, by its id.

    ``numbers`` are those of the claims in the list of evidence, ``sources`` the names of the sources.
    """
    dossier = edition.dossier
    events = dossier.events
    effects = {
        effect.id: f"the effect of “{short(events[effect.from_].title, 6)}” on “{short(events[effect.to].title, 6)}”"
        for effect in edition.effects
        if effect.from_ in events and effect.to in events
    }
    return {
        **{name: class_name(name) for name in dossier.reference_classes},
        **{driver.id: f"“{driver.title}”" for driver in edition.drivers},
        **effects,
        **{name: f"“{event.title}”" for name, event in events.items()},
        **{name: f"“{question_name(question.title)}”" for name, question in dossier.questions.items()},
        **{name: f"“{short(claim.paraphrase)}”" for name, claim in dossier.claims.items()},
        **{name: f"claim {n}" for name, n in numbers.items()},
        **{name: f"“{one.title}”" for name, one in dossier.editions.items()},
        **sources,
    }


def class_name(name: str) -> str:
    """Return what a reference class is called: its title in the library of the package, else its id in words.

    Examples
    --------
    >>> class_name("interstate-onset-1992"), class_name("foreign-base-after-demand")
    ('State enters an interstate armed conflict, since 1992', 'foreign base after demand')
    """
    return library()[name].title if name in library_ids() else name.replace("-", " ")


def speaking(titles: Mapping[str, str]) -> Callable[[str], str]:
    """Return what writes a text as a sentence with titles for ids; an id is taken for one where it has a hyphen.

    Examples
    --------
    >>> said = speaking({"c-004": "claim 7", "basing-deal": "“The bases stay”"})
    >>> said("it speaks of basing-deal; see c-004")
    'It speaks of “The bases stay”; see claim 7.'
    """
    known = {name: title for name, title in titles.items() if "-" in name}
    if not known:
        return sentence
    pattern = re.compile(rf"(?<![\w-])(?:{_either(known)})(?![\w-])")

    def said(text: str) -> str:
        return sentence(pattern.sub(lambda match: known[match.group()], text))

    return said


def briefly_quoted(text: str, most: int = 8) -> str:
    """Return a text in which no quotation is longer than ``most`` words; a longer one ends with "…".

    Examples
    --------
    >>> briefly_quoted("“likely” or “it is likely to be over by the spring”", 5)
    '“likely” or “it is likely …”'
    """
    return re.sub("“([^”]+)”", lambda match: f"“{short(match.group(1), most)}”", text)


def repeated(texts: Iterable[str], most: int = 2) -> tuple[str, ...]:
    """Return the texts that occur more than ``most`` times, in order of appearance: they are said once, and numbered.

    Examples
    --------
    >>> repeated(["a", "b", "a", "a"])
    ('a',)
    """
    counted = Counter(text for text in texts if text)
    return tuple(text for text, n in counted.items() if n > most)


def _either(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def origin_names(edition: EditionDossier, sources: Mapping[str, str]) -> dict[str, str]:
    """Return what every origin of claims is called: its source where a source is the origin, else who is cited."""
    found: dict[str, str] = {}
    for claim in edition.claims:
        cited = sources[claim.source] if claim.speaker == "author" else speaker_words(claim)
        if claim.origin not in found or (claim.speaker != "author" and claim.origin not in sources):
            found[claim.origin] = cited
    return found | {name: title for name, title in sources.items() if name in found}

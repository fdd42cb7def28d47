"""Say what kind of claim a sentence looks like, by the steps of the codebook: the first that applies.

A quantity is a count that is the point of the sentence. A judgement weighs how likely something is: a bare "will", an ability
("can") or a plan ("is set to") weighs nothing, and "apparently" is said of the evidence. An effect says that one thing makes
another one come or stay away, a driver who has the upper hand. Everything else is a fact. It is a hint: whether an effect joins
two events of the dossier, only a person can say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from forecasting.coding.dates import Quantity

# says that something is to come, could be done or is planned, and not how likely it is
_WEIGHS_NOTHING = re.compile(
    r"(?:will|would|shall|can|could|wo|ca|sha)(?: ?not|n't)?(?: (?:also|still|yet|even|ever|\w+ly))*"
    r"(?: (?:be|have) (?:no|little|few))?|going to|\w+'ll|(?:is|are) to"
    r"|(?:set|poised|scheduled|about) to|(?:appears?|appeared|seems?|seemed) to|(?:apparent|seeming|reported|alleged)ly"
    r"|never will|no longer will",
    re.IGNORECASE,
)
_ABILITY = {"could"}  # as a past ability it weighs nothing, as a possibility it does
_AMOUNT = re.compile(
    r"\b(?:rose|risen|fell|fallen|grew|grown|shrank|increased|decreased|declined|dropped|jumped|reached"
    r"|totall?ed|amounts? to|amounted"
    r"|exports?|exported|imports?|imported|produced?s?|shipped|handled|returned|displaced|registered"
    r"|hosts|costs?|worth|accounts? for"
    r"|meets|covers|doubled|tripled|halved)\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(?:because|as a result|as a consequence|due to|thanks to|owing to|led to|leads? to|allow(?:s|ed"
    r"|ing)?|enabl(?:es|ed|ing)"
    r"|prevent(?:s|ed|ing)?|forcing|forces (?:it|him|her|them|the \w+) to|thereby"
    r"|hing(?:es|ed) on|in (?:return|exchange) for|in doing so"
    r"|mak(?:es|ing) it (?:\w+ )?(?:easier|harder|possible|impossible|likelier)|trigger(?:s|ed)|caus(?:es|ed)|spark(?:s|ed)"
    r"|paves? the way|paved the way|reason for|fuell?(?:s|ed|ing))\b",
    re.IGNORECASE,
)
_STANDING = re.compile(
    r"\b(?:leverage|dependen(?:t|ce|cy)|relian(?:t|ce)|rel(?:y|ies|ied) on|depend(?:s|ed|ing)? on"
    r"|influence|upper hand|foothold|footprint|clout|dominan(?:t|ce)"
    r"|weak(?:er|en|ens|ened|ness)|strengthen(?:s|ed|ing)?|bargaining|prestige|stock|standing|stature"
    r"|vulnerab(?:le|ility)|hostage"
    r"|balance|power to|capacity|capab(?:le|ility|ilities)|rival(?:s|ry)?|compet(?:es?|ition)|relations(?:hip)?|rapprochement"
    r"|partnership|allianc\w+|on good terms|at odds|resentment|sidelined|isolated|at the expense of|needs?|key partner)\b",
    re.IGNORECASE,
)


def weighs(wording: str) -> bool:
    """Return whether an expression weighs how likely something is.

    Examples
    --------
    >>> weighs("may"), weighs("will not"), weighs("set to"), weighs("cannot be ruled out")
    (True, False, False, True)
    """
    return wording in _ABILITY or not _WEIGHS_NOTHING.fullmatch(wording)


def names_amount(sentence: str, quantities: Iterable[Quantity]) -> bool:
    """Return whether a count with its unit is what a verb of amount says: "exports fell by 1.2 million tonnes"."""
    return any(quantity.unit for quantity in quantities) and _AMOUNT.search(sentence) is not None


def looks_like(
    sentence: str, wording: str | None, caution: str | None, families: Collection[str], quantities: Iterable[Quantity]
) -> str:
    """Return judgement, quantity, effect, driver or fact.

    Examples
    --------
    >>> looks_like("Exports fell by 1.2 million tonnes.", None, None, (), [Quantity(1.2e6, "tonnes", 16, 34)])
    'quantity'
    >>> looks_like("There will be no settlement.", "will", None, ("outlook",), ())
    'fact'
    """
    if caution or (wording and weighs(wording)):
        return "judgement"
    if not wording and names_amount(sentence, quantities):
        return "quantity"
    if _CAUSE.search(sentence):
        return "effect"
    happened = "dated event" in families or "news" in families
    return "driver" if not happened and _STANDING.search(sentence) else "fact"

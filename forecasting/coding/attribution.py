"""Say whose words a sentence gives: who is named as saying them, and whether they stand in quotation marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

_VERB = (
    r"(?:said|says|told|tells|wrote|writes|argued|argues|warned|warns|claimed|claims|insisted|insists|stressed|stresses"
    r"|denied|denies|admitted|admits|acknowledged|announced|announces|declared|declares|described|describes|explained|explains"
    r"|added|adds|noted|notes|concluded|concludes|confirmed|confirms|stated|predicted|predicts|believes|believed"
    r"|estimates|estimated|expects|expected|suggested|suggests|vowed|pledged|promised|hinted)"
)
_WORD = r"[A-Z][\w.'\u2019-]*"
_NAME = rf"(?:the )?{_WORD}(?: (?:(?:of|for|and|the|de|al|bin|van|von|el) )*{_WORD}){{0,6}}"
_NOBODY = {
    "he", "she", "it", "they", "we", "i", "you", "this", "that", "these", "those", "there", "who", "what", "but", "and", "yet",
    "the", "a", "an", "in", "as", "while", "although", "though", "another", "one", "some", "many", "others", "however", "still",
}  # fmt: skip
_SOURCES = (
    r"(?:officials|diplomats|observers|analysts|experts|sources|witnesses|residents|aides|lawmakers|economists|rebels|ministers)"
)
_AFTER = r"(?=\s*(?:[,.;]|$|(?:in|on|at|who|as|to)\b))"  # "said the Finnish envoy" names no Finnish
_PATTERNS = (
    re.compile(rf"(?i:according to) (?P<name>{_NAME}|(?i:{_SOURCES}))"),
    re.compile(rf"(?<!\w)(?P<name>{_NAME})(?:, [^,.;\u201d\"]{{3,120}},)? (?:has |have |had )?(?:\w+ly )?{_VERB}\b"),
    re.compile(rf"[,\"\u201d] {_VERB} (?P<name>{_NAME}){_AFTER}"),
    re.compile(rf"(?P<name>(?i:{_SOURCES})) (?:have |had )?(?:\w+ly )?(?:{_VERB}|say|warn|argue|believe|expect|doubt|note)\b"),
)
# a quotation; one that goes on after the sentence; one that began before it
_QUOTED = re.compile(r"[\"\u201c\u00ab]([^\"\u201d\u00bb]+)[\"\u201d\u00bb]?|^([^\"\u201c\u00ab]+)[\"\u201d\u00bb]$")
MIN_QUOTED_WORDS = 4


_TITLE = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lord|Lady|Gen|Col|Sen|Rep|Amb)\.?"
    r"|(?:Vice |Deputy |Prime |Foreign |Defence |Former )?(?:President|Premier|Minister|Chancellor|Secretary|King|Queen|General"
    r"|Colonel|Ambassador|Professor|Senator|Governor|Mayor)) "
)


def untitled(name: str) -> str:
    """Return a name without the titles before it.

    Examples
    --------
    >>> untitled("Mr Kurti"), untitled("Prime Minister Albin Kurti"), untitled("Kurti"), untitled("President")
    ('Kurti', 'Albin Kurti', 'Kurti', 'President')
    """
    while (bare := _TITLE.sub("", name)) != name:
        name = bare
    return name


@dataclass(frozen=True)
class Attribution:
    """Who a sentence says is speaking (``None``: nobody is named), and how many words it quotes at the most."""

    speaker: str | None
    n_quoted: int

    @property
    def is_quote(self) -> bool:
        """Whether at least four words in a row stand in quotation marks: a statement, not a mere name or label."""
        return self.n_quoted >= MIN_QUOTED_WORDS


def find_attribution(sentence: str) -> Attribution:
    """Return whose words a sentence gives.

    A pronoun is not resolved: "she said" names nobody, and a person must look up who "she" is.

    Examples
    --------
    >>> find_attribution("The dam may fail, said Amara Ode, an engineer.")
    Attribution(speaker='Amara Ode', n_quoted=0)
    >>> find_attribution("“We will not leave the dam,” she said.").speaker is None
    True
    """
    n_quoted = max((len(quoted[0].split() or quoted[1].split()) for quoted in _QUOTED.findall(sentence)), default=0)
    plain = re.sub(r"(?<=\w)[\"\u201d]", "", sentence) if n_quoted < MIN_QUOTED_WORDS else sentence
    for pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            name = match["name"].removeprefix("the ").rstrip(".")
            if name.split()[0].lower() not in _NOBODY:
                return Attribution(" ".join(name.split()[:8]), n_quoted)
    return Attribution(None, n_quoted)

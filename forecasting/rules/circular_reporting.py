"""Rules about reports that several sources share: one wire story has one origin, however many papers print it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import Dossier
from forecasting.rules.base import Finding, rule
from forecasting.rules.facts import direction_of

MIN_SIMILARITY = 0.5
MIN_SPAN = 25
_STEM = 6
_STOP = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has", "have", "he", "her", "his",
        "in", "into", "is", "it", "its", "of", "on", "or", "out", "she", "that", "the", "their", "them", "then", "there", "they",
        "this", "to", "up", "was", "were", "which", "while", "who", "will", "with",
    }
)  # fmt: skip


def token_similarity(one: str, other: str) -> float:
    """Return how alike two paraphrases are: the share of their words that both have.

    Words are lower-cased, common words are left out ("not" and "no" are kept), and each is cut to six letters, so that
    "soldier" meets "soldiers". With A and B the two sets,

        s = |A ∩ B| / |A ∪ B|

    Returns
    -------
    float
        Between 0 (no word in common) and 1 (the same words, in whatever order). The rule below flags 0.5 and more: of
        six different words, three are shared.

    References
    ----------
    Jaccard, P. (1912). "The distribution of the flora in the alpine zone". New Phytologist 11: the index.
    Broder, A. (1997). "On the resemblance and containment of documents": near-duplicates by sets of words.

    Examples
    --------
    >>> token_similarity("The garrison leaves the port.", "Port: the garrison leaves at night.")
    0.75
    """
    a, b = tokens(one), tokens(other)
    return len(a & b) / len(a | b) if a | b else 0.0


def tokens(text: str) -> frozenset[str]:
    """Return the words of a text in lower case, common ones left out, each cut to six letters."""
    return frozenset(word[:_STEM] for word in re.findall(r"[^\W_]+", text.casefold()) if word not in _STOP)


@rule("warning")
def claim_retold(dossier: Dossier) -> Iterator[Finding]:
    """Flag claims of different sources that tell the same story under different origins.

    A wire printed by five papers has one origin; five origins would make it five independent reports. The same: the very words
    of the text (one digest), or one target, not in opposite directions, in paraphrases that share half of their words.
    """
    superseded = {claim.supersedes for claim in dossier.claims.values()}
    live = [claim for claim in dossier.claims.values() if claim.id not in superseded]
    for i, j in sorted(_alike(live)):
        first, second = live[i], live[j]
        if first.source == second.source or first.origin == second.origin:
            continue
        opposite = first.kind == second.kind and direction_of(dossier, first) != direction_of(dossier, second)
        if how := _same_words(first, second) or ("" if opposite else _same_story(first, second)):  # a contradiction is no copy
            found = f"claim {second.id} tells what {first.id} of {first.source} tells ({how}), under another origin"
            fix = f"give them the same origin ({first.origin}) if one report is behind both"
            yield dossier.where("claim", second.id, "origin"), found, fix


def _alike(claims: Sequence[Claim]) -> set[tuple[int, int]]:
    """Return the pairs of positions of claims that share a target or their very words; no others can be copies."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for i, claim in enumerate(claims):
        for shared in (claim.anchor.sha256, *_targets(claim)):
            groups[shared].append(i)
    return {pair for group in groups.values() for pair in combinations(group, 2)}


def _same_words(first: Claim, second: Claim) -> str:
    same = first.anchor.sha256 == second.anchor.sha256 and first.anchor.end - first.anchor.start >= MIN_SPAN
    return "the same words" if same else ""


def _same_story(first: Claim, second: Claim) -> str:
    if first.moves_nothing or second.moves_nothing or not _targets(first) & _targets(second):
        return ""
    similarity = token_similarity(first.paraphrase, second.paraphrase)
    return f"{100 * similarity:.0f} % of the words of both paraphrases" if similarity >= MIN_SIMILARITY else ""


def _targets(claim: Claim) -> set[tuple[str, str]]:
    target = claim.target
    named = {("event", name) for name in target.event or ()} | {("effect", name) for name in target.effect or ()}
    return named | ({("driver", target.driver)} if target.driver else set())

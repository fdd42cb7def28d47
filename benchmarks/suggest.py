"""Measure `forecast suggest` against the claims that people coded: recall, precision, and what proposing everything gives.

    python -m benchmarks.suggest ../shared/sources

Articles are found by their fingerprints. Wordings that coders put into a lexicon because an article of the dossier uses them
(their citation begins with "Coder") are not handed to the program: they would tell it the answer.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sentencex import segment

from forecasting.coding.bearing import event_words
from forecasting.coding.sentences import split_sentences
from forecasting.coding.suggest import suggest_claims
from forecasting.coding.texts.read import read_article
from forecasting.dossier.anchors import digest
from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import Dossier
from forecasting.rules.load import load_dossier

Span = tuple[int, int]


@dataclass(frozen=True)
class Figures:
    """How many spans were proposed, the share of coded claims found, and the share of spans that meet a coded claim."""

    n: int
    recall: float
    precision: float

    def __str__(self) -> str:
        return f"{self.n:>4} proposed, recall {self.recall:.2f}, precision {self.precision:.2f}"


def figures(spans: Iterable[Span], claims: Iterable[Claim]) -> Figures:
    """Return recall and precision of some spans: a claim is found if a span overlaps its anchor."""
    spans, anchors = list(spans), [(claim.anchor.start, claim.anchor.end) for claim in claims]
    found = sum(any(meet(span, anchor) for span in spans) for anchor in anchors)
    right = sum(any(meet(span, anchor) for anchor in anchors) for span in spans)
    return Figures(len(spans), found / len(anchors), right / len(spans))


def meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def every_piece(text: str) -> list[Span]:
    """Return every piece of a text that a sentence splitter alone would hand out, headlines and menus included."""
    spans, start = [], 0
    for line in text.split("\n"):
        at = start
        for piece in segment("en", line):
            spans += [(at, at + len(piece))] if piece.strip() else []
            at += len(piece)
        start += len(line) + 1
    return spans


def survey_lexicons(dossier: Dossier) -> Mapping[str, list[str]]:
    """Return the lexicons without the wordings that coders took from the dossier's own articles."""
    return {
        name: [words for words, entry in table.items() if not entry.citation.startswith("Coder")]
        for name, table in dossier.lexicons.items()
    }


def articles(dossier: Dossier, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the sources of a dossier whose texts lie in a folder, with the text."""
    by_print = {digest(text): text for text in (read_article(path, path.name) for path in sorted(folder.glob("*.txt")))}
    for source in dossier.sources.values():
        if source.text_sha256 in by_print:
            yield source.id, by_print[source.text_sha256]


def measure(dossier: Dossier, source: str, text: str) -> dict[str, Figures]:
    """Return the figures of one article: the proposals, the best 10 and 20 of them, and two baselines."""
    claims = [claim for claim in dossier.claims.values() if claim.source == source]
    found = [(p.anchor.start, p.anchor.end) for p in suggest_claims(text, survey_lexicons(dossier))]
    rows = {"proposals": found, "the best 20": found[:20], "the best 10": found[:10]}
    known = suggest_claims(text, dossier.lexicons, events=event_words(dossier.events.values()))
    rows["proposals, knowing the lexicons and events coded"] = [(p.anchor.start, p.anchor.end) for p in known]
    rows["every sentence, headlines and menus left out"] = [(s.start, s.end) for s in split_sentences(text)]
    rows["every piece a splitter hands out"] = every_piece(text)
    return {name: figures(spans, claims) for name, spans in rows.items()}


def main(folder: Path) -> None:
    """Print one table per article."""
    dossier = load_dossier("priors")
    if not folder.is_dir() or not dict(articles(dossier, folder)):
        sys.exit(f"no article of the dossier lies in {folder}; name the folder that holds them")
    for source, text in articles(dossier, folder):
        for name, row in measure(dossier, source, text).items():
            print(f"{source:<18}{name:<50}{row}")
        start = time.perf_counter()
        suggest_claims(text, survey_lexicons(dossier))
        print(f"{source:<18}{time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/sources"))

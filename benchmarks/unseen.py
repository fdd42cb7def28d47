"""Texts about other regions that were coded before any rule of `forecast suggest` was run on them: what it finds there.

    python -m benchmarks.unseen FOLDER

A coding holds places and kinds and no sentence; the text is found in the folder by its fingerprint. What came out the first time
stands in the coding (``measured``) and is what the documentation shows: rules are never changed for these texts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.suggest import Figures, Span, meet, survey_lexicons
from forecasting.coding.sentences import split_sentences
from forecasting.coding.suggest import Proposal, suggest_claims
from forecasting.coding.texts.read import read_article
from forecasting.dossier.anchors import digest
from forecasting.dossier.edition import Dossier
from forecasting.rules.load import load_dossier

CODINGS = Path(__file__).parent / "codings"


@dataclass(frozen=True)
class Coding:
    """A text that was coded: which, where it can be read, and the places and kinds of what is worth recording in it."""

    text: str
    address: str
    region: str
    sha256: str
    length: int
    claims: tuple[dict[str, Any], ...]
    measured: dict[str, Any]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where its claims stand."""
        return tuple((claim["start"], claim["end"]) for claim in self.claims)


def codings() -> Iterator[Coding]:
    """Yield every coding of `CODINGS`."""
    for path in sorted(CODINGS.glob("*.yaml")):
        record = yaml.safe_load(path.read_text("utf-8"))
        yield Coding(**{**record, "claims": tuple(record["claims"]), "measured": record.get("measured", {})})


def found_of(spans: list[Span], anchors: tuple[Span, ...]) -> Figures:
    """Return recall and precision of some spans."""
    found = sum(any(meet(span, anchor) for span in spans) for anchor in anchors)
    right = sum(any(meet(span, anchor) for anchor in anchors) for span in spans)
    return Figures(len(spans), found / len(anchors), right / len(spans))


def kinds_right(proposals: tuple[Proposal, ...], claims: tuple[dict[str, Any], ...]) -> tuple[int, int]:
    """Return of how many proposals that meet a claim the kind is that of one of them, and of how many in all."""
    kinds = [
        (p.kind, {c["kind"] for c in claims if meet((p.anchor.start, p.anchor.end), (c["start"], c["end"]))}) for p in proposals
    ]
    return sum(kind in coded for kind, coded in kinds), sum(bool(coded) for _, coded in kinds)


def measure(dossier: Dossier, coding: Coding, text: str) -> dict[str, Any]:
    """Return the figures of one text, as they stand in a coding."""
    proposals = suggest_claims(text, survey_lexicons(dossier))
    found = found_of([(p.anchor.start, p.anchor.end) for p in proposals], coding.spans)
    every = found_of([(s.start, s.end) for s in split_sentences(text)], coding.spans)
    right, n = kinds_right(proposals, coding.claims)
    return {
        "proposals": found.n, "recall": round(found.recall, 2), "precision": round(found.precision, 2),
        "sentences": every.n, "precision_of_every_sentence": round(every.precision, 2), "kinds": f"{right} of {n}",
    }  # fmt: skip


def main(folder: Path) -> None:
    """Print what is found now in the texts of a folder, beside what was found the first time."""
    dossier = load_dossier("priors")
    texts = {digest(text): text for text in (read_article(path, path.name) for path in sorted(folder.glob("*.*")))}
    for coding in codings():
        text = texts.get(coding.sha256)
        print(coding.text)
        print(f"  first {coding.measured}")
        print(f"  now   {measure(dossier, coding, text) if text else 'its text is not in the folder: ' + coding.address}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/sources"))

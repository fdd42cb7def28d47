"""The table of what `forecast suggest` finds, in ``docs/articles.md``: ``python -m tools.docs.suggest [FOLDER OF THE ARTICLES]``.

The figures of the dossier's articles are computed from their texts; those of unseen texts are what came out the first time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.suggest import articles, measure, survey_lexicons
from benchmarks.unseen import codings, kinds_right
from forecasting.coding.suggest import suggest_claims
from forecasting.dossier.edition import Dossier
from forecasting.dossier.load import read_dossier

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "articles.md"
MARKED = re.compile(r"(<!-- found -->\n).*?(<!-- end of found -->)", re.DOTALL)
HEAD = (
    "| text | rules written with it in view | coded claims | proposed | recall | precision | precision of every sentence "
    "| kind right |"
)


def rows(dossier: Dossier, texts: Mapping[str, str]) -> list[str]:
    """Return the rows of the dossier's articles, then those of unseen texts."""
    lines = []
    for source, text in texts.items():
        record, found = dossier.sources[source], measure(dossier, source, text)
        claims = tuple(
            {"start": c.anchor.start, "end": c.anchor.end, "kind": c.kind} for c in dossier.claims.values() if c.source == source
        )
        right, n = kinds_right(suggest_claims(text, survey_lexicons(dossier)), claims)
        every, ours = found["every sentence, headlines and menus left out"], found["proposals"]
        figures = f"{len(claims)} | {ours.n} | {ours.recall:.2f} | {ours.precision:.2f} | {every.precision:.2f} | {right} of {n}"
        lines.append(f"| {record.publisher}, {record.published_on} | yes | {figures} |")
    for coding in codings():
        seen = coding.measured
        shares = " | ".join(f"{seen[name]:.2f}" for name in ("recall", "precision", "precision_of_every_sentence"))
        figures = f"{seen['proposals']} | {shares}"
        lines.append(f"| {coding.text} ({coding.region}) | no | {len(coding.claims)} | {figures} | {seen['kinds']} |")
    return lines


def page(dossier: Dossier, texts: Mapping[str, str]) -> str:
    """Return the page with its table computed anew."""
    table = "\n".join([HEAD, f"|{' --- |' * 8}", *rows(dossier, texts)]) + "\n"
    return MARKED.sub(lambda marks: marks.group(1) + table + marks.group(2), PAGE.read_text("utf-8"))


if __name__ == "__main__":
    read = read_dossier(PROJECT / "priors")[0]
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT.parent / "shared" / "sources"
    PAGE.write_text(page(read, dict(articles(read, folder))), "utf-8")

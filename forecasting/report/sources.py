"""What sources are called where they are not described: publisher and year."""

from __future__ import annotations

from forecasting.dossier.edition import EditionDossier
from forecasting.report.names import short


def source_names(edition: EditionDossier) -> dict[str, str]:
    """Return the name of every source of a dossier: publisher and year, with a letter where two would be the same."""
    wanted = {
        name: f"{_publisher(source.publisher)} {source.published_on.year}"
        for name, source in sorted(edition.dossier.sources.items())
    }
    names: dict[str, str] = {}
    for name, title in wanted.items():
        same = [other for other, one in wanted.items() if one == title]
        names[name] = title if len(same) == 1 else f"{title}{chr(ord('a') + same.index(name) % 26)}"
    return names


def _publisher(text: str) -> str:
    """Return a publisher in a few words: its first name, or where that is long the last, without what stands in brackets."""
    first, last = text.split(",")[0], text.split(",")[-1].split(" (")[0]
    return short((first if len(first.split()) <= 3 else last).strip(), 4)


def source_keys(edition: EditionDossier) -> dict[str, str]:
    """Return the key of each source of an edition, for use beside paragraphs: S1, S2, in the order of the edition."""
    return {name: f"S{i}" for i, name in enumerate(edition.edition.sources, start=1)}

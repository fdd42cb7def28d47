"""What sources are called where they are not described: publisher and year."""

from __future__ import annotations

from forecasting.dossier.edition import EditionDossier
from forecasting.report.names import short


def source_names(edition: EditionDossier) -> dict[str, str]:
    """Return the name of every source of a dossier: publisher and year, with a letter where two would be the same."""
    wanted = {
        name: f"{short(source.publisher.split(',')[-1].split(' (')[0].strip(), 4)} {source.published_on.year}"
        if len(source.publisher.split(",")[0].split()) > 3
        else f"{short(source.publisher.split(',')[0].strip(), 4)} {source.published_on.year}"
        for name, source in sorted(edition.dossier.sources.items())
    }
    names: dict[str, str] = {}
    for name, title in wanted.items():
        same = [other for other, one in wanted.items() if one == title]
        names[name] = title if len(same) == 1 else f"{title}{chr(ord('a') + same.index(name) % 26)}"
    return names


def source_keys(edition: EditionDossier) -> dict[str, str]:
    """Return the key of each source of an edition, for use beside paragraphs: S1, S2, in the order of the edition."""
    return {name: f"S{i}" for i, name in enumerate(edition.edition.sources, start=1)}

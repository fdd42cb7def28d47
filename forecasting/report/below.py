"""Everything of a report below its first page: each claim, event and class described once, and named elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from forecasting.dossier.edition import EditionDossier
from forecasting.forecasts import Forecast
from forecasting.report.articles import Article, articles_of, drawn_events
from forecasting.report.claim_entries import Evidence, evidence_of
from forecasting.report.class_entries import ClassEntry, class_entries
from forecasting.report.compared import Compared, compared_in
from forecasting.report.event_entries import EventEntry, Pressure, contract_texts, event_entries, pressures_of
from forecasting.report.families import Family, families
from forecasting.report.further import FurtherSection, further_sections
from forecasting.report.matrix import matrix_of
from forecasting.report.robust import LoneLine, RobustLine, lone_lines, robust_lines
from forecasting.report.said import origin_names, repeated, speaking, titles_of
from forecasting.report.sources import source_keys, source_names
from forecasting.runs.store import Run


@dataclass(frozen=True)
class Below:
    """What the sections below page one show; ``said`` writes a text of a record as a sentence with titles for ids."""

    families: tuple[Family, ...]
    articles: tuple[Article, ...]
    further: tuple[FurtherSection, ...]
    robust: tuple[RobustLine, ...]
    lone: tuple[LoneLine, ...]
    evidence: Evidence
    events: tuple[EventEntry, ...]
    classes: tuple[ClassEntry, ...]
    sources: dict[str, str]
    origins: dict[str, str]
    pressures: tuple[Pressure, ...]
    notes: tuple[str, ...]
    said: Callable[[str], str]

    def once(self, text: str) -> str:
        """Return a text of a contract as a sentence, or the number of the note that says it for several events."""
        return f"(note {self.notes.index(text) + 1})" if text in self.notes else self.said(text)


def below_of(
    run: Run, edition: EditionDossier, forecasts: tuple[Forecast, ...], compare: Compared | None = None
) -> Below:
    """Return everything below page one, in the order in which it is shown: the most important first (`families`)."""
    groups, sources = families(edition, forecasts), source_names(edition)
    compared = compare or compared_in(run, edition)
    evidence = evidence_of(run, edition, keys := source_keys(edition))
    claims = evidence.of
    articles = tuple(
        replace(article, matrix=matrix_of(run, article.family, claims))
        for article in articles_of(run, edition, groups, claims, compared)
    )
    order: dict[str, int] = {}
    for i, article in enumerate(articles):
        for name in article.family.questions[-1].events():
            order.setdefault(name, i)
    origins = origin_names(edition, sources)
    described = event_entries(run, edition, order, drawn_events(run, edition, groups))
    numbers = {name: entry.number for name, entry in claims.items()}
    return Below(
        families=groups,
        articles=articles,
        further=further_sections(run, edition, groups, claims),
        robust=robust_lines(run, articles, claims, origins),
        lone=lone_lines(run, articles, claims),
        evidence=evidence,
        events=described,
        classes=class_entries(edition),
        sources={name: f"{key}: {sources[name]}" for name, key in keys.items()},
        origins=origins,
        pressures=pressures_of(edition),
        notes=repeated(text for entry in described for text in contract_texts(entry)),
        said=speaking(titles_of(edition, numbers, sources)),
    )

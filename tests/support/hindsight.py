"""Look for words of later events in what an edition says: years after its as-of date, and names that meant nothing then."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from forecasting.dossier.edition import EditionDossier

# what a text may not name before the day on which it could be known; derived from the dossier's own history and case lists
LATER = {
    "2020-12-11": ("Hadrut",),
    "2021-06-15": ("Shusha Declaration",),
    "2021-06-20": ("snap election",),
    "2022-02-24": ("war in Ukraine", "full-scale invasion", "Zaporizhzhia front", "Mariupol"),
    "2022-07-22": ("grain deal", "Black Sea initiative"),
    "2022-09-13": ("Jermuk",),
    "2022-12-12": ("blockade of the Lachin", "Lachin corridor blocked"),
    "2023-09-19": ("one-day offensive", "exodus of", "turned away"),
    "2024-04-19": ("Tavush",),
    "2024-09-11": ("on which the text rests",),
    "2024-11-27": ("overthrow of Assad", "Assad's fall", "Assad fell", "fall of Assad", "after Assad"),
    "2025-01-20": ("Witkoff",),
    "2025-03-10": ("Mazloum", "agreement of 10 March"),
    "2025-08-08": ("Trump Route", "TRIPP"),
    "2026-01-18": ("al-Shaddadi", "Deir Hafer"),
}
# where a record was got from, which is not what it says
NOT_SAID = {"reconstructed", "as_of_how", "retrieved_on", "published_how", "source", "id", "citation"}
YEAR = re.compile(r"(?<![\d-])(20[0-9]{2})(?![\d])")


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a record with the field that it stands in."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name not in NOT_SAID:
                yield from texts(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from texts(item, path)


def records(edition: EditionDossier) -> Iterator[tuple[str, str, Any]]:
    """Yield kind, id and record of everything that an edition says."""
    dossier = edition.dossier
    yield "edition", edition.edition.id, edition.edition
    for kind, own in (("question", edition.questions), ("event", edition.events), ("effect", edition.effects),
                      ("driver", edition.drivers), ("claim", edition.claims)):  # fmt: skip
        yield from ((kind, record.id, record) for record in own)
    named = {name for event in edition.events for name in (event.reference_class, *event.rivals)}
    named |= {relative.id for name in named for relative in dossier.relatives(name)}
    for name in sorted(named):
        row = dossier.reference_classes[name]
        yield "class", name, row
        for case in dossier.cases.get(name, ()):
            if case.started_on and case.started_on < row.counted_until:
                yield "case", f"{name}: {case.case}", case.model_copy(update={"note": ""})
    yield from (("history", f"{row.on} {row.event}", row) for row in edition.history)


def hindsight(edition: EditionDossier, planned: dict[str, str]) -> list[str]:
    """Return every word of a later time that an edition's records hold, in a line each.

    Years after the as-of date may stand in a question that has its deadline in one of them, and where ``planned`` says that
    they had been fixed by then: "kind id year" with the reason.
    """
    as_of, found = edition.as_of, []
    deadlines = {str(question.deadline.year) for question in edition.questions}
    for kind, name, record in records(edition):
        for field, text in texts(record):
            asked = deadlines if kind in ("edition", "question") else set()
            late = {year for year in YEAR.findall(text) if int(year) > as_of.year and year not in asked}
            keys = {year: (f"{kind} {name} {year}", f"{edition.edition.id} {kind} {name} {year}") for year in late}
            late = {year for year in late if not planned.keys() & set(keys[year])}
            names = [name for day, some in LATER.items() if dt.date.fromisoformat(day) > as_of for name in some]
            late |= {word for word in names if word.lower() in text.lower()}
            found += [f"{edition.edition.id}: {kind} {name}, {field}: {what}" for what in sorted(late)]
    return found

"""Find what a sentence says to have happened on a day: a full date, and a verb in the past tense."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from forecasting.coding.cues import Cue
from forecasting.coding.dates import find_dates

# the irregular verbs of English whose preterite is not their base form, and the words in -ed that are no verbs
_IRREGULAR = r"""
was|were|had|did|became|began|bent|bought|broke|brought|built|caught|came|chose|clung|crept|dealt|drew|drove|ate|fell
|fed|felt|fought|found|fled|flew|forgot|froze|gave|went|grew|held|heard|hid|kept|knew|laid|lay|led|left|lent|lost|made|meant
|met|overcame|overthrew|paid|ran|rose|said|sank|sat|saw|sent|sold|sought|shook|shot|shrank|spoke|spent|split|sprang|stood
|stole|struck|swore|swept|swung|taught|told|thought|threw|took|tore|undertook|understood|went|withdrew|won|woke|wore|wrote
|cut|hit|put|set|shut|quit
"""
_NO_VERBS = "need|indeed|hundred|red|bed|feed|seed|speed|breed|greed|creed|deed|weed|embed|proceed|exceed|succeed|bleed|sacred"
# "cut", "hit" and their kin are both tenses; with a date in the past they are read as the past
_PAST = re.compile(rf"(?<![\w-])(?:{''.join(_IRREGULAR.split())}|(?!(?:{_NO_VERBS})\b)[a-z]{{2,}}ed)(?![\w-])")
_TO = re.compile(r"(?:\bto|\bwill|\bwould|\bmay|\bmight|\bcan|\bcould|\bshall|\bshould|\bmust|\bbe|\bhave) (?:\w+ly )?$")


def find_dated_events(text: str, published_on: dt.date | None = None) -> Iterator[Cue]:
    """Yield the first past-tense verb of a sentence that names a full date, as a cue of the family "dated event".

    Parameters
    ----------
    text : str
        A sentence.
    published_on : date, optional
        The day the text appeared; it makes "yesterday" a full date, and a later day none that lies in the past.

    References
    ----------
    Quirk, R., Greenbaum, S., Leech, G., Svartvik, J. (1985). *A Comprehensive Grammar of the English Language*. Longman:
    3.12-20 on irregular verbs.

    Examples
    --------
    >>> [cue.words for cue in find_dated_events("On 2 February 2025, parliament amended the constitution.")]
    ['amended']
    >>> list(find_dated_events("The lease is to be signed on 2 February 2025.")), list(find_dated_events("It fell in 1974."))
    ([], [])
    """
    days = [found for found in find_dates(text, published_on) if found.iso and len(found.iso) == len("2025-02-02")]
    if published_on:
        days = [found for found in days if dt.date.fromisoformat(found.iso or "") <= published_on]
    for match in _PAST.finditer(text) if days else ():
        if not _TO.search(text, 0, match.start()):
            yield Cue("dated event", match.start(), match.end(), match.group())
            return

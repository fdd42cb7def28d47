"""Find news in a sentence: a verb of political action in the past tense or the perfect, of something that is not long past.

The verbs are those of the ontology in which event data are coded, by its categories from agreement to assault. Meetings,
visits and statements are left out: a sentence that only says that somebody met or said something is found by its report or by
its date.

References
----------
Schrodt, P. (2012). *CAMEO: Conflict and Mediation Event Observations, Event and Actor Codebook*, version 1.1b3, and its
successor: Halterman, A., Bagozzi, B., Beger, A., Schrodt, P., Scarborough, G. (2023). *PLOVER and POLECAT: A New Political Event
Ontology and Dataset*: the categories of action.
Quirk, R., Greenbaum, S., Leech, G., Svartvik, J. (1985). *A Comprehensive Grammar of the English Language*: 4.11-22 on the
preterite and the perfect.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from forecasting.coding.cues import Cue

# preterite or participle of the verbs of each category; the base form is only what a future or an infinitive has
_ACTIONS = r"""
agreed to|signed|initialled|ratified|approved|adopted|accepted|concluded|joined|acceded|reconciled|normali[sz]ed|recogni[sz]ed
|backed|supported|endorsed|supplied|equipped|aided|funded|financed|lent|loaned|donated|sent|dispatched|shipped
|delivered|sold|bought|hosted|sheltered
|brokered|mediated|conceded|yielded|ceded|handed over|returned|released|freed|exchanged|lifted|eased|resumed|reopened|opened
|withdrew|withdrawn|pulled (?:out|back)|retreated|evacuated|vacated|surrendered|capitulated|disarmed|demobili[sz]ed|disengaged
|rejected|vetoed|boycotted|broke off|broken off|suspended|frozen|froze|cancel(?:l)?ed|annulled|abandoned|quit|expelled|recalled
|ordered|decreed|conscripted|drafted|called up|rehearsed|drilled|paraded
|threatened|deployed|mobili[sz]ed|massed|moved|redeployed|reinforced|fortified|dug in|closed|shut|blocked|blockaded|besieged
|encircled|cut off|imposed|banned|sanctioned|seized|confiscated|nationali[sz]ed|arrested|detained|jailed|sentenced|exiled
|deported|dismissed|sacked|fired|ousted|overthrew|overthrown|toppled|deposed|impeached|resigned|stepped down|fled|took over
|taken over|took (?:control|power|office)|taken (?:control|power|office)|seized power|elected|re-elected|appointed|installed
|protested|rallied|rioted|stormed|rebelled|mutinied|defected|clashed|skirmished|brawled|fought|attacked|raided|ambushed
|bombed|bombarded|shelled|struck|launched|shot down|shot dead|downed|sank|sunk|killed|wounded|kidnapped|abducted|assassinated
|crossed|entered|invaded|advanced|captured|recaptured|retook|retaken|overran|overrun|occupied|annexed|conquered|drove out
|driven out|repelled|halted|stopped|headed off|repulsed|collapsed|fell apart|fallen apart|fell to|broke down|broken down|broke out
|broken out|erupted|expired|completed|built|began|begun|ended|extended|renewed|changed hands|displaced|devalued|defaulted
"""
_NEWS = re.compile(rf"(?<![\w-])(?:{_ACTIONS.replace(chr(10), '')})(?![\w-])", re.IGNORECASE)
# what makes a participle no past: something that may come, or an adjective before a noun
_NOT_PAST = re.compile(
    r"\b(?:to|will|would|may|might|can|could|shall|should|must|cannot|not) (?:\w+ly )?(?:be |have (?:been )?|get )?(?:\w+ly )?$"
    r"|\b(?:is|are|be|being|'s|'re) (?:\w+ly )?$|\b(?:a|an|the|any|every|its|their|his|her|our|more|most|few|some) (?:\w+ly )?$",
    re.IGNORECASE,
)
# what says that it is long past, or an earlier case of its kind
_LONG_PAST = re.compile(
    r"\b(?:once|long ago|formerly|centur(?:y|ies)|decades? (?:ago|earlier|before)|generations?|used to|the (?:[a-z]+ties|[0-9]0s)"
    r"|(?:last|previous|earlier|first) such|years (?:ago|earlier|before)|predecessors?|ancient|medieval|colonial(?:-| )era"
    r"|as a (?:young|child|boy|girl|student))\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\w.,/-])(1[5-9][0-9]{2}|20[0-9]{2})s?(?![\w/-])")
MAX_YEARS = 1  # the codebook's twelve months, in whole years because most sentences name no day


def newest_year(text: str, published_on: dt.date | None = None) -> int | None:
    """Return the year that "long past" is counted from: that of publication, or else the newest one that the text names."""
    if published_on:
        return published_on.year
    years = [int(match[1]) for match in _YEAR.finditer(text)]
    return max(years, default=None)


def find_news(text: str, year: int | None = None) -> Iterator[Cue]:
    """Yield the first verb of political action in the past of a sentence, as a cue of the family "news".

    A sentence is passed over if it names a year more than one before ``year`` and none that is later, or says otherwise that it
    tells of a time long past: that is history, which the codebook leaves to base rates.

    Parameters
    ----------
    text : str
        A sentence.
    year : int, optional
        The year of the article (`newest_year`).

    Examples
    --------
    >>> [cue.words for cue in find_news("Belmar mobilised two brigades and moved them to the Tarn.")]
    ['mobilised']
    >>> list(find_news("Belmar will be mobilised.")), list(find_news("In 1974 two navies fought.", 2024))
    ([], [])
    """
    years = [int(match[1]) for match in _YEAR.finditer(text)]
    if _LONG_PAST.search(text) or (years and year is not None and max(years) < year - MAX_YEARS):
        return
    for match in _NEWS.finditer(text):
        if not _NOT_PAST.search(text, 0, match.start()):
            yield Cue("news", match.start(), match.end(), match.group())
            return

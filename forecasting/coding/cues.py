"""The wordings by which English shows a claim: hedges, negations, conditions, outlooks, reports, states and pressures.

Each family is a list of patterns with a weight. None names a place, a person or a conflict: a family that was fitted to
one article would find nothing in the next. Patterns are matched without regard to case and as whole words.

References
----------
Hyland, K. (1998). *Hedging in Scientific Research Articles*. John Benjamins: modals, epistemic verbs, approximators.
Szarvas, G., Vincze, V., Farkas, R., Csirik, J. (2008). "The BioScope corpus": cues of speculation and of negation.
Saurí, R., Pustejovsky, J. (2009). "FactBank": reporting verbs and the factuality of what they introduce.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

# What each family adds to the score of a sentence, once, however many of its wordings stand there.
WEIGHTS = {
    "hedge": 3,
    "outlook": 3,
    "dated event": 3,
    "news": 3,
    "condition": 2,
    "report": 2,
    "change": 2,
    "amount": 2,
    "state": 1,
    "pressure": 1,
    "event": 1,
    "negation": 1,
    "approximation": 1,
    "date": 1,
    "number": 1,
}
_HEDGES = r"""
(?-i:may)|might|could|would(?! (?:\w+ly )?have been)|should|ought to|must|can(?: not|not|'t)?|perhaps|possibly
|probably|presumably|maybe|arguably|conceivabl[ey]|potential(?:ly)?|prospective(?:ly)?|likely|unlikely|likelier|likeliest|likelihood
|probab(?:le|ility)|improbabl[ey]|possib(?:le|ility|ilities)|impossibl[ey]|uncertain(?:ty|ly)?|certain to
|certainly|unclear|unknown|undoubtedly|doubtful|doubts?|beyond (?:doubt|question)|in doubt|apparent(?:ly)?
|seeming(?:ly)?|appear(?:s|ed)? to|seem(?:s|ed)?|look(?:s|ed)? (?:set|likely|like)|suggest(?:s|ed|ing)?
|indicat(?:es|ed|ing)|impl(?:y|ies|ied)|signal(?:s|led|ed|ling|ing)?|reported(?:ly)?|alleged(?:ly)?
|purported(?:ly)?|supposed(?:ly)?|rumou?red|believ(?:e|es|ed)|thinks?|thought to
|expect(?:s|ed|ing|ation|ations)?|anticipat(?:e|es|ed)|assum(?:e|es|ed|ption)|estimat(?:e|es|ed)
|predict(?:s|ed|ion)?|forecasts?|speculat(?:e|es|ed|ion|ive)|suspect(?:s|ed)?|hop(?:e|es|ed|ing)|fear(?:s|ed)?
|chances?|odds|prospects?|risks?|danger of|tend(?:s|ed)? to|in theory|in principle|on balance|no doubt
|without doubt|bound to|seen (?:by \w+ )?as|is regarded as|are regarded as|clear(?:ly)? that|credible
|plausibl[ey]|far from (?:certain|clear)|remains? to be seen
"""
_OUTLOOK = r"""
will|won't|\w+'ll|shall|going to
|(?:is|are|was|were) (?:set|due|about|poised|slated|scheduled|likely|expected|ready) to|(?:is|are) to
|plan(?:s|ned|ning)? to|intend(?:s|ed)? to|aim(?:s|ed)? to|vow(?:s|ed)?|pledg(?:e|es|ed)|promis(?:e|es|ed)
|threaten(?:s|ed|ing)? to|seek(?:s|ing)? to|prepar(?:e|es|ed|ing) to|soon|imminent(?:ly)?|upcoming|forthcoming
|eventual(?:ly)?|in the (?:coming|next) \w+|next (?:week|month|year|spring|summer|autumn|winter|decade)
|by (?:19|20)[0-9]{2}|expir(?:e|es|ing|y)|deadline|renewable|(?:days|weeks|months|years) away|for now
|for the time being|yet to|in sight|long[- ]term|short[- ]term
"""
_CONDITIONS = r"""
if|unless|as long as|so long as|provided (?:that)?|providing that|on condition(?: that)?|in case|in the event
|otherwise|or else|only when|without|except|depend(?:s|ed|ing) (?:up)?on|contingent on|subject to|whether
|even if|even though|though|although|despite|instead of|because of|as a result
|in (?:return|exchange) for|in order to|thereby|therefore|meaning|making it|forc(?:ed|ing)|allow(?:s|ed|ing)?
|enabl(?:e|es|ed|ing)|prevent(?:s|ed|ing)?|in doing so
"""
_REPORTS = r"""
according to|(?<!that )said|says?|saying|told|tells|writ(?:es|ing)|wrote|argu(?:e|es|ed)|warn(?:s|ed|ing)?
|claim(?:s|ed|ing)?|insist(?:s|ed|ing)?|stress(?:es|ed)|den(?:y|ies|ied)|admit(?:s|ted)|acknowledg(?:e|es|ed)
|announc(?:e|es|ed|ing)|declar(?:e|es|ed|ing)|describ(?:es|ed)|explain(?:s|ed)|add(?:s|ed) that
|not(?:es|ed) that|concluded|confirm(?:s|ed)|accus(?:es|ed|ing)|stat(?:es|ed) that|cited?|quoted|in a statement
|reports? that|asked|calls? (?:for|on)|call(?:ed|ing) (?:for|on)|urg(?:es|ed|ing)|demand(?:s|ed|ing)?
"""
_PARTICIPLES = r"""
been|become|begun|broken|brought|built|bought|caught|chosen|come|cut|done|drawn|driven|fallen|fled|fought|found
|frozen|gained|given|gone|grown|had|held|hit|kept|known|laid|led|left|lost|made|met|paid|pulled|put|risen|run
|said|seen|sent|set|shot|shown|shrunk|shut|spent|stood|struck|sunk|sworn|swept|taken|thrown|told|torn|turned
|undergone|withdrawn|won|worn|written|\w{2,}ed
"""
_CHANGE = rf"""
(?:has|have|'ve)(?: \w+ly| \w+| not){{0,2}} (?:{_PARTICIPLES})
|(?:is|are|was|were)(?: \w+ly)? \w{{3,}}ing|now|already|increasingly|no longer|no more|more and more|less and less
|shift(?:s|ed|ing)?|continue[sd]? to|freez(?:e|es|ing)
"""
_STATE = r"""
still|remain(?:s|ed|ing)?|so far|as yet|yet|currently|today|at present|ever since|at stake|is|are|has|have
|maintains?|keeps?|holds?|views?|controls?|wants?|needs?|faces?|puts?|giv(?:es|ing)|mak(?:es|ing)|expands?
|reflects?|(?:sees?|saw|finds?|found|(?:has|have|had) (?:seen|found)|detects?|observes?) no(?: \w+)? \w+
"""
_PRESSURE = r"""
leverage|dependen(?:t|ce|cy)|rel(?:y|ies|ied|iance|iant)|pressur(?:e|es|ed|ing)|influence|upper hand|foothold
|footprint|hostage|vulnerab(?:le|ility)|susceptib(?:le|ility)|dominan(?:ce|t)|deterr?(?:s|ed|ent|ence|ing)?
|concessions?|stakes?|interests?|weak(?:er|en|ens|ened|ness)?|strong(?:er)?|strengthen(?:s|ed|ing)?
|power(?:s|ful)?|capacit(?:y|ies)|capab(?:le|ility|ilities)|declin(?:e|es|ed|ing)|rival(?:s|ry)?
|compet(?:e|es|ition|itors?)|challeng(?:e|es|ed|ers?|ing)|alli(?:es|ed|ance)|ally|back(?:ed|ing|s)
|support(?:s|ed|ing)?|tensions?|hostil(?:e|ity)|friction|grip|setback|gains?|success(?:es)?|victor(?:y|ies)
|failure|cris[ei]s|threat(?:s|en|ens|ened)?|disappoint(?:s|ed|ing|ment)|presence|balance|stable|stability
|instability|popular(?:ity)?|trust|role|clout|priorit(?:y|ies)|key|vital|crucial|core|central
"""
_EVENTS = r"""
cease-?fires?|truces?|armistice|peace(?:keep(?:er|ers|ing))?|deals?|agreements?|accords?|treat(?:y|ies)|pacts?
|contracts?|talks|negotiat(?:e|ed|ing|ions?|ors?)|mediat(?:e|ed|ion|or|ors)|summits?|elections?
|vot(?:e|es|ed|ing)|referendum|poll|coups?|protest(?:s|ed|ers)?|demonstrat(?:ions?|ors)|riots?|crowds|opposition
|resign(?:s|ed|ation|ing)?|overthr(?:ow|ew|own)|toppl(?:e|ed|ing)|oust(?:ed|er)?|regime|sanctions?
|embargo(?:es)?|tariffs?|blockades?|troops|forces|soldiers|militar(?:y|ily)|arm(?:y|ed|s)|fleet|navy
|air ?strikes?|missiles?|drones?|jets?|helicopters?|weapons?|bases?|garrison|deploy(?:s|ed|ing|ment)?
|mobili[sz]ation|conscription|withdr(?:aw|ew|awn|awal|awing)|pull(?:s|ed|ing)? (?:out|back)|invasion|invad(?:e|ed|ing)
|interven(?:e|ed|tion|ing)|offensives?|attack(?:s|ed|ing)?|assault|strikes?|shell(?:ed|ing)|shot down
|captur(?:e|ed)|seiz(?:e|ed|ure)|occup(?:y|ied|ation)|annex(?:ed|ation)|wars?|conflicts?|fighting|battles?
|insurgen(?:ts?|cy)|rebels?|militias?|hostages?|prisoners?|refugees?|border|territor(?:y|ial)|sovereignty
|pipelines?|gas|oil|grain|exports?|imports?|default|devalu\w+|bailout|loans?|budget|inflation|reconstruction
|normali[sz]\w+|recogni[sz]\w+|membership|join(?:s|ed|ing)?|exit|suspend(?:s|ed)?|collaps(?:e|ed)
|brok(?:e|er|ers|ered)|extradit\w+|arrest(?:s|ed)?|sentenced
"""
_NEGATION = r"""
not|\w+n't|never|neither|nor|no|none|nobody|nothing|fail(?:s|ed|ing|ure)?|refus(?:e|es|ed|al)|unable|lack(?:s|ed)?
|hardly|scarcely|barely
"""
_APPROXIMATION = r"""
about|around|roughly|nearly|almost|approximately|some [0-9]\S*|more than|less than|at least|at most|up to
|largely|mostly|partly|mainly|essentially|often|usually|generally|occasionally|sometimes|relatively|fairly
|somewhat|in part|to some extent|over(?=\s[0-9])|under(?=\s[0-9])
"""
_FAMILIES = {
    "hedge": _HEDGES,
    "outlook": _OUTLOOK,
    "condition": _CONDITIONS,
    "report": _REPORTS,
    "change": _CHANGE,
    "state": _STATE,
    "pressure": _PRESSURE,
    "event": _EVENTS,
    "negation": _NEGATION,
    "approximation": _APPROXIMATION,
}


@dataclass(frozen=True)
class Cue:
    """A wording that shows a claim: its family, its place in the text that was searched, and the words."""

    family: str
    start: int
    end: int
    words: str


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    joined = {family: "".join(words.split("\n")) for family, words in _FAMILIES.items()}
    return {family: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for family, words in joined.items()}


def find_cues(text: str) -> Iterator[Cue]:
    """Yield every wording of every family that stands in a text.

    Examples
    --------
    >>> [(cue.family, cue.words) for cue in find_cues("The port may close unless a donor pays.")]
    [('hedge', 'may'), ('condition', 'unless')]
    """
    plain = text.replace("\u2019", "'")
    for family, pattern in _patterns().items():
        for match in pattern.finditer(plain):
            yield Cue(family, match.start(), match.end(), match.group())

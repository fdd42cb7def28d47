"""Kinds of events as headlines say them, and what each is called in the library of counted classes.

A pattern looks at a title in lower case in which ``@`` stands for each name (`forecasting.coding.class_search.with_names`). Its
words are verbs and nouns of its kind of event in general. No pattern knows a country, a person or a group, but for the United
States, whose deployments the library counts by themselves. A title may evoke several frames.
"""

from __future__ import annotations

import re

# words at the beginning of a title that are no names, though the library has them not
KNOWN = frozenset((
    "america", "american", "americans", "us", "usa", "washington", "pentagon", "brussels", "a", "an", "the", "some", "all", "no",
    "new", "both", "two", "three", "most", "many", "more", "one", "another", "its", "his", "her", "their", "thousands",
    "hundreds", "tens", "millions", "eu", "un", "nato",
))  # fmt: skip

_STATE = r"(?:states?|countr(?:y|ies)|neighbours?|nations?|powers?)"
_ARMED = r"(?:army|armies|military|troops|soldiers|officers|generals?|colonels?|junta|guards?|commanders?|security forces)"
_REBEL = (
    r"(?:rebels?|insurgents?|guerrillas?|militants?|militias?|separatists?|jihadists?|paramilitar(?:y|ies)|fighters"
    r"|armed groups?)"
)
_LEADER = r"(?:president|leader|ruler|dictator|strongman|autocrat|emir|head of state|king|sultan|supreme leader)"
_PREMIER = r"(?:prime minister|premier|chancellor|head of government)"
_CABINET = r"(?:coalition|cabinet|government|governing parties|minority government)"
_LEAVES = (
    r"(?:leaves? (?:office|power|the presidency)|steps? down|step aside|resigns?|quits?\b(?! (?:the )?@)|loses? (?:power|office)"
    r"|gives? up power"
    r"|is (?:removed|replaced|unseated|gone|out of office)|is no longer in office|abdicates?|retires?|is voted out)"
)
_OUSTS = (
    r"(?:oust(?:s|ed)?|toppl(?:es?|ed)|overthr(?:ows?|own|ew)|depos(?:es?|ed)|unseat(?:s|ed)?|remov(?:es?|ed)|driv(?:es?|en) out)"
)
_ATTACKS = (
    r"(?:attacks?|attacked|invad(?:es?|ed)|bombs?|bombed|bombards?|shells?|strikes?|assaults?|marches into"
    r"|sends? (?:troops|tanks) into"
    r"|declares? war|goes? to war|go to war|at war|exchanges? fire|trades? fire|opens? fire|fights?|clash(?:es)?|battles?|raids?"
    r"|seizes? (?:territory|land|islands?)|crosses? the border|launches? (?:an? )?(?:attack|offensive|invasion|war|strikes?))"
)
_DEAL = r"(?:agreements?|deals?|accords?|treat(?:y|ies)|pacts?|settlements?|understandings?|memorandum)"
_AGREES = (
    r"(?:signs?|signed|agrees?|concludes?|reach(?:es)?|strikes?|makes?|seals?|initials?|settles?|accepts?|leads? to"
    r"|comes? to|ends? in)"
)
_TRUCE = r"(?:cease-?fires?|truces?|armistice|cessation of hostilities)"
_BREAKS = (
    r"(?:breaks?|broken|collaps\w+|falls? apart|fails?|ends?|unravels?|is violated|crumbles?|does not hold|breaks? down|lapses?"
    r"|is over|comes? apart)"
)
_FIGHTING = r"(?:wars?|fighting|conflict|insurgency|rebellion|hostilities|civil war|clashes|violence)"
_CROWD = (
    r"(?:protests?|protesters|demonstrat\w+|crowds?|march(?:es|ers)?|rall(?:y|ies)|streets|squares?|uprising|mass strikes?"
    r"|sit-ins?)"
)
_FLEE = r"(?:flee(?:s|ing)?|fled|exodus|displaced|driven from|escape|seek refuge|seek asylum|pour (?:over|across|into))"
_HOME = r"(?:go(?:es)? (?:home|back)|returns?|come(?:s)? (?:home|back)|repatriat\w+)"
_AMERICAN = r"(?:us|u\.s\.?|usa|americans?|america|washington|pentagon|united states)"
_POSTED = r"(?:troops?|soldiers?|forces|marines|garrisons?|bases?|deployments?|military presence|brigades?)"
_AUTOCRACY = r"(?:dictatorships?|autocra(?:cy|cies|tic\w*)|regimes?|one-party|strongman|authoritarian\w*)"

_KINDS: tuple[tuple[str, str], ...] = (
    # wars and disputes between states
    (rf"@.*\b{_ATTACKS}\b.*@|@ and @.*\b{_ATTACKS}\b|\b{_STATE}\b.*\b{_ATTACKS}\b", "State enters an interstate armed conflict"),
    (rf"\b(?:war|fighting|hostilities) (?:\w+ )*between (?:@ and @|.*\b{_STATE})", "State enters an interstate armed conflict"),
    (r"\b(?:frontier|border)\b.*\b(?:clash|skirmish|incident|fire|standoff)|\b(?:clash|skirmish|fire)\w*\b.*\b(?:frontier"
     r"|border)",
     "A new militarized dispute begins anywhere"),
    (rf"@.*@.*\b{_AGREES}\b.*\b{_DEAL}|@ and @ settle|\btalks\b.*\b{_DEAL}",
     "Crisis ends in a formal or semi-formal agreement"),
    (rf"@.*@.*\b{_AGREES}\b.*\b{_DEAL}|@ and @ settle|\bborder\b.*\b{_DEAL}",
     "Militarized dispute ends in a negotiated settlement"),
    # wars inside states
    (rf"\b{_REBEL}\b.*\b(?:defeats?|wins?|takes? power|topples?|overr[au]ns?|victory)\b|\b(?:takes?|captures?|seizes?"
     rf"|enters?|storms?) "
     rf"the (?:@ )?capital\b|@ (?:defeats?|topples?|overr[au]ns?) (?:the )?(?:@ )?(?:{_ARMED}|government"
     rf"|regime)", "Rebel victory over the government"),
    (rf"(?:{_ARMED}|government|@)\b.*\b(?:defeats?|crush(?:es)?|vanquish(?:es)?|wipes? out|destroys?|beats?)\b.*\b{_REBEL}",
     "Government victory over a rebel group"),
    (rf"\b(?:agrees?|declares?|signs?|accepts?|observes?|reach(?:es)?|announces?|begins?)\b.*\b{_TRUCE}"
     rf"|\b{_TRUCE}.*\b(?:takes effect"
     r"|is (?:agreed|signed|declared|reached)|comes? into force|begins?|between)", "Government-rebel dyad ends by ceasefire"),
    (rf"\b{_TRUCE}\b.*\b{_BREAKS}\b|\b{_BREAKS}\b.*\b{_TRUCE}", "Fighting in the dyad returns after a ceasefire"),
    (rf"\bpeace\b.*\b{_BREAKS}\b|\b{_DEAL}\b.*\b{_BREAKS}\b", "Signed peace agreement collapses"),
    (rf"\bmakes? peace\b|\b{_AGREES}\b.*\bpeace {_DEAL}"
     rf"|\b{_REBEL}\b.*\b{_AGREES}\b.*\b{_DEAL}|\b{_AGREES}\b.*\b(?:peace|{_DEAL})\b.*\b{_REBEL}",
     "Government-rebel dyad ends by peace agreement"),
    (rf"\b{_FIGHTING}\b.*\b(?:ends?|stops?|goes? dormant|dies? down|is over|fades?|inactive|subsides?|ceases?)\b"
     rf"|\bends? the {_FIGHTING}\b"
     r"|\b(?:lays?|lay) down (?:its|their) (?:arms|weapons)|\bdisarms?\b",
     "Civil conflict falls inactive"),
    (rf"\b{_FIGHTING}\b.*\b(?:again|flares? up|resumes?|returns?|reignites?|restarts?)\b|\b(?:returns?|slides? back"
     rf"|relapses?) (?:in)?to"
     rf" (?:civil )?{_FIGHTING}\b|\bresumes? (?:the )?{_FIGHTING}|\b{_REBEL}\b.*\b(?:resumes?"
     rf"|returns? to)\b", "Dormant civil conflict returns"),
    (r"\b(?:rebellion|insurgency|insurrection|revolt)\b.*\b(?:begins?|breaks? out|erupts?|starts?)|\b(?:take|takes) up arms",
     "New civil conflict begins, any state"),
    (rf"\b{_ARMED}\b.*\b(?:joins?|enters?|intervenes?|sent|deploys?)\b.*\b(?:to fight|war|conflict|against)\b"
     rf"|\bintervenes? (?:militarily )?in\b",
     "Foreign troops join a civil conflict"),
    # leaders and governments
    (rf"(?:^@|\b{_LEADER}\b|@'s {_LEADER}\b).*\b{_LEAVES}", "Leader leaves office"),
    (rf"(?:^@|\b{_LEADER}\b).*\b(?:is|are|be) (?:{_OUSTS}|assassinated|shot|killed|murdered|deposed|overthrown)"
     rf"|\b(?:assassinat|{_OUSTS})\w* (?:of )?(?:the )?(?:@|{_LEADER})", "Leader removed irregularly, autocracies"),
    (rf"\b{_PREMIER}\b", "Prime minister is replaced"),
    (rf"\b{_CABINET}\b.*\b(?:collapses?|falls?|breaks? (?:up|apart)|is dissolved|loses? (?:its|the) majority|no.confidence"
     rf"|resigns?)",
     "Cabinet ends without a new election"),
    (rf"\b{_ARMED}\b.*\b(?:seizes? (?:power|control)|takes? (?:power|over|control)|mutin(?:y|ies)|stages? a coup|{_OUSTS})\b"
     rf"|\b{_OUSTS} by (?:the )?(?:@ )?{_ARMED}|\b(?:coup|putsch)\b(?! attempt| plot)"
     rf"|\bjunta\b.*\b{_OUSTS}", "Successful coup, any state"),
    (rf"\b(?:junta|generals|military (?:rulers?|government))\b.*\b(?:hands?|civilian|gives? up|steps? down|{_OUSTS}|falls?"
     rf"|leaves?)\b",
     "Military dictatorship changes class"),
    # regimes
    (rf"\b{_AUTOCRACY}\b.*\b(?:falls?|collaps\w+|breaks? down|ends?|is {_OUSTS})\b", "Autocratic regime breaks down"),
    (r"\bdemocracy\b.*\b(?:breaks? down|dies|ends?|slides?|erodes?|backslid\w+|collaps\w+|autocra\w+|dictator\w+)|\bbecomes? an? "
     r"(?:autocra\w+|dictator\w+)", "Democracy breaks down"),
    (r"\b(?:becomes?|gives? way to|turns? into|moves? to|transition to|returns? to)\b.*\bdemocra\w+|\bdemocrati[sz]es?\b",
     "Autocracy becomes a democracy"),
    (r"\b(?:kingdom|monarchy|crown|throne|emirate|sultanate)\b.*\b(?:republic|abolish\w*|end(?:s|ed)?|falls?)\b"
     r"|\bbecomes? a republic"
     r"|\babolish\w* the (?:monarchy|crown)", "Monarchy is abolished"),
    (r"\b(?:foreign )?occup(?:ation|iers?|ying)\b.*\b(?:ends?|leaves?|withdraws?)\b", "Foreign occupation of a whole state ends"),
    # in the street and at the polls
    (rf"\b{_CROWD}\b", "Country has a protest of 10,000 or more against the state"),
    (rf"\b{_CROWD}\b.*\b(?:bring down|resign\w*|remov\w+|oust\w*|topple\w*|out of office|against the (?:president"
     rf"|government|leader))",
     "Country has a protest of 10,000 or more for removal of a politician"),
    (r"\b(?:ruling|governing|incumbent|prime minister's) (?:party|coalition)\b.*\bloses?\b",
     "Prime minister's party loses the post after an election"),
    (r"\b(?:early|snap|new|repeat|another|fresh|second) elections?\b", "Another parliamentary election within"),
    # people who flee, and who come back
    (rf"\b{_FLEE}\b", "Refugee population from a country grows by half or more in a year"),
    (rf"\b(?:refugees?|exiles?|displaced|asylum seekers)\b.*\b{_HOME}\b", "Refugee returns in the year"),
    # debt
    (r"\b(?:creditors?|bondholders?|eurobonds?|restructur\w+|bonds?|sovereign debt)\b.*\b(?:deal|agree\w*|complet\w+|finish\w*"
     r"|restructur\w+)|\b(?:deal|agree\w*|complet\w+|finish\w*|restructur\w+)\b.*\b(?:creditors?|bondholders?|eurobonds?"
     r"|bonds?|debt)\b",
     "Restructuring after a default is completed"),
    # American deployments
    (rf"\b{_AMERICAN}\b.*\b(?:withdraws?|pulls?|leaves?|cuts?|reduc\w+|brings? home|draws? down|closes?)\b.*\b{_POSTED}"
     rf"|\b{_AMERICAN} "
     rf"{_POSTED}\b.*\b(?:leaves?|withdraws?|pull out|go home|are (?:cut|reduced|withdrawn))\b", "US cuts a deployment of 1,000"),
    (rf"\b{_AMERICAN}\b.*\b(?:doubles?|raises?|increases?|sends?|deploys?|reinforces?|adds?|builds? up|stations?"
     rf"|triples?)\b.*\b{_POSTED}",
     "US raises a deployment of 1,000"),
)  # fmt: skip
FRAMES: tuple[tuple[re.Pattern[str], str], ...] = tuple((re.compile(pattern), called) for pattern, called in _KINDS)
# what a title may begin with that is no name, beside words of the library
_NOUNS = (
    _ARMED, _REBEL, _LEADER, _PREMIER, _CABINET, _CROWD, _FIGHTING, _TRUCE, _DEAL, _POSTED, _AUTOCRACY,
    r"\w+ing", r"\w+[^\Wsiu]s",
)  # fmt: skip
WORDS = tuple(re.compile(rf"^{words}$") for words in _NOUNS)

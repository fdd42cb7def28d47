"""Write the beginnings of records: what is known is filled in, what a person must decide is left empty.

An empty field reads as nothing, and `forecast check` names every one: a stub that nobody completed can not pass for a
record. Comments say what belongs there. No sentence of an article gets into a stub.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from forecasting.coding.suggest import Proposal
from forecasting.coding.texts.extracted import Extracted
from forecasting.dossier.claims import Anchor, FoundField, Source
from forecasting.dossier.defaults import AUTHOR, SourceDefaults
from forecasting.dossier.parse import INVISIBLE, plain_number

_PLAIN = re.compile(r"[A-Za-z][\w.' \u2019-]*[\w.]|[A-Za-z]")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
MAX_PROPOSED = 300  # code points of a field that a file fills in

SOURCE = """\
id: {id}
title:{title}  # as printed over the text
publisher:{publisher}
author:{author}  # as established; say in note what is not verified
published_on:{published_on}  # YYYY-MM-DD, the day it first appeared
published_precision:{precision}  # day, week, month or year
published_how:{published_how}  # how the day is known, for example: dateline of the article
# retrieved_on: YYYY-MM-DD, the day the page was fetched, never that of publication
licence:  # who owns the text and what may be done with it
origin_group:  # a newsroom or wire it shares errors with; its own id, {id}, if none is known
kind:  # analysis, news, statement or report
{text}{found}# defaults:  # what holds for all of its claims is said once here, and a claim leaves it out (priors/README.md)
#   made_on: YYYY-MM-DD
#   lexicon: of the words of its judgements, for example capphrase-2026; seen_if_lexicon: icd203
#   reliability: of the author, A to F, and origin: {id}
#   coded_by: your name
#   speakers: {{Jon Ode: {{role: envoy, reliability: C, origin: jon-ode}}}}
note: ""
"""
FOUND = "found_in_file: [{names}]  # not checked by anybody: hold each to the page, then delete this line\n"
EVENT = """\
- id: {id}
  title:{title}  # what happens, as a sentence
  opens_on:  # YYYY-MM-DD, from when it could happen; quiet time since then counts against it
  # scheduled_on: YYYY-MM-DD, if it can only happen on one day; its class then has unit trial
  reference_class:  # an id of reference_classes.csv
  why_class:  # why the class fits
  rivals: []  # classes that a critic would name instead
  class_fit:  # good, fair or poor
  reference_years: 1.0  # horizon, counted from opens_on, at which effects leave the probability where evidence put it
  resolution:
    counts:  # what must be seen
    does_not_count:  # what comes near and is not enough
    settled_by:  # whose word settles it
    status_quo:  # how things stand
    void_if:  # when the question can not be answered
"""
QUESTION = """\
- id: {id}
  title:  # the question as it is asked
  theme:  # heading under which reports show it
{form}  why_it_matters:  # one sentence for the reader
"""
FORMS = {
    "asks": "  asks: {occurs: , by: }  # {occurs: event, by: YYYY-MM-DD} or {holds: event, until: YYYY-MM-DD}\n",
    "stages": "  stages:  # [first-event, second-event], in order\n  at:  # YYYY-MM-DD, the deadline\n",
    "first_of": "  first_of:  # [one-event, another-event]: which happens first, if any\n  at:  # YYYY-MM-DD, the deadline\n",
    "scenarios": """\
  scenarios:  # no two true at once
    - {id: , title: , all_of: [{occurs: }, {holds: }]}  # happened by the deadline; not happened by then
    - {id: other, title: , other: true}  # whatever the others leave over
  at:  # YYYY-MM-DD, the deadline
""",
}
EFFECT = """\
- id: {id}
  from: {from}
  to: {to}
  acts: {acts}  # multiplies, enables (`to` can not happen before `from`), blocks (not after it), leads_to or implies
{strength}  claims: []  # ids of the claims that support it; may stay empty
  why:  # why the one changes the other; without claims, what says so
"""
STRENGTH = """\
  sign:  # raises or lowers
  grade:  # weak 1.3, moderate 2, strong 4, decisive 10: how many times
"""
FOLLOWS = """\
  wording:  # how surely it follows, in the words of the lexicon
  lexicon:
  lag_years:  # after how long, in the mean
"""
ASSUMPTION = """\
- id: {id}
  statement:  # what is held, as a sentence
  holds: {p: {occurs: }, by: , at_least: }  # p as in questions; given: {…} for a condition; or at_most, or between: [low, high]
  held_by:  # who
  # editions: [edition-id], if it is held of some only
  why:  # the reason, from what was known on the edition's date
  would_change:  # what would change the holder's mind
"""
EDITION = """\
id: {id}
title:  # what the forecasts are about
as_of:  # YYYY-MM-DD; nothing dated later can move a digit
as_of_how:  # why this day
sources:  # [source-id, source-id]
questions:  # [question-id, question-id]
draws: 3000
seed:  # a whole number, for example the as-of date 20240503; the same seed gives the same numbers
# coded_by: {{name: …, on: YYYY-MM-DD}}; then, alike, reviewed_by (somebody else) and signed_off_by
summary: ""
"""
# what a row of a table wants, told when it is begun: a table has no room for comments
CLASS_CELLS = {
    "id": "an id",
    "borrows": "ids of classes of the same kind with other cases, parted by spaces; may stay empty",
    "events": "how many of the cases had the event",
    "exposure": "years at risk over all cases, or the number of occasions",
    "unit": "year if exposure is in years, trial if it counts occasions",
    "spread": "how much members differ: about 0.4 for a good fit, 0.7 fair, 0.9 poor",
    "counted_from": "YYYY-MM-DD, from when was counted",
    "counted_until": "YYYY-MM-DD, until when was counted: editions from that day on may use the row",
    "basis": "cases (each listed with its source in cases/<id>.csv), table (a published one), else unverified",
    "watched_years": "how long each case is watched at most; may stay empty",
    "citation": "where the cases are listed",
    "note": "what is wrong with the count",
}
HISTORY_CELLS = {
    "on": "YYYY-MM-DD, the day",
    "event": "id of an event",
    "what": "occurred, survived (it had not happened by then) or signal",
    "likelihood_ratio": "of a signal how many times likelier it is where the event comes; else empty (or columns comes, "
    "stays_away and lexicon: how likely it would be seen in each world, in words)",
    "source": "who says so, with the day and the address",
    "status": "confirmed or partly",
    "note": "may stay empty",
}
_FIELDS = """\
  paraphrase:  # in your own words
  speaker: {speaker}
  kind:  # judgement, fact, effect, driver or quantity{looks}
{wording}  target: {{}}  # {bears}event: [ids] (with given: {{id: true}} for a condition), effect: [ids], or driver: id
{seen}  direction:  # of a judgement occurs or does-not-occur, of a driver raises or lowers; of a fact it follows from seen_if
  # grade: of a driver weak, moderate, strong or decisive; of a fact only with a sentence in grade_why, instead of seen_if
  # horizon: of a judgement {{years: 1.0, stated: true, why: …}}
  made_on: {made_on}
  reliability:  # of the source: A (completely) to E (not), F can not be judged
  credibility:  # of this information: 1 (confirmed) to 5 (improbable), 6 can not be judged
  origin: {origin}
"""
_LEXICON = "  # lexicon: the one that lists them\n"
_SEEN = """\
  # of a fact: how likely would the same be seen if the event comes in time, and how likely if it stays away?
  # seen_if: {comes: almost certain, stays_away: likely}  # two wordings of one lexicon, for example of icd203
"""
# of a sentence that looks like a fact both questions are put; an empty answer fails `forecast check` by name
_SEEN_ASKED = """\
  # how likely would the same be seen if the event comes in time, and how likely if it stays away?
  seen_if: {comes: , stays_away: }  # two wordings, for example almost certain and likely
  lexicon: icd203  # the one that lists both
"""
_NO_ANCHOR = "{start: , end: , sha256: , paragraph: }  # forecast new claim --quote WORDS --text FILE writes it"


def scalar(text: str) -> str:
    """Return a text as a YAML scalar that the dossier's parser reads back as the same text, invisible characters left out.

    Examples
    --------
    >>> scalar("Jon Ode"), scalar("NO"), scalar("a: b")
    ('Jon Ode', '"NO"', '"a: b"')
    """
    text = INVISIBLE.sub("", text)
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS and isinstance(plain_number(text), str)
    return text if plain else json.dumps(text, ensure_ascii=False)


def _filled(value: str | None, hint: str) -> str:
    return scalar(value) if value else f" # {hint}"


def anchor_yaml(anchor: Anchor) -> str:
    """Return an anchor as it stands in a file of claims."""
    seal = f', seal: "{anchor.seal}"' if anchor.seal else ""
    return f"{{start: {anchor.start}, end: {anchor.end}, sha256: {anchor.sha256}, paragraph: {anchor.paragraph}{seal}}}"


def source_stub(ident: str, text: str = "", article: Extracted | None = None) -> str:
    """Return the beginning of a source; ``text`` is the lines about its text, where that is at hand.

    What the file of the article says of itself is proposed, and marked as not checked.
    """
    empty = "text_sha256:  # forecast new source --text FILE computes it\ntext_length:  # in code points\n"
    fields = {name: getattr(article, name, "") for name in (*get_args(FoundField), "published_how")}
    names = ", ".join(name for name in get_args(FoundField) if len(fields[name]) > 2)
    filled = {name: f" {_proposed(name, value)}" if len(value) > 2 else "" for name, value in fields.items()}
    precision = " day" if fields["published_on"] else ""
    return SOURCE.format(
        id=ident, text=text or empty, found=FOUND.format(names=names) if names else "", precision=precision, **filled
    )


def _proposed(name: str, value: str) -> str:
    return value if name == "published_on" else scalar(" ".join(value.split())[:MAX_PROPOSED])


def event_stub(ident: str, title: str | None = None) -> str:
    """Return the beginning of an event, with its title if that is known."""
    return EVENT.replace("{id}", ident).replace("{title}", f" {scalar(title)}" if title else "")


def question_stub(ident: str, form: str = "asks") -> str:
    """Return the beginning of a question in one of the forms of `FORMS`."""
    return QUESTION.replace("{id}", ident).replace("{form}", FORMS[form])


def effect_stub(ident: str, source: str, target: str, acts: str = "multiplies") -> str:
    """Return the beginning of an effect between two events, with the fields of strength that its kind has."""
    strength = {"multiplies": STRENGTH, "leads_to": FOLLOWS}.get(acts, "")
    return EFFECT.format(**{"id": ident, "from": source, "to": target, "acts": acts, "strength": strength})


def assumption_stub(ident: str) -> str:
    """Return the beginning of an assumption."""
    return ASSUMPTION.replace("{id}", ident)


def edition_stub(ident: str) -> str:
    """Return the beginning of an edition."""
    return EDITION.format(id=ident)


def claim_stub(
    ident: str, source: str | None, anchor: Anchor | None = None, *,
    made_on: str | None = None, defaults: SourceDefaults | None = None,
) -> str:  # fmt: skip
    """Return the beginning of a claim that a person found; what it will inherit is left out and told."""
    wording = "  # wording: the hedging words, at most eight, and\n" + _LEXICON
    stub = _claim(ident, source, anchor, wording, speaker=None, looks="", made_on=made_on, origin=None, bears="")
    return _without_inherited(stub, defaults, {})


def _claim(
    ident: str, source: str | None, anchor: Anchor | None, wording: str,
    *, speaker: str | None, looks: str, made_on: str | None, origin: str | None, bears: str, seen: str = _SEEN,
) -> str:  # fmt: skip
    fields = _FIELDS.format(
        seen=seen,
        speaker=_filled(speaker, "author, or whoever is quoted"),
        looks=looks,
        bears=bears,
        wording=wording,
        made_on=made_on or " # YYYY-MM-DD, the day the words were said",
        origin=_filled(origin, "who first reported it; one wire in five papers is one origin"),
    )
    at = anchor_yaml(anchor) if anchor else _NO_ANCHOR
    head = f"- id: {ident}\n  source: {_filled(source, 'id of the source')}\n  anchor: {at}\n"
    return re.sub(r":  +#", ":  #", head + fields)


def _without_inherited(stub: str, defaults: SourceDefaults | None, claim: Mapping[str, Any]) -> str:
    """Return a claim that was begun without the fields that it inherits as it stands, and with a line that names them."""
    if defaults is None:
        return stub
    fields, found = defaults.inherit(claim)
    for name in found:
        stub = re.sub(rf"^  {name}:.*\n", "", stub, flags=re.MULTILINE)
    told = ", ".join(f"{name} {fields[name]}" for name in found)
    return stub + (f"  # inherited: {told}; write a field here where this claim differs\n" if found else "")


def proposal_stub(
    ident: str, proposal: Proposal, source: Source | str | None, rank: int, defaults: SourceDefaults | None = None
) -> str:
    """Return a proposed claim for a file of claims, with a line above it that says why it was proposed."""
    name = source.id if isinstance(source, Source) else source
    exact = isinstance(source, Source) and source.published_precision == "day"
    said_by = proposal.attribution
    author = not said_by.is_quote and "report" not in proposal.families
    speaker = AUTHOR if author else said_by.speaker
    asked: dict[str, Any] | None = {} if proposal.kind == "fact" else None  # the two wordings of seen_if, still empty
    known = {"kind": proposal.kind, "speaker": speaker, "wording": proposal.wording, "seen_if": asked}
    stub = _claim(
        ident, name, proposal.anchor, _wording_lines(proposal),
        speaker=speaker,
        looks=f"; looks like {'an' if proposal.kind == 'effect' else 'a'} {proposal.kind}",
        made_on=str(source.published_on) if exact and isinstance(source, Source) else None,
        origin=name if author else None,
        bears=f"may bear on {_list(proposal.events)}; " if proposal.events else "",
        seen=_SEEN_ASKED if proposal.kind == "fact" else _SEEN,
    )  # fmt: skip
    return f"# {rank}. {_reason(proposal)}\n" + _without_inherited(stub, defaults, known)


def _reason(proposal: Proposal) -> str:
    found = [f"score {proposal.score}: {', '.join(proposal.families)}"]
    found += [f"dates {_list(date.iso for date in proposal.dates if date.iso)}"] if any(d.iso for d in proposal.dates) else []
    numbers = [f"{q.value:g} {q.unit}".strip() for q in proposal.quantities]
    return "; ".join([*found, *([f"numbers {_list(numbers)}"] if numbers else [])])


def _list(values: Iterable[str | None]) -> str:
    return ", ".join(str(value) for value in values)


def _wording_lines(proposal: Proposal) -> str:
    if proposal.kind == "fact" and not proposal.caution:  # its number comes from seen_if, whose lexicon stands with it
        return f"  # wording: '{proposal.wording}' weighs nothing, so a fact needs none\n" if proposal.wording else ""
    if not proposal.wording:
        return f"  # wording: {proposal.caution or 'none found that says how likely'}; at most eight words, and\n" + _LEXICON
    hint = f" # listed in {_list(proposal.lexicons)}" if proposal.lexicons else " # no lexicon lists these words"
    lexicon = proposal.lexicons[0] if len(proposal.lexicons) == 1 else hint
    return f"  wording: {scalar(proposal.wording)}\n  lexicon: {lexicon}\n"

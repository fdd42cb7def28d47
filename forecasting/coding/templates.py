"""Write the beginnings of records: what is known is filled in, what a person must decide is left empty.

An empty field reads as nothing, and `forecast check` names every one: a stub that nobody completed can not pass for a
record. Comments say what belongs there. No sentence of an article gets into a stub.
"""

from __future__ import annotations

import json
import re
from typing import get_args

from forecasting.coding.texts.extracted import Extracted
from forecasting.dossier.claims import FoundField
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
  reference_years: 1.0  # from opens_on to about the first deadline: there effects leave the probability where evidence put it
  resolution:
    counts:  # what must be seen
    does_not_count:  # what comes near and is not enough
    settled_by:  # whose word settles it
    status_quo:  # how things stand
    void_if:  # when the question can not be answered; if nothing makes it so: Nothing foreseen
"""
QUESTION = """\
- id: {id}
  title:  # the question as it is asked
  theme:  # heading under which reports show it
{form}  why_it_matters:  # one sentence for the reader
"""
FORMS = {
    "asks": """\
  asks: {occurs: , by: }  # {occurs: event, by: YYYY-MM-DD} or {holds: event, until: YYYY-MM-DD}
  # statement: the title as a clause with "will" ("the base will be held in 2026"), for sentences such as "It is likely that …"
""",
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
DRIVER = """\
- id: {id}
  title:{title}  # the pressure, in a few words
  high_means:  # what it means that it is high
  loadings:  # the events that it moves, one line each: sign raises or lowers; grade weak, moderate, strong or decisive
    - {{event: , sign: , grade: }}
  why:  # why these events share it
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
# key_questions: [question-id, question-id]; up to five that page one of the report begins with, else a rule chooses
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


def driver_stub(ident: str, title: str | None = None) -> str:
    """Return the beginning of a driver, with its title if that is given."""
    return DRIVER.format(id=ident, title=f" {scalar(title)}" if title else "")


def assumption_stub(ident: str) -> str:
    """Return the beginning of an assumption."""
    return ASSUMPTION.replace("{id}", ident)


def edition_stub(ident: str) -> str:
    """Return the beginning of an edition."""
    return EDITION.format(id=ident)

"""Edits of the small dossier by which rules are broken: a fact more, a life table, an occasion, a driver, a coding."""

from __future__ import annotations

from broken_dossiers import Edit, second_source
from builders import claim_yaml

CLAIMS, EDITION, EFFECTS = "claims/norland-times.yaml", "editions/2024-07-ferry.yaml", "effects.yaml"
EVENTS, HISTORY, QUESTIONS = "events/ferry.yaml", "history.csv", "questions/ferry.yaml"
SOURCE, CLASSES, GRADES = "sources/norland-times.yaml", "reference_classes.csv", "grades.csv"
TOLLS = "tolls-raised,,2,30,year,0.5,1990-01-01,"
LIFE_TABLES, PACTS = "life_tables.csv", "cases/pacts-signed.csv"
ASSUMPTIONS = "assumptions.yaml"
PLAIN_EFFECT = "acts: multiplies, sign: lowers, grade: strong"
FACT = """\
    paraphrase: Observers speak.
    speaker: observers
    kind: fact
    target: {event: EVENT}
    direction: lowers
    grade: weak
    grade_why: The same would be seen in most worlds.
    made_on: 2024-07-01
    reliability: C
    credibility: 3
    origin: observers
    """
DATES = ", ".join(
    f"{{occurs: {event}, by: 20{year}-{month:02}-01}}"
    for event in ("pact-signed", "toll-raised")
    for year in range(25, 36)
    for month in range(1, 13)
)


def fact(name: str, event: str, quote: str = "Observers say") -> Edit:
    """Return the edit that adds a fact about an event."""
    return CLAIMS, "", claim_yaml(name, quote, FACT.replace("EVENT", event))


def retold(paraphrase: str, quote: str = "Observers say", event: str = "toll-raised", origin: str = "aides") -> tuple[Edit, ...]:
    """Return the edits by which another source tells of an event."""
    fields = FACT.replace("EVENT", event).replace("Observers speak.", paraphrase).replace("observers", origin)
    return second_source(claim_yaml("s-001", quote, fields, source="sudland-post"))


def life_table(*rows: str) -> Edit:
    """Return the edit that adds a life table."""
    return LIFE_TABLES, "", "\n".join(("reference_class,until_years,at_risk,failed,citation", *rows)) + "\n"


def conditioned(name: str, states: str) -> Edit:
    """Return the edit that has the events of a class counted in worlds with a cause given."""
    return EVENTS, f"reference_class: {name}", f"reference_class: {name}\n  class_given: {states}"


def occasion(number: str) -> Edit:
    """Return the edit that gives the pact an occasion with a probability by words or by a class."""
    day = f"occasions: [{{on: 2025-06-07, {number}, why: An election., source: the law, beside_class: Left out.}}]"
    return EVENTS, "class_fit: good", f"class_fit: good\n  {day}"


def driver(name: str, *events: str) -> Edit:
    """Return the edit that adds a driver."""
    loadings = ", ".join(f"{{event: {event}, sign: raises, grade: weak}}" for event in events)
    return (
        EFFECTS,
        "drivers: []",
        f"drivers:\n  - {{id: {name}, title: Trade, high_means: More of it., why: Both need it.,\n"
        f"     loadings: [{loadings}]}}\n",
    )


def seen_if(comes: str, stays_away: str, more: str = "") -> Edit:
    """Return the edit by which a fact says what would be seen in both worlds, instead of a direction and a grade."""
    graded = "direction: raises\n  grade: moderate\n  grade_why: Customs staff seldom move without an agreement."
    return CLAIMS, graded, f"lexicon: plain\n  seen_if: {{comes: {comes}, stays_away: {stays_away}}}{more}"


def signed(*lines: str) -> Edit:
    """Return the edit by which an edition names who made it."""
    return EDITION, "as_of_how:", "\n".join((*lines, "as_of_how:"))


CODING, TARGETS = "codings/one/norland-times.yaml", "codings/targets.csv"
LISTED = (TARGETS, "", "group,id,title\nevent,pact-signed,The pact is signed\nbalance,upper-hand,Who has the upper hand\n")
CODED = """\
    paraphrase: A signature within months is more probable than not.
    speaker: author
    kind: judgement
    wording: is likely to be
    nearest: likely
    lexicon: plain
    reads: at_least
    target: [pact-signed]
    direction: occurs
    horizon: {stated: true, years: 0.5}
    reliability: B
    credibility: 3
    origin: norland-times
    """


def coding(old: str = "", new: str = "", name: str = "k-001") -> Edit:
    """Return the edit that adds a coder's record, changed in one place."""
    return CODING, "", claim_yaml(name, "likely to be signed this year", CODED).replace(old, new, 1)


def assumption(holds: str, more: str = "") -> Edit:
    """Return the edit that adds an assumption."""
    fields = f"  statement: So it is.\n  holds: {{{holds}}}\n  held_by: analyst\n  why: So it was.\n  would_change: A proof.\n"
    return ASSUMPTIONS, "", f"- id: a-001\n{fields}{more}"


SYNONYM = ("lexicons/plain.csv", "", "probable,0.60,0.67,0.75,0.80,0.90,level,0,Coder: as likely\n")

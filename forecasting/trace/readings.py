"""What a judgement is read as, beside what its class says of the same time, and why it moves an answer the way it does."""

from __future__ import annotations

from forecasting.analysis.pathways import cited_by
from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.dossier.questions import Question
from forecasting.elicitation.base_rates import base_rate
from forecasting.elicitation.numbers import Number
from forecasting.elicitation.wording import inverse_cloglog
from forecasting.forecasts import percent
from forecasting.shown.times import time_words

AS = {"level": "as a level", "at_least": "as a floor: that or more", "at_most": "as a ceiling: that or less"}


def class_within(dossier: Dossier, event_id: str, years: float) -> float:
    """Return P(an event of its class happens within some years of its opening), before any claim; on its date if it has one."""
    event = dossier.events[event_id]
    counted = dossier.reference_classes[event.reference_class]
    rate = base_rate(counted, dossier.relatives(counted.id))
    return rate.probability(years if counted.unit == "year" else 1.0)


def judgement_reading(dossier: Dossier, claim: Claim, number: Number) -> str:
    """Return a judgement as it is read, with its horizon and direction, and what the class of its events says of it.

    Returns
    -------
    str
        For example “rather unlikely” = 23 % within half a year, as a ceiling: that or less; its class: 2 %. *How to read it:*
        a ceiling above what the class gives has little to say, however unlikely it calls the event.
    """
    p = float(inverse_cloglog(number.location))
    years = claim.horizon.years if claim.horizon else 1.0
    events = [name for name in claim.target.event or () if name in dossier.events]
    scheduled = bool(events) and all(dossier.events[name].scheduled_on for name in events)
    span = "on its date" if scheduled else f"within {time_words(years)}"
    rates = [percent(class_within(dossier, name, years)) for name in events]
    classes = f"; its class: {rates[0]}" if len(rates) == 1 else f"; their classes: {', '.join(rates)}" if rates else ""
    return f"“{claim.wording}” = {percent(p)} {span}, {AS[number.reads]}{classes}"


def sign_reason(claim: Claim, number: Number, question: Question, change: float) -> str:
    """Return why a judgement moves an answer the other way than its words argue; nothing where it does not.

    Asked where the question is about the judgement's own event. Words that call it less likely than not argue against it,
    unless they are read as a floor; others argue for it, unless they are read as a ceiling.
    """
    single = question.form.single()
    if single is None or single[0] not in (claim.target.event or ()) or not change:
        return ""
    raised = (change > 0) == single[2]
    likely = float(inverse_cloglog(number.location)) > 0.5
    argues_for = {"at_least": True, "at_most": False}.get(number.reads, likely)
    if raised == argues_for:
        return ""
    way = f"its words argue {'for' if argues_for else 'against'} the event, yet it {'raises' if raised else 'lowers'} it:"
    if claim.target.given:
        return f"{way} it speaks of one world, and the answer averages over all"
    if number.reads == "level":
        return f"{way} it is read as about so much, {'more' if raised else 'less'} than the rest of the evidence gives"
    return f"{way} errors that it shares with other claims of its source move it"


def effect_reason(edition: EditionDossier, claim: Claim, question: Question, change: float) -> str:
    """Return why a claim behind an effect moves the answer about its target against the effect's sign; nothing where it does not.

    An effect that multiplies a hazard keeps its target's probability over the reference horizon
    (``docs/decisions/effects-keep-marginals.md``), so that it moves an answer at another date by the worlds that it tells apart.
    """
    single = question.form.single()
    for effect in cited_by(edition, claim):
        if single is None or not change or effect.acts != "multiplies" or effect.to != single[0]:
            continue
        if ((change > 0) == single[2]) is (effect.sign == "raises"):
            return ""
        cause, years = edition.dossier.events[effect.from_].title, edition.dossier.events[effect.to].reference_years
        return (
            f"its effect {effect.sign} this where “{cause}” has come, and keeps the probability over {time_words(years)} from "
            "its opening; by this deadline worlds where it has not come weigh more"
        )
    return ""

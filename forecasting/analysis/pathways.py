"""By which pathway a claim enters an edition, which events it can move there, and why it moves little or nothing.

An effect spreads the hazard of its target over worlds and leaves its marginal where base rate and claims put it
(``docs/decisions/effects-keep-marginals.md``). So a claim moves the events that it bears on, and those that they enable;
what lies behind any other effect hardly notices, until the effect's cause is known to have happened or not.
"""

from __future__ import annotations

from typing import Literal

from forecasting.dossier.claim_kinds import CLAIM_KINDS
from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.dossier.effects import Effect
from forecasting.dossier.graph import downstream
from forecasting.dossier.questions import Question
from forecasting.dossier.status import event_status
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.signals import claim_signals, history_signals

Way = Literal["direct", "effect", "shared"]
CARRIES = ("enables", "leads_to", "implies")  # kinds of effects through which news about a cause moves the target itself
EXPIRED = (
    "expired: it acts no longer, and only tells how to read the time since; a sign that nothing followed then counts the "
    "other way"
)
NUMBER = "a number enters no hazard: a series may read it; what it says of an event is a fact or a judgement"
SETTLED = "what it bears on has happened, and no claim can move that any more"
BASED = "the cause of its effect had happened before the target opened: the effect is part of the base rate"
PINNED = (
    "the target's own probability is pinned by its base rate and its own claims; news about the cause moves it only once "
    "the cause is known to have happened or not"
)
FAINT = "less than 0.05 points, or than four Monte Carlo errors: it is weak beside base rate, history and other claims"
SHARED = "only by what it teaches of a reference class or a pressure that both share"
STANDS = "its effect has a reason of its own and stands without it, as strong as before"
EXPECTED = "its own event has happened; what is left is how far that had been expected"


def cited_by(edition: EditionDossier, claim: Claim) -> tuple[Effect, ...]:
    """Return the effects of an edition that a claim bears on, or that cite it."""
    named = claim.target.effect or ()
    return tuple(effect for effect in edition.effects if effect.id in named or claim.id in effect.claims)


def resting_effects(edition: EditionDossier, claims: frozenset[str]) -> frozenset[str]:
    """Return the effects that would have no claim left without ``claims``; those argued without any, or besides, stay."""
    return frozenset(e.id for e in edition.effects if e.claims and not e.stands_alone and set(e.claims) <= claims)


def has_expired(edition: EditionDossier, claim: Claim) -> bool:
    """Return whether a fact about this edition's events has ceased to act on every one of them by the as-of date."""
    index = {name: k for k, name in enumerate(edition.event_ids)}
    ends = [signal.ends_on for signal in claim_signals(edition, quantify(edition), index) if signal.claim == claim.id]
    return bool(ends) and max(ends) <= edition.as_of


def expired_between(before: EditionDossier, after: EditionDossier) -> tuple[str, ...]:
    """Return the signs that acted on the earlier edition's open events and have expired by the later one's date, in words."""
    index = {name: k for k, name in enumerate(before.event_ids)}
    signals = (*claim_signals(before, quantify(before), index), *history_signals(before, quantify(before), index))
    return tuple(
        f"{signal.claim or f'sign of {signal.starts_on}'} on {before.event_ids[signal.event]} ({signal.ends_on})"
        for signal in signals
        if before.as_of < signal.ends_on <= after.as_of and event_status(before, before.event_ids[signal.event]).is_open
    )


def claim_pathway(edition: EditionDossier, claim: Claim) -> tuple[str, str]:
    """Return (pathway, reason it moves nothing): one of the two is empty.

    The pathway names how the claim enters this edition, and the effects that would go with it; the reason says why it does not
    enter.
    """
    if claim.moves_nothing:
        return "", claim.moves_nothing
    effects = cited_by(edition, claim)
    if reason := _not_here(edition, claim, effects):
        return "", reason
    if claim.kind == "effect" and all(effect.stands_alone for effect in effects):
        return "", STANDS
    pathway = CLAIM_KINDS[claim.kind].pathway
    if claim.kind == "fact" and has_expired(edition, claim):
        pathway += f" ({EXPIRED})"
    carried = resting_effects(edition, frozenset({claim.id}))
    if claim.kind != "effect" and carried:
        names = " and the ".join(effect_name(effect) for effect in effects if effect.id in carried)
        pathway += f"; the {names} {'depends' if len(carried) == 1 else 'depend'} on it alone, and would go with it"
    if claim.kind == "effect":
        pathway += "".join(_speaking_back(edition, effect) for effect in effects)
    return pathway, ""


def speaking_back(edition: EditionDossier, effect: Effect) -> tuple[Claim, ...]:
    """Return the judgements of an effect's target that speak of its cause too.

    Where the target follows from the cause, or cannot come without it, whoever calls the target improbable calls the cause
    improbable as well. So the claim that sets such an effect can move answers about the cause, and far. A judgement of a world
    in which the cause has happened, or has not (``given``), says nothing of whether it will.
    """
    if effect.acts not in CARRIES or not event_status(edition, effect.from_).is_open:
        return ()
    judged = (claim for claim in edition.claims if claim.kind == "judgement" and effect.to in (claim.target.event or ()))
    return tuple(claim for claim in judged if effect.from_ not in claim.target.given)


def _speaking_back(edition: EditionDossier, effect: Effect) -> str:
    ids = [claim.id for claim in speaking_back(edition, effect)]
    says = f"what {' and '.join(ids)} {'says' if len(ids) == 1 else 'say'} of {effect.to}"
    return f"; through it {says} bears on {effect.from_} too" if ids else ""


def effect_name(effect: Effect) -> str:
    """Return an effect in words: its id, its two events and what it does."""
    acts = effect.sign if effect.acts == "multiplies" else effect.acts
    return f"effect {effect.id} ({effect.from_} {acts} {effect.to})"


def told_of(edition: EditionDossier, claim: Claim) -> str:
    """Return about which series of the edition a claim states a number, in words; nothing if about none."""
    told = [series.title for series in edition.series for one in series.claims if one.claim == claim.id]
    return f"a number about “{told[0]}”: what it moves is shown with the answers about that" if told else ""


def _not_here(edition: EditionDossier, claim: Claim, effects: tuple[Effect, ...]) -> str:
    """Return why a claim has no pathway into this edition, or nothing."""
    if effects:
        return ""
    if told := told_of(edition, claim):
        return told
    if CLAIM_KINDS[claim.kind].target is None:
        return NUMBER
    if claim.kind == "driver":
        known = claim.target.driver in {driver.id for driver in edition.drivers}
        return "" if known else f"no event of this edition loads on the driver {claim.target.driver}"
    if claim.kind == "effect":
        return "its effect joins events that this edition does not ask about"
    here = set(claim.target.event or ()) & set(edition.event_ids)
    return "" if here else "its event is not behind any question of this edition"


def borne_on(edition: EditionDossier, claim: Claim) -> frozenset[str]:
    """Return the events of an edition that a claim bears on without any effect between: its own, or its driver's."""
    if CLAIM_KINDS[claim.kind].target in ("effect", None):
        return frozenset()
    loaded = {loading.event for d in edition.drivers if d.id == claim.target.driver for loading in d.loadings}
    return frozenset({*(claim.target.event or ()), *loaded} & set(edition.event_ids))


def movable(edition: EditionDossier, claim: Claim) -> frozenset[str]:
    """Return the open events whose own probability a claim can move, but for what effects leave over.

    These are the events that it bears on; the targets of effects that go with it, where the cause has happened or the effect
    enables its target or is followed by it; and whatever those enable or are followed by.
    """
    carried = resting_effects(edition, frozenset({claim.id}))
    is_open = {name: event_status(edition, name).is_open for name in edition.event_ids}
    effects = [effect for effect in cited_by(edition, claim) if claim.kind == "effect" or effect.id in carried]
    found = borne_on(edition, claim) | {e.to for e in effects if e.acts in CARRIES or not is_open[e.from_]}
    found = downstream([effect for effect in edition.effects if effect.acts in CARRIES], found)
    return frozenset(name for name in found if is_open[name])


def reached_events(edition: EditionDossier, claim: Claim, shared: bool = False) -> frozenset[str]:
    """Return the events to which a chain of effects leads from what the claim bears on.

    With ``shared``, also those that share a reference class or a driver with it: what is learnt of one member says something
    of the others. Anything else that moved in a comparison would be Monte Carlo noise.
    """
    targets = set(borne_on(edition, claim)) | {effect.to for effect in cited_by(edition, claim)}
    if shared:
        classes = {event.reference_class for event in edition.events if event.id in targets}
        loaded = [{loading.event for loading in driver.loadings} for driver in edition.drivers]
        together = [events for events in loaded if events & targets]
        targets = targets.union(*together, (event.id for event in edition.events if event.reference_class in classes))
    return downstream(edition.effects, targets)


def reached_questions(edition: EditionDossier, claim: Claim, shared: bool = False) -> frozenset[str]:
    """Return the questions that name one of the `reached_events` of a claim."""
    reached = reached_events(edition, claim, shared)
    return frozenset(question.id for question in edition.questions if reached & set(question.events()))


def way(edition: EditionDossier, claim: Claim, question: Question) -> Way:
    """Return how a claim gets to a question.

    Returns
    -------
    {"direct", "effect", "shared"}
        *direct*: it can move the probability of an event that the question names. *effect*: it bears on the cause of an effect,
        and `PINNED` says why that moves little. *shared*: it shares but a reference class or a driver with such events.
    """
    named = set(question.events())
    if movable(edition, claim) & named:
        return "direct"
    return "effect" if reached_events(edition, claim) & named else "shared"


def indirect(edition: EditionDossier, claim: Claim, question: Question) -> str:
    """Return why a claim moves a question only indirectly, and so mostly little; empty if it bears on its events."""
    found = way(edition, claim, question)
    if found == "direct":
        return ""
    own = borne_on(edition, claim)
    if own and not any(event_status(edition, name).is_open for name in own):
        return EXPECTED
    return f"through an effect: {PINNED}" if found == "effect" else SHARED


def conditions_of(dossier: Dossier, claim: Claim) -> str:
    """Return the conditions under which a judgement is made, in words; empty if there are none.

    The probability it is read as is then that of the event *in such a world*, not in all.
    """
    worlds = [
        f"“{dossier.events[name].title}” has {'happened' if held else 'not happened'}"
        for name, held in claim.target.given.items()
        if name in dossier.events
    ]
    return f"given that {' and '.join(worlds)}" if worlds else ""


def why_nothing(edition: EditionDossier, claim: Claim, still: bool = False) -> str:
    """Return why a claim that enters an edition moves none of its answers; ``still`` if by not so much as a rounding error."""
    if told := told_of(edition, claim):
        return told
    if not reached_questions(edition, claim, shared=True):
        return "no chain of effects leads from what it bears on to a question of this edition"
    open_ = {name for name in edition.event_ids if event_status(edition, name).is_open}
    touched = borne_on(edition, claim) | {effect.to for effect in cited_by(edition, claim)}
    if not touched & open_:
        return SETTLED
    if still and claim.kind == "effect":
        return BASED
    asked = {name for question in edition.questions for name in question.events()}
    if movable(edition, claim) & asked:
        return FAINT
    if reached_events(edition, claim) & asked & open_:
        return f"{_cause(edition, claim)}: {PINNED}"
    return FAINT


def _cause(edition: EditionDossier, claim: Claim) -> str:
    causes = sorted(borne_on(edition, claim)) or sorted({effect.from_ for effect in cited_by(edition, claim)})
    what = "sets how" if CLAIM_KINDS[claim.kind].target in ("effect", None) else "speaks of"
    one = "acts" if len(causes) == 1 else "act"
    joined = f"{' and '.join(causes)} {one}" if what == "sets how" else f"{' and '.join(causes)}, which {one}"
    return f"it {what} {joined} on a question through an effect"

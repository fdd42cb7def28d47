"""Rules about classes that count worlds with a cause given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forecasting.dossier.edition import Dossier
from forecasting.dossier.effects import Effect
from forecasting.dossier.graph import reach
from forecasting.errors import near
from forecasting.rules.base import Finding, rule


@rule("failure", misses=("effect",))
def class_given(dossier: Dossier) -> Iterator[Finding]:
    """Require that ``class_given`` names one event with an effect into this one that multiplies or blocks.

    The class then speaks of this event's hazard in worlds where that cause has, or has not, happened, and the marginal follows
    from the cause. Two conditions at once have no such equation; an event cannot be blocked and counted; and the cause's own
    chain may hold no other event whose class is conditioned, nor this one, or neither could be worked out first.
    """
    given = {event.id: event.class_given for event in dossier.events.values() if event.class_given}
    for name, states in given.items():
        where = dossier.where("event", name, "class_given")
        into = {effect.from_: effect for effect in dossier.effects.values() if effect.to == name}
        if len(states) > 1:
            fix = "write the one without which its cases would not have been counted"
            yield where, f"event {name}: class_given names {len(states)} events", fix
            continue
        cause, state = next(iter(states.items()))
        if dossier.lacks("event", cause):
            yield where, f"event {name}: class_given names '{cause}'", near(cause, dossier.events, "known events")
        elif cause in dossier.events and (cause not in into or into[cause].acts not in ("multiplies", "blocks")):
            fix = f"write an effect from {cause} to {name} that multiplies or blocks, or drop the condition"
            yield where, f"event {name}: no effect from {cause} changes its hazard", fix
        elif into[cause].acts == "blocks" and state:
            yield where, f"event {name}: it cannot happen once {cause} has", f"write {{{cause}: false}}"
        elif cause in given:
            yield where, f"event {name}: the class of {cause} is conditioned itself", "condition one of them, or break the chain"
        elif behind := sorted(_behind(dossier.effects.values(), cause) & {*given}):
            fix = "condition one of them, or break the chain"
            yield where, f"event {name}: {cause} is worked out from {', '.join(behind)}, whose class is conditioned too", fix


def _behind(effects: Iterable[Effect], event: str) -> frozenset[str]:
    """Return the events on which an event's hazard as a cause depends: its enablers, what leads to it, and theirs."""
    chains = [effect for effect in effects if effect.acts in ("enables", "leads_to", "implies")]
    return reach(lambda name: [effect.from_ for effect in chains if effect.to == name], [event]) - {event}

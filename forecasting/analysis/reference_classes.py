"""What each rival reference class would give: the choice that decides more than any claim, shown side by side."""

from __future__ import annotations

from itertools import chain

import pandas as pd

from forecasting.analysis.context import Context
from forecasting.analysis.registry import columns_of
from forecasting.analysis.rival_draws import asked_of, rival_answers, under_own_class
from forecasting.dossier.events import Event
from forecasting.elicitation.base_rates import base_rate
from forecasting.fitting.fit import EditionFit
from forecasting.inference.gate_report import gated
from forecasting.inference.parallel import in_parallel
from forecasting.models.network.clocks import event_horizon

COLUMNS = columns_of("classes")


@gated
def rival_classes(fit: EditionFit, context: Context | None = None) -> pd.DataFrame:
    """Return, for every open event that a yes/no question names, what its class and each rival give.

    Columns: event, reference_class, chosen, bound (of a rival: ceiling, floor or nothing), base_p (within the reference
    horizon, class alone) with its 90 % interval, question, outcome, p (with all claims and history) with its Monte Carlo
    standard error, k_hat, how. Moving an event to a rival class changes the prior of its marginal hazard only, so draws are
    weighted by the ratio of the two prior densities; where a rival hardly overlaps with the class (k̂ > 0.7, or weights that
    stand for fewer than 200 draws) the event is refitted (`forecasting.analysis.rival_draws`).
    """
    open_events = [
        event
        for event, status in zip(fit.edition.events, fit.structure.statuses, strict=True)
        if status.is_open and asked_of(fit, event)
    ]
    found = in_parallel(lambda event: _rows(fit, event), open_events, context.report if context else None)
    return pd.DataFrame(list(chain.from_iterable(found)), columns=list(COLUMNS))


def _rows(fit: EditionFit, event: Event) -> list[tuple]:
    """Return what an event's class and each of its rivals give."""
    asked, years = asked_of(fit, event), 1.0 if event.scheduled_on else event_horizon(event)
    given = {event.reference_class: under_own_class(fit, event), **rival_answers(fit, event)}
    rows = []
    for name, under in given.items():
        rate = base_rate(fit.edition.dossier.reference_classes[name], fit.edition.dossier.relatives(name))
        low, high = rate.interval(years)
        rows += [
            (event.id, name, name == event.reference_class, event.bound(name), rate.probability(years), low, high,
             question.id, "yes", *under.given[question.id], under.k_hat, under.how)
            for question in asked
        ]  # fmt: skip
    return rows

"""What each rival reference class would give: the choice that decides more than any claim, shown side by side."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import numpy as np
import pandas as pd

from forecasting.analysis.context import Context
from forecasting.analysis.registry import columns_of
from forecasting.dossier.edits import change
from forecasting.dossier.questions import Question
from forecasting.dossier.records import Event
from forecasting.elicitation.base_rates import base_rate, log_density
from forecasting.elicitation.quantify import quantify
from forecasting.fitting.fit import Fit, answer_layer
from forecasting.inference.gate import gated
from forecasting.inference.importance import smoothed_weights
from forecasting.inference.monte_carlo import weighted_mean
from forecasting.inference.parallel import in_parallel
from forecasting.models.network.clocks import event_horizon
from forecasting.models.network.engine import GLANCE, compile_network, layer_evidence
from forecasting.models.network.hazards import stacked_parameters
from forecasting.models.network.structure import RIVAL_RATE, RIVAL_TRIAL, Structure
from forecasting.paths.grids import deadline_grid
from forecasting.rules.edit import edited

THINNED_DRAWS = 1000
COLUMNS = columns_of("classes")


def with_rival(fit: Fit, event: Event, rival_id: str) -> Structure:
    """Return the fit's structure with one event moved to a rival class, in the place kept free for it."""
    s, rival = fit.structure, quantify(fit.edition).get("reference-class", rival_id)
    names = s.coords["reference_class"]
    place = names.index(RIVAL_RATE if fit.edition.dossier.reference_classes[rival_id].unit == "year" else RIVAL_TRIAL)
    shape, spread, event_class = s.class_shape.copy(), s.class_spread.copy(), s.event_class.copy()
    shape[place], spread[place] = rival.shape, rival.spread
    event_class[s.event_ids.index(event.id)] = place
    return replace(s, class_shape=shape, class_spread=spread, event_class=event_class)


def _asked(fit: Fit, event: Event) -> list[tuple[Question, int, str]]:
    """Return (question, position, outcome) for the yes/no questions that name the event."""
    asked = [question for question in fit.edition.questions if question.form.kind == "yes/no"]
    return [(question, 0, "yes") for question in asked if event.id in question.events()]


def _taken_out(fit: Fit, event: Event, log_hazard: np.ndarray) -> np.ndarray:
    """Return log p_class(m_others) − log p_class(m_all): the prior without an event over the prior with it (draw,).

    The members of a class share its rate and spread, so one of them is taken out of their joint density.
    """
    s, own = fit.structure, fit.edition.dossier.reference_classes[event.reference_class]
    k = s.event_ids.index(event.id)
    members = np.flatnonzero(s.event_class == s.event_class[k])
    n = 256 if members.size == 1 else 1024
    relatives = fit.edition.dossier.relatives(own.id)
    others, everyone = log_hazard[:, members[members != k]], log_hazard[:, members]
    return log_density(own, others, n, relatives) - log_density(own, everyone, n, relatives)


def _under_rival(
    fit: Fit, event: Event, rival_id: str, log_ratio: np.ndarray, step: int
) -> tuple[dict[str, float], float, str]:
    """Return P(yes) of the event's questions under a rival class, by weights or, where they fail, by a refit.

    ``log_ratio`` is that of the prior with the rival over the prior as it is, for every ``step``-th posterior draw.
    """
    weights, asked = smoothed_weights(log_ratio), _asked(fit, event)
    classes = fit.edition.dossier.reference_classes
    if fit.network is not None and (classes[event.reference_class].life_table or classes[rival_id].life_table):
        return _aged_rival(fit, event, rival_id), np.inf, "refit"
    if weights.reliable or fit.network is None:
        p = {q.id: float(weighted_mean(weights.values, fit.posterior.answers[q.id].p[::step, i])) for q, i, _ in asked}
        return p, weights.k_hat, "weights"
    s, evidence = with_rival(fit, event, rival_id), fit.posterior.evidence
    trace = fit.network.sample(evidence, random_seed=fit.seed, structure=s, length=GLANCE)
    layer = answer_layer(fit.edition, s, "prior", evidence, trace, fit.seed, deadline_grid(fit.edition))
    return {q.id: float(layer.answers[q.id].p[:, i].mean()) for q, i, _ in asked}, weights.k_hat, "refit"


def _aged_rival(fit: Fit, event: Event, rival_id: str) -> dict[str, float]:
    """Return P(yes) of the event's questions under a class whose hazard changes with age in another way, by a refit."""
    others = tuple({event.reference_class, *event.rivals} - {rival_id})
    network = compile_network(edited(fit.edition, (change(event.id, reference_class=rival_id, rivals=others),)))
    evidence = layer_evidence(network, "posterior")
    trace = network.sample(evidence, random_seed=fit.seed, length=GLANCE)
    layer = answer_layer(network.edition, network.structure, "prior", evidence, trace, fit.seed, deadline_grid(fit.edition))
    return {q.id: float(layer.answers[q.id].p[:, i].mean()) for q, i, _ in _asked(fit, event)}


@gated
def rival_classes(fit: Fit, context: Context | None = None) -> pd.DataFrame:
    """Return, for every open event that a yes/no question names, what its class and each rival give.

    Columns: event, reference_class, chosen, base_p (within the reference horizon, class alone) with its 90 % interval,
    question, outcome, p (with all claims and history), k_hat, how. Moving an event to a rival class changes the prior
    of its marginal hazard only, so draws are weighted by the ratio of the two prior densities; a rival that hardly
    overlaps with the class (k̂ > 0.7, or a fifth of the draws left) is refitted.
    """
    open_events = [
        event
        for event, status in zip(fit.edition.events, fit.structure.statuses, strict=True)
        if status.is_open and _asked(fit, event)
    ]
    log_hazard = stacked_parameters(fit.posterior.trace["posterior"].to_dataset(), fit.structure).log_hazard
    step = max(1, log_hazard.shape[0] // THINNED_DRAWS)
    log_hazard = log_hazard[::step]

    def rows(event: Event) -> list[tuple]:
        return _rows(fit, event, log_hazard, step)

    found = in_parallel(rows, open_events, context.report if context else None)
    return pd.DataFrame(list(chain.from_iterable(found)), columns=list(COLUMNS))


def _rows(fit: Fit, event: Event, log_hazard: np.ndarray, step: int) -> list[tuple]:
    """Return what an event's class and each of its rivals give, for every ``step``-th draw."""
    m = log_hazard[:, fit.structure.event_ids.index(event.id)]
    rest = _taken_out(fit, event, log_hazard) if event.rivals else np.zeros_like(m)
    years = 1.0 if event.scheduled_on else event_horizon(event)
    rows = []
    for name in (event.reference_class, *event.rivals):
        counted, relatives = fit.edition.dossier.reference_classes[name], fit.edition.dossier.relatives(name)
        rate = base_rate(counted, relatives)
        chosen = name == event.reference_class
        if chosen:
            own = {q.id: float(fit.posterior.answers[q.id].p[:, j].mean()) for q, j, _ in _asked(fit, event)}
            p, k_hat, how = own, 0.0, "fit"
        else:
            ratio = log_density(counted, m, relatives=relatives) + rest
            p, k_hat, how = _under_rival(fit, event, name, ratio, step)
        low, high = rate.interval(years)
        rows += [
            (event.id, name, chosen, rate.probability(years), low, high, q.id, outcome, p[q.id], k_hat, how)
            for q, _, outcome in _asked(fit, event)
        ]
    return rows

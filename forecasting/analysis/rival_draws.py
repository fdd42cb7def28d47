"""Answers under rival reference classes: the draws at hand weighted, or one refit that serves all rivals of an event.

Moving an event to another class changes the prior of its marginal log hazard m and nothing else, so draws of one posterior are
draws of the other with weights p_new(m) / p_old(m). The members of a class share its rate, so both densities are given the log
hazards of the other events that are counted in the class, as after a change of the record. Where the two hardly overlap, the
event is refitted in a class made for the purpose, as wide as its rivals are together, and those draws are weighted back to each
rival.

References
----------
Torrie, G. M. and Valleau, J. P. (1977), *Nonphysical sampling distributions in Monte Carlo free-energy estimation: umbrella
sampling*, J. Comput. Phys. 23 (one sample from a distribution that covers several, weighted back to each).
Vehtari, A., Simpson, D., Gelman, A., Yao, Y. and Gabry, J. (2024), *Pareto smoothed importance sampling*, JMLR 25.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.edits import Change, change
from forecasting.dossier.events import Event
from forecasting.dossier.questions import Question
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.elicitation.base_rates import base_rate, class_shape, interpolated_log_density, log_density
from forecasting.fitting.fit import EditionFit
from forecasting.fitting.layers import LayerFit, answer_layer
from forecasting.inference.importance import MAX_K_HAT, Weights, smoothed_weights
from forecasting.inference.monte_carlo import mcse, weighted_errors, weighted_mean
from forecasting.inference.sample import Length
from forecasting.models.network.engine import GLANCE, QUICK, CompiledNetwork, compile_network, layer_evidence
from forecasting.models.network.evidence import Evidence
from forecasting.models.network.hazards import class_log_hazard
from forecasting.models.network.structure import RIVAL_RATE, RIVAL_TRIAL, Structure
from forecasting.paths.grids import deadline_grid
from forecasting.rules.edit import edited

MIN_EFFECTIVE = 200  # draws that weights must stand for: a standard error of 0.07 of an answer's spread
JOINT_DRAWS = 4000  # draws looked at where a class has other members: their joint density is a sum for each draw
POINTS = 1024  # quasi-random points over the rate and the spread of such a class
KNOWN = 100.0  # events behind the rate of the class made for a refit: it is known to a tenth, and its members spread


type Given = Mapping[str, tuple[float, float]]  # by question: P(yes), and its Monte Carlo standard error


@dataclass(frozen=True)
class UnderRival:
    """P(yes) of an event's questions under a rival class with its error, the k̂ of the weights tried first, how it was found."""

    given: Given
    k_hat: float
    how: str


def asked_of(fit: EditionFit, event: Event) -> list[Question]:
    """Return the yes/no questions that name an event; their one outcome is *yes*."""
    asked = [question for question in fit.edition.questions if question.form.kind == "yes/no"]
    return [question for question in asked if event.id in question.events()]


@dataclass(frozen=True)
class Seen:
    """Draws of the log hazards of all events (draw, event), with the joint densities of classes' members that were asked of them.

    The events of a class ask for the density of the same members, each in its turn.
    """

    log_hazard: np.ndarray
    found: dict[tuple[str, tuple[int, ...]], np.ndarray] = field(default_factory=dict, repr=False, compare=False)

    def joint(self, counted: ReferenceClass, relatives: Sequence[ReferenceClass], members: Iterable[int]) -> np.ndarray:
        """Return the joint prior log density (draw,) of the log hazards of some members of a class."""
        key = counted.id, tuple(sorted(int(k) for k in members))
        if key not in self.found:
            self.found[key] = log_density(counted, self.log_hazard[:, key[1]], POINTS, relatives)
        return self.found[key]


def rival_answers(fit: EditionFit, event: Event) -> dict[str, UnderRival]:
    """Return what each rival of an event gives, by weights where they are to be trusted, else by a refit.

    A rival whose hazard changes with age in another way has a refit of its own.
    """
    classes = fit.edition.dossier.reference_classes
    aged = [name for name in event.rivals if classes[event.reference_class].life_table or classes[name].life_table]
    weights, step = _posterior_weights(fit, event)
    at_hand = {question.id: fit.posterior.answers[question.id].p[::step, 0] for question in asked_of(fit, event)}
    found, left = {}, []
    for name, one in weights.items():
        if fit.network is not None and name in aged:
            found[name] = UnderRival(_aged_rival(fit, event, name), np.inf, "refit")
        elif fit.network is None or _enough(one):
            found[name] = UnderRival(_weighted(one, at_hand), one.k_hat, "weights")
        else:
            left.append(name)
    for name, p in _refitted(fit, event, left).items() if left else ():
        found[name] = UnderRival(p, weights[name].k_hat, "refit")
    return {name: found[name] for name in event.rivals}


def _enough(weights: Weights) -> bool:
    """Return whether weights are to be trusted (k̂ at most 0.7) and stand for enough draws."""
    return weights.k_hat <= MAX_K_HAT and weights.share * weights.values.size >= MIN_EFFECTIVE


def _weighted(weights: Weights, answers: Mapping[str, np.ndarray]) -> Given:
    w = weights.values
    return {name: (float(weighted_mean(w, p)), float(weighted_errors(w, p[:, None])[0])) for name, p in answers.items()}


def _posterior_weights(fit: EditionFit, event: Event) -> tuple[dict[str, Weights], int]:
    """Return the weights of the posterior draws for each rival, and that they are for every n-th draw.

    They are p_rival(m | m of the rival's members) / p_class(m | m of the others in its class).
    """
    alone = all(others_in(fit.structure, event.id, name).size == 0 for name in (event.reference_class, *event.rivals))
    seen, step = _seen(fit, 1 if alone else JOINT_DRAWS)
    own = log_density_in(fit, event.id, event.reference_class, seen)
    return {name: smoothed_weights(log_density_in(fit, event.id, name, seen) - own) for name in event.rivals}, step


def _seen(fit: EditionFit, at_most: int) -> tuple[Seen, int]:
    """Return every n-th posterior draw, and n: 1, or what leaves about as many as are to be looked at."""
    key = f"log hazards seen, {at_most}"
    if key not in fit.kept:
        log_hazard = class_log_hazard(fit.posterior.trace["posterior"].to_dataset())
        step = 1 if at_most == 1 else max(1, len(log_hazard) // at_most)
        fit.kept[key] = Seen(log_hazard[::step]), step
    return fit.kept[key]


def others_in(s: Structure, event_id: str, class_id: str) -> np.ndarray:
    """Return the positions of the other events that are counted in a class; none if no event of the network is."""
    classes = s.coords["reference_class"]
    place = classes.index(class_id) if class_id in classes else -1
    return np.flatnonzero((s.event_class == place) & (np.arange(len(s.event_ids)) != s.event_ids.index(event_id)))


def log_density_in(fit: EditionFit, event_id: str, class_id: str, seen: Seen) -> np.ndarray:
    """Return the prior log density of an event's log hazard in a class, given those of the class's other members.

    Parameters
    ----------
    seen : Seen
        Of every event (draw, event), as `forecasting.models.network.hazards.class_log_hazard`.

    Returns
    -------
    (draw,) array
    """
    s, dossier = fit.structure, fit.edition.dossier
    counted, relatives = dossier.reference_classes[class_id], dossier.relatives(class_id)
    k, others = s.event_ids.index(event_id), others_in(s, event_id, class_id)
    if not others.size:
        return interpolated_log_density(counted, seen.log_hazard[:, k], relatives)
    together, given = (seen.joint(counted, relatives, members) for members in ([k, *others], others))
    return together - given


def _refitted(fit: EditionFit, event: Event, names: Sequence[str]) -> dict[str, Given]:
    """Return P(yes) of the event's questions under each of some rivals, from one refit where it serves them all.

    A rival for which the weights from that refit fail has a refit of its own.
    """
    dossier = fit.edition.dossier
    rivals = {name: (dossier.reference_classes[name], tuple(dossier.relatives(name))) for name in names}
    if len(names) == 1:
        s = with_class(fit.structure, event.id, *rivals[names[0]])
        return {names[0]: _means(_answers(fit, event, _sampled(fit, s, GLANCE)), GLANCE.chains)}
    wide = wide_class(list(rivals.values()), fit.structure)
    layer = _sampled(fit, with_class(fit.structure, event.id, wide), QUICK)
    seen = Seen(class_log_hazard(layer.trace["posterior"].to_dataset()))
    drawn = interpolated_log_density(wide, seen.log_hazard[:, fit.structure.event_ids.index(event.id)])
    answers, found = _answers(fit, event, layer), dict[str, Given]()
    for name in rivals:
        weights = smoothed_weights(log_density_in(fit, event.id, name, seen) - drawn)
        found[name] = _weighted(weights, answers) if _enough(weights) else _refitted(fit, event, [name])[name]
    return found


def wide_class(rivals: Sequence[tuple[ReferenceClass, Sequence[ReferenceClass]]], s: Structure) -> ReferenceClass:
    """Return a class whose members' log hazards have the mean and the variance of the rivals' together.

    Its own rate is known to a tenth and its members differ by ω z, ω half-normal and z normal, whose tails fall off like
    exp(−|m|/spread): no rival's own tail falls off more slowly by much.

    Parameters
    ----------
    rivals : sequence of (class, its relatives)
        Two or more.
    s : Structure
        Of the network that it goes into: counted per year if that has a place for such a class, else per trial.
    """
    values = [base_rate(counted, relatives).log_hazard for counted, relatives in rivals]
    centre, together = float(np.mean(values)), np.concatenate(values)
    yearly = RIVAL_RATE in s.rate_classes
    exposure = KNOWN / np.exp(centre) if yearly else KNOWN / -np.expm1(-np.exp(centre))
    made = {
        "id": "rivals-together", "events": KNOWN, "exposure": float(exposure), "unit": "year" if yearly else "trial",
        "spread": float(together.std()), "borrows": (), "life_table": (), "note": "covers the rivals of an event",
    }  # fmt: skip
    return rivals[0][0].model_copy(update=made)


def with_class(s: Structure, event_id: str, counted: ReferenceClass, relatives: Sequence[ReferenceClass] = ()) -> Structure:
    """Return a structure with one event moved to another class: beside its other members, or else in the place kept free."""
    classes = s.coords["reference_class"]
    if counted.id in classes:
        event_class = s.event_class.copy()
        event_class[s.event_ids.index(event_id)] = classes.index(counted.id)
        return replace(s, event_class=event_class)
    place = classes.index(RIVAL_RATE if counted.unit == "year" else RIVAL_TRIAL)
    shape, spread, event_class = s.class_shape.copy(), s.class_spread.copy(), s.event_class.copy()
    shape[place], spread[place] = class_shape(counted, relatives), counted.spread
    event_class[s.event_ids.index(event_id)] = place
    return replace(s, class_shape=shape, class_spread=spread, event_class=event_class)


def _sampled(fit: EditionFit, s: Structure, length: Length) -> LayerFit:
    assert fit.network is not None
    return _layer(fit, fit.network, s, fit.posterior.evidence, length)


def _layer(fit: EditionFit, network: CompiledNetwork, s: Structure, evidence: Evidence, length: Length) -> LayerFit:
    trace = network.sample(evidence, random_seed=fit.seed, structure=s, length=length)
    return answer_layer(network.edition, s, "prior", evidence, trace, fit.seed, deadline_grid(fit.edition))


def _answers(fit: EditionFit, event: Event, layer: LayerFit) -> dict[str, np.ndarray]:
    return {question.id: layer.answers[question.id].p[:, 0] for question in asked_of(fit, event)}


def _means(answers: Mapping[str, np.ndarray], n_chains: int) -> Given:
    return {name: (float(p.mean()), mcse(p, n_chains)) for name, p in answers.items()}


def under_own_class(fit: EditionFit, event: Event) -> UnderRival:
    """Return what the class gives that was chosen: the answers of the fit."""
    answers = {question.id: fit.posterior.answers[question.id].p[:, 0] for question in asked_of(fit, event)}
    return UnderRival(_means(answers, fit.posterior.trace["posterior"].sizes["chain"]), 0.0, "fit")


def counted_as(edition: EditionDossier, event: Event, rival_id: str) -> Change:
    """Return the change of an event that has it counted in a rival class, the chosen one among the rivals.

    A rival without a life table has one hazard at every age, so that a clock of the event's own has nothing to say in it.
    """
    others = tuple(name for name in (event.reference_class, *event.rivals) if name != rival_id)
    aged = bool(edition.dossier.reference_classes[rival_id].life_table)
    clock = {} if aged or event.clock_starts_on is None else {"clock_starts_on": None}
    bounds = {
        field: {name: why for name, why in named.items() if name != rival_id}
        for field, named in (("ceilings", event.ceilings), ("floors", event.floors)) if rival_id in named
    }  # fmt: skip
    return change(event.id, reference_class=rival_id, rivals=others, **bounds, **clock)


def _aged_rival(fit: EditionFit, event: Event, rival_id: str) -> Given:
    """Return P(yes) of the event's questions under a class whose hazard changes with age in another way, by a refit."""
    network = compile_network(edited(fit.edition, (counted_as(fit.edition, event, rival_id),)))
    layer = _layer(fit, network, network.structure, layer_evidence(network, "posterior"), GLANCE)
    return _means(_answers(fit, event, layer), GLANCE.chains)

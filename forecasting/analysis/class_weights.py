"""Draws of a fit weighed for events that are counted in other classes: the ratio of two prior densities and nothing else.

An event's class is the prior of its log hazard m. The members of a class share its rate and their spread, which are summed
over, so that the ratio is Π p_new(m of a class's members) / Π p_old(m of a class's members) over the classes that an event
leaves or joins, each a joint density (`forecasting.elicitation.base_rates.log_density`).

References
----------
Gelman et al. (2013), *Bayesian Data Analysis*, 3rd ed., section 10.4 (draws of one density weighed as those of another).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import xarray as xr

from forecasting.analysis.rival_draws import POINTS
from forecasting.analysis.what_if import class_ratio
from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.base_rates import interpolated_log_density, log_density
from forecasting.models.network.hazards import class_log_hazard
from forecasting.models.network.structure import Structure


def moved_events(old: EditionDossier, new: EditionDossier) -> tuple[str, ...]:
    """Return the events that a changed edition counts in another class."""
    before = {event.id: event.reference_class for event in old.events}
    return tuple(event.id for event in new.events if before.get(event.id, event.reference_class) != event.reference_class)


def in_old_classes(old: EditionDossier, new: EditionDossier, events: Iterable[str]) -> EditionDossier:
    """Return a changed edition with some events counted as they were, all else as it is changed."""
    first = {name: old.dossier.events[name] for name in events}
    dossier = replace(new.dossier, events=MappingProxyType({**new.dossier.events, **first}))
    return dossier.edition(new.edition.id)


def touched_classes(old: EditionDossier, new: EditionDossier) -> tuple[str, ...]:
    """Return the classes that an event leaves or joins, by their ids."""
    events = moved_events(old, new)
    return tuple(sorted({edition.dossier.events[name].reference_class for edition in (old, new) for name in events}))


def weighable(old: EditionDossier, new: EditionDossier) -> bool:
    """Return whether a move of events changes the prior of their hazards alone.

    It does not where a class has a life table, by which the hazard of an event changes with its age; and where the spread of
    such a class is changed too, a draw stands for other hazards.
    """
    classes = [(old.dossier.reference_classes[name], new.dossier.reference_classes[name]) for name in touched_classes(old, new)]
    return all(not one.life_table and not other.life_table and one.spread == other.spread for one, other in classes)


def prior_ratio(posterior: xr.Dataset, old: EditionDossier, new: EditionDossier, first: Structure, s: Structure) -> np.ndarray:
    """Return the log of the new over the old prior density of draws under other counts of classes and other classes of events.

    Parameters
    ----------
    posterior : Dataset
        The draws, as the old network has them.
    old, new : EditionDossier
        Before and after, with the same events.
    first, s : Structure
        Of the old edition, and of the new one with its events in their old classes (`in_old_classes`).

    Returns
    -------
    (draw,) array
        Of the classes that no event leaves or joins, that of their rates (`forecasting.analysis.what_if.class_ratio`).
    """
    touched = touched_classes(old, new)
    places = [place for place, name in enumerate((*s.rate_classes, *s.trial_classes)) if name in touched]
    shape = s.class_shape.copy()
    shape[places] = first.class_shape[places]
    total = class_ratio(posterior, first, replace(s, class_shape=shape))
    m = class_log_hazard(posterior)
    for name in touched:
        total = total + _joint(new, name, m) - _joint(old, name, m)
    return total


def _joint(edition: EditionDossier, class_id: str, m: np.ndarray) -> np.ndarray:
    """Return the joint log density of the log hazards (draw, event) of a class's members (draw,)."""
    members = [k for k, event in enumerate(edition.events) if event.reference_class == class_id]
    counted, relatives = edition.dossier.reference_classes[class_id], edition.dossier.relatives(class_id)
    if len(members) == 1:
        return interpolated_log_density(counted, m[:, members[0]], relatives)
    return log_density(counted, m[:, members], POINTS, relatives)

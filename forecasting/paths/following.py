"""The kernel's part on what follows from a cause after a while, and on effects that begin, fade and end.

A *lead* makes its target happen with probability q at T + lag, T the time of its cause and the lag exponential with mean L.
Known is T and not whether the lag has passed, so its target is at the hazard of the mixture: with u = t − T

    P(not followed by t) = 1 − A(t),     A(t) = ∫ q/L e^{−u/L} du over the time in which the target can happen.

What would come while the target is blocked, or waits for an enabler, does not come. A lag of 0 puts all of q on T itself.

An effect that fades has the log ratio β 2^{−n/4} after n quarters of its half-life, and none after twenty (five half-lives):
between two changes every hazard is constant, so that the simulation stays exact without time steps.

References
----------
Neuts, M. F. (1981), *Matrix-Geometric Solutions in Stochastic Models*, ch. 2 (an exponential stage as a phase: the master
equation that tests hold this to).
"""

from __future__ import annotations

import numba
import numpy as np

FAR = np.inf
FADED = 20  # quarters of a half-life after which nothing is left


@numba.njit(nogil=True, cache=True)
def is_open(k):
    """Return whether an event can happen: it waits for no enabler, and nothing blocks it."""
    return k.waiting == 0 and k.blocked == 0


@numba.njit(nogil=True, cache=True)
def mass_between(lead, since, until):
    """Return the probability that a lead's target follows between two times, for one that has begun and has a lag."""
    if lead.lag == 0.0 or lead.begun > since:
        return 0.0
    return lead.q * (np.exp((lead.begun - since) / lead.lag) - np.exp((lead.begun - until) / lead.lag))


@numba.njit(nogil=True, cache=True)
def not_followed(k, leads, until):
    """Return P(no lead into an event has been followed by a time | none had when the event's state was last known)."""
    left = 1.0
    for i in range(k.first_lead, k.end_lead):
        mass = leads[i].mass
        if is_open(k):
            mass += mass_between(leads[i], k.since, until)
        if leads[i].mass0 < 1.0:
            left *= max(1.0 - mass, 0.0) / (1.0 - leads[i].mass0)
    return left


@numba.njit(nogil=True, cache=True)
def follow(k, leads, until):
    """Bring the leads into an event up to a time."""
    if is_open(k) and until > k.since:
        for i in range(k.first_lead, k.end_lead):
            leads[i].mass += mass_between(leads[i], k.since, until)


@numba.njit(nogil=True, cache=True)
def known_before(k, leads):
    """Set how far the leads of known causes have come by the time from which an event is simulated."""
    for i in range(k.first_lead, k.end_lead):
        lead = leads[i]
        if lead.begun < FAR and is_open(k):
            if lead.lag > 0.0:
                since = max(lead.begun, k.enabled0)
                lead.mass0 = mass_between(lead, min(since, k.since), k.since)
            lead.first = lead.q if lead.lag == 0.0 and lead.begun == k.since else lead.mass0
        lead.begun0, lead.mass = lead.begun, lead.first


@numba.njit(nogil=True, cache=True)
def at_once(k, leads, t):
    """Let leads without a lag put their mass on the time of their cause, if their target can happen."""
    if is_open(k) and t >= k.since:
        for i in range(k.first_lead, k.end_lead):
            if leads[i].lag == 0.0 and leads[i].begun == t and leads[i].mass == 0.0:
                leads[i].mass = leads[i].q


@numba.njit(nogil=True, cache=True)
def follows_at(k, leads):
    """Return when the first of an event's leads makes it happen if nothing touches it any more."""
    first = FAR
    if not is_open(k):
        return first
    for i in range(k.first_lead, k.end_lead):
        lead = leads[i]
        if lead.begun == FAR:
            continue
        need = lead.mass0 + lead.threshold * (1.0 - lead.mass0) - lead.mass
        if need <= 0.0:
            first = min(first, k.since)
        elif lead.lag > 0.0:
            left = np.exp((lead.begun - k.since) / lead.lag) - need / lead.q if lead.q > 0.0 else 0.0
            if left > 0.0:
                first = min(first, lead.begun - lead.lag * np.log(left))
    return first


@numba.njit(nogil=True, cache=True)
def level(n):
    """Return what is left of the log ratio of an effect after n quarters of its half-life."""
    return 2.0 ** (-n / 4) if n < FADED else 0.0


@numba.njit(nogil=True, cache=True)
def turn(k, leads, effect, n, t):
    """Let the n-th change of an effect act on its target's state, the first (0) its beginning; return when the next comes."""
    over = t >= effect.until
    if n == 0 and over:
        return FAR
    if effect.kind == 0:
        if n == 0:
            k.factor *= effect.ratio
        else:
            k.factor *= effect.ratio ** ((0.0 if over else level(n)) - level(n - 1))
    elif effect.kind == 1:
        k.waiting -= 1
        if k.waiting == 0 and np.isnan(k.clock):
            k.clock = t
    elif effect.kind == 2:
        k.blocked += -1 if over else 1
    else:
        leads[effect.lead].begun = t
    if over or n >= FADED:
        return FAR
    return min(t + effect.quarter, effect.until)

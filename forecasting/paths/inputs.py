"""What the simulator starts from: hazards per draw, the state of each event, and the calendar ahead."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

MULTIPLIES, ENABLES, BLOCKS, LEADS = 0, 1, 2, 3


@dataclass(frozen=True)
class World:
    """Hazards and states on the eve of the simulation; time is in years from the as-of date.

    An event's hazard per year (of operational time, if it changes with age; for a scheduled event, the cumulative hazard of
    its date) with no cause happened is constant over *pieces*, which begin where a signal on the event begins or expires.
    The pieces of event k are ``first_piece[k]`` up to ``first_piece[k + 1]``. An event whose state was last known before
    the as-of date is simulated from then on (``start`` < 0).

    An effect acts from the moment its cause happens, and not before ``effect_begins``; it ends at ``effect_until``, and the
    logarithm of its ratio falls by a half in every ``effect_half_life``, in quarters of it (`forecasting.paths.following`).
    One that leads to its target makes it happen, with the probability that stands in ``ratio``, after an exponential lag of
    mean ``effect_lag``; at once where that is 0.
    """

    event_ids: tuple[str, ...]
    as_of: dt.date
    hazard: np.ndarray  # (draw, piece)
    first_piece: np.ndarray  # (event + 1,)
    piece_start: np.ndarray  # (piece,)
    ratio: np.ndarray  # (draw, effect) hazard ratio; of one that leads to its target the probability that it follows
    effect_from: np.ndarray  # (effect,)
    effect_to: np.ndarray
    effect_kind: np.ndarray
    effect_lag: np.ndarray  # (effect,) years; 0 if at once, and for other kinds
    effect_begins: np.ndarray  # (effect,) time, or −inf
    effect_until: np.ndarray  # (effect,) time, or inf
    effect_half_life: np.ndarray  # (effect,) years, or inf
    occurred: np.ndarray  # (event,) time at which it happened, or inf
    start: np.ndarray  # (event,)
    scheduled: np.ndarray  # (event,) time of the date, or inf
    n_chains: int
    kappa: np.ndarray  # (draw, aged) shapes of the hazards that change with age
    aged: np.ndarray  # (event,) position among them, or −1
    scale: np.ndarray  # (event,) years T of the life table
    clock: np.ndarray  # (event,) time at which the clock starts; nan if only when an enabler happens

    @property
    def n_draws(self) -> int:
        """Number of posterior draws."""
        return self.hazard.shape[0]

    @property
    def begin(self) -> float:
        """The time from which the simulation runs: the oldest of the states that were last known, or now."""
        return float(np.min(self.start[np.isinf(self.occurred)], initial=0.0))

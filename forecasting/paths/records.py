"""The records that the simulator's kernel keeps its state in: one array each for events, pieces, effects and leads.

A compiled function is handed few arrays, and what belongs together lies together.
"""

from __future__ import annotations

import numpy as np

EVENT = np.dtype(
    [
        # the same for all draws
        ("first_piece", "i8"), ("end_piece", "i8"),
        ("first_effect", "i8"), ("end_effect", "i8"),  # effects out of it
        ("first_lead", "i8"), ("end_lead", "i8"),  # leads into it
        ("aged", "i8"), ("scale", "f8"), ("clock0", "f8"),
        ("occurred", "f8"), ("start", "f8"), ("scheduled", "f8"),
        ("has_date", "b1"),  # its date lies ahead
        ("uncertain", "b1"),  # an open event is among its ancestors: its survival is an average over paths
        ("held", "b1"),  # kept from happening
        # the same for all paths of a draw
        ("kappa", "f8"), ("factor0", "f8"), ("waiting0", "i8"), ("blocked0", "i8"),
        ("enabled0", "f8"),  # when the last of its enablers is known to have happened, or −inf
        ("total", "f8"),  # integrated hazard at the end of the baseline
        ("on_date", "f8"),  # sum over paths of P(not on its date)
        # changes along a path
        ("threshold", "f8"), ("time", "f8"),
        ("factor", "f8"),  # product of the ratios of what has happened
        ("waiting", "i8"),  # enablers that have not happened
        ("blocked", "i8"),  # effects that block it now
        ("clock", "f8"),
        ("since", "f8"), ("cumulative", "f8"),  # hazard integrated up to a time
        ("piece", "i8"), ("at_grid", "i8"),  # next date of the grid whose survival is to be added
        ("version", "i8"),  # entries of the heap with an older one are void
        ("is_touched", "b1"),
    ],
    align=True,
)  # fmt: skip
PIECE = np.dtype([("start", "f8"), ("hazard", "f8")], align=True)
EFFECT = np.dtype(
    [
        ("to", "i8"), ("kind", "i8"), ("ratio", "f8"),
        ("lead", "i8"),  # its place among the leads, or −1
        ("begins", "f8"), ("until", "f8"), ("quarter", "f8"),  # dates, and a quarter of its half-life; or −inf, inf, inf
        ("next0", "f8"), ("n0", "i8"),  # the next of its changes after the beginning, and its number; of a known cause
    ],
    align=True,
)  # fmt: skip
LEAD = np.dtype(
    [
        ("lag", "f8"),
        # the same for all paths of a draw
        ("q", "f8"), ("begun0", "f8"),
        ("mass0", "f8"),  # probability of having followed by when the event's state was last known, which it had not
        ("first", "f8"),  # ``mass`` at the beginning: ``mass0``, and what falls on that very time
        # changes along a path
        ("threshold", "f8"),  # uniform: it follows when ``mass`` reaches it
        ("begun", "f8"),  # when its cause happened, or inf
        ("mass", "f8"),  # probability of having followed by the event's ``since``
    ],
    align=True,
)  # fmt: skip

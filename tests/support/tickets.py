"""An edition of the small dossier that asks about tickets sold and people carried over, with every kind of series."""

from __future__ import annotations

import datetime as dt
import tempfile
from functools import cache
from pathlib import Path

from broken_dossiers import edit
from builders import write_dossier
from rule_cases_of_counts import ASKED, COUNTS, SERIES, SOLD, TICKETS
from rule_edits import EDITION, QUESTIONS

from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.rules.load import load_dossier

PROJECT = Path(__file__).resolve().parents[2]
AS_OF = dt.date(2024, 7, 1)
ISLANDERS = """\
- id: islanders
  title: People on the island
  unit: people
  kind: stock
  counted_by: harbour-office
  registers: [{id: church-book, spread: 0.05, why: Children are counted later there.}]
  starts_on: 2022-01-01
  counts_what: People who are registered on the island.
  level: {median: 10000, spread: 0.5, why: A small island.}
  drift: {mean: 0.0, spread: 0.05, half_life_years: 2.0, why: Births and deaths.}
  wander: {median: 0.05, spread: 0.5, why: Seasons differ.}
  noise: {median: 0.01, spread: 0.5, why: Slips are lost.}
- id: leavers
  title: People who left the island since the toll of 2024
  unit: people
  kind: total
  counted_by: harbour-office
  starts_on: 2022-01-01
  out_of: islanders
  total_since: 2024-01-01
  counts_what: People who gave up their register.
  level: {median: 0.02, spread: 0.5, why: Few leave.}
  drift: {mean: 0.0, spread: 0.1, why: No trend is argued.}
  wander: {median: 0.3, spread: 0.5, why: Rumours.}
  noise: {median: 0.1, spread: 0.5, why: Forms lie about.}
  season: {spread: 0.2, why: Leases end in spring.}
  shifts: [{on: 2024-01-01, becomes: {median: 0.1, spread: 0.8, why: The toll came.}}]
"""
PEOPLE = """\
is-001,islanders,harbour-office,,2022-12-31,10100,1,2023-02-01,confirmed,Harbour office,
is-002,islanders,church-book,,2023-06-30,9800,100,2023-08-01,confirmed,Church,
is-003,islanders,harbour-office,,2023-12-31,10050,1,2024-02-01,confirmed,Harbour office,
is-004,islanders,harbour-office,,2024-08-31,9100,1,2024-10-01,confirmed,Harbour office,
le-001,leavers,harbour-office,2022-01-01,2023-12-31,400,10,2024-02-01,confirmed,Harbour office,
le-002,leavers,harbour-office,2024-01-01,2024-03-31,250,10,2024-04-05,confirmed,Harbour office,
le-003,leavers,harbour-office,2024-01-01,2024-06-15,420,10,2024-06-20,confirmed,Harbour office,
le-004,leavers,harbour-office,2024-01-01,2024-09-30,900,10,2024-10-05,confirmed,Harbour office,
"""
MORE = """\
- {id: leavers-2025, title: Will 1500 have left by the end of 2025?, reaches: {quantity: leavers, level: 1500, by: 2025-12-31}}
- {id: islanders-2025, title: Under 9500 people?, between: {quantity: islanders, low: 8500, high: 9500, at: 2025-12-31}}
"""


@cache
def tickets_dossier() -> Dossier:
    """Return the small dossier with three series, their counts, some of them later than the edition, and a question on each."""
    with tempfile.TemporaryDirectory() as folder:
        root = write_dossier(Path(folder), PROJECT)
        asked = "questions: [tickets-2025, leavers-2025, islanders-2025, "
        for change in (
            (SERIES, "", TICKETS + ISLANDERS), (COUNTS, "", SOLD + PEOPLE), (QUESTIONS, "", ASKED + MORE),
            (EDITION, "questions: [", asked),
        ):  # fmt: skip
            edit(root, *change)
        return load_dossier(root)


@cache
def tickets_edition() -> EditionDossier:
    """Return its edition."""
    return tickets_dossier().edition("2024-07-ferry")

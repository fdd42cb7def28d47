"""Points of a backtest with numbers that tests know by heart, and tasks of small dossiers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

from forecasting.backtest.known_on import known_on
from forecasting.backtest.points import Point, Said
from forecasting.backtest.tasks import Length, Prepared, Task, prepare, program_digest, records_digest
from forecasting.dossier.edition import Dossier
from forecasting.forecasts import Gate

EDITION = "2024-07-ferry"
DAY = dt.date(2024, 7, 1)
PASSED, BLOCKED = Gate(11), Gate(11, ("R-hat 1.03 at log_hazard[pact-signed], wanted ≤ 1.01",))


def said(p: float) -> Said:
    return Said(p, max(0.0, p - 0.1), min(1.0, p + 0.1), max(0.0, p - 0.2), min(1.0, p + 0.2), 0.002)


def point(day: str, answers: dict[str, dict[str, float]], variant: str = "all-evidence", gate: Gate = PASSED) -> Point:
    """Return a point that says some probabilities, by question and outcome."""
    return Point(
        edition=EDITION, variant=variant, as_of=dt.date.fromisoformat(day), seed=1, draws="4 × 1,000", gate=gate,
        answers={name: {outcome: said(p) for outcome, p in own.items()} for name, own in answers.items()}, answered={},
        left_out={}, n_events=2, n_claims=3, n_history=2, structure="one", made_from="these",
    )  # fmt: skip


def light(dossier: Dossier) -> Dossier:
    """Return a dossier whose edition has few draws: the gate will not pass them, and bytes are compared all the same."""
    edition = dossier.editions[EDITION].model_copy(update={"draws": 150, "paths_per_draw": 4})
    return replace(dossier, editions=MappingProxyType({EDITION: edition}))


def task(dossier: Dossier, day: dt.date, variant: str = "all-evidence", length: Length = "short") -> Task:
    return Task(str(dossier.root), records_digest(dossier), program_digest(), EDITION, variant, day, length)


def prepared(dossier: Dossier, day: dt.date, variant: str = "all-evidence") -> Prepared:
    return prepare(dossier, known_on(dossier, dossier.editions[EDITION], day), task(dossier, day, variant))

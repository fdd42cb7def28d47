"""Elicitations in tests: the prior that each begins with, and what is shown once messages have been answered."""

from __future__ import annotations

from typing import Any

import forecasting as fc
from forecasting.lab.elicit.session import Session

WHO: dict[str, Any] = {"about": "P(a deal within a year)", "analyst": "A. Analyst", "made_on": "2024-12-13"}
SIGNED = {"do": "sign", "id": "deal-a-2", "analyst": "B. Analyst", "reason": "The talks were put off."}
WIDER = {"do": "set", "field": "upper", "value": 0.55}


def ranged(**changed: Any) -> fc.ElicitedPrior:
    """A range that was asked for: the fit takes milliseconds."""
    return fc.maxent("Beta", 0.1, 0.4, 0.8, **{"id": "deal-a", "years": 1, **WHO, **changed})


def quartered(family: str = "Beta") -> fc.ElicitedPrior:
    """Quartiles, fitted with PreliZ."""
    return fc.quartile(family, 0.15, 0.25, 0.4, id="deal-a", years=1, **WHO)


def chipped() -> fc.ElicitedPrior:
    """Chips, fitted with PreliZ."""
    return fc.roulette("Beta", 0, 1, [1, 3, 4, 2, 0, 0, 0, 0, 0, 0], id="deal-a", years=1, **WHO)


def shared() -> fc.ElicitedPrior:
    """Shares of a set, fitted with PreliZ."""
    names = ["talks", "open border", "relations"]
    return fc.dirichlet([0.5, 0.3, 0.2], bound=0.1, outcomes=names, id="stages", **{**WHO, "about": "Stage reached by 2026"})


def answered(session: Session, *messages: Any) -> dict[str, Any]:
    """Return what is shown once some messages have been answered."""
    for message in messages:
        session.handle(message)
        session.wait()
    return session.view()

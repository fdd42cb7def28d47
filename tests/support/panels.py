"""Sessions of the panel in tests: a message that is sent and waited for, and a fit whose records may be written."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from toy import toy_priors

from forecasting.lab.panel.follow import Follower
from forecasting.lab.panel.session import Session
from forecasting.rules.load import load_dossier

SOFTER = {"do": "set", "record": "n-001", "field": "credibility", "value": 6}


def settled(session: Session, *messages: dict[str, Any]) -> dict[str, Any]:
    """Return what is shown once some messages have been answered."""
    for message in messages:
        session.handle(message)
    session.wait()
    return session.view()


def on_its_own_copy(follower: Follower, folder: Path) -> Follower:
    """Return the same fit with its records in a folder of their own."""
    shutil.copytree(toy_priors(), folder / "priors")
    edition = load_dossier(folder / "priors").edition(follower.fit.edition.edition.id)
    return Follower(replace(follower.fit, edition=edition))

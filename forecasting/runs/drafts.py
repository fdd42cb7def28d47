"""Drafts: what a stopped run found, kept beside the runs to see what is wrong, and never published."""

from __future__ import annotations

import shutil
from pathlib import Path

from forecasting.errors import ForecastingError
from forecasting.files import publish
from forecasting.runs.manifest import draft_of


def settle(scratch: Path, directory: Path, why: ForecastingError | None) -> None:
    """Publish a finished folder as the run of its edition, or, if there is a reason, as its draft; then raise the reason.

    A run that is published takes the place of a draft.
    """
    if why is None:
        publish(scratch, directory)
        shutil.rmtree(draft_of(directory), ignore_errors=True)
        return
    publish(scratch, draft_of(directory))
    raise type(why)(f"{why}\n{kept(directory)}")


def kept(directory: Path) -> str:
    """Say where the draft of an edition is, and how to look at it."""
    shown = f"forecast report {directory.name} --draft, forecast trace ID --draft"
    return f"  what was computed is kept as a draft in {draft_of(directory)}: {shown}"

"""Whether one of two actors is ahead of the other on a day."""

from __future__ import annotations

from typing import Any

from forecasting.dossier.forms.upper_hand import OfBalance, Side
from forecasting.dossier.statements import Truth


class Ahead(OfBalance):
    """Whether an actor is ahead in a theatre on a day; the one outcome is *yes*. Nobody can look that up: it stays open."""

    name = "ahead"
    kind = "yes/no"
    complement = "no"
    stated: Side

    def outcomes(self, seen: Any) -> list[tuple[str, Truth]]:
        """Return that it is not known."""
        return [("yes", seen.told(None, True))]

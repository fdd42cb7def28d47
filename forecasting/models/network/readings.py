"""Readings of claims: what was read, on which side, and how far each reading may be off; written once for PyMC and for NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SIDES = {"level": 0.0, "at_least": 1.0, "at_most": -1.0}


@dataclass(frozen=True)
class Readings:
    """What claims read, how widely, and which errors the readings share; dims are (row,).

    Of the errors that claims of one source, or of one origin, about one target share, a group has a variable only where
    two claims share it: the error of a claim that stands alone only widens that claim, and is integrated out.
    """

    claim_ids: tuple[str, ...]
    reading: Any
    spread: Any  # √(σ_words² + ρ_grades²), wider for what a source only retells
    side: Any  # 0 for a level, 1 for a floor, −1 for a ceiling
    age: Any  # years since the claim was made
    source_group: Any  # 1 + position of the group whose error it shares; 0 if it shares it with none
    origin_group: Any


@dataclass(frozen=True)
class ReadingErrors:
    """How far readings may be off, on the scale on which they are read.

    Standard deviations of the residual, of the drift per √year, and of what the claims of a source or of an origin share
    (draw, 1); and what each group does share (draw, 1 + group), zero first, for claims that share it with none.
    """

    residual: Any
    drift: Any
    source: Any
    origin: Any
    by_source: Any
    by_origin: Any

    def of(self, xp: Any, rows: Readings) -> tuple[Any, Any]:
        """Return the shift that each reading shares with others, and the sd of what is its own (draw, row).

        With σ of words and grades, τ of the residual, δ of the drift and a the claim's age in years, the own variance is
        σ² + τ² + δ² a, and the variances of source and origin where no other claim shares them: a claim ages instead of
        expiring, and an error that one claim has alone needs no variable.
        """
        shift = self.by_source[..., rows.source_group] + self.by_origin[..., rows.origin_group]
        alone = (rows.source_group < 1) * self.source**2 + (rows.origin_group < 1) * self.origin**2
        return shift, xp.sqrt(rows.spread**2 + self.residual**2 + self.drift**2 * rows.age + alone)

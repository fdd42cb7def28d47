"""The numbers of an edition: one row for every word, grade and count that a model reads, and how it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from forecasting.dossier.claim_kinds import CLAIM_KINDS, KindName
from forecasting.dossier.fields import Reads
from forecasting.elicitation.wording import Reading

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal[KindName, "signal", "occasion", "loading", "reference-class", "life-table"]
# claims with a number of their own
READ_KINDS: tuple[KindName, ...] = tuple(kind.name for kind in CLAIM_KINDS.values() if kind.read)
COLUMNS = (
    "kind", "id", "claims", "about", "location", "spread", "words_spread", "reads", "first", "second", "years", "scale", "read",
    "why",
)  # fmt: skip


@dataclass(frozen=True)
class Number:
    """What one record stands for: Normal(``location``, ``spread``²) on a ``scale``, or the counts of a class.

    Parameters
    ----------
    kind : str
        *judgement* (a wording), *fact* (a claim that is a signal), *signal* (a row of history that is one), *driver* (a claim
        about a pressure), *effect*, *occasion*, *loading*, *reference-class* or *life-table*.
    id : str
        Of the claim, effect or class; ``history-3`` for the fourth row of the edition's history; ``driver:event`` for a
        loading, ``event:day`` for an occasion.
    claims : tuple of str
        The claims it was read from.
    about : tuple of str
        The events, the driver or the class that it speaks of.
    location, spread : float
        What the model takes. Of a class: the log of its mean rate (or cloglog of its mean probability), and the scale of the
        half-normal sd between members.
    scale : str
        What ``location`` is a number of.
    read : str
        The words, grades or counts that were read.
    why : str
        Who says that they mean this: a citation, or the reason given in the record.
    words_spread : float
        The spread of the words or of the strength alone, before the grades of source and report are added.
    shape : (float, float), optional
        Of a class: Gamma(shape, rate) of its rate per year, or Beta(a, b) of its probability per trial.
    years : float, optional
        Of a life table: the age T at which it ends.
    reads : {"level", "at_least", "at_most"}
        Of a judgement: whether its event's probability is about the reading, that or more (a floor), that or less (a
        ceiling). Of everything else *level*.
    """

    kind: Kind
    id: str
    claims: tuple[str, ...]
    about: tuple[str, ...]
    location: float
    spread: float
    scale: str
    read: str
    why: str
    words_spread: float
    shape: tuple[float, float] | None = None
    years: float | None = None
    reads: Reads = "level"

    @property
    def words(self) -> Reading:
        """The words alone, as a reader takes them who trusts source and report."""
        return Reading(self.location, self.words_spread)


@dataclass(frozen=True)
class Quantified:
    """Every number of an edition that is read from words, grades or counts, made once, before any model."""

    rows: tuple[Number, ...]

    def get(self, kind: Kind, id: str) -> Number:
        """Return the number of one record.

        Raises
        ------
        KeyError
            If the edition has none; `find` returns None.
        """
        return self._by_id[kind, id]

    def find(self, kind: Kind, id: str) -> Number | None:
        """Return the number of one record, or None if it has none of this kind in the edition."""
        return self._by_id.get((kind, id))

    def of_claim(self, id: str) -> Number | None:
        """Return what a claim itself stands for, or None if it is no number of its own (it may stand behind an effect)."""
        return next((row for kind in READ_KINDS if (row := self.find(kind, id))), None)

    def of(self, kind: Kind) -> tuple[Number, ...]:
        """Return the numbers of one kind, in the edition's order."""
        return tuple(row for row in self.rows if row.kind == kind)

    @cached_property
    def _by_id(self) -> Mapping[tuple[str, str], Number]:
        return {(row.kind, row.id): row for row in self.rows}

    @cached_property
    def table(self) -> pd.DataFrame:
        """All rows as a table, ``shape`` as its two numbers; see `Number` for the columns."""
        import pandas as pd

        rows = []
        for row in self.rows:
            first, second = row.shape or (None, None)
            rows.append({**asdict(row), "first": first, "second": second})
        return pd.DataFrame(rows, columns=list(COLUMNS))

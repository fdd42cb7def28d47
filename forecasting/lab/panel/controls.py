"""What a control of the panel is, and the values that it takes: a choice between some, or a number within bounds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from forecasting.arguments import is_number
from forecasting.dossier.wordings import Wording
from forecasting.errors import UsageError, near
from forecasting.forecasts import percent
from forecasting.lab.parts.text import plain
from forecasting.standards.tables import DEFAULT, standard

OTHERS = "other wordings of this lexicon"
FEWEST_RUNGS = 3
PLAIN = frozenset({
    "almost no chance", "very unlikely", "highly unlikely", "unlikely", "roughly even chance", "even chance", "about even",
    "about as likely as not", "likely", "very likely", "highly likely", "almost certain",
})  # fmt: skip


@dataclass(frozen=True)
class Option:
    """A value that a field can have, and how it is shown."""

    value: Any
    label: str
    group: str = ""


@dataclass(frozen=True)
class InLexicon:
    """A wording with the lexicon that it is read by, where a menu offers those of two.

    Examples
    --------
    >>> str(InLexicon("likely", "icd203"))
    'likely (icd203)'
    """

    wording: str
    lexicon: str

    def __str__(self) -> str:
        return f"{self.wording} ({self.lexicon})"


@dataclass(frozen=True)
class Range:
    """The numbers that a field can have: from ``low`` to ``high`` in steps."""

    low: float
    high: float
    step: float
    unit: str = ""


@dataclass(frozen=True)
class Control:
    """A field of a record that can be changed: what it holds now, and what it can hold.

    ``field`` has a dot where the field lies inside another one (``seen_if.comes``). It takes one of ``options``, or where
    there are none a number in ``range``.
    """

    record: str
    field: str
    label: str
    value: Any
    options: tuple[Option, ...] = ()
    range: Range | None = None

    def shown(self, value: Any) -> str:
        """Return how a value reads: its option's label, or the number with its unit."""
        label = next((option.label for option in self.options if option.value == value), None)
        unit = f" {self.range.unit}" if self.range and self.range.unit else ""
        return label if label is not None else f"{plain(value)}{unit}"

    def option(self, at: int) -> Any:
        """Return the value at a place among the options, counted from 0.

        Raises
        ------
        UsageError
            If there are not so many.
        """
        if not 0 <= at < len(self.options):
            raise UsageError(f"{self.record}: {self.field} has no option {at}; there are {len(self.options)}, counted from 0")
        return self.options[at].value

    def taken(self, value: Any) -> Any:
        """Return a value as the record would hold it.

        Raises
        ------
        UsageError
            If the control does not offer it.
        """
        if self.range is None:
            for option in self.options:
                if option.value == value and isinstance(option.value, bool) == isinstance(value, bool):
                    return option.value
            known = [str(option.value) for option in self.options]
            raise UsageError(f"{self.record}: {self.field} cannot be {value!r}; {near(str(value), known, 'it takes')}")
        low, high = self.range.low, self.range.high
        if not is_number(value) or not low <= value <= high:
            raise UsageError(f"{self.record}: {self.field} cannot be {value!r}; write a number from {low:g} to {high:g}")
        return type(self.value)(round(value, 6)) if isinstance(self.value, int) else float(round(value, 6))


type Group = Literal["claims", "effects", "events", "classes", "history"]
GROUPS: tuple[Group, ...] = get_args(Group.__value__)


@dataclass(frozen=True)
class Card:
    """One record with its controls: what it is, in words that a reader knows, and where it enters.

    ``about`` is what has to be read before a control is moved; it is shown once the record is open.
    """

    id: str
    group: Group
    title: str
    note: str
    controls: tuple[Control, ...]
    about: str = ""

    def control(self, field: str) -> Control:
        """Return the control of a field.

        Raises
        ------
        UsageError
            If the record has no control of that name.
        """
        for control in self.controls:
            if control.field == field:
                return control
        raise UsageError(f"{self.id} has no control '{field}'; {near(field, [c.field for c in self.controls], 'its controls')}")


def labelled(table: Mapping[Any, str], joined: str = " – ") -> tuple[Option, ...]:
    """Return options that show a code with its meaning.

    Examples
    --------
    >>> labelled({"A": "completely reliable"})[0].label
    'A – completely reliable'
    """
    return tuple(Option(code, f"{code}{joined}{meaning}") for code, meaning in table.items())


def worded(lexicon: Iterable[Wording], scale: str = DEFAULT) -> tuple[Option, ...]:
    """Return the wordings of a lexicon, each with its median: first a ladder of standard words, then the others as a group.

    Both go from the least to the most likely. The ladder has the words of a standard's bands, and plain terms like them.
    """
    words = ladder(scale)
    known = sorted(lexicon, key=lambda entry: (entry.wording not in words, entry.p50, entry.wording))
    other = OTHERS if any(entry.wording in words for entry in known) else ""
    return tuple(
        Option(entry.wording, f"{entry.wording} ({percent(entry.p50)})", "" if entry.wording in words else other)
        for entry in known
    )


def laddered(name: str, lexicons: Mapping[str, Mapping[str, Wording]], scale: str = DEFAULT) -> tuple[Option, ...]:
    """Return what the wording of a judgement can be: the wordings of its lexicon (`worded`), behind a ladder in any case.

    A lexicon that has fewer than three standard words, as one of placed phrases, lends them from that of the edition's standard:
    each of its values then says which lexicon it is of (`InLexicon`).
    """
    own = worded(lexicons[name].values(), scale)
    if sum(option.value in ladder(scale) for option in own) >= FEWEST_RUNGS or scale not in lexicons:
        return own
    rungs = [option for option in worded(lexicons[scale].values(), scale) if option.value in ladder(scale)]
    lent = [replace(option, value=InLexicon(option.value, scale)) for option in rungs]
    return (*lent, *(Option(InLexicon(option.value, name), option.label, OTHERS) for option in own))


def ladder(name: str) -> frozenset[str]:
    """Return the standard words: those of a standard's bands, and plain terms like them."""
    return PLAIN | {band.words for band in standard(name).bands}


def steps(low: float, high: float) -> float:
    """Return a round step for a range of numbers: a power of ten, of which there are at least fifty between its ends.

    Examples
    --------
    >>> steps(0, 20), steps(100, 900)
    (0.1, 10.0)
    """
    return 10.0 ** math.floor(math.log10((high - low) / 50))

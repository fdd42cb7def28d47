"""The Forecast record: what we say, with both of its uncertainties in sight."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from forecasting.arguments import NUMBER, TEXT, takes
from forecasting.errors import UsageError
from forecasting.standards import tables
from forecasting.standards.tables import DEFAULT

if TYPE_CHECKING:
    import pandas as pd

def number(p: float) -> str:
    """Return a probability as whole per cent without the sign; never 0 or 100, which no count of paths can show.

    Examples
    --------
    >>> number(0.314), number(0.004), number(0.997), number(0.0)
    ('31', '<1', '>99', '<1')
    """
    value = 100 * p
    if value < 1:
        return "<1"
    return ">99" if value > 99 else f"{value:.0f}"


def percent(p: float) -> str:
    """Return a probability in per cent, as it is shown everywhere.

    Examples
    --------
    >>> percent(0.314)
    '31 %'
    """
    return f"{number(p)} %"


def shown(p: float) -> float:
    """Return a probability as it is shown (`number`): the word follows this, so that one shown number has one word.

    Examples
    --------
    >>> shown(0.196), shown(0.004), shown(0.9999)
    (0.2, 0.005, 0.995)
    """
    if not 0 <= p <= 1:
        raise UsageError(f"probability {p} is outside [0, 1]")
    told = number(p)
    return {"<1": 0.005, ">99": 0.995}[told] if told[0] in "<>" else float(told) / 100


@takes(mcse=NUMBER)
def error_points(mcse: float) -> str:
    """Return a Monte Carlo standard error in percentage points, rounded up so that it never looks smaller than it is.

    Examples
    --------
    >>> error_points(0.00231), error_points(0.0)
    ('0.3', '0')
    """
    return f"{math.ceil(round(1000 * mcse, 6)) / 10:.1f}" if mcse > 0 else "0"


@takes(p=NUMBER, standard=TEXT)
def likelihood_words(p: float, standard: str = DEFAULT) -> str:
    """Return the words of a standard for a probability as it is shown, in whole per cent (`number`).

    The word follows the rounded number: by ICD 203 19.6 % is shown as 20 % and is *unlikely*, wherever it stands. Bands that
    share an edge (5, 20, 45, 55, 80, 95 %) leave it to the one nearer to one half, and the outermost reach to 0 and 1; the whole
    rule is at `forecasting.standards.scale.Standard.words`. The number always stands beside the words.

    Parameters
    ----------
    p : float
        A probability.
    standard : str, default "icd203"
        One of `forecasting.standards.tables.STANDARDS`: icd203, phia, nato, ipcc, kent.

    Returns
    -------
    str
        As the standard writes the term.

    Raises
    ------
    UsageError
        If ``p`` is no number, or there is no such standard.

    References
    ----------
    Office of the Director of National Intelligence (2015), *Intelligence Community Directive 203: Analytic Standards*. The
    sources of the other standards are cited in `forecasting.standards.tables`.

    Examples
    --------
    >>> likelihood_words(0.31), likelihood_words(0.05), likelihood_words(0.95), likelihood_words(0.196)
    ('unlikely', 'very unlikely', 'very likely', 'unlikely')
    >>> likelihood_words(0.31, "phia"), likelihood_words(0.31, "kent")
    ('unlikely', 'probably not')
    """
    return tables.standard(standard).words(shown(p))


def range_words(low: float, high: float, standard: str = DEFAULT) -> str:
    """Return an interval of probabilities in words if it reaches over more than two of them, else nothing.

    Examples
    --------
    >>> range_words(0.19, 0.76), range_words(0.46, 0.7)
    ('very unlikely to likely', '')
    """
    return tables.standard(standard).range_words(shown(low), shown(high))


@dataclass(frozen=True)
class Override:
    """Who has numbers shown although their fit failed the gate, since which day, and why."""

    by: str
    on: dt.date
    reason: str

    def __post_init__(self) -> None:
        for name, value in (("name", self.by), ("reason", self.reason)):
            if not value.strip():
                raise UsageError(f"an override of the gate has no {name}; write --by NAME --reason TEXT")


@dataclass(frozen=True)
class Gate:
    """What the gate found of the fit behind a number; it goes wherever the number goes.

    Parameters
    ----------
    n_criteria : int
        How many criteria were judged; with none nothing has passed.
    failed : tuple of str
        The criteria that failed, each with its value, where it is worst and what is wanted.
    override : Override, optional
        Who has the numbers shown all the same.

    Examples
    --------
    >>> Gate(11).words, NOT_JUDGED.words
    ('gate passed', 'BLOCKED: not held to the gate')
    >>> Gate(11, ("R-hat 1.03 at effect_beta[a], wanted ≤ 1.01",)).words
    'BLOCKED: R-hat 1.03 at effect_beta[a], wanted ≤ 1.01'
    """

    n_criteria: int
    failed: tuple[str, ...] = ()
    override: Override | None = None

    @property
    def passed(self) -> bool:
        """Whether every criterion was met, and some were judged."""
        return self.n_criteria > 0 and not self.failed

    @property
    def words(self) -> str:
        """What to print beside the numbers: *gate passed*, or *BLOCKED* with each reason and who overrode it."""
        if self.passed:
            return "gate passed"
        reasons = "; ".join(self.failed) or "not held to the gate"
        if self.override is None:
            return f"BLOCKED: {reasons}"
        return f"BLOCKED, shown by {self.override.by} since {self.override.on} ({self.override.reason}): {reasons}"

    @property
    def warning(self) -> str:
        """The words if the fit did not pass, else nothing."""
        return "" if self.passed else self.words


NOT_JUDGED = Gate(0)  # what a number has until somebody says otherwise


def marked(table: pd.DataFrame, gate: Gate) -> pd.DataFrame:
    """Return a table of numbers with what the gate found of the fit behind them.

    ``attrs["gate"]`` holds the words. Where the fit did not pass they also stand in a last column ``gate``, in every row, so
    that they are printed, sorted, cut and exported with the numbers.
    """
    shown = table.assign() if gate.passed else table.assign(gate=gate.words)
    shown.attrs["gate"] = gate.words
    return shown


def warning_of(table: pd.DataFrame) -> str:
    """Return what the gate found of a table of a run's numbers, where they did not pass; else nothing."""
    return str(table.attrs.get("warning", ""))


def outcome_table(forecasts: Iterable[Forecast], gate: Gate) -> pd.DataFrame:
    """Return a row for each outcome: p with its 50 and 90 % intervals and MCSE, and what base rate and prior gave.

    Columns: question, title, outcome, deadline, base_p, prior_p, p, low_50, high_50, low, high, mcse, words, reconstructed
    (whether the edition was made after its day); and gate, where the fit did not pass it.
    """
    import pandas as pd

    rows = [
        {
            "question": f.question, "title": f.title, "outcome": o.id, "deadline": f.deadline, "base_p": o.base_p,
            "prior_p": o.prior_p, "p": o.p, "low_50": o.low_50, "high_50": o.high_50, "low": o.low, "high": o.high,
            "mcse": o.mcse, "words": o.words, "reconstructed": bool(f.reconstructed),
        }
        for f in forecasts for o in f.outcomes
    ]  # fmt: skip
    return marked(pd.DataFrame(rows), gate)


@dataclass(frozen=True)
class Outcome:
    """One outcome of a question: P, its 50 and 90 % epistemic intervals, its Monte Carlo standard error.

    ``p`` is the mean over the posterior; ``low_50`` and ``high_50`` bound the central half, ``low`` and ``high`` the
    central 90 %, of P(outcome | θ) over what is not known of the hazards. They say how precise the number is, not how likely
    the event. The half comes first wherever both are shown: it is what one would bet on at even odds. ``standard`` names the
    standard of its words.
    """

    id: str
    title: str
    p: float
    low: float
    high: float
    mcse: float
    base_p: float
    prior_p: float
    low_50: float
    high_50: float
    standard: str = DEFAULT

    def __repr__(self) -> str:
        return f"<Outcome {outcome_text(self)}>"

    @property
    def range_words(self) -> str:
        """The words for the 90 % interval, from its lower to its upper end, if it reaches over more than two of them."""
        return range_words(self.low, self.high, self.standard)

    @property
    def words(self) -> str:
        """The words for ``p`` of the standard that its edition writes by."""
        return likelihood_words(self.p, self.standard)

    @property
    def percent(self) -> str:
        """``p`` as it is shown everywhere (`percent`)."""
        return percent(self.p)


def outcome_text(outcome: Outcome) -> str:
    """Return an outcome in a line: its probability in a number and a word, half of what fits the evidence, then 90 % of it.

    Examples
    --------
    >>> outcome_text(Outcome("yes", "yes", 0.31, 0.12, 0.56, 0.002, 0.2, 0.28, 0.22, 0.39))
    'yes: 31 % (unlikely); 50 % interval 22-39 %, 90 % 12-56 % (very unlikely to likely)'
    """
    o = outcome
    wide = f" ({o.range_words})" if o.range_words else ""
    half, most = (f"{number(low)}-{number(high)} %" for low, high in ((o.low_50, o.high_50), (o.low, o.high)))
    return f"{o.title}: {o.percent} ({o.words}); 50 % interval {half}, 90 % {most}{wide}"


@dataclass(frozen=True)
class Forecast:
    """The answer to one question in one edition, with what the gate found of the fit that it comes from.

    ``reconstructed`` says why the number was not made on the edition's day; empty, it was.
    """

    question: str
    title: str
    theme: str
    edition: str
    as_of: dt.date
    deadline: dt.date
    kind: str
    outcomes: tuple[Outcome, ...]
    gate: Gate = NOT_JUDGED
    reconstructed: str = ""

    @property
    def headline(self) -> Outcome:
        """The outcome to quote: yes, or the likeliest."""
        return self.outcomes[0] if self.kind == "yes/no" else max(self.outcomes, key=lambda outcome: outcome.p)

    def __repr__(self) -> str:
        head = f"{self.title} (as of {self.as_of}{', reconstructed' if self.reconstructed else ''}, by {self.deadline})"
        lines = [f"  {outcome_text(o)}, MCSE {100 * o.mcse:.1f} points" for o in self.outcomes]
        return "\n".join([head, *([f"  {self.gate.warning}"] if self.gate.warning else []), *lines])


def in_standard(forecasts: Iterable[Forecast], standard: str) -> tuple[Forecast, ...]:
    """Return forecasts that are said in the words of a standard (`forecasting.standards.tables.STANDARDS`)."""
    tables.standard(standard)
    return tuple(
        replace(forecast, outcomes=tuple(replace(outcome, standard=standard) for outcome in forecast.outcomes))
        for forecast in forecasts
    )


def logit(p: float) -> float:
    """Return the log odds of a probability."""
    return math.log(p / (1 - p))

"""The sections of a report about models other than the event network: pictures, answers, and what moved them; titles, no ids."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.forms.base import VOID
from forecasting.dossier.forms.favours import Index
from forecasting.forecasts import Forecast, percent
from forecasting.inference.importance import MAX_K_HAT
from forecasting.inference.noticeable import noticeable
from forecasting.report.claim_entries import ClaimEntry
from forecasting.report.context import Line, lines_of
from forecasting.report.families import Family
from forecasting.report.formatting import link_parts, points, short_day
from forecasting.report.names import short
from forecasting.report.ribbons import ribbon_figure, with_changes
from forecasting.report.svg import inline_svg
from forecasting.runs.further import ModelTables
from forecasting.runs.store import Run
from forecasting.trace.further import from_elsewhere
from forecasting.trace.models import amount

SHOWN = 3  # observations under a question: the list has all

UNITS = {"log units": "natural logarithm, in which 0.01 is one per cent"}
LEAST_SPREAD = 0.0005  # in the units of the model, where numbers show three digits: less is a count that is known


@dataclass(frozen=True)
class ReadLine:
    """One observation where it is described: its number, what it says, where that is known from, and what it was read as.

    ``claim`` is the entry of the claim on which it stands, where the list of evidence has that claim with its source.
    """

    anchor: str
    number: int
    name: str
    what: str
    read: str
    claim: ClaimEntry | None = None

    @property
    def text(self) -> str:
        """What it says, without the brackets at its end that hold reading and citation."""
        return brackets_apart(self.what)[0]

    @property
    def cited(self) -> str:
        """Where that is known from, without its address; of a claim the reading: its source stands beside the claim."""
        parts = brackets_apart(self.what)[1].split("; ")
        if self.claim:
            return parts[0]
        told = int(len(parts) > 2)  # what repeats the reading, where there is more than citation and address
        return "; ".join(part for part in parts[told:] if not part.startswith("http"))

    @property
    def address(self) -> str:
        """The address of what it is known from, if it has one."""
        text = brackets_apart(self.what)[1] or self.what  # without the bracket that closes the citation
        return next((address for _, address in link_parts(text) if address), "")


def brackets_apart(text: str) -> tuple[str, str]:
    """Return a text without the brackets at its end, and what stands in them, whatever brackets stand in there.

    Examples
    --------
    >>> brackets_apart("The ships leave (Ankara gains slightly; Gazette (imagery))"), brackets_apart("The ships leave")
    (('The ships leave', 'Ankara gains slightly; Gazette (imagery)'), ('The ships leave', ''))
    """
    depth = 0
    for i in range(len(text) - 1, -1, -1):
        depth += (text[i] == ")") - (text[i] == "(")
        if depth == 0:
            return (text[:i].rstrip(), text[i + 1 : -1]) if text[i] == "(" else (text, "")
    return text, ""


@dataclass(frozen=True)
class MovedLine:
    """An observation that moved an answer: which it is, and by how much."""

    read: ReadLine
    moved: str


@dataclass(frozen=True)
class Dated:
    """The answer of one question on its day, and the observations that moved it most.

    ``apart`` are those of other theatres than the one that is asked about.
    """

    anchor: str
    by: str
    lines: tuple[Line, ...]
    moved: tuple[MovedLine, ...]
    n_moving: int
    apart: tuple[MovedLine, ...] = ()
    n_apart: int = 0
    beside: tuple[str, ...] = ()  # what the event network says of the same, or of what it needs


@dataclass(frozen=True)
class Pressed:
    """An answer of the network, as published and with a balance in the place of the claims about the same pressure."""

    anchor: str
    title: str
    published: str
    without: str
    given: str


@dataclass(frozen=True)
class Asked:
    """Questions that a further model answers and that differ by their dates alone."""

    family: Family
    answers: tuple[Dated, ...]
    why_it_matters: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def several(self) -> bool:
        """Whether it has more than one outcome."""
        return len(self.family.last.outcomes) > 1


@dataclass(frozen=True)
class FurtherSection:
    """Everything that a report shows of one further model."""

    anchor: str
    title: str
    figures: tuple[Markup, ...]
    asked: tuple[Asked, ...]
    read: tuple[ReadLine, ...]
    n_still: int
    units: tuple[str, ...]
    pressed: tuple[Pressed, ...] = ()


def further_sections(
    run: Run, edition: EditionDossier, groups: tuple[Family, ...], claims: Mapping[str, ClaimEntry]
) -> tuple[FurtherSection, ...]:
    """Return a section per further model that answers a question of the edition, but for those that a draft lacks.

    ``claims`` are the entries of the list of evidence: an observation that stands on one of them names it.
    """
    there = [name for name in edition.further if name in run.further or not run.manifest.draft]
    records = edition.dossier.observations.values()
    stands_on = {one.id: claims[one.claim] for one in records if one.claim and one.claim in claims}
    return tuple(_section(run, edition, name, groups, stands_on) for name in there)


def _section(
    run: Run, edition: EditionDossier, name: str, groups: tuple[Family, ...], stands_on: Mapping[str, ClaimEntry]
) -> FurtherSection:
    told = run.further[name]
    read = _read(told, name, stands_on)
    named = {line.what: f"{line.number} {line.name}" for line in read}  # the list has the rest
    shown = told.points.assign(label=told.points["label"].map(lambda label: named.get(label, short(label, 6))))
    shown = with_changes(shown, told.readings)
    figures = (ribbon_figure(told.bands[told.bands["panel"] == panel], shown, edition.as_of) for panel in told.panels)
    own = {question.id for question in edition.further[name]}
    known = {line.anchor: line for line in read}
    asked = tuple(_asked(told, family, known, name, run.two_models, edition) for family in groups if family.last.question in own)
    moved = told.influence[noticeable(told.influence["change"], told.influence["mcse"])]
    moving = {_anchor(name, str(claim)) for claim in moved["claim"]}
    listed = tuple(line for line in read if line.anchor in moving)
    units = tuple(dict.fromkeys(UNITS.get(unit, unit) for unit in map(str, told.readings["unit"]) if unit))
    return FurtherSection(
        f"model-{name}", told.title, tuple(map(inline_svg, figures)), asked, listed, len(read) - len(listed), units,
        _pressed(run) if name == "balance" else (),
    )  # fmt: skip


def _pressed(run: Run) -> tuple[Pressed, ...]:
    """Return the answers of the network that the balance moves noticeably, as `forecasting.analysis.upper_hand` finds them."""
    titles = {forecast.question: forecast for forecast in run.forecasts}
    found = []
    for row in moved_by_balance(run.upper_hand).itertuples():
        forecast = titles[str(row.question)]
        outcome = next(one for one in forecast.outcomes if one.id == row.outcome)
        title = forecast.title if forecast.kind == "yes/no" else f"{forecast.title} {outcome.title}"
        found.append(Pressed(f"q-{forecast.question}", title, *(percent(p) for p in (row.p, row.p_without, row.p_with))))
    return tuple(found)


def moved_by_balance(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `forecasting.analysis.upper_hand` to show, the largest change first.

    Those that move noticeably, by weights that are to be believed, of outcomes that a question can be answered with.
    """
    rows = table[noticeable(table["change"], table["mcse"]) & (table["k_hat"] <= MAX_K_HAT) & (table["outcome"] != VOID)]
    return rows.loc[rows["change"].abs().sort_values(ascending=False).index]


def beside(table: pd.DataFrame, forecast: Forecast, needed: str = "") -> tuple[str, ...]:
    """Return, in a sentence each, what the event network says of an index's sides or of what they need.

    ``needed`` is the title of the event without which some side cannot be.
    """
    titles = {outcome.id: outcome.title for outcome in forecast.outcomes}
    said = []
    for row in table[table["question"] == forecast.question].itertuples():
        title, p = titles[str(row.outcome)], percent(row.network_p)
        if row.relation == "needs":
            said.append(f"“{title}” cannot be without “{needed}”, {p} by the event network, and is no likelier than that.")
        else:
            far = ", far from it" if row.verdict == "apart" else ""
            alone = f"the balance alone would say {percent(row.p)}{far}"
            said.append(f"“{title}” stands for events, and {p} is what the event network says of them; {alone}.")
    return tuple(said)


def stood(index: Index | None, as_of: dt.date) -> tuple[str, ...]:
    """Return, in a sentence, how the count that decides an index stood by the as-of date; nothing where it had not begun."""
    if index is None or (lead := index.lead_on(as_of)) is None:
        return ()
    on = max(one.on for one in index.so_far if one.on <= as_of)
    side = index.outcomes.high if lead > 0 else index.outcomes.low
    ahead = f"{abs(lead)} ahead for “{side}”" if lead else "level"
    return (f"By {short_day(on)} the count was {ahead}; what is left of the period may change that.",)


def _read(told: ModelTables, model: str, stands_on: Mapping[str, ClaimEntry]) -> tuple[ReadLine, ...]:
    """Return every observation once, with all numbers that it was read as."""
    found: dict[str, list[str]] = {}
    about = dict(zip(told.readings["claim"], told.readings["about"].replace(told.panels), strict=True))
    several = told.readings["unit"].nunique() > 1
    for row in told.readings.itertuples():
        number = _rounded(row.location, row.spread)
        found.setdefault(str(row.claim), []).append(f"{number}{' ' + row.unit if several else ''}")
    return tuple(
        ReadLine(
            _anchor(model, claim), number, short(what := told.observations.get(claim, str(about[claim])), 7), what,
            ", ".join(dict.fromkeys(numbers)), stands_on.get(claim),
        )
        for number, (claim, numbers) in enumerate(found.items(), start=1)
    )  # fmt: skip


def _rounded(location: float, spread: float) -> str:
    """Return a number with its spread, both to the decimal place of the spread's first digit: more would claim to be known."""
    if spread < LEAST_SPREAD:
        return amount(location).replace("-", "−")
    decimals = max(0, -math.floor(math.log10(spread)))
    return f"{location:,.{decimals}f} ± {spread:,.{decimals}f}".replace("-", "−")


def _anchor(model: str, claim: str) -> str:
    return f"{model}-{claim}"


def _asked(
    told: ModelTables, family: Family, known: dict[str, ReadLine], model: str, two_models: pd.DataFrame, edition: EditionDossier
) -> Asked:
    answers, questions = [], {question.id: question for question in family.questions}
    for forecast in family.forecasts:
        rows = told.influence[told.influence["outcome"].str.startswith(f"{forecast.question}:")]
        rows = rows[noticeable(rows["change"], rows["mcse"])]
        rows = rows.iloc[rows["change"].abs().argsort()[::-1]].drop_duplicates("claim")
        other = from_elsewhere(told, questions[forecast.question], edition)
        titles = {f"{forecast.question}:{outcome.id}": outcome.title for outcome in forecast.outcomes}
        several = len(titles) > 1
        own, apart = (
            [
                MovedLine(
                    known[_anchor(model, str(row.claim))],
                    points(row.change) + (f" on {titles[row.outcome]}" if several and row.outcome in titles else ""),
                )
                for row in rows.itertuples() if (row.claim in other) is elsewhere and _anchor(model, str(row.claim)) in known
            ]
            for elsewhere in (False, True)
        )  # fmt: skip
        n_apart = int(rows["claim"].isin(list(other)).sum())
        lines, index = lines_of(forecast), questions[forecast.question].favours
        needed = edition.dossier.events[index.needed].title if index and index.needed else ""
        said = (*stood(index, edition.as_of), *beside(two_models, forecast, needed))
        moved = (tuple(own[:SHOWN]), len(rows) - n_apart)
        answers.append(Dated(f"q-{forecast.question}", lines[0].by, lines, *moved, tuple(apart[:SHOWN]), n_apart, said))
    return Asked(
        family,
        tuple(answers),
        tuple(dict.fromkeys(one.why_it_matters for one in family.questions if one.why_it_matters)),
        tuple(dict.fromkeys(one.note for one in family.questions if one.note)),
    )

"""Page one: key judgements in sentences, the rows that matter, what changed, how earlier forecasts came out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from forecasting.dossier.edition import MOST_KEY, EditionDossier
from forecasting.dossier.questions import Question
from forecasting.forecasts import Forecast
from forecasting.inference.noticeable import noticeable
from forecasting.ledger.records import MODEL
from forecasting.paths.grids import middle
from forecasting.report.brief.choose import MOST_ROWS, key_forecasts, nearest_of, row_forecasts
from forecasting.report.brief.moves import moves_of, seen_of
from forecasting.report.brief.sentences import change_sentence, confidence_sentence, likelihood_sentence, why_sentence
from forecasting.report.change_parts import PARTS
from forecasting.report.changes import changes_of, then_percent
from forecasting.report.compared import Compared, compared_in
from forecasting.report.context import without_intervals
from forecasting.report.formatting import day, interval, weighs
from forecasting.report.record import headline
from forecasting.runs.store import Run
from forecasting.scoring.record import Record
from forecasting.standards.scale import Standard
from forecasting.standards.tables import standard
from forecasting.trace.confidence import confidence
from forecasting.trace.lone_claims import lone_claims
from forecasting.trace.observed_confidence import observed_confidence

MOST_WORDS = 400
HEADINGS = 32  # words of kicker, headings, column heads and the line on the standard, which stand on every brief
FIRST = "There is no earlier edition to compare with."


@dataclass(frozen=True)
class Judgement:
    """A key judgement, sentence by sentence, with the anchor of what is behind it."""

    anchor: str
    likelihood: str
    confidence: str
    why: str
    change: str


@dataclass(frozen=True)
class BriefRow:
    """A row of the table: an answer in a few words, its number, its word, the 90 % interval."""

    anchor: str
    title: str
    answer: str
    percent: str
    words: str
    interval: str


@dataclass(frozen=True)
class Brief:
    """Everything on page one."""

    judgements: tuple[Judgement, ...]
    rows: tuple[BriefRow, ...]
    standing: str
    changed: str
    came: str
    standard: Standard = field(repr=False)
    n_more: int = 0

    @property
    def more(self) -> str:
        """How many questions of the edition stand in the report alone; nothing if there are none."""
        return f"{self.n_more} more in the full report." if self.n_more else ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Every sentence of it, and every row as one text."""
        judged = [text for one in self.judgements for text in (one.likelihood, one.confidence, one.why, one.change)]
        rows = [f"{row.title} {row.answer} {row.percent} {row.words} {row.interval}" for row in self.rows]
        return (self.standing, *judged, *rows, self.more, self.changed, self.came)

    @property
    def n_words(self) -> int:
        """How many words it has with its headings."""
        return n_words(" ".join(self.texts)) + HEADINGS


@dataclass(frozen=True)
class Room:
    """How much a brief says: key judgements by the rule, rows, events and reasons each, changes, words of a claim (0: all)."""

    key: int = MOST_KEY
    rows: int = MOST_ROWS
    events: int = 2
    reasons: int = 2
    changes: int = 3
    quoted: int = 0


LONE = "One claim takes it far beyond what counted cases say: check how it is read, and who else says so."
# tried in this order until it fits: fewer events to watch for, fewer judgements, fewer changes, one reason, then rows; a claim is
# cut short only where nothing else is left
ROOMS = (
    *(Room(key, events=events) for key in (5, 4, 3) for events in (2, 1)),
    *(Room(3, events=1, reasons=reasons, changes=changes) for reasons, changes in ((2, 2), (2, 1), (1, 1))),
    *(Room(3, rows, events=1, reasons=1, changes=1) for rows in range(MOST_ROWS - 1, -1, -1)),
    Room(3, 0, events=1, reasons=1, changes=1, quoted=12),
)  # fmt: skip


def brief_of(
    run: Run,
    edition: EditionDossier,
    forecasts: tuple[Forecast, ...],
    record: Record | None = None,
    watched: Mapping[str, pd.DataFrame] | None = None,
    compare: Compared | None = None,
) -> Brief:
    """Return the brief of a run, as much of it as fits 400 words.

    Parameters
    ----------
    forecasts : tuple of Forecast
        The run's, with stages named by titles (`forecasting.report.context.titled`).
    record : Record, optional
        What the ledger says; without it nothing is said of earlier forecasts but that.
    watched : mapping of str to DataFrame, optional
        By question, what could be seen (`forecasting.report.brief.watching.watch_tables`); a question without a table is said to
        change with the claim that moves it most.
    compare : Compared, optional
        As in `forecasting.report.render.render_report`.
    """
    forecasts, compared = without_intervals(edition.dossier, forecasts), compare or compared_in(run, edition)
    lone = frozenset(one.question for one in lone_claims(run))
    briefs = (_brief(run, edition, forecasts, record, watched or {}, compared, lone, room) for room in ROOMS)
    brief = next(briefs)
    for other in briefs:
        if brief.n_words + n_words(edition.edition.title) <= MOST_WORDS:
            break
        brief = other
    return brief


def n_words(text: str) -> int:
    """Return how many words a text has: runs of letters and digits, with what joins them inside.

    Examples
    --------
    >>> n_words("Armenian–Turkish border: 12 % (2–29 %), it's shut")
    6
    """
    return len(re.findall(r"\w+(?:[-–’'.,]\w+)*", text))


def _brief(
    run: Run, edition: EditionDossier, forecasts: tuple[Forecast, ...], record: Record | None,
    watched: Mapping[str, pd.DataFrame], compared: Compared | None, lone: frozenset[str], room: Room,
) -> Brief:  # fmt: skip
    key = key_forecasts(edition, forecasts, room.key)
    rows = row_forecasts(edition, forecasts, key, room.rows)
    return Brief(
        judgements=tuple(
            _judgement(run, edition, one, watched.get(one.question), room, nearest_of(edition, forecasts, one, key), lone)
            for one in key
        ),
        rows=tuple(_row(edition, forecast) for forecast in rows),
        standing=_standing(edition),
        changed=_changed(compared, edition, (*key, *rows), room.changes),
        came=_came(record, edition, forecasts),
        standard=standard(edition.edition.standard),
        n_more=len(forecasts) - len(key) - len(rows),
    )


def _question(edition: EditionDossier, forecast: Forecast) -> Question:
    return edition.dossier.questions[forecast.question]


def _judgement(
    run: Run, edition: EditionDossier, forecast: Forecast, table: pd.DataFrame | None, room: Room, nearest: Forecast | None,
    lone: frozenset[str],
) -> Judgement:
    question = _question(edition, forecast)
    moves = moves_of(run, edition, question, forecast)
    found = confidence(run, edition, question) if moves.network else observed_confidence(run, question)
    seen = seen_of(edition, question, table, middle(edition, forecast.deadline), forecast.headline.p, room.events)
    return Judgement(
        anchor=f"q-{forecast.question}",
        likelihood=likelihood_sentence(question, forecast, nearest),
        confidence=confidence_sentence(found, forecast, room.reasons),
        why=why_sentence(moves, room.quoted),
        change=f"{change_sentence(moves, seen)}{f' {LONE}' if forecast.question in lone else ''}",
    )


def _row(edition: EditionDossier, forecast: Forecast) -> BriefRow:
    one = forecast.headline
    return BriefRow(
        anchor=f"q-{forecast.question}",
        title=_short(edition, forecast),
        answer="" if forecast.kind == "yes/no" else one.title,
        percent=one.percent,
        words=one.words,
        interval=interval(one.low, one.high).replace("–>", " to >") if weighs(one.low, one.high) else "",
    )


def _short(edition: EditionDossier, forecast: Forecast) -> str:
    return _question(edition, forecast).short or forecast.title


def _standing(edition: EditionDossier) -> str:
    """Return whether the numbers were made on their day; that they were is said only where the records say so."""
    if edition.edition.reconstructed:
        return f"Reconstructed, not made on {day(edition.as_of)}: a test of the method, not a record of foresight."
    if made_on_its_day(edition):
        return f"Live: made on {day(edition.as_of)}, with nothing known later."
    return f"As of {day(edition.as_of)}; no record says that it was made on that day."


def made_on_its_day(edition: EditionDossier) -> bool:
    """Return whether the records say that an edition was made by its day: who coded it when, or when each source was fetched."""
    signed = [one.on for one in edition.edition.coded_by]
    fetched = [source.retrieved_on for source in (edition.dossier.sources[name] for name in edition.edition.sources)]
    said = signed or [on for on in fetched if on]
    return bool(said) and (bool(signed) or None not in fetched) and max(said) <= edition.as_of


def _changed(compared: Compared | None, edition: EditionDossier, forecasts: tuple[Forecast, ...], most: int) -> str:
    """Return the largest changes since an earlier edition, among some answers, each with the part that did most of it."""
    if compared is None:
        return FIRST
    since = day(compared.before.as_of)
    moved = [found for forecast in forecasts if (found := _move(compared, edition, forecast))]
    moved.sort(key=lambda found: -abs(found[0]))
    warning = f" {compared.warning}." if compared.warning else ""
    if not moved:
        if all(changes_of(compared, forecast).empty for forecast in forecasts):
            others = compared.table["question"].nunique()
            more = f"; {others} {'other' if others == 1 else 'others'} in the full report can" if others else ""
            return f"None of these answers can be compared with what was known on {since}{more}."
        return f"Since {since} none of these answers has changed by more than chance.{warning}"
    told = "; ".join(text for _, text in moved[:most])
    nobody = f" *{compared.nobody}." if "*" in told else ""
    return f"From what was known on {since} to what is known now, most of all {told}.{nobody}{warning}"


def _move(compared: Compared, edition: EditionDossier, forecast: Forecast) -> tuple[float, str] | None:
    """Return by how much an answer has changed, and that in words; nothing if by no more than chance."""
    rows = changes_of(compared, forecast)
    if rows.empty or not noticeable(rows["change"], rows["mcse"]).any():
        return None
    total = float(rows["change"].sum())
    same = rows[rows["change"] * total > 0]
    part = str(same.loc[same["change"].abs().idxmax(), "part"]) if len(same) else ""
    why = f", mostly through {PARTS[part][0].lower()}" if part in PARTS else ""
    then = then_percent(compared, forecast, total)
    return total, f"“{_short(edition, forecast)}” from {then} to {forecast.headline.percent}{why}"


def _came(record: Record | None, edition: EditionDossier, forecasts: tuple[Forecast, ...]) -> str:
    """Return how this edition's forecasts came out, or those of all where none of it is settled, and whether that beats counting.

    That they are reconstructed is said where the edition itself is not.
    """
    name = edition.edition.id
    card = (record.edition(name) or headline(record)) if record else None
    line = card.line(MODEL) if card else None
    if record is None or card is None or line is None:
        return "No forecast of this dossier is settled yet."
    whose = "" if card.standing == "live" or edition.edition.reconstructed else f", all {card.standing},"
    n = len(forecasts)
    here = f"{card.n} of {n} questions here" if card.title == name else f"{_due(record, forecasts)}; elsewhere {card.n}"
    stories = f"{card.n_stories} {'story' if card.n_stories == 1 else 'stories'}"
    settled = f"By {day(record.on)} {here}{whose} are settled, in {stories}"
    gain = line.against_base
    if gain is None:
        return f"{settled}: Brier {line.brier.mean:.3f} (lower is better)."
    scores = f"Brier {line.brier.mean:.3f}, counting cases alone {line.brier.mean - gain.mean:.3f} (lower is better)"
    if gain.low <= 0 <= gain.high:
        return f"{settled}: {scores}; too few to tell whether this beats counting."
    return f"{settled}: {scores}, {'better' if gain.mean < 0 else 'worse'} beyond chance."


def _due(record: Record, forecasts: tuple[Forecast, ...]) -> str:
    """Return how many of an edition's questions, none of them settled, had to be answered by the day of the record."""
    due = sum(one.deadline < record.on for one in forecasts)
    return f"{due} of {len(forecasts)} questions here were due, none is settled" if due else "no question here is settled"

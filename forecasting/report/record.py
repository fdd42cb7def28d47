"""The record page: how good the forecasts of the ledger were, for a reader with five minutes; and its twin for machines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from forecasting.dossier.edition import Dossier
from forecasting.files import write_file
from forecasting.forecasts import Forecast, percent
from forecasting.ledger.records import MODEL
from forecasting.report.environment import environment
from forecasting.report.formatting import short_day
from forecasting.report.reliability import reliability_figure
from forecasting.report.settled import p_of
from forecasting.report.svg import inline_svg
from forecasting.runs.store import Run
from forecasting.scoring.ordered_words import NONE_YET, OrderedGroup, groups, populations
from forecasting.scoring.post_mortem import Moved, by_kind, post_mortem, strongest
from forecasting.scoring.record import Record, as_json
from forecasting.scoring.scorecard import ALL_EDITIONS, Scorecard
from forecasting.scoring.words import evolved, needed, parts, population, skill, span, states_line, verdict

FEW = 12  # rows of what helped and what harmed, at each end
NOTHING_YET = "No forecast of the ledger is settled yet, so nothing can be said of how good they are."


@dataclass(frozen=True)
class Came:
    """A settled question: what was said of what came, and the Brier scores of the model and of base rates.

    ``now`` says when that was issued and what the run at hand gives, where that is another number as both are shown.
    """

    question: str
    title: str
    came: str
    on: str
    p: str
    brier: float
    base_brier: float
    no_report: bool
    now: str = ""


@dataclass(frozen=True)
class Settled:
    """One settled question as the page shows it: with its edition, and what helped and what harmed."""

    of: Came
    edition: str
    layers: str
    helped: tuple[str, ...]
    harmed: tuple[str, ...]


def came_of(row: Mapping[str, Any], dossier: Dossier, forecast: Forecast | None = None) -> Came:
    """Return a row of `Record.questions` as it is shown; with the ``forecast`` of a run, also what that gives by now."""
    now = percent(p_of(forecast, row["outcome"])) if forecast else ""
    since = f"issued on {short_day(row['issued_on'])}, now {now}" if now not in ("", percent(row["p"])) else ""
    return Came(
        row["question"], row["title"], outcome_title(dossier, row["question"], row["outcome"]), str(row["on"]),
        percent(row["p"]), row["brier"], row["base_brier"], row["no_report"], since,
    )  # fmt: skip


def record_page(record: Record, dossier: Dossier, runs: Mapping[str, Run]) -> str:
    """Return the record as one self-contained HTML page.

    Parameters
    ----------
    runs : mapping of str to Run
        Runs by edition; where an edition has one, what helped and what harmed is worked out from it.

    Returns
    -------
    str
        The page: a verdict first, then the scores of each population, reliability, ordered outcomes and numbers, forecasts over
        the days on which they stood, every settled question with the worst first, what helped and what harmed, and what waits
        for an outcome.
    """
    found = {name: post_mortem(run, _outcomes(record, name)) for name, run in runs.items() if _outcomes(record, name)}
    settled = [_settled(row, dossier, found.get(row["edition"])) for row in record.questions().to_dict("records")]
    every = pd.concat(found.values()) if found else None
    return environment().get_template("record.html.j2").render(
        record=record, cards=[_card(card, dossier) for card in record.cards], settled=settled,
        first=_card(card, dossier) if (card := headline(record)) else None,
        counts=[(edition_title(dossier, count.edition), count.standing, states_line(count)) for count in record.counts],
        kinds=_kinds(every, dossier), waiting=[(_title(dossier, q), what) for q, what in record.waiting.items()],
        nothing=NOTHING_YET, evolved=evolved(record.evolving, record.changes),
        ordered=[
            (edition_title(dossier, name), state, [(_came(group, dossier), group.rows) for group in groups(own)])
            for name, state, own in populations(record.ordered)
        ],
        lacking=[*([NONE_YET] if record.ordered.empty else []), *record.lacking],
    )  # fmt: skip


def _came(group: OrderedGroup, dossier: Dossier) -> str:
    """Return what stands above a question's scores: its title and what came; of the means what they are of."""
    if not group.question:
        return group.came
    title = _title(dossier, group.question)
    return f"{title}{'' if title.endswith('?') else ':'} {outcome_title(dossier, group.question, group.came)}"


def write_record(record: Record, dossier: Dossier, runs: Mapping[str, Run], folder: Path) -> list[Path]:
    """Write ``record.html`` and ``record.json`` into a folder; return their paths."""
    page, twin = folder / "record.html", folder / "record.json"
    write_file(page, record_page(record, dossier, runs))
    write_file(twin, json.dumps(as_json(record), indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    return [page, twin]


def headline(record: Record) -> Scorecard | None:
    """Return the population that the first screen speaks of: live forecasts if any are scored, of all editions if of several."""
    for standing in ("live", "reconstructed"):
        of = [card for card in record.cards if card.standing == standing]
        if of:
            return next((card for card in of if card.title == ALL_EDITIONS), of[0])
    return None


def _card(card: Scorecard, dossier: Dossier) -> dict[str, Any]:
    lines = [
        {
            "title": line.title, "n": line.brier.n, "model": line.forecaster == MODEL,
            "brier": span(line.brier), "log": f"{line.log.mean:.2f}",
            "skill": skill(line), "against": span(line.against_base, signed=True), "apart": span(line.by_question),
            "ranked": span(line.ranked),
        }
        for line in card.lines
    ]  # fmt: skip
    figure: Markup | None = inline_svg(reliability_figure(card.reliability)) if card.reliability else None
    return {
        "title": edition_title(dossier, card.title), "standing": card.standing,
        "population": population(card), "verdict": verdict(card), "needed": needed(card),
        "parts": parts(card), "lines": lines, "figure": figure,
        "ranked": next((line.ranked.n for line in card.lines if line.ranked), 0),
    }  # fmt: skip


def _outcomes(record: Record, edition: str) -> dict[str, str]:
    own = record.questions(edition)
    return dict(zip(own["question"], own["outcome"], strict=True))


def _settled(row: dict[str, Any], dossier: Dossier, found: pd.DataFrame | None) -> Settled:
    helped, harmed = strongest(found, row["question"]) if found is not None else ([], [])
    return Settled(
        came_of(row, dossier), edition_title(dossier, row["edition"]), _layers(found, row["question"]),
        tuple(_named(one, dossier) for one in helped), tuple(_named(one, dossier) for one in harmed),
    )  # fmt: skip


def _layers(found: pd.DataFrame | None, question: str) -> str:
    if found is None:
        return ""
    own = found[(found["question"] == question) & found["part"].isin(("claims", "history"))]
    return ", ".join(f"{row.part} {row.gain:+.2f}" for row in own.itertuples())


def _named(moved: Moved, dossier: Dossier) -> str:
    claim = dossier.claims.get(moved.id)
    return f"{claim.paraphrase if claim else moved.id} ({claim.speaker if claim else ''}, {moved.gain:+.2f})"


def _kinds(found: pd.DataFrame | None, dossier: Dossier) -> list[tuple[str, list[dict[str, Any]]]]:
    if found is None:
        return []
    table = by_kind(found, dossier)
    groups = []
    for of, group in table.groupby("of", sort=False):
        rows = group.to_dict("records")
        shown = rows if len(rows) <= 2 * FEW else [*rows[:FEW], *rows[-FEW:]]
        groups.append((str(of), [row | _sums(row) for row in shown]))
    return groups


def _sums(row: Mapping[str, Any]) -> dict[str, str]:
    rest = f"{row['without_largest']:+.2f}" if row["n_claims"] > 1 else "–"
    return {"total": f"{row['total']:+.2f}", "rest": rest}


def outcome_title(dossier: Dossier, question: str, outcome: str) -> str:
    """Return the title of an outcome; its id where the dossier has none."""
    asked = dossier.questions.get(question)
    titles = asked.form.titles() if asked else {}
    event = dossier.events.get(outcome)
    return titles.get(outcome) or (asked.form.called(outcome, event.title) if asked and event else outcome)


def edition_title(dossier: Dossier, name: str) -> str:
    """Return the title of an edition with its id; a name that is none stays as it is."""
    edition = dossier.editions.get(name)
    return f"{edition.title} ({name})" if edition else name


def _title(dossier: Dossier, question: str) -> str:
    asked = dossier.questions.get(question)
    return asked.title if asked else question

"""Tables that notebooks show: questions with their answers, claims, dated facts, packages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from forecasting.analysis.pathways import conditions_of
from forecasting.arguments import CLAIM, DAY, DOSSIER, EDITION, FORECAST, GATE, ID, RUN, TEXT, WHOLE, many, takes
from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import Dossier, EditionDossier, lookup
from forecasting.dossier.forms.base import VOID
from forecasting.elicitation.facts import signal_words
from forecasting.elicitation.quantify import read_claim
from forecasting.forecasts import Forecast, Gate
from forecasting.lab.asked import no_interval, without_intervals
from forecasting.lab.behind import top_influence
from forecasting.lab.reprs import table_html
from forecasting.report.evidence import effect_lines, speaker_words
from forecasting.report.formatting import day, half_interval, in_words, interval, percent, points, short_day
from forecasting.runs.store import Run
from forecasting.trace.claim_counts import moving
from forecasting.trace.readings import judgement_reading

NUMBERS = (
    "by", "day", "probability", "50 % interval", "90 % interval", "base rate", "prior", "points", "Brier", "log score", "id",
    "location", "spread", "as it is", "then", "change", "level", "if seen", "if made to happen", "chance", "answer if it comes",
    "if it does not", "expected change",
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """Rows to show; a notebook draws them as an HTML table, and says what they are where it cannot."""

    rows: Sequence[Mapping[str, object]]
    caption: str = ""

    def _repr_html_(self) -> str:
        return table_html(self.rows, caption=self.caption, numbers=NUMBERS)

    def __repr__(self) -> str:
        return f"{self.caption or 'table'}: {len(self.rows)} rows"


@takes(forecast=FORECAST, dossier=DOSSIER)
def named(forecast: Forecast, dossier: Dossier) -> Forecast:
    """Return a forecast whose stages are called by their events' titles, without outcomes that are ruled out already."""
    form = dossier.questions[forecast.question].form
    titles = {
        outcome.id: form.called(outcome.id, dossier.events[outcome.id].title)
        for outcome in forecast.outcomes
        if forecast.kind in ("stages", "first") and outcome.id in dossier.events
    }
    titles["none"] = {"stages": "None of the steps", "first": "None of them"}.get(forecast.kind, "")
    left = tuple(replace(o, title=titles.get(o.id) or o.title) for o in forecast.outcomes if o.p > 0 or o.base_p > 0)
    return replace(forecast, outcomes=left)


@takes(forecasts=many(FORECAST), dossier=DOSSIER, caption=TEXT)
def questions_table(forecasts: Iterable[Forecast], dossier: Dossier, caption: str = "") -> Table:
    """Return one row per outcome: what is asked, until when, and the answer in numbers and in its standard's words.

    Outcomes that what has happened rules out are left away. Who is ahead or has turned has no interval, and the caption says why.
    """
    rows, forecasts = [], [named(one, dossier) for one in without_intervals(dossier, tuple(forecasts))]
    for forecast in forecasts:
        several = forecast.kind != "yes/no"
        unless = " Yes, if not void" if any(o.id == VOID for o in forecast.outcomes) and not several else ""
        head = {"question": f"{forecast.title}{unless}", "by": short_day(forecast.deadline)}
        blank = dict.fromkeys(("probability", "in words", "50 % interval", "90 % interval", "base rate"), "")
        rows += [{**head, **blank, "id": forecast.question}] if several else []
        for o in forecast.outcomes:
            answer = {
                "probability": o.percent, "in words": in_words(o), "50 % interval": half_interval(o),
                "90 % interval": interval(o.low, o.high), "base rate": percent(o.base_p),
                "id": "" if several else forecast.question,
            }  # fmt: skip
            rows.append(({"question": f"– {o.title}", "by": ""} if several or o.id == VOID else head) | answer)
    caption = ". ".join(filter(None, (caption, no_interval(forecasts))))
    return Table(rows, warned(caption, *(forecast.gate for forecast in forecasts)))


@takes(caption=TEXT, gates=GATE)
def warned(caption: str, *gates: Gate) -> str:
    """Return a caption that begins with what the gate found of the numbers below it, where they did not pass."""
    return ". ".join(filter(None, (*dict.fromkeys(gate.warning for gate in gates), caption)))


@takes(dossier=DOSSIER, claim=CLAIM)
def claim_table(dossier: Dossier, claim: Claim) -> Table:
    """Return one claim field by field: what is said, who says it, where it stands, and how it is read."""
    source = dossier.sources[claim.source]
    target = claim.target
    about = ", ".join(target.event or target.effect or (target.driver or "nothing",))
    given = conditions_of(dossier, claim)
    fields = {
        "source": f"{source.author}, {source.title}, {source.publisher}, {day(source.published_on)}",
        "place": f"paragraph {claim.anchor.paragraph}, characters {claim.anchor.start}-{claim.anchor.end} of the text, "
                 f"SHA-256 of the span {claim.anchor.sha256[:12]}…",
        "in our words": claim.paraphrase,
        "said by": speaker_words(claim),
        "words it turns on": _words(claim),
        "about": f"{about}, {given}" if given else about,
        "read as": _reading(dossier, claim),
        "horizon": f"{_years(claim.horizon.years)}. {claim.horizon.why}" if claim.horizon else "none",
        **({"read as": number.read} if claim.kind == "fact" and (number := read_claim(dossier, claim)) else {}),
        "grades": f"source {claim.reliability}, information {claim.credibility}",
        "coder's note": claim.note or "none",
    }  # fmt: skip
    return Table([{"field": name, claim.id: value} for name, value in fields.items()])


def _words(claim: Claim) -> str:
    if not claim.wording:
        return "none"
    # a fact's own hedge counts through its credibility; its lexicon is that of the words for both worlds
    return f"“{claim.wording}”" + (f", read with the lexicon {claim.lexicon}" if not claim.seen_if else "")


def _reading(dossier: Dossier, claim: Claim) -> str:
    number = read_claim(dossier, claim) if claim.kind == "judgement" else None
    return judgement_reading(dossier, claim, number) if number else "not a judgement of likelihood"


@takes(dossier=DOSSIER, claims=many(CLAIM), event_id=ID)
def readings_table(dossier: Dossier, claims: Iterable[Claim], event_id: str) -> Table:
    """Return every judgement of an event: how it is read within its horizon, and what the event's class says of that time."""
    title = lookup(dossier.events, event_id, "event").title
    rows = [
        {
            "claim": claim.id, "in our words": claim.paraphrase, "read as": _reading(dossier, claim),
            "condition": conditions_of(dossier, claim) or "none",
        }
        for claim in claims
        if claim.kind == "judgement" and event_id in (claim.target.event or ()) and not claim.moves_nothing
    ]  # fmt: skip
    return Table(rows, f"{title}: what is said of it, and what its class says of the same time")


def _years(years: float) -> str:
    return "1 year" if years == 1 else f"{years:g} years"


@takes(run=RUN, dossier=DOSSIER, question_id=ID, outcome=ID, most=WHOLE)
def influence_table(run: Run, dossier: Dossier, question_id: str, outcome: str = "yes", most: int = 8) -> Table:
    """Return the claims that moved an outcome most: points added, the claim, its speaker and place, and its pathway."""
    rows = []
    for row in top_influence(run, question_id, outcome, most).itertuples():
        claim = dossier.claims[row.claim]
        rows.append({
            "points": points(row.change), "claim": claim.id, "in our words": claim.paraphrase,
            "speaker": f"{claim.speaker}, {claim.reliability}{claim.credibility}",
            "place": f"{claim.source}, paragraph {claim.anchor.paragraph}",
            "read as": _reading(dossier, claim) if claim.kind == "judgement" else "",
            "how it enters": ", ".join(filter(None, (row.pathway, conditions_of(dossier, claim)))),
        })  # fmt: skip
    caption = f"The claims that move it most: {len(rows)} of {moving(run, question_id)} that move the answer"
    return Table(rows, warned(caption, run.mark))


@takes(dossier=DOSSIER, events=many(ID), after=DAY, until=DAY)
def history_table(dossier: Dossier, events: Sequence[str], after: dt.date, until: dt.date) -> Table:
    """Return what the dossier's history says of some events between two days, in order of time."""
    words = {"occurred": "happened", "survived": "had not happened"}
    rows = [
        {
            "day": short_day(row.on), "event": dossier.events[row.event].title,
            "what": words.get(row.what) or f"sign, {signal_words(dossier, row)}", "note": row.note,
            "source": row.source.split(";")[0],
        }
        for row in sorted(dossier.history, key=lambda row: (row.on, row.event))
        if row.event in events and after < row.on <= until
    ]  # fmt: skip
    nothing = f"The history says nothing of these events after {short_day(after)}" if events else "No event is asked about"
    return Table(rows, "" if rows else nothing)


@takes(dossier=DOSSIER, events=many(ID))
def contracts_table(dossier: Dossier, events: Sequence[str]) -> Table:
    """Return what counts as each event and what does not, and who settles it."""
    rows = [
        {"event": event.title, "counts": event.resolution.counts, "does not count": event.resolution.does_not_count,
         "settled by": event.resolution.settled_by}
        for event in (lookup(dossier.events, name, "event") for name in events)
    ]  # fmt: skip
    return Table(rows, "What counts" if rows else "No event is asked about")


@takes(edition=EDITION, events=many(ID))
def effects_table(edition: EditionDossier, events: Sequence[str]) -> Table:
    """Return what acts on some events: other events and shared pressures, what they do, and why."""
    rows = [
        {"if": line.title, "then it": line.acts, "of": edition.dossier.events[name].title, "why": line.why}
        for name in events
        for line in effect_lines(edition, name)
    ]
    nothing = "Nothing acts on these events: no effect and no pressure was argued" if events else "No event is asked about"
    return Table(rows, "" if rows else nothing)


@takes(runs=many(RUN), dossier=DOSSIER)
def assumptions_table(runs: Sequence[Run], dossier: Dossier) -> Table:
    """Return the assumptions held of some runs' editions that are not met, with what was found; the caption counts all."""
    held = [row for run in runs for row in run.assumptions.itertuples()]
    rows = [
        {"as of": day(dossier.editions[row.edition].as_of), "held": dossier.assumptions[row.assumption].statement,
         "found": row.words}
        for row in held
        if row.met != "yes"
    ]  # fmt: skip
    return Table(rows, f"{len(held) - len(rows)} of {len(held)} are met{'; the others' if rows else ''}")


@takes(run=RUN)
def environment_table(run: Run) -> Table:
    """Return what a run was made with: its as-of date and seed, Python, and the packages that decide its digits."""
    manifest = run.manifest
    rows = {"as of": manifest.as_of, "seed": manifest.seed, "Python": manifest.python, **manifest.packages}
    return Table([{"what": name, "version": value} for name, value in rows.items()], f"run {manifest.edition}")

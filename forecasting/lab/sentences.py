"""Sentences of a notebook, each made from the numbers that it speaks of, so that none is stale with another edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from forecasting.analysis.suppositions import as_date
from forecasting.arguments import (
    BANDS,
    CURVES,
    DAY,
    DAY_OR_TEXT,
    DOSSIER,
    EDITION,
    FORECAST,
    MOVE,
    OUTCOMES,
    RIVAL,
    RUN,
    TEXT,
    TITLES,
    WHOLE,
    many,
    takes,
)
from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.errors import UsageError
from forecasting.forecasts import Forecast, warning_of
from forecasting.lab.asked import once
from forecasting.lab.probability_lines import Move, Rival, warnings_of
from forecasting.lab.tables import named
from forecasting.report.change_parts import part_title
from forecasting.report.formatting import day, percent, plain, points
from forecasting.report.ribbons import value_words
from forecasting.runs.store import Run

LEAST = 0.01  # a change of less than a point is called none
SMALL = 0.05  # and a difference of less than five little
OPEN = (0.2, 0.8)  # a probability outside is as good as decided


@takes(text=TEXT, warnings=TEXT)
def with_marks(text: str, *warnings: str) -> str:
    """Return a sentence that begins with what the gate found of its numbers, where they did not pass.

    Examples
    --------
    >>> with_marks("**70 %**, likely.", "BLOCKED: not held to the gate", "")
    '**BLOCKED: not held to the gate.** **70 %**, likely.'
    """
    return " ".join([*(f"**{plain(words)}.**" for words in dict.fromkeys(warnings) if words), text])


def _marked(text: str, forecasts: Sequence[Forecast]) -> str:
    return with_marks(text, *(forecast.gate.warning for forecast in forecasts))


@takes(edition=EDITION, forecasts=many(FORECAST), most=WHOLE)
def answers(edition: EditionDossier, forecasts: Sequence[Forecast], most: int = 3) -> str:
    """Return the head of a notebook: the as-of date, how the edition was made, and the answer in three lines.

    Of questions that differ by their date alone the latest is named; of one with several outcomes the likeliest.
    """
    made = " This edition is *reconstructed*: who made it knew what followed." if edition.edition.reconstructed else ""
    named_here = once(forecasts, edition.dossier)[:most]
    lines = [f"{n}. {_answer(forecast, edition.dossier)}" for n, forecast in enumerate(named_here, 1)]
    head = f"**As of** {day(edition.as_of)} ({plain(edition.edition.title)}).{made}"
    how_many = {1: "one line", 2: "two lines", 3: "three lines"}.get(len(lines), f"{len(lines)} lines")
    return _marked("\n".join([f"{head}\n", f"**Answer in {how_many}.**", *lines]), named_here)


@takes(dossier=DOSSIER)
def holdings(dossier: Dossier) -> str:
    """Return how many articles, claims, events and questions a dossier holds."""
    judged = sum(claim.kind == "judgement" for claim in dossier.claims.values())
    speakers = {claim.speaker for claim in dossier.claims.values()} - {"author"}
    return (
        f"The records hold **{len(dossier.claims)} claims** from **{len(dossier.sources)} articles**: {judged} say how likely "
        f"something is, the others report facts, pressures and dependences; {len(speakers)} speakers are kept apart from the "
        f"authors. They bear on **{len(dossier.events)} events**, joined by {len(dossier.effects)} effects, each event with a "
        f"contract of what counts. **{len(dossier.questions)} questions** are asked in {len(dossier.editions)} editions."
    )


def _answer(forecast: Forecast, dossier: Dossier) -> str:
    found = named(forecast, dossier)
    o, several = found.headline, forecast.kind != "yes/no"
    which = f" Likeliest: *{plain(o.title)}*," if several else ""
    ident = f"{forecast.question}:{o.id}" if several else forecast.question
    end = "" if forecast.title.endswith("?") else ":"
    return f"{plain(forecast.title)}{end}{which} **{o.percent}**, {o.words} (`{ident}`)."


@takes(forecasts=many(FORECAST))
def decided(forecasts: Sequence[Forecast]) -> str:
    """Return how many of some yes/no questions are as good as decided."""
    asked = [forecast for forecast in forecasts if forecast.kind == "yes/no"]
    if not asked:
        return "**None of these is a yes/no question.**"
    low, high = OPEN
    n = sum(not low <= forecast.headline.p <= high for forecast in asked)
    return _marked(f"**{n} of {len(asked)} yes/no questions lie below {percent(low)} or above {percent(high)}.**", asked)


@takes(forecasts=many(FORECAST))
def spread(forecasts: Sequence[Forecast]) -> str:
    """Return how many of some yes/no questions are as good as decided, and which way the evidence took them."""
    asked = [forecast.headline for forecast in forecasts if forecast.kind == "yes/no"]
    up, down = (sum(sign * (o.p - o.base_p) >= LEAST for o in asked) for sign in (1, -1))
    way = f" Claims and dated facts took {up} above what counted cases alone give, and {down} below." if asked else ""
    return f"{decided(forecasts)}{way}"


@takes(forecast=FORECAST)
def evidence(forecast: Forecast) -> str:
    """Return the way of an answer from counted cases over the claims to the dated facts, and which way each moved it."""
    o = forecast.headline
    text = (
        f"**From {percent(o.base_p)} to {percent(o.prior_p)} to {o.percent}** ({plain(forecast.title)}): counted cases alone, "
        f"with the claims, and with the facts dated up to {day(forecast.as_of)}. The claims {_way(o.base_p, o.prior_p)}, the "
        f"facts {_way(o.prior_p, o.p)}."
    )
    return _marked(text, [forecast])


def _way(before: float, after: float) -> str:
    """Return which way a number went, in words.

    Examples
    --------
    >>> _way(0.4, 0.2), _way(0.4, 0.6), _way(0.4, 0.401)
    ('lower it', 'raise it', 'hardly move it')
    """
    return "hardly move it" if abs(after - before) < LEAST else "raise it" if after > before else "lower it"


@takes(forecast=FORECAST)
def likeliest(forecast: Forecast) -> str:
    """Return which outcome of several is the likeliest, and which one the evidence raised most."""
    first, raised = forecast.headline, max(forecast.outcomes, key=lambda o: o.p - o.base_p)
    text = f"**{plain(forecast.title)}.** The likeliest: *{plain(first.title)}*, {first.percent} ({first.words})."
    if raised.p - raised.base_p >= LEAST:
        text += f" The evidence raises most *{plain(raised.title)}*, from {percent(raised.base_p)} to {raised.percent}."
    return _marked(text, [forecast])


@takes(curves=CURVES, deadline=DAY, titles=TITLES)
def over_time(curves: pd.DataFrame, deadline: dt.date, titles: Mapping[str, str]) -> str:
    """Return the chance that each event has happened by a day, beside what counted cases alone give it.

    Raises
    ------
    UsageError
        If there is no curve of an event up to that day.
    """
    told = []
    for event, title in titles.items():
        rows = curves[(curves["event"] == event) & (curves["date"] <= deadline)].sort_values("date")
        found = rows.groupby("layer")["p"].last()
        if "posterior" not in found:
            raise UsageError(f"no curve of '{event}' up to {deadline}; name an event of the run and a day after its as-of date")
        base = f" (counted cases alone {percent(found['base'])})" if "base" in found else ""
        told.append(f"*{plain(str(title))}* {percent(found['posterior'])}{base}")
    return with_marks(f"**By {day(deadline)}:** {'; '.join(told)}.", warning_of(curves))


@takes(moves=many(MOVE))
def strongest(moves: Sequence[Move]) -> str:
    """Return which claim moves an answer most, and which way."""
    if not moves:
        return with_marks("**No claim moves this answer** by more than chance could.", *warnings_of(moves))
    first = moves[0]
    way = "adds" if first.change > 0 else "takes away"
    size = points(abs(first.change)).lstrip("+")
    text = f"**No claim weighs more than this one, which {way} {size} points:** {plain(first.label)} ({plain(first.note)})"
    return with_marks(text, first.warning)


@takes(rivals=many(RIVAL))
def class_range(rivals: Sequence[Rival]) -> str:
    """Return how far the choice of the reference class moves an event; a ceiling or a floor is no choice, and is left aside."""
    rivals = [rival for rival in rivals if not rival.bound]
    if not rivals:
        return "**No class is counted for it.**"
    return with_marks(_range_of(rivals), *(rival.warning for rival in rivals))


def _range_of(rivals: Sequence[Rival]) -> str:
    low, high = min(rival.p for rival in rivals), max(rival.p for rival in rivals)
    if len(rivals) == 1:
        return f"**No rival class was named.** The chosen one gives {percent(high)} with all evidence."
    if percent(low) == percent(high):
        return f"**The choice of class decides nothing here:** with all evidence the event gets {percent(low)} under every class."
    much = "little" if high - low < SMALL else "much"
    return (
        f"**The choice of class decides {much}:** with all evidence the event gets between {percent(low)} and {percent(high)}, "
        "whichever class is taken. The chosen class is in bold."
    )


@takes(run=RUN, question_id=TEXT)
def since_before(run: Run, question_id: str) -> str:
    """Return from what to what the likeliest outcome's answer went since the edition before, and what moved it furthest.

    The first number is what the edition before would have answered to this question, whatever its own deadlines were. Nothing is
    compared where that one did not ask about the same.
    """
    now = run.forecast(question_id).headline
    rows = run.changes[(run.changes["question"] == question_id) & (run.changes["outcome"] == now.id)]
    if rows.empty:
        return "**Nothing to compare with:** no earlier edition that this one names asked the same question."
    before, first = now.p - rows["change"].sum(), rows.loc[rows["change"].abs().idxmax()]
    text = (
        f"**From {percent(max(before, 0.0))}** (this question, as the earlier edition would have answered it) "
        f"**to {now.percent}**, most of all through “{part_title(str(first['part']))}” ({points(first['change'])} points)."
    )
    return with_marks(text, run.mark.warning)


@takes(table=OUTCOMES, known_on=DAY)
def hindsight(table: pd.DataFrame, known_on: dt.date) -> str:
    """Return how some yes/no forecasts fared beside counted cases alone: the mean Brier scores of what is settled."""
    settled = table.dropna(subset=["happened"])
    if settled.empty:
        return f"**None of these is settled** by what the records hold up to {day(known_on)}."
    brier, base = (((settled[name] - settled["happened"]) ** 2).mean() for name in ("p", "base_p"))
    gain = round(base - brier, 2)
    verdict = "helped" if gain > 0 else "misled" if gain < 0 else "changed nothing that the score can see"
    text = (
        f"**Here the evidence {verdict}.** Over {len(settled)} of {len(table)} yes/no questions, which are settled by "
        f"{day(known_on)}, the mean Brier score is {brier:.2f}, against {base:.2f} for counted cases alone; 0 is perfect, "
        "0.25 is even odds on all."
    )
    return with_marks(text, *(settled["gate"].fillna("") if "gate" in settled else ()))


@takes(moves=many(MOVE), title=TEXT, by=DAY_OR_TEXT)
def if_seen(moves: Sequence[Move], title: str, by: str | dt.date) -> str:
    """Return what seeing an event would move furthest, and which way."""
    seen = f"If “{plain(title)}” is seen by {day(as_date(by))}"
    if not moves:
        return with_marks(f"**{seen}, no other answer moves** by more than chance could.", *warnings_of(moves))
    way = "rises" if moves[0].change > 0 else "falls"
    text = f"**{seen}, the answer that moves furthest {way}:** *{plain(moves[0].label)}* ({plain(moves[0].note)})."
    return with_marks(text, moves[0].warning)


@takes(bands=BANDS)
def by_then(bands: pd.DataFrame) -> str:
    """Return what a further model says of the last day of each of its panels: the middle, and where nine tenths lie."""
    told = []
    for _, rows in bands.groupby("panel", sort=False):
        last = rows.sort_values("on").iloc[-1]
        ends = f"nine tenths between {value_words(last.low)} and {value_words(last.high)}"
        told.append(f"**{plain(last.title)}**, {day(last.on)}: about {value_words(last.middle)} {plain(last.unit)}, {ends}")
    return f"{'; '.join(told)}."

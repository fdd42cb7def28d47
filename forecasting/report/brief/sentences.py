"""The sentences of a key judgement: how likely, how sure we are of that, why, and what would change it.

Likelihood and confidence never share a sentence (ICD 203, D.6.e(2)): one is about the world, the other about the evidence.
"""

from __future__ import annotations

from forecasting.dossier.questions import Question
from forecasting.forecasts import Forecast, number, percent, shown
from forecasting.report.brief.moves import FEW, LEAST, Moves, Seen
from forecasting.report.formatting import day, interval, points, short_day, weighs
from forecasting.standards.tables import standard
from forecasting.trace.confidence import Confidence

WEAK = {
    "evidence": "few independent claims speak of it",
    "reference class": "comparable cases fit poorly or were not looked up",
    "sensitivity": "counting other comparable cases would give another number",
    "conflict": "history and claims disagree",
    "precision": "the number is imprecise{interval}",
    "outcome": "it weighs power, which nothing on record can settle",
}
STRONG = {
    "evidence": "several independent claims speak of it",
    "reference class": "comparable cases fit well",
    "sensitivity": "counting other comparable cases would hardly change the number",
    "conflict": "history and claims agree",
    "precision": "the number is precise",
    "outcome": "the answer can be looked up",
}
MOST_REASONS = 2
WIDE = 0.4  # of a 90 % interval: forty points
LONG = 12  # words of a claim that stand on page one where there is little room


def statement_of(question: Question, forecast: Forecast) -> str:
    """Return what the answer to quote says, as a clause with "will": the record's own, or made of the title.

    Examples
    --------
    >>> from forecasting.rules.load import load_dossier
    >>> from forecasting.forecasts import Outcome
    >>> import datetime as dt
    >>> question = load_dossier("priors").questions["khmeimim-held-2025"]
    >>> yes = Outcome("yes", "yes", 0.64, 0.3, 0.9, 0.001, 0.7, 0.6, 0.5, 0.8)
    >>> day = dt.date(2025, 12, 31)
    >>> asked = Forecast(question.id, question.title, "", "2024-12-syria", day, day, "yes/no", (yes,))
    >>> statement_of(question, asked)
    'Russia will still operate Khmeimim at the end of 2025'
    >>> statement_of(question.model_copy(update={"statement": None}), asked)
    'the answer to “Will Russia still operate Khmeimim at the end of 2025?” will be yes'
    """
    if forecast.kind == "yes/no":
        return question.statement or f"the answer to “{question.title}” will be yes"
    return f"the answer to “{question.title}” will be “{forecast.headline.title}”"


def likelihood_sentence(question: Question, forecast: Forecast, nearest: Forecast | None = None) -> str:
    """Return how likely the answer to quote is, in the words of the edition's standard; of a set, whether it comes first.

    Behind the number stand that of the ``nearest`` date on which the same is asked, and the 90 % interval where it is wide.
    """
    one = forecast.headline
    beside = [one.percent]
    if is_wide(forecast):
        beside.append(f"arguably {number(one.low)} to {number(one.high)} %")
    if nearest:
        beside.append(f"{nearest.headline.percent} for {short_day(nearest.deadline)}")
    number_told = "; ".join(beside)
    if forecast.kind != "yes/no" and one.p < 0.5:
        said = standard(one.standard).sentence(shown(one.p), "it will be that one", number_told)
        return f"No outcome of “{forecast.title}” is likelier than “{one.title}”; {said[:1].lower()}{said[1:]}"
    return standard(one.standard).sentence(shown(one.p), statement_of(question, forecast), number_told)


def is_wide(forecast: Forecast) -> bool:
    """Return whether the 90 % interval of the answer to quote is wider than 40 points, so that it stands beside the number."""
    one = forecast.headline
    return weighs(one.low, one.high) and one.high - one.low > WIDE


def confidence_sentence(found: Confidence, forecast: Forecast, most: int = MOST_REASONS) -> str:
    """Return how good the evidence is, with the criteria that decided it."""
    weak = [WEAK[one.name] for one in found.criteria if one.rating == "weak"]
    strong = [STRONG[one.name] for one in found.criteria if one.rating == "strong"]
    told = {"low": weak, "high": strong}.get(found.level, [*strong[:1], *weak[:1]])[:most]
    joiner = ", but " if found.level == "moderate" and strong and weak else ", and "
    span = "" if is_wide(forecast) else f" ({interval(forecast.headline.low, forecast.headline.high).replace('–', ' to ')})"
    reasons = joiner.join(told).format(interval=span) or "no criterion is weak, and few are strong"
    return f"Our confidence is {found.level}: {reasons}."


def why_sentence(moves: Moves, most: int = 0) -> str:
    """Return where the number starts, what takes it where it is, and the claim that moves it most, in our words for it.

    ``most`` is how many words of a claim are shown; 0 shows all.
    """
    quoted = [
        f"“{_cut(move.what, most)}” ({', '.join(filter(None, (move.speaker, f'{points(move.change)} points')))})"
        for move in moves.strongest
    ]
    strongest = f"{moves.kind}: {' and '.join(quoted)}." if quoted else ""
    if not moves.network:
        return strongest or "No observation moves it by a point."
    steps = (_step("the articles", moves.base_p, moves.prior_p), _step("dated facts", moves.prior_p, moves.p))
    told = "; ".join(filter(None, steps)) or "articles and dated facts leave it there"
    return f"Counting cases gives {percent(moves.base_p)}; {told}. {strongest}".rstrip()


def _step(what: str, before: float, after: float) -> str:
    """Return which way a kind of evidence moves an answer, and where to; nothing if by less than a point."""
    if abs(after - before) < LEAST:
        return ""
    verb = "raise" if after > before else "lower"
    return f"{what} {verb} it to {percent(after)}"


def _cut(text: str, most: int) -> str:
    words = text.split()
    return text if not most or len(words) <= most else f"{' '.join(words[:most]).rstrip(',;:')} …"


def change_sentence(moves: Moves, seen: Seen | None) -> str:
    """Return what would move the answer: events that could be seen, or the claim that moves it most, if that were withdrawn."""
    if seen and seen.events:
        told = [f"“{title}” would put it at {percent(p)}" for title, p in seen.events]
        told[1:] = [one.replace(" would put it at", " at") for one in told[1:]]
        return f"If seen by {day(seen.by)}, {', '.join(told)}."
    if moves.strongest and abs(moves.strongest[0].change) >= FEW:
        return f"Without that {moves.one} it would be {percent(moves.strongest[0].p_without)}."
    if seen and seen.late:
        return "No early sign: what would move it follows from it."
    if seen:
        return f"Nothing seen by {day(seen.by)} would move it by five points."
    return f"No {moves.noun} moves it by five points."

"""A run of any edition with made-up but coherent tables, for tests of how runs are shown: nothing is fitted."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pandas as pd
from manifests import PASSED, VERDICTS, made_up_manifest

from forecasting.analysis.registry import columns_of
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.questions import Question
from forecasting.forecasts import Forecast, Outcome
from forecasting.models.base import BAND_COLUMNS, INFLUENCE_COLUMNS, POINT_COLUMNS, READING_COLUMNS
from forecasting.runs.further import ModelTables
from forecasting.runs.store import Run

LAYERS = ("base", "prior", "posterior")


def sample_run(edition: EditionDossier, seed: int = 7, *, whole: bool = False) -> Run:
    """Return a run whose numbers are drawn at random and agree with each other; ``whole`` with what further models answer."""
    luck = random.Random(seed)
    forecasts = tuple(_forecast(edition, question, luck) for question in edition.questions)
    tables = {
        "layers": _layers(forecasts), "events": _events(edition, luck), "curves": _curves(edition, luck),
        "influence": _influence(edition, forecasts, luck), "sources": _sources(edition, forecasts, luck),
        "origins": _origins(edition, forecasts, luck), "sensitivity": _sensitivity(forecasts, luck),
        "conflicts": _conflicts(edition, luck), "exposure": _exposure(forecasts, luck),
        "classes": _classes(edition, forecasts, luck), "gate": _gate(),
        "assumptions": _assumptions(edition),
    }  # fmt: skip
    if edition.edition.previous:
        tables["changes"] = _changes(forecasts)
    if "balance" in edition.further:
        tables |= {"two_models": _two_models(edition), "upper_hand": _upper_hand(forecasts)}
    further = {name: _further(edition, name) for name in edition.further}
    if whole:
        more = {question.id: _forecast(edition, question, luck) for told in edition.further.values() for question in told}
        known = more | {forecast.question: forecast for forecast in forecasts}
        forecasts = tuple(known[question.id] for question in edition.asked)
    return Run(Path("runs") / edition.edition.id, made_up_manifest(edition), forecasts, tables, further)


def _further(edition: EditionDossier, name: str) -> ModelTables:
    """Return the tables of a further model: one observation, which moves its first answer, and one panel of three days."""
    days = [edition.as_of + dt.timedelta(days=100 * i) for i in range(3)]
    rows = [("level", f"Level of {name}", "steps", day, 0.8, 0.9, 1.0 + i, 2.1 + i, 3.2 + i) for i, day in enumerate(days)]
    bands = pd.DataFrame(rows, columns=list(BAND_COLUMNS))
    points = pd.DataFrame([("level", "o-1", edition.as_of, 1.0, "An observation", "seen")], columns=list(POINT_COLUMNS))
    readings = pd.DataFrame([("o-1", "level", 1.0, 0.1, "steps", "a level")], columns=list(READING_COLUMNS))
    first = edition.further[name][0]
    moved = ("o-1", f"{first.id}:{_outcome_ids(first)[0]}", 0.5, 0.4, 0.1, 0.001, 0.2, "weights")
    influence = pd.DataFrame([moved], columns=list(INFLUENCE_COLUMNS))
    tables = {"readings": readings, "influence": influence, "bands": bands, "points": points}
    return ModelTables(name, f"Model {name}", tables)


def _two_models(edition: EditionDossier) -> pd.DataFrame:
    """Return a row for each side of an index that the network answers too, near the network's number and far from it in turn."""
    stated = [(one.id, part) for one in edition.further["balance"] if one.favours for part in one.favours.in_network]
    rows = [
        (name, part.side, "is" if part.is_ else "needs", 0.5, 0.002, (0.2, 0.45)[i % 2], 0.001, 0.4, 0.3, (0.3, 0.05)[i % 2],
         ("apart", "agree")[i % 2])
        for i, (name, part) in enumerate(stated)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns_of("two_models")))


def _upper_hand(forecasts: tuple[Forecast, ...]) -> pd.DataFrame:
    """Return a row for each outcome: the balance adds four points to the first answers, and nothing to the rest."""
    rows = [
        (one.question, outcome.id, outcome.p, outcome.p, outcome.p + change, change, 0.002, 0.003, 0.2, 0.9, 0.2)
        for i, one in enumerate(forecasts) for outcome in one.outcomes for change in [0.04 if i < 3 else 0.0]
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns_of("upper_hand")))


class _Nothing:
    """A world in which nothing happens: outcomes have ids there as everywhere."""

    def happened(self, event: str, by: dt.date) -> bool:
        return False

    def before(self, event: str, other: str) -> bool:
        return False

    def told(self, day: dt.date | None, value: bool) -> bool:
        return False

    def at_least(self, quantity: str, number: float, day: dt.date) -> bool:
        return False


def _outcome_ids(question: Question) -> list[str]:
    return [name for name, _ in question.form.outcomes(_Nothing())]


def _forecast(edition: EditionDossier, question: Question, luck: random.Random) -> Forecast:
    titles_of = question.form.titles()
    names = _outcome_ids(question)
    titles = [titles_of.get(name, name) for name in names]
    shares = [_shares(len(names), luck) for _ in range(3)]
    outcomes = tuple(
        Outcome(
            id=names[i], title=titles[i], p=shares[0][i], low=0.4 * shares[0][i],
            high=min(1.0, 1.6 * shares[0][i] + 0.02), mcse=0.0021 + 0.0001 * i, base_p=shares[1][i],
            prior_p=shares[2][i], low_50=0.7 * shares[0][i], high_50=min(1.0, 1.25 * shares[0][i] + 0.01),
        )
        for i in range(len(names))
    )  # fmt: skip
    return Forecast(
        question=question.id, title=question.title, theme=question.theme, edition=edition.edition.id,
        as_of=edition.as_of, deadline=question.deadline, kind=question.form.kind, outcomes=outcomes,
        gate=PASSED, reconstructed=edition.edition.reconstructed or "",
    )  # fmt: skip


def _shares(n: int, luck: random.Random) -> list[float]:
    if n == 1:
        return [luck.betavariate(0.8, 1.2)]
    weights = [luck.random() + 0.05 for _ in range(n)]
    return [weight / sum(weights) for weight in weights]


def _layers(forecasts: tuple[Forecast, ...]) -> pd.DataFrame:
    rows = []
    for forecast in forecasts:
        for outcome in forecast.outcomes:
            for layer, p in zip(LAYERS, (outcome.base_p, outcome.prior_p, outcome.p), strict=True):
                spread = {"q05": 0.3, "q25": 0.7, "q50": 0.98, "q75": 1.2, "q95": 1.7}
                quantiles = {name: min(p * times, 0.99) for name, times in spread.items()}
                row = {"question": forecast.question, "outcome": outcome.id, "layer": layer, "mean": p}
                rows.append(row | quantiles)
    return pd.DataFrame(rows)


def _events(edition: EditionDossier, luck: random.Random) -> pd.DataFrame:
    names = ("hazard_median", "hazard_low", "hazard_high", "p_1y", "p_1y_low", "p_1y_high")
    return pd.DataFrame(
        [{"event": event, "layer": layer} | {name: luck.random() for name in names}
         for event in edition.event_ids for layer in LAYERS]
    )  # fmt: skip


def _curves(edition: EditionDossier, luck: random.Random) -> pd.DataFrame:
    last = max(question.deadline for question in edition.questions)
    days = [edition.as_of + dt.timedelta(days=d) for d in range(0, (last - edition.as_of).days, 30)] + [last]
    rows = []
    for event in edition.event_ids:
        for layer in LAYERS:
            rate = luck.choice((0.05, 0.3, 1.2))
            for day in days:
                t = (day - edition.as_of).days / 365.25
                p, low, high = (1 - 2.718281828 ** (-rate * k * t) for k in (1, 0.4, 1.9))
                rows.append({"event": event, "layer": layer, "date": day, "p": p, "low": low, "high": high})
    return pd.DataFrame(rows)


def _influence(edition: EditionDossier, forecasts: tuple[Forecast, ...], luck: random.Random) -> pd.DataFrame:
    rows = []
    for i, claim in enumerate(edition.claims):
        pathway = "signal that shifts the hazard (expired: …)" if i % 5 == 1 else "reads the hazard through its wording"
        blank = {"claim": claim.id, "pathway": pathway, "question": "", "outcome": "", "p": None, "p_without": None,
                 "change": None, "mcse": None, "k_hat": None, "how": "history says the same more firmly"}  # fmt: skip
        if i % 11 == 10:
            rows.append(blank)
            continue
        for forecast in luck.sample(forecasts, k=max(1, len(forecasts) // 3)):
            for outcome in forecast.outcomes:
                change = luck.gauss(0, 0.03)
                found = {"p": outcome.p, "p_without": outcome.p - change, "change": change, "mcse": 0.001, "k_hat": 0.2}
                rows.append({**blank, "question": forecast.question, "outcome": outcome.id, **found, "how": "weights"})
    return pd.DataFrame(rows)


def _sources(edition: EditionDossier, forecasts: tuple[Forecast, ...], luck: random.Random) -> pd.DataFrame:
    rows = []
    for source in edition.edition.sources:
        for forecast in forecasts:
            for outcome in forecast.outcomes:
                change = luck.gauss(0, 0.08)
                rows.append({"source": source, "question": forecast.question, "outcome": outcome.id, "p": outcome.p,
                             "p_without": outcome.p - change, "change": change, "mcse": 0.001})  # fmt: skip
    return pd.DataFrame(rows)


def _origins(edition: EditionDossier, forecasts: tuple[Forecast, ...], luck: random.Random) -> pd.DataFrame:
    columns = ["origin", "n_claims", "question", "outcome", "p", "p_without", "change", "mcse", "k_hat", "how"]
    rows = []
    for origin in sorted({claim.origin for claim in edition.claims}):
        for forecast in forecasts:
            o, change = forecast.headline, luck.gauss(0, 0.08)
            rows.append((origin, 2, forecast.question, o.id, o.p, o.p - change, change, 0.001, 0.3, "weights"))
    return pd.DataFrame(rows, columns=columns)


def _sensitivity(forecasts: tuple[Forecast, ...], luck: random.Random) -> pd.DataFrame:
    columns = ["question", "outcome", "part", "sensitivity", "noise", "counts", "pull", "points", "alpha", "k_hat", "verdict",
               "words"]  # fmt: skip
    rows = []
    for forecast in forecasts:
        for outcome in forecast.outcomes:
            for part in ("base", "grades", "claims", "facts", "history"):
                size = luck.random() / 5
                rows.append((forecast.question, outcome.id, part, size, 0.01, size >= 0.05, luck.gauss(0, 0.3), 0.01, 0.8, 0.2,
                             "base", "driven by the base-rate prior"))  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _conflicts(edition: EditionDossier, luck: random.Random) -> pd.DataFrame:
    columns = ["event", "kind", "n", "expected", "found", "z", "p", "verdict", "words"]
    rows = []
    for event in edition.event_ids:
        p = luck.random()
        said = "strained" if p < 0.3 else "agree"
        rows.append((event, "history", 1, 0.4, 0.0, None, p, said, f"history is at odds with class and claims: {p:.2f}"))
    return pd.DataFrame(rows, columns=columns)


def _exposure(forecasts: tuple[Forecast, ...], luck: random.Random) -> pd.DataFrame:
    rows = []
    for forecast in forecasts:
        for outcome in forecast.outcomes:
            change = luck.uniform(-0.1, 0.1)
            rows.append((forecast.question, outcome.id, outcome.p, outcome.p - change, change, 0.002, "weights"))
    return pd.DataFrame(rows, columns=["question", "outcome", "p", "p_without", "change", "mcse", "how"])


def _classes(edition: EditionDossier, forecasts: tuple[Forecast, ...], luck: random.Random) -> pd.DataFrame:
    rows = []
    behind = {question.id: question.events() for question in edition.questions}
    for forecast in forecasts:
        for name in behind[forecast.question]:
            event = edition.dossier.events[name]
            for reference_class in (event.reference_class, *event.rivals):
                for outcome in forecast.outcomes:
                    p = luck.random()
                    rows.append({"event": name, "reference_class": reference_class,
                                 "chosen": reference_class == event.reference_class,
                                 "bound": event.bound(reference_class), "question": forecast.question,
                                 "outcome": outcome.id, "base_p": p, "base_low": p / 2, "base_high": (1 + p) / 2,
                                 "p": luck.random(), "mcse": 0.001})  # fmt: skip
    return pd.DataFrame(rows)


def _assumptions(edition: EditionDossier) -> pd.DataFrame:
    """Return every verdict in turn."""
    verdicts = (("yes", "met: 97.0 ± 0.1 %"), ("no", "not met: 12.0 ± 0.1 %"), ("unclear", "unclear: 50.0 ± 0.1 %"),
                ("not asked", "not asked: no question leads to it"))  # fmt: skip
    rows = []
    for i, held in enumerate(edition.assumptions):
        met, words = verdicts[i % 4]
        rows.append((edition.edition.id, held.id, 0.5, 0.001, *held.holds.bounds, met, 64000, f"{words}; held is {held.holds}"))
    return pd.DataFrame(rows, columns=list(columns_of("assumptions")))


def _changes(forecasts: tuple[Forecast, ...]) -> pd.DataFrame:
    """Return changes from one half to what each outcome is now; a tenth of a point of *news* is lost in the noise."""
    rows = []
    for forecast in forecasts:
        for outcome in forecast.outcomes:
            rest = outcome.p - 0.5 - 0.001
            parts = {"time": (0.7 * rest, 0.001), "no-news": (0.3 * rest, 0.0), "news": (0.001, 0.003), "claims": (0.0, 0.0)}
            rows += [(forecast.question, outcome.id, part, *value) for part, value in parts.items()]
    return pd.DataFrame(rows, columns=["question", "outcome", "part", "change", "mcse"])


def _gate() -> pd.DataFrame:
    return pd.DataFrame(VERDICTS, columns=["criterion", "worst", "value", "bound", "passed", "fix"])

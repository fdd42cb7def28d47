"""Where a settled forecast was right and wrong: what each claim, layer and class added to the log score of what came."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from forecasting.dossier.edition import Dossier
from forecasting.forecasts import Forecast
from forecasting.runs.store import Run
from forecasting.runs.tables import no_bound

COLUMNS = ("question", "part", "id", "gain")
LAYERS = (("claims", "base_p", "prior_p"), ("history", "prior_p", "p"))
FLOOR = 1e-4  # a probability is never taken to be smaller: one impossible claim would outweigh all others


@dataclass(frozen=True)
class Moved:
    """What one thing did to the log score of what came, in nats; above 0 it pointed the right way."""

    id: str
    gain: float


def gain(p: float, without: float) -> float:
    """Return ln(p / without): what something added to the log score, if ``p`` and ``without`` are of the outcome that came.

    Examples
    --------
    >>> round(gain(0.4, 0.2), 3), gain(0.2, 0.2)
    (0.693, 0.0)
    """
    return math.log(max(p, FLOOR) / max(without, FLOOR))


def post_mortem(run: Run, outcomes: Mapping[str, str]) -> pd.DataFrame:
    """Return what each part of a run did for the questions that are settled.

    Parameters
    ----------
    outcomes : mapping of str to str
        The outcome that came, by question.

    Returns
    -------
    DataFrame
        ``question``, ``part``, ``id``, ``gain`` in nats. Parts: *claims* and *history*, the layers as a whole, which add up to
        the difference to base rates alone; *claim*, each claim left out by itself; *class*, the class of each event against the
        mean over its rivals. Parts of different kinds overlap and do not add up.
    """
    settled = [forecast for forecast in run.forecasts if forecast.question in outcomes]
    rows = [row for forecast in settled for row in _layers(forecast, outcomes[forecast.question])]
    for table, part, name in ((run.influence, "claim", "claim"), (run.sources, "source", "source")):
        for row in _of_outcome(table, outcomes).itertuples():
            rows.append((row.question, part, getattr(row, name), gain(row.came, row.came_without)))
    rows += _classes(run, outcomes)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _layers(forecast: Forecast, came: str) -> Iterable[tuple[str, str, str, float]]:
    def of(layer: str) -> float | None:
        listed = {o.id: getattr(o, layer) for o in forecast.outcomes if o.id != "void"}
        if came in listed:
            return float(listed[came])
        return 1 - sum(listed.values()) if len(listed) == 1 else None

    for name, before, after in LAYERS:
        first, then = of(before), of(after)
        if first is not None and then is not None:
            yield forecast.question, name, name, gain(then, first)


def _of_outcome(table: pd.DataFrame, outcomes: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows about the outcome that came, or of a yes/no question that came to no about its other half."""
    came = table["question"].map(outcomes)
    same, other = table["outcome"] == came, (table["outcome"] == "yes") & (came == "no")
    part = table[same | other]
    flipped = other[same | other]
    return part.assign(
        came=part["p"].where(~flipped, 1 - part["p"]), came_without=part["p_without"].where(~flipped, 1 - part["p_without"])
    )


def _classes(run: Run, outcomes: Mapping[str, str]) -> Iterable[tuple[str, str, str, float]]:
    table = run.classes
    came = table["question"].map(outcomes)
    other = (table["outcome"] == "yes") & (came == "no")
    part = table[(table["outcome"] == came) | other]
    part = part.assign(came=part["p"].where(~other.loc[part.index], 1 - part["p"]))
    for (question, event), rows in part.groupby(["question", "event"], sort=False):
        chosen, rivals = rows[rows["chosen"].astype(bool)], rows[~rows["chosen"].astype(bool) & no_bound(rows)]
        if len(chosen) and len(rivals):
            mean = math.exp(sum(math.log(max(p, FLOOR)) for p in rivals["came"]) / len(rivals))
            yield str(question), "class", str(event), gain(float(chosen["came"].iloc[0]), mean)


def strongest(parts: pd.DataFrame, question: str, n: int = 3) -> tuple[list[Moved], list[Moved]]:
    """Return the claims that helped one question's score most, and those that harmed it most; only what moved it by 0.01 nats."""
    own = parts[(parts["question"] == question) & (parts["part"] == "claim")].sort_values("gain", ascending=False)
    moved = [Moved(row.id, row.gain) for row in own.itertuples() if abs(row.gain) >= 0.01]
    return [m for m in moved if m.gain > 0][:n], [m for m in reversed(moved) if m.gain < 0][:n]


def by_kind(parts: pd.DataFrame, dossier: Dossier) -> pd.DataFrame:
    """Return the mean gain per question of claims, summed by kind, source, speaker and wording.

    Returns
    -------
    DataFrame
        ``of``, ``name``, ``n_claims``, ``n_questions``, ``total`` (nats over all questions), ``without_largest`` (the same
        without the claim whose own sum is furthest from 0): the largest first within each.
    """
    claims = parts[(parts["part"] == "claim") & parts["id"].isin(dossier.claims)]
    rows = []
    for of, read in _READ.items():
        named = claims.assign(name=[read(dossier, claim) for claim in claims["id"]])
        named = named[named["name"] != ""]
        for name, group in named.groupby("name"):
            rows.append((of, name, group["id"].nunique(), group["question"].nunique(), *_sums(group)))
    table = pd.DataFrame(rows, columns=["of", "name", "n_claims", "n_questions", "total", "without_largest"])
    return table.sort_values(["of", "total"], ascending=[True, False], ignore_index=True)


def _sums(group: pd.DataFrame) -> tuple[float, float]:
    """Return the sum of the gains of some claims, and that without the claim whose own sum is furthest from 0."""
    each = group.groupby("id")["gain"].sum()
    return float(each.sum()), float(each.drop(each.abs().idxmax()).sum())


_READ = {
    "kind of claim": lambda d, c: d.claims[c].kind,
    "source": lambda d, c: d.sources[d.claims[c].source].title,
    "speaker": lambda d, c: d.claims[c].speaker,
    "wording": lambda d, c: f"{d.claims[c].wording} ({d.claims[c].lexicon})" if d.claims[c].wording else "",
}

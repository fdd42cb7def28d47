"""What would make the answers wrong: how far each moves with another class, without a claim or an origin, or without history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from forecasting.dossier.edition import EditionDossier
from forecasting.inference.noticeable import noticeable
from forecasting.report.articles import Article
from forecasting.report.event_entries import class_anchor
from forecasting.report.formatting import percent
from forecasting.report.said import class_name
from forecasting.runs.store import Run

MOST = 8  # lines: those that would move furthest
PARTS = {"base": "base rates", "grades": "grades", "claims": "judgements", "facts": "facts", "history": "history"}


@dataclass(frozen=True)
class Otherwise:
    """One way in which an answer would be another number: what it would be, and a name that leads to what is changed."""

    p: str
    anchor: str
    name: str
    size: float


@dataclass(frozen=True)
class RobustLine:
    """One answer and what it would be otherwise; ``swing`` is the largest of the differences."""

    anchor: str
    name: str
    answer: str
    p: str
    level: str
    weak: tuple[str, ...]
    by_class: Otherwise | None
    by_claim: Otherwise | None
    by_origin: Otherwise | None
    by_quiet: Otherwise | None
    hangs_on: tuple[str, ...]
    swing: float


def robust_lines(
    run: Run, edition: EditionDossier, articles: tuple[Article, ...], origins: Mapping[str, str]
) -> tuple[RobustLine, ...]:
    """Return a line per family of questions, the one that would move most first; ``origins`` holds their names."""
    lines = [_line(run, edition, article, origins) for article in articles if not article.settled]
    return tuple(sorted(lines, key=lambda line: -line.swing)[:MOST])


def _line(run: Run, edition: EditionDossier, article: Article, origins: Mapping[str, str]) -> RobustLine:
    last, top = article.family.last, article.family.last.headline
    key = (last.question, top.id)
    claim = (article.raising.shown[:1], article.lowering.shown[:1])
    strongest = max((pull for side in claim for pull in side), key=lambda pull: abs(_points(pull.moved)), default=None)
    ways = (
        _class(run, key, top.p),
        Otherwise(
            percent(min(max(top.p - _points(strongest.moved) / 100, 0.0), 1.0)), strongest.entry.anchor,
            f"{strongest.entry.number} {strongest.entry.name}", abs(_points(strongest.moved)) / 100,
        ) if strongest else None,
        _origin(run, key, origins),
        _quiet(run, key),
    )  # fmt: skip
    judged = article.confidence
    rows = run.sensitivity[(run.sensitivity["question"] == key[0]) & (run.sensitivity["outcome"] == key[1])]
    counted = rows[rows["counts"].astype(str).str.lower().isin(["true", "1", "1.0"])]
    counted = counted.iloc[pd.to_numeric(counted["points"], errors="coerce").abs().argsort()[::-1]]
    return RobustLine(
        article.family.anchor, article.family.name, top.title if last.kind != "yes/no" else "", top.percent, judged.level,
        tuple(one.name for one in judged.criteria if one.rating == "weak"), *ways,
        tuple(PARTS.get(str(part), str(part)) for part in counted["part"]), max((way.size for way in ways if way), default=0.0),
    )  # fmt: skip


def _points(moved: str) -> float:
    """Return the points of the last date."""
    return float(moved.split(" / ")[-1].replace("−", "-"))


def _rows(table: pd.DataFrame, key: tuple[str, str]) -> pd.DataFrame:
    return table[(table["question"] == key[0]) & (table["outcome"] == key[1])]


def _class(run: Run, key: tuple[str, str], p: float) -> Otherwise | None:
    rows = _rows(run.classes, key)
    rows = rows.assign(p=pd.to_numeric(rows["p"], errors="coerce")).dropna(subset=["p"])
    rows = rows[rows["chosen"].astype(str).str.lower().isin(["false", "0", "0.0"])]
    if rows.empty:
        return None
    far = rows.loc[(rows["p"] - p).abs().idxmax()]
    name = str(far["reference_class"])
    return Otherwise(percent(float(far["p"])), class_anchor(name), class_name(name), abs(float(far["p"]) - p))


def _origin(run: Run, key: tuple[str, str], origins: Mapping[str, str]) -> Otherwise | None:
    rows = _rows(run.origins, key)
    rows = rows.assign(change=pd.to_numeric(rows["change"], errors="coerce")).dropna(subset=["change"])
    if rows.empty:
        return None
    far = rows.loc[rows["change"].abs().idxmax()]
    name = origins.get(str(far["origin"]), str(far["origin"]))
    return Otherwise(percent(float(far["p_without"])), "provenance", name, abs(float(far["change"])))


def _quiet(run: Run, key: tuple[str, str]) -> Otherwise | None:
    rows = _rows(run.exposure, key)
    if rows.empty or not noticeable(rows["change"].iloc[0], rows["mcse"].iloc[0]):
        return None
    return Otherwise(percent(float(rows["p_without"].iloc[0])), "", "", abs(float(rows["change"].iloc[0])))

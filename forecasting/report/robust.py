"""What would make the answers wrong: how far each moves with another class, without a claim or an origin, or without history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from forecasting.inference.noticeable import noticeable
from forecasting.report.articles import Article
from forecasting.report.claim_entries import ClaimEntry
from forecasting.report.event_entries import class_anchor
from forecasting.report.evidence import largest_changes
from forecasting.report.formatting import percent
from forecasting.report.said import class_name
from forecasting.runs.store import Run
from forecasting.runs.tables import no_bound
from forecasting.trace.lone_claims import lone_claims

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


@dataclass(frozen=True)
class LoneLine:
    """An answer that one claim takes far from its class, with names that lead to both."""

    anchor: str
    title: str
    outcome: str
    claim_anchor: str
    claim: str
    p: str
    without: str
    base: str


def lone_lines(run: Run, articles: tuple[Article, ...], claims: Mapping[str, ClaimEntry]) -> tuple[LoneLine, ...]:
    """Return a line for each answer that one claim takes far beyond counted cases (`forecasting.trace.lone_claims`)."""
    anchors = {name: article.family.anchor for article in articles for name in _questions(article)}
    return tuple(
        LoneLine(
            anchors.get(one.question, ""), one.title, one.outcome, claims[one.claim].anchor,
            f"{claims[one.claim].number} {claims[one.claim].name}", percent(one.p), percent(one.p_without), percent(one.base_p),
        )
        for one in lone_claims(run) if one.claim in claims and one.question in anchors
    )  # fmt: skip


def _questions(article: Article) -> list[str]:
    return [] if article.settled else [question.id for question in article.family.questions]


def robust_lines(
    run: Run, articles: tuple[Article, ...], claims: Mapping[str, ClaimEntry], origins: Mapping[str, str]
) -> tuple[RobustLine, ...]:
    """Return a line per family of questions, the one that would move most first; ``origins`` holds the names of origins."""
    lines = [_line(run, article, claims, origins) for article in articles if not article.settled]
    return tuple(sorted(lines, key=lambda line: -line.swing)[:MOST])


def _line(run: Run, article: Article, claims: Mapping[str, ClaimEntry], origins: Mapping[str, str]) -> RobustLine:
    last, top, judged = article.family.last, article.family.last.headline, article.confidence
    key = (last.question, top.id)
    ways = (_class(run, key, top.p), _claim(run, key, claims), _origin(run, key, origins), _quiet(run, key))
    rows = _rows(run.sensitivity, key)
    counted = rows[rows["counts"].astype(bool)].sort_values("points", key=abs, ascending=False)
    return RobustLine(
        article.family.anchor, article.family.name, top.title if last.kind != "yes/no" else "", top.percent, judged.level,
        tuple(one.name for one in judged.criteria if one.rating == "weak"), *ways,
        tuple(PARTS[part] for part in counted["part"]), max((way.size for way in ways if way), default=0.0),
    )  # fmt: skip


def _rows(table: pd.DataFrame, key: tuple[str, str]) -> pd.DataFrame:
    return table[(table["question"] == key[0]) & (table["outcome"] == key[1])]


def _class(run: Run, key: tuple[str, str], p: float) -> Otherwise | None:
    rows = _rows(run.classes, key)
    rows = rows[~rows["chosen"].astype(bool) & no_bound(rows)]
    found = largest_changes(rows.assign(change=pd.to_numeric(rows["p"], errors="coerce") - p), "reference_class")
    if found.empty:
        return None
    far = found.iloc[0]
    name = str(far["reference_class"])
    return Otherwise(percent(float(far["p"])), class_anchor(name), class_name(name), float(far["size"]))


def _claim(run: Run, key: tuple[str, str], claims: Mapping[str, ClaimEntry]) -> Otherwise | None:
    rows = _rows(run.influence, key)
    found = largest_changes(rows[rows["claim"].isin(list(claims))], "claim")
    if found.empty:
        return None
    far = found.iloc[0]
    entry = claims[str(far["claim"])]
    return Otherwise(percent(float(far["p_without"])), entry.anchor, f"{entry.number} {entry.name}", float(far["size"]))


def _origin(run: Run, key: tuple[str, str], origins: Mapping[str, str]) -> Otherwise | None:
    found = largest_changes(_rows(run.origins, key), "origin")
    if found.empty:
        return None
    far = found.iloc[0]
    return Otherwise(percent(float(far["p_without"])), "provenance", origins[str(far["origin"])], float(far["size"]))


def _quiet(run: Run, key: tuple[str, str]) -> Otherwise | None:
    rows = _rows(run.exposure, key)
    if rows.empty or not noticeable(rows["change"].iloc[0], rows["mcse"].iloc[0]):
        return None
    return Otherwise(percent(float(rows["p_without"].iloc[0])), "", "", abs(float(rows["change"].iloc[0])))

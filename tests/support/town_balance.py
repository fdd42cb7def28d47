"""An edition that asks who has the upper hand of two towns, and its Gaussian limit, whose answers have a closed form."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from balances import ALIKE, BALANCE, BY_CLAIM, TOLL_HOUSE, files, index_question
from broken_dossiers import read_broken
from rule_edits import EDITION, QUESTIONS
from scipy import stats

from forecasting.dossier.balances import Balance
from forecasting.dossier.edition import EditionDossier
from forecasting.lab.upper_hand import Levels
from forecasting.models.base import BAND_COLUMNS

ASKED = """\
- {id: sudland-ahead-river, title: Is Sudland ahead on the river?, ahead: {balance: river, actor: sudland}, at: 2024-09-30}
- {id: norland-ahead, title: Is Norland ahead at large?, ahead: {balance: upper-hand, actor: norland}, at: 2024-07-31}
- {id: river-turned, title: Has the river turned?, turned: {balance: river, actor: sudland, since: 2024-03-31}, at: 2024-07-31}
""" + index_question("toll-index", "2024-09-30", "result: {side: high, known_on: 2025-01-31, source: the minutes}")
LOOK = """\
- id: NAME
  balance: FIELD
  kind: KIND
  what: Something was seen.
  happened_on: ON
  published_on: ON
  source: the minutes
  origin: NAME
  reliability: B
  credibility: 2
  codings:
    - {coder: one, favours: WHO}
"""


def look(name: str, field: str, kind: str, on: str, who: str) -> str:
    text = LOOK.replace("NAME", name).replace("FIELD", field).replace("KIND", kind)
    return text.replace("ON", on).replace("WHO", who)


MANY = TOLL_HOUSE + BY_CLAIM + "".join((
    look("o-011", "market", "level", "2024-05-02", "norland, by: clearly"),
    look("o-012", "river", "change", "2024-03-09", "neither").replace("origin: o-012", "origin: toll-house"),
    look("o-013", "upper-hand", "change", "2024-06-09", "sudland, by: decisively").replace(
        "  codings", "  speaker: the ferryman\n  codings"),
    look("o-014", "market", "level", "2024-06-10", "neither").replace("  codings", "  speaker: the ferryman\n  codings"),
    look("o-016", "market", "level", "2024-06-12", "norland, by: somewhat").replace(
        "  codings", "  speaker: the ferryman\n  codings"),
    look("o-015", "river", "level", "2024-06-20", "sudland, by: somewhat").replace(
        "  codings", "  anchor: The example.\n  codings"),
))


def town_edition(folder: Path, project: Path, observations: str, balance: str = BALANCE, asked: str = ASKED) -> EditionDossier:
    """Return the small edition with questions about the balance, as of 1 July 2024."""
    names = [line.split("id: ")[1].split(",")[0].strip() for line in asked.splitlines() if line.startswith("- ")]
    listed = (EDITION, "ferry-order-2025]", f"ferry-order-2025, {', '.join(names)}]")
    return read_broken(folder, project, *files(observations, balance), (QUESTIONS, "", asked), listed).edition("2024-07-ferry")


def town_levels() -> Levels:
    """Return four draws of three fields over five months, to be counted by hand; at large both theatres count alike.

    On the river Sudland is ahead from May on in two draws, from March on in one, and behind at the end in one.
    """
    river = [[-1, -1, -1, -1, 1], [-1, 1, -1, -1, 2], [-1, -1, 1, 1, 1], [1, 1, 1, 1, -1]]
    market = [[-2.0] * 5] * 3 + [[1.0, 1.0, -1.0, -1.0, -1.0]]
    whole = [[(a + b) / 2 for a, b in zip(*rows, strict=True)] for rows in zip(river, market, strict=True)]
    months = tuple(dt.date(2024, month, 1) for month in range(1, 6))
    level = np.stack([np.array(rows, dtype=float) for rows in (river, market, whole)], axis=1)
    balance = Balance.model_validate_json(json.dumps(yaml.safe_load(BALANCE), default=str))
    return Levels(balance, months, dt.date(2024, 5, 31), {dt.date(2024, 3, 5): "The Norland Times"}, level, np.full((4, 2), 0.5))


def town_bands() -> pd.DataFrame:
    """Return bands of one panel on two days."""
    rows = [("river", "River", "steps", dt.date(2024, 4, 1), -2.0, -1.0, 0.0, 1.0, 2.0),
            ("river", "River", "steps", dt.date(2024, 5, 1), -1.5, -0.5, 0.25, 1.0, 2.0)]  # fmt: skip
    return pd.DataFrame(rows, columns=list(BAND_COLUMNS))


# where a level's grade is an interval of a hundredth of a step and steps have no tails, levels and readings are normal; what is
# known of the gain is that its reading is above a bound, and the line between the two runs somewhere in even
NARROW, EVEN, FLOOR = 0.01, 0.4, 0.4
SEEN = {"o-001": 0.40, "o-002": -0.40}
GAUSSIAN = (
    ALIKE.replace("level: [0.5, 1.5], change: [0.25, 0.75, 1.5]", "level: [0.4, 0.41], change: [0.4, 0.41, 3.0]")
    .replace("tail: {value: 4", "tail: {value: 5000").replace("log_spread: 0.5", "log_spread: 0.0001")
    .replace("log_spread: 0.4", "log_spread: 0.0001").replace("slip: 0.03", "slip: 0.000001")
    .replace("step: {middle: 0.1,", "step: {middle: 0.3,", 1)
)  # fmt: skip
GAUSSIAN_LOOKS = "".join((
    look("o-001", "river", "level", "2024-06-15", "sudland, by: somewhat"),
    look("o-002", "river", "level", "2024-03-15", "norland, by: somewhat"),
    look("o-003", "river", "change", "2024-07-01", "sudland, by: slightly"),
))
STEP, COMMON, EVENT = 0.3, 0.05, 0.5
OWN = 0.31**2 + 0.31**2 + 0.3**2 + 0.3**2  # reliability B, credibility 2, spread of events, an origin that nothing shares


def exact(without: str = "") -> dict[str, float]:
    """Return the two answers that are integrals over one level: the joint normal conditioned on levels' readings, by quadrature.

    River, market and what they share are linear in independent normals: starts, then a step of each in every month.
    """
    phi, n = 2 ** (-1 / 96), 9  # months from January to September
    size = 3 + 3 * (n - 1)

    def unit(k: int, scale: float) -> np.ndarray:
        return scale * np.eye(size)[k]

    shared, apart = [unit(2, 1.0)], [[unit(i, s) - unit(2, 1.0)] for i, s in ((0, 1.0), (1, 0.5))]
    for t in range(1, n):
        shared.append(shared[-1] + unit(3 + t - 1, COMMON))
        for i in range(2):
            scale = EVENT if i == 0 and t == 6 else STEP
            apart[i].append(phi * apart[i][-1] + unit(3 + (i + 1) * (n - 1) + t - 1, scale))
    means = {"river": 0.0, "market": -2.0, "shared": -1.0}
    river = [shared[t] + apart[0][t] for t in range(n)]
    market = [shared[t] + apart[1][t] for t in range(n)]
    river_mean = [means["shared"] + phi**t * (means["river"] - means["shared"]) for t in range(n)]
    market_mean = [means["shared"] + phi**t * (means["market"] - means["shared"]) for t in range(n)]
    rows = {"o-001": (river[5], river_mean[5]), "o-002": (river[2], river_mean[2])}
    gain_of, gain_mean = river[6] - river[5], river_mean[6] - river_mean[5]
    kept = [name for name in rows if name != without]
    design = np.array([rows[name][0] for name in kept])
    gap = np.array([math.copysign(abs(SEEN[name]) + NARROW / 2, SEEN[name]) - rows[name][1] for name in kept])
    inverse = np.linalg.inv(design @ design.T + OWN * np.eye(len(kept)))

    def above(target: np.ndarray, mean: float) -> float:
        both = np.stack([target, gain_of])
        means = np.array([mean, gain_mean]) + both @ design.T @ inverse @ gap
        spread = both @ both.T - both @ design.T @ inverse @ design @ both.T
        at = means[0] + np.linspace(-8, 8, 4001) * math.sqrt(spread[0, 0])
        weight = stats.norm.pdf(at, means[0], math.sqrt(spread[0, 0]))
        if without != "o-003":
            told = means[1] + spread[1, 0] / spread[0, 0] * (at - means[0])
            left = spread[1, 1] - spread[1, 0] ** 2 / spread[0, 0] + OWN
            weight = weight * stats.norm.cdf((told - FLOOR) / math.sqrt(left))
        ahead = np.clip(0.5 + at / (2 * EVEN), 0, 1)
        return float((weight * ahead).sum() / weight.sum())

    large, large_mean = (river[6] + market[6]) / 2, (river_mean[6] + market_mean[6]) / 2
    return {"sudland-ahead-river:yes": above(river[8], river_mean[8]), "norland-ahead:yes": 1 - above(large, large_mean)}

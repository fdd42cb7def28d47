"""The page ``docs/crowds.md`` and its picture: ``python -m tools.docs.crowds FILE`` scores a file of crowds and writes both.

FILE is a table of resolved questions with the columns of ``forecasting.learning.crowds.COLUMNS``. The rows belong to others and
stay where they are; what the page shows are figures.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from forecasting.learning.crowds import (
    MAPS,
    Gain,
    base_rates,
    day,
    gain,
    pooled,
    read_crowds,
    recalibrated,
    with_earlier,
)
from forecasting.learning.recalibration import FORMS, fit_map
from forecasting.report.canvas import BAND, MUTED, POSTERIOR, RULE, Canvas, Chart, drawing, svg_text
from forecasting.scoring.reliability import Reliability, reliability, sharpness
from forecasting.scoring.uncertainty import FEW, Mean

PROJECT = Path(__file__).resolve().parents[2]
PAGE, PICTURE = PROJECT / "docs" / "crowds.md", PROJECT / "docs" / "images" / "crowds.svg"
ALL = "all"
POOLS = {"linear": "mean of both", "log-odds": "mean of their log odds", "extremised": "that mean times a factor learned"}


def page(table: pd.DataFrame) -> str:
    """Return the page."""
    curve, parts = curve_of(table), with_earlier(table)
    n, (first, until) = len(curve.p), day(table, "said_on")
    head = ("crowd", "rows", "questions", "came true", "Brier", "log", "base rates", "skill", "better by")
    scores = markdown(head, _scores(table))
    gained = ("gain in Brier", "gain in log score", "verdict")
    maps = markdown(("map", "rows", "questions", "Brier", "as said", *gained), _gains(table, recalibrated(table), MAPS))
    fitted = markdown(("map", "parameter", "no change", "found", "sd", "share learned"), _maps(table))
    pools = markdown(("pool", "rows", "questions", "Brier", "latest alone", *gained), _gains(parts, pooled(parts), POOLS))
    return f"""# Real crowds: scores, reliability, recalibration and pooling where there is data

*Written by `python -m tools.docs.crowds FILE`; do not edit. A test holds the page to what it computes.*

The editions of this project have a few dozen settled questions, too few for anything to be learned from them
([decisions/learning.md](decisions/learning.md)). Whether the machinery works is shown on questions of other people's
platforms with their crowds' probabilities: {len(table):,} resolved rows, {n} questions (the same question occurs in several
rounds), said from {first} to {until}. Questions about war, states and elections had been left out of the file. Intervals hold
the central 90 % over questions drawn anew, each with all its rows. *Recent rounds over-represent questions that were resolved
early*, so the figures are of such questions.

Data: Forecasting Research Institute, ForecastBench (forecastbench-datasets, commit 9abcac9 of 21 August 2026), CC BY-SA 4.0.
The figures are computed here; no row is copied.

## Scores and skill

The base rate of a row is how often the *other* questions of its source came true; skill is 1 − Brier / Brier of base rates,
and *better by* the difference of the two. {_few(table)}

{scores}

## Reliability

{alt(curve)}

![{alt(curve)}](images/crowds.svg)

Of the last round of each question: Brier {curve.brier:.4f} = miscalibration {curve.miscalibration:.4f} − resolution
{curve.discrimination:.4f} + uncertainty {curve.uncertainty:.4f} (CORP: Dimitriadis, Gneiting and Jordan 2021); on average
{100 * sharpness(curve.p.tolist()):.0f} points from even odds. By chance about {n // 10} values would lie outside the band;
neighbours share a value, so that they come in groups.

## Recalibration, fitted on earlier questions and scored on later ones

Every round gets the map that was fitted on the questions resolved before it, with priors that shrink to no change at all
(`forecasting/learning/recalibration.py`); the map of a source shrinks to that of all sources. A gain is the score of what was
said less the score of what the map makes of it: above 0 the map helps.

{maps}

A calibrated crowd leaves a map nothing to gain. That it would be found is tested: with the log odds of every row halved, the
maps give them back, with a gain above 0 (`tests/learning/test_crowds.py`). Fitted on all {n} questions, each counting once:

{fitted}

## Pooling

{_shared(table)} The forecasters are therefore a crowd and its own past: {len(parts)} rows whose question had been asked in an
earlier round, with what the crowd said then, held against the crowd's latest word alone. What pools gain where forecasters
know different things is tested on made-up ones (`tests/learning/test_recalibration.py`).

{pools}
"""


def _scores(table: pd.DataFrame) -> list[tuple[str, ...]]:
    rows = []
    for name in (*sorted(table["source"].unique()), ALL):
        part = table if name == ALL else table[table["source"] == name]
        found = _gain("", part, part["p"].to_numpy(), base_rates(table)[part.index.to_numpy()])
        log = -np.log(np.where(part["came"] == 1, part["p"], 1 - part["p"])).mean()
        skill = f"{100 * (1 - found.brier / found.against):+.0f} %"
        rows.append((
            name, f"{len(part):,}", str(part["id"].nunique()), f"{100 * part['came'].mean():.0f} %", f"{found.brier:.4f}",
            f"{log:.3f}", f"{found.against:.4f}", skill, _span(found.gain),
        ))  # fmt: skip
    return rows


def _shared(table: pd.DataFrame) -> str:
    titles = table.groupby("title")["source"].nunique()
    return f"Of {len(titles)} titles {int((titles > 1).sum())} stand on two platforms, too few to pool one crowd with another."


def _few(table: pd.DataFrame) -> str:
    """Return a warning for sources with so few questions that a bootstrap over them says little."""
    n = table.groupby("source")["id"].nunique()
    few = [f"{name} ({n[name]} questions)" for name in n.index[n < FEW]]
    return f"Figures of {', '.join(few)} say next to nothing, and their intervals are too narrow." if few else ""


def _gain(title: str, part: pd.DataFrame, q: np.ndarray, p: np.ndarray) -> Gain:
    return gain(title, q, p, part["came"].to_numpy(), part["id"].to_numpy())


def _gains(table: pd.DataFrame, said: dict[str, np.ndarray], titles: dict[str, str]) -> list[tuple[str, ...]]:
    rows = []
    for name, q in said.items():
        part, kept = table[~np.isnan(q)], q[~np.isnan(q)]
        found = _gain(titles[name], part, kept, part["p"].to_numpy())
        rows.append((
            found.title, f"{len(part):,}", str(part["id"].nunique()), f"{found.brier:.4f}", f"{found.against:.4f}",
            _span(found.gain), _span(found.log_gain), verdict(found),
        ))  # fmt: skip
    return rows


def verdict(found: Gain) -> str:
    """Return whether a gain can be told from none, and what it would take."""
    if found.gain.low > 0:
        return "helps"
    if found.gain.high < 0:
        return "hurts"
    if found.more is None:
        return "no difference that 10,000 questions would show"
    return f"cannot be told; about {found.more:,} more questions would tell" if found.more else "cannot be told"


def _maps(table: pd.DataFrame) -> list[tuple[str, ...]]:
    rows = []
    for form in ("log-odds", "beta"):
        found = fit_map(form, table["p"], table["came"], table["id"])
        for name, identity, theta, sd, share in zip(
            found.form.parameters, FORMS[form].mean, found.theta, found.sd, found.learned, strict=True
        ):
            rows.append((found.form.title, name, f"{identity:g}", f"{theta:.2f}", f"{sd:.2f}", f"{100 * share:.0f} %"))
    return rows


def _span(mean: Mean) -> str:
    return f"{mean.mean:+.4f} ({mean.low:+.4f} to {mean.high:+.4f})"


def markdown(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))


def alt(curve: Reliability) -> str:
    """Return the message of the picture: how far what came true lies from what was said, and how much of it chance explains."""
    off = np.abs(curve.recalibrated - curve.p)
    return (
        f"What crowds say comes true about as often as they say: half of the recalibrated values are within "
        f"{100 * np.median(off):.0f} points of what was said, and {curve.n_outside} of {len(curve.p)} lie outside the "
        "band of 90 % that holds if every probability is right."
    )


def picture(curve: Reliability) -> Chart:
    """Return the reliability diagram: said against recalibrated, its consistency band, and how many said what."""
    side, left, top, rug = 420.0, 64.0, 40.0, 60.0
    with drawing():
        canvas = Canvas(left + side + 30, top + side + rug + 70)
        canvas.text(left, 22, "How often it came true, of what was said", bold=True)

        def at(x: float, y: float) -> tuple[float, float]:
            return left + side * x, top + side * (1 - y)

        for share in (0, 0.25, 0.5, 0.75, 1):
            x, y = at(share, share)
            canvas.line([left, left + side], [y, y], RULE)
            canvas.text(left - 8, y + 4, f"{100 * share:g} %", color=MUTED, ha="right")
            canvas.text(x, top + side + 18, f"{100 * share:g} %", color=MUTED, ha="center")
        upper = [at(x, y) for x, y in zip(curve.p, curve.high, strict=True)]
        lower = [at(x, y) for x, y in zip(curve.p, curve.low, strict=True)]
        canvas.area([*upper, *reversed(lower)], BAND)
        canvas.line(*map(list, zip(at(0, 0), at(1, 1), strict=True)), MUTED, dashes=(4, 3))  # type: ignore[arg-type]
        canvas.line([at(x, 0)[0] for x in curve.p], [at(0, y)[1] for y in curve.recalibrated], POSTERIOR, 2)
        counts, floor = np.histogram(curve.p, np.linspace(0, 1, 21))[0], top + side + 30 + rug
        for i, n in enumerate(counts):
            height = rug * n / counts.max()
            canvas.box(left + side * i / 20 + 1, floor - height, side / 20 - 2, height, MUTED)
        canvas.text(left, floor + 16, f"How many of {len(curve.p)} questions were given which probability", color=MUTED)
        canvas.figure.alt = alt(curve)
        return canvas.figure


def curve_of(table: pd.DataFrame) -> Reliability:
    """Return the reliability of the last round of each question, so that questions are independent."""
    last = table.groupby("id", sort=False).tail(1)
    return reliability(last["p"].to_list(), (last["came"] == 1).to_list())


def main(arguments: list[str] | None = None) -> None:
    """Write the page and its picture."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs.crowds", description=__doc__)
    parser.add_argument("file", type=Path, help="table of resolved questions with their crowds' probabilities")
    table = read_crowds(parser.parse_args(arguments).file)
    PAGE.write_text(page(table), "utf-8")
    PICTURE.write_text(svg_text(picture(curve_of(table))), "utf-8")


if __name__ == "__main__":
    main()

"""The page and the picture of a calibration: one row per quantity, one per planted fault, one line per rank distribution."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from forecasting.fitting.sbc import LOG_LIKELIHOOD
from forecasting.inference.sbc_ranks import Calibration, counts_below, ecdf_band
from forecasting.report.canvas import BAND, INK, MUTED, POSTERIOR, PRIOR, RULE, Canvas, Chart

HEAD = """\
# Calibration of the event network

*Written by `make calibrate`; do not edit. How and why: [decisions/calibration.md](decisions/calibration.md).*

Parameters are drawn from the prior, claims and history from the likelihood, and the network of `benchmarks/ferry` is refitted
to them by the engine that publishes. If all is right, the rank of every true value among its posterior draws is uniform.
Two tests per quantity: does the empirical distribution of the ranks leave a simultaneous band anywhere (ECDF), and are
sixteen equal bins equally full (chi-square)? Every p must exceed 0.01/K; a correct network fails with a probability of at
most 2 %.
"""
CAPTION = """\
Grey: what 95 % of uniform ranks stay within, and all quantities. Blue: the log likelihood. Brown: the least uniform quantity.
An arch above or below zero is a bias; one below and then one above, a spread that is off.
"""
WIDTH, HEIGHT, GAP = 270.0, 150.0, 24.0
COLUMNS = 3


def page(results: Mapping[str, Calibration], picture_path: str) -> str:
    """Return the page; ``results`` starts with the network as it is, faults follow."""
    (name, honest), *faults = results.items()
    found = sum(not got.uniform for _, got in faults)
    lines = [
        HEAD,
        f"{honest.n_simulations:,} simulations, {honest.n_failed} failed fits, K = {len(honest.rows)}, "
        f"bound {honest.bound:.2g}: least p {honest.worst.p:.2g} ({honest.worst.quantity}). "
        f"{'Passed' if honest.passed else 'FAILED'}. Planted faults found: {found} of {len(faults)}.\n",
        f"![Differences between empirical and uniform distribution of ranks]({picture_path})\n",
        CAPTION,
        "| planted fault | simulations | least p | where | found |", "|---|---:|---:|---|---|",
    ]  # fmt: skip
    for fault, got in faults:
        row = (fault, got.n_simulations, f"{got.worst.p:.2g}", got.worst.quantity, "no" if got.uniform else "yes")
        lines.append(f"| {' | '.join(map(str, row))} |")
    lines += [f"\n| quantity ({name}) | ECDF p | chi-square p |", "|---|---:|---:|"]
    lines += [f"| {row.quantity} | {row.ecdf_p:.3f} | {row.chi_square_p:.3f} |" for row in honest.rows]
    return "\n".join(lines) + "\n"


def picture(results: Mapping[str, Calibration]) -> Chart:
    """Draw, per run, how far the distribution of ranks lies from uniform, over the band that holds 95 % of uniform ones.

    Returns
    -------
    Chart
        All quantities thin, the log likelihood thick. Above zero: the true values rank too low, posterior draws are too
        high. An arch that rises and falls: draws too narrow.
    """
    rows = -(-len(results) // COLUMNS)
    canvas = Canvas(COLUMNS * (WIDTH + GAP) + GAP, rows * (HEIGHT + 58) + GAP)
    for i, (name, got) in enumerate(results.items()):
        _panel(canvas, GAP + (i % COLUMNS) * (WIDTH + GAP), 40 + (i // COLUMNS) * (HEIGHT + 58), name, got)
    canvas.figure.alt = "; ".join(
        f"{name}: {'inside' if got.uniform else 'outside'} what uniform ranks allow" for name, got in results.items()
    )
    return canvas.figure


def _panel(canvas: Canvas, left: float, top: float, name: str, got: Calibration) -> None:
    share = np.arange(1, got.n_ranks) / got.n_ranks
    lower, upper = ecdf_band(got.n_simulations, got.n_ranks)
    lines = {row.quantity: counts_below(row.ranks, got.n_ranks) / got.n_simulations - share for row in got.rows}
    tallest = max(np.abs([*lines.values(), lower - share, upper - share]).max(), 0.05)
    xs = [left + WIDTH * float(x) for x in (0, *share, 1)]

    def ys(values: np.ndarray) -> list[float]:
        return [top + HEIGHT / 2 * (1 - float(y) / tallest) for y in (0, *values, 0)]

    canvas.text(left, top - 10, f"{name} ({got.n_simulations})", bold=True)
    canvas.box(left, top, WIDTH, HEIGHT, "none", RULE)  # boxes lie above lines
    band = [*zip(xs, ys(upper - share), strict=True), *reversed([*zip(xs, ys(lower - share), strict=True)])]
    canvas.area(band, BAND)
    canvas.line([left, left + WIDTH], [top + HEIGHT / 2] * 2, RULE)
    for quantity, values in lines.items():
        if quantity not in (LOG_LIKELIHOOD, got.worst.quantity):
            canvas.line(xs, ys(values), RULE, 0.7)
    canvas.line(xs, ys(lines[got.worst.quantity]), PRIOR, 1.6)
    canvas.line(xs, ys(lines[LOG_LIKELIHOOD]), POSTERIOR, 1.6)
    canvas.text(left + 4, top + 12, f"+{tallest:.2f}", size=9, color=MUTED)
    canvas.text(left + 4, top + HEIGHT - 4, f"−{tallest:.2f}", size=9, color=MUTED)
    canvas.text(left, top + HEIGHT + 14, f"least uniform: {got.worst.quantity}", size=10, color=INK)

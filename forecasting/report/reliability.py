"""The reliability picture: what was said against how often it came, with the band that chance alone allows."""

from __future__ import annotations

import numpy as np

from forecasting.arguments import RELIABILITY, takes
from forecasting.report.canvas import BAND, INK, MUTED, POSTERIOR, RULE, Canvas, Chart, drawing
from forecasting.scoring.reliability import Reliability

SIDE, LEFT, TOP = 320.0, 40.0, 44.0


def reliability_alt(found: Reliability) -> str:
    """Return the message of `reliability_figure`."""
    n, outside = len(found.p), found.n_outside
    fits = "every recalibrated value lies" if not outside else f"{n - outside} of {n} recalibrated values lie"
    return (
        f"Reliability of {n} yes/no forecasts: {fits} inside the band that chance allows. Miscalibration "
        f"{found.miscalibration:.3f}, resolution {found.discrimination:.3f}, uncertainty {found.uncertainty:.3f}."
    )


@takes(found=RELIABILITY)
def reliability_figure(found: Reliability) -> Chart:
    """Draw the CORP reliability of yes/no forecasts.

    Parameters
    ----------
    found : Reliability
        From `forecasting.scoring.reliability.reliability`.

    Returns
    -------
    Chart
        Across: the probability that was said. Up: how often such forecasts came true, by isotonic regression. On the diagonal the
        two agree; the shaded band holds 90 % of such lines if every probability were right and questions were independent. Ticks
        on the upper edge are forecasts of what happened, on the lower edge of what did not.
    """

    def x(p: float) -> float:
        return LEFT + p * SIDE

    def y(p: float) -> float:
        return TOP + (1 - p) * SIDE

    with drawing():
        canvas = Canvas(LEFT + SIDE + 24, TOP + SIDE + 52)
        said, low, high = (np.asarray(values, dtype=float) for values in (found.p, found.low, found.high))
        upper = [(x(a), y(b)) for a, b in zip(said, high, strict=True)]
        canvas.area([*upper, *[(x(a), y(b)) for a, b in reversed(list(zip(said, low, strict=True)))]], BAND)
        canvas.line([x(0), x(1)], [y(0), y(1)], RULE, 1.2, (4, 3))
        for share in (0, 0.25, 0.5, 0.75, 1):
            canvas.line([x(share)] * 2, [y(0), y(0) + 4], MUTED)
            canvas.line([x(0) - 4, x(0)], [y(share)] * 2, MUTED)
            canvas.text(x(share), y(0) + 18, f"{100 * share:.0f}", size=11, color=MUTED, ha="center")
            canvas.text(x(0) - 8, y(share) + 4, f"{100 * share:.0f}", size=11, color=MUTED, ha="right")
        canvas.line([x(0), x(0), x(1)], [y(1), y(0), y(0)], MUTED)
        canvas.text(x(0.5), y(0) + 40, "said, per cent", size=12, color=INK, ha="center")
        canvas.text(4, 14, "came true, per cent (line); ticks: each forecast of what", size=11, color=MUTED)
        canvas.text(4, 28, "happened (upper edge) or did not (lower edge)", size=11, color=MUTED)
        steps = [(x(a), y(b)) for a, b in zip(said, found.recalibrated, strict=True)]
        canvas.line([a for a, _ in steps], [b for _, b in steps], POSTERIOR, 2.0)
        for a, came in zip(said, found.came, strict=True):
            edge = y(1) if came else y(0)
            canvas.line([x(float(a))] * 2, [edge, edge + (9 if came else -9)], POSTERIOR, 1.4)
    canvas.figure.alt = reliability_alt(found)
    return canvas.figure

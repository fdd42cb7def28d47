"""Tables of answers for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import JustifyMethod
from rich.table import Table

from forecasting.cli.terminal import out
from forecasting.standards import standard

WIDE = 125  # columns that the whole table takes
NUMBERS = {"by": 10, "base": 4, "prior": 5, "p": 4, "50 %": 6, "90 %": 7, "MCSE": 4}  # a cut number would be none: words fold


def forecast_table(item: Any, width: int | None = None) -> Table:
    """Return the table of an edition's questions for the terminal; a narrow one gets the answers and their intervals."""
    from forecasting.report.formatting import error_points, number

    first = item.forecasts[0]
    title = f"{first.edition}, as of {first.as_of}{', reconstructed' if first.reconstructed else ''}; {first.gate.words}"
    table = Table(title=title, title_justify="left", title_style="bold", expand=False)
    wide = (width or out.width) >= WIDE
    columns: list[tuple[str, JustifyMethod, bool]] = [
        ("question", "left", True), ("outcome", "left", wide), ("by", "left", wide), ("base", "right", wide),
        ("prior", "right", wide), ("p", "right", True), ("50 %", "right", True), ("90 %", "right", True), ("MCSE", "right", wide),
        (f"in words ({standard(first.headline.standard).title})", "left", True),
    ]  # fmt: skip
    for name, justify, shown in columns:
        if shown:
            table.add_column(
                name, justify=justify, no_wrap=name in NUMBERS, overflow="fold", min_width=NUMBERS.get(name)
            )
    for forecast in item.forecasts:
        for i, o in enumerate(forecast.outcomes):
            question, outcome = forecast.question if i == 0 else "", "" if o.id == "yes" else o.id
            spans = f"{number(o.low_50)}-{number(o.high_50)}", f"{number(o.low)}-{number(o.high)}"
            words = f"{o.words} ({o.range_words})" if wide and o.range_words else o.words
            if wide:
                table.add_row(
                    question, outcome, str(forecast.deadline) if i == 0 else "", number(o.base_p), number(o.prior_p),
                    o.percent, *spans, error_points(o.mcse), words,
                )  # fmt: skip
            else:
                table.add_row(f"{question} {outcome}".strip() if i == 0 else f"  {outcome}", o.percent, *spans, words)
    return table


def change_table(moved: Any, title: str) -> Table:
    """Return the answers that moved as a table for a terminal."""
    shown = Table(title=title)
    for name in ("question", "outcome"):
        shown.add_column(name, overflow="fold")
    for name in ("before %", "after %", "change (points)"):
        shown.add_column(name, justify="right")
    for row in moved.itertuples():
        outcome = "" if row.outcome == "yes" else row.outcome
        numbers = (f"{100 * row.before:.1f}", f"{100 * row.after:.1f}", f"{100 * row.change:+.1f}")
        shown.add_row(row.question, outcome, *numbers)
    return shown


def variant_table(scores: Any, title: str) -> Table:
    """Return the scores of a backtest by variant as a table for a terminal."""
    shown = Table(title=title, title_justify="left", title_style="bold")
    shown.add_column("variant", overflow="fold")
    for name in ("questions", "stories", "Brier", "90 %", "less all", "90 %", "flip-flop", "refits", "not scored"):
        shown.add_column(name, justify="right", no_wrap=True)
    for row in scores.itertuples():
        nothing, compared = row.n_questions == 0, row.less_all == row.less_all
        shown.add_row(
            row.variant, str(row.n_questions), str(row.n_stories), "–" if nothing else f"{row.brier:.3f}",
            "–" if nothing else f"{row.low:.3f} to {row.high:.3f}", f"{row.less_all:+.3f}" if compared else "–",
            f"{row.less_low:+.3f} to {row.less_high:+.3f}" if compared else "–",
            "–" if nothing else f"{100 * row.flip_flop:.1f}", str(row.n_refits), str(row.n_blocked),
        )  # fmt: skip
    return shown

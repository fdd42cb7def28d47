"""Tables of answers for a terminal."""

from __future__ import annotations

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

from forecasting.cli.terminal import out
from forecasting.standards.tables import standard

WIDE = 130  # columns that the whole table takes
NUMBERS = {"by": 10, "base": 4, "prior": 5, "p": 4, "50 %": 6, "90 %": 7, "MCSE": 4}  # a cut number would be none: words fold
TAKEN, WORDS = 42, 12  # columns of a narrow table besides the question, and those of a likelihood term on two lines


def forecast_table(item: Any, width: int | None = None) -> Table:
    """Return the table of an edition's questions for the terminal; a narrow one gets the answers and their intervals.

    Each question has its title and below it its id, which is never wrapped or cut; outcomes stand below. An answer whose interval
    reaches from end to end has none.
    """
    from forecasting.forecasts import error_points
    from forecasting.report.formatting import in_words, number, weighs

    first, width = item.forecasts[0], width or out.width
    title = f"{first.edition}, as of {first.as_of}{', reconstructed' if first.reconstructed else ''}; {first.gate.words}"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    wide = width >= WIDE
    longest = min(max(len(forecast.question) for forecast in item.forecasts), max(width - TAKEN, 10))
    table.add_column("question", min_width=longest, overflow="fold")
    columns: list[tuple[str, bool]] = [
        ("by", wide), ("base", wide), ("prior", wide), ("p", True), ("50 %", True), ("90 %", True), ("MCSE", wide),
    ]  # fmt: skip
    shown = [name for name, there in columns if there]
    for name in shown:
        justify: JustifyMethod = "left" if name == "by" else "right"
        table.add_column(name, justify=justify, no_wrap=True, min_width=NUMBERS[name])
    words = f"in words ({standard(first.headline.standard).title})"
    table.add_column(words, overflow="fold", width=None if wide else WORDS)
    for forecast in item.forecasts:
        called = named(forecast.title, forecast.question)
        if forecast.kind != "yes/no":
            table.add_row(called, *[""] * (len(shown) + 1))
        for i, o in enumerate(forecast.outcomes):
            spans = tuple(f"{number(low)}-{number(high)}" for low, high in ((o.low_50, o.high_50), (o.low, o.high)))
            spans = spans if weighs(o.low, o.high) else ("none", "none")
            said = in_words(o) if wide else o.words
            row = called if forecast.kind == "yes/no" and i == 0 else Text(f"– {o.title}")  # a yes/no question may be void, too
            before = (str(forecast.deadline), number(o.base_p), number(o.prior_p)) if wide else ()
            table.add_row(row, *before, o.percent, *spans, *([error_points(o.mcse)] if wide else []), said)
    return table


def named(title: str, record_id: str) -> Text:
    r"""Return a title with its id on a line of its own below, so that the id can be copied whole.

    Examples
    --------
    >>> named("Will the pact be signed?", "pact-by-2025").plain
    'Will the pact be signed?\npact-by-2025'
    """
    return Text.assemble(title, "\n", (record_id, "dim"))


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

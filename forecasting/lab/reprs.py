"""What a notebook shows of a record: small tables in HTML, every text escaped, no style sheet and no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from forecasting.forecasts import Forecast, Outcome, error_points
from forecasting.report.change_parts import PARTS, part_title
from forecasting.report.formatting import day, half_interval, in_words, interval, percent, points, visible
from forecasting.shown.html import no_maths

LEFT = "text-align:left;padding:2px 14px 2px 0"
WIDE = f"{LEFT};min-width:16em"  # of a column of sentences, which would else be the one that gives way in a wide table
SENTENCE = 40  # characters
CAPTION = "caption-side:top;text-align:left;font-weight:bold;padding:2px 0"
RIGHT = "text-align:right;padding:2px 14px 2px 0;white-space:nowrap"


def _cell(tag: str, text: object, style: str) -> Markup:
    return Markup('<{} style="{}">{}</{}>').format(Markup(tag), style, escape(visible(str(text))), Markup(tag))


def table_html(rows: Sequence[Mapping[str, object]], *, caption: str = "", numbers: Sequence[str] = ()) -> str:
    """Return rows as a small HTML table.

    Parameters
    ----------
    rows : sequence of mappings
        All with the keys of the first, which head the columns.
    caption : str, optional
        Shown above.
    numbers : sequence of str, optional
        Columns to set flush right.

    Returns
    -------
    str
        Safe to show: every text is escaped, and characters that cannot be seen are written out.

    Examples
    --------
    >>> "&lt;b&gt;" in table_html([{"claim": "<b>"}])
    True
    """
    columns = list(rows[0]) if rows else []
    styles = {column: RIGHT if column in numbers else _left(rows, column) for column in columns}
    head = Markup("").join(_cell("th", column, styles[column]) for column in columns)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(_cell("td", row[column], styles[column]) for column in columns))
        for row in rows
    )
    title = _cell("caption", caption, CAPTION) if caption else Markup()
    plain = Markup(no_maths(f"{title}{head}{body}"))
    return str(Markup("<table{}>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(plain, title, head, body))


def _left(rows: Sequence[Mapping[str, object]], column: str) -> str:
    return WIDE if max(len(str(row[column])) for row in rows) > SENTENCE else LEFT


def _row(outcome: Outcome) -> dict[str, str]:
    return {
        "outcome": outcome.title,
        "probability": outcome.percent,
        "in words": in_words(outcome),
        "50 % interval": half_interval(outcome),
        "90 % interval": interval(outcome.low, outcome.high),
        "base rate": percent(outcome.base_p),
        "prior": percent(outcome.prior_p),
        "Monte Carlo error": f"±{error_points(outcome.mcse)} points",
    }


def forecast_html(forecast: Forecast) -> str:
    """Return a forecast as a small HTML table: one row per outcome.

    The intervals say how precise the number is, the words how likely the outcome.

    Examples
    --------
    >>> import datetime as dt
    >>> from forecasting.forecasts import Gate
    >>> yes = Outcome("yes", "yes", p=0.31, low=0.12, high=0.55, mcse=0.002, base_p=0.2, prior_p=0.28, low_50=0.22,
    ...               high_50=0.39)
    >>> asked = Forecast("q", "Will it?", "", "e", dt.date(2024, 1, 1), dt.date(2025, 1, 1), "yes/no", (yes,), Gate(11))
    >>> "31 %" in forecast_html(asked) and "unlikely" in forecast_html(asked)
    True
    """
    made = ", reconstructed" if forecast.reconstructed else ""
    caption = f"{forecast.title} (as of {day(forecast.as_of)}{made}, deadline {day(forecast.deadline)})"
    if forecast.gate.warning:
        caption = f"{forecast.gate.warning}. {caption}"
    numbers = ("probability", "50 % interval", "90 % interval", "base rate", "prior", "Monte Carlo error")
    return table_html([_row(outcome) for outcome in forecast.outcomes], caption=caption, numbers=numbers)


def changes_html(changes: Any) -> str:
    """Return what changed between two editions as a small HTML table: one row per outcome, the parts in points.

    The first number and the parts add up to the last.

    Parameters
    ----------
    changes : forecasting.analysis.change_decomposition.Changes
    """
    from forecasting.analysis.change_decomposition import STAR

    wide, parts = changes.wide(), []
    rows = []
    for row in wide.to_dict("records"):
        parts = [name for name in row if name not in ("question", "outcome", "before", "after")]
        rows.append({
            "question": row["question"] if row["outcome"] == "yes" else f"{row['question']}: {row['outcome']}",
            "before": percent(row["before"]) + (STAR if row["question"] in changes.refitted else ""),
            **{part_title(part): points(row[part]) for part in parts},
            "after": percent(row["after"]),
        })  # fmt: skip
    numbers = ("before", *map(part_title, parts), "after")
    warning = f"{changes.warning}. " if changes.warning else ""
    caption = f"{warning}From {changes.before} to {changes.after} (parts in points)"
    table = table_html(rows, caption=caption, numbers=numbers)
    meant = [f"{part_title(part)}: {PARTS[part][2]}" for part in parts if part in PARTS]
    lines = (*meant, *changes.remarks, *changes.star)
    return table + "".join(str(Markup("<div{}>{}</div>").format(Markup(no_maths(line)), escape(visible(line)))) for line in lines)

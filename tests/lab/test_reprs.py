"""What a notebook shows of a forecast: its numbers, and every text literally."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser

import pytest
from manifests import PASSED

from forecasting.forecasts import Forecast, Outcome
from forecasting.lab.forecast import Forecast as Shown
from forecasting.lab.reprs import forecast_html, table_html

ALLOWED = {"table", "caption", "thead", "tbody", "tr", "th", "td"}


class Tags(HTMLParser):
    """Collect elements and attributes."""

    def __init__(self, html: str):
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


def forecast(title: str = "Will it?", outcome: str = "yes") -> Forecast:
    return Forecast(
        question="will-it", title=title, theme="", edition="e", as_of=dt.date(2024, 12, 13),
        deadline=dt.date(2025, 12, 31), kind="yes/no",
        gate=PASSED,
        outcomes=(
            Outcome(
                outcome, outcome, p=0.314, low=0.12, high=0.56, mcse=0.0021, base_p=0.06, prior_p=0.28, low_50=0.22, high_50=0.4
            ),
        ),
    )  # fmt: skip


def test_a_forecast_shows_its_numbers_and_words():
    html = forecast_html(forecast())
    for text in ("31 %", "unlikely", "12–56 %", "6 %", "28 %", "±0.3 points", "13 December 2024", "31 December 2025"):
        assert text in html
    assert Shown.of(forecast())._repr_html_() == html


@pytest.mark.parametrize(
    "payload",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '" onclick="x', "{0}{{1}}{x}", "$x$", "a\u202eb"],
)
def test_texts_of_a_forecast_are_shown_literally(payload):
    html = forecast_html(forecast(payload, payload))
    tags = Tags(html)
    assert tags.found == ALLOWED
    assert tags.attributes - {"class"} == {"style"}  # the class by which JupyterLab sets no formula
    assert "\u202e" not in html


def test_a_table_without_rows_is_an_empty_table():
    assert table_html([]) == "<table><thead><tr></tr></thead><tbody></tbody></table>"


def test_keys_of_a_table_are_escaped_too():
    assert "<b>" not in table_html([{"<b>": "<i>"}], caption="<b>", numbers=("<b>",))


def test_a_column_of_sentences_keeps_its_width_beside_many_numbers() -> None:
    row = {"question": "Will the ferry between the two towns still run at the end of 2026?", "short": "yes", "p": "62 %"}
    page = table_html([row], numbers=("p",))
    assert page.count("min-width:16em") == 2  # its head and its cell
    assert "min-width" not in table_html([row | {"question": "Ferry runs"}], numbers=("p",))

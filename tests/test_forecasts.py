"""The forecast record: words at every edge, no more digits than the error carries."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from forecasting.forecasts import LADDER, Forecast, Outcome, digits, likelihood_words, logit


def outcome(p: float, name: str = "yes", mcse: float = 0.002) -> Outcome:
    return Outcome(id=name, title=name, p=p, low=p / 2, high=(1 + p) / 2, mcse=mcse, base_p=0.1, prior_p=0.2)


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.0, "almost no chance"), (0.0499999, "almost no chance"), (0.05, "very unlikely"),
        (0.1999999, "very unlikely"), (0.20, "unlikely"), (0.4499999, "unlikely"), (0.45, "roughly even chance"),
        (0.5, "roughly even chance"), (0.55, "roughly even chance"), (0.5500001, "likely"), (0.80, "likely"),
        (0.8000001, "very likely"), (0.95, "very likely"), (0.9500001, "almost certain"), (1.0, "almost certain"),
    ],
)  # fmt: skip
def test_an_edge_belongs_to_the_band_nearer_to_one_half(p: float, words: str) -> None:
    assert likelihood_words(p) == words


def test_the_words_mirror_each_other() -> None:
    opposite = {
        "almost no chance": "almost certain", "very unlikely": "very likely", "unlikely": "likely",
        "roughly even chance": "roughly even chance",
    }  # fmt: skip
    for i in range(501):
        p = i / 1000
        # complements are taken in thousandths, so that rounding does not move an edge
        assert likelihood_words((1000 - i) / 1000) == opposite[likelihood_words(p)]
    assert [upper for upper, _ in LADDER] == [0.05, 0.20, 0.45, 0.55, 0.80, 0.95, 1.00]


@pytest.mark.parametrize("p", [-1e-9, 1.0000001, math.nan])
def test_what_is_no_probability_has_no_words(p: float) -> None:
    with pytest.raises(ValueError, match=r"is outside \[0, 1\]"):
        likelihood_words(p)


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0001, "<1 %"),
        (0.00999, "<1 %"),
        (0.01, "1 %"),
        (0.474, "47 %"),
        (0.99, "99 %"),
        (0.9901, ">99 %"),
        (0.99999, ">99 %"),
    ],
)
def test_a_probability_inside_the_edges_is_never_shown_as_certain(p: float, text: str) -> None:
    assert outcome(p).percent == text


def test_decimals_follow_the_monte_carlo_error() -> None:
    assert digits(0.0028) == 0
    assert digits(0.0005) == 0
    assert digits(0.00049) == 1


def test_the_headline_is_the_likeliest_outcome_and_the_text_shows_both_uncertainties() -> None:
    forecast = Forecast(
        question="q", title="What comes?", theme="", edition="e", as_of=dt.date(2024, 7, 1),
        deadline=dt.date(2025, 12, 31), kind="scenarios",
        outcomes=(outcome(0.3, "a"), outcome(0.6, "b", 0.0041), outcome(0.1, "c")),
    )  # fmt: skip
    assert forecast.headline.id == "b"
    assert repr(forecast).splitlines()[0] == "What comes? (as of 2024-07-01, by 2025-12-31)"
    assert "  b: 60 % (likely); 90 % interval 30-80 %, MCSE 0.4 points" in repr(forecast).splitlines()


def test_log_odds() -> None:
    assert logit(0.75) == pytest.approx(math.log(3), abs=1e-12)
    assert logit(0.25) == pytest.approx(-math.log(3), abs=1e-12)

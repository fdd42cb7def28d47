"""The forecast record: words at every edge, no more digits than the error carries."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from forecasting.errors import UsageError
from forecasting.forecasts import Forecast, Outcome, in_standard, likelihood_words, logit, percent, range_words


def outcome(p: float, name: str = "yes", mcse: float = 0.002) -> Outcome:
    half = {"low_50": 0.8 * p, "high_50": 0.7 * p + 0.3 * (1 + p) / 2}
    return Outcome(id=name, title=name, p=p, low=p / 2, high=(1 + p) / 2, mcse=mcse, base_p=0.1, prior_p=0.2, **half)


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.0, "almost no chance"), (0.04, "almost no chance"), (0.05, "very unlikely"),
        (0.19, "very unlikely"), (0.20, "unlikely"), (0.44, "unlikely"), (0.45, "roughly even chance"),
        (0.5, "roughly even chance"), (0.55, "roughly even chance"), (0.56, "likely"), (0.80, "likely"),
        (0.81, "very likely"), (0.95, "very likely"), (0.96, "almost certain"), (1.0, "almost certain"),
    ],
)  # fmt: skip
def test_an_edge_belongs_to_the_band_nearer_to_one_half(p: float, words: str) -> None:
    assert likelihood_words(p) == words


def test_the_word_is_that_of_the_number_as_it_is_shown() -> None:
    # 0.195 to 0.205 is shown as 20 %, and nothing that is shown as 20 % has another word than 20 % has
    shown: dict[str, set[str]] = {}
    for p in np.linspace(0, 1, 20_001):
        shown.setdefault(percent(float(p)), set()).add(likelihood_words(float(p)))
    assert len(shown) == 101
    assert all(len(words) == 1 for words in shown.values())
    for n in range(1, 100):
        assert shown[f"{n} %"] == {likelihood_words(n / 100)}
    assert shown["<1 %"] == {"almost no chance"}
    assert shown[">99 %"] == {"almost certain"}


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.19, 0.76, "very unlikely to likely"), (0.2, 0.56, "unlikely to likely"), (0.2, 0.55, ""), (0.46, 0.8, ""),
        (0.3, 0.44, ""), (0.001, 0.2, "almost no chance to unlikely"), (0.554, 0.804, ""),
        (0.554, 0.806, "roughly even chance to very likely"),
    ],
)  # fmt: skip
def test_an_interval_over_more_than_two_bands_is_said_in_words(low: float, high: float, words: str) -> None:
    assert range_words(low, high) == words


def test_the_words_mirror_each_other() -> None:
    opposite = {
        "almost no chance": "almost certain", "very unlikely": "very likely", "unlikely": "likely",
        "roughly even chance": "roughly even chance",
    }  # fmt: skip
    for i in range(501):
        p = i / 1000
        # complements are taken in thousandths, so that rounding does not move an edge
        assert likelihood_words((1000 - i) / 1000) == opposite[likelihood_words(p)]


def test_a_forecast_is_said_in_the_words_of_its_standard_and_another_one_moves_no_number() -> None:
    day = dt.date(2025, 12, 31)
    made = Forecast("q", "Will it?", "", "e", day, day, "yes/no", (outcome(0.31),))
    (said,) = in_standard([made], "kent")
    assert (made.headline.words, said.headline.words) == ("unlikely", "probably not")
    assert (said.headline.p, said.headline.low, said.headline.high) == (0.31, made.headline.low, made.headline.high)
    with pytest.raises(UsageError, match=r"no standard of words 'icd-203'; write one of icd203, phia"):
        in_standard([made], "icd-203")


@pytest.mark.parametrize("p", [-1e-9, 1.0000001, math.nan])
def test_what_is_no_probability_has_no_words(p: float) -> None:
    with pytest.raises(UsageError, match=r"is outside \[0, 1\]|is nan, no number"):
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


def test_the_headline_is_the_likeliest_outcome_and_the_text_shows_both_uncertainties() -> None:
    forecast = Forecast(
        question="q", title="What comes?", theme="", edition="e", as_of=dt.date(2024, 7, 1),
        deadline=dt.date(2025, 12, 31), kind="scenarios",
        outcomes=(outcome(0.3, "a"), outcome(0.6, "b", 0.0041), outcome(0.1, "c")),
    )  # fmt: skip
    assert forecast.headline.id == "b"
    assert repr(forecast).splitlines()[0] == "What comes? (as of 2024-07-01, by 2025-12-31)"
    # low_50 0.8·0.6, high_50 0.7·0.6 + 0.3·0.8; the interval from 30 to 80 % reaches from the third band to the fifth
    line = "  b: 60 % (likely); 50 % interval 48-66 %, 90 % 30-80 % (unlikely to likely), MCSE 0.4 points"
    assert line in repr(forecast).splitlines()


def test_log_odds() -> None:
    assert logit(0.75) == pytest.approx(math.log(3), abs=1e-12)
    assert logit(0.25) == pytest.approx(-math.log(3), abs=1e-12)

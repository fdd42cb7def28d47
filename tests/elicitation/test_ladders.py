"""Numbers become words by the written rule: edges, gaps, nesting and ends of every standard."""

from __future__ import annotations

import csv
import math

import pytest

from forecasting.elicitation.ladders import STANDARDS, bands, words_for
from forecasting.forecasts import likelihood_words
from forecasting.rules.load import load_dossier


@pytest.fixture(scope="module")
def lexicons(project_dir):
    return {name: list(entries.values()) for name, entries in load_dossier(project_dir / "priors").lexicons.items()}


CASES = {
    # shared edges belong to the band nearer to one half; beyond 1 and 99 % the outermost band
    "icd203": [
        (0.0, "almost no chance"), (0.01, "almost no chance"), (0.0499, "almost no chance"), (0.05, "very unlikely"),
        (0.2, "unlikely"), (0.45, "roughly even chance"), (0.55, "roughly even chance"), (0.5501, "likely"),
        (0.8, "likely"), (0.8001, "very likely"), (0.95, "very likely"), (0.9501, "almost certain"), (0.99, "almost certain"),
        (1.0, "almost certain"),
    ],
    # every edge belongs to its own band, and between two bands lies a gap
    "phia": [
        (0.0, "remote chance"), (0.05, "remote chance"), (0.06, "between remote chance and highly unlikely"),
        (0.1, "highly unlikely"), (0.2, "highly unlikely"), (0.225, "between highly unlikely and unlikely"),
        (0.25, "unlikely"), (0.35, "unlikely"), (0.375, "between unlikely and realistic possibility"),
        (0.4, "realistic possibility"), (0.5, "realistic possibility"), (0.525, "between realistic possibility and likely"),
        (0.55, "likely"), (0.75, "likely"), (0.775, "between likely and highly likely"), (0.8, "highly likely"),
        (0.9, "highly likely"), (0.925, "between highly likely and almost certain"), (0.95, "almost certain"),
        (1.0, "almost certain"),
    ],
    # 12 to 20 and 60 to 63 are gaps, 40 and 87 shared edges, below 2 and above 99 there is nothing that is not certain
    "kent": [
        (0.0, "almost certainly not"), (0.02, "almost certainly not"), (0.12, "almost certainly not"),
        (0.15, "between almost certainly not and probably not"), (0.2, "probably not"), (0.4, "chances about even"),
        (0.6, "chances about even"), (0.61, "between chances about even and probable"), (0.63, "probable"),
        (0.87, "probable"), (0.8701, "almost certain"), (0.99, "almost certain"), (1.0, "almost certain"),
    ],
    # nested: the narrowest band that owns p; an inner edge is still the wider band's
    "ipcc": [
        (0.0, "exceptionally unlikely"), (0.0099, "exceptionally unlikely"), (0.01, "extremely unlikely"),
        (0.05, "very unlikely"), (0.1, "unlikely"), (0.33, "about as likely as not"), (0.5, "about as likely as not"),
        (0.66, "about as likely as not"), (0.6601, "likely"), (0.9, "likely"), (0.9001, "very likely"),
        (0.95, "very likely"), (0.9501, "extremely likely"), (0.99, "extremely likely"), (0.9901, "virtually certain"),
        (1.0, "virtually certain"),
    ],
    "nato": [
        (0.0, "highly unlikely"), (0.0999, "highly unlikely"), (0.1, "unlikely"), (0.4, "even chance"),
        (0.6, "even chance"), (0.6001, "likely"), (0.9, "likely"), (0.9001, "highly likely"), (1.0, "highly likely"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "p", "words"), [(name, *case) for name, cases in CASES.items() for case in cases])
def test_every_edge_gap_and_end_has_the_words_of_the_written_rule(lexicons, name: str, p: float, words: str) -> None:
    assert words_for(p, lexicons[name]) == words


def test_every_edge_of_every_standard_is_among_the_cases(lexicons) -> None:
    assert set(CASES) == set(STANDARDS)
    for name, cases in CASES.items():
        edges = {round(end, 4) for band in bands(lexicons[name]) for end in (band.low, band.high)}
        assert edges <= {p for p, _ in cases}, name


def test_the_american_words_are_those_of_the_forecasts(lexicons) -> None:
    for i in range(101):  # whole per cents, which are what is shown
        assert words_for(i / 100, lexicons["icd203"]) == likelihood_words(i / 100)


def test_no_number_is_called_by_both_rows_of_the_american_standard(lexicons) -> None:
    used = {words_for(i / 200, lexicons["icd203"]) for i in range(201)}
    assert used.isdisjoint({"remote", "highly improbable", "improbable", "roughly even odds", "probable", "nearly certain"})


def test_only_the_british_standard_and_kent_leave_gaps(lexicons) -> None:
    gaps = {name for name in STANDARDS if any("between" in words_for(i / 1000, lexicons[name]) for i in range(1001))}
    assert gaps == {"phia", "kent"}


@pytest.mark.parametrize("p", [-1e-9, 1.0000001, math.nan])
def test_what_is_no_probability_has_no_words(lexicons, p: float) -> None:
    with pytest.raises(ValueError, match=r"is outside \[0, 1\]"):
        words_for(p, lexicons["nato"])


@pytest.mark.parametrize("name", ["capphrase-2026", "perceptions-2015", "article-hedges"])
def test_a_lexicon_of_readings_has_no_bands(lexicons, name: str) -> None:
    with pytest.raises(ValueError, match="is no band of a standard; write words with one of icd203, phia"):
        words_for(0.3, lexicons[name])


YARDSTICKS = {"icd203": "us_nic", "phia": "uk", "ipcc": "ipcc", "nato": "nato"}


@pytest.mark.parametrize(("name", "file"), YARDSTICKS.items())
def test_bands_are_those_that_somebody_else_read_from_the_standards(lexicons, shared_dir, name: str, file: str) -> None:
    path = shared_dir / "data/verbal_probability" / f"capphrase_yardstick_{file}.csv"
    if not path.exists():
        pytest.skip(f"no {path}")
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    theirs = {row["term"].lower(): (float(row["low"]) / 100, float(row["high"]) / 100) for row in rows}
    ours = {entry.wording: (entry.p05, entry.p95) for entry in lexicons[name]}
    # the compiler writes "remote chance" for the directive's "remote"
    assert set(theirs) - set(ours) == ({"remote chance"} if name == "icd203" else set())
    for words, (low, high) in theirs.items():
        assert ours.get(words, ours.get("remote")) == (max(low, 0.005), min(high, 0.995)), words

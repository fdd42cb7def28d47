"""Numbers become words by the written rule: edges, gaps, nesting and ends of every standard; and sentences that hold together."""

from __future__ import annotations

import csv
import math

import pytest

from forecasting.errors import UsageError
from forecasting.forecasts import likelihood_words
from forecasting.rules.load import load_dossier
from forecasting.standards.tables import STANDARDS, standard


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


OPEN = (0.005, 0.995)  # how a lexicon writes an end of a band that the standard leaves at 0 or 100 %


@pytest.mark.parametrize(("name", "p", "words"), [(name, *case) for name, cases in CASES.items() for case in cases])
def test_every_edge_gap_and_end_has_the_words_of_the_written_rule(name: str, p: float, words: str) -> None:
    assert STANDARDS[name].words(p) == words


def test_every_edge_of_every_standard_is_among_the_cases() -> None:
    assert set(CASES) == set(STANDARDS)
    for name, cases in CASES.items():
        edges = {end for band in STANDARDS[name].bands for end in (band.low, band.high)}
        assert edges <= {p for p, _ in cases}, name


def test_the_bands_are_those_as_which_the_lexicons_read_the_words(lexicons) -> None:
    for name, one in STANDARDS.items():
        read: dict[tuple[float, float], str] = {}
        for entry in lexicons[name]:
            ends = (0.0 if entry.p05 <= OPEN[0] else entry.p05, 1.0 if entry.p95 >= OPEN[1] else entry.p95)
            read.setdefault(ends, entry.wording)  # of synonyms the one that stands first: for ICD 203 that keeps to one row
        assert {(band.low, band.high): band.words for band in one.bands} == read, name


def test_the_words_of_a_shown_number_are_those_of_the_american_standard_unless_another_is_named() -> None:
    for i in range(101):
        assert likelihood_words(i / 100) == likelihood_words(i / 100, "icd203")
    assert {likelihood_words(0.001, name) for name in STANDARDS} == {
        "almost no chance", "remote chance", "highly unlikely", "exceptionally unlikely", "almost certainly not"
    }  # fmt: skip


def test_no_number_is_called_by_both_rows_of_the_american_standard() -> None:
    used = {STANDARDS["icd203"].words(i / 200) for i in range(201)}
    assert used.isdisjoint({"remote", "highly improbable", "improbable", "roughly even odds", "probable", "nearly certain"})


def test_only_the_british_standard_and_kent_leave_gaps() -> None:
    gaps = {name for name, one in STANDARDS.items() if any("between" in one.words(i / 1000) for i in range(1001))}
    assert gaps == {"phia", "kent"} == {name for name, one in STANDARDS.items() if any(not s.words for s in one.segments)}


@pytest.mark.parametrize("name", STANDARDS)
def test_the_segments_that_are_drawn_cover_the_scale_and_have_the_words_of_the_rule(name: str) -> None:
    segments = STANDARDS[name].segments
    assert (segments[0].low, segments[-1].high) == (0.0, 1.0)
    assert [one.high for one in segments[:-1]] == [one.low for one in segments[1:]]
    for one in segments:
        words = STANDARDS[name].words((one.low + one.high) / 2)
        assert words == one.words or (not one.words and words.startswith("between "))


@pytest.mark.parametrize(
    ("name", "p", "said"),
    [
        ("icd203", 0.03, "There is almost no chance that the border will open (3 %)."),
        ("icd203", 0.3, "It is unlikely that the border will open (30 %)."),
        ("icd203", 0.5, "There is a roughly even chance that the border will open (50 %)."),
        ("icd203", 0.97, "The border will almost certainly open (97 %)."),
        ("phia", 0.45, "There is a realistic possibility that the border will open (45 %)."),
        ("phia", 0.23, "The probability that the border will open lies between “highly unlikely” and “unlikely” (23 %)."),
        ("nato", 0.5, "There is an even chance that the border will open (50 %)."),
        ("nato", 0.7, "The border will likely open (70 %)."),
        ("ipcc", 0.4, "It is about as likely as not that the border will open (40 %)."),
        ("ipcc", 0.995, "It is virtually certain that the border will open (99 %)."),
        ("kent", 0.07, "It is almost certainly not the case that the border will open (7 %)."),
        ("kent", 0.5, "The chances are about even that the border will open (50 %)."),
        ("kent", 0.7, "The border will probably open (70 %)."),
    ],
)  # fmt: skip
def test_a_clause_becomes_a_sentence_with_one_term(name: str, p: float, said: str) -> None:
    assert STANDARDS[name].sentence(p, "the border will open", f"{100 * p:.0f} %".replace("100", "99")) == said


def test_a_clause_with_two_verbs_to_come_keeps_its_order() -> None:
    said = STANDARDS["icd203"].sentence(0.6, "forces will leave, or the partnership will end", "60 %")
    assert said == "It is likely that forces will leave, or the partnership will end (60 %)."


@pytest.mark.parametrize("name", STANDARDS)
@pytest.mark.parametrize("p", [-1e-9, 1.0000001, math.nan])
def test_what_is_no_probability_has_no_words(name: str, p: float) -> None:
    with pytest.raises(UsageError, match=r"is outside \[0, 1\]"):
        STANDARDS[name].words(p)


def test_an_unknown_standard_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="no standard of words 'icd'; write one of icd203, phia, nato, ipcc, kent"):
        standard("icd")


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

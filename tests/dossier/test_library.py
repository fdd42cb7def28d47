"""The packaged library: every row is a record, sums hold, cuts do not look ahead, and a search finds what it says."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from forecasting.dossier.library.records import figures, library, library_rows
from forecasting.dossier.library.search import ALIKE, _matches, classes_by_words, find_classes, nearest


def parts(groups: str) -> list[tuple[float, float]]:
    pairs = [part.rpartition("=")[2].split("/") for part in groups.split("; ")]
    return [(float(events), float(exposure)) for events, exposure in pairs]


def test_there_are_as_many_classes_as_the_page_says_and_each_has_rows_a_bias_and_a_licence():
    assert len(library()) == 306
    assert sum(len(one.rows) for one in library().values()) == len(library_rows()) == 539
    for one in library().values():
        assert one.rows
        assert one.known_bias
        assert one.licence
        assert one.event
        assert one.at_risk
        assert one.title
        assert all(row.basis == "table" and row.citation for row in one.rows)


def test_groups_add_up_to_the_count_where_a_class_has_groups():
    with_groups = [one for one in library().values() if one.groups]
    assert len(with_groups) > 200
    for one in with_groups:
        events, exposure = map(sum, zip(*parts(one.groups), strict=True))
        assert events == pytest.approx(one.latest.events, abs=0.5), one.id
        assert exposure == pytest.approx(one.latest.exposure, rel=0.005), one.id


def test_later_rows_of_a_class_count_more_and_keep_unit_and_beginning():
    for one in library().values():
        for earlier, later in zip(one.rows, one.rows[1:], strict=False):
            assert earlier.counted_until < later.counted_until
            assert earlier.exposure <= later.exposure, one.id
            assert earlier.events <= later.events, one.id
            assert earlier.unit == later.unit


def test_no_row_is_a_sure_thing_and_no_share_is_above_one():
    for row in (row for one in library().values() for row in one.rows):
        assert row.events > 0
        assert 0.4 <= row.spread <= 3
        if row.unit == "trial":
            assert row.events < row.exposure


def test_an_edition_gets_the_row_that_ends_by_its_day():
    one = library()["civil-end-1992"]
    assert str(one.known_on(dt.date(2020, 11, 10)).counted_until) == "2019-12-31"
    assert str(one.known_on(dt.date(2024, 12, 15)).counted_until) == "2023-12-31"
    assert one.known_on(dt.date(2001, 1, 1)) is None


def test_the_note_of_a_copied_row_carries_the_bias():
    (row, *_) = library_rows(["coup-succeeds-all"])
    assert library()["coup-succeeds-all"].known_bias in row["note"]


@pytest.mark.parametrize(("words", "wanted"), [
    ("war after clash", "mid-replied-war"), ("putsch succeeds", "coup-succeeds-all"), ("coup attempt", "coup-attempt-all1950"),
    ("ceasefire breaks down", "dyad-recur-ceasefire"), ("government falls without election", "cabinet-fall-1992"),
    ("refugees return", "returns-10pct"), ("democracy breaks down", "ert-breakdown-1992"),
    ("peace agreement collapses", "pa-collapse-within1y"), ("American troops leave", "us-troops-cut25-1y"),
    ("trade agreement in force", "trade-inforce2y"), ("debt restructuring", "default-resolved-post"),
    ("sanctions imposed", "sanction-imposed-all"), ("president dies", "leader-natural-age70"),
    ("mediated crisis agreement", "icb-mediated-agreement"),
])  # fmt: skip
def test_a_search_in_plain_words_has_the_class_among_its_first_ten(words: str, wanted: str):
    assert wanted in [one.id for one in find_classes(words)[:10]]


@pytest.mark.parametrize(("title", "wanted"), [
    ("The army overthrows the government", "coups"), ("The border clash becomes a war", "interstate disputes"),
    ("War breaks out between two neighbours", "armed conflict"), ("The ceasefire breaks down", "conflict outcomes"),
    ("The prime minister resigns", "governments"), ("Refugees return home", "displacement"),
    ("The country defaults on its debt", "sovereign debt"), ("Sanctions are imposed", "sanctions"),
    ("The two sides sign a peace agreement", "peace agreements"), ("The president is toppled by protests", "leaders"),
    ("Fighting resumes in the valley", "conflict outcomes"), ("American troops pull out", "foreign deployments"),
])  # fmt: skip
def test_three_classes_are_proposed_for_a_title_in_plain_words_each_of_its_own_kind(title: str, wanted: str):
    found = classes_by_words(title)
    assert len(found) == 3
    assert wanted in [one.theme for one in found]
    assert all(one.known_bias for one in found)
    cut = [re.sub(r",? (?:since|within) [0-9].*", "", one.title) for one in found]
    assert len(set(cut)) == 3, "the same class over other years is no second proposal"


def test_a_search_keeps_to_theme_and_unit():
    found = find_classes("succeeds", theme="coups", unit="trial")
    assert found
    assert {one.theme for one in found} == {"coups"}
    assert {one.latest.unit for one in found} == {"trial"}
    assert find_classes("xylophone") == []
    assert find_classes("the") == []
    assert len(find_classes()) == len(library())


def test_the_nearest_class_is_another_one_of_the_same_kind():
    for name in ("civil-end-1992", "cabinet-end-1992", "gwf-end-coup"):
        near = nearest(name)
        assert name not in [one.id for one in near]
        assert near[0].theme == library()[name].theme


def test_forms_of_a_word_find_the_same_and_words_alike_are_known_to_the_library():
    assert [one.id for one in find_classes("mediated")] == [one.id for one in find_classes("mediating")]
    assert [one.id for one in find_classes("refugees")] == [one.id for one in find_classes("refugee")]
    assert find_classes("putsch"), "no class says putsch, but some say coup"
    assert all(any(_matches([word]) for word in group.split()) for group in ALIKE)


def test_figures_say_unit_rate_and_period():
    assert figures(library()["civil-end-1992"].latest) == "294 in 1393 years, 0.21 a year, 1992 to 2024"

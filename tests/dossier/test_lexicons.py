"""Unknown words are refused with what is near them; the two rows of the American standard are told apart."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from forecasting.dossier.lexicons import (
    LIKELIHOOD_ROW,
    PROBABILITY_ROW,
    find_wording,
    synonym_row,
    wordings_read,
)
from forecasting.dossier.unknown_wordings import unknown_wording
from forecasting.dossier.wordings import Wording
from forecasting.errors import UsageError
from forecasting.rules.load import load_dossier


@pytest.fixture(scope="module")
def lexicons(project_dir):
    return load_dossier(project_dir / "priors").lexicons


def test_a_modifier_is_never_composed_with_a_known_word(lexicons) -> None:
    with pytest.raises(UsageError) as caught:
        find_wording("very likely", lexicons["capphrase-2026"], "capphrase-2026")
    said = str(caught.value)
    assert "lexicon 'capphrase-2026' has no wording 'very likely'" in said
    assert "'highly likely' (86 %)" in said  # entries near in meaning are named, with what they stand for
    assert "Nothing is composed from 'likely' and the words around it." in said
    assert "with its own five quantiles and a citation" in said


@pytest.mark.parametrize(
    ("wording", "near", "not_near"),
    [
        ("roughly even chance", "'about even' (50 %)", "remote chance"),
        ("very unlikely", "'highly unlikely' (6 %)", "'likely' ("),
        ("improbabel", "'improbable' (11 %)", "'probable' ("),
    ],
)
def test_only_entries_near_in_meaning_are_suggested(lexicons, wording: str, near: str, not_near: str) -> None:
    said = unknown_wording(wording, lexicons["capphrase-2026"], lexicons).partition("It knows")[0]
    assert near in said
    assert not_near not in said


def test_letters_alone_suggest_nothing(lexicons) -> None:
    said = unknown_wording("inevitable", lexicons["capphrase-2026"], lexicons)
    assert said.startswith("known wordings: ")
    assert 'forecast new wording "inevitable" --lexicon my-hedges --at PHRASE' in said


def test_a_wording_that_only_a_standard_lists_is_placed_at_the_surveyed_phrase_nearest_in_meaning(lexicons) -> None:
    said = unknown_wording("roughly even chance", lexicons["capphrase-2026"], lexicons)
    assert "It is listed in icd203 (a standard: if the speaker follows it)." in said
    assert 'forecast new wording "roughly even chance" --lexicon my-hedges --at "about even"' in said


@pytest.mark.parametrize(
    ("wording", "inside"), [("not probable", "probable"), ("almost certain to fail", "almost certain"), ("unlikeliest", "")]
)
def test_the_longest_known_part_is_named_and_only_whole_words_count(lexicons, wording: str, inside: str) -> None:
    said = unknown_wording(wording, lexicons["capphrase-2026"])
    assert (f"Nothing is composed from '{inside}'" in said) == bool(inside)


def test_a_known_wording_is_its_entry(lexicons) -> None:
    entry = find_wording("unlikely", lexicons["icd203"], "icd203")
    assert isinstance(entry, Wording)
    assert (entry.p05, entry.p95) == (0.2, 0.45)


def test_every_term_of_the_american_standard_stands_in_exactly_one_row(lexicons) -> None:
    assert LIKELIHOOD_ROW.isdisjoint(PROBABILITY_ROW)
    assert set(lexicons["icd203"]) == LIKELIHOOD_ROW | PROBABILITY_ROW
    assert synonym_row("possibly") is None


def test_every_wording_of_the_coded_claims_has_an_entry_that_says_why(project_dir, lexicons) -> None:
    dossier = load_dossier(project_dir / "priors")
    used = set(wordings_read(dossier.claims.values(), dossier.history))
    used |= {(c.lexicon, c.wording) for c in dossier.claims.values() if c.wording and not c.seen_if}
    assert {"article-hedges", "icd203"} <= {name for name, _ in used}
    for name, wording in used:
        entry = lexicons[name][wording]
        assert entry.n > 0 or name in ("icd203", "phia", "kent", "ipcc", "nato") or entry.citation.startswith("Coder: ")


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("could be", "may well have no choice"), ("may even remind", "might be changing"), ("unclear if", "reportedly"),
        ("appears to be", "will"), ("will", "will instead help run"), ("apparent end", "beyond doubt"),
        ("unless they are able to", "matter of speculation"), ("locks in", "for now"),
    ],
)  # fmt: skip
def test_the_coders_entries_keep_the_order_that_their_justifications_state(lexicons, less: str, more: str) -> None:
    assert lexicons["article-hedges"][less].p50 < lexicons["article-hedges"][more].p50


@pytest.mark.parametrize("name", ["capphrase-2026", "perceptions-2015"])
def test_stronger_words_mean_more(lexicons, name: str) -> None:
    order = ["almost no chance", "highly unlikely", "unlikely", "about even", "better than even", "likely", "very good chance",
             "highly likely", "almost certain" if name == "capphrase-2026" else "almost certainly"]  # fmt: skip
    medians = [lexicons[name][wording].p50 for wording in order]
    assert medians == sorted(medians)
    assert len(set(medians)) == len(medians)


def placed(**fields: object) -> Wording:
    """Return a row that is placed among surveyed phrases."""
    quantiles = {"p05": 0.1, "p25": 0.2, "p50": 0.3, "p75": 0.4, "p95": 0.5}
    return Wording.model_validate({"wording": "in sight", **quantiles, "n": 2633, "citation": "Coder: so", **fields})


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"at": "unlikely", "share": 0.5}, "write 'at' alone, or all three"),
        ({"at": "unlikely", "towards": "likely"}, "write 'at' alone, or all three"),
        ({"towards": "likely", "share": 0.5}, "write 'at' alone, or all three"),
        ({"at": "not unlikely", "towards": "likely", "share": 0.5}, "write 'not ' before both or neither"),
        ({"at": "unlikely", "towards": "not likely", "share": 0.5}, "write 'not ' before both or neither"),
        ({"at": "unlikely", "towards": "likely", "share": 1.0}, "less than 1"),
    ],
)
def test_a_place_that_does_not_fit_together_is_refused(fields: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        placed(**fields)


def test_a_place_names_its_phrases_without_the_denial() -> None:
    assert placed(at="not unlikely").phrases == ("unlikely",)
    assert placed(at="unlikely", towards="likely", share=0.25).phrases == ("unlikely", "likely")
    assert placed().phrases == ()


def test_what_a_row_leaves_out_is_left_out_of_its_form_so_that_older_digests_stay() -> None:
    assert set(placed().model_dump()) == {"wording", "p05", "p25", "p50", "p75", "p95", "n", "citation"}
    assert placed(reads="at_most", at="unlikely", instead="a fact").model_dump()["reads"] == "at_most"

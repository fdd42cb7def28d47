"""What can be changed behind a question: the right records, the nearest first, and nothing but values that a record can hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from shown_editions import project_dossier
from toy import toy_edition

from forecasting.errors import DossierError, UsageError
from forecasting.lab.panel.behind import Behind, graded
from forecasting.lab.panel.controls import GROUPS, OTHERS, Card, Control, InLexicon, Option, Range, ladder
from forecasting.lab.panel.edits import changed, made
from forecasting.report.formatting import RELIABILITY

PROJECT = Path(__file__).resolve().parents[3]
EDITIONS = ("2020-11-karabakh", "2024-12-syria", "2026-02-outlook")


def cards(question: str) -> dict[str, Card]:
    return {card.id: card for card in Behind.of(toy_edition(), question).cards()}


def test_records_of_upstream_events_are_there_and_those_of_others_are_not() -> None:
    # toll-raised and pact-signed act on each other; nothing leads from the quay or the deadline to the toll
    found = cards("toll-by-2025")
    assert {"pact-lowers-toll", "toll-lowers-pact"} <= found.keys()
    assert not {"deadline-raises-ferry", "quay-stops-ferry", "deadlines-kept"} & found.keys()
    assert "n-010" not in found  # a fact about the quay
    assert "n-020" in found  # a claim about a pressure that the toll shares with the quay
    assert "n-010" in cards("quay-by-2025")


def test_the_nearest_records_come_first_within_their_group() -> None:
    effects = [card.id for card in cards("toll-by-2025").values() if card.group == "effects"]
    assert effects == ["pact-lowers-toll", "toll-lowers-pact"]
    groups = [card.group for card in cards("toll-by-2025").values()]
    assert groups == sorted(groups, key=GROUPS.index)


def test_an_effect_that_is_exact_has_no_control() -> None:
    assert "pact-lets-ferry-run" not in cards("ferry-stages-2026")


def test_a_question_that_the_edition_does_not_ask_is_refused_with_near_ids() -> None:
    with pytest.raises(UsageError, match="no question of this edition's event network 'toll-by-2026'; did you mean"):
        Behind.of(toy_edition(), "toll-by-2026")


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_every_control_holds_the_value_of_its_record_among_those_that_it_offers(edition_id: str) -> None:
    edition = project_dossier().edition(edition_id)
    for question in edition.questions:
        for card in Behind.of(edition, question.id).cards():
            assert card.controls, card
            assert card.title != card.id
            for control in card.controls:
                assert control.taken(control.value) == control.value, control
                assert control.shown(control.value)


@pytest.mark.slow
@pytest.mark.parametrize("edition_id", EDITIONS)
def test_what_a_control_offers_passes_the_rules(edition_id: str) -> None:
    """Of each kind of control the first and the last value of two records; every rule is run for each."""
    edition = project_dossier().edition(edition_id)
    seen: dict[tuple[str, str], int] = {}
    for question in edition.questions:
        for card in Behind.of(edition, question.id).cards():
            for control in card.controls:
                kind = card.group, control.field
                if seen.setdefault(kind, 0) >= 2:
                    continue
                seen[kind] += 1
                ends = [o.value for o in control.options] if control.options else [control.range.low, control.range.high]
                for value in (ends[0], ends[-1]):
                    try:
                        changed(edition, made((), control, value))
                    except DossierError as error:  # the panel says so, and takes the change back
                        pytest.fail(f"{control.record} {control.field} {value!r}: {error}")


def test_a_control_refuses_what_it_does_not_offer() -> None:
    grade = Control("e-1", "grade", "Strength", "weak", (Option("weak", "weak"), Option("strong", "strong")))
    lag = Control("e-1", "lag_years", "Mean wait", 0.5, range=Range(0.05, 5, 0.05, "years"))
    counted = Control("history-1", "counted", "In the history", True, (Option(True, "counted"), Option(False, "left out")))
    for control, value in ((grade, "huge"), (grade, None), (lag, 7), (lag, float("nan")), (lag, "1"), (lag, True), (counted, 1)):
        with pytest.raises(UsageError, match=f"{control.field} cannot be"):
            control.taken(value)
    assert lag.taken(0.1 + 0.2) == 0.3
    assert lag.shown(0.5) == "0.5 years"
    with pytest.raises(UsageError, match="e-1 has no control 'gradee'; did you mean 'grade'"):
        Card("e-1", "effects", "If", "then", (grade,)).control("gradee")


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_a_menu_of_wordings_begins_with_a_ladder_of_standard_words_and_has_the_present_one(edition_id: str) -> None:
    edition = project_dossier().edition(edition_id)
    seen = 0
    for question in edition.questions:
        for card in Behind.of(edition, question.id).cards():
            for control in (one for one in card.controls if one.label in ("Wording", "How surely it follows")):
                groups = [option.group for option in control.options]
                first = [option for option in control.options if not option.group]
                assert groups == [""] * len(first) + [OTHERS] * (len(groups) - len(first)), card.id
                seen += 1
                words = [str(getattr(option.value, "wording", option.value)) for option in first]
                assert len(words) >= 3, card.id
                assert set(words) <= ladder(edition.edition.standard)
                assert {"unlikely", "likely"} <= set(words)
                medians = [float(option.label.rpartition("(")[2].removesuffix(" %)")) for option in first]
                assert medians == sorted(medians)
                assert control.value in [option.value for option in control.options]
    assert seen


def test_what_a_ladder_lends_passes_the_rules_and_names_its_lexicon() -> None:
    edition = project_dossier().edition("2024-12-syria")
    wording = next(card for card in Behind.of(edition, "khmeimim-held-2025").cards() if card.id == "c-004").control("wording")
    assert wording.value == InLexicon("may well have no choice", "article-hedges")
    after = changed(edition, made((), wording, InLexicon("very likely", "icd203"))).dossier.claims["c-004"]
    assert (after.wording, after.lexicon) == ("very likely", "icd203")
    assert wording.options[-1].group == OTHERS


def test_a_grade_that_could_not_be_judged_says_that_it_weighs_less_only_where_the_table_of_grades_has_it_so() -> None:
    edition = toy_edition()
    assert graded(edition, "reliability", RELIABILITY)[-1].label.endswith("(not known; weighs less than E in this scale)")
    grades = {**edition.dossier.grades}
    grades["reliability", "F"] = grades["reliability", "C"]
    other = replace(edition, dossier=replace(edition.dossier, grades=grades))
    assert graded(other, "reliability", RELIABILITY)[-1].label == "F – reliability cannot be judged"

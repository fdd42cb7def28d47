"""Stubs parse whatever an article says, hold nothing of it but a few words, and never pass for records."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from forecasting.coding.claim_templates import accepted_stub, claim_stub
from forecasting.coding.proposals import Proposed, records_of
from forecasting.coding.suggest import suggest_claims
from forecasting.coding.templates import (
    CLASS_CELLS,
    FORMS,
    HISTORY_CELLS,
    assumption_stub,
    edition_stub,
    effect_stub,
    event_stub,
    question_stub,
    scalar,
    source_stub,
)
from forecasting.dossier.anchors import normalise, verify_anchor
from forecasting.dossier.assumptions import Assumption
from forecasting.dossier.claims import Anchor, Claim, Source
from forecasting.dossier.defaults import read_defaults
from forecasting.dossier.edition import Edition
from forecasting.dossier.effects import Effect
from forecasting.dossier.events import Event, HistoryRow
from forecasting.dossier.parse import parse_yaml
from forecasting.dossier.questions import Question
from forecasting.dossier.reference_classes import ReferenceClass

PIECES = (
    "may", "unless", "will", "probably", "said", "O\u2019Brien: #1", "Amara Ode", "“No”", "- a", "{x}", "[y]", "'q'", '"z"',
    "\\", "%", "NO", "12", "3 May 2019", "$2bn", "\u202e", "\x07", "é", ".", ". ", "!", "\n", "\n\n", ",", ":", " #",
    "ceasefire", "has left", "According to",
)  # fmt: skip


def parsed(text: str, folder: Path):
    path = folder / "stub.yaml"
    path.write_text(text, "utf-8")
    return parse_yaml(path, "stub.yaml").value


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("stubs")


@given(words=st.lists(st.sampled_from(PIECES), max_size=40))
def test_proposals_from_any_text_parse_and_their_anchors_hold(words: list[str], folder: Path):
    text = normalise(" ".join(words) + ".")
    found = suggest_claims(text, {"plain": ["probably"]})
    records = parsed(records_of(Proposed(found, tuple(f"x-{i:03d}" for i in range(1, len(found) + 1)), "src", ())), folder) or ()
    assert [record["id"] for record in records] == [f"x-{n:03}" for n in range(1, len(found) + 1)]
    for record in records:
        assert verify_anchor(text, Anchor.model_validate(record["anchor"])) is None
        assert all(len((record.get(name) or "").split()) <= 8 for name in ("wording", "speaker"))
        with pytest.raises(ValidationError):
            Claim.model_validate(record)


@pytest.mark.slow
@given(st.text(max_size=30))
def test_a_scalar_reads_back_as_the_text_without_its_invisible_characters(folder: Path, text: str):
    from forecasting.dossier.parse import INVISIBLE

    visible = INVISIBLE.sub("", text)
    assert parsed(f"- key: {scalar(text)}\n", folder)[0]["key"] == visible


@pytest.mark.parametrize(
    ("stub", "model", "empty"),
    [
        (source_stub("a-source"), Source, 11),
        (event_stub("an-event"), Event, 10),
        *((question_stub("a-question", form), Question, n) for form, n in zip(FORMS, (1, 3, 3, 5), strict=True)),
        (claim_stub("c-1", "a-source"), Claim, 11),
        (effect_stub("e-1", "a", "b"), Effect, 1),
        (edition_stub("an-edition"), Edition, 6),
        (assumption_stub("a-1"), Assumption, 5),
    ],
    ids=["source", "event", *FORMS, "claim", "effect", "edition", "assumption"],
)
def test_a_stub_names_every_field_that_a_person_must_fill(stub: str, model, empty: int, folder: Path):
    value = parsed(stub, folder)
    record = value[0] if isinstance(value, tuple) else value
    with pytest.raises(ValidationError) as caught:
        model.model_validate(record)
    errors = caught.value.errors()
    assert not [error for error in errors if error["type"] in ("missing", "extra_forbidden")]
    assert len(errors) >= empty


@pytest.mark.parametrize(
    "stub",
    [
        source_stub("a"), event_stub("a"), claim_stub("a", None), *(question_stub("a", form) for form in FORMS),
        effect_stub("a", "b", "c"), edition_stub("a"), assumption_stub("a"),
    ],
)
def test_every_empty_field_says_what_belongs_there(stub: str):
    for line in stub.splitlines():
        if line.rstrip().endswith(":") and line.strip() not in ("resolution:", "publisher:"):
            raise AssertionError(line)


WITHOUT = {"comes", "stays_away", "lexicon", "origin", "until", "half_life_years"}


def test_the_cells_of_a_row_are_the_columns_of_its_table():
    assert set(CLASS_CELLS) == set(ReferenceClass.model_fields) - {"life_table"}
    # the words for both worlds, whose a signal is, and for how long it acts are columns that a table need not have
    assert set(HISTORY_CELLS) == set(HistoryRow.model_fields) - WITHOUT


def test_a_sentence_that_looks_like_a_fact_is_asked_how_likely_it_would_be_seen_in_both_worlds(folder: Path):
    text = normalise("Sudland has withdrawn its officers, according to the Times. The ferry may sink unless it is mended.")
    found = suggest_claims(text, {"plain": ["may"]})
    stubs = {p.kind: p for p in found}
    assert set(stubs) == {"fact", "judgement"}
    (fact,) = parsed(records_of(Proposed((stubs["fact"],), ("x-001",), "src", ())), folder)
    (judgement,) = parsed(records_of(Proposed((stubs["judgement"],), ("x-001",), "src", ())), folder)
    assert (fact["seen_if"], fact["lexicon"]) == ({"comes": None, "stays_away": None}, "icd203")
    assert "seen_if" not in judgement
    asked = "how likely would the same be seen if the event comes in time, and how likely if it stays away?"
    assert asked in claim_stub("x-001", "src")
    with pytest.raises(ValidationError) as caught:
        Claim.model_validate(fact)
    assert {("seen_if", "comes"), ("seen_if", "stays_away")} <= {error["loc"] for error in caught.value.errors()}


@pytest.mark.parametrize("said", ["Mr Kurti", "Prime Minister Kurti", "Kurti"])
def test_a_speaker_is_named_as_the_defaults_of_the_source_name_him(said: str, tmp_path: Path):
    path = tmp_path / "one.yaml"
    path.write_text("id: one\ndefaults:\n  speakers:\n    Kurti: {reliability: C}\n", "utf-8")
    defaults = read_defaults(parse_yaml(path, path.name))
    (proposal,) = suggest_claims(f"{said} said that the bridge would probably be opened next year.", {"one": ["probably"]})
    assert "speaker: Kurti\n" in accepted_stub("c-001", proposal, "one", "2024-09-20", defaults)


def test_only_a_question_with_one_answer_offers_a_statement_and_an_event_says_what_voids_nothing():
    assert [form for form in FORMS if "# statement:" in question_stub("q-1", form)] == ["asks"]
    assert "if nothing makes it so: Nothing foreseen" in event_stub("e-1")


def test_a_lexicon_that_does_not_list_the_words_is_not_inherited(tmp_path: Path):
    path = tmp_path / "one.yaml"
    path.write_text("id: one\ndefaults:\n  lexicon: plain\n", "utf-8")
    defaults = read_defaults(parse_yaml(path, path.name))
    (proposal,) = suggest_claims("A repetition of the attack cannot be ruled out.", {"plain": ["likely"]})
    assert "  lexicon:  # none lists these words; the codebook (step 6.3) has" in accepted_stub(
        "c-001", proposal, "one", "2024-09-20", defaults
    )
    (proposal,) = suggest_claims("A repetition of the attack is likely.", {"plain": ["likely"]})
    assert "  lexicon:" not in accepted_stub("c-001", proposal, "one", "2024-09-20", defaults)


def test_a_standard_is_left_to_the_coder_and_a_floor_of_the_codebook_is_named():
    (proposal,) = suggest_claims("A war between the two is very unlikely this year.", {"icd203": ["very unlikely"]})
    stub = accepted_stub("c-001", proposal, "one")
    assert "lexicon:  # icd203, if the speaker follows it" in stub
    (proposal,) = suggest_claims("A repetition of the attack cannot be ruled out.")
    command = 'forecast new wording "cannot be ruled out" --at "little chance" --reads at_least'
    assert command in accepted_stub("c-001", proposal, "one")

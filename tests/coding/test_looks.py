"""What a sentence looks like follows the steps of the codebook; small inputs that tools of this kind get wrong are read right."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecasting.coding.looks import weighs
from forecasting.coding.sentences import split_sentences
from forecasting.coding.suggest import Proposal, suggest_claims
from forecasting.dossier.load import read_dossier

KINDS = {
    "There will be no settlement before the elections.": "fact",  # weighs nothing: a flat prediction
    "The envoys are set to meet for talks on 3 May 2031.": "fact",  # a plan
    "A settlement is unlikely before the elections.": "judgement",
    "A settlement cannot be ruled out before the elections.": "judgement",
    "The chance of a settlement before the elections is 1 in 5.": "judgement",
    "A settlement of the war would open the river, thereby ending the embargo.": "effect",
    "Belmar depends on the ford more than Astor does, which gives Astor leverage over the deal.": "driver",
    "The port of Lume handled 4.1 million tonnes of grain.": "quantity",
    "Astor has sent envoys to the talks.": "fact",
}


@pytest.mark.parametrize(("sentence", "kind"), KINDS.items())
def test_a_sentence_looks_like_the_first_kind_that_applies(sentence: str, kind: str):
    (proposal,) = suggest_claims(sentence)
    assert proposal.kind == kind


@pytest.mark.parametrize("wording", ["will", "won't", "would not", "can", "cannot", "is to", "about to", "apparently"])
def test_what_is_to_come_or_is_said_of_the_evidence_weighs_nothing(wording: str):
    assert not weighs(wording)


@pytest.fixture(scope="module")
def cases(shared_dir: Path, project_dir: Path) -> dict[str, list[Proposal | None]]:
    """Return what is proposed of each sentence of the small inputs of others, in order."""
    lexicons = {name: list(table) for name, table in read_dossier(project_dir / "priors")[0].lexicons.items()}
    found = {}
    for name in ("01-denied", "02-half-hedge", "03-broken-word", "15-numbers"):
        text = (shared_dir / "cases" / f"{name}.txt").read_text("utf-8")
        by_start = {proposal.sentence.start: proposal for proposal in suggest_claims(text, lexicons)}
        found[name] = [by_start.get(sentence.start) for sentence in split_sentences(text)]
    return found


def test_a_denied_statement_has_no_wording_and_says_why(cases: dict[str, list[Proposal | None]]):
    *denied, even, pretended = cases["01-denied"]
    assert len(denied) == 20
    for proposal in (*denied, pretended):
        assert proposal
        assert proposal.wording is None
        assert "so it is not what the sentence says" in (proposal.caution or "")
    assert even
    assert even.wording == "as likely as not"


def test_a_hedge_is_read_whole(cases: dict[str, list[Proposal | None]]):
    assert [(p.kind, p.wording) if p else None for p in cases["02-half-hedge"]] == [
        ("judgement", "cannot be ruled out"),
        ("judgement", "cannot be excluded"),
        ("judgement", "cannot be denied"),
        ("judgement", "could not be excluded"),
        ("judgement", "anything but certain"),
        ("judgement", "refused to rule out"),
    ]


def test_a_broken_word_is_put_together(cases: dict[str, list[Proposal | None]]):
    assert [p and p.wording for p in cases["03-broken-word"]] == ["improbable", "unlikely", "very unlikely", "highly unlikely"]


def test_numbers_of_other_locales_are_whole_and_a_chance_in_numbers_is_a_judgement(cases: dict[str, list[Proposal | None]]):
    kinds = ["fact", "judgement", "quantity", "judgement", "quantity", "fact", "quantity"]
    assert [p and p.kind for p in cases["15-numbers"]] == kinds
    troops, chance, inflation, odds, gas, deadline, refugees = (p for p in cases["15-numbers"] if p)
    assert [(q.value, q.unit) for p in (troops, inflation, gas, refugees) for q in p.quantities] == [
        (10_000, "troops"), (2.5, "%"), (1_000_000, "tonnes"), (1_200, "refugees")
    ]  # fmt: skip
    assert [(q.value, q.upper) for q in chance.quantities] == [(60, 70)]
    assert (chance.wording, chance.caution) == ("60-70%", None)
    assert odds.wording is None
    assert "said as odds ('4:1'), for it or against it" in (odds.caution or "")
    assert [date.iso for date in deadline.dates] == ["2025-12-31"]
    assert deadline.quantities == ()

"""Proposals find what people coded, in the dossier's articles and on other regions, and beat taking every sentence."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from paragraphs import PARAGRAPHS

from forecasting.coding.cues import WEIGHTS, find_cues
from forecasting.coding.suggest import MAX_LENGTH, MIN_SCORE, suggest_claims
from forecasting.dossier.anchors import find_quote, verify_anchor
from forecasting.dossier.load import read_dossier
from forecasting.errors import UsageError


def families(sentence: str) -> set[str]:
    return {cue.family for cue in find_cues(sentence)}


@pytest.mark.parametrize(
    ("family", "sentence"),
    [
        ("hedge", "The port may close."),
        ("outlook", "The port is set to close."),
        ("condition", "The port closes unless a donor pays."),
        ("report", "The port closed, according to aides."),
        ("change", "The port has recently been closed."),
        ("change", "The port’s rulers have fled."),
        ("state", "The port remains closed."),
        ("pressure", "The port had leverage."),
        ("event", "The ceasefire failed."),
        ("negation", "The port didn’t close."),
        ("approximation", "The port held roughly ten ships."),
    ],
)
def test_every_family_has_a_wording_that_it_knows(family: str, sentence: str):
    assert family in families(sentence)


@pytest.mark.parametrize(
    "sentence", ["The port closed in May.", "That said, it closed.", "She wrote novellas about willows.", "A shelf fell."]
)
def test_a_word_that_only_looks_like_a_cue_is_none(sentence: str):
    assert families(sentence) & {"hedge", "outlook", "event"} == set()
    assert sentence != "That said, it closed." or "report" not in families(sentence)


def test_a_score_adds_each_family_once():
    # may and could: hedge 3; unless: condition 2; nothing else
    (proposal,) = suggest_claims("The port may or could close unless a donor pays.")
    assert proposal.score == WEIGHTS["hedge"] + WEIGHTS["condition"] == 5
    assert proposal.families == ("hedge", "condition")


def test_the_best_comes_first_and_ties_keep_the_order_of_the_text():
    text = "One port may shut unless aid comes. It might shut unless aid comes. He said it will probably never shut."
    found = suggest_claims(text)
    assert [p.sentence.start for p in found] == [68, 0, 36]
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert suggest_claims(text, limit=1) == found[:1]


def test_a_sentence_below_the_least_score_is_not_proposed():
    assert MIN_SCORE == 4
    assert suggest_claims("The port may close. Coffee is cheap.") == ()  # a hedge alone scores 3


def test_the_wording_is_the_longest_that_a_lexicon_lists():
    (proposal,) = suggest_claims(
        "It is Highly Unlikely that talks resume.", {"a": ["unlikely"], "b": ["highly unlikely"], "c": ["highly unlikely"]}
    )
    assert (proposal.wording, proposal.lexicons) == ("highly unlikely", ("b", "c"))


def test_a_wording_outside_every_lexicon_is_given_without_one():
    (proposal,) = suggest_claims("Talks might resume if aid comes.", {"a": ["unlikely"]})
    assert (proposal.wording, proposal.lexicons) == ("might", ())


@pytest.mark.parametrize(
    ("sentence", "wording"),
    [
        ("Analysts doubt that the grain deal will be renewed in 2031.", "doubt"),
        ("The garrison will not leave before the elections.", "will not"),
        ("The garrison won’t leave before the elections.", "won't"),
        ("The deal probably will not survive the elections.", "probably will not"),
        ("It is unlikely that the garrison will leave before the elections.", "unlikely"),
    ],
)
def test_a_wording_is_never_the_opposite_of_what_the_sentence_says(sentence: str, wording: str):
    # "will" is listed, and would be taken for what the sentence says by whoever looks at single words
    (proposal,) = suggest_claims(sentence, {"a": ["will"]})
    assert (proposal.wording, proposal.lexicons, proposal.caution) == (wording, (), None)
    # the codebook: an unhedged "will not" weighs nothing, and is a flat prediction
    assert proposal.kind == ("fact" if wording in ("will not", "won't") else "judgement")


def test_a_wording_that_a_denial_turns_around_is_left_out_and_the_proposal_says_why():
    (proposal,) = suggest_claims("The minister denied that troops will leave before the elections.", {"a": ["will"]})
    assert (proposal.wording, proposal.lexicons) == (None, ())
    assert proposal.caution == "'will' stands under 'denied', so it is not what the sentence says"
    assert proposal.kind == "judgement"


def test_any_other_expression_goes_before_a_bare_future():
    (proposal,) = suggest_claims("The ceasefire will end and the port may close.", {"a": ["will"]})
    assert proposal.wording == "may"


def test_words_that_mark_a_claim_but_say_nothing_of_how_likely_are_no_wording():
    for sentence in (
        "The lease expires in 2031 amid uncertainty over the talks.",
        "He said that prospects for the talks depend on aid.",
        "Officials fear a setback in the talks, and hope for aid.",
    ):
        (proposal,) = suggest_claims(sentence)
        assert (proposal.wording, proposal.caution) == (None, None)


def test_a_dated_past_event_is_a_candidate_fact():
    text = "On February 2, 2025, parliament amended the constitution to let foreign bases stay. Coffee was cheap."
    (proposal,) = suggest_claims(text)
    assert (proposal.sentence.start, proposal.kind, proposal.wording) == (0, "fact", None)
    assert proposal.families[0] == "dated event"


def test_an_anchor_is_the_one_that_a_quote_of_the_sentence_gets():
    text = "A Headline\n\nNobody came.\n\nThe port may close unless a “donor” pays. Café owners expect it will not.\n"
    for proposal in suggest_claims(text):
        assert proposal.anchor == find_quote(text, proposal.sentence.text).anchor
        assert verify_anchor(text, proposal.anchor) is None


def test_a_text_longer_than_any_article_is_refused():
    with pytest.raises(UsageError, match=r"1,000,001 code points is no article; save one article alone"):
        suggest_claims("a" * (MAX_LENGTH + 1))


def test_no_wording_names_a_place_a_person_or_a_side():
    from forecasting.coding import cues

    tables = vars(cues).items()
    lists = " ".join(words for name, words in tables if name[:1] == "_" and name[1:].isupper() and isinstance(words, str))
    assert not any(word[0].isupper() for word in lists.replace("\\", " ").split() if word.isalpha())


def test_paragraphs_on_other_regions_are_read_as_a_person_marked_them(project_dir: Path):
    lexicons = {name: list(table) for name, table in read_dossier(project_dir / "priors")[0].lexicons.items()}
    right = proposed = marked = n = 0
    for sentences in PARAGRAPHS.values():
        text = "A Headline of Its Own\n\n" + " ".join(sentence for sentence, _ in sentences) + "\n"
        found = {proposal.sentence.text for proposal in suggest_claims(text, lexicons)}
        claims = {sentence for sentence, is_claim in sentences if is_claim}
        assert found <= {sentence for sentence, _ in sentences}
        right, proposed, marked, n = right + len(found & claims), proposed + len(found), marked + len(claims), n + len(sentences)
    print(
        f"{len(PARAGRAPHS)} paragraphs: recall {right / marked:.2f}, precision {right / proposed:.2f}, baseline {marked / n:.2f}"
    )
    assert right / marked >= 0.9
    assert right / proposed >= marked / n + 0.25


def test_the_claims_that_people_coded_are_found_in_both_articles(
    project_dir: Path, shared_dir: Path, monkeypatch: pytest.MonkeyPatch, measured
):
    monkeypatch.syspath_prepend(str(project_dir))
    from benchmarks.suggest import articles, measure

    dossier = read_dossier(project_dir / "priors")[0]
    texts = dict(articles(dossier, shared_dir / "sources"))
    assert set(texts) == set(dossier.sources)
    for source, text in texts.items():
        rows = measure(dossier, source, text)
        measured(f"suggest: {source}: {str(rows['proposals']).strip()}")
        everything = rows["every piece a splitter hands out"]
        prose = rows["every sentence, headlines and menus left out"]
        assert rows["proposals"].recall >= 0.89
        assert rows["proposals"].precision >= 0.93
        assert rows["proposals"].precision > prose.precision
        assert everything.recall == prose.recall == 1.0


def test_the_page_shows_what_is_found_in_the_articles_and_what_was_found_in_unseen_texts(project_dir: Path, shared_dir: Path):
    from benchmarks.suggest import articles
    from tools.docs.suggest import PAGE, page

    dossier = read_dossier(project_dir / "priors")[0]
    texts = dict(articles(dossier, shared_dir / "sources"))
    assert PAGE.read_text("utf-8") == page(dossier, texts), "write it anew: python -m tools.docs.suggest"


def test_a_coding_of_an_unseen_text_says_where_it_is_and_holds_none_of_it():
    from benchmarks.unseen import codings

    found = list(codings())
    assert len(found) >= 2
    for coding in found:
        assert "http" in coding.address or "github.com" in coding.address
        assert {claim["kind"] for claim in coding.claims} <= {"judgement", "fact", "effect", "driver", "quantity"}
        assert all(claim.keys() == {"start", "end", "sha256", "kind"} for claim in coding.claims)
        assert all(0 <= claim["start"] < claim["end"] <= coding.length for claim in coding.claims)
        assert coding.measured["recall"] > 0


@pytest.mark.slow
def test_half_a_million_characters_take_less_than_ten_seconds_of_cpu_and_progress_is_told(measured):
    text = "\n\n".join(" ".join(sentence for sentence, _ in sentences) for sentences in PARAGRAPHS.values())
    text = (text + "\n\n") * (500_000 // len(text) + 1)
    told: list[float] = []
    start = time.process_time()
    found = suggest_claims(text[:500_000], {"plain": ["may", "likely"]}, progress=told.append)
    spent = time.process_time() - start
    measured(f"suggest: 500,000 characters, {len(found):,} proposals: {spent:.1f} s of CPU")
    assert spent < 10
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 20


@pytest.mark.parametrize(
    ("sentence", "wording"),
    [
        ("Both sides recognise each other's plates, and a return of that dispute appears unlikely.", "unlikely"),
        ("New disputes over the border are likely this year.", "likely"),
        ("The talks in the capital might well fail.", "might"),
        ("The talks in the capital may fail.", "may"),
    ],
)
def test_a_noun_governs_nothing_and_a_verb_is_no_part_of_the_wording(sentence: str, wording: str):
    (found,) = suggest_claims(sentence, {"one": ["unlikely", "likely", "may", "might"]})
    assert (found.wording, found.caution) == (wording, None)


def test_that_ministers_dispute_it_still_turns_a_statement_around():
    (found,) = suggest_claims("Ministers dispute that the talks are likely to fail.", {"one": ["likely"]})
    assert found.wording is None


def test_a_reported_look_that_found_nothing_is_proposed_and_a_sentence_about_anything_is_not():
    text = "A senior officer says that the mission sees no preparations of any kind. In contrast, not everything has gone wrong."
    (found,) = suggest_claims(text)
    assert (found.place, found.kind) == ("1.1", "fact")

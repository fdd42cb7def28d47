"""An anchor points at exactly the words it was made from: edits are never accepted, typography always is."""

from __future__ import annotations

import doctest
import random
import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from forecasting.dossier import anchors, parse
from forecasting.dossier import messages as forms
from forecasting.dossier.anchors import (
    cut_word,
    digest,
    find_quote,
    make_anchor,
    nearest_passage,
    normalise,
    paragraph_at,
    seal_of,
    verify_anchor,
)
from forecasting.dossier.load import read_dossier
from forecasting.errors import UsageError

# Written for the tests: every sort of mark that typography varies, and words that stand inside others.
ARTICLE = normalise(
    "Norland’s ferry to Sudland – closed since spring – may well sail again, the harbour master said on Monday.\n"
    "\n"
    "“We are not going to wait for ever,” he told reporters; an agreement is unlikely before the winter’s first ice.\n"
    "Officials in Sudland’s capital called the plan “premature” and asked for talks on tolls, pilots and a new quay.\n"
    "\n"
    "Without a pact both states will probably have no choice but to keep the long road round the bay open all year.\n"
    "A toll-free crossing seems remote: Sudland's treasury needs the money, and Norland's parliament won't pay twice.\n"
)
WORDS = [match.span() for match in re.finditer(r"\S+", ARTICLE)]
LETTERS = "abcdefghijklmnopqrstuvwxyz"

spans = st.tuples(st.integers(0, len(WORDS) - 1), st.integers(5, 14)).filter(lambda span: sum(span) < len(WORDS))


def quote_at(span: tuple[int, int]) -> str:
    return ARTICLE[WORDS[span[0]][0] : WORDS[span[0] + span[1]][1]]


def edited(quote: str, kind: str, draw) -> str:
    """Change what a quote says, somewhere inside it."""
    words = quote.split()
    n = draw(st.integers(1, len(words) - 2))
    letters = [at for at, letter in enumerate(quote) if letter.isalpha()]
    at = letters[draw(st.integers(0, len(letters) - 1))]
    match kind:
        case "drop a word":
            return " ".join(words[:n] + words[n + 1 :])
        case "add not":
            return " ".join([*words[:n], "not", *words[n:]])
        case "swap words":
            return " ".join([*words[: n - 1], words[n], words[n - 1], *words[n + 1 :]])
        case "join over an ellipsis":
            return " ".join([*words[:n], "…", *words[n + 1 :]])
        case "change a letter":
            other = draw(st.sampled_from(LETTERS))
            return quote[:at] + other + quote[at + 1 :]
        case "drop a letter":
            return quote[:at] + quote[at + 1 :]
        case _:
            return quote[:at] + quote[at] + quote[at:]


KINDS = ["drop a word", "add not", "swap words", "join over an ellipsis", "change a letter", "drop a letter", "double"]


@pytest.mark.slow
def test_an_edited_quote_is_never_accepted(measured):
    refused = 0

    @settings(max_examples=500)
    @given(spans, st.sampled_from(KINDS), st.data())
    def hold(span, kind, data):
        nonlocal refused
        quote = quote_at(span)
        wrong = edited(quote, kind, data.draw)
        assume(" ".join(wrong.split()) not in " ".join(ARTICLE.split()))  # a shorter quote of the same words is no edit
        with pytest.raises(UsageError, match="is not in the text; nearest passage"):
            find_quote(ARTICLE, wrong)
        refused += 1

    hold()
    assert refused >= 500
    measured(f"anchors: {refused} altered quotes, 0 accepted")


@pytest.mark.slow
@settings(max_examples=500)
@given(spans, st.data())
def test_a_text_edited_inside_the_span_never_verifies(span, data):
    found = find_quote(ARTICLE, quote_at(span)).anchor
    at = data.draw(st.integers(found.start, found.end - 1))
    new = data.draw(st.sampled_from(["", "x", "x" + ARTICLE[at], " "]))
    assume(new != ARTICLE[at])
    text = normalise(ARTICLE[:at] + new + ARTICLE[at + 1 :])
    assert verify_anchor(text, found)


MARKS = {
    **dict.fromkeys("’'", "'’‘‛′"),
    **dict.fromkeys("“”", '"„“”«»'),
    **dict.fromkeys("–-", "-–—‒‐‑"),
    " ": [" ", "\u00a0", "\n", "  ", "\u2009", "\r\n  "],
}


def variant(quote: str, rng: random.Random) -> str:
    """Write a quote as another program would: curly or straight marks, other dashes, other spaces, wrapped lines."""
    typed = "".join(rng.choice(MARKS.get(letter, letter)) for letter in quote)
    return f" {typed}\r\n" if rng.random() < 0.2 else typed


def test_at_least_99_in_100_harmless_variants_of_a_quote_are_accepted_where_they_stand(measured):
    rng, accepted = random.Random(20241213), 0
    for _ in range(500):
        first = rng.randrange(len(WORDS) - 6)
        span = (first, rng.randrange(4, min(15, len(WORDS) - first)))
        quote = quote_at(span)
        try:
            found = find_quote(ARTICLE, variant(quote, rng))
        except UsageError:
            continue
        accepted += (found.anchor.start, found.anchor.end) == (WORDS[span[0]][0], WORDS[sum(span)][1])
    assert accepted >= 495
    measured(f"anchors: {accepted} of 500 quotes in other quotation marks, dashes and spaces accepted where they stand")


def test_every_anchor_of_the_project_is_found_again_from_its_quote_and_from_variants(
    project_dir: Path, shared_dir: Path
):
    dossier, rng, n, accepted = read_dossier(project_dir / "priors")[0], random.Random(4), 0, 0
    for claim in dossier.claims.values():
        text = normalise((shared_dir / "sources" / dossier.sources[claim.source].text_file).read_text("utf-8"))
        quote = text[claim.anchor.start : claim.anchor.end]
        assert find_quote(text, quote).anchor == claim.anchor
        for _ in range(5):
            n += 1
            found = find_quote(text, variant(quote, rng)).anchor
            accepted += (found.start, found.end) == (claim.anchor.start, claim.anchor.end)
    assert n >= 500
    assert accepted / n >= 0.99


def test_a_quote_that_stands_exactly_is_not_marked_as_folded():
    assert not find_quote(ARTICLE, "may well sail again").folded
    assert find_quote(ARTICLE, "Norland's ferry to Sudland - closed").folded


def test_words_inside_a_longer_word_are_not_quoted():
    with pytest.raises(UsageError, match="nearest passage"):
        find_quote("Peace is unlikely this year.", "likely")
    with pytest.raises(UsageError, match="nearest passage"):
        find_quote("The coastline holds.", "The coast")
    assert find_quote("It is unlikely, though likely later.", "likely").anchor.start == 23


def test_a_quote_that_stands_twice_is_refused_with_its_paragraphs():
    with pytest.raises(UsageError, match=r"stands 2 times \(paragraphs 1, 2\)"):
        find_quote("It may rain.\n\nIt may rain.", "may rain")
    with pytest.raises(UsageError, match=r"stands 2 times \(paragraphs 1, 2\)"):
        find_quote("It’s a “may”.\n\nIt’s a “may”.", "It's a")


def test_places_that_overlap_are_counted_apart():
    with pytest.raises(UsageError, match="stands 2 times"):
        find_quote("so so so", "so so")


def test_an_empty_quote_is_refused():
    with pytest.raises(UsageError, match="the quote is empty"):
        find_quote(ARTICLE, " \n ")


def test_a_composed_and_a_decomposed_letter_are_the_same():
    assert find_quote(normalise("Tu\u0308rkiye helps."), "T\u00fcrkiye helps").anchor.end == 13


def test_offsets_count_code_points_and_not_bytes():
    text = "Ä Türkiye 🛳 sails"
    found = find_quote(text, "sails").anchor
    assert (found.start, found.end) == (12, 17)
    assert found.sha256 == digest("sails")


def test_a_span_that_moved_is_reported_with_its_new_place_and_not_accepted():
    anchor = find_quote(ARTICLE, "may well sail again").anchor
    moved = "A headline.\n" + ARTICLE
    assert verify_anchor(ARTICLE, anchor) is None
    assert verify_anchor(moved, anchor) == (
        f"the span has moved; write start: {anchor.start + 12}, end: {anchor.end + 12}, paragraph: 2"
    )


def test_of_several_places_with_the_same_words_the_nearest_is_named():
    anchor = make_anchor("__ may __________ may", 18, 21)
    assert "write start: 16, end: 19" in (verify_anchor("_ may _________ may", anchor) or "")


def test_a_span_may_end_with_the_text_and_may_have_moved_there():
    text = "Peace may come"
    anchor = make_anchor(text, 10, 14)
    assert verify_anchor(text, anchor) is None
    assert verify_anchor("It may come", anchor) == "the span has moved; write start: 7, end: 11, paragraph: 1"
    assert verify_anchor(text[:-1], anchor) == "the span 10-14 ends after the text (13 code points)"
    assert (verify_anchor("Peace may fade", anchor) or "").startswith("the digest does not match the span 10-14")


def test_a_text_of_more_than_a_million_letters_is_not_searched(monkeypatch: pytest.MonkeyPatch):
    anchor = make_anchor("may", 0, 3)
    monkeypatch.setattr(anchors, "MAX_SEARCHED", 7)
    assert "the span has moved" in (verify_anchor("It, may", anchor) or "")
    assert "the digest does not match" in (verify_anchor("It, too, may", anchor) or "")


def test_a_span_past_the_end_or_in_another_paragraph_is_refused():
    anchor = find_quote(ARTICLE, "may well sail again").anchor
    assert "ends after the text (20 code points)" in (verify_anchor(ARTICLE[:20], anchor) or "")
    wrong = anchor.model_copy(update={"paragraph": 2})
    assert verify_anchor(ARTICLE, wrong) == "the span is in paragraph 1, not 2; write paragraph: 1"


def test_paragraphs_are_counted_by_lines_that_hold_text():
    assert [paragraph_at("a\n\nb\n \nc", offset) for offset in (0, 3, 7)] == [1, 2, 3]
    assert paragraph_at("a\nb", 1) == 1  # the line end belongs to its line


def test_an_anchor_that_cuts_a_word_names_it():
    text = "Peace is unlikely."
    assert cut_word(text, make_anchor(text, 11, 17)) == "unlikely"
    assert cut_word(text, make_anchor(text, 0, 3)) == "Peace"
    assert cut_word(text, make_anchor(text, 1, 8)) == "Peace"  # one letter is cut off
    assert cut_word(text, make_anchor(text, 9, 17)) is None


def test_the_seal_of_an_anchor_changes_with_each_of_its_fields():
    fields = {"text_sha256": "a" * 64, "start": 10, "end": 20, "paragraph": 1, "sha256": "b" * 64}
    others = {"text_sha256": "c" * 64, "start": 11, "end": 21, "paragraph": 2, "sha256": "d" * 64}
    seals = {seal_of(**fields)} | {seal_of(**{**fields, name: other}) for name, other in others.items()}
    assert len(seals) == 6
    # printf '%s:10:20:1:%s' aa…a bb…b | sha256sum   (64 of each)
    assert seal_of(**fields) == "c5fdb689"


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing_more(text):
    assume("\ufeff" not in text[1:])
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize("module", [anchors, parse, forms], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_are_right(module):
    assert doctest.testmod(module).failed == 0


def test_the_nearest_passage_is_found_whatever_the_case_and_however_long_its_sentence():
    long = "Many words stand here, one after the other, and say nothing of the matter at all, " * 3
    text = f"A toll may be due later. {long}and THE NEW TOLL IS UNLIKELY. He said so."
    shown = nearest_passage(text, "the new toll is likely")
    assert "THE NEW TOLL IS UNLIKELY" in shown
    assert len(shown) <= 200


def test_of_a_word_without_end_forty_letters_on_either_side_are_named():
    text = "".join(chr(ord("a") + i % 26) for i in range(120))
    assert cut_word(text, make_anchor(text, 60, 120)) == text[20:100]


def test_a_passage_of_more_than_200_letters_begins_forty_before_what_is_shared():
    filler = "zq " * 80
    whole, longer = filler[:192] + "the toll", filler[:193] + "the toll"
    assert nearest_passage(whole, "the toll") == whole
    assert nearest_passage(longer, "the toll") == longer[153:]
    assert nearest_passage("the toll " + filler, "the toll") == ("the toll " + filler)[:200]
    assert nearest_passage(filler, "the toll") == filler[:200]
    four = filler[:210] + "toll"
    assert nearest_passage(four, "toll") == four[170:]
    three = f"abc {filler[:210]} toll"  # a run of three letters is shared by chance
    assert nearest_passage(three, "abc toll") == three[three.index(" toll") - 40 :]
    assert nearest_passage("", "the toll") == ""

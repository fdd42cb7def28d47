"""What says how likely is told apart from what a negation, a doubt or a question turns around."""

from __future__ import annotations

import pytest

from forecasting.coding.polarity import find_likelihoods

SAID = {  # sentence: the expressions that say how likely
    "The port may close.": ["may"],
    "The port won’t close.": ["won’t"],
    "It will no longer pay.": ["will no longer"],
    "It may well not be signed.": ["may well not"],
    "The court would probably not agree.": ["probably not"],
    "It isn't very likely to leave.": ["isn't very likely"],
    "They are not expected to leave.": ["not expected to"],
    "There will be no ceasefire.": ["will be no"],
    "They doubt the deal will hold.": ["doubt"],
    "Analysts doubt that, after the war, it can and will hold.": ["doubt"],
    "Nobody doubts that it will hold.": ["Nobody doubts"],
    "It is unlikely that they will leave.": ["unlikely"],
    "It is possible that they may leave.": ["possible"],
    "There is little chance that it will leave.": ["little chance"],
    "It is far from certain that it will leave.": ["far from certain"],
    "Not only will it sign, it will ratify.": ["will", "will"],
    "It will sign, but it may not ratify.": ["will", "may not"],
    "The army has not left, officials say, and will stay.": ["will"],
    "The minister refused to sign and will leave.": ["will"],
    "Having failed to agree, the army will leave.": ["will"],
    "With no deal in sight the army will leave.": ["will"],
    "If it does not pay, it will sink.": ["will"],
    "The party that did not win seats will join.": ["will"],
    "He cannot rule out that the army is still there.": ["cannot rule out"],
    "The court will reject the pact.": ["will reject"],
    "In May the port closed.": [],
    "The lease expires amid uncertainty over its prospects.": [],
}
TURNED = {  # sentence: the expression and what it stands under
    "Nobody expects that the army will leave.": ("will", "Nobody"),
    "Hardly anyone expects it could survive.": ("could", "Hardly"),
    "No side will win.": ("will", "No"),
    "Neither side is likely to win.": ("likely", "Neither"),
    "He denied that it would leave.": ("would", "denied"),
    "He denied it would leave.": ("would", "denied"),
    "She did not say that it will leave.": ("will", "not"),
    "He did not think it would leave.": ("would", "not"),
    "It is not clear if it will leave.": ("will", "not"),
    "The minister refused to say when it will leave.": ("will", "refused"),
    "He ruled out that it may leave.": ("may", "ruled out"),
    "Officials dismissed fears that the dam could burst.": ("could", "dismissed"),
    "There is no sign that it will leave.": ("will", "no"),
    "The president is sceptical that the deal will survive.": ("will", "sceptical"),
    "He asked whether it will leave.": ("will", "whether"),
}


@pytest.mark.parametrize(("sentence", "said"), SAID.items())
def test_what_says_how_likely_is_read_with_its_negation(sentence: str, said: list[str]):
    assert [(found.words, found.under) for found in find_likelihoods(sentence)] == [(words, None) for words in said]


@pytest.mark.parametrize(("sentence", "turned"), TURNED.items())
def test_what_an_operator_turns_around_names_the_operator(sentence: str, turned: tuple[str, str]):
    assert [(found.words, found.under) for found in find_likelihoods(sentence)] == [turned]


@pytest.mark.parametrize("modal", ["may", "might", "could", "will", "would", "can"])
@pytest.mark.parametrize(
    "frame",
    [
        "Observers doubt that it {} hold.",
        "He never said that it {} hold.",
        "It is doubtful whether it {} hold.",
        "It {} not hold.",
    ],
)
def test_no_modal_alone_is_ever_read_from_under_a_doubt_or_a_negation(frame: str, modal: str):
    assert modal not in [found.words for found in find_likelihoods(frame.format(modal)) if not found.under]


def test_places_are_those_of_the_words():
    sentence = "The port won’t close, but it may."
    assert [sentence[found.start : found.end] for found in find_likelihoods(sentence)] == ["won’t", "may"]


def test_what_a_lexicon_lists_counts_and_is_read_with_its_negation_too():
    sentence = "A breakthrough is not in sight."
    (found,) = find_likelihoods(sentence, [(sentence.index("in sight"), sentence.index("in sight") + 8)])
    assert found.words == "not in sight"


@pytest.mark.slow
def test_a_sentence_of_nothing_but_hedges_is_read_in_time_that_grows_with_its_length() -> None:
    found = find_likelihoods("The port " + "may " * 15_000 + "close.")  # 60 kB took minutes, with the square of the hedges
    assert (len(found), found[-1].words) == (15_000, "may")


def test_an_operator_governs_nothing_that_stands_farther_off_than_any_sentence_is_long() -> None:
    near, far = ("They doubt that " + "the old port of the town " * n + "will close." for n in (10, 100))
    assert [one.words for one in find_likelihoods(near)] == ["doubt"]
    assert [one.words for one in find_likelihoods(far)] == ["doubt", "will"]

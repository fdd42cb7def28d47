"""A chance in numbers is read whole, becomes a row of a lexicon, and is read by a claim with that number."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import write_dossier
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.coding.chances import find_chance, read_chance
from forecasting.coding.suggest import suggest_claims
from forecasting.coding.wordings import place_number
from forecasting.dossier.load import read_dossier
from forecasting.errors import UsageError
from forecasting.rules.check import check_dossier


@pytest.mark.parametrize(
    ("sentence", "words", "low", "high", "reads"),
    [
        ("There is a 60 per cent chance that it holds.", "60 per cent chance", 0.55, 0.65, "level"),
        ("He put the probability of war at 30 to 40 percent.", "30 to 40 percent", 0.3, 0.4, "level"),
        ("The chance of a withdrawal is now 60-70%, he said.", "60-70%", 0.6, 0.7, "level"),
        ("The risk of war this year is one in three.", "one in three", 1 / 3.5, 1 / 2.5, "level"),
        ("They see a 2-in-3 chance of a deal.", "2-in-3 chance", 0.6, 1 - 1 / 3.5, "level"),
        ("The chance of a deal is less than 5%.", "less than 5%", 0.025, 0.075, "at_most"),
        ("She sees at least a 70% chance of war.", "at least a 70% chance", 0.65, 0.75, "at_least"),
        ("He gave it a fifty-fifty chance.", "fifty-fifty chance", 0.45, 0.55, "level"),
        ("The likelihood of default within 5 years is 42 percent.", "42 percent", 0.415, 0.425, "level"),
    ],
)
def test_a_chance_stands_for_what_is_rounded_to_it(sentence: str, words: str, low: float, high: float, reads: str):
    found = find_chance(sentence)
    assert found is not None
    assert (found.words, found.reads) == (words, reads)
    assert (found.low, found.high) == pytest.approx((low, high))
    assert sentence[found.start : found.end] == words
    again = read_chance(words)
    assert again is not None
    assert again.quantiles == found.quantiles


@pytest.mark.parametrize("sentence", [
    "The risk of war rose by 60 per cent.", "60% of voters see a risk of war.", "The chance is small; 5% of ships come.",
    "Two in three voters stayed at home.", "The risk is 250 per cent of what it was.",
])  # fmt: skip
def test_what_is_no_chance_is_none(sentence: str):
    found = find_chance(sentence)
    assert found is None or not found.quantiles


def test_odds_are_left_to_a_person_and_a_denied_number_is_not_what_is_said():
    (odds,) = suggest_claims("The odds that the treaty will be signed this year are 4:1, brokers said.")
    assert (odds.kind, odds.wording) == ("judgement", None)
    assert "for it or against it" in (odds.caution or "")
    (stated,) = suggest_claims("The chance that it will be signed this year is 60 per cent, the envoy said.")
    assert (stated.wording, stated.caution) == ("60 per cent", None)
    (denied,) = suggest_claims("Reports that the truce has a 60 per cent chance to hold this year are false.")
    assert denied.wording is None
    assert "so it is not what the sentence says" in (denied.caution or "")


def test_a_number_becomes_a_row_that_passes_check_and_is_listed_from_then_on(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    placed = place_number(root, "60 per cent Chance", "said-in-numbers")
    assert placed.row.wording == "60 per cent chance"
    assert placed.row.quantiles == (0.555, 0.575, 0.6, 0.625, 0.645)
    claims = root / "claims/norland-times.yaml"
    text = claims.read_text("utf-8")
    assert text.count("wording: unlikely\n  lexicon: plain") >= 1
    said = 'wording: "60 per cent chance"\n  lexicon: said-in-numbers'
    claims.write_text(text.replace("wording: unlikely\n  lexicon: plain", said, 1), "utf-8")
    dossier, failures = read_dossier(root)
    assert failures == ()
    assert check_dossier(dossier) == ()
    with pytest.raises(UsageError, match="lists '60 per cent chance' already"):
        place_number(root, "60 per cent chance", "said-in-numbers")
    for words in ("4:1", "very likely", "120 %"):
        with pytest.raises(UsageError, match="is no chance in numbers"):
            place_number(root, words, "said-in-numbers")


def test_the_command_needs_no_place_for_a_number(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    result = CliRunner().invoke(app, ["new", "wording", "one in three", "--priors", str(root)])
    assert result.exit_code == 0, result.output
    assert "'one in three': 34 % (29-39), read as level" in result.output

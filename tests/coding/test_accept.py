"""From proposals to claims in one step: what sentence, source and codebook say is filled in, the rest is named all at once."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from builders import write_dossier
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.coding.proposals import accepted_records, chosen, propose
from forecasting.coding.scaffold import begin_claims, begin_source
from forecasting.coding.suggest import suggest_claims
from forecasting.coding.terms import find_term
from forecasting.dossier.anchors import verify_anchor
from forecasting.dossier.load import read_dossier
from forecasting.errors import UsageError
from forecasting.rules.check import check_read

ARTICLE = """\
A treaty on the ferry is unlikely before the elections, officials of Sudland say.
Customs guards seized two boats at the quay on Monday.
The port of Norland handled 4.1 million tonnes of grain.
Norland depends on the quay for its grain, which gives Sudland leverage over the deal.
"""
DEFAULTS = """\
defaults:
  made_on: 2024-06-30
  lexicon: plain
  seen_if_lexicon: plain
  reliability: B
  credibility: 3
  origin: sudland-post
"""
SOURCE = {
    "title": "The quay", "publisher": "The Sudland Post", "author": "Jon Ode", "published_on": "2024-06-30",
    "published_precision": "day", "published_how": "dateline", "licence": "made for a test", "origin_group": "sudland",
    "kind": "news",
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path, project_dir: Path) -> Path:
    root = write_dossier(tmp_path, project_dir)
    article = tmp_path / "texts" / "quay.txt"
    article.write_text(ARTICLE, "utf-8")
    path = begin_source(root, "sudland-post", article).path
    text = path.read_text("utf-8")
    for name, value in SOURCE.items():
        text = re.sub(rf"^{name}:.*", f"{name}: {value}", text, flags=re.MULTILINE)
    path.write_text(text.replace("note:", f"{DEFAULTS}note:"), "utf-8")
    return root


def accepted(root: Path, best: int | None = None) -> str:
    """Accept the best so many of what is proposed."""
    article = root.parent / "texts" / "quay.txt"
    proposed = propose(article, root, "sudland-post")
    wanted = ",".join(proposal.place for proposal in proposed.proposals[:best])
    begin_claims(root, "sudland-post", lambda: accepted_records(proposed, chosen(proposed, wanted)))
    return (root / "claims/sudland-post.yaml").read_text("utf-8")


def test_all_that_is_still_open_is_named_in_one_check(root: Path):
    accepted(root)
    failures = [result.found for result in read_dossier(root)[1]]
    fields = {re.search(r"'([\w.]+)' is (?:still|missing)", found)[1] for found in failures}  # type: ignore[index]
    assert fields == {
        "paraphrase", "speaker", "target.event", "target.driver", "direction", "grade", "seen_if.comes", "seen_if.stays_away",
        "origin", "reliability", "moves_nothing",
    }  # fmt: skip


def test_what_is_named_is_enough_for_a_green_check(root: Path):
    text = accepted(root, 2)
    told = {"paraphrase": "Something is told here.", "direction": "occurs", "speaker": "author"}
    for name, value in told.items():
        text = re.sub(rf"^  {name}:  #.*", f"  {name}: {value}", text, flags=re.MULTILINE)
    text = text.replace("{event: }", "{event: pact-signed}")
    text = text.replace("{comes: , stays_away: }", "{comes: likely, stays_away: unlikely}")
    text = re.sub(r"^  (?:reliability|origin):  #.*\n", "", text, flags=re.MULTILINE)  # inherited, now that the author speaks
    (root / "claims/sudland-post.yaml").write_text(text, "utf-8")
    edition = root / "editions/2024-07-ferry.yaml"
    edition.write_text(edition.read_text("utf-8").replace("[norland-times]", "[norland-times, sudland-post]"), "utf-8")
    dossier, failures = read_dossier(root)
    assert failures == ()
    assert [result for result in check_read(dossier, ()) if result.status == "failure"] == []
    ours = [claim for claim in dossier.claims.values() if claim.source == "sudland-post"]
    assert {claim.kind for claim in ours} == {"judgement", "fact"}
    assert all(verify_anchor(ARTICLE, claim.anchor) is None for claim in ours)


def test_a_claim_that_is_not_finished_is_not_proposed_again_and_ids_go_on(root: Path):
    first = accepted(root, 1)
    article = root.parent / "texts" / "quay.txt"
    again = propose(article, root, "sudland-post")
    start = int(re.search(r"start: ([0-9]+)", first)[1])  # type: ignore[index]
    assert start not in {proposal.anchor.start for proposal in again.proposals}
    accepted(root, 1)
    ids = re.findall(r"^- id: (\S+)", (root / "claims/sudland-post.yaml").read_text("utf-8"), re.MULTILINE)
    assert ids == ["s-001", "s-002"]


@pytest.mark.parametrize("places", ["1", "5-4", "one", "", "1.1;2.1", "1.1,,2.1", "all,1.1"])
def test_places_that_mean_nothing_are_refused_with_what_to_write(places: str, root: Path):
    proposed = propose(root.parent / "texts" / "quay.txt", root, "sudland-post")
    with pytest.raises(UsageError, match=r"write the places that stand in brackets, such as [0-9.]+,[0-9.]+, or all"):
        chosen(proposed, places)
    assert chosen(proposed, "all") == proposed.proposals


def test_the_command_writes_the_claims_and_names_what_is_open(root: Path):
    article = str(root.parent / "texts" / "quay.txt")
    first, second = (one.place for one in propose(Path(article), root, "sudland-post").proposals[:2])
    places = f"{first},{second}"
    result = CliRunner().invoke(app, ["suggest", article, "--source", "sudland-post", "--accept", places, "--priors", str(root)])
    assert result.exit_code == 0, result.output
    assert "2 claims begun, from s-001 on" in result.stdout
    assert "fields are still to be filled in: paraphrase" in result.stdout
    refused = CliRunner().invoke(app, ["suggest", article, "--accept", first, "--priors", str(root)])
    assert refused.exit_code == 2
    assert "name it with --source" in refused.stderr


def test_the_day_of_a_source_that_is_not_finished_yet_is_that_of_its_claims(root: Path):
    path = root / "sources/sudland-post.yaml"
    text = path.read_text("utf-8").replace(DEFAULTS, "")
    path.write_text(re.sub(r"^licence:.*", "licence:", text, flags=re.MULTILINE), "utf-8")
    assert "made_on: 2024-06-30" in accepted(root, 1)
    path.write_text(path.read_text("utf-8").replace("published_precision: day", "published_precision: month"), "utf-8")
    assert accepted(root, 1).count("made_on: 2024-06-30") == 1


def suggest(root: Path, *words: str):
    article = str(root.parent / "texts" / "quay.txt")
    return CliRunner().invoke(app, ["suggest", article, "--source", "sudland-post", *words, "--priors", str(root)])


def test_a_place_is_shown_and_names_the_same_sentence_when_others_are_taken(root: Path):
    shown = suggest(root).stderr
    places = re.findall(r"^\[([0-9.]+)\]", shown, re.MULTILINE)
    assert len(places) == len(set(places)) >= 3
    assert suggest(root, "--accept", places[0]).exit_code == 0
    took = suggest(root, "--accept", places[1])
    assert took.exit_code == 0
    assert f"[{places[1]}]" in took.stderr
    again = suggest(root, "--accept", places[1])
    assert "nothing was written" in again.stderr
    assert re.search(rf"{re.escape(places[1])} is covered by [\w-]+ already", again.stderr)


def test_a_place_that_cannot_be_taken_says_why_and_what_to_do_instead(root: Path):
    places = re.findall(r"\[([0-9.]+)\]", suggest(root).stderr)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    refused = suggest(root, "--accept", f"{places[0]},99.1")
    assert refused.exit_code == 2
    told = " ".join(refused.stderr.split())
    assert "nothing was written: the text has no sentence 99.1" in told
    assert f"the others alone: --accept {places[0]}" in told
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    article = root.parent / "texts" / "other.txt"
    article.write_text(ARTICLE + "The quay was bright and blue.\n", "utf-8")
    proposed = propose(article, root, "other-post")
    (dull,) = {p.place for p in proposed.proposals} ^ {f"{n}.1" for n in range(1, 6)} or {""}
    with pytest.raises(UsageError, match=r"is not proposed \('The quay was bright and blue\.") as error:
        chosen(proposed, dull)
    assert f'--text {article} --quote "The quay was bright and blue.' in str(error.value)


TERMS = {
    "Clashes between the soldiers of the two are likely in the coming twelve months.": (1.0, "in the coming twelve months"),
    "It is unlikely that the two leaders will meet this year.": (0.5, "this year"),
    "A treaty is unlikely before the end of 2024.": (0.5, "before the end of 2024"),
    "They will probably extend the mandate when it expires in September.": (0.25, "in September"),
    "A deal is likely by 1 October 2024.": (0.25, "by 1 October 2024"),
    "The state is likely to turn its back on the bloc, which it rejoined only in 2023.": None,
    "War is unlikely for as long as the court, which sat in 2019, holds.": None,
    # what looks back is no term, and the term that stands behind it is found
    "It is larger than at any time in a decade, and it will probably not be ended before 2025.": (0.5, "before 2025"),
    "It will probably be the worst drought in ten years.": None,
    "It may yet happen for the first time in a decade.": None,
    "The most likely outcome within a year is a deal.": (1.0, "within a year"),
    # a day or a year that is still to come is a term, also behind an event
    "A deal before the elections of 31 December 2024 is unlikely.": (0.5, "before the elections of 31 December 2024"),
    "A deal before the elections, which the president has set for 30 September 2024, is unlikely.": (
        0.25, "before … 30 September 2024",
    ),
    "It is unlikely that they will sign before the elections of 3 May 2023 are repeated.": None,
    "A deal is unlikely in 2024.": (0.5, "in 2024"),
    "A deal is likely in the first half of 2025.": (1.0, "in the first half of 2025"),
}


@pytest.mark.parametrize(("sentence", "expected"), TERMS.items())
def test_the_horizon_of_a_judgement_is_the_term_that_its_sentence_states(sentence: str, expected, root: Path):
    day = dt.date(2024, 6, 30)  # half of 2024 is left, and a quarter of a year to the end of September
    term = find_term(sentence, day)
    assert (term and (term.words, pytest.approx(term.years, abs=0.01))) == (expected and (expected[1], expected[0]))
    article = root.parent / "texts" / "terms.txt"
    article.write_text(sentence + "\n", "utf-8")
    begin_source(root, "terms", article)
    path = root / "sources" / "terms.yaml"
    text = re.sub(r"^published_on:.*", "published_on: 2024-06-30", path.read_text("utf-8"), flags=re.MULTILINE)
    path.write_text(re.sub(r"^published_precision:.*", "published_precision: day", text, flags=re.MULTILINE), "utf-8")
    proposed = propose(article, root, "terms")
    (stub,) = accepted_records(proposed, proposed.proposals)
    (horizon,) = [line for line in stub.splitlines() if "horizon:" in line]
    assert ("stated: true" in horizon) == bool(expected)


@pytest.mark.parametrize(
    ("sentence", "wording"),
    [
        ("If war came, Eritrea would very probably be drawn in.", "very probably"),
        ("There is a roughly even chance of renewed fighting.", "roughly even chance"),
        ("That makes a war far more likely.", "far more likely"),
    ],
)
def test_a_word_of_degree_is_part_of_the_wording(sentence: str, wording: str):
    (found,) = suggest_claims(sentence + " It is so.", {"one": ["probably", "likely"]})
    assert found.wording == wording


@pytest.mark.parametrize(
    "sentence",
    [
        "In mid-February Eritrea ordered a nationwide mobilisation of everyone under sixty, according to a human rights group.",
        "Diplomats report that Ethiopian forces rehearsed a landing of troops by air.",
        "On 11 March forces loyal to the chairman seized the town, and on 13 March they took over the radio station.",
    ],
)
def test_reported_acts_of_war_are_proposed_as_facts(sentence: str):
    (found,) = suggest_claims(sentence, published_on=dt.date(2025, 3, 28))
    assert found.kind == "fact"

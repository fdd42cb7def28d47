"""Agreement is counted on the pairs that can disagree, and every disagreement is shown with both sides."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from broken_dossiers import read_broken
from coded import coding, record

from forecasting.coding.agreement import FIELDS, agreement
from forecasting.coding.comparable import Comparable
from forecasting.dossier.claims import SeenIf
from forecasting.dossier.codings import read_as, read_coding
from forecasting.dossier.load import read_dossier


@pytest.fixture
def dossier(tmp_path: Path, project_dir: Path):
    return read_broken(
        tmp_path, project_dir, ("lexicons/plain.csv", "", "almost certain,0.85,0.92,0.96,0.98,0.995,at_least,0,Coder: mine\n"),
        ("lexicons/plain.csv", "", "may,0.1,0.2,0.4,0.5,0.6,at_least,0,Coder: mine\n"),
    )  # fmt: skip


def compare(a, b, dossier):
    return agreement(coding("one", *a), coding("two", *b), dossier, random_seed=1, n_resamples=50)


def field(found, name):
    return next(item for item in found.fields if item.field == name)


def test_kind_is_compared_on_all_pairs_and_target_where_both_see_a_claim(dossier):
    a = [record("a-001", 0, 10, "fact"), record("a-002", 20, 30, "fact", target=("pact-signed", "toll-raised")),
         record("a-003", 40, 50), record("a-004", 60, 70, "driver")]  # fmt: skip
    b = [record("b-001", 0, 10, "fact"), record("b-002", 20, 30, "judgement"), record("b-003", 40, 50, "fact"),
         record("b-004", 80, 90, "driver")]  # fmt: skip
    found = compare(a, b, dossier)
    assert (found.n_pairs, found.n_claims) == (3, 2)
    kind, target = field(found, "kind"), field(found, "target")
    assert (kind.n, kind.same) == (3, 1)
    # values fact, fact | fact, judgement | background, fact: observed 2/3; of 15 pairs of values 6 alike: expected 9/15
    assert kind.alpha == pytest.approx(1 - (2 / 3) / (9 / 15))
    assert (target.n, target.same) == (2, 1)
    # {p}, {p} | {p, t}, {p}: observed (0 + 2/3)/2 = 1/3; of six pairs of values three differ, by 2/3: expected 1/3
    assert target.alpha == pytest.approx(0.0)
    alone = [(item.a and item.a.id, item.b and item.b.id) for item in found.disagreements if not item.fields]
    assert alone == [("a-004", None), (None, "b-004")]


def test_direction_hedge_and_grade_are_compared_only_where_a_target_is_shared(dossier):
    a = [record("a-001", 0, 10, "fact"), record("a-002", 20, 30, "fact")]
    b = [record("b-001", 0, 10, "fact", direction="lowers", grade="strong"),
         record("b-002", 20, 30, "fact", target=("toll-raised",))]  # fmt: skip
    found = compare(a, b, dossier)
    assert [(item.field, item.n, item.same) for item in found.fields if item.field in ("direction", "grade")] == [
        ("direction", 1, 0), ("grade", 1, 0)
    ]  # fmt: skip
    first, second = found.disagreements
    assert first.fields == {"direction": ("for", "against"), "grade": ("weak", "strong")}
    assert second.fields["target"] == second.fields["target as read"] == ("pact-signed", "toll-raised")


def test_unlikely_to_come_and_likely_to_stay_away_argue_alike(dossier):
    read = Comparable(dossier)
    unlikely = record("a-001", 0, 10, "judgement", wording="unlikely", reads="at_most")
    stays = record("b-001", 0, 10, "judgement", wording="likely", direction="does-not-occur", reads="at_least")
    assert (read.side(unlikely), read.side(stays)) == ("against", "against")
    # medians 0.20 and 1 − 0.75: within 0.10
    assert (read.hedge(unlikely), read.hedge(stays)) == (0.20, 0.25)
    hedge = field(compare([unlikely], [stays], dossier), "hedge")
    assert (hedge.n, hedge.same) == (1, 1)


def test_a_bound_argues_in_its_own_direction_and_a_level_by_its_half(dossier):
    read = Comparable(dossier)
    assert read.side(record("a-001", 0, 10, "judgement", wording="may")) == "for"  # median 0.40, at_least in the lexicon
    assert read.side(record("a-001", 0, 10, "judgement", wording="may", reads="level")) == "against"
    assert read.side(record("a-001", 0, 10, "judgement", wording="may", direction="does-not-occur")) == "against"


def test_the_nearest_entry_stands_in_for_a_wording_without_one(dossier):
    read = Comparable(dossier)
    assert read.hedge(record("a-001", 0, 10, "judgement", wording="is quite likely to", nearest="likely")) == 0.75
    assert read.hedge(record("a-001", 0, 10, "judgement", wording="is quite likely to")) is None


def test_what_is_seen_in_both_worlds_is_compared_with_a_grade(dossier):
    read = Comparable(dossier)

    def fact(comes: str, stays_away: str):
        seen_if = SeenIf(comes=comes, stays_away=stays_away)
        return record("a-001", 0, 10, "fact", grade=None, direction=None, lexicon="plain", seen_if=seen_if)

    # ratios of medians 0.96/0.75 = 1.28, 0.75/0.20 = 3.75, 0.20/0.75 = 1/3.75; grades are 1.3, 2, 4 and 10
    assert [read.strength(fact(*words)) for words in (("almost certain", "likely"), ("likely", "unlikely"))] == ["weak", "strong"]
    assert (read.strength(fact("unlikely", "likely")), read.side(fact("unlikely", "likely"))) == ("strong", "against")


def test_what_cannot_be_judged_is_no_step_of_a_scale(dossier):
    a = [record("a-001", 0, 10, "fact", reliability="F"), record("a-002", 20, 30, "fact", credibility=6)]
    b = [record("b-001", 0, 10, "fact", reliability="B"), record("b-002", 20, 30, "fact", credibility=2)]
    found = compare(a, b, dossier)
    assert (field(found, "reliability").n, field(found, "credibility").n) == (1, 1)


def test_a_source_that_one_coder_has_not_coded_is_left_out(dossier):
    a = [record("a-001", 0, 10, "fact"), record("a-002", 0, 10, "fact", source="other")]
    found = compare(a, [record("b-001", 0, 10, "fact")], dossier)
    assert (found.n_pairs, found.disagreements) == (1, ())


def test_the_balance_of_a_theatre_is_compared_as_named_and_as_read(dossier):
    a = [record("a-001", 0, 10, "driver", target=("balance-north",)), record("a-002", 20, 30, "fact")]
    b = [record("b-001", 0, 10, "driver", direction="lowers"), record("b-002", 20, 30, "fact")]
    plain, read = (
        agreement(coding("one", *a), coding("two", *b), dossier, random_seed=1, n_resamples=20, read_as=table)
        for table in ({}, {"balance-north": "upper-hand"})
    )
    assert [(field(found, "target").same, field(found, "target as read").same) for found in (plain, read)] == [(1, 1), (1, 2)]
    assert [field(found, "direction").n for found in (plain, read)] == [1, 2]
    assert read.disagreements[0].fields == {"target": ("balance-north", "upper-hand"), "direction": ("for", "against")}


def test_a_field_says_among_which_pairs_it_is_asked():
    assert {item.among for item in FIELDS} == {"all", "claims", "shared target"}


@pytest.mark.slow
def test_the_page_says_of_kept_codings_what_is_computed(project_dir: Path):
    """Rows that name `claims` change with the dossier and are not held."""
    priors, page = project_dir / "priors", (project_dir / "docs/decisions/coding.md").read_text("utf-8")
    span = r"(-?[\d.]+) \((-?[\d.]+) to (-?[\d.]+)\)"
    rows = re.findall(rf"^\| ([\w-]+) \| ([\w-]+) \| (\d+) \| {span} \| (\d+) \| {span} \| {span} \|$", page, re.MULTILINE)
    kept = [row for row in rows if (priors / "codings" / row[1]).is_dir()]
    assert kept
    for a, b, *numbers in kept:
        one, two = (read_coding(priors / "codings" / name)[0] for name in (a, b))
        found = agreement(one, two, read_dossier(priors)[0], random_seed=0, read_as=read_as(priors))
        kind, target, as_read = (field(found, name) for name in ("kind", "target", "target as read"))
        values = [found.n_pairs, kind.alpha, *kind.interval, target.n, target.alpha, *target.interval]
        values += [as_read.alpha, *as_read.interval]
        assert [float(number) for number in numbers] == pytest.approx(values, abs=0.00501)

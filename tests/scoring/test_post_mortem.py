"""What each part of a run added to the score of what came, from tables in which every number is known."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from sample_runs import sample_run

from forecasting.rules.load import load_dossier
from forecasting.scoring.post_mortem import by_kind, gain, post_mortem, strongest


@pytest.fixture(scope="module")
def dossier():
    return load_dossier("priors")


@pytest.fixture(scope="module")
def run(dossier):
    """Two yes/no questions and one of several outcomes, the last of which is *void*; no table says anything yet."""
    whole = sample_run(dossier.edition("2024-12-syria"))
    yes_no = [one for one in whole.forecasts if len(one.outcomes) == 1][:2]
    several = next(one for one in whole.forecasts if len(one.outcomes) > 2)
    first = replace(yes_no[0], question="a", outcomes=(replace(yes_no[0].outcomes[0], base_p=0.2, prior_p=0.4, p=0.8),))
    second = replace(yes_no[1], question="b", outcomes=(replace(yes_no[1].outcomes[0], base_p=0.5, prior_p=0.25, p=0.0),))
    shares = (("x", 0.2, 0.3, 0.6), ("y", 0.3, 0.3, 0.3), ("void", 0.5, 0.4, 0.1))
    outcomes = tuple(replace(several.outcomes[0], id=i, base_p=b, prior_p=m, p=p) for i, b, m, p in shares)
    third = replace(several, question="c", outcomes=outcomes)
    empty = {name: whole.tables[name][:0] for name in ("influence", "sources", "classes")}
    return replace(whole, forecasts=(first, second, third), tables={**whole.tables, **empty})


def rows(table):
    return [(row.question, row.part, row.id, pytest.approx(row.gain)) for row in table.itertuples()]


def test_a_gain_is_the_log_of_a_ratio_and_nothing_is_taken_to_be_impossible():
    assert gain(0.4, 0.1) == pytest.approx(math.log(4))
    assert gain(0.0, 0.5) == pytest.approx(math.log(1e-4 / 0.5))
    assert gain(0.5, 0.0) == pytest.approx(math.log(0.5 / 1e-4))
    assert gain(0.0, 1e-5) == 0


def test_layers_add_what_they_moved_what_came_by(run):
    found = post_mortem(run, {"a": "yes", "b": "no", "c": "y"})
    assert list(found.columns) == ["question", "part", "id", "gain"]
    assert rows(found) == [
        ("a", "claims", "claims", math.log(2)), ("a", "history", "history", math.log(2)),
        ("b", "claims", "claims", math.log(0.75 / 0.5)), ("b", "history", "history", math.log(1 / 0.75)),
        ("c", "claims", "claims", 0.0), ("c", "history", "history", 0.0),
    ]  # fmt: skip


def test_what_is_open_or_came_to_none_of_several_outcomes_adds_nothing(run):
    assert set(post_mortem(run, {"a": "no"})["question"]) == {"a"}
    assert post_mortem(run, {"c": "void"}).empty
    assert post_mortem(run, {"c": "z"}).empty
    only = replace(run.forecasts[2], outcomes=run.forecasts[2].outcomes[1:])  # one outcome besides void has another half
    found = post_mortem(replace(run, forecasts=(only,)), {"c": "x"})
    assert found["gain"].to_list() == pytest.approx([0.0, 0.0])
    assert len(post_mortem(replace(run, forecasts=(replace(only, outcomes=only.outcomes[:1]),)), {"c": "void"})) == 2


def test_a_question_whose_answer_lists_no_outcome_adds_nothing(run):
    lacking = replace(run.forecasts[2], outcomes=())
    assert post_mortem(replace(run, forecasts=(lacking, run.forecasts[0])), {"a": "yes", "c": "x"})["question"].to_list() == [
        "a", "a"
    ]  # fmt: skip


def test_a_claim_and_a_source_are_set_against_the_answer_without_them(run):
    influence = pd.DataFrame(
        [("k-1", "a", "yes", 0.8, 0.4), ("k-1", "b", "yes", 0.2, 0.6), ("k-2", "c", "x", 0.6, 0.3), ("k-2", "c", "y", 0.3, 0.4),
         ("k-3", "", "", None, None), ("k-3", "open", "yes", 0.2, 0.4)],
        columns=["claim", "question", "outcome", "p", "p_without"],
    )  # fmt: skip
    sources = influence.rename(columns={"claim": "source"})[:1].assign(source="s-1", p_without=0.5)
    found = post_mortem(run.with_tables(influence=influence, sources=sources), {"a": "yes", "b": "no", "c": "y"})
    assert rows(found[found["part"].isin(["claim", "source"])]) == [
        ("a", "claim", "k-1", math.log(2)), ("b", "claim", "k-1", math.log(2)), ("c", "claim", "k-2", math.log(0.75)),
        ("a", "source", "s-1", math.log(0.8 / 0.5)),
    ]  # fmt: skip


def test_a_class_is_set_against_the_geometric_mean_of_its_rivals_in_the_order_of_the_run(run):
    table = pd.DataFrame(
        [("b", "strike", True, "yes", 0.4), ("b", "strike", False, "yes", 0.9), ("b", "strike", False, "yes", 0.6),
         ("a", "war", False, "yes", 0.2), ("a", "war", True, "yes", 0.4), ("a", "accord", True, "yes", 0.3),
         ("a", "accord", False, "yes", 0.0), ("a", "alone", True, "yes", 0.5), ("a", "unchosen", False, "yes", 0.5),
         ("c", "war", True, "x", 0.9), ("c", "war", False, "x", 0.1), ("c", "war", True, "y", 0.3),
         ("c", "war", False, "y", 0.6)],
        columns=["question", "event", "chosen", "outcome", "p"],
    ).assign(bound="")  # fmt: skip
    ceiling = pd.DataFrame([("a", "war", False, "yes", 0.99, "ceiling")], columns=list(table))  # nobody would have answered that
    table = pd.concat([table, ceiling], ignore_index=True)
    found = post_mortem(run.with_tables(classes=table), {"a": "yes", "b": "no", "c": "y"})
    assert rows(found[found["part"] == "class"]) == [
        ("b", "class", "strike", math.log(0.6 / math.sqrt(0.1 * 0.4))),
        ("a", "class", "war", math.log(2)),
        ("a", "class", "accord", math.log(0.3 / 1e-4)),
        ("c", "class", "war", math.log(0.5)),
    ]


def table_of(*gains, question="a", part="claim"):
    return pd.DataFrame([(question, part, name, value) for name, value in gains], columns=["question", "part", "id", "gain"])


def test_the_strongest_are_the_largest_first_and_at_least_a_hundredth():
    gains = [("d", 0.02), ("a", 0.5), ("e", 0.01), ("b", 0.3), ("h", 0.0099), ("c", 0.1), ("z", -0.01), ("y", -0.4), ("x", -0.2),
             ("w", -0.3), ("i", -0.0099)]  # fmt: skip
    others = [table_of(("q", 9.0), question="b"), table_of(("q", 9.0), part="class")]
    parts = pd.concat([table_of(*gains), *others])
    helped, harmed = strongest(parts, "a")
    assert [(one.id, one.gain) for one in helped] == [("a", 0.5), ("b", 0.3), ("c", 0.1)]
    assert [(one.id, one.gain) for one in harmed] == [("y", -0.4), ("w", -0.3), ("x", -0.2)]
    helped, harmed = strongest(parts, "a", 9)
    assert [one.id for one in helped] == ["a", "b", "c", "d", "e"]
    assert [one.id for one in harmed] == ["y", "w", "x", "z"]


def test_gains_are_summed_by_what_is_said_of_claims_the_largest_first(dossier):
    worded = [claim for claim in dossier.claims.values() if claim.wording]
    first = worded[0]
    other = next(claim for claim in worded if claim.wording != first.wording)
    bare = next(claim for claim in dossier.claims.values() if claim.kind == "fact" and claim.speaker != first.speaker)
    gains = [(other.id, -0.5), (bare.id, 0.05), (first.id, 0.1), ("no-such-claim", 3.0)]
    parts = pd.concat([table_of(*gains), table_of((first.id, 0.2), question="b"), table_of((first.id, 7.0), part="source")])
    table = by_kind(parts, dossier)
    assert list(table.columns) == ["of", "name", "n_claims", "n_questions", "total", "without_largest"]
    assert table["of"].is_monotonic_increasing
    assert list(table.index) == list(range(len(table)))
    for of, own in table.groupby("of"):
        assert own["total"].is_monotonic_decreasing, of
        assert own["total"].sum() == pytest.approx(-0.2 if of == "wording" else -0.15)
    by = {(row.of, row.name): (row.n_claims, row.n_questions, row.total) for row in table.itertuples(index=False)}
    assert {name for of, name in by if of == "source"} == {dossier.sources[one.source].title for one in (first, other, bare)}
    assert {name for of, name in by if of == "speaker"} == {one.speaker for one in (first, other, bare)}
    assert by["wording", f"{first.wording} ({first.lexicon})"] == (1, 2, pytest.approx(0.3))
    assert by["wording", f"{other.wording} ({other.lexicon})"] == (1, 1, pytest.approx(-0.5))
    assert by["kind of claim", bare.kind] == (1, 1, pytest.approx(0.05))


def test_the_claim_whose_own_sum_is_furthest_from_zero_is_left_out(dossier):
    own = [claim.id for claim in dossier.claims.values() if claim.kind == next(iter(dossier.claims.values())).kind][:3]
    parts = pd.concat([table_of((own[0], 0.4), (own[1], -0.3), (own[2], 0.1)), table_of((own[1], -0.3), question="b")])
    (row,) = by_kind(parts, dossier).query("of == 'kind of claim'").itertuples()
    assert (row.n_claims, row.n_questions, row.total, row.without_largest) == (3, 2, pytest.approx(-0.1), pytest.approx(0.5))

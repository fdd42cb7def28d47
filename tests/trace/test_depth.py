"""A trace begins with the answer and goes as deep as is asked; as data it has the numbers of the run in full."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from toy import EDITION, made_up_run, toy_dossier

from forecasting.errors import UsageError
from forecasting.trace.data import KINDS, trace_data
from forecasting.trace.trace import goes_deeper, trace_record

EVERY = ("pact-by-2025", "n-001", "norland-times", "quay-wire", "pact-signed", "pact-lowers-toll",
         "pacts-signed", "a-001", EDITION)  # fmt: skip


def test_the_answer_comes_first_and_each_level_has_more(tmp_path: Path) -> None:
    runs, dossier = [made_up_run(tmp_path)], toy_dossier()
    first, second, whole = (trace_record(runs, dossier, "pact-by-2025", depth) for depth in (1, 2, 3))
    assert whole == trace_record(runs, dossier, "pact-by-2025")
    for text in (first, second, whole):
        assert text.startswith("QUESTION pact-by-2025: ")
        assert "base rate" in text.split("CLAIMS")[0]  # the answer with what it was before claims and history
    assert len(first) < len(second) < len(whole)
    assert "EVENTS behind it" not in first
    assert "base rate pacts-signed: 6 in 40 years" in second
    assert ("rival" in second, "rival" in whole) == (False, True)
    assert ("pathway:" in second, "pathway:" in whole) == (False, True)


@pytest.mark.parametrize("record", EVERY)
def test_no_level_of_any_record_has_what_a_deeper_one_lacks(tmp_path: Path, record: str) -> None:
    runs, dossier = [made_up_run(tmp_path)], toy_dossier()
    sizes = [len(trace_record(runs, dossier, record, depth)) for depth in (1, 2, 3)]
    assert 0 < sizes[0] <= sizes[1] <= sizes[2]


@pytest.mark.parametrize("record", EVERY)
def test_that_there_is_more_is_said_where_there_is(tmp_path: Path, record: str) -> None:
    runs, dossier = [made_up_run(tmp_path)], toy_dossier()
    texts = {depth: trace_record(runs, dossier, record, depth) for depth in (1, 2, 3)}
    for depth, text in texts.items():
        assert goes_deeper(runs, dossier, record, depth, text) is (text != texts[3]), depth


@pytest.mark.parametrize("record", EVERY)
def test_data_survive_json_and_say_what_the_record_is(tmp_path: Path, record: str) -> None:
    dossier = toy_dossier()
    told = trace_data([made_up_run(tmp_path)], dossier, record)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["id"] == record
    assert told["kind"] in (*KINDS, "origin")
    assert all(found["edition"] == EDITION for found in told["editions"])


def test_numbers_of_a_question_are_those_of_its_run(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    (found,) = trace_data([run], toy_dossier(), "pact-by-2025")["editions"]
    (answer,) = found["answers"]
    assert answer["outcomes"][0]["p"] == run.forecast("pact-by-2025").outcomes[0].p
    moved = run.influence[run.influence["question"] == "pact-by-2025"]
    assert {row["claim"]: row["change"] for row in found["claims"]} == dict(zip(moved["claim"], moved["change"], strict=True))
    sizes = [abs(row["change"]) for row in found["claims"]]
    assert sizes == sorted(sizes, reverse=True)
    assert [event["event"] for event in found["events"] if event["asked"]] == ["pact-signed"]
    assert found["gate"] == run.mark.words


def test_an_id_that_nobody_knows_is_refused_as_in_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no record or origin 'n-01'; did you mean"):
        trace_data([made_up_run(tmp_path)], toy_dossier(), "n-01")

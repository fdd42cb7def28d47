"""From a run, a person and a crowd to records: what is issued, what is left out, what is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest
from ledgers import clock, outcome
from sample_runs import sample_run

from forecasting.errors import GateError, UsageError
from forecasting.forecasts import NOT_JUDGED
from forecasting.ledger.issue import Issue, Origin, issue_model
from forecasting.ledger.others import Imported, issue_import, issue_judgement
from forecasting.ledger.outcomes import distribution
from forecasting.ledger.records import MODEL
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import append, read_ledger
from forecasting.rules.load import load_dossier

ORIGIN = Origin("a" * 64, "b" * 64, "0.2.0", 7)
TODAY = dt.date(2026, 3, 1)
NOW = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def edition():
    return load_dossier("priors").edition("2026-02-outlook")


@pytest.fixture(scope="module")
def live(edition):
    return dataclasses.replace(edition, edition=edition.edition.model_copy(update={"reconstructed": None}))


@pytest.fixture(scope="module")
def forecasts(edition):
    return sample_run(edition).forecasts


def written(folder, issue: Issue) -> Standing:
    append(folder, issue.drafts, clock=clock())
    return Standing(read_ledger(folder, now=NOW).entries)


def test_every_question_is_issued_with_outcomes_that_sum_to_one(tmp_path, live, forecasts):
    issue = issue_model(forecasts, live, ORIGIN, Standing(()), TODAY)
    standing, said = written(tmp_path, issue), {forecast.question: forecast for forecast in forecasts}
    assert [entry.question for entry in standing.forecasts] == [name for name in said if name not in issue.left_out]
    for entry in standing.forecasts:
        forecast = said[entry.question]
        assert sum(share.p for share in entry.outcomes) == pytest.approx(1, abs=1e-12)
        assert (entry.forecaster, entry.standing, entry.run, entry.seed) == (MODEL, "live", ORIGIN.run, 7)
        assert entry.outcomes[0].p == pytest.approx(forecast.outcomes[0].p)
        assert entry.void_p == next((share.p for share in forecast.outcomes if share.id == "void"), 0.0)
    yes, no = standing.forecasts[0].outcomes
    assert (no.low, no.high, no.base_p) == pytest.approx((1 - yes.high, 1 - yes.low, 1 - yes.base_p))
    assert standing.forecasts[0].status_quo == "yes"  # a base is held if nothing happens


def test_what_did_not_pass_the_gate_is_never_issued(live, forecasts):
    blocked = [dataclasses.replace(forecasts[0], gate=NOT_JUDGED), *forecasts[1:]]
    with pytest.raises(GateError, match="only what passed the gate"):
        issue_model(blocked, live, ORIGIN, Standing(()), TODAY)


def test_an_answer_that_is_settled_is_left_out_with_its_reason(live, forecasts):
    sure = dataclasses.replace(forecasts[0].outcomes[0], p=1.0)
    issue = issue_model([dataclasses.replace(forecasts[0], outcomes=(sure,)), forecasts[1]], live, ORIGIN, Standing(()), TODAY)
    assert [draft["question"] for draft in issue.drafts] == [forecasts[1].question]
    assert issue.left_out == {forecasts[0].question: "settled on 2026-02-28: yes"}
    with pytest.raises(UsageError, match="nothing to issue"):
        issue_model([dataclasses.replace(forecasts[0], outcomes=(sure,))], live, ORIGIN, Standing(()), TODAY)


def test_what_nothing_would_settle_or_had_a_result_when_it_was_linked_is_left_out(live, forecasts):
    earlier = live.dossier.edition("2024-12-syria")
    asked = ("syria-ankara-ahead-2024", "ukraine-host-index-2025", "khmeimim-held-2025")
    named = [dataclasses.replace(forecasts[0], question=name) for name in asked]
    issue = issue_model(named, earlier, ORIGIN, Standing(()), TODAY)
    assert [draft["question"] for draft in issue.drafts] == ["khmeimim-held-2025"]
    assert "looked up nowhere" in issue.left_out["syria-ankara-ahead-2024"]
    assert "written together" in issue.left_out["ukraine-host-index-2025"]


def test_the_same_run_is_issued_once_and_another_one_needs_a_reason(tmp_path, live, forecasts):
    standing = written(tmp_path, issue_model(forecasts, live, ORIGIN, Standing(()), TODAY))
    again = issue_model(forecasts, live, ORIGIN, standing, TODAY)
    assert again.drafts == ()
    assert len(again.left_out) == len(forecasts)
    other = sample_run(live, seed=8).forecasts
    newer = dataclasses.replace(ORIGIN, run="e" * 64)
    with pytest.raises(UsageError, match="--correct"):
        issue_model(other, live, newer, standing, TODAY)
    corrected = issue_model(other, live, newer, standing, TODAY, reason="a claim was read the wrong way round")
    assert {draft["replaces"] for draft in corrected.drafts} == {entry.digest for entry in standing.forecasts}


def test_live_ends_a_month_after_the_as_of_date_and_late_is_after_the_deadline(edition, live, forecasts):
    def first(of, day):
        return issue_model(forecasts, of, ORIGIN, Standing(()), day).drafts[0]

    assert first(live, dt.date(2026, 3, 31))["standing"] == "live"
    late = first(live, dt.date(2026, 4, 1))
    assert (late["standing"], late["why"][:14]) == ("reconstructed", "Issued 32 days")
    assert first(edition, TODAY)["why"] == edition.edition.reconstructed
    assert not first(edition, dt.date(2030, 1, 1))["late"]  # its standing says enough


def test_a_persons_number_stands_beside_the_models(tmp_path, live):
    issue = issue_judgement(
        "border-opens-2026", {"yes": 0.3}, live, Standing(()), TODAY, by="Ann Analyst", why="the law is drafted"
    )
    (entry,) = written(tmp_path, issue).forecasts
    assert (entry.forecaster, [share.p for share in entry.outcomes]) == ("judgement:ann-analyst", [0.3, 0.7])
    assert entry.judgement == "the law is drafted"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"yes": 0.0}, "above 0"), ({"yes": 1.0}, "below 1"), ({"maybe": 0.3}, "no outcome 'maybe'"), ({}, "no probability for"),
        ({"yes": 0.4, "no": 0.5}, "sum to 0.9"), ({"yes": float("nan")}, "above 0"),
    ],
)  # fmt: skip
def test_numbers_that_are_no_distribution_are_refused(said, found):
    with pytest.raises(UsageError, match=found):
        distribution("q", said, ("yes", "no"))


def test_a_set_of_outcomes_needs_all_but_one(live):
    assert distribution("q", {"a": 0.2, "b": 0.3}, ("a", "b", "c"))["c"] == pytest.approx(0.5)
    with pytest.raises(UsageError, match="b, c"):
        distribution("q", {"a": 0.2}, ("a", "b", "c"))


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ({"by": "", "why": "a reason"}, "--by"),
        ({"by": "Ann", "why": ""}, "--why"),
        ({"by": "你好", "why": "a reason"}, "letters"),
    ],
)  # fmt: skip
def test_a_judgement_names_who_and_why(live, call, found):
    with pytest.raises(UsageError, match=found):
        issue_judgement("border-opens-2026", {"yes": 0.3}, live, Standing(()), TODAY, **call)


def test_an_unknown_question_is_refused_with_the_nearest(live):
    with pytest.raises(UsageError, match="border-opens-2026"):
        issue_judgement("border-opens-206", {"yes": 0.3}, live, Standing(()), TODAY, by="Ann", why="because")


def test_a_crowd_is_kept_under_its_name_and_never_as_the_model(tmp_path, live):
    rows = [Imported("border-opens-2026", {"yes": 0.2}), Imported("treaty-signed-2026", {"yes": 0.4})]
    issue = issue_import(rows, live, Standing(()), TODAY, forecaster="Some Market", source="https://example.org")
    assert {entry.forecaster for entry in written(tmp_path, issue).forecasts} == {"some-market"}
    with pytest.raises(UsageError, match="name the forecaster otherwise"):
        issue_import(rows, live, Standing(()), TODAY, forecaster="model", source="a page")


def outcomes_of(forecasts, question, *p, void=None):
    """Return a forecast of a question with other probabilities, and if wanted one of being void."""
    (one,) = [forecast for forecast in forecasts if forecast.question == question]
    changed = [dataclasses.replace(outcome, p=value) for outcome, value in zip(one.outcomes, p, strict=False)]
    more = [dataclasses.replace(one.outcomes[0], id="void", title="void", p=void)] if void is not None else []
    return dataclasses.replace(one, outcomes=(*changed, *more))


def test_what_is_sure_unless_it_is_void_is_settled(live, forecasts):
    name, other = forecasts[0].question, forecasts[1]
    for void in (0.0, 0.2):
        issue = issue_model([outcomes_of(forecasts, name, 1.0, void=void), other], live, ORIGIN, Standing(()), TODAY)
        assert issue.left_out == {name: "settled on 2026-02-28: yes"}
    issue = issue_model([outcomes_of(forecasts, name, 0.0, void=0.2), other], live, ORIGIN, Standing(()), TODAY)
    assert issue.left_out == {name: "settled on 2026-02-28: no"}
    (draft, _) = issue_model([outcomes_of(forecasts, name, 0.4, void=0.2), other], live, ORIGIN, Standing(()), TODAY).drafts
    assert draft["void_p"] == 0.2
    assert [share["id"] for share in draft["outcomes"]] == ["yes", "no"]


def test_of_several_outcomes_one_that_is_sure_settles_the_question(live, forecasts):
    (several,) = [one for one in forecasts if one.question == "syria-posture-2027"]
    n = len(several.outcomes)
    sure = outcomes_of(forecasts, several.question, *([0.0] * (n - 1)), 1.0)
    issue = issue_model([sure, forecasts[0]], live, ORIGIN, Standing(()), TODAY)
    assert issue.left_out == {several.question: f"settled on 2026-02-28: {several.outcomes[-1].title}"}


def test_what_is_off_by_rounding_stands_with_the_largest_and_more_is_not_repaired(live, forecasts):
    (several,) = [one for one in forecasts if one.question == "syria-posture-2027"]
    rest = [0.1] * (len(several.outcomes) - 1)
    largest = 1 - sum(rest)
    close = outcomes_of(forecasts, several.question, *rest, largest - 5e-7)
    (draft,) = issue_model([close], live, ORIGIN, Standing(()), TODAY).drafts
    assert [share["p"] for share in draft["outcomes"]] == pytest.approx([*rest, largest], abs=1e-12)
    assert [share["p"] for share in draft["outcomes"]][:-1] == rest
    off = outcomes_of(forecasts, several.question, *rest, largest - 5e-6)
    (draft,) = issue_model([off], live, ORIGIN, Standing(()), TODAY).drafts
    assert draft["outcomes"][-1]["p"] == largest - 5e-6


def test_a_correction_has_a_reason_of_three_letters(tmp_path, live, forecasts):
    standing = written(tmp_path, issue_model(forecasts[:1], live, ORIGIN, Standing(()), TODAY))
    newer = dataclasses.replace(ORIGIN, run="e" * 64)
    changed = [outcomes_of(forecasts, forecasts[0].question, 0.123)]
    with pytest.raises(UsageError, match="--correct"):
        issue_model(changed, live, newer, standing, TODAY, reason=" no ")
    (draft,) = issue_model(changed, live, newer, standing, TODAY, reason="yes").drafts
    assert draft["reason"] == "yes"


def test_another_edition_or_forecaster_corrects_nothing(tmp_path, live, forecasts):
    standing = written(tmp_path, issue_model(forecasts[:1], live, ORIGIN, Standing(()), TODAY))
    other = dataclasses.replace(live, edition=live.edition.model_copy(update={"id": "another-one"}))
    (draft,) = issue_model(forecasts[:1], other, ORIGIN, standing, TODAY).drafts
    assert "replaces" not in draft
    said = issue_judgement(forecasts[0].question, {"yes": 0.4}, live, standing, TODAY, by="Ann", why="because")
    assert "replaces" not in said.drafts[0]


def test_a_person_says_nothing_of_what_is_settled(tmp_path, live):
    entry = issue_judgement("border-opens-2026", {"yes": 0.3}, live, Standing(()), TODAY, by="Ann", why="because").drafts[0]
    came = outcome("border-opens-2026", "no", contract=entry["contract"])
    append(tmp_path, [entry, came], clock=clock())
    standing = Standing(read_ledger(tmp_path, now=NOW).entries)
    with pytest.raises(UsageError, match=r"was resolved to no \(record 2, 2026-03-01\)"):
        issue_judgement("border-opens-2026", {"yes": 0.2}, live, standing, TODAY, by="Bob", why="because")
    numbers = [Imported("border-opens-2026", {"yes": 0.2}, dt.date(2026, 2, 27))]
    (draft,) = issue_import(numbers, live, standing, TODAY, forecaster="market", source="prices").drafts
    assert (draft["standing"], draft["why"][:14]) == ("reconstructed", "Imported after")


def test_an_import_has_a_status_quo_of_its_own_day_and_a_source(live):
    held = [Imported("khmeimim-held-2026", {"yes": 0.2}, dt.date(2026, 2, 27))]
    (draft,) = issue_import(held, live, Standing(()), TODAY, forecaster="market", source="abc").drafts
    assert draft["status_quo"] == "yes"
    number = [Imported("syrians-in-turkey-2026", {}, dt.date(2026, 2, 27), ((0.1, 1.9e6), (0.5, 2e6), (0.9, 2.2e6)))]
    (draft,) = issue_import(number, live, Standing(()), TODAY, forecaster="market", source="abc").drafts
    assert "status_quo" not in draft
    assert draft["unit"] == "people"
    with pytest.raises(UsageError, match="need their source"):
        issue_import(held, live, Standing(()), TODAY, forecaster="market", source="ab ")
    with pytest.raises(UsageError, match=r"2026-03-02 is after today, 2026-03-01"):
        issue_import([Imported("khmeimim-held-2026", {"yes": 0.2}, dt.date(2026, 3, 2))], live, Standing(()), TODAY,
                     forecaster="market", source="abc")  # fmt: skip


def test_the_name_of_a_person_is_letters_and_digits_of_forty_at_most(live):
    issue = issue_judgement("border-opens-2026", {"yes": 0.3}, live, Standing(()), TODAY, by="-Ann B. " + "x" * 50, why="ab")
    named = issue.drafts[0]["forecaster"]
    assert re.fullmatch("judgement:ann-b-x{25}-[0-9a-f]{8}", named)  # what was cut is told by a part of its digest
    assert len(named) == len("judgement:") + 40

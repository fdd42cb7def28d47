"""What a new fit says otherwise than the record: beyond its noise and not within; and what of it may be corrected."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from builders import FILES, write_dossier
from ledgers import clock
from manifests import made_up_manifest
from sample_runs import sample_run

from forecasting.ledger.issue import Origin, issue_model
from forecasting.ledger.refreshed import blocked, compared, corrections, difference, due
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import append, read_ledger
from forecasting.report.refresh_text import refresh_lines, refresh_markdown
from forecasting.rules.load import load_dossier

LIVE, LATE = dt.date(2024, 7, 20), dt.date(2024, 9, 1)
OLD, NEW = Origin("a" * 64, "b" * 64, "1", 1), Origin("d" * 64, "b" * 64, "1", 1)


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory, project_dir: Path):
    return load_dossier(write_dossier(tmp_path_factory.mktemp("own"), project_dir)).edition("2024-07-ferry")


@pytest.fixture
def said(edition, tmp_path: Path) -> Standing:
    """A ledger in which the edition was issued on 2 July, live."""
    now = dt.datetime(2024, 7, 2, tzinfo=dt.UTC)
    append(tmp_path, issue_model(sample_run(edition).forecasts, edition, OLD, Standing(()), now.date()).drafts, clock=clock(now))
    return Standing(read_ledger(tmp_path).entries)


def shifted(edition, question: str, by: float, mcse: float | None = None):
    """Return the same forecasts with one answer moved."""
    def change(forecast):
        first = forecast.outcomes[0]
        moved = replace(first, p=first.p + by, mcse=first.mcse if mcse is None else mcse)
        return replace(forecast, outcomes=(moved, *forecast.outcomes[1:]))

    return tuple(change(f) if f.question == question else f for f in sample_run(edition).forecasts)


def resolved(standing: Standing, question: str, edition, tmp_path: Path) -> Standing:
    contract = next(entry.contract for entry in standing.forecasts if entry.question == question)
    outcome = {"entry": "outcome", "question": question, "contract": contract, "outcome": "yes", "on": "2024-07-10",
               "source": "A gazette", "by": "The editor"}  # fmt: skip
    append(tmp_path, [outcome], clock=clock(dt.datetime(2024, 7, 15, tzinfo=dt.UTC)))
    return Standing(read_ledger(tmp_path).entries)


def test_the_same_numbers_move_nothing(edition, said) -> None:
    found = compared(edition, sample_run(edition).forecasts, said, LIVE)
    assert (found.moved, found.n_compared, found.not_said_before) == ((), 5, ())  # yes, yes, and three scenarios


@pytest.mark.parametrize(
    ("by", "mcse", "moves"),
    [
        (0.0125, 0.0021, True),  # errors 0.0021 and 0.0021: four of √2·0.0021 = 0.0119
        (0.0115, 0.0021, False),
        (-0.0125, 0.0021, True),
        (0.032, 0.008, False),  # four of √(0.0021² + 0.008²) = 0.0331
        (0.035, 0.008, True),
    ],
)
def test_an_answer_has_moved_from_four_errors_of_the_difference(edition, said, by: float, mcse: float, moves: bool) -> None:
    found = compared(edition, shifted(edition, "pact-by-2025", by, mcse), said, LIVE)
    assert [one.question for one in found.moved] == (["pact-by-2025"] if moves else [])
    if moves:
        (one,) = found.moved
        assert one.after - one.before == pytest.approx(by, abs=1e-12)
        assert one.entry == next(said.said_of("pact-by-2025"))


def test_without_a_record_the_run_before_is_what_was_said(edition) -> None:
    before = sample_run(edition).forecasts
    now = shifted(edition, "pact-by-2025", 0.1)
    found = compared(edition, now, Standing(()), LIVE, before=before)
    assert [(one.question, one.entry) for one in found.moved] == [("pact-by-2025", None)]
    assert corrections(edition, now, found, NEW, Standing(()), LIVE, reason="why").left_out == {
        "pact-by-2025": "it was never issued: forecast issue 2024-07-ferry"
    }
    first = compared(edition, now, Standing(()), LIVE)
    assert (first.n_compared, len(first.not_said_before)) == (0, 3)


def test_only_what_moved_is_corrected_with_its_reason(edition, said) -> None:
    now = shifted(edition, "pact-by-2025", 0.1)
    found = compared(edition, now, said, LIVE)
    (draft,) = corrections(edition, now, found, NEW, said, LIVE, reason="records have changed").drafts
    first = next(said.said_of("pact-by-2025"))
    assert (draft["question"], draft["replaces"], draft["reason"]) == ("pact-by-2025", first.digest, "records have changed")
    assert (draft["as_of"], draft["edition"], draft["standing"]) == ("2024-07-01", "2024-07-ferry", "live")
    assert [share["p"] for share in draft["outcomes"]] == [now[0].outcomes[0].p, 1 - now[0].outcomes[0].p]


def test_a_live_forecast_is_not_taken_out_of_the_record_by_a_late_correction(edition, said) -> None:
    now = shifted(edition, "pact-by-2025", 0.1)
    found = compared(edition, now, said, LATE)
    issue = corrections(edition, now, found, NEW, said, LATE, reason="why it is so")
    assert issue.drafts == ()
    assert "62 days after its as-of date would not be" in issue.left_out["pact-by-2025"]
    assert replace(found, left_out=issue.left_out).open == found.moved


def test_what_is_settled_stays_as_it_was_said(edition, said, tmp_path: Path) -> None:
    standing = resolved(said, "pact-by-2025", edition, tmp_path)
    now = shifted(edition, "pact-by-2025", 0.1)
    found = compared(edition, now, standing, LIVE)
    assert [one.stays for one in found.moved] == ["settled: yes"]
    assert found.open == ()
    assert corrections(edition, now, found, NEW, standing, LIVE, reason="why").drafts == ()
    past = compared(edition, now, said, dt.date(2026, 1, 1))
    assert [one.stays for one in past.moved] == ["its deadline was 2025-12-31"]


def test_what_was_said_anew_in_a_later_edition_needs_nobody(edition, said, tmp_path: Path) -> None:
    later = {**next(said.said_of("pact-by-2025")).fields(), "edition": "2024-08-ferry", "as_of": "2024-08-01"}
    draft = {k: v for k, v in later.items() if k not in ("schema", "number", "written_at", "previous", "digest")}
    append(tmp_path, [draft], clock=clock(dt.datetime(2024, 8, 2, tzinfo=dt.UTC)))
    standing = Standing(read_ledger(tmp_path).entries)
    found = compared(edition, shifted(edition, "pact-by-2025", 0.1), standing, LATE)
    assert [one.stays for one in found.moved] == ["said anew in 2024-08-ferry"]


def test_a_question_that_is_asked_otherwise_is_not_compared(tmp_path: Path, project_dir: Path, said) -> None:
    text = FILES["questions/ferry.yaml"].replace("occurs: pact-signed, by: 2025-12-31", "occurs: pact-signed, by: 2025-06-30")
    other = load_dossier(write_dossier(tmp_path / "other", project_dir, {"questions/ferry.yaml": text})).edition("2024-07-ferry")
    found = compared(other, shifted(other, "pact-by-2025", 0.1), said, LIVE)
    assert (found.not_said_before, found.moved) == (("pact-by-2025",), ())


def test_what_differs_is_said_as_far_as_it_is_known(edition, said) -> None:
    old = made_up_manifest(edition)
    new = made_up_manifest(edition, records={"claims": "e" * 64, "history": old.records["history"]}, code="f" * 64)
    assert difference(old, new) == "records have changed (claims) and the program has changed"
    upgraded = made_up_manifest(edition, packages={"pymc": "6.5.0", "nutpie": "0.16.1"})
    assert difference(old, upgraded) == "the program has changed (pymc)"
    assert difference(old, new, said.forecasts) == "the program has changed, and the records may have"
    assert difference(old, made_up_manifest(edition, code="b" * 64), said.forecasts) == "the records have changed"
    assert difference(None, new) == ""


def test_questions_past_their_deadline_without_an_outcome_are_due(edition, said, tmp_path: Path) -> None:
    assert due(said, dt.date(2025, 12, 31)) == ()
    assert set(due(said, dt.date(2026, 1, 1))) == {"pact-by-2025", "toll-by-2025", "ferry-order-2025"}
    assert "pact-by-2025" not in due(resolved(said, "pact-by-2025", edition, tmp_path), dt.date(2026, 1, 1))


def test_the_text_has_old_and_new_number_in_words_and_says_what_stays(edition, said) -> None:
    now = shifted(edition, "pact-by-2025", 0.25)
    first, last = sample_run(edition).forecasts[0].outcomes[0], now[0].outcomes[0]
    found = replace(compared(edition, now, said, LIVE), what="records have changed (claims)", fitted=True)
    text = "\n".join(refresh_lines([found], ("toll-by-2025",), LIVE))
    assert text.startswith("Refresh of 2024-07-20: 1 answer has moved\nAll rules hold. Fitted anew: 2024-07-ferry.")
    assert f"{first.percent}, {first.words} (record 1 of 2024-07-02), now {last.percent}, {last.words}; +25.0 points" in text
    assert "Why: records have changed (claims)." in text
    assert "4 of 5 answers stay as they were" in text
    assert "forecast refresh 2024-07-ferry --issue" in text
    assert "Past their deadline, without an outcome in the ledger: toll-by-2025" in text
    page = refresh_markdown([found], (), LIVE).replace("\N{NO-BREAK SPACE}", " ")
    cells = f"{first.percent}, {first.words} (record 1 of 2024-07-02) | **{last.percent}, {last.words}** | +25.0"
    assert f"| {now[0].title} | {cells} |" in page
    quiet = refresh_markdown([compared(edition, sample_run(edition).forecasts, said, LIVE)], (), LIVE)
    assert quiet.startswith("## Refresh of 2024-07-20: no answer has moved\n\nAll rules hold. Nothing changed since the run of:")


def test_once_corrections_are_on_record_what_was_left_out_needs_somebody(edition, said) -> None:
    found = compared(edition, shifted(edition, "pact-by-2025", 0.1), said, LIVE)
    assert found.open == found.moved
    done = replace(found, recorded=(9,))
    assert done.open == ()
    assert replace(done, left_out={"pact-by-2025": "why"}).open == found.moved
    settled = tuple(replace(one, stays="settled: yes") for one in found.moved)
    assert replace(done, moved=settled, left_out={"pact-by-2025": "why"}).open == ()
    assert replace(found, moved=settled).open == ()


def test_an_edition_that_could_not_be_fitted_says_why_and_compares_nothing(edition) -> None:
    found = blocked(edition, "the records do not hold")
    assert (found.failed, found.n_compared, found.moved, found.open) == ("the records do not hold", 0, (), ())
    assert not found.fitted
    assert (found.edition, found.as_of) == ("2024-07-ferry", edition.as_of)


def test_the_numbers_of_others_and_of_other_editions_are_not_compared_with(edition, said, tmp_path: Path) -> None:
    kept = ("schema", "number", "written_at", "previous", "digest")
    base = {k: v for k, v in next(said.said_of("pact-by-2025")).fields().items() if k not in kept}
    shares = [{"id": "yes", "title": "yes", "p": 0.99}, {"id": "no", "title": "no", "p": 0.01}]
    person = {**base, "forecaster": "judgement:ann", "outcomes": shares}
    elsewhere = {**base, "edition": "2024-06-ferry", "outcomes": shares}
    append(tmp_path, [person, elsewhere], clock=clock(dt.datetime(2024, 7, 3, tzinfo=dt.UTC)))
    standing = Standing(read_ledger(tmp_path).entries)
    assert len(list(standing.said_of("pact-by-2025"))) == 3
    assert compared(edition, sample_run(edition).forecasts, standing, LIVE).moved == ()
    # neither is said later, so what moved stays open
    (one,) = compared(edition, shifted(edition, "pact-by-2025", 0.1), standing, LIVE).moved
    assert one.stays == ""


def test_what_moved_most_comes_first(edition, said) -> None:
    now = shifted(edition, "pact-by-2025", 0.1)
    further = {f.question: f for f in shifted(edition, "toll-by-2025", 0.3)}
    both = tuple(further[f.question] if f.question == "toll-by-2025" else f for f in now)
    assert [one.question for one in compared(edition, both, said, LIVE).moved] == ["toll-by-2025", "pact-by-2025"]


def test_a_correction_is_live_up_to_31_days_after_the_as_of_date(edition, said) -> None:
    now = shifted(edition, "pact-by-2025", 0.1)
    last = edition.as_of + dt.timedelta(days=31)
    assert len(corrections(edition, now, compared(edition, now, said, last), NEW, said, last, reason="why").drafts) == 1
    after = last + dt.timedelta(days=1)
    assert corrections(edition, now, compared(edition, now, said, after), NEW, said, after, reason="why").drafts == ()


def test_on_its_deadline_a_question_is_not_past_it(edition, said) -> None:
    now, deadline = shifted(edition, "pact-by-2025", 0.1), dt.date(2025, 12, 31)
    assert [one.stays for one in compared(edition, now, said, deadline).moved] == [""]


KEPT = ("schema", "number", "written_at", "previous", "digest")


def anew(entry, **changes):
    """Return the draft of a record like another, with changes."""
    return {name: value for name, value in entry.fields().items() if name not in KEPT} | changes


def test_a_number_on_record_without_an_error_is_taken_as_it_was_said(edition, said, tmp_path: Path) -> None:
    first = next(said.said_of("pact-by-2025"))
    bare = [{name: value for name, value in share.items() if name != "mcse"} for share in first.fields()["outcomes"]]
    draft = anew(first, outcomes=bare, replaces=first.digest, reason="no error was known")
    append(tmp_path, [draft], clock=clock(dt.datetime(2024, 7, 3, tzinfo=dt.UTC)))
    standing = Standing(read_ledger(tmp_path).entries)
    for by, moves in ((0.0086, True), (0.0082, False)):  # four of the new error alone, 0.0021
        assert bool(compared(edition, shifted(edition, "pact-by-2025", by), standing, LIVE).moved) is moves


def test_what_was_reconstructed_is_corrected_at_any_time_and_what_was_live_not_by_such_a_one(edition, tmp_path: Path) -> None:
    now = shifted(edition, "pact-by-2025", 0.1)
    late = dt.datetime(2024, 8, 20, tzinfo=dt.UTC)
    drafts = issue_model(sample_run(edition).forecasts, edition, OLD, Standing(()), late.date()).drafts
    append(tmp_path / "late", drafts, clock=clock(late))
    standing = Standing(read_ledger(tmp_path / "late").entries)
    assert {entry.standing for entry in standing.forecasts} == {"reconstructed"}
    found = compared(edition, now, standing, LATE)
    assert [d["question"] for d in corrections(edition, now, found, NEW, standing, LATE, reason="why").drafts] == ["pact-by-2025"]
    live = dt.datetime(2024, 7, 2, tzinfo=dt.UTC)
    drafts = issue_model(sample_run(edition).forecasts, edition, OLD, Standing(()), live.date()).drafts
    append(tmp_path / "live", drafts, clock=clock(live))
    standing = Standing(read_ledger(tmp_path / "live").entries)
    coded = tuple(replace(forecast, reconstructed="coded later") for forecast in now)
    issue = corrections(edition, coded, compared(edition, coded, standing, LIVE), NEW, standing, LIVE, reason="why")
    assert issue.drafts == ()
    assert issue.left_out["pact-by-2025"].startswith("it was said live, and a correction 19 days after")


def test_of_several_later_editions_the_last_is_named_and_one_of_the_same_day_is_none(edition, said, tmp_path: Path) -> None:
    first = next(said.said_of("pact-by-2025"))
    now = shifted(edition, "pact-by-2025", 0.1)
    same = anew(first, edition="2024-07-other")
    append(tmp_path, [same], clock=clock(dt.datetime(2024, 8, 2, tzinfo=dt.UTC)))
    assert [one.stays for one in compared(edition, now, Standing(read_ledger(tmp_path).entries), LIVE).moved] == [""]
    later = [anew(first, edition=f"2024-0{month}-ferry", as_of=f"2024-0{month}-01") for month in (8, 9)]
    append(tmp_path, later, clock=clock(dt.datetime(2024, 9, 2, tzinfo=dt.UTC)))
    found = compared(edition, now, Standing(read_ledger(tmp_path).entries), LATE)
    assert [one.stays for one in found.moved] == ["said anew in 2024-09-ferry"]


def test_what_differs_is_compared_with_every_record_on_file(edition, said) -> None:
    """Only where all of them are of the last run, or of this program, can more be said than that something may have changed."""
    old = made_up_manifest(edition)
    new = made_up_manifest(edition, records={**old.records, "claims": "e" * 64})
    of_run = tuple(entry.model_copy(update={"run": old.digest}) for entry in said.forecasts)
    assert difference(old, new, of_run) == "records have changed (claims)"
    assert difference(old, old, of_run) == "nothing but the sampler's noise differs"
    assert difference(old, new, (*of_run[:-1], said.forecasts[-1])) == "the program has changed, and the records may have"
    same = made_up_manifest(edition, code="b" * 64)
    mixed = (*said.forecasts[:-1], said.forecasts[-1].model_copy(update={"code": "9" * 64}))
    assert difference(None, same, said.forecasts) == "the records have changed"
    assert difference(None, same, mixed) == "the program has changed, and the records may have"

"""Where each rule of a ledger begins and ends: the last day, the smallest number, the first letter that is still taken."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import subprocess

import pytest
from ledger_changes import NOW, chained, lines
from ledgers import clock, fill, forecast, outcome

from forecasting.dossier.questions import Question
from forecasting.dossier.resolution import History, outcome_of
from forecasting.errors import FileError, UsageError
from forecasting.ledger import store
from forecasting.ledger.anchors import tagged_heads
from forecasting.ledger.chain import LedgerError, parse_line
from forecasting.ledger.contracts import status_quo
from forecasting.ledger.issue import asked_of
from forecasting.ledger.others import Imported, issue_import, issue_judgement
from forecasting.ledger.resolve import deciding, missing
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import HEAD, LEDGER, append, read_ledger
from forecasting.ledger.values import published_value
from forecasting.rules.load import load_dossier


@pytest.fixture(scope="module")
def dossier():
    return load_dossier("priors")


@pytest.fixture(scope="module")
def live(dossier):
    edition = dossier.edition("2026-02-outlook")
    return dataclasses.replace(edition, edition=edition.edition.model_copy(update={"reconstructed": None}))


def asked(**form):
    return Question.model_validate({"id": "q-1", "title": "Will it be so?", **form})


def test_a_line_says_two_faults_at_most_and_takes_no_number_for_a_text(tmp_path):
    fill(tmp_path, 1)
    value = json.loads(lines(tmp_path)[0])
    with pytest.raises(LedgerError) as found:
        parse_line(json.dumps({**value, "number": "1", "title": 3, "kind": 4}).encode(), "here")
    assert str(found.value).count("Input should be") == 2
    with pytest.raises(LedgerError, match="number: Input should be a valid integer"):
        parse_line(json.dumps({**value, "number": "1"}).encode(), "here")


def test_a_line_with_a_field_that_says_nothing_is_not_as_the_program_writes_it(tmp_path):
    """Its digest may fit: a record has one spelling."""
    fill(tmp_path, 1)
    (line,) = chained([{**json.loads(lines(tmp_path)[0]), "theme": ""}])
    with pytest.raises(LedgerError, match="not as this program writes it"):
        parse_line(line.rstrip(b"\n"), "here")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"void_p": 1.5}, "void_p"), ({"void_p": -0.5}, "void_p"),
        ({"outcomes": [{"id": "yes", "title": "y", "p": 0.5, "mcse": -0.1}, {"id": "no", "title": "n", "p": 0.5}]}, "mcse"),
        ({"outcomes": [{"id": "yes", "title": "y", "p": 0.5, "low": 1.5}, {"id": "no", "title": "n", "p": 0.5}]}, "low"),
        ({"forecaster": "Ann"}, "forecaster"), ({"forecaster": "a" * 65}, "forecaster"),
        ({"outcomes": [], "quantiles": [{"level": 1.0, "value": 2.0}]}, "level"),
        ({"outcomes": [], "quantiles": [{"level": 0.0, "value": 2.0}]}, "level"),
    ],
)  # fmt: skip
def test_a_field_beyond_its_bounds_is_named(tmp_path, changes, field):
    with pytest.raises(LedgerError, match=field):
        append(tmp_path, [forecast("a", **changes)], clock=clock())


def test_fields_on_their_bounds_are_taken(tmp_path):
    sure = [{"id": "yes", "title": "y", "p": 1.0, "mcse": 0.0, "low": 0.0, "high": 1.0}, {"id": "no", "title": "n", "p": 0.0}]
    drafts = [forecast("a", outcomes=sure, void_p=1.0), forecast("b", forecaster="a" * 64), outcome("a", "x")]
    first, second, came = append(tmp_path, drafts, clock=clock()).entries
    assert (first.void_p, second.void_p, second.late, came.no_report, came.outcome) == (1.0, 0.0, False, False, "x")
    assert first.fields()["schema"] == 1
    with pytest.raises(LedgerError, match="outcome: String should have at least 1 character"):
        append(tmp_path, [outcome("b", "")], clock=clock())


def test_a_draft_says_three_faults_at_most(tmp_path):
    with pytest.raises(LedgerError) as found:
        append(tmp_path, [forecast("a", title=1, kind=2, theme=3, unit=4)], clock=clock())
    assert str(found.value).count("Input should be") == 3


@pytest.mark.parametrize("name", [LEDGER, HEAD])
def test_no_record_is_written_through_a_link_that_leads_out(tmp_path, name):
    (tmp_path / "mine").touch()
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / name).symlink_to(tmp_path / "mine")
    with pytest.raises(FileError, match=f"{name}: a link that leads out of its folder"):
        append(tmp_path / "ledger", [forecast("a")], clock=clock())
    assert not (tmp_path / "mine").read_bytes()


def test_the_file_of_a_ledger_is_for_reading_and_writing_alone(tmp_path):
    mask = os.umask(0)
    os.umask(mask)
    append(tmp_path, [forecast("a")], clock=clock())
    assert (tmp_path / LEDGER).stat().st_mode & 0o777 == 0o666 & ~mask


def test_no_file_stays_open_once_a_record_is_written_or_refused(tmp_path, monkeypatch):
    opened, plain = [], os.open

    def noted(path, *arguments, **more):
        handle = plain(path, *arguments, **more)
        opened.append((str(path), handle))
        return handle

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "open", noted)
    append(tmp_path, [forecast("a")], clock=clock())
    monkeypatch.setattr(os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        append(tmp_path, [forecast("b")], clock=clock())
    monkeypatch.undo()
    own = [handle for path, handle in opened if path == str(tmp_path / LEDGER)]
    assert len(own) == 2
    for handle in own:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(handle)


def test_a_file_of_the_largest_size_is_read(tmp_path, monkeypatch):
    append(tmp_path, [forecast("a")], clock=clock())
    size = (tmp_path / LEDGER).stat().st_size
    monkeypatch.setattr(store, "MOST_BYTES", size)
    assert len(read_ledger(tmp_path, now=NOW).entries) == 1
    monkeypatch.setattr(store, "MOST_BYTES", size - 1)
    with pytest.raises(LedgerError, match="begin another folder"):
        read_ledger(tmp_path, now=NOW)


def test_a_torn_part_has_a_name_by_what_is_in_it(tmp_path):
    append(tmp_path, [forecast("a")], clock=clock())
    whole = (tmp_path / LEDGER).read_bytes()
    names = set()
    for part in (b"{", b"{", b'{"a'):
        (tmp_path / LEDGER).write_bytes(whole + part)
        aside = append(tmp_path, [], clock=clock()).set_aside
        assert aside.read_bytes() == part
        names.add(aside.name)
    assert len(names) == 2
    assert all(len(name) == len("torn-.txt") + 12 for name in names)
    assert append(tmp_path, [], clock=clock()).set_aside is None


def test_a_head_without_a_ledger_or_of_no_record_is_told_apart(tmp_path):
    (tmp_path / HEAD).write_text(json.dumps({"number": 0, "digest": "0" * 64}))
    assert append(tmp_path, [forecast("a")], clock=clock()).entries[0].number == 1
    (tmp_path / LEDGER).unlink()
    with pytest.raises(LedgerError, match="knows 1 records"):
        append(tmp_path, [forecast("a")], clock=clock())


def test_a_tag_is_named_by_its_first_letters_and_a_folder_without_git_has_none(tmp_path):
    subprocess.run(["git", "-C", str(tmp_path), "init", "-q"], check=True, capture_output=True)
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    begin = ["git", "-C", str(tmp_path), *who, "commit", "-q", "--allow-empty", "-m", "begin"]
    subprocess.run(begin, check=True, capture_output=True)
    subprocess.run(["git", "-C", str(tmp_path), "tag", f"ledger-12-{'ab' * 32}"], check=True, capture_output=True)
    ((head, place),) = tagged_heads(tmp_path / "gone" / "ledger")
    assert (head.number, head.digest, place) == (12, "ab" * 32, f"the tag ledger-12-{'ab' * 7}…")


def test_an_event_of_the_last_day_has_happened_and_two_of_one_day_have_no_order(dossier):
    came = dt.date(2023, 9, 20)
    later = dt.date(2026, 1, 1)
    for by, quo in ((came, "yes"), (came - dt.timedelta(days=1), "no")):
        assert status_quo(dossier, asked(asks={"occurs": "stepanakert-taken", "by": by}), later) == quo
    pair = ("peacekeepers-leave-early", "russia-forces-abroad-shrink")  # both of 12 June 2024
    for first, then in (pair, pair[::-1]):
        assert status_quo(dossier, asked(asks={"before": (first, then), "by": dt.date(2030, 1, 1)}), later) == "no"


def test_on_its_deadline_a_forecast_is_not_late(dossier, live):
    question = asked(asks={"occurs": "border-opens", "by": dt.date(2026, 3, 10)})
    given = {day: asked_of(question, live, dt.date(2026, 3, day)) for day in (10, 11)}
    assert [(one["late"], one["standing"], one["why"]) for one in given.values()] == [(False, "live", ""), (True, "live", "")]
    assert given[10]["status_quo"] == "no"


def imported(live, as_of, today):
    numbers = [Imported("border-opens-2026", {"yes": 0.2}, as_of)]
    (draft,) = issue_import(numbers, live, Standing(()), today, forecaster="market", source="prices").drafts
    return draft["standing"]


def test_a_number_may_be_of_today_and_of_its_deadline(live):
    end, day = dt.date(2026, 12, 31), dt.timedelta(days=1)
    assert imported(live, dt.date(2026, 3, 1), dt.date(2026, 3, 1)) == "live"
    assert imported(live, end, end) == "live"
    assert imported(live, end, end + day) == "reconstructed"
    with pytest.raises(UsageError, match="2027-01-01 is after its deadline, 2026-12-31"):
        imported(live, end + day, end + day)


def test_a_name_and_a_reason_have_two_letters_or_more(live):
    for by, why in (("A", "because"), ("Ann", "b"), ("A ", "because")):
        with pytest.raises(UsageError, match="has no --"):
            issue_judgement("border-opens-2026", {"yes": 0.3}, live, Standing(()), dt.date(2026, 3, 1), by=by, why=why)


def test_of_two_sums_of_one_period_the_larger_is_the_later_one(dossier):
    question = dossier.questions["turkstream-volume-2025"]
    (count,) = [c for c in dossier.counts if c.series == "turkstream-europe" and c.until == dt.date(2025, 12, 31)
                and c.since == dt.date(2025, 1, 1)]  # fmt: skip
    for order in ((17.5, 18.0), (18.0, 17.5)):
        both = tuple(count.model_copy(update={"value": value}) for value in order)
        other = dataclasses.replace(dossier, counts=both)
        assert published_value(other, question, "from-17", dt.date(2026, 3, 1)) == 18.0
    shifted = count.model_copy(update={"since": dt.date(2025, 1, 2)})
    assert published_value(dataclasses.replace(dossier, counts=(shifted,)), question, "from-17", dt.date(2026, 3, 1)) is None


TODAY = dt.date(2026, 11, 29)


def test_what_is_known_today_decides_today_and_not_the_day_before(dossier):
    question, day = dossier.questions["peacekeepers-leave-2025"], dt.date(2024, 6, 12)
    (row,) = [row for row in dossier.history if row.event == "peacekeepers-leave-early" and row.what == "occurred"]
    assert deciding(dossier, question, "yes", day) == (day, [row.source], False)
    assert outcome_of(dossier, question, day - dt.timedelta(days=1)) is None


def test_one_row_that_is_no_full_confirmation_is_enough_to_say_so(dossier):
    """Of two events that did not come about, one is known of in part only; of the offensive nothing else is known then."""
    on, sources, partly = deciding(dossier, dossier.questions["us-ends-sdf-support-2025"], "no", TODAY)
    assert (on, partly) == (dt.date(2025, 12, 31), True)
    events = ("us-ends-sdf-partnership", "us-ends-sdf-support")
    assert {row.status for row in dossier.history if row.source in sources and row.event in events} == {"confirmed", "partly"}
    (row,) = [row for row in dossier.history if row.event == "turkish-offensive-northeast" and row.on == dt.date(2026, 1, 15)]
    assert row.status == "partly"
    assert deciding(dossier, dossier.questions["turkish-offensive-2025"], "no", TODAY)[1:] == ([row.source], True)


def test_an_outcome_by_counts_has_the_last_count_for_its_source_and_one_of_an_index_its_result(dossier):
    for name, series in (("turkstream-volume-2025", "turkstream-europe"), ("syrians-in-turkey-2025", "syrians-in-turkey")):
        question = dossier.questions[name]
        on, sources, partly = deciding(dossier, question, outcome_of(dossier, question, TODAY), TODAY)
        first = next(day for day in sorted({c.published_on for c in dossier.counts}) if outcome_of(dossier, question, day))
        own = [c for c in dossier.counts if c.series == series and c.published_on <= first]
        assert sources == [max(own, key=lambda c: c.published_on).source]
        assert (on, partly) == (question.deadline, False)
        assert first > question.deadline
    index = dossier.questions["ukraine-host-index-2025"]
    result = index.form.stated.result
    assert deciding(dossier, index, "high", TODAY) == (min(result.known_on, index.deadline), [result.source], False)


def test_what_is_missing_names_each_event_once_with_the_day_up_to_which_it_is_known(dossier):
    question = dossier.questions["turkish-troops-2025"]
    said = missing(dossier, question, TODAY)
    history = History(dossier, TODAY)
    unknown = {name for name, day in question.leaves() if history.happened(name, day).value is None}
    assert unknown
    for name in question.events():
        assert said.count(dossier.events[name].title) == int(name in unknown)
    assert said.startswith("no row of the history says what became of: ")
    assert said.count("known up to") == len(unknown)

"""The day of an outcome: which is too early for it, and how many forecasts it takes out of the score."""

from __future__ import annotations

import datetime as dt

import pytest
from ledgers import clock, forecast, outcome

from forecasting.errors import UsageError
from forecasting.ledger.contracts import contract_digest
from forecasting.ledger.early import taken_out, waits
from forecasting.ledger.outcomes import outcome_titles
from forecasting.ledger.resolve import resolve
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import append, read_ledger
from forecasting.rules.load import load_dossier

TODAY = dt.date(2026, 11, 29)
AS_OF = dt.date(2024, 12, 13)


@pytest.fixture(scope="module")
def dossier():
    return load_dossier("priors")


def resolved(folder, dossier, name, came, on, earlier=(), **more):
    asked = dossier.questions[name]
    shares = [{"id": o, "title": o, "p": 1 / len(outcome_titles(asked))} for o in outcome_titles(asked)]
    said = {"as_of": AS_OF.isoformat(), "deadline": asked.deadline.isoformat(), "outcomes": shares, "status_quo": None}
    late = {"standing": "reconstructed", "why": "coded later"}
    drafts = [forecast(name, contract=contract_digest(dossier, asked), kind=asked.form.kind, **said, **late)]
    drafts += [forecast(name, contract="d" * 64, **{**said, "as_of": day}, **late) for day in earlier]
    append(folder, drafts, clock=clock(dt.datetime(2026, 11, 1, tzinfo=dt.UTC)))
    given = {"source": "A gazette", "by": "Ann", "today": TODAY}
    return resolve(dossier, Standing(read_ledger(folder).entries), name, came, on=dt.date.fromisoformat(on), **given, **more)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("border-opens-2026", {"yes": False, "no": True}),
        ("khmeimim-held-2025", {"yes": True, "no": False}),
        ("armenia-turkey-normalisation-2025", {"none": True, "border-opens": True, "relations-established": False}),
        ("refugees-return-million-2025", {"yes": False, "no": True}),
        ("monitoring-centre-closes-2025", {"yes": False, "no": True, "void": False, "ambiguous": False}),
        ("ukraine-host-index-2026", {"low": True, "neither": True, "high": True}),
    ],
)
def test_what_can_still_change_waits_for_the_deadline(dossier, name, kept):
    assert {came: waits(dossier.questions[name], came) for came in kept} == kept


@pytest.mark.parametrize(
    ("name", "came", "on", "found"),
    [
        ("treaty-signed-2025", "no", "2025-01-10", "write --on 2025-12-31, or why it was certain before: add --why"),
        ("khmeimim-held-2025", "yes", "2025-12-30", "before its deadline 2025-12-31"),
        ("turkstream-volume-2025", "from-17", "2025-06-01", "before its deadline"),
        ("khmeimim-held-2025", "no", "2024-12-12", "is before 2024-12-13, the first as-of date of its forecasts"),
        ("khmeimim-held-2025", "ambiguous", "2024-12-12", "takes all of them out of scoring"),
        ("treaty-signed-2025", "yes", "1990-01-01", "before its question opens on"),
    ],
)
def test_a_day_that_is_too_early_is_refused(tmp_path, dossier, name, came, on, found):
    with pytest.raises(UsageError, match=found):
        resolved(tmp_path, dossier, name, came, on)


@pytest.mark.parametrize(
    ("name", "came", "on"),
    [
        ("treaty-signed-2025", "yes", "2025-01-10"), ("treaty-signed-2025", "no", "2025-12-31"),
        ("khmeimim-held-2025", "no", "2025-01-10"), ("khmeimim-held-2025", "yes", "2025-12-31"),
        ("turkstream-volume-2025", "from-17", "2025-12-31"), ("armenia-turkey-normalisation-2025", "none", "2025-12-31"),
        ("khmeimim-held-2025", "ambiguous", "2025-01-10"),
        ("mandate-renewed-2025", "no", "2024-12-20"),  # the history settles it: the peacekeepers had left
    ],
)  # fmt: skip
def test_usual_days_are_taken(tmp_path, dossier, name, came, on):
    draft = resolved(tmp_path, dossier, name, came, on)
    assert (draft["outcome"], draft["on"], draft["note"]) == (came, on, "")


def test_an_early_day_with_a_reason_keeps_it(tmp_path, dossier):
    draft = resolved(tmp_path, dossier, "treaty-signed-2025", "no", "2025-01-10", why="one of the two states ended", note="Late.")
    assert draft["note"] == "Late. Certain before its deadline: one of the two states ended"


def test_what_was_forecast_under_another_contract_makes_no_day_late_enough(tmp_path, dossier):
    with pytest.raises(UsageError, match="is before 2024-12-13, the first as-of date of its forecasts"):
        resolved(tmp_path, dossier, "khmeimim-held-2025", "no", "2024-12-12", earlier=["2024-11-01"])


def test_what_a_day_takes_out_is_counted_of_its_contract(tmp_path):
    late = {"standing": "reconstructed", "why": "coded later"}
    drafts = [forecast("a", as_of=f"2026-01-{day:02}", forecaster=f"market-{day}", **late) for day in (5, 10, 15)]
    drafts.append(forecast("a", contract="d" * 64))
    append(tmp_path, [*drafts, outcome("a", on="2026-01-10")], clock=clock())
    standing = Standing(read_ledger(tmp_path).entries)
    came = standing.outcomes["a"]
    assert taken_out(standing, came) == (2, 3)
    assert taken_out(standing, came.model_copy(update={"on": dt.date(2026, 2, 1)})) == (0, 3)

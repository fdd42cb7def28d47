"""What became of a question: what is taken, what is refused, and what follows from the dossier's history."""

from __future__ import annotations

import datetime as dt

import pytest
from ledgers import clock
from sample_runs import sample_run

from forecasting.dossier.resolution import outcome_of
from forecasting.errors import UsageError
from forecasting.ledger.contracts import contract_digest, status_quo
from forecasting.ledger.issue import Origin, issue_model
from forecasting.ledger.resolve import deciding, missing, resolve, settled_by_history
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import append, read_ledger
from forecasting.rules.load import load_dossier

TODAY = dt.date(2026, 11, 29)
NOW = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def dossier():
    return load_dossier("priors")


@pytest.fixture(scope="module")
def standing(dossier, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger")
    edition = dossier.edition("2020-11-karabakh")
    drafts = issue_model(sample_run(edition).forecasts, edition, Origin("a" * 64, "b" * 64, "0", 1), Standing(()), TODAY).drafts
    append(folder, drafts, clock=clock(NOW))
    return Standing(read_ledger(folder, now=NOW).entries)


def said(**changes):
    return {"on": dt.date(2023, 9, 19), "source": "A gazette", "by": "Ann", "today": TODAY} | changes


def test_an_outcome_settles_the_contract_that_was_forecast(dossier, standing):
    draft = resolve(dossier, standing, "ceasefire-holds-2025", "no", **said())
    assert draft["contract"] == contract_digest(dossier, dossier.questions["ceasefire-holds-2025"])
    assert (draft["outcome"], draft["on"]) == ("no", "2023-09-19")


@pytest.mark.parametrize(
    ("question", "outcome", "changes", "found"),
    [
        ("border-opens-2026", "yes", {}, "nothing was forecast"),
        ("ceasefire-holds-225", "yes", {}, "ceasefire-holds-2025"),
        ("ceasefire-holds-2025", "maybe", {}, "yes, no, void, ambiguous"),
        ("ceasefire-holds-2025", "no", {"on": dt.date(2027, 1, 1)}, "still to come"),
        ("ceasefire-holds-2025", "no", {"on": dt.date(2026, 1, 1)}, "after its deadline"),
    ],
)
def test_what_cannot_be_is_refused(dossier, standing, question, outcome, changes, found):
    with pytest.raises(UsageError, match=found):
        resolve(dossier, standing, question, outcome, **said(**changes))


def test_a_contract_that_was_reworded_is_not_resolved(dossier, standing):
    import dataclasses
    from types import MappingProxyType

    event = dossier.events["karabakh-fighting-resumes"]
    eased = event.model_copy(update={"resolution": event.resolution.model_copy(update={"counts": "Any shot is fired."})})
    other = dataclasses.replace(dossier, events=MappingProxyType({**dossier.events, event.id: eased}))
    with pytest.raises(UsageError, match="its contract has changed"):
        resolve(other, standing, "ceasefire-holds-2025", "no", **said())


def test_a_second_outcome_needs_a_reason_and_replaces_the_first(dossier, standing, tmp_path):
    folder = tmp_path / "ledger"
    edition = dossier.edition("2020-11-karabakh")
    drafts = issue_model(sample_run(edition).forecasts, edition, Origin("a" * 64, "b" * 64, "0", 1), Standing(()), TODAY).drafts
    append(folder, drafts, clock=clock(NOW))
    append(folder, [resolve(dossier, standing, "ceasefire-holds-2025", "yes", **said(why="a misreading"))], clock=clock(NOW))
    now = Standing(read_ledger(folder, now=NOW).entries)
    with pytest.raises(UsageError, match="--correct"):
        resolve(dossier, now, "ceasefire-holds-2025", "no", **said())
    append(folder, [resolve(dossier, now, "ceasefire-holds-2025", "no", **said(correct="a misreading"))], clock=clock(NOW))
    assert Standing(read_ledger(folder, now=NOW).entries).outcomes["ceasefire-holds-2025"].outcome == "no"


def test_the_history_settles_what_the_resolver_says_it_settles(dossier, standing):
    drafts = {draft["question"]: draft for draft in settled_by_history(dossier, standing, by="Ann", today=TODAY)}
    asked = [dossier.questions[name] for name in dossier.editions["2020-11-karabakh"].questions]
    assert {name: draft["outcome"] for name, draft in drafts.items()} == {
        q.id: outcome for q in asked if (outcome := outcome_of(dossier, q, TODAY)) is not None
    }
    fallen = drafts["stepanakert-taken-2025"]
    assert fallen["on"] == "2023-09-20"
    assert fallen["source"].startswith("bne IntelliNews")


def test_the_sources_are_those_without_which_it_would_not_follow(dossier):
    on, sources, partly = deciding(dossier, dossier.questions["peacekeepers-leave-2025"], "yes", TODAY)
    assert (on, len(sources), partly) == (dt.date(2024, 6, 12), 1, False)
    held = dossier.questions["khmeimim-held-2025"]
    assert deciding(dossier, held, "yes", TODAY)[0] == held.deadline


def test_what_is_missing_is_said(dossier):
    assert "known up to 2020-11-10" in missing(dossier, dossier.questions["turkish-troops-2025"], TODAY)
    assert missing(dossier, dossier.questions["border-opens-2027"], TODAY) == "its deadline is 2027-12-31"


def test_the_status_quo_is_the_outcome_if_nothing_happens(dossier):
    def quo(question, day):
        return status_quo(dossier, dossier.questions[question], day)

    assert quo("khmeimim-held-2025", dt.date(2024, 12, 13)) == "yes"
    assert quo("treaty-signed-2025", dt.date(2024, 12, 13)) == "no"
    assert quo("stepanakert-taken-2025", dt.date(2023, 10, 1)) == "yes"  # it had happened


def test_a_note_or_a_theme_leaves_the_contract_and_another_deadline_does_not(dossier):
    question = dossier.questions["khmeimim-held-2025"]
    same = question.model_copy(update={"note": "A new note.", "theme": "Another theme", "why_it_matters": "x"})
    assert contract_digest(dossier, same) == contract_digest(dossier, question)
    assert contract_digest(dossier, dossier.questions["khmeimim-held-2026"]) != contract_digest(dossier, question)

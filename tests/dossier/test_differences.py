"""Two editions are taken apart without a rest, and put together again from any of the parts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toy import toy_dossier, toy_edition

from forecasting.dossier.differences import PARTS, differences
from forecasting.dossier.edition import EditionDossier, select_edition
from forecasting.dossier.events import HistoryRow
from forecasting.dossier.interpolate import mixed, states
from forecasting.dossier.load import read_dossier
from forecasting.dossier.status import Status, statuses
from forecasting.errors import UsageError

EARLY, LATE = dt.date(2024, 7, 1), dt.date(2024, 9, 30)


def row(on: str, event: str, what: str, ratio: float | None = None) -> HistoryRow:
    return HistoryRow(on=on, event=event, what=what, likelihood_ratio=ratio, source="Test Gazette", status="confirmed")


def toy(
    as_of: dt.date = LATE, history: tuple[HistoryRow, ...] = (), without: tuple[str, ...] = (), claims: dict | None = None,
    asked: tuple[str, ...] = toy_edition().edition.questions, **tables: dict,
) -> EditionDossier:  # fmt: skip
    """Return the toy's edition at a date, with more history, fewer claims, other records, and perhaps fewer questions."""
    dossier = toy_dossier()
    table = {name: claim for name, claim in dossier.claims.items() if name not in without} | (claims or {})
    changed = {name: MappingProxyType({**getattr(dossier, name), **records}) for name, records in tables.items()}
    rows = tuple(sorted((*dossier.history, *history), key=lambda one: one.on))
    made = replace(dossier, claims=MappingProxyType(table), history=rows, **changed)
    return select_edition(made, toy_edition().edition.model_copy(update={"as_of": as_of, "questions": asked}))


def changed_claim(name: str, **fields: object):
    return toy_dossier().claims[name].model_copy(update=fields)


SURVIVED = row("2024-09-29", "pact-signed", "survived")
OCCURRED = row("2024-08-10", "toll-raised", "occurred")
SIGNAL = row("2024-08-20", "quay-closed", "signal", 2.0)
REGRADED = {"n-001": changed_claim("n-001", wording="unlikely")}
WEAKER = {"pact-lowers-toll": toy_dossier().effects["pact-lowers-toll"].model_copy(update={"grade": "weak"})}


def same(one: EditionDossier, other: EditionDossier) -> bool:
    names = ("questions", "events", "effects", "drivers", "claims", "history")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def test_every_record_belongs_to_one_part() -> None:
    after = toy(history=(SURVIVED, OCCURRED, SIGNAL), without=("n-020",), claims=REGRADED, effects=WEAKER)
    found = differences(toy(EARLY), after)
    assert dict(found.behind) == {
        "time": ("pact-signed open until 2024-09-29 instead of 2024-06-30",
                 "toll-raised open until 2024-08-09 instead of 2024-06-30"),
        "no-news": ("2024-09-29 pact-signed survived",),
        "news": ("2024-08-10 toll-raised occurred", "2024-08-20 quay-closed signal"),
        "claims": ("without n-020",),
        "regrades": ("n-001",),
        "model": ("effect pact-lowers-toll",),
    }  # fmt: skip
    assert found.parts == PARTS
    assert found.questions == toy_edition().questions
    assert not found.skipped


CHANGES = {
    "no-news": {"history": (SURVIVED,)},
    "news": {"history": (OCCURRED, SIGNAL)},
    "claims": {"without": ("n-020", "n-010")},
    "regrades": {"claims": REGRADED},
    "model": {"effects": WEAKER},
}


def changed(parts: frozenset[str], as_of: dt.date = LATE) -> EditionDossier:
    made: dict = {"history": ()}
    for part in sorted(parts - {"time"}):
        for name, value in CHANGES[part].items():
            made[name] = (*made["history"], *value) if name == "history" else value
    return toy(as_of, **made)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.sampled_from(sorted(CHANGES))), st.sets(st.sampled_from(PARTS)))
def test_what_lies_between_has_just_the_parts_that_are_taken_over(changes: set[str], parts: set[str]) -> None:
    found = differences(toy(EARLY), changed(frozenset(changes)))
    got = mixed(found, frozenset(parts))
    assert same(got, changed(frozenset(changes & parts)))
    assert not found.parts or set(found.parts) - {"time"} == changes
    later = changed(frozenset(changes)) if "time" in parts else toy(EARLY)
    if not changes & {"news"}:
        assert states(found, got, frozenset(parts)) == statuses(later)


def test_an_event_that_happened_is_open_until_the_day_before_as_long_as_that_is_not_known() -> None:
    found = differences(toy(EARLY), toy(history=(OCCURRED,)))
    toll = toy_edition().event_ids.index("toll-raised")

    def state(*parts: str) -> Status:
        chosen = frozenset(parts)
        return states(found, mixed(found, chosen), chosen)[toll]

    assert state() == Status("toll-raised", None, dt.date(2024, 6, 30))
    assert state("time") == Status("toll-raised", None, dt.date(2024, 8, 9))
    assert state("news") == state("time", "news") == Status("toll-raised", dt.date(2024, 8, 10), dt.date(2024, 8, 10))


def test_a_claim_with_a_successor_is_a_regrade_and_other_words_for_it_are_none() -> None:
    after = toy(claims={"n-901": changed_claim("n-001", id="n-901", supersedes="n-001", wording="unlikely")})
    found = differences(toy(EARLY), after)
    assert found.behind["regrades"] == ("n-901 for n-001",)
    assert found.behind["claims"] == ()
    before, now = ({claim.id for claim in mixed(found, parts).claims} for parts in (frozenset(), frozenset({"regrades"})))
    assert before - now == {"n-001"}
    assert now - before == {"n-901"}
    reworded = {"n-001": changed_claim("n-001", paraphrase="The pact will probably come.", note="read again")}
    assert differences(toy(EARLY), toy(claims=reworded)).parts == ()


def test_an_effect_comes_in_with_the_claim_it_rests_on_and_a_condition_with_its_effect() -> None:
    # pact-lowers-toll cites n-002 alone
    found = differences(toy(EARLY, without=("n-002",)), toy())
    assert found.parts == ("claims",)
    effects = [{effect.id for effect in mixed(found, parts).effects} for parts in (frozenset(), frozenset({"claims"}))]
    assert effects[1] - effects[0] == {"pact-lowers-toll"}
    given_pact = changed_claim("n-002", id="n-777", target={"event": ("toll-raised",), "given": {"pact-signed": False}})
    given_pact = type(given_pact).model_validate(given_pact.model_dump(warnings=False))
    effect = toy_dossier().effects["pact-lowers-toll"].model_copy(update={"claims": ()})
    elsewhere = effect.model_copy(update={"from_": "deadline-kept"})
    before = toy(EARLY, without=("n-002",), effects={"pact-lowers-toll": elsewhere})
    after = toy(without=("n-002",), claims={"n-777": given_pact}, effects={"pact-lowers-toll": effect})
    found = differences(before, after)
    assert set(found.parts) == {"claims", "model"}
    known = {parts: "n-777" in {claim.id for claim in mixed(found, frozenset(parts)).claims}
             for parts in (("claims",), ("model",), ("claims", "model"))}  # fmt: skip
    assert known == {("claims",): False, ("model",): False, ("claims", "model"): True}


def test_a_question_that_could_not_have_been_asked_is_named_with_the_reason() -> None:
    pact = toy_dossier().events["pact-signed"].model_copy(update={"opens_on": dt.date(2024, 8, 1)})
    sooner = toy_dossier().questions["quay-by-2025"].asks.model_copy(update={"by": dt.date(2025, 6, 30)})
    asked = {"quay-by-2025": toy_dossier().questions["quay-by-2025"].model_copy(update={"asks": sooner})}
    skipped = differences(toy(EARLY), toy(questions=asked)).skipped
    assert dict(skipped) == {"quay-by-2025": "it was asked in another form"}
    early = toy(EARLY, events={"pact-signed": pact}, asked=("quay-by-2025",))
    late = differences(early, toy(events={"pact-signed": pact}))
    assert late.skipped["pact-by-2025"] == "pact-signed opened only on 2024-08-01"
    assert {question.id for question in late.questions}.isdisjoint(late.skipped)


def test_editions_in_the_wrong_order_or_without_a_common_question_are_refused(project_dir) -> None:
    with pytest.raises(UsageError, match="name the earlier edition first"):
        differences(toy(), toy(EARLY))
    dossier, _ = read_dossier(project_dir / "priors")
    late = {"pact-signed": toy_dossier().events["pact-signed"].model_copy(update={"opens_on": LATE})}
    early = toy(EARLY, events=late, asked=("quay-by-2025",))
    with pytest.raises(UsageError, match="no question of 2024-07-ferry can be asked of 2024-07-ferry"):
        differences(early, toy(events=late, asked=("pact-by-2025",)))
    found = differences(dossier.edition("2024-12-syria"), dossier.edition("2026-02-outlook"))
    assert found.parts == ("time", "no-news", "news", "model")  # the ban of eu-gas-ban became law in between
    whole = frozenset(found.parts)
    assert same(mixed(found, whole), found.after)
    assert states(found, mixed(found, whole), whole) == statuses(found.after)

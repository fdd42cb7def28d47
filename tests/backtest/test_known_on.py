"""What an edition asks and knows on another day than its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest
from refits import DAY, EDITION
from toy import toy_dossier

from forecasting.backtest.known_on import known_on
from forecasting.backtest.variants import Variant, variants
from forecasting.dossier.edition import Dossier
from forecasting.dossier.events import HistoryRow
from forecasting.errors import UsageError


def on(dossier: Dossier, day: dt.date):
    return known_on(dossier, dossier.editions[EDITION], day)


def with_rows(*rows: tuple[str, str, str]) -> Dossier:
    more = [HistoryRow(on=day, event=event, what=what, source="made up", status="confirmed") for day, event, what in rows]
    return replace(toy_dossier(), history=(*toy_dossier().history, *more))


def test_on_its_own_day_an_edition_asks_and_knows_what_it_does():
    found = on(toy_dossier(), DAY)
    own = toy_dossier().edition(EDITION)
    assert (found.edition.questions, found.answered, found.left_out) == (own.edition.questions, {}, {})
    seen = found.select(toy_dossier())
    assert (seen.claims, seen.history, seen.events, seen.effects) == (own.claims, own.history, own.events, own.effects)


def test_a_question_is_asked_until_it_is_answered_or_over():
    dossier = with_rows(("2024-10-01", "toll-raised", "occurred"), ("2025-03-31", "deadline-kept", "survived"))
    before, after = on(dossier, dt.date(2024, 9, 30)), on(dossier, dt.date(2024, 10, 1))
    assert "toll-by-2025" in before.edition.questions
    assert after.answered == {"toll-by-2025": "yes", "trouble-2025": "yes"}
    over = on(dossier, dt.date(2026, 1, 1))
    assert over.left_out["pact-by-2025"] == "its deadline was 2025-12-31"
    assert over.edition.questions == ("ferry-stages-2026",)


def test_a_date_that_passed_without_an_outcome_in_the_history_leaves_out_what_rests_on_it():
    found = on(toy_dossier(), dt.date(2025, 4, 1))
    reason = "deadline-kept was due on 2025-03-31, and the history up to 2025-04-01 does not say what came of it"
    assert found.left_out["ferry-stages-2026"] == reason
    assert "pact-by-2025" in found.edition.questions


def test_before_it_opens_an_event_cannot_be_asked_about_and_before_it_appears_a_source_says_nothing():
    found = on(toy_dossier(), dt.date(2023, 12, 31))
    assert found.left_out["pact-by-2025"] == "pact-signed opens on 2024-01-01"
    assert on(toy_dossier(), dt.date(2024, 6, 30)).edition.sources == ()


def test_a_source_whose_date_is_vague_says_nothing_until_it_has_certainly_appeared_or_the_edition_names_it():
    record = toy_dossier().sources["norland-times"]
    vague = record.model_copy(update={"published_on": dt.date(2024, 6, 1), "published_precision": "month"})
    dossier = replace(toy_dossier(), sources=MappingProxyType({vague.id: vague}))
    assert on(dossier, dt.date(2024, 6, 15)).edition.sources == ()
    assert on(dossier, DAY).edition.sources == (vague.id,)


def test_a_class_that_was_only_counted_later_is_not_known():
    found = on(toy_dossier(), dt.date(2024, 7, 1))
    assert not found.left_out
    rows = {
        name: tuple(row.model_copy(update={"counted_until": dt.date(2024, 12, 31)}) for row in own)
        for name, own in toy_dossier().dated_rows.items()
    }
    late = replace(
        toy_dossier(), dated_rows=MappingProxyType(rows),
        reference_classes=MappingProxyType({name: own[-1] for name, own in rows.items()}),
    )  # fmt: skip
    assert on(late, DAY).left_out["pact-by-2025"].startswith("no row of the class pacts-signed was counted by 2024-07-01")


def test_a_claim_about_a_world_goes_with_the_effect_that_joins_it_to_its_event(project_dir):
    from forecasting.rules.load import load_dossier

    dossier = load_dossier(project_dir / "priors")
    edition = dossier.editions["2024-12-syria"]
    found = known_on(dossier, edition, edition.as_of)
    full, bare = found.select(dossier), found.select(Variant("without-effects").records(dossier))
    assert full.claims == dossier.edition(edition.id).claims
    gone = {claim.id for claim in full.claims} - {claim.id for claim in bare.claims}
    assert gone
    assert all(dossier.claims[name].target.given for name in gone)
    joined = {(effect.from_, effect.to) for effect in bare.effects}
    kept = [claim for claim in bare.claims if set(claim.target.event or ()) & set(bare.event_ids)]
    assert all((cause, event) in joined for claim in kept for event in claim.target.event for cause in claim.target.given)


def test_variants_are_those_that_change_something(project_dir):
    from forecasting.rules.load import load_dossier

    edition = load_dossier(project_dir / "priors").edition("2024-12-syria")
    names = [one.id for one in variants("all", edition)]
    assert names[:4] == ["all-evidence", "without-claims", "without-effects", "without-history"]
    assert len(names) > 4
    assert all(name.startswith("lexicon:") for name in names[4:])
    lexicon = names[4].removeprefix("lexicon:")
    read = Variant(names[4]).records(edition.dossier)
    moved = [name for name, claim in read.claims.items() if claim != edition.dossier.claims[name]]
    assert moved
    assert all(read.claims[name].lexicon == lexicon for name in moved)


@pytest.mark.parametrize(
    ("name", "message"),
    [("without-claim", "without-claims"), ("lexicon:plain", "lists no wording"), ("lexicon:nowhere", "no such variant")],
)
def test_an_unknown_variant_names_the_near_ones(name, message):
    with pytest.raises(UsageError, match=message):
        variants(name, toy_dossier().edition(EDITION))

"""The world that a judgement speaks of: its event and day, and which causes it takes as given, as gone, or as still open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats
from toy import toy_edition

from forecasting.dossier.claims import Claim, Target
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.effects import Effect
from forecasting.dossier.events import HistoryRow, Occasion
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.claim_rows import ClaimRows, build_claim_rows, judgement_claims
from forecasting.models.network.likelihood import log_reading
from forecasting.models.network.readings import ReadingErrors, Readings
from forecasting.models.network.rows import World
from forecasting.models.network.structure import Structure, build_structure

MADE = dt.date(2024, 7, 1)


def happened(event: str, on: dt.date) -> HistoryRow:
    return HistoryRow(on=on, event=event, what="occurred", source="Test Gazette", status="confirmed")


def judgement(events: tuple[str, ...], given: dict[str, bool] | None = None, **more: Any) -> Claim:
    """Return the judgement that something is likely within a year, about other events than in the records."""
    claim = next(claim for claim in toy_edition().claims if claim.id == "n-001")
    return claim.model_copy(update={"target": Target(event=events, given=given or {}), **more})


def read(
    event: str, given: dict[str, bool] | None = None, *, made_on: dt.date = MADE, history: tuple[HistoryRow, ...] = (),
    effects: tuple[Effect, ...] = (), years: float = 1.0, occasions: tuple[Occasion, ...] = (), **more: Any,
) -> tuple[Structure, ClaimRows]:  # fmt: skip
    """Return the structure and the row of one judgement about an event."""
    edition = toy_edition()
    claim = judgement((event,), given, made_on=made_on)
    claim = claim.model_copy(update={"horizon": claim.horizon.model_copy(update={"years": years})})
    others = tuple(one for one in edition.effects if one.id not in {effect.id for effect in effects})
    happened_to = {row.event for row in history}
    kept = tuple(row for row in edition.history if row.event not in happened_to)
    events = tuple(one.model_copy(update={"occasions": occasions}) if one.id == event else one for one in edition.events)
    edition = replace(edition, claims=(claim,), events=events, effects=(*others, *effects), history=(*kept, *history))
    numbers = quantify(edition)
    s = build_structure(edition, numbers)
    return s, build_claim_rows(edition, s, numbers, **more)


def world(event: str, given: dict[str, bool] | None = None, **more: Any) -> tuple[Structure, World]:
    s, rows = read(event, given, **more)
    return s, rows.worlds[0]


def effect_between(s: Structure, source: str, target: str) -> int:
    return next(e for e in s.effects_into(s.event_ids.index(target)) if s.event_ids[s.effect_from[e]] == source)


def effect(edition: EditionDossier, name: str, **more: Any) -> Effect:
    return next(one for one in edition.effects if one.id == name).model_copy(update=more)


@pytest.mark.parametrize(("given", "left"), [(True, 1.0), (False, 0.0)])
def test_a_cause_that_multiplies_is_set_as_the_claim_says(given: bool, left: float) -> None:
    s, one = world("pact-signed", {"toll-raised": given})
    assert one.states == {effect_between(s, "toll-raised", "pact-signed"): left}
    assert (s.event_ids[one.event], one.on, one.exposure, one.waits) == ("pact-signed", MADE, 1.0, ())


def test_causes_that_the_claim_does_not_name_are_left_open() -> None:
    assert world("pact-signed")[1].states == {}


def test_what_blocks_is_taken_as_away_whatever_is_said_of_it() -> None:
    """A blocked event has no hazard to speak of, so a judgement given the block reads the hazard without it."""
    for said in (True, False):
        s, one = world("ferry-runs", {"quay-closed": said})
        assert one.states == {effect_between(s, "quay-closed", "ferry-runs"): 0.0}


@pytest.mark.parametrize(
    ("given", "history", "waits"),
    [
        ({}, (), True),
        ({"pact-signed": False}, (), True),
        ({"pact-signed": True}, (), False),
        ({}, (happened("pact-signed", MADE - dt.timedelta(days=1)),), False),
        ({}, (happened("pact-signed", MADE),), False),
    ],
    ids=["nothing is said", "given that it has not", "given that it has", "it had the day before", "it did on that day"],
)
def test_what_waits_for_another_event_is_averaged_over_unless_that_is_given_or_had_come(
    given: dict[str, bool], history: tuple[HistoryRow, ...], waits: bool
) -> None:
    s, one = world("ferry-runs", given, history=history)
    assert one.waits == ((s.event_ids.index("pact-signed"),) if waits else ())
    assert one.states == {}  # what enables multiplies nothing: until its cause comes there is no hazard, then all of it


def test_what_comes_after_the_claim_was_made_had_not_come_when_it_was() -> None:
    s, one = world("ferry-runs", made_on=MADE - dt.timedelta(days=30), history=(happened("pact-signed", MADE),))
    assert one.waits == (s.event_ids.index("pact-signed"),)


def test_a_claim_speaks_from_the_day_on_which_its_event_opens_if_it_was_made_before() -> None:
    edition = toy_edition()
    opens = edition.dossier.events["pact-signed"].opens_on
    assert world("pact-signed", made_on=opens - dt.timedelta(days=90))[1].on == opens
    later = opens + dt.timedelta(days=90)
    assert world("pact-signed", made_on=later)[1].on == later


@pytest.mark.parametrize(("event", "years"), [("pact-signed", 2.5), ("deadline-kept", 1.0)])
def test_a_claim_speaks_of_its_own_horizon_and_of_one_trial_where_its_event_has_a_date(event: str, years: float) -> None:
    assert world(event, years=2.5)[1].exposure == years


def test_a_claim_counts_the_occasions_within_its_horizon_both_ends_included() -> None:
    """Half a year, 183 days, from 1 July to 31 December 2024."""
    days = (MADE - dt.timedelta(days=1), MADE, dt.date(2024, 12, 31), dt.date(2025, 1, 1))
    on = tuple(
        Occasion(on=day, wording="likely", lexicon="plain", why="A vote.", source="the law", beside_class="Left out.")
        for day in days
    )
    s, one = world("pact-signed", years=0.5, occasions=on)
    assert [s.occasions[i].on for i in one.occasions] == [MADE, dt.date(2024, 12, 31)]


def test_a_judgement_is_read_for_each_of_its_events_that_the_edition_sees() -> None:
    edition = toy_edition()
    fact = next(claim for claim in edition.claims if claim.kind == "fact")
    both = judgement(("pact-signed", "toll-raised"))
    nothing = both.model_copy(update={"moves_nothing": "It is irony."})
    edition = replace(edition, claims=(fact, both, nothing))
    assert judgement_claims(edition, {"toll-raised": 0, "quay-closed": 1}) == [(both, "toll-raised")]
    assert judgement_claims(edition, {"toll-raised": 0, "pact-signed": 1}) == [(both, "pact-signed"), (both, "toll-raised")]


def test_conditions_are_the_same_in_whatever_order_they_are_written() -> None:
    edition = toy_edition()
    given = {"pact-signed": True, "quay-closed": False}
    first = judgement(("ferry-runs",), given)
    again = judgement(("ferry-runs",), dict(reversed(given.items())), id="n-101")
    other = judgement(("ferry-runs",), given | {"quay-closed": True}, id="n-102")
    edition = replace(edition, claims=(first, again, other))
    numbers = quantify(edition)
    rows = build_claim_rows(edition, build_structure(edition, numbers), numbers)
    # the copy has a tenth of the precision; what supposes another world is no copy
    assert (rows.spread / rows.spread_alone) ** 2 == pytest.approx([1.0, 10.0, 1.0])


def test_what_is_left_of_an_effect_is_its_mean_over_what_the_claim_speaks_of() -> None:
    """From the claim on for a year: half of it at full strength, the other half without the effect."""
    half = effect(toy_edition(), "toll-lowers-pact", until=MADE + dt.timedelta(days=183))
    s, one = world("pact-signed", {"toll-raised": True}, effects=(half,))
    assert one.states[effect_between(s, "toll-raised", "pact-signed")] == pytest.approx(183 / 365, abs=1e-12)


def test_of_a_scheduled_event_it_is_what_is_left_on_its_day() -> None:
    """The deadline is on 31 March 2025, 273 days after the claim: of a half-life of that many three quarters of one are over."""
    day = toy_edition().dossier.events["deadline-kept"].scheduled_on
    assert day == dt.date(2025, 3, 31)
    fades = effect(toy_edition(), "toll-lowers-pact", id="toll-lowers-deadline", to="deadline-kept", half_life_years=273 / 365.25)
    s, one = world("deadline-kept", {"toll-raised": True}, effects=(fades,))
    left = one.states[effect_between(s, "toll-raised", "deadline-kept")]
    assert left == pytest.approx(0.5)
    over = effect(toy_edition(), "toll-lowers-pact", id="toll-lowers-deadline", to="deadline-kept", until=day)
    s, one = world("deadline-kept", {"toll-raised": True}, effects=(over,))
    assert one.states[effect_between(s, "toll-raised", "deadline-kept")] == 0.0
    assert one.exposure == 1.0


def test_a_cause_that_had_come_began_to_fade_on_its_day() -> None:
    """Three months before the claim: of a half-life of one year a quarter is over when the claim's year begins."""
    fades = effect(toy_edition(), "toll-lowers-pact", half_life_years=1.0)
    early = happened("toll-raised", dt.date(2024, 4, 1))
    s, one = world("pact-signed", {"toll-raised": True}, effects=(fades,), history=(early,))
    fresh = world("pact-signed", {"toll-raised": True}, effects=(fades,))[1]
    e = effect_between(s, "toll-raised", "pact-signed")
    # it fades in steps of a quarter of the half-life, 91 days, so that every step is one further; a day more or less by rounding
    assert one.states[e] == pytest.approx(fresh.states[e] * 2**-0.25, rel=1 / 365)


@pytest.mark.parametrize(
    ("reads", "share"),
    [("level", stats.norm.logpdf), ("at_least", stats.norm.logcdf), ("at_most", stats.norm.logsf)],
)
def test_a_judgement_is_a_level_a_floor_or_a_ceiling_as_it_reads(reads: str, share: Callable[[float], float]) -> None:
    """With g the hazard and z = (g − reading)/σ: a level is φ(z)/σ, of a floor Φ(z), of a ceiling 1 − Φ(z)."""
    claim = judgement(("pact-signed",), reads=reads, reads_why="It says so.")
    edition = replace(toy_edition(), claims=(claim,))
    numbers = quantify(edition)
    rows = build_claim_rows(edition, build_structure(edition, numbers), numbers)
    z, zero = 0.8, np.zeros((1, 1))
    none = ReadingErrors(zero, zero, zero, zero, zero, zero)
    found = log_reading(rows, (rows.reading + z * rows.spread)[None, :], none)
    width = np.log(rows.spread[0]) if reads == "level" else 0.0
    assert found[0, 0] == pytest.approx(share(z) - width)


def test_a_claim_ages_from_the_day_on_which_it_was_made() -> None:
    made = dt.date(2024, 2, 1)
    assert read("pact-signed", made_on=made)[1].age == pytest.approx([(MADE - made).days / 365.25])
    assert read("pact-signed", made_on=made, aged_on=dt.date(2025, 2, 1))[1].age == pytest.approx([366 / 365.25])
    assert read("pact-signed", made_on=made, aged_on=dt.date(2024, 1, 1))[1].age.tolist() == [0.0]


@pytest.mark.parametrize(
    ("groups", "variance", "shift"),
    [
        ((0, 0), 0.25 + 0.04 + 0.09 * 4 + 0.49 + 1.69, 0.0),
        ((1, 0), 0.25 + 0.04 + 0.09 * 4 + 1.69, 0.4),
        ((0, 1), 0.25 + 0.04 + 0.09 * 4 + 0.49, -0.9),
        ((1, 1), 0.25 + 0.04 + 0.09 * 4, -0.5),
    ],
)
def test_an_error_widens_a_reading_where_no_other_shares_it_and_shifts_it_where_one_does(
    groups: tuple[int, int], variance: float, shift: float
) -> None:
    """Words and grades 0.5, residual 0.2, drift 0.3 per √year over four years, source 0.7, origin 1.3."""
    one, draw = np.ones(1), np.ones((1, 1))
    rows = Readings(("c-1",), -one, 0.5 * one, 0 * one, 4 * one, np.array([groups[0]]), np.array([groups[1]]))
    errors = ReadingErrors(
        0.2 * draw, 0.3 * draw, 0.7 * draw, 1.3 * draw, np.array([[0.0, 0.4]]), np.array([[0.0, -0.9]])
    )  # fmt: skip
    got, sd = errors.of(np, rows)
    assert got.ravel() == pytest.approx([shift])
    assert sd.ravel() == pytest.approx([np.sqrt(variance)])

"""What the simulator starts from agrees with what claims and history were read through."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import numpy as np
import pytest
from toy import made_up_posterior, toy_edition

from forecasting.analysis.leave_out import without_effects
from forecasting.dossier.status import years_between
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.hazards import build_world, marginal_log_hazard, signal_shift, stacked_parameters
from forecasting.models.network.parameters import Parameters
from forecasting.models.network.predictor import row_predictor
from forecasting.models.network.rows import World as Row
from forecasting.models.network.rows import build_rows
from forecasting.models.network.structure import Structure, build_structure
from forecasting.paths.inputs import BLOCKS, ENABLES, MULTIPLIES, World

UNTIL = dt.date(2026, 12, 31)


def built(use: bool = True) -> tuple[Structure, Parameters, World]:
    edition = toy_edition()
    s = build_structure(edition, quantify(edition))
    posterior = made_up_posterior(s)
    signals = np.full(len(s.signals), use)
    return s, stacked_parameters(posterior, s), build_world(edition, s, posterior, signals, UNTIL)


def test_draws_are_stacked_chain_by_chain() -> None:
    s = build_structure(toy_edition(), quantify(toy_edition()))
    posterior = made_up_posterior(s)
    p = stacked_parameters(posterior, s)
    assert np.array_equal(p.log_hazard[:6], posterior["log_hazard"].values[0])
    assert np.array_equal(p.log_hazard[6:], posterior["log_hazard"].values[1])
    assert p.overlap.shape == (12, 1)
    nothing = stacked_parameters(posterior[["log_hazard"]], s)
    assert not nothing.beta.any()
    assert nothing.beta.shape == (12, 5)


def test_the_hazard_of_a_path_is_the_one_that_history_was_read_through() -> None:
    # the same event, day and state of its causes, once as a row of the likelihood and once as a segment of the calendar
    edition = toy_edition()
    s, p, w = built()
    use = np.ones(len(s.signals), dtype=bool)
    for k in range(len(s.event_ids)):
        for piece in range(w.first_piece[k], w.first_piece[k + 1]):
            day = edition.as_of + dt.timedelta(days=round(w.piece_start[piece] * 365.25))
            into = [int(e) for e in np.flatnonzero(s.effect_to == k) if not s.effect_enables[e]]
            for states in (dict.fromkeys(into, False), {e: bool(s.effect_multiplies[e]) for e in into}):
                rows = build_rows(edition, s, [Row(k, day, 1.0, states)], use)
                on = np.prod([w.ratio[:, e] for e, state in states.items() if state], axis=0)
                assert np.exp(row_predictor(np, p, s, rows)[:, 0]) == pytest.approx(
                    w.hazard[:, piece] * on, rel=1e-12
                )


def test_an_event_has_a_piece_for_every_change_of_its_own_signals() -> None:
    # from the state last known (2024-01-01) on; its signal of 2024-07-01 lasts for two years
    s, _, w = built()
    k = s.event_ids.index("quay-closed")
    days = (s.statuses[k].known_until, dt.date(2024, 7, 1), dt.date(2026, 7, 1))
    own = slice(w.first_piece[k], w.first_piece[k + 1])
    assert w.piece_start[own] == pytest.approx([years_between(dt.date(2024, 7, 1), day) for day in days])
    before, during, after = w.hazard[0, own]
    assert before == after != during
    quiet = s.event_ids.index("pact-signed")
    assert w.first_piece[quiet + 1] - w.first_piece[quiet] == 1 + 2 * len(s.signals_of(quiet))


def test_signals_that_a_layer_leaves_out_do_not_act() -> None:
    s, p, w = built(use=False)
    for first, end in itertools.pairwise(w.first_piece):
        assert np.ptp(w.hazard[:, first:end], axis=1).max() == 0
    off = np.zeros(len(s.signals), dtype=bool)
    assert not signal_shift(p, s, s.event_ids.index("quay-closed"), dt.date(2024, 8, 1), off).any()


def test_effects_states_and_dates_are_carried_over() -> None:
    s, p, w = built()
    kind = dict(zip(s.effect_ids, w.effect_kind, strict=True))
    assert kind == {
        "pact-lowers-toll": MULTIPLIES, "toll-lowers-pact": MULTIPLIES, "deadline-raises-ferry": MULTIPLIES,
        "pact-lets-ferry-run": ENABLES, "quay-stops-ferry": BLOCKS,
    }  # fmt: skip
    multiplies = w.effect_kind == MULTIPLIES
    assert w.ratio[:, multiplies] == pytest.approx(np.exp(p.beta[:, multiplies]))
    assert np.all(w.ratio[:, ~multiplies] == 1)
    at = s.event_ids.index
    assert np.isinf(w.occurred).all()
    assert w.scheduled[at("deadline-kept")] == years_between(dt.date(2024, 7, 1), dt.date(2025, 3, 31))
    assert w.start[at("pact-signed")] == -1 / 365.25
    assert w.start[at("ferry-runs")] == -182 / 365.25


def test_a_void_effect_acts_neither_on_the_average_nor_on_the_paths() -> None:
    edition = toy_edition()
    s, p, _ = built()
    void = without_effects(s, frozenset({"pact-lowers-toll", "pact-lets-ferry-run", "quay-stops-ferry"}))
    w = build_world(edition, void, made_up_posterior(s), np.ones(len(s.signals), dtype=bool), UNTIL)
    kept = np.array([name in ("toll-lowers-pact", "deadline-raises-ferry") for name in s.effect_ids])
    assert np.all(w.ratio[:, ~kept] == 1)
    assert np.all(w.ratio[:, kept] != 1)
    assert set(w.effect_kind) == {MULTIPLIES}
    k = s.event_ids.index("toll-raised")
    shift = signal_shift(p, s, k, void.statuses[k].known_until, np.ones(len(s.signals), dtype=bool))
    marginal = np.exp(marginal_log_hazard(p, s)[:, k] + shift)
    assert w.hazard[:, w.first_piece[k]] == pytest.approx(marginal, rel=1e-5)  # the predictor's floor on its last term is 5e-6


def test_an_event_that_happened_stands_at_its_day() -> None:
    edition, s = toy_edition(), build_structure(toy_edition(), quantify(toy_edition()))
    k = s.event_ids.index("pact-signed")
    status = replace(s.statuses[k], occurred_on=dt.date(2024, 3, 1), known_until=dt.date(2024, 3, 1))
    known = replace(s, statuses=tuple(status if i == k else one for i, one in enumerate(s.statuses)))
    w = build_world(edition, known, made_up_posterior(s), np.ones(len(s.signals), dtype=bool), UNTIL)
    assert w.occurred[k] == w.start[k] == -122 / 365.25
    assert np.isinf(np.delete(w.occurred, k)).all()

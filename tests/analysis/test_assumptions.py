"""Assumptions are met or not by the fit's own paths, exactly where an answer is known exactly, and they move nothing."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from functools import cache, partial
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from master_equation import MULTIPLIES, state_distribution, world
from toy import toy_edition, toy_fit

from forecasting.analysis.assumptions import assumption_table, verdict
from forecasting.analysis.registry import columns_of
from forecasting.dossier.assumptions import Assumption, Held
from forecasting.fitting.fit import EditionFit
from forecasting.paths.simulate import Paths, simulate
from forecasting.paths.statements import Measured
from forecasting.runs.freshness import record_digests

AS_OF, DAY = dt.date(2024, 7, 1), dt.date(2025, 12, 31)
YEARS = (DAY - AS_OF).days / 365.25
HAZARD = {"deadline-kept": 0.3, "ferry-runs": 0.25, "pact-signed": 0.5, "quay-closed": 0.2, "toll-raised": 0.6}


@cache
def known_paths() -> Paths:
    """Return paths of the toy's events with hazards that are known: the pact divides that of the toll by four."""
    names = tuple(HAZARD)
    pact, toll = names.index("pact-signed"), names.index("toll-raised")
    w = world(np.tile(list(HAZARD.values()), (400, 1)), [(pact, toll, MULTIPLIES, 0.25)], event_ids=names, as_of=AS_OF)
    return simulate(w, np.array([0.0, YEARS]), paths_per_draw=800, random_seed=3)


def known_fit() -> EditionFit:
    """Return the toy's fit with those paths in place of its own."""
    fit = toy_fit()
    posterior = replace(fit.posterior, simulated=known_paths)
    return replace(fit, layers={**fit.layers, "posterior": posterior})


def exact(keep) -> float:
    """Return P(state in ``keep``) on the day by the matrix exponential; ``keep`` takes the set of happened events."""
    names = tuple(HAZARD)
    p = state_distribution(known_paths().world, YEARS)
    return sum(p[s] for s in range(len(p)) if keep({name for k, name in enumerate(names) if s >> k & 1}))


PACT, TOLL, QUAY = "pact-signed", "toll-raised", "quay-closed"


def test_each_number_of_the_table_is_the_exact_one_within_its_error() -> None:
    table = assumption_table(known_fit()).set_index("assumption")
    with_pact, both = exact(lambda s: PACT in s), exact(lambda s: {PACT, TOLL} <= s)
    toll = exact(lambda s: TOLL in s)
    wanted = {
        "a-001": exact(lambda s: (TOLL in s) == (QUAY in s)),
        "a-002": both / with_pact,
        "a-003": both / with_pact - (toll - both) / (1 - with_pact),
        # before either the two race at 0.5 and 0.6: 0.5/1.1 · (1 − e^(−1.1 T)); whatever the toll does then comes later
        "a-004": 0.5 / 1.1 * -math.expm1(-1.1 * YEARS),
    }
    for name, p in wanted.items():
        assert table.loc[name, "p"] == pytest.approx(p, abs=4 * table.loc[name, "mcse"]), name
        assert table.loc[name, "mcse"] < 0.004
    # 0.51 where at least 0.4 is held; 0.40 where at most 0.1 is; −0.20 where at most 0; 0.37 between 0.3 and 0.6
    assert dict(table["met"]) == {"a-001": "yes", "a-002": "no", "a-003": "yes", "a-004": "yes"}
    assert table.loc["a-002", "n_paths"] == pytest.approx(with_pact * 400 * 800, rel=0.02)
    assert table.loc["a-001", "n_paths"] == 400 * 800
    assert (table.loc["a-004", "at_least"], table.loc["a-004", "at_most"]) == (0.3, 0.6)
    assert tuple(assumption_table(known_fit()).columns) == columns_of("assumptions")


def asked(**holds: object) -> pd.Series:
    """Return the row of one assumption about the toy."""
    fit, record = known_fit(), {"id": "a-9", "statement": "So it is.", "held_by": "analyst", "why": "So.", "would_change": "No."}
    held = Assumption.model_validate({**record, "holds": {"by": DAY, "at_least": 0.5, **holds}})
    dossier = replace(fit.edition.dossier, assumptions=MappingProxyType({"a-9": held}))
    return assumption_table(replace(fit, edition=replace(fit.edition, dossier=dossier))).iloc[0]


def test_one_that_the_edition_cannot_be_asked_says_why_and_has_no_number() -> None:
    row = asked(p={"occurs": "bridge-built"})
    assert (row.met, row.words) == ("not asked", "not asked: no question leads to bridge-built")
    assert math.isnan(row.p)
    late = asked(p={"occurs": PACT}, by=dt.date(2027, 1, 1))
    assert late.words == "not asked: 2027-01-01 lies outside 2024-07-01 to 2026-12-31, for which there are paths"


def test_a_condition_on_too_few_paths_leaves_it_unclear() -> None:
    never = {"all_of": ({"occurs": PACT}, {"holds": PACT})}
    row = asked(p={"occurs": TOLL}, given=never)
    assert (row.met, row.n_paths) == ("unclear", 0)
    assert "comes true on 0 of the paths, too few to say; held is at least 50 %" in row.words


def test_the_sentence_has_number_error_condition_and_what_is_held() -> None:
    row = asked(p={"occurs": TOLL}, given={"occurs": PACT}, at_least=None, at_most=0.1)
    # the exact answer is 39.5 %; the error, of 0.12 points, is rounded up so that it never looks smaller than it is
    assert 0.001 < row.mcse < 0.002
    assert row.words == f"not met: {100 * row.p:.1f} ± 0.2 %, on {row.n_paths:,} paths of the condition; held is at most 10 %"


def test_a_number_is_judged_only_from_four_errors_off_its_bound() -> None:
    held = partial(Held.model_validate)
    least = held({"p": {"occurs": "rain"}, "by": DAY, "at_least": 0.5})
    between = held({"p": {"occurs": "rain"}, "by": DAY, "between": (0.3, 0.6)})
    cases = [(0.54, "yes"), (0.535, "unclear"), (0.5, "unclear"), (0.465, "unclear"), (0.46, "no")]
    assert [verdict(Measured(p, 0.0095, 1000), least) for p, _ in cases] == [met for _, met in cases]
    ends = [(0.25, "no"), (0.31, "unclear"), (0.45, "yes"), (0.59, "unclear"), (0.65, "no")]
    assert [verdict(Measured(p, 0.0095, 1000), between) for p, _ in ends] == [met for _, met in ends]
    assert verdict(Measured(0.5, 0.0, 1000), least) == "yes"  # a bound itself is within, where there is no error
    assert verdict(Measured(0.9, 0.001, 99), least) == "unclear"


def test_assumptions_count_among_the_records_of_a_run_and_among_no_others() -> None:
    edition = toy_edition()
    bare = replace(edition, dossier=replace(edition.dossier, assumptions=MappingProxyType({})))
    with_them, without = record_digests(edition), record_digests(bare)
    assert [kind for kind in with_them if with_them[kind] != without[kind]] == ["assumptions"]
    assert not assumption_table(replace(known_fit(), edition=bare)).to_dict("records")

"""What follows from causes, and occasions, in closed form: against quadrature, a master equation with phases, and Bayes' rule."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.linalg import expm
from toy import event_yaml, small_edition

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.quantify import quantify
from forecasting.elicitation.wording import cloglog
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.following import cause_hazards, led_mass, not_come
from forecasting.models.network.fused_following import led_mass as fused_led_mass
from forecasting.models.network.fused_following import not_come as fused_not_come
from forecasting.models.network.hazards import build_world
from forecasting.models.network.parameters import Parameters
from forecasting.models.network.predictor import row_predictor
from forecasting.models.network.structure import Structure, build_structure
from forecasting.paths.simulate import simulate

LEADS = "{{id: {0}, from: {1}, to: {2}, acts: leads_to, wording: likely, lexicon: plain, lag_years: {3}, why: test}}"
JUDGEMENT = """\
    paraphrase: It may come within two years.
    speaker: author
    kind: judgement
    wording: likely
    lexicon: plain
    target: {target: VALUE}
    direction: occurs
    horizon: {years: 2.0, stated: true}
    made_on: 2024-07-01
    reliability: B
    credibility: 3
    origin: norland-times
    """
QUOTE = "likely to be signed this year"


def claim(value: str) -> tuple[str, str]:
    return QUOTE, JUDGEMENT.replace("{target: VALUE}", value)


def parameters(s: Structure, rates: dict[str, float], q: float, occasion: float = 0.2) -> Parameters:
    """Return one draw: rates per year by event, and the probabilities that what is led to follows and of occasions."""
    beta = np.where(s.effect_leads > 0, cloglog(q), np.log(3.0))
    beta = np.where((s.effect_leads > 0) & (s.effect_lag == 0), s.effect_mean, beta)  # what is implied
    return Parameters(
        log_hazard=np.log([[rates[name] for name in s.event_ids]]), kappa=np.ones((1, len(s.event_ids))), beta=beta[None],
        driver=np.zeros((1, 0)), loading=np.zeros((1, 0)), signal=np.zeros((1, len(s.signals))), overlap=np.zeros((1, 1)),
        occasion=np.full((1, len(s.occasions)), float(cloglog(occasion))),
    )  # fmt: skip


def claim_probability(edition: EditionDossier, rates: dict[str, float], q: float = 0.7) -> float:
    """Return the probability that the one claim of an edition is read as."""
    s = build_structure(edition, quantify(edition))
    evidence = build_evidence(edition, s, quantify(edition))
    return float(-np.expm1(-np.exp(row_predictor(np, parameters(s, rates, q), s, evidence.rows)[0, 0])))


def events(*names: str, **more: object) -> dict[str, str]:
    return {name: event_yaml(name, "pacts-signed", opens_on="2024-06-30", **more) for name in names}


@pytest.mark.parametrize(
    ("x", "y"), [(1.0, 4.0), (4.0, 1.0), (0.3, 0.3), (0.3, 0.3 + 1e-6), (2.0, 2.0 - 3e-5), (1e-6, 5.0), (30.0, 900.0)]
)
def test_the_wait_for_cause_and_lag_is_the_convolution_of_two_exponentials(x: float, y: float) -> None:
    # over a year: hazard x of the cause, y of the lag; Q of the two stages
    q = np.array([[-x, x, 0.0], [0.0, -y, y], [0.0, 0.0, 0.0]])
    assert float(not_come(np, x, 1.0, 1 / y)) == pytest.approx(expm(q)[0, :2].sum(), rel=2e-7)
    value, slope = fused_not_come(x, y)
    assert value == pytest.approx(expm(q)[0, :2].sum(), rel=1e-9)
    # the derivative of the integral of x e^{−xs} e^{−y(1−s)} and of e^{−x} by x
    wait = quad(lambda s: (1 - x * s) * math.exp(-x * s - y * (1 - s)), 0, 1, points=[0.01, 0.99], epsabs=1e-12)[0]
    assert slope == pytest.approx(wait - math.exp(-x), rel=1e-6, abs=1e-10)


@pytest.mark.parametrize(("known", "scheduled"), [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)])
def test_what_a_cause_adds_has_the_slopes_of_differences(known: float, scheduled: float) -> None:
    at = np.array([0.2, known, 0.4, 1.5, 0.3, scheduled, 0.8, 0.6])
    found = fused_led_mass(*at)
    assert found[0] == pytest.approx(float(led_mass(np, *at)), rel=1e-9)
    for slope, place in zip(found[1:], (0, 6, 7), strict=True):
        step = np.zeros(at.size)
        step[place] = 1e-6
        assert slope == pytest.approx(float(led_mass(np, *(at + step)) - led_mass(np, *(at - step))) / 2e-6, abs=1e-7)


def test_a_claim_about_what_follows_reads_own_and_followed_together(tmp_path: Path) -> None:
    # states: nothing, under way, it will not follow, the target happened; the cause 0.4 a year, own 0.3, lag half a year
    edition = small_edition(
        tmp_path, events("cause", "target"), f"[{LEADS.format('a', 'cause', 'target', 0.5)}]", asked=("target",),
        claims={"n-1": claim("{event: target}")},
    )  # fmt: skip
    a, b, q, lag = 0.4, 0.3, 0.7, 0.5
    rates = np.array([[0, a * q, a * (1 - q), b], [0, 0, 0, b + 1 / lag], [0, 0, 0, b], [0, 0, 0, 0]])
    exact = expm(2.0 * (rates - np.diag(rates.sum(axis=1))))[0, 3]
    assert claim_probability(edition, {"cause": a, "target": b}) == pytest.approx(exact, abs=1e-6)


@pytest.mark.parametrize("given", ["true", "false"])
def test_a_claim_under_the_condition_of_the_cause_reads_that_it_follows_or_comes_otherwise(tmp_path: Path, given: str) -> None:
    edition = small_edition(
        tmp_path, events("cause", "target"), f"[{LEADS.format('a', 'cause', 'target', 0.5)}]", asked=("target",),
        claims={"n-1": claim(f"{{event: target, given: {{cause: {given}}}}}")},
    )  # fmt: skip
    left = math.exp(-0.3 * 2) * ((0.3 + 0.7 * math.exp(-2 / 0.5)) if given == "true" else 1.0)
    assert claim_probability(edition, {"cause": 0.4, "target": 0.3}) == pytest.approx(1 - left, abs=1e-12)


def test_a_chain_reads_the_middle_as_a_cause_with_all_of_its_hazard(tmp_path: Path) -> None:
    effects = f"[{LEADS.format('a', 'first', 'second', 0.2)}, {LEADS.format('b', 'second', 'third', 0.4)}]"
    edition = small_edition(
        tmp_path, events("first", "second", "third"), effects, asked=("third",), claims={"n-1": claim("{event: third}")}
    )
    rates = {"first": 0.5, "second": 0.1, "third": 0.2}
    s = build_structure(edition, quantify(edition))
    assert s.lead_depth == 2
    p = parameters(s, rates, 0.7)
    # the second, over its horizon of two years: 0.1 a year and what follows from the first
    wait = float(not_come(np, 1.0, 2.0, 0.2))
    hazard = 0.1 - math.log(wait + 0.3 * (1 - wait)) / 2
    assert cause_hazards(np, p, s)[0][0, s.event_ids.index("second")] == pytest.approx(hazard, rel=1e-12)
    last = float(not_come(np, 2 * hazard, 2.0, 0.4))
    expected = 1 - math.exp(-0.2 * 2) * (last + 0.3 * (1 - last))
    assert claim_probability(edition, rates) == pytest.approx(expected, rel=1e-9)


def test_what_is_implied_is_read_as_either_of_two(tmp_path: Path) -> None:
    edition = small_edition(
        tmp_path, events("cause", "target"), "[{id: a, from: cause, to: target, acts: implies, why: test}]", asked=("target",),
        claims={"n-1": claim("{event: target}")},
    )  # fmt: skip
    assert claim_probability(edition, {"cause": 0.4, "target": 0.3}) == pytest.approx(-math.expm1(-2 * 0.7), abs=1e-8)


def test_a_cause_that_waits_for_its_enabler_leads_to_less(tmp_path: Path) -> None:
    effects = f"[{LEADS.format('a', 'cause', 'target', 0.5)}, {{id: b, from: gate, to: cause, acts: enables, why: test}}]"
    edition = small_edition(
        tmp_path, events("gate", "cause", "target"), effects, asked=("target",), claims={"n-1": claim("{event: target}")}
    )
    # the cause is possible in the share of the two years after its enabler, 1 − (1 − e^{−0.6})/0.6, as for its own claims
    wait = float(not_come(np, 2 * 0.8 * (1 - (1 - math.exp(-0.6)) / 0.6), 2.0, 0.5))
    expected = 1 - math.exp(-0.1 * 2) * (wait + 0.3 * (1 - wait))
    assert claim_probability(edition, {"gate": 0.3, "cause": 0.8, "target": 0.1}) == pytest.approx(expected, rel=1e-9)
    assert claim_probability(edition, {"gate": 1e-9, "cause": 0.8, "target": 0.1}) == pytest.approx(-math.expm1(-0.2), abs=1e-5)


def test_an_occasion_is_read_with_the_hazard_of_a_claim_that_spans_it(tmp_path: Path) -> None:
    found = []
    for on in ("2025-06-07", "2027-06-07"):
        days = f"[{{on: {on}, wording: likely, lexicon: plain, why: An election., source: the law}}]"
        edition = small_edition(
            tmp_path / on, events("target", occasions=days), asked=("target",), claims={"n-1": claim("{event: target}")}
        )
        found.append(claim_probability(edition, {"target": 0.3}))
    assert found == pytest.approx([1 - 0.8 * math.exp(-0.6), 1 - math.exp(-0.6)], abs=1e-12)


def test_the_curve_of_an_event_with_an_occasion_steps_on_its_day_and_agrees_with_the_rows(tmp_path: Path) -> None:
    days = "[{on: 2024-09-29, wording: likely, lexicon: plain, why: An election., source: the law}]"
    edition = small_edition(tmp_path, events("target", occasions=days), asked=("target",))
    s = build_structure(edition, quantify(edition))
    world = build_world(edition, s, _posterior(s, parameters(s, {"target": 0.3}, 0.7)), np.zeros(0, dtype=bool),
                        edition.questions[0].deadline)  # fmt: skip
    year = 365.25
    grid = np.array([89, 90, 180]) / year  # 2024-09-28, the day itself, and later; the state is known until 2024-06-30
    paths = simulate(_repeated(world, 50), grid, paths_per_draw=400, random_seed=1)
    closed = np.exp(-0.3 * (grid + 1 / year)) * [1.0, 0.8, 0.8]
    assert paths.survival[:, 0] == pytest.approx(np.tile(closed, (50, 1)), abs=5e-6)
    share = (paths.times[..., 0][..., None] > grid + 1e-6).mean(axis=(0, 1))
    assert share == pytest.approx(closed, abs=4 * math.sqrt(0.25 / 20000))


def _posterior(s: Structure, p: Parameters):
    import xarray as xr

    names = {"log_hazard": p.log_hazard, "effect_beta": p.beta, "occasion_log_mass": p.occasion}
    return xr.Dataset({name: (("chain", "draw", f"{name}_at"), value[None]) for name, value in names.items()})


def _repeated(world, n: int):
    from dataclasses import replace

    wide = {name: np.repeat(getattr(world, name), n, axis=0) for name in ("hazard", "ratio", "kappa")}
    return replace(world, **wide)

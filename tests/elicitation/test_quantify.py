"""What words, grades and counts stand for: once, in one table, and the same in the model, in traces and in reports."""

from __future__ import annotations

import ast
import math
from dataclasses import replace
from pathlib import Path

import pytest
from broken_dossiers import write_broken
from rule_edits import EFFECTS, PLAIN_EFFECT
from toy import COPIES, toy_edition

import forecasting as fc
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.fields import Reads
from forecasting.elicitation.numbers import Number, Quantified
from forecasting.elicitation.quantify import quantify, read_judgement
from forecasting.elicitation.wording import inverse_cloglog
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.structure import build_structure
from forecasting.report.class_entries import class_entries
from forecasting.report.said import class_name
from forecasting.rules.load import load_dossier
from forecasting.trace.claims import claim_reading
from forecasting.trace.events import class_lines as trace_lines

EDITION = toy_edition()
NUMBERS = quantify(EDITION)
MODELS = Path(fc.__file__).parent / "models"
READERS = {"grades", "wording", "base_rates", "life_tables", "partial_pooling", "lexicons"}


@pytest.fixture(scope="module")
def karabakh(project_dir: Path) -> EditionDossier:
    """Return the edition with a class whose hazard changes with age."""
    return fc.load_dossier(project_dir / "priors").edition("2020-11-karabakh")


def test_a_judgement_is_its_wording_with_the_spread_of_its_grades_added() -> None:
    # "likely": cloglog of 0.60, 0.67, 0.75, 0.80, 0.90 is -0.0874, 0.1032, 0.3266, 0.4759, 0.8340, whose mean is 0.3305;
    # the slope on the normal quantiles is (1.6449 · 0.9215 + 0.6745 · 0.3727) / 6.3210 = 0.2796; B3 adds √(0.31² + 0.44²)
    number = NUMBERS.get("judgement", "n-001")
    assert number.location == pytest.approx(0.330457, abs=2e-6)
    assert number.words_spread == pytest.approx(0.279556, abs=2e-6)
    assert number.spread == pytest.approx(math.sqrt(0.279556**2 + 0.31**2 + 0.44**2), abs=2e-6)
    assert (number.claims, number.about, number.scale) == (("n-001",), ("pact-signed",), "log cumulative hazard")
    assert (number.read, number.why, number.reads) == ('"likely" in lexicon plain; grade B3 adds 0.54', "CAPphrase 2026", "level")


def judgement(reads: Reads, direction: str, override: Reads | None = None) -> Number:
    """Return the toy's first judgement, with its lexicon, its direction and perhaps its claim reading it otherwise."""
    claim = EDITION.dossier.claims["n-001"].model_copy(update={"direction": direction, "reads": override})
    row = EDITION.dossier.lexicons["plain"]["likely"].model_copy(update={"reads": reads})
    return read_judgement(replace(EDITION.dossier, lexicons={"plain": {"likely": row}}), claim)


@pytest.mark.parametrize(
    ("reads", "direction", "of_the_event", "printed"),
    [
        ("at_least", "occurs", "at_least", '"likely" in lexicon plain, as a floor'),
        ("at_most", "occurs", "at_most", '"likely" in lexicon plain, as a ceiling'),
        ("level", "occurs", "level", '"likely" in lexicon plain'),
        ("at_least", "does-not-occur", "at_most", '"likely" in lexicon plain, of its not happening, as a ceiling'),
        ("at_most", "does-not-occur", "at_least", '"likely" in lexicon plain, of its not happening, as a floor'),
        ("level", "does-not-occur", "level", '"likely" in lexicon plain, of its not happening'),
    ],
)  # fmt: skip
def test_a_wording_bounds_its_event_as_its_lexicon_says_and_mirrored_where_the_event_is_denied(
    reads: Reads, direction: str, of_the_event: str, printed: str
) -> None:
    number = judgement(reads, direction)
    assert (number.reads, number.read) == (of_the_event, f"{printed}; grade B3 adds 0.54")
    assert (number.location, number.spread) == (judgement("level", direction).location, judgement("level", direction).spread)


def test_a_claim_may_read_its_wording_otherwise_than_the_lexicon() -> None:
    assert judgement("at_least", "occurs", override="level").reads == "level"
    assert judgement("level", "does-not-occur", override="at_most").reads == "at_least"


def test_no_judgement_of_the_projects_editions_can_pull_against_its_words(project_dir: Path) -> None:
    """A bound pulls one way alone, which tests/models/network/test_direction.py shows of the model; here, that all are bounds."""
    dossier = load_dossier(project_dir / "priors")
    for edition in dossier.editions:
        for number in quantify(dossier.edition(edition)).of("judgement"):
            claim = dossier.claims[number.id]
            wording = dossier.wording(claim.lexicon, claim.wording)
            assert wording is not None
            argues_for = ((claim.reads or wording.reads) == "at_least") == (claim.direction == "occurs")
            assert number.reads == ("at_least" if argues_for else "at_most"), number.id


def test_every_number_that_is_no_judgement_is_a_level_and_the_table_says_so() -> None:
    table = NUMBERS.table
    assert set(table.loc[table["kind"] != "judgement", "reads"]) == {"level"}


def test_a_fact_counts_by_how_likely_its_report_is_true() -> None:
    # moderate, credibility 2: 0.7 · 2 + 0.3 = 1.7; reliability B: √(0.3² + (0.31 log 1.7)²)
    number = NUMBERS.get("fact", "n-003")
    assert number.location == pytest.approx(math.log(1.7))
    assert number.spread == pytest.approx(math.hypot(0.3, 0.31 * math.log(1.7)))
    assert number.words_spread == 0.3
    assert number.read == "a moderate sign (×2) that raises it; true with probability 0.7 → ×1.7; grade B2"
    assert number.why == "Customs staff seldom move without an agreement."


def test_a_sign_in_the_history_has_its_own_ratio_and_the_spread_between_the_grades_beside_it() -> None:
    # log 1.5 = 0.4055 lies between weak (0.2624 ± 0.15) and moderate (0.6931 ± 0.3): 0.15 + 0.15 · 0.1431 / 0.4308
    (number,) = NUMBERS.of("signal")
    assert number.location == pytest.approx(0.405465, abs=1e-6)
    assert number.spread == pytest.approx(0.199829, abs=2e-6)
    assert (number.claims, number.about) == ((), ("toll-raised",))
    assert EDITION.history[int(number.id.removeprefix("history-"))].likelihood_ratio == 1.5


def test_a_claim_about_a_pressure_reads_as_standard_deviations_of_it() -> None:
    # moderate, lowers, C3: −log 2, √(0.3² + 0.44² + 0.44²)
    number = NUMBERS.get("driver", "n-020")
    assert number.location == pytest.approx(-0.693147, abs=1e-6)
    assert number.spread == pytest.approx(0.690797, abs=1e-6)
    assert number.about == ("empty-coffers",)


def test_an_effect_is_its_grade_and_an_exact_one_has_no_ratio() -> None:
    lowers, enables = NUMBERS.get("effect", "pact-lowers-toll"), NUMBERS.get("effect", "pact-lets-ferry-run")
    assert (lowers.location, lowers.spread) == (-math.log(4), 0.4)
    assert (lowers.claims, lowers.read, lowers.why) == (("n-002",), "lowers it, strong (×0.25)", "The pact caps the toll.")
    assert (enables.location, enables.spread) == (0.0, 0.0)


@pytest.mark.parametrize("reads", ["level", "at_least", "at_most"])
def test_how_surely_something_follows_is_a_level_however_its_words_bound_a_claim(reads: Reads, tmp_path: Path) -> None:
    leads = "acts: leads_to, wording: likely, lexicon: plain, lag_years: 0.5"
    root = write_broken(tmp_path, Path(fc.__file__).parents[1], (EFFECTS, PLAIN_EFFECT, leads),
                        ("lexicons/plain.csv", "0.90,level", f"0.90,{reads}"))  # fmt: skip
    numbers = quantify(load_dossier(root).edition("2024-07-ferry"))
    number = numbers.get("effect", "pact-lowers-toll")
    assert number.reads == "level"
    assert (number.location, number.spread) == pytest.approx((0.3305, 0.2796), abs=1e-4)
    assert numbers.get("judgement", "n-001").reads == reads


def test_a_loading_is_its_grade_with_one_spread_for_all() -> None:
    moderate, weak = (NUMBERS.get("loading", f"empty-coffers:{event}") for event in ("toll-raised", "quay-closed"))
    assert (moderate.location, weak.location) == (math.log(2), math.log(1.3))
    assert moderate.spread == weak.spread == 0.3
    assert moderate.claims == ("n-020",)


def test_a_class_is_its_counts_and_the_half_event_of_jeffreys() -> None:
    pacts, kept = NUMBERS.get("reference-class", "pacts-signed"), NUMBERS.get("reference-class", "deadlines-kept")
    assert (pacts.shape, pacts.spread, pacts.location) == ((6.5, 40.0), 0.5, math.log(6.5 / 40))
    assert kept.shape == (7.5, 3.5)
    assert kept.location == pytest.approx(math.log(-math.log(1 - 7.5 / 11)))
    assert (pacts.read, kept.scale) == ("6 in 40 years", "cloglog of the probability per trial")
    assert NUMBERS.of("life-table") == ()


def test_the_table_has_one_row_per_record_with_its_claims() -> None:
    table = NUMBERS.table
    assert not table.duplicated(["kind", "id"]).any()
    assert table["kind"].value_counts().to_dict() == {
        "judgement": 2, "fact": 1 + len(COPIES), "driver": 1, "signal": 1, "effect": 5, "loading": 2, "reference-class": 3,
    }  # fmt: skip
    pact = table[(table["kind"] == "reference-class") & (table["id"] == "pacts-signed")].iloc[0]
    assert (pact["first"], pact["second"]) == (6.5, 40.0)
    assert set(table["claims"].explode().dropna()) == {claim.id for claim in EDITION.claims}


def test_of_one_edition_the_numbers_are_made_once() -> None:
    one, other = toy_edition(), toy_edition()
    numbers = quantify(one)
    assert quantify(one) is numbers
    assert quantify(other) is not numbers
    assert quantify(other) == numbers


def test_a_claim_about_no_event_of_the_edition_is_not_read() -> None:
    claims = tuple(claim.model_copy(update={"target": claim.target.model_copy(update={"event": ("elsewhere",)})})
                   if claim.id == "n-001" else claim for claim in EDITION.claims)  # fmt: skip
    assert quantify(replace(EDITION, claims=claims)).find("judgement", "n-001") is None


def test_what_the_model_reads_is_what_a_trace_prints(karabakh: EditionDossier) -> None:
    for edition in (EDITION, karabakh):
        numbers = quantify(edition)
        rows = build_evidence(edition, build_structure(edition, numbers), numbers).claims
        claims = {claim.id: claim for claim in edition.claims}
        assert rows.claim_ids
        for name, reading in zip(rows.claim_ids, rows.reading, strict=True):
            printed = claim_reading(edition.dossier, claims[name], numbers.get("judgement", name))
            assert printed.startswith(f"read as {100 * float(inverse_cloglog(reading)):.0f} % ")
            assert printed.endswith(f": {math.exp(reading) / claims[name].horizon.years:.2g} a year")


def test_a_fact_and_a_pressure_are_printed_as_they_enter() -> None:
    s, claims = build_structure(EDITION, NUMBERS), EDITION.dossier.claims
    fact = next(signal for signal in s.signals if signal.claim == "n-003")
    # log 1.7 ± 1.645 · 0.3421: 0.97 to 2.98
    assert fact.mean == pytest.approx(math.log(1.7))
    assert claim_reading(EDITION.dossier, claims["n-003"], NUMBERS.of_claim("n-003")) == (
        "read as a likelihood ratio of 1.7 (0.97-3): a moderate sign (×2) that raises it; "
        "true with probability 0.7 → ×1.7; grade B2"
    )
    drivers = build_evidence(EDITION, s, NUMBERS).drivers
    assert (drivers.reading[0], drivers.spread[0]) == pytest.approx((-0.693147, 0.690797), abs=1e-6)
    assert claim_reading(EDITION.dossier, claims["n-020"], NUMBERS.of_claim("n-020")) == (
        "read as -0.69 ± 0.69 sd of the pressure: a moderate sign that lowers it; grade C3 adds 0.62"
    )
    assert NUMBERS.of_claim("pact-lowers-toll") is None


def test_a_number_moved_by_hand_moves_in_the_model_and_in_the_trace() -> None:
    moved = Quantified(tuple(replace(row, location=row.location - 1) if row.id == "n-001" else row for row in NUMBERS.rows))
    rows, other = (build_evidence(EDITION, build_structure(EDITION, n), n).claims for n in (moved, NUMBERS))
    assert (rows.reading - other.reading).round(12).tolist() == [-1.0, 0.0]
    # 1 − exp(−exp(0.3305 − 1)) = 0.401
    claim = EDITION.dossier.claims["n-001"]
    assert claim_reading(EDITION.dossier, claim, moved.get("judgement", "n-001")).startswith("read as 40 % ")


def test_the_shape_of_an_ageing_hazard_is_the_same_in_model_trace_and_report(karabakh: EditionDossier) -> None:
    numbers = quantify(karabakh)
    s = build_structure(karabakh, numbers)
    k = int(s.aged[0])
    name = karabakh.events[k].reference_class
    mean = s.shape_mean[s.event_shape[k] - 1]
    ageing = numbers.get("life-table", name)
    assert (ageing.location, ageing.years) == (mean, s.event_scale[k])
    record = karabakh.dossier.reference_classes[name]
    traced = next(trace_lines(record, numbers.get("reference-class", name), ageing))
    assert traced == f"    its hazard changes with age: Weibull shape {math.exp(mean):.2f} over {s.event_scale[k]:g} years"
    reported = next(entry for entry in class_entries(karabakh) if entry.name == class_name(name))
    assert f"(Weibull shape {math.exp(mean):.2f})" in reported.counted


def test_no_model_reads_words_grades_or_counts_itself() -> None:
    for path in MODELS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and path.parent.name == "network":
                assert node.module.rpartition(".")[2] not in READERS, f"{path} imports {node.module}"

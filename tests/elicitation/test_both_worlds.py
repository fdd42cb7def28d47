"""A fact counts by how likely it would be seen in both worlds, the same in the model, in traces, in reports and in notebooks."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from toy import toy_edition

from forecasting.dossier.claims import SeenIf
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.edits import change, parse_setting
from forecasting.dossier.events import HistoryRow
from forecasting.dossier.lexicons import geometric_mean
from forecasting.dossier.wordings import Wording
from forecasting.elicitation.both_worlds import read_both_worlds
from forecasting.elicitation.facts import read_signal
from forecasting.elicitation.quantify import quantify, read_claim
from forecasting.elicitation.wording import read_log_probability
from forecasting.errors import DossierError, UsageError
from forecasting.lab.tables import claim_table, history_table
from forecasting.models.network.signals import claim_signals
from forecasting.report.facts import fact_line
from forecasting.rules.edit import edited
from forecasting.trace.claims import claim_reading
from forecasting.trace.events import history_lines

EDITION = toy_edition()
SEEN = SeenIf(comes="likely", stays_away="unlikely")


@cache
def recoded(comes: str = "likely", stays_away: str = "unlikely") -> EditionDossier:
    """Return the toy's edition with its fact n-003 (credibility 2, reliability B) read from two wordings."""
    words = {"seen_if": SeenIf(comes=comes, stays_away=stays_away), "lexicon": "plain"}
    bare = {"grade": None, "grade_why": "", "direction": None}
    claims = tuple(c.model_copy(update={**words, **bare}) if c.id == "n-003" else c for c in EDITION.claims)
    return replace(EDITION, claims=claims)


def fact(edition: EditionDossier):
    return next(claim for claim in edition.claims if claim.id == "n-003")


def test_a_wording_is_a_normal_distribution_on_the_log_scale_of_its_probability() -> None:
    # "likely": log of 0.60, 0.67, 0.75, 0.80, 0.90 is -0.510826, -0.400478, -0.287682, -0.223144, -0.105361, mean -0.305498;
    # the slope on the normal quantiles is (1.644854 · 0.405465 + 0.674490 · 0.177334) / 6.320961 = 0.124434
    location, spread = read_log_probability(EDITION.dossier.lexicons["plain"]["likely"])
    assert location == pytest.approx(-0.305498, abs=1e-6)
    assert spread == pytest.approx(0.124434, abs=1e-6)


def test_exact_quantiles_of_a_log_normal_probability_give_back_its_location_and_spread() -> None:
    z = np.array([-1.6448536269514722, -0.6744897501960817, 0.0, 0.6744897501960817, 1.6448536269514722])
    quantiles = np.exp(-1.2 + 0.25 * z)
    names = ("p05", "p25", "p50", "p75", "p95")
    row = Wording(wording="now and then", n=0, citation="made up", **dict(zip(names, quantiles.tolist(), strict=True)))
    assert read_log_probability(row) == pytest.approx((-1.2, 0.25), abs=1e-12)
    assert geometric_mean(row) == pytest.approx(math.exp(-1.2), abs=1e-12)


def test_the_ratio_of_a_fact_is_the_difference_of_the_logs_with_the_spreads_added_in_squares() -> None:
    # "unlikely": log of 0.05, 0.10, 0.20, 0.25, 0.40 has the mean -1.842068 and the slope
    # (1.644854 · 2.079442 + 0.674490 · 0.916291) / 6.320961 = 0.638892
    read = read_both_worlds(SEEN, EDITION.dossier.lexicons["plain"], "plain")
    assert read.ratio.mean == pytest.approx(-0.305498 + 1.842068, abs=2e-6)
    assert read.ratio.sd == pytest.approx(math.hypot(0.124434, 0.638892), abs=2e-6)
    assert math.log(read.p_comes / read.p_stays_away) == pytest.approx(read.ratio.mean, abs=1e-12)
    assert str(read) == "seen if it comes: likely (74 %); if it stays away: unlikely (16 %) → ×4.6"
    assert read.citation == "CAPphrase 2026"


def test_swapping_the_worlds_turns_the_sign_and_nothing_else() -> None:
    plain = EDITION.dossier.lexicons["plain"]
    swapped = SeenIf(comes="unlikely", stays_away="likely")
    one, other = (read_both_worlds(words, plain, "plain").ratio for words in (SEEN, swapped))
    assert (other.mean, other.sd) == (-one.mean, one.sd)


def test_a_wording_that_the_lexicon_lacks_is_refused() -> None:
    with pytest.raises(UsageError, match="lexicon 'plain' has no wording 'certain'"):
        read_both_worlds(SeenIf(comes="certain", stays_away="unlikely"), EDITION.dossier.lexicons["plain"], "plain")


@pytest.mark.parametrize(("comes", "stays_away", "sign"), [("likely", "unlikely", 1), ("unlikely", "likely", -1)])
def test_the_number_of_a_fact_is_that_ratio_as_far_as_the_report_is_true(comes: str, stays_away: str, sign: int) -> None:
    # exp(1.536570) = 4.648617; credibility 2: 0.7 · 4.648617 + 0.3 = 3.554032; reliability B adds 0.31 of its log
    number = quantify(recoded(comes, stays_away)).get("fact", "n-003")
    assert number.location == pytest.approx(sign * math.log(3.554032), abs=2e-6)
    assert number.spread == pytest.approx(math.hypot(0.650896, 0.31 * math.log(3.554032)), abs=2e-6)
    assert number.words_spread == pytest.approx(0.650896, abs=2e-6)
    assert (number.scale, number.about, number.why) == ("log likelihood ratio", ("pact-signed",), "CAPphrase 2026")


def test_the_model_takes_the_sign_of_the_words_without_a_direction() -> None:
    index = {name: k for k, name in enumerate(EDITION.event_ids)}
    for words, sign in ((("likely", "unlikely"), 1), (("unlikely", "likely"), -1)):
        edition = recoded(*words)
        (signal,) = (s for s in claim_signals(edition, quantify(edition), index) if s.claim == "n-003")
        assert math.copysign(1, signal.mean) == sign


def test_trace_report_and_notebook_print_the_reading_that_enters_the_model() -> None:
    edition = recoded()
    claim, number = fact(edition), quantify(edition).get("fact", "n-003")
    read = "seen if it comes: likely (74 %); if it stays away: unlikely (16 %) → ×4.6; true with probability 0.7 → ×3.6; grade B2"
    assert number.read == read
    assert read_claim(edition.dossier, claim) == number
    assert claim_reading(edition.dossier, claim, number).endswith(read)
    assert read in {row[claim.id] for row in claim_table(edition.dossier, claim).rows}


def test_a_signal_of_the_history_may_say_the_same_of_both_worlds_and_every_table_prints_it() -> None:
    row = HistoryRow.model_validate({
        "on": "2024-05-05", "event": "quay-closed", "what": "signal", "comes": "unlikely", "stays_away": "likely",
        "lexicon": "plain", "source": "Test Gazette", "status": "confirmed",
    })  # fmt: skip
    edition = replace(EDITION, history=(*EDITION.history, row), dossier=replace(EDITION.dossier, history=(row,)))
    number = quantify(edition).get("signal", f"history-{len(EDITION.history)}")
    read = "seen if it comes: unlikely (16 %); if it stays away: likely (74 %) → ×0.22"
    assert (number.location, number.read) == (pytest.approx(-1.536570, abs=2e-6), read)
    assert number.spread == pytest.approx(0.650896, abs=2e-6)  # as confirmed as a typed ratio: no doubt of a report comes on top
    assert read_signal(edition.dossier, row)[0].sd == number.spread
    assert fact_line(edition, row).what == f"a sign against it ({read})"
    assert list(history_lines(edition.dossier, [row], "quay-closed")) == [
        f"  HISTORY 2024-05-05 signal {read} (confirmed)  [Test Gazette]"
    ]
    (shown,) = history_table(edition.dossier, ["quay-closed"], EDITION.as_of.replace(year=2023), EDITION.as_of).rows
    assert shown["what"] == f"sign, {read}"


def test_a_what_if_may_swap_a_grade_for_the_words_and_says_what_is_wrong_with_half_a_swap() -> None:
    words, graded = {"comes": "likely", "stays_away": "unlikely"}, {"grade": None, "grade_why": "", "direction": None}
    swapped = edited(EDITION, (change("n-003", seen_if=words, lexicon="plain", **graded),))
    assert quantify(swapped).get("fact", "n-003") == quantify(recoded()).get("fact", "n-003")
    again = edited(swapped, (parse_setting("n-003.seen_if={comes: unlikely, stays_away: likely}"),))
    assert quantify(again).get("fact", "n-003").location < 0
    with pytest.raises(UsageError, match=r"^n-003: a fact lacks lexicon; write them, or say"):
        edited(EDITION, (change("n-003", seen_if=words),))
    with pytest.raises(DossierError, match="direction lowers, but it is seen if it comes: likely"):
        edited(EDITION, (change("n-003", seen_if=words, lexicon="plain", **{**graded, "direction": "lowers"}),))

"""Trace walks from a number to its sentences and from a source to its numbers; the run's numbers are made up."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from toy import made_up_run, toy_dossier, toy_edition, toy_priors

from forecasting.analysis.pathways import PINNED
from forecasting.dossier.claims import Target
from forecasting.dossier.edition import Dossier
from forecasting.dossier.load import read_dossier
from forecasting.errors import UsageError
from forecasting.trace.claims import points
from forecasting.trace.data import trace_data
from forecasting.trace.trace import trace_record


@pytest.fixture
def text(tmp_path: Path) -> str:
    return trace_record([made_up_run(tmp_path)], toy_dossier(), "pact-by-2025")


def test_a_question_begins_with_its_forecast_from_base_rate_to_posterior(text: str) -> None:
    assert text.startswith("QUESTION pact-by-2025: Will the ferry pact be signed by the end of 2025?")
    assert "edition 2024-07-ferry, as of 2024-07-01, by 2025-12-31" in text
    assert "  yes: 47 % (roughly even chance)" in text
    assert "base rate 23.0 % → prior with claims 48.0 % → posterior with history 47.0 %" in text
    assert "50 % interval 32-61 %, 90 % 20-81 % (unlikely to very likely)" in text


def test_every_event_behind_a_question_shows_class_rivals_hazards_effects_and_history(text: str) -> None:
    pact, toll = text.index("EVENT pact-signed: "), text.index("EVENT toll-raised (behind an effect): ")
    assert pact < toll
    own = text[pact:toll]
    for part in (
        "priors/events/ferry.yaml:1",
        "open since 2024-01-01, state known until 2024-06-30",
        "base rate pacts-signed: 6 in 40 years; 29 % within the reference horizon [Made up for a test]",
        "rival     tolls-raised: 2 in 30 years; 16 % within the reference horizon [Made up for a test]",
        "why: The nearest count. (fit: good)",
        "posterior hazard 0.162 a year (0.05-0.4)",
        "EFFECT toll-lowers-pact: toll-raised lowers it (moderate). A higher toll sours the talks.",
        "HISTORY 2024-06-30 survived (confirmed) no pact yet [Test Gazette 2024-06-30]",
    ):
        assert part in own
    assert (
        "EFFECT pact-lowers-toll: pact-signed lowers it (strong), claims n-002. The pact caps the toll." in text[toll:]
    )
    assert "HISTORY 2024-04-10 signal ×1.5 (confirmed) a toll booth was painted" in text[toll:]
    # what no effect leads from is not behind the question
    assert "quay-closed" not in text
    assert "ferry-runs" not in text


def test_the_claims_stand_in_the_order_of_what_they_moved_with_source_paragraph_and_pathway(text: str) -> None:
    claims = text[text.index("CLAIMS that moved it") :]
    assert claims.index("yes +15.0 ± 0.2 points") < claims.index("yes +12.0 ± 0.1 points")
    for part in (
        "n-003 [Norland Times 2024-07-01, paragraph 3] author: Customs staff of Sudland have left the quay.",
        '"likely" (plain) (B3, origin norland-times)',
        "pathway: signal that shifts the hazard; priors/claims/norland-times.yaml:31",
    ):
        assert part in claims
    assert "n-002" not in claims


def test_a_question_that_no_claim_moved_says_so(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    quiet = run.with_tables(influence=run.influence[run.influence["question"] != "pact-by-2025"])
    assert "none: base rate, effects and history only" in trace_record([quiet], toy_dossier(), "pact-by-2025")


def test_a_claim_lists_what_it_moves_in_each_edition_or_why_it_moves_nothing(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    moved = trace_record([run], toy_dossier(), "n-001")
    assert "pact-by-2025:yes +12.0 ± 0.1 points (reads the hazard through its wording; weights, k-hat 0.54)" in moved
    assert "toll-by-2025:yes -0.4 ± 0.1 points" in moved
    assert "priors/claims/norland-times.yaml:1" in moved
    nothing = trace_record([run], toy_dossier(), "n-010")
    assert "2024-07-ferry: moves nothing: others say the same more firmly" in nothing


def test_a_source_lists_every_question_that_it_moves_and_what_each_claim_does(tmp_path: Path) -> None:
    text = trace_record([made_up_run(tmp_path)], toy_dossier(), "norland-times")
    assert text.startswith("SOURCE norland-times: The ferry question (Norland Times, 2024-07-01)")
    pact = text.index("pact-by-2025:yes 21.0 % instead of 47.0 % (+26.0 ± 0.9 points; refit, k-hat 1.31)")
    assert pact < text.index("toll-by-2025:yes 10.0 % instead of 14.8 % (+4.8 ± 0.6 points; refit, k-hat 1.31)")
    assert "moves 2 questions, most pact-by-2025:yes +12.0 points" in text
    assert "moves nothing: others say the same more firmly" in text
    assert "not in this edition" in text
    for claim in toy_edition().claims:
        assert f"  {claim.id} [Norland Times 2024-07-01" in text


def test_an_unknown_id_is_answered_with_its_neighbours(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no record or origin 'pact-by-2026'.*pact-by-2025"):
        trace_record([made_up_run(tmp_path)], toy_dossier(), "pact-by-2026")


def test_a_question_without_a_run_names_the_command_that_makes_one() -> None:
    with pytest.raises(UsageError, match=r"no run has the question 'pact-by-2025' yet; make one with: forecast run"):
        trace_record([], toy_dossier(), "pact-by-2025")


def test_changes_are_signed_points() -> None:
    assert points(0.0123) == "+1.2 points"
    assert points(-0.3) == "-30.0 points"
    assert points(0.0123, 0.00101) == "+1.2 ± 0.2 points"


def test_a_question_says_what_it_depends_on_what_conflicts_and_which_origins_it_depends_on(text: str) -> None:
    assert "what yes depends on: driven by the base-rate prior (sensitivity: base 0.21, grades 0.02, claims 0.03" in text
    assert "what the claims say agrees with the class: 4.5 times likelier" in text
    assert "  norland-times (2 claims): yes +12.0 ± 0.1 points" in text[text.index("ORIGINS it depends on") :]


def test_an_origin_shows_every_number_that_its_absence_would_move(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    wire = trace_record([run], toy_dossier(), "quay-wire")
    assert wire.startswith("ORIGIN quay-wire: 5 claims in 1 source")
    assert "edition 2024-07-ferry: moves no answer noticeably" in wire
    assert "n-010 [Norland Times" in wire
    # a source that is an origin too is told as both
    both = trace_record([run], toy_dossier(), "norland-times")
    assert both.startswith("SOURCE norland-times")
    assert "ORIGIN norland-times: 2 claims in 1 source" in both
    assert "pact-by-2025:yes 35.0 % instead of 47.0 % (+12.0 ± 0.1 points; weights, k-hat 0.54)" in both


def conditional() -> Dossier:
    """Return the toy's dossier with its first judgement made under a condition."""
    dossier = toy_dossier()
    target = Target(event=("pact-signed",), given={"toll-raised": False})
    claims = {**dossier.claims, "n-001": dossier.claims["n-001"].model_copy(update={"target": target})}
    return replace(dossier, claims=claims)


def test_a_conditional_judgement_is_read_with_its_condition(tmp_path: Path) -> None:
    # "likely" reads as 74 % within a year: −log(1 − 0.74) = 1.3 a year, in worlds where the toll has not gone up
    reading = "within 1 year, given that “What happens to toll-raised” has not happened: "
    for record in ("pact-by-2025", "n-001"):
        assert reading in trace_record([made_up_run(tmp_path)], conditional(), record)
        assert "given that" not in trace_record([made_up_run(tmp_path)], toy_dossier(), record)


def test_a_claim_that_comes_through_an_effect_says_why_it_moves_little(tmp_path: Path) -> None:
    told = trace_record([made_up_run(tmp_path)], toy_dossier(), "toll-by-2025")
    assert f"    through an effect: {PINNED}" in told[told.index("CLAIMS that moved it") :]
    # what bears on the asked event itself needs no such words
    assert PINNED not in trace_record([made_up_run(tmp_path)], toy_dossier(), "pact-by-2025")


def test_an_event_shows_class_history_effects_both_ways_claims_and_the_answers_on_it(tmp_path: Path) -> None:
    told = trace_record([made_up_run(tmp_path)], toy_dossier(), "pact-signed")
    assert told.startswith("edition 2024-07-ferry, as of 2024-07-01\nEVENT pact-signed: ")
    effects, claims, questions = (told.index(head) for head in ("EFFECTS out of it", "CLAIMS about it\n", "QUESTIONS that stand"))
    behind = told[:effects]
    assert "base rate pacts-signed: 6 in 40 years" in behind
    assert "EFFECT toll-lowers-pact: toll-raised lowers it (moderate)" in behind
    assert "HISTORY 2024-06-30 survived (confirmed)" in behind
    assert "EFFECT pact-lowers-toll: pact-signed lowers toll-raised (strong), claims n-002" in told[effects:claims]
    assert "n-001 [Norland Times" in told[claims:questions]
    assert "moves 2 questions, most pact-by-2025:yes +12.0 points" in told[claims:questions]
    answer = "yes: 47 % (roughly even chance); 50 % interval 32-61 %, 90 % 20-81 % (unlikely to very likely)"
    assert f"2024-07-ferry: pact-by-2025\n    {answer}" in told[questions:]
    # an answer of which the event is only behind an effect is marked as such
    assert "2024-07-ferry: toll-by-2025 (through effects)" in told[questions:]


def test_an_effect_shows_its_events_its_claims_and_the_answers_it_reaches(tmp_path: Path) -> None:
    told = trace_record([made_up_run(tmp_path)], toy_dossier(), "pact-lowers-toll")
    assert told.startswith("EFFECT pact-lowers-toll: pact-signed lowers toll-raised (strong), claims n-002. The pact caps")
    assert "  from pact-signed: " in told
    assert "  to toll-raised: " in told
    assert "n-002 [Norland Times" in told[told.index("CLAIMS that support it") :]
    assert "2024-07-ferry: toll-by-2025\n" in told[told.index("QUESTIONS that it reaches") :]


def test_a_class_shows_its_counts_the_events_on_it_and_those_it_is_a_rival_for(tmp_path: Path) -> None:
    told = trace_record([made_up_run(tmp_path)], toy_dossier(), "pacts-signed")
    assert told.startswith("REFERENCE CLASS pacts-signed: 6 events in 40 years")
    assert "  0.163 a year" in told  # (6 + 0.5) / 40 = 0.1625
    assert "[Made up for a test]" in told
    stands, rival = told.index("EVENTS that stand on it"), told.index("EVENTS that it is a rival for")
    assert "  pact-signed: " in told[stands:rival]
    assert "2024-07-ferry: pact-by-2025" in told[rival:]
    other = trace_record([made_up_run(tmp_path)], toy_dossier(), "tolls-raised")
    assert "  pact-signed, which stands on pacts-signed" in other[other.index("EVENTS that it is a rival for") :]


def test_an_edition_shows_its_answers_and_its_claims_by_influence(tmp_path: Path) -> None:
    told = trace_record([made_up_run(tmp_path)], toy_dossier(), "2024-07-ferry")
    assert told.startswith("EDITION 2024-07-ferry: ")
    assert "  pact-by-2025: Will the ferry pact be signed by the end of 2025?\n    yes: 47 %" in told
    claims = told[told.index("CLAIMS by what each moves most") :]
    # n-003 moves 15 points; of the two answers that n-001 moves, the larger change is shown
    assert claims.index("pact-by-2025:yes +15.0 points") < claims.index("n-003 [") < claims.index("pact-by-2025:yes +12.0 points")
    assert "move nothing: n-010" in claims
    with pytest.raises(UsageError, match="has no run yet; make one with: forecast run 2024-07-ferry"):
        trace_record([], toy_dossier(), "2024-07-ferry")


def test_an_assumption_shows_who_holds_it_why_and_whether_each_run_meets_it(tmp_path: Path) -> None:
    told = trace_record([made_up_run(tmp_path)], toy_dossier(), "a-002")
    assert told.splitlines() == [
        "ASSUMPTION a-002: If the pact is signed the toll is raised in at most one world of ten.",
        "  priors/assumptions.yaml:7",
        "  P({occurs: toll-raised}), given {occurs: pact-signed}, by 2025-12-31: at most 10 %",
        "  held by harbour master, of 2024-07-ferry",
        "  why: The pact caps the toll.",
        "  what would change it: A pact that lets it rise.",
        "",
        "WHAT THE RUNS SAY (it moves no number of them)",
        "  2024-07-ferry: not met: 14.2 ± 0.3 %, on 30,000 paths of the condition; held is at most 10 %",
    ]
    compared = trace_record([], toy_dossier(), "a-003")
    assert "given {occurs: pact-signed}, rather than given {holds: pact-signed}, by 2025-12-31: at most 0 points" in compared
    assert compared.endswith("  no run is of an edition that it is held of")


def test_an_edition_lists_its_assumptions_with_how_many_are_met(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    told = trace_record([run], toy_dossier(), "2024-07-ferry")
    listed = told[told.index("ASSUMPTIONS") :].splitlines()
    assert listed[0] == "ASSUMPTIONS, which move nothing: 1 of 3 are met, 1 is not, 1 is unclear; 1 cannot be asked"
    assert listed[1] == "  a-001: met: 78.1 ± 0.2 %; held is at least 40 %"
    none = run.with_tables(assumptions=run.assumptions[:0])
    assert "ASSUMPTIONS" not in trace_record([none], toy_dossier(), "2024-07-ferry")


def test_an_occasion_is_found_from_its_question_its_event_and_its_class(tmp_path: Path, project_dir: Path) -> None:
    day = "{on: 2025-06-07, reference_class: deadlines-kept, why: An election., source: the law, beside_class: Left out.}"
    unknown = "{on: 2025-09-07, known_on: 2024-08-01, wording: likely, lexicon: plain, why: A vote., source: the law}"
    folder = shutil.copytree(toy_priors(), tmp_path / "priors")
    events = folder / "events" / "ferry.yaml"
    text = events.read_text("utf-8").replace("class_fit: good", f"class_fit: good\n  occasions: [{day}, {unknown}]", 1)
    events.write_text(text, "utf-8")
    dossier, _ = read_dossier(folder)
    runs = [made_up_run(tmp_path)]
    for record, depth in (("pact-by-2025", 2), ("pact-by-2025", 3), ("pact-signed", 3)):
        told = trace_record(runs, dossier, record, depth)
        (line,) = [line.strip() for line in told.splitlines() if "OCCASION" in line]
        assert line.startswith("OCCASION 2025-06-07: ")
        assert "that it happens then, besides its rate; class deadlines-kept" in line
    assert "2025-09-07" not in told, "the edition does not know of that day"
    assert "pact-signed, for its occasion on 2025-06-07: An election." in trace_record(runs, dossier, "deadlines-kept")
    (pact,) = [one for one in trace_data(runs, dossier, "pact-by-2025")["editions"][0]["events"] if one["event"] == "pact-signed"]
    assert [one["reference_class"] for one in pact["occasions"]] == ["deadlines-kept"]
    assert 0 < pact["occasions"][0]["p"] < 1

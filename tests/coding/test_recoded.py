"""An edition with another coder's claims is the edition, but for the claims; what cannot be read is left out whole and named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from broken_dossiers import read_broken
from coded import coding, record

from forecasting.coding.recoded import recoded
from forecasting.dossier.codings import read_coding
from forecasting.elicitation.quantify import quantify


@pytest.fixture
def edition(tmp_path: Path, project_dir: Path):
    driver = (
        "drivers:\n  - {id: trade, title: Trade, high_means: More of it., why: Both need it.,\n"
        "     loadings: [{event: pact-signed, sign: raises, grade: weak}]}\n"
    )
    return read_broken(tmp_path, project_dir, ("effects.yaml", "drivers: []", driver)).edition("2024-07-ferry")


def here(*claims):
    return coding("one", *(claim.model_copy(update={"source": "norland-times"}) for claim in claims))


def test_claims_coded_as_they_are_give_the_same_numbers(edition):
    own, failures = read_coding(edition.dossier.root / "claims")
    assert not failures
    changed = recoded(edition, own, {})
    assert changed.left_out == ()
    own, again = ([replace(row, why="") for row in quantify(one).rows] for one in (edition, changed.edition))
    assert again == own
    assert (changed.edition.events, changed.edition.effects) == (edition.events, edition.effects)


def test_a_judgement_without_a_term_has_the_default_and_its_nearest_entry(edition):
    said = record("a-001", 0, 10, "judgement", wording="is rather likely to", nearest="likely", reads="at_least")
    (claim,) = recoded(edition, here(said), {}).edition.claims
    assert (claim.wording, claim.reads, claim.horizon.years, claim.horizon.stated) == ("likely", "at_least", 1.0, False)
    assert claim.made_on == edition.dossier.sources["norland-times"].published_on


def test_a_target_without_a_record_is_read_as_what_stands_for_it_or_left_out(edition):
    balance, lost = record("a-001", 0, 10, "driver"), record("a-002", 0, 10, "fact", target=("bridge-built",))
    part = record("a-003", 0, 10, "fact", target=("bridge-built", "toll-raised"))
    found = recoded(edition, here(balance, lost, part), {"upper-hand": "trade"})
    assert [(claim.id, claim.target.driver, claim.target.event) for claim in found.edition.claims] == [
        ("a-001", "trade", None), ("a-003", None, ("toll-raised",))
    ]  # fmt: skip
    assert found.left_out == (("a-002", "no record of bridge-built"),)
    assert recoded(edition, here(balance), {}).left_out == (("a-001", "no record of upper-hand"),)


def test_a_condition_is_never_dropped(edition):
    judged = record("a-001", 0, 10, "judgement", target=("toll-raised",), given={"pact-signed": True})
    backward = record("a-002", 0, 10, "judgement", given={"toll-raised": True})
    graded = record("a-003", 0, 10, "fact", target=("toll-raised",), given={"pact-signed": True})
    found = recoded(edition, here(judged, backward, graded), {})
    assert [claim.id for claim in found.edition.claims] == ["a-001"]
    assert found.edition.claims[0].target.given == {"pact-signed": True}
    assert found.left_out == (
        ("a-002", "no effect from toll-raised into pact-signed"), ("a-003", "a fact under a condition")
    )  # fmt: skip


def test_a_condition_that_decides_the_event_is_left_out(edition):
    blocks = replace(edition, effects=tuple(e.model_copy(update={"acts": "blocks"}) for e in edition.effects))
    judged = record("a-001", 0, 10, "judgement", target=("toll-raised",), given={"pact-signed": True})
    assert recoded(blocks, here(judged), {}).left_out == (
        ("a-001", "toll-raised is certain or impossible with pact-signed true"),
    )  # fmt: skip


def test_background_and_other_sources_are_passed_over_and_an_unknown_wording_is_named(edition):
    unknown = record("a-002", 0, 10, "judgement", wording="perhaps")
    found = recoded(edition, here(record("a-001", 0, 10), unknown), {})
    assert (found.edition.claims, found.left_out) == ((), (("a-002", "lexicon plain has no entry for 'perhaps'"),))
    assert recoded(edition, coding("one", record("a-001", 0, 10, "fact")), {}).left_out == ()

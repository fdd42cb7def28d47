"""An edition sees what bears on its questions, and nothing dated after its as-of date."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from broken_dossiers import ADD_BRIDGE, ASK_BRIDGE, BRIDGE, BRIDGE_TO_TOLL, read_broken
from builders import claim_yaml

from forecasting.dossier.effects import Effect
from forecasting.dossier.graph import downstream, upstream

CLAIMS, EDITION, HISTORY = "claims/norland-times.yaml", "editions/2024-07-ferry.yaml", "history.csv"
NAME = "2024-07-ferry"
FACT = """\
    paraphrase: Observers speak.
    speaker: observers
    kind: fact
    target: {event: pact-signed}
    direction: lowers
    grade: weak
    made_on: 2024-07-02
    reliability: C
    credibility: 3
    origin: observers
    """


def effect(cause: str, target: str) -> Effect:
    return Effect.model_validate(
        {"id": f"{cause}-{target}", "from": cause, "to": target, "acts": "enables", "why": "tested"}
    )


def test_events_upstream_of_a_question_are_needed_and_others_are_not():
    effects = [effect("a", "b"), effect("b", "c"), effect("c", "d"), effect("x", "y"), effect("c", "a")]
    assert upstream(effects, {"c"}) == {"a", "b", "c"}
    assert upstream(effects, {"y"}) == {"x", "y"}
    assert upstream(effects, set()) == set()
    assert downstream(effects, {"a"}) == {"a", "b", "c", "d"}
    assert downstream(effects, {"d", "x"}) == {"d", "x", "y"}


def test_events_stand_in_alphabetical_order_whatever_the_files_say(tmp_path: Path, project_dir: Path):
    dossier = read_broken(tmp_path, project_dir, ADD_BRIDGE, BRIDGE_TO_TOLL)
    assert dossier.edition(NAME).event_ids == ("bridge-built", "pact-signed", "toll-raised")


def test_an_event_that_bears_on_no_question_of_the_edition_is_left_out(tmp_path: Path, project_dir: Path):
    edition = read_broken(tmp_path, project_dir, ADD_BRIDGE, ASK_BRIDGE).edition(NAME)
    assert edition.event_ids == ("pact-signed", "toll-raised")


def test_an_event_that_opens_later_is_left_out_with_its_effects(tmp_path: Path, project_dir: Path):
    later = ("events/ferry.yaml", "", BRIDGE.replace("2024-01-01", "2024-07-02"))
    edition = read_broken(tmp_path, project_dir, later, BRIDGE_TO_TOLL).edition(NAME)
    assert edition.event_ids == ("pact-signed", "toll-raised")
    assert [effect.id for effect in edition.effects] == ["pact-lowers-toll"]


def test_an_event_that_opens_on_the_as_of_date_is_seen(tmp_path: Path, project_dir: Path):
    today = ("events/ferry.yaml", "", BRIDGE.replace("2024-01-01", "2024-07-01"))
    assert "bridge-built" in read_broken(tmp_path, project_dir, today, BRIDGE_TO_TOLL).edition(NAME).event_ids


def test_claims_and_history_after_the_as_of_date_are_not_seen(tmp_path: Path, project_dir: Path):
    edition = read_broken(
        tmp_path,
        project_dir,
        (CLAIMS, "", claim_yaml("n-004", "Observers say", FACT)),
        (HISTORY, "",
            "2024-07-01,toll-raised,signal,2,Gazette,confirmed,\n2024-07-02,toll-raised,occurred,,Gazette,confirmed,\n"),
    ).edition(NAME)  # fmt: skip
    assert edition.as_of == dt.date(2024, 7, 1)
    assert [claim.id for claim in edition.claims] == ["n-001", "n-002", "n-003"]
    assert [(row.on.isoformat(), row.what) for row in edition.history] == [
        ("2024-06-30", "survived"), ("2024-06-30", "survived"), ("2024-07-01", "signal")
    ]  # fmt: skip


def test_claims_of_a_source_that_the_edition_does_not_list_are_not_seen(tmp_path: Path, project_dir: Path):
    edition = read_broken(tmp_path, project_dir, (EDITION, "[norland-times]", "[sudland-post]")).edition(NAME)
    assert edition.claims == ()


def test_a_correction_replaces_its_claim_only_from_its_own_date_on(tmp_path: Path, project_dir: Path):
    correction = FACT.replace("kind: fact", "kind: fact\n    supersedes: n-003")
    today = (CLAIMS, "", claim_yaml("n-004", "Observers say", correction.replace("07-02", "07-01")))
    later = (CLAIMS, "", claim_yaml("n-004", "Observers say", correction))
    seen = [read_broken(tmp_path, project_dir, change).edition(NAME).claims for change in (today, later)]
    assert [[claim.id for claim in claims] for claims in seen] == [
        ["n-001", "n-002", "n-004"],
        ["n-001", "n-002", "n-003"],
    ]


def test_a_driver_is_seen_if_it_loads_on_an_event_of_the_edition(tmp_path: Path, project_dir: Path):
    def driver(event: str) -> tuple[str, str, str]:
        load = f"{{event: {event}, sign: raises, grade: weak}}"
        text = f"{{id: trade, title: Trade, high_means: More of it., why: It helps., loadings: [{load}]}}"
        return "effects.yaml", "drivers: []", f"drivers:\n  - {text}"

    with_toll = read_broken(tmp_path, project_dir, driver("toll-raised")).edition(NAME)
    with_bridge = read_broken(tmp_path, project_dir, ADD_BRIDGE, driver("bridge-built")).edition(NAME)
    assert [[driver.id for driver in edition.drivers] for edition in (with_toll, with_bridge)] == [["trade"], []]

"""An article becomes records step by step in Python: what is empty is named, what is filled stands in the files."""

from __future__ import annotations

import pytest

from forecasting.dossier.load import read_dossier
from forecasting.errors import UsageError
from forecasting.project.article import accept, add, begin, counted, fill, proposals, source_table


@pytest.fixture
def place(tmp_path):
    return begin(tmp_path / "project")


def test_a_place_begins_with_a_described_article_and_nothing_coded(place):
    dossier, failures = read_dossier(place.priors)
    assert (list(dossier.sources), len(dossier.claims), failures) == (["observer-2024-03"], 0, ())
    told = {row["field"]: row["observer-2024-03"] for row in source_table(place).rows}
    assert told["title"] == "Eight months of quiet on the Mira"


def test_proposals_are_taken_by_place_and_what_is_empty_is_named(place):
    first = proposals(place).rows[0]
    assert (first["place"], first["words"], first["says"]) == ("5.2", "improbable", "Lena Marr")
    told = accept(place, "5.2")
    assert told.caption == "observer-2024-03.yaml: 6 fields are still to be filled in"
    assert "o-001: 'paraphrase' is still to be filled in" in [row["found"] for row in told.rows]
    # the sentence is covered now, and the next one is the first
    assert proposals(place).rows[0]["words"] == "unlikely"


def test_what_is_filled_stands_in_the_file_beside_what_was_there(place):
    accept(place, "5.2")
    left = fill(place, "o-001", paraphrase="No settlement.", target={"event": ["border-treaty"]}, direction="occurs",
                horizon={"years": 1.8, "stated": True, "why": "by then"}, reliability="B", credibility=3)  # fmt: skip
    assert [row["found"] for row in left.rows] == ["'origin' is still to be filled in"]
    assert fill(place, "o-001", origin="lena-marr").rows == [{"record": "o-001", "state": "complete"}]
    claim = read_dossier(place.priors)[0].claims["o-001"]
    assert (claim.wording, claim.origin, claim.target.event) == ("improbable", "lena-marr", ("border-treaty",))
    assert "# looks like it; docs/codebook.md" in (place.priors / "claims/observer-2024-03.yaml").read_text("utf-8")


def test_a_contract_is_set_line_by_line(place):
    contract = {"counts": "A text.", "status_quo": "None."}
    left = add(place, "event", "border-treaty", title="A treaty is signed", resolution=contract)
    assert "'resolution.does_not_count' is still to be filled in" in [row["found"] for row in left.rows]
    text = (place.priors / "events/own.yaml").read_text("utf-8")
    assert "    counts: A text.  # what must be seen\n" in text


def test_what_there_is_not_is_named_with_what_there_is(place):
    with pytest.raises(UsageError, match="write 'event', 'question' or 'edition'"):
        add(place, "effect", "e-001")
    with pytest.raises(UsageError, match="no record 'o-009'"):
        fill(place, "o-009", origin="x")
    with pytest.raises(UsageError, match="nothing is written over"):
        begin(place.folder)


def test_counted_classes_are_shown_with_their_bias():
    rows = counted("coup attempt succeeds", most=2).rows
    assert len(rows) == 2
    assert all(row["known bias"] and " in " in row["counted cases"] for row in rows)

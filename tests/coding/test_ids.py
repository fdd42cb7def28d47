"""One allocator of claim ids: whoever writes a claim gets an id that no record has, and the same one whoever asks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import TEXT, write_dossier
from toy import PROJECT

from forecasting.coding.ids import free_ids, next_claim_id, taken_ids
from forecasting.coding.proposals import accepted_records, propose, records_of

PIERS = ("one", "two", "three", "four")
ARTICLE = TEXT + "".join(f"Officials said the quay on pier {word} will probably close.\n" for word in PIERS)
OTHERS = """\
- {id: n-005, title: Not a claim, asks: {occurs: pact-signed, by: 2025-12-31}}
- {id: N-007, title: Another, asks: {occurs: pact-signed, by: 2025-12-31}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A dossier in which questions have two of the ids that claims of the source would get next."""
    priors = write_dossier(tmp_path, PROJECT)
    with (priors / "questions/ferry.yaml").open("a", encoding="utf-8") as file:
        file.write(OTHERS)
    (tmp_path / "article.txt").write_text(ARTICLE, "utf-8")
    return priors


def test_suggest_and_new_give_the_same_ids_and_none_that_a_record_of_any_kind_has(root: Path, tmp_path: Path) -> None:
    source = root / "sources/norland-times.yaml"
    source.write_text(re.sub(r"text_(sha256|length): .*", lambda m: _of_article(m[1]), source.read_text("utf-8")), "utf-8")
    proposed = propose(tmp_path / "article.txt", root, "norland-times")
    assert len(proposed.proposals) >= 4
    assert proposed.ids[:4] == ("n-004", "n-006", "n-008", "n-009")
    assert re.findall(r"(?m)^- id: (\S+)", records_of(proposed)) == list(proposed.ids)
    accepted = accepted_records(proposed, proposed.proposals[2:4])
    assert [re.findall(r"\bid: (\S+)", text)[0] for text in accepted] == ["n-004", "n-006"]
    assert not {ident.casefold() for ident in proposed.ids} & taken_ids(root).keys()
    assert next_claim_id(root, "norland-times") == "n-004"


def _of_article(field: str) -> str:
    from forecasting.dossier.anchors import digest

    return f"text_{field}: {digest(ARTICLE) if field == 'sha256' else len(ARTICLE)}"


def test_a_series_goes_on_past_what_is_taken() -> None:
    assert free_ids("c-098", 4, {"c-099", "c-100"}) == ("c-098", "c-101", "c-102", "c-103")

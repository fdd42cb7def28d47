"""Which observations of a balance are of other theatres than a question asks about: they are listed apart."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from town_balance import MANY, town_edition

from forecasting.trace.further import from_elsewhere

READ = [("o-001", "river"), ("o-011", "market"), ("o-002", "upper-hand"), ("rent-2024", "rents")]


def test_other_theatres_and_the_whole_are_elsewhere_for_a_theatre_and_nothing_is_for_the_whole(
    tmp_path: Path, project_dir: Path
) -> None:
    edition = town_edition(tmp_path, project_dir, MANY)
    told = SimpleNamespace(rows=lambda _: [SimpleNamespace(claim=claim, about=about) for claim, about in READ])
    of = {name: from_elsewhere(told, edition.dossier.questions[name], edition) for name in ("sudland-ahead-river", "toll-index",
          "norland-ahead", "ferry-order-2025")}  # fmt: skip
    assert of["sudland-ahead-river"] == of["toll-index"] == {"o-011", "o-002"}
    assert of["norland-ahead"] == of["ferry-order-2025"] == frozenset()

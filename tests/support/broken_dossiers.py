"""Break a small dossier in one way, and see which rules notice and where."""

from __future__ import annotations

from pathlib import Path

from builders import write_dossier

from forecasting.dossier.edition import Dossier
from forecasting.dossier.load import read_dossier

Edit = tuple[str, str, str]  # file, what to replace (its first occurrence; "" appends, and makes the file), with what

BRIDGE = """\
- id: bridge-built
  title: A bridge replaces the ferry
  opens_on: 2024-01-01
  reference_class: pacts-signed
  why_class: No better class is counted.
  class_fit: poor
  resolution:
    counts: Traffic crosses the bridge.
    does_not_count: A footbridge.
    settled_by: two news agencies
    status_quo: No bridge.
    void_if: The river dries up.
"""
ADD_BRIDGE = ("events/ferry.yaml", "", BRIDGE)
BRIDGE_TO_TOLL = (
    "effects.yaml",
    "drivers: []",
    "  - {id: bridge-lowers-toll, from: bridge-built, to: toll-raised, sign: lowers, grade: weak, why: Cars cross.}\n"
    "drivers: []",
)
ASK_BRIDGE = (
    "questions/ferry.yaml",
    "",
    "- {id: bridge-by-2025, title: Will a bridge be built?, asks: {occurs: bridge-built, by: 2025-12-31}}\n",
)
LIST_BRIDGE = ("editions/2024-07-ferry.yaml", "ferry-order-2025]", "ferry-order-2025, bridge-by-2025]")


def second_source(claim: str) -> tuple[Edit, ...]:
    """Return the edits that add another source of the same text, with one claim, to the edition."""
    from builders import TEXT

    from forecasting.dossier.anchors import digest

    source = (
        "id: sudland-post\ntitle: The ferry pact\npublisher: Sudland Post\nauthor: staff\npublished_on: 2024-07-01\n"
        "published_precision: day\npublished_how: printed on the page\nlicence: made up for a test\n"
        f"origin_group: sudland-post\nkind: news\ntext_sha256: {digest(TEXT)}\ntext_length: {len(TEXT)}\n"
    )
    listed = ("editions/2024-07-ferry.yaml", "sources: [norland-times]", "sources: [norland-times, sudland-post]")
    return (("sources/sudland-post.yaml", "", source), ("claims/sudland-post.yaml", "", claim), listed)


def edit(root: Path, file: str, old: str, new: str) -> None:
    """Change a file of a dossier in one place."""
    path = root / file
    text = path.read_text("utf-8") if path.exists() else ""
    assert old in text, f"{old!r} is not in {file}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(old, new, 1) if old else text + new, "utf-8")


def write_broken(tmp_path: Path, project_dir: Path, *edits: Edit) -> Path:
    """Write the small dossier with some edits; return its root."""
    root = write_dossier(tmp_path, project_dir)
    for change in edits:
        edit(root, *change)
    return root


def read_broken(tmp_path: Path, project_dir: Path, *edits: Edit) -> Dossier:
    """Write the small dossier with some edits and read it; its form must be sound."""
    dossier, failures = read_dossier(write_broken(tmp_path, project_dir, *edits))
    assert not failures, "\n".join(map(str, failures))
    return dossier


def line_of(path: Path, *texts: str) -> int:
    """Return the line of the last of some texts that follow each other in a file."""
    content, at = path.read_text("utf-8"), 0
    for text in texts:
        at = content.index(text, at)
    return content.count("\n", 0, at) + 1

"""Sealing writes the seals and nothing else, in one step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from broken_dossiers import edit
from builders import write_dossier

from forecasting.coding.seals import seal_claims
from forecasting.dossier.load import read_dossier
from forecasting.errors import UsageError
from forecasting.rules.check import check_dossier

CLAIMS = "claims/norland-times.yaml"
SEAL = re.compile(r', seal: "[0-9a-f]{8}"')


def unsealed(tmp_path: Path, project_dir: Path) -> Path:
    root = write_dossier(tmp_path, project_dir)
    path = root / CLAIMS
    path.write_text(SEAL.sub("", path.read_text("utf-8")), "utf-8")
    return path


def test_sealing_restores_what_the_builder_wrote_and_changes_nothing_else(tmp_path: Path, project_dir: Path):
    sealed = (write_dossier(tmp_path, project_dir) / CLAIMS).read_text("utf-8")
    path = unsealed(tmp_path, project_dir)
    assert seal_claims(path) == 3
    assert path.read_text("utf-8") == sealed


def test_sealing_again_does_not_touch_the_file(tmp_path: Path, project_dir: Path):
    path = unsealed(tmp_path, project_dir)
    seal_claims(path)
    before = path.stat()
    assert seal_claims(path) == 0
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_comments_blank_lines_line_ends_and_letters_stay_as_they_are(tmp_path: Path, project_dir: Path):
    path = unsealed(tmp_path, project_dir)
    text = path.read_text("utf-8").replace("- id: n-002", "\n# Türkiye 🛳 — “quoted”\n- id: n-002   # the second")
    path.write_bytes(text.replace("\n", "\r\n").encode("utf-8"))
    seal_claims(path)
    assert SEAL.sub("", path.read_bytes().decode("utf-8")) == text.replace("\n", "\r\n")
    assert check_dossier(read_dossier(path.parent.parent)[0]) == ()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_anchor_in_block_style_gets_its_seal_on_a_line_of_its_own(newline: str, tmp_path: Path, project_dir: Path):
    path = unsealed(tmp_path, project_dir)
    flow = re.search(r"anchor: \{start: 46, end: 75, sha256: (\w+), paragraph: 1\}", path.read_text("utf-8"))
    assert flow
    lines = ["anchor:", "    start: 46", "    end: 75", f"    sha256: {flow[1]}", "    paragraph: 1  # the first"]
    text = path.read_text("utf-8").replace(flow[0], "\n".join(lines)).replace("\n", newline)
    path.write_bytes(text.encode("utf-8"))
    assert seal_claims(path) == 3
    assert (
        f'    paragraph: 1  # the first{newline}    seal: "a1cb7084"{newline}  paraphrase' in path.read_bytes().decode()
    )
    assert check_dossier(read_dossier(path.parent.parent)[0]) == ()


def test_a_seal_that_is_wrong_or_unquoted_is_replaced(tmp_path: Path, project_dir: Path):
    root = write_dossier(tmp_path, project_dir)
    edit(root, CLAIMS, '"a1cb7084"', "12345678")
    assert seal_claims(root / CLAIMS) == 1
    assert '"a1cb7084"' in (root / CLAIMS).read_text("utf-8")


def test_a_claim_that_cannot_be_sealed_is_left_alone(tmp_path: Path, project_dir: Path):
    path = unsealed(tmp_path, project_dir)
    edit(path.parent.parent, CLAIMS, "source: norland-times", "source: somebody-else")
    edit(path.parent.parent, CLAIMS, "start: 91, ", "")
    assert seal_claims(path) == 1


def test_a_file_that_is_not_well_formed_is_not_touched(tmp_path: Path, project_dir: Path):
    path = unsealed(tmp_path, project_dir)
    path.write_text(path.read_text("utf-8") + "  kind: fact\n  kind: fact\n", "utf-8")
    before = path.read_bytes()
    with pytest.raises(UsageError, match="the key 'kind' again"):
        seal_claims(path)
    assert path.read_bytes() == before

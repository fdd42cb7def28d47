"""Tags of a repository that somebody sent: what its settings name is not run, and no repository inside hides the one around."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from forecasting.ledger.anchors import tagged_heads
from forecasting.ledger.chain import Head

A, B = "ab" * 32, "cd" * 32
WHO = ("-c", "user.name=A", "-c", "user.email=a@example.org")


def git(folder: Path, *arguments: str) -> str:
    ran = subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True)
    return ran.stdout.strip()


def tagged(folder: Path, *names: str, bare: bool = False) -> Path:
    """Return a repository whose last commit has some tags with a message."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", *(["--bare"] if bare else []))
    tree = subprocess.run(["git", "-C", str(folder), "mktree"], input="", check=True, capture_output=True, text=True)
    commit = git(folder, *WHO, "commit-tree", tree.stdout.strip(), "-m", "begin")
    for name in names:
        git(folder, *WHO, "tag", "-a", "-m", name, name, commit)
    return folder


def settings_that_run(folder: Path, config: Path, program: str, **more: str) -> None:
    """Have a repository lack what its tags point to, look for it, and name a program that is to fetch it."""
    for tag in git(folder, "for-each-ref", "--format=%(objectname)", "refs/tags").split():
        for path in config.parent.glob(f"objects/{tag[:2]}/{tag[2:]}"):
            path.unlink()
    lines = {
        "core.repositoryformatversion": "1", "extensions.partialClone": "them", "tag.sort": "-taggerdate",
        "remote.them.promisor": "true", "remote.them.url": str(folder), "remote.them.uploadpack": program, **more,
    }  # fmt: skip
    for name, value in lines.items():
        subprocess.run(["git", "config", "--file", str(config), name, value], check=True)


@pytest.mark.parametrize("bare", [False, True], ids=["of the project", "within the ledger's folder"])
@pytest.mark.parametrize("by", ["uploadpack", "ext", "ssh"])
def test_no_program_that_the_settings_of_a_repository_name_is_run(tmp_path: Path, by: str, bare: bool) -> None:
    ran = tmp_path / "ran"
    folder = tagged(tmp_path / "project" / "ledger" if bare else tmp_path / "project", f"ledger-1-{A}", bare=bare)
    (tmp_path / "project" / "ledger").mkdir(exist_ok=True)
    more = {
        "uploadpack": {},
        "ext": {"remote.them.url": f"ext::sh -c touch% {ran}", "protocol.ext.allow": "always"},
        "ssh": {"remote.them.url": "a@example.org:b", "core.sshCommand": f"touch {ran};"},
    }[by]
    settings_that_run(folder, folder / "config" if bare else folder / ".git" / "config", f"touch {ran}; false", **more)
    found = tagged_heads(tmp_path / "project" / "ledger")
    assert not ran.exists()
    assert [head for head, _ in found] == ([] if bare else [Head(1, A)])


def test_the_settings_of_these_tests_would_run_a_program(tmp_path: Path) -> None:
    folder = tagged(tmp_path / "project", f"ledger-1-{A}")
    settings_that_run(folder, folder / ".git" / "config", f"touch {tmp_path / 'ran'}; false")
    subprocess.run(["git", "-C", str(folder), "tag", "--list", "ledger-*"], capture_output=True, check=False)
    if not (tmp_path / "ran").exists():
        pytest.skip("this version of git fetches nothing to sort tags")


@pytest.mark.parametrize("bare", [False, True])
def test_a_repository_inside_the_ledgers_folder_does_not_hide_the_tags_of_the_one_around_it(tmp_path: Path, bare: bool) -> None:
    tagged(tmp_path, f"ledger-2-{A}")
    folder = tagged(tmp_path / "ledger", f"ledger-1-{B}", bare=bare)
    heads = [head for head, _ in tagged_heads(folder)]
    assert Head(2, A) in heads
    assert heads == ([Head(2, A)] if bare else [Head(1, B), Head(2, A)])

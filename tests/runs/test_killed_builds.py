"""Whatever stops a build, nothing is published afterwards, nothing of it lives on, and the next command clears up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import FILES, write_dossier
from toy import EDITION, PROJECT

LATER = "2024-08-ferry"
RECORD = FILES["editions/2024-07-ferry.yaml"]  # the small edition: what is killed has to run, not to be large
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture(scope="module")
def priors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    editions = {f"editions/{name}.yaml": RECORD.replace(EDITION, name) for name in (EDITION, LATER)}
    return write_dossier(tmp_path_factory.mktemp("dossier"), PROJECT, editions)


@pytest.fixture
def build(priors: Path, tmp_path: Path) -> Callable[[], subprocess.Popen]:
    command = [sys.executable, "-m", "forecasting.cli.main", "build", "--fresh", "--no-notebooks", "--priors", str(priors),
               "--runs", str(tmp_path / "runs"), "--reports", str(tmp_path / "reports")]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}

    def begin() -> subprocess.Popen:
        return subprocess.Popen(command, cwd=tmp_path, env=environment, start_new_session=True, text=True,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=heard)  # fmt: skip

    return begin


def heard() -> None:
    """Have Ctrl-C reach the build also where the tests run in the background of a shell, which has its children ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def alive(session: int) -> list[str]:
    """Return the processes of a session that have not ended, as ps shows them."""
    listed = subprocess.run(["ps", "-e", "-o", "sid=,stat=,pid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    return [shown for sid, stat, shown in rows if int(sid) == session and not stat.startswith("Z")]


def until(process: subprocess.Popen, stage: str) -> str:
    """Read what a command says until a stage is begun."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if stage in line:
            return said
    raise AssertionError(f"it ended before '{stage}':\n{said}")


def published(runs: Path) -> dict[str, float]:
    """Return when each run was published."""
    return {path.parent.name: path.stat().st_mtime for path in runs.glob("[!.]*/manifest.json")}


def gone(session: int, seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while alive(session) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(session)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "stage"),
    [
        (signal.SIGTERM, "model"), (signal.SIGTERM, "sampling the posterior layer"), (signal.SIGINT, "sampling the prior layer"),
        (signal.SIGKILL, "sampling the posterior layer"),
    ],
)  # fmt: skip
def test_a_build_that_is_stopped_publishes_nothing_afterwards_and_leaves_no_process(
    build: Callable[[], subprocess.Popen], tmp_path: Path, number: signal.Signals, stage: str
) -> None:
    process = build()
    with process:
        until(process, stage)
        process.send_signal(number)
        said = process.communicate(timeout=30)[1]
    assert gone(process.pid), alive(process.pid)
    before = published(tmp_path / "runs")
    if number == signal.SIGKILL:
        assert process.returncode == -signal.SIGKILL
    else:
        assert process.returncode == 130
        assert "interrupted; nothing half-made was published" in said.replace("\n", " ")
        assert not list((tmp_path / "runs").glob(".*.tmp"))
    time.sleep(1.0)
    assert published(tmp_path / "runs") == before == {}


@pytest.mark.slow
def test_the_command_after_a_killed_one_clears_up_and_works_and_what_it_published_survives_the_next_kill(
    build: Callable[[], subprocess.Popen], tmp_path: Path
) -> None:
    killed = build()
    with killed:
        until(killed, "sampling the prior layer")
        killed.kill()
    assert gone(killed.pid)
    left = sorted((tmp_path / "runs").glob(".*.tmp"))
    assert len(left) == 2
    with build() as again:
        said = again.communicate(timeout=240)[1]
    assert again.returncode == 0, said
    for path in left:
        assert f"removed {path}, which an interrupted command had left" in said
    assert not list((tmp_path / "runs").glob(".*.tmp"))
    before = published(tmp_path / "runs")
    assert set(before) == {EDITION, LATER}
    assert not (tmp_path / "docs").exists()
    with build() as third:
        until(third, "sampling the posterior layer")
        third.terminate()
        third.communicate(timeout=30)
    assert third.returncode == 130
    assert gone(third.pid)
    assert published(tmp_path / "runs") == before

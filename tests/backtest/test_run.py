"""A backtest from the command line: written point by point, gone on with after a kill, and the same bytes from a pool or Dask."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import FILES, write_dossier
from refits import EDITION
from toy import PROJECT
from typer.testing import CliRunner

from forecasting.backtest import schedulers
from forecasting.backtest.points import parse_point
from forecasting.backtest.run import carry_out, days_between, plan
from forecasting.backtest.schedulers import in_pool, on_dask
from forecasting.backtest.variants import Variant
from forecasting.cli.main import app
from forecasting.errors import ForecastingError, UsageError
from forecasting.rules.load import load_dossier

# few draws and paths: what is killed has to run, not to be precise, so the gate blocks every point
RECORD = f"editions/{EDITION}.yaml"
QUICK = {RECORD: FILES[RECORD].replace("draws: 1000", "draws: 150\n        paths_per_draw: 4")}
DAYS = days_between(dt.date(2024, 7, 1), dt.date(2024, 10, 1), 12)
OPTIONS = ["--from", "2024-07-01", "--to", "2024-10-01", "--step", "12d"]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture(scope="module")
def priors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dossier(tmp_path_factory.mktemp("dossier"), PROJECT, QUICK)


@pytest.fixture(scope="module")
def reference(priors: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of one backtest that nothing disturbed, by name."""
    runs = tmp_path_factory.mktemp("undisturbed")
    given = plan(load_dossier(priors), EDITION, DAYS, [Variant("all-evidence")], runs)
    assert len(carry_out(given)) == len(DAYS) == 8
    return files(runs)


def files(runs: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (runs / "backtests" / EDITION / "all-evidence").glob("[!.]*.json")}


def command(priors: Path, runs: Path, *more: str) -> list[str]:
    folders = ["--priors", str(priors), "--runs", str(runs), "--ledger", str(runs / "ledger")]
    return [sys.executable, "-m", "forecasting.cli.main", "backtest", EDITION, *OPTIONS, *folders, *more]


def begin(*line: str, **more) -> subprocess.Popen:
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    heard = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731  (a shell's background ignores Ctrl-C)
    return subprocess.Popen(line, env=environment, start_new_session=True, text=True, preexec_fn=heard, **more)


def waits_for(true, seconds: float = 120.0) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def alive(session: int) -> list[str]:
    listed = subprocess.run(["ps", "-e", "-o", "sid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    return [shown for sid, stat, *shown in rows if int(sid) == session and not stat.startswith("Z")]


def stopped(priors: Path, runs: Path, number: signal.Signals, wanted: int) -> str:
    """Begin a backtest, send it a signal once so many points are there, and return what it said."""
    with begin(*command(priors, runs), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert waits_for(lambda: len(files(runs)) >= wanted)
        process.send_signal(number)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == (-signal.SIGKILL if number == signal.SIGKILL else 130)
    assert waits_for(lambda: not alive(process.pid), 20), alive(process.pid)
    return said


def written_at(runs: Path) -> dict[str, int]:
    return {name: (runs / "backtests" / EDITION / "all-evidence" / name).stat().st_mtime_ns for name in files(runs)}


@pytest.mark.slow
def test_a_backtest_that_is_killed_and_then_interrupted_goes_on_where_it_was_and_ends_with_the_same_bytes(
    priors, tmp_path, reference
):
    stopped(priors, tmp_path, signal.SIGKILL, 1)
    first, killed = written_at(tmp_path), files(tmp_path)
    assert 1 <= len(killed) < len(DAYS) - 2
    assert all(reference[name] == content for name, content in killed.items())
    said = stopped(priors, tmp_path, signal.SIGINT, len(killed) + 1)
    assert "interrupted" in said
    found, made = files(tmp_path), written_at(tmp_path)
    assert len(killed) < len(found) < len(DAYS)
    assert all(reference[name] == content for name, content in found.items())
    assert {name: made[name] for name in first} == first  # what was there was not made again
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    again = subprocess.run(command(priors, tmp_path), capture_output=True, text=True, env=environment, check=False)
    assert again.returncode == 0, again.stderr
    assert f"{len(DAYS) - len(found)} refits to make, {len(found)} are there" in again.stdout
    assert files(tmp_path) == reference
    now = written_at(tmp_path)
    assert {name: now[name] for name in made} == made
    assert (tmp_path / "backtests" / EDITION / "backtest.html").is_file()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """Start a scheduler and two workers on this machine's loopback, and end them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, quiet = f"tcp://127.0.0.1:{port}", {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    dask = [sys.executable, "-m", "dask"]
    started = [begin(*dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", **quiet)]
    worker = [*dask, "worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    started += [begin(*worker, **quiet) for _ in range(2)]
    try:
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_dask_gives_the_same_bytes_also_when_a_worker_is_killed(priors, tmp_path, reference, cluster):
    address, workers = cluster
    given = plan(load_dossier(priors), EDITION, DAYS, [Variant("all-evidence")], tmp_path)
    killed = []

    def kill_one(done: int, total: int) -> None:
        if done == 2 and not killed:
            workers[0].kill()
            killed.append(done)

    points = carry_out(given, scheduler=address, progress=kill_one)
    assert killed == [2]
    assert workers[0].wait() == -signal.SIGKILL
    assert len(points) == len(DAYS)
    assert files(tmp_path) == reference


def test_a_scheduler_that_is_not_there_and_a_dask_that_is_not_installed_say_what_to_do(monkeypatch):
    monkeypatch.setattr(schedulers, "PATIENCE", 1)
    with pytest.raises(UsageError, match="start one with `dask scheduler`"):
        list(on_dask(str, [1], "tcp://127.0.0.1:9"))
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="pip install distributed"):
        list(on_dask(str, [1], "tcp://127.0.0.1:9"))


def dies(number: int) -> int:
    """End this process as the system does when memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.slow
def test_a_process_that_dies_is_an_error_that_says_how_to_go_on():
    with pytest.raises(ForecastingError, match="the same command goes on from there"):
        list(in_pool(dies, [1, 2], 2))


def test_a_damaged_point_is_made_anew(priors, tmp_path):
    given = plan(load_dossier(priors), EDITION, DAYS[:1], [Variant("all-evidence")], tmp_path)
    path = tmp_path / "backtests" / EDITION / "all-evidence" / f"{DAYS[0]}.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"schema": 1, "p": NaN}')
    with pytest.raises(ForecastingError, match="remove the file"):
        parse_point(path.read_bytes(), str(path))
    assert plan(load_dossier(priors), EDITION, DAYS[:1], [Variant("all-evidence")], tmp_path).tasks == given.tasks


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--from", "2024-13-01"], "no day of the calendar"),
        (["--from", "2024-08-01", "--to", "2024-07-01"], "is before --from"),
        (["--step", "month"], "write a number of days or weeks"),
        (["--step", "0d"], "write a number of days or weeks"),
        (["--variant", "without-fact"], "no such variant"),
    ],
)
def test_bad_options_say_what_to_write(priors, tmp_path, options, message):
    line = ["backtest", EDITION, *options, "--priors", str(priors), "--runs", str(tmp_path)]
    result = CliRunner().invoke(app, line)
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())
    assert not (tmp_path / "backtests").exists()

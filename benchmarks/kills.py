"""Commands that are stopped at random moments, and two at once: ``python -m benchmarks.kills [--quick]``.

``build``, ``issue``, ``import`` and ``backtest`` of a small dossier are stopped by SIGINT, SIGTERM and SIGKILL at moments drawn
evenly over the time that each takes undisturbed. Then: how did it end, does a process of it live on five seconds later, is
anything published after it ended, is all that is there whole, and does the next command clear up, say so and succeed?
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from benchmarks.trust import PROJECT, Row

sys.path.insert(0, str(PROJECT / "tests" / "support"))

from builders import FILES, write_dossier
from openpyxl import load_workbook

from forecasting.coding.sheets.bring import export_tables
from forecasting.files import remove_leftovers
from forecasting.ledger.store import read_ledger
from forecasting.rules.load import load_dossier
from forecasting.runs.store import read_run

EDITION, LATER = "2024-07-ferry", "2024-08-ferry"
KILLS = {"build": 75, "issue": 75, "import": 75, "backtest": 75}
PAIRS, SEED, GRACE = 10, 20261129, 5.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
COMMAND = "python -m benchmarks.kills"
RECORD = FILES[f"editions/{EDITION}.yaml"]


@dataclass
class Tally:
    """What was found over all kills."""

    n: int = 0
    before_its_end: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    recoveries: int = 0
    pairs: int = 0

    def note(self, fault: str) -> None:
        """Keep what went wrong."""
        self.faults.append(fault)
        print(f"FAULT: {fault}", flush=True)


@dataclass(frozen=True)
class Job:
    """A command in its folder: what is typed for turn k, and what is to hold of the folder afterwards (a fault, or nothing)."""

    name: str
    folder: Path
    words: Callable[[int], list[str]]
    wrong: Callable[[str], str]

    def start(self, turn: int) -> subprocess.Popen:
        """Begin the command in a session of its own."""
        line = [sys.executable, "-m", "forecasting.cli.main", *self.words(turn)]
        return subprocess.Popen(
            line, cwd=self.folder, env=os.environ | {"PYTHONPATH": str(PROJECT)}, start_new_session=True, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=_heard)  # fmt: skip

    def published(self) -> dict[str, bytes]:
        """Return all that is published: every file but scratch, locks and what only says what was made from what."""
        return {
            str(path): path.read_bytes() for path in self.folder.rglob("*")
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(self.folder).parts)
        }  # fmt: skip


def _heard() -> None:
    """Have Ctrl-C reach it also in the background of a shell, which has its children ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def alive(session: int) -> list[str]:
    """Return the processes of a session that have not ended."""
    listed = subprocess.run(["ps", "-e", "-o", "sid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    return [" ".join(shown) for sid, stat, *shown in rows if int(sid) == session and not stat.startswith("Z")]


def leftovers(folder: Path) -> list[Path]:
    """Return scratch files and folders."""
    return [path for path in folder.rglob(".*") if path.suffix in (".tmp", ".old")]


def stopped(job: Job, turn: int, after: float, number: signal.Signals, tally: Tally) -> None:
    """Stop a command after some seconds and hold what it left to what was promised."""
    where = f"{job.name}, {number.name} after {after:.2f} s"
    process = job.start(turn)
    time.sleep(after)
    running = process.poll() is None
    if running:
        process.send_signal(number)
    try:
        said = process.communicate(timeout=30)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        tally.note(f"{where}: it went on for 30 s")
        return
    ends = time.monotonic() + GRACE
    while alive(process.pid) and time.monotonic() < ends:
        time.sleep(0.05)
    if left := alive(process.pid):
        tally.note(f"{where}: {len(left)} processes live on: {left[0]}")
        os.killpg(process.pid, signal.SIGKILL)
    tally.n += 1
    tally.before_its_end += running
    tally.ended[str(process.returncode)] += 1
    if process.returncode not in (130, -number, *((0,) if not running or "wrote" in said or "record" in said else ())):
        tally.note(f"{where}: exit {process.returncode}: {said[-600:]}")
    before = job.published()
    if fault := job.wrong(said):
        tally.note(f"{where}: {fault}")
    time.sleep(0.3)
    if job.published() != before:
        tally.note(f"{where}: something was published after it had ended")


def recovered(job: Job, turn: int, tally: Tally) -> None:
    """Run the command to its end: it clears up what is left, says so, and succeeds."""
    left = [path for path in leftovers(job.folder) if path.is_dir()]
    process = job.start(turn)
    said = process.communicate(timeout=600)[0]
    tally.recoveries += 1
    if process.returncode:
        tally.note(f"{job.name} after a kill: exit {process.returncode}: {said[-600:]}")
    if silent := [path.name for path in left if path.name not in said]:
        tally.note(f"{job.name} after a kill does not say that it removed {silent[0]}")
    if still := [path for path in leftovers(job.folder) if path.is_dir()]:
        tally.note(f"{job.name} after a kill leaves {still[0].name}")
    if fault := job.wrong(said):
        tally.note(f"{job.name} after a kill: {fault}")


def at_once(job: Job, turn: int, tally: Tally) -> None:
    """Run the command twice at once: each succeeds or says why not, and what is there is whole."""
    both = [job.start(turn), job.start(turn)]
    ended = [(process.communicate(timeout=900)[0], process.returncode) for process in both]
    tally.pairs += 1
    for said, code in ended:
        if code not in (0, 2) or "Traceback" in said:
            tally.note(f"two of {job.name} at once: exit {code}: {said[-600:]}")
    if all(code for _, code in ended):
        tally.note(f"two of {job.name} at once: neither succeeded: {ended[0][0][-300:]}")
    if fault := job.wrong(""):
        tally.note(f"two of {job.name} at once: {fault}")


def jobs(root: Path) -> list[Job]:
    """Return the commands, each with a folder that is ready for it."""
    return [_build(root / "build"), _issue(root / "issue"), _import(root / "import"), _backtest(root / "backtest")]


def _build(folder: Path) -> Job:
    write_dossier(folder, PROJECT, {f"editions/{name}.yaml": RECORD.replace(EDITION, name) for name in (EDITION, LATER)})

    def wrong(said: str) -> str:
        for path in folder.glob("runs/[!.]*/"):
            read_run(path)
        torn = [path.name for path in folder.glob("reports/*.html") if not path.read_text("utf-8").rstrip().endswith("</html>")]
        return f"{torn[0]} is torn" if torn else ""

    return Job("build", folder, lambda turn: ["build", "--fresh", "--no-notebooks"], wrong)


def _issue(folder: Path) -> Job:
    write_dossier(folder, PROJECT)
    known: list[int] = [0]

    def wrong(said: str) -> str:
        n = len(read_ledger(folder / "ledger").entries)
        before, known[0] = known[0], n
        if n not in (before, before + 1, before + 2):
            return f"{n} records where {before} were"
        return "a record that was acknowledged is not there" if "1 record in" in said and n == before else ""

    def words(turn: int) -> list[str]:
        said = ["--judgement", f"pact-by-2025={0.1 + 0.001 * turn:.3f}", "--by", "Ann", "--why", "talks go on"]
        return ["issue", EDITION, *said, "--correct", "a better look"]

    return Job("issue", folder, words, wrong)


def _import(folder: Path) -> Job:
    root = write_dossier(folder, PROJECT)

    def wrong(said: str) -> str:
        load_dossier(root)  # every file is whole, and holds the rules
        return ""

    @cache
    def edited(turn: int) -> str:
        """Return the name of a workbook of the records as they are, in which one note is another one."""
        path = folder / f"edited-{turn}.xlsx"
        path.write_bytes(export_tables(root, ["claims"])[0])
        book = load_workbook(path)
        sheet = book["claims"]
        sheet.cell(2, next(cell.column for cell in sheet[1] if cell.value == "note")).value = f"Read {turn + 2} times."
        book.save(path)
        return path.name

    return Job("import", folder, lambda turn: ["import", edited(turn)], wrong)


def _backtest(folder: Path) -> Job:
    few = RECORD.replace("draws: 1000", "draws: 150\n        paths_per_draw: 4")
    write_dossier(folder, PROJECT, {f"editions/{EDITION}.yaml": few})

    def wrong(said: str) -> str:
        from forecasting.backtest.points import parse_point

        for path in folder.glob("runs/backtests/**/[!.]*.json"):
            parse_point(path.read_bytes(), str(path))
        return ""

    # each turn another day: what is there is not made again
    return Job("backtest", folder, lambda turn: ["backtest", EDITION, "--from", "2024-07-01", "--to", "2024-07-21", "--step",
                                                 f"{1 + turn % 20}d"], wrong)  # fmt: skip


def undisturbed(job: Job) -> float:
    """Return the seconds that the command takes when nothing stops it."""
    start = time.monotonic()
    process = job.start(0)
    said = process.communicate(timeout=900)[0]
    if process.returncode:
        raise SystemExit(f"{job.name}: exit {process.returncode}: {said}")
    job.wrong(said)
    return time.monotonic() - start


def trial(job: Job, kills: int, pairs: int, tally: Tally, rng: random.Random) -> None:
    """Stop a command at moments drawn evenly over its time; after every tenth kill it is let run to its end."""
    took = undisturbed(job)
    turn = 1
    for i in range(kills):
        stopped(job, turn, rng.uniform(0, took), SIGNALS[i % 3], tally)
        turn += 1
        if i % 10 == 9 or i == kills - 1:
            recovered(job, turn, tally)
            turn += 1
    for _ in range(pairs):
        at_once(job, turn, tally)
        turn += 1
    remove_leftovers(job.folder / "runs")
    print(f"{job.name}: {took:.1f} s undisturbed, {kills} times stopped, {pairs} pairs", flush=True)


def measure(quick: bool = False) -> list[Row]:
    """Return the row of ``make trust``."""
    tally, rng = Tally(), random.Random(SEED)
    wanted = {name: 6 if quick else n for name, n in KILLS.items()}
    with tempfile.TemporaryDirectory() as folder:
        for job in jobs(Path(folder)):
            trial(job, wanted[job.name], 1 if quick else PAIRS, tally, rng)
    ends = ", ".join(f"{n} × {code}" for code, n in tally.ended.most_common())
    figure = (f"{tally.n} stopped, {tally.before_its_end} of them before their end (exit codes {ends}); {tally.recoveries} "
              f"recoveries, {tally.pairs} pairs at once; {len(tally.faults)} faults")  # fmt: skip
    how = f"SIGINT, SIGTERM, SIGKILL at random moments of {', '.join(KILLS)}; two at once"
    return [Row("killed builds", how, f"{sum(KILLS.values())} moments: exit 130 or dead, 0 workers after 5 s, nothing published "
                "afterwards, next command recovers", figure,
                not tally.faults and tally.n == sum(wanted.values()), COMMAND, "; ".join(tally.faults)[:600])]  # fmt: skip


def main() -> None:
    """Print the row, and each fault as it is found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="six kills of each command")
    for row in measure(parser.parse_args().quick):
        print(" | ".join(row.cells()), row.reason, sep="\n")


if __name__ == "__main__":
    main()

"""A run whose files were damaged, replaced or blown up is refused with the file and the reason, before anything of it is used."""

from __future__ import annotations

import pickle
import random
import shutil
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from toy import EDITION, toy_edition, toy_fit

from forecasting.errors import ForecastingError
from forecasting.runs.reopen import reopen
from forecasting.runs.store import read_run
from forecasting.runs.write import write_run

FLIPS, CUTS = 300, 20


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    write_run(toy_fit(), folder / EDITION, "test")
    return folder


def refused(runs: Path) -> bool:
    """Return whether both ways to open a run refuse it."""
    for opened in (lambda: read_run(runs / EDITION), lambda: reopen(toy_edition(), runs)):
        try:
            opened()
        except ForecastingError:
            continue
        return False
    return True


@pytest.mark.slow
def test_every_flipped_bit_and_every_cut_is_refused_and_what_is_whole_is_not(
    runs: Path, measured: Callable[[str], None]
) -> None:
    rng, silent, cuts = random.Random(20261129), 0, 0
    files = sorted(path for path in (runs / EDITION).iterdir() if path.is_file())
    weights = [path.stat().st_size for path in files]
    assert {"posterior.nc", "answers.nc", "manifest.json"} <= {path.name for path in files}
    for i in range(FLIPS + CUTS):
        # every other one in any file alike, the rest where the bytes are: in the posterior
        path = rng.choice(files) if i % 2 else rng.choices(files, weights)[0]
        content = path.read_bytes()
        at = rng.randrange(len(content))
        flipped = content[:at] + bytes([content[at] ^ 1 << rng.randrange(8)]) + content[at + 1 :]
        path.write_bytes(flipped if i < FLIPS else content[:at])
        silent += not refused(runs)
        cuts += i >= FLIPS
        path.write_bytes(content)
    measured(f"saved run: {FLIPS} flipped bits and {cuts} cuts over {len(files)} files: {silent} silent")
    assert silent == 0
    assert not refused(runs)


class Runs:
    def __reduce__(self) -> tuple:
        return exec, ("raise SystemExit('it was unpickled')",)


def pickled(path: Path) -> None:
    path.write_bytes(pickle.dumps(Runs()))


def folder_of_chunks(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / ".zgroup").write_text('{"zarr_format": 2}')


def blown_up(path: Path) -> None:
    with path.open("rb+") as file:
        file.truncate(1 << 36)  # 64 GB, of which the disk holds none


def linked(path: Path) -> None:
    elsewhere = path.parent.parent / "elsewhere.nc"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def doubled(path: Path) -> None:
    path.write_bytes(path.read_bytes() * 2)


@pytest.mark.parametrize("name", ["posterior.nc", "answers.nc"])
@pytest.mark.parametrize("damage", [pickled, folder_of_chunks, blown_up, linked, doubled], ids=lambda f: f.__name__)
def test_what_was_put_in_place_of_a_file_is_refused_before_it_is_read(
    runs: Path, tmp_path: Path, damage: Callable[[Path], None], name: str
) -> None:
    shutil.copytree(runs, tmp_path / "runs")
    damage(tmp_path / "runs" / EDITION / name)
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(ForecastingError, match=rf"{name}: missing or changed since the run; make the run again"):
        read_run(tmp_path / "runs" / EDITION)
    spent, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < 2
    assert most < 20e6
    assert refused(tmp_path / "runs")

"""From the installed wheel alone: begin the example, check, run, build with notebook and report; no repository in reach."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

pytestmark = pytest.mark.slow
CHECKOUT = Path(__file__).resolve().parents[2]
FILES = "import forecasting, pathlib; print(pathlib.Path(forecasting.__file__).parent)"


@pytest.fixture(scope="module")
def bin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, install it in an environment of its own that borrows this one's other packages; return its programs."""
    root = tmp_path_factory.mktemp("installed")
    (wheel,) = WheelBuilder(str(CHECKOUT)).build(directory=str(root / "dist"), versions=["standard"])
    venv.create(root / "env", symlinks=True)
    paths = sysconfig.get_paths(vars={"base": str(root / "env"), "platbase": str(root / "env")})
    # a path file that another path file names is not read: the checkout, installed here as editable, stays out of reach
    (Path(paths["purelib"]) / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"])
    uv = Path(sys.executable).with_name("uv")
    python = Path(paths["scripts"]) / Path(sys.executable).name
    install = [str(uv), "pip", "install", "-q", "--no-deps", "--offline", "--python", str(python), wheel]
    subprocess.run(install, check=True, capture_output=True, text=True)
    return Path(paths["scripts"])


def run(program: Path, *arguments: str, folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run([str(program), *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{program.name} {' '.join(arguments)}: {ran.stdout}{ran.stderr}"
    return ran.stdout + ran.stderr


def test_the_example_goes_from_an_empty_folder_to_a_report_without_the_repository(bin_folder: Path, tmp_path: Path) -> None:
    package = Path(run(bin_folder / "python", "-c", FILES, folder=tmp_path).strip())
    assert not package.is_relative_to(CHECKOUT), "the wheel is not what is tested"
    forecast = bin_folder / "forecast"
    run(forecast, "init", "mine", "--example", folder=tmp_path)
    inside = tmp_path / "mine" / "notebooks"  # any folder of the project will do
    assert "all rules hold" in run(forecast, "check", folder=inside)
    assert "gate passed" in run(forecast, "run", "2024-03-mira", folder=inside)
    built = run(forecast, "build", folder=inside)  # the notebook has no outputs of its own to compare: here every cell runs
    assert "01-start-here: done" in built
    html = (tmp_path / "mine" / "reports" / "2024-03-mira.html").read_text("utf-8")
    assert "The Mira at the end of 2025" in html
    traced = " ".join(run(forecast, "trace", "fighting-2024", folder=inside).split())
    assert "ceasefires peacekept at some time" in traced, "the count behind an answer is cited"
    assert "the heavy weapons of either side" in traced.lower(), "and what the article says"
    assert (bin_folder.parent / "share" / "jupyter" / "kernels" / "forecasting" / "kernel.json").is_file()

"""The settings for continuous integration are what GitHub and GitLab accept, and name commands and options that there are."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.project.begin import begin_project

WORKFLOW, GITLAB, HOOK = ".github/workflows/forecast.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml"
REFRESH = ".github/workflows/refresh.yml"
ON_GITHUB = ("vendor.github-workflows",)
SCHEMAS = {WORKFLOW: ON_GITHUB, REFRESH: ON_GITHUB, GITLAB: ("vendor.gitlab-ci", "--data-transform", "gitlab-ci")}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    begin_project(folder)
    return folder


def holds(path: Path, *schema: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", *schema, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_schema_holds(name: str, project: Path, tmp_path: Path) -> None:
    assert holds(project / name, *SCHEMAS[name]).returncode == 0
    broken = tmp_path / "broken.yml"  # and it can fail
    broken.write_text((project / name).read_text("utf-8").replace("  timeout", "  timeuot").replace("rules:", "rulez:"))
    assert holds(broken, *SCHEMAS[name]).returncode == 1


def commands(text: str) -> list[list[str]]:
    """Return every forecast command of a file or page, in words."""
    found = re.findall(r"(?:^|[`\s])forecast ((?:[a-z]+)(?: [^\s`|;&)]+)*)", text, flags=re.MULTILINE)
    return [line.split() for line in found]


@pytest.mark.parametrize("name", [WORKFLOW, REFRESH, GITLAB, HOOK, "README.md"])
def test_every_command_and_option_that_is_named_exists(name: str, project: Path) -> None:
    text = "\n".join(line for line in (project / name).read_text("utf-8").splitlines() if not line.lstrip().startswith("#"))
    known = set(re.findall(r"^│ ([a-z]+) ", CliRunner().invoke(app, ["--help"]).output, flags=re.MULTILINE))
    named = [words for words in commands(text) if words[0] in known]
    assert named
    for first, *rest in named:
        begins = [first, *rest[:1]] if first == "new" else [first]
        help_text = CliRunner().invoke(app, [*begins, "--help"], env={"COLUMNS": "200"}).output
        for option in (word.split("=")[0] for word in rest if word.startswith("--")):
            assert option in help_text, f"{' '.join(begins)} has no {option}"


def test_the_hook_checks_only_when_records_change(project: Path) -> None:
    (hook,) = yaml.safe_load((project / HOOK).read_text("utf-8"))["repos"][0]["hooks"]
    assert (hook["entry"], hook["files"], hook["pass_filenames"]) == ("forecast check", "^priors/", False)


def test_both_services_run_the_same_steps(project: Path) -> None:
    for name in (WORKFLOW, GITLAB):
        text = (project / name).read_text("utf-8")
        order = [text.index(step) for step in ("forecast check", "forecast agree", "forecast build", "--markdown moved.md")]
        assert order == sorted(order), name


def script_of(name: str, project: Path) -> str:
    """Return the lines that the scheduled job of a service runs in a shell."""
    settings = yaml.safe_load((project / name).read_text("utf-8"))
    if name == GITLAB:
        return "\n".join(settings["refresh"]["script"])
    return "\n".join(step["run"] for step in settings["jobs"]["refresh"]["steps"] if step.get("id") == "refresh")


@pytest.mark.parametrize("name", [REFRESH, GITLAB])
@pytest.mark.parametrize(("code", "ends"), [(0, (0, 0)), (3, (0, 3)), (2, (1, 2))])
def test_the_scheduled_job_tells_answers_that_moved_from_errors(
    name: str, code: int, ends: tuple[int, int], project: Path, tmp_path: Path
) -> None:
    command = tmp_path / "forecast"  # stands for the command: what is tried here is what the job makes of its exit code
    command.write_text(f"#!/bin/sh\necho text > moved.md\nexit {code}\n")
    command.chmod(0o755)
    files = {"GITHUB_OUTPUT": str(tmp_path / "out"), "GITHUB_STEP_SUMMARY": str(tmp_path / "sum")}
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", **files}
    ran = subprocess.run(["bash", "-e", "-c", script_of(name, project)], cwd=tmp_path, env=env, check=False, capture_output=True)
    assert ran.returncode == ends[name == GITLAB], ran.stderr
    if name == REFRESH:
        assert (tmp_path / "out").read_text() == f"code={code}\n"
        assert (tmp_path / "sum").read_text() == "text\n"


def test_the_scheduled_job_of_gitlab_may_fail_by_the_code_of_the_command(project: Path) -> None:
    from forecasting.cli.refresh import MOVED

    settings = yaml.safe_load((project / GITLAB).read_text("utf-8"))
    assert settings["refresh"]["allow_failure"]["exit_codes"] == MOVED
    assert {"if": '$CI_PIPELINE_SOURCE == "schedule"', "when": "never"} in settings["forecast"]["rules"]

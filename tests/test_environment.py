"""Dependencies are written down three times (pip's ranges, conda's, the lock): held to one another here."""

from __future__ import annotations

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

# The few that conda-forge names otherwise.
FROM_CONDA = {"matplotlib-base": "matplotlib"}
ONLY_CONDA = {"python", "pip"}


@pytest.fixture(scope="module")
def pyproject(project_dir):
    return tomllib.loads((project_dir / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def declared(pyproject):
    """Name -> range, of everything pyproject.toml asks for."""
    project = pyproject["project"]
    lines = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    requirements = [Requirement(line) for line in lines]
    names = [canonicalize_name(requirement.name) for requirement in requirements]
    assert len(names) == len(set(names)), "a package is named twice"
    return {name: requirement.specifier for name, requirement in zip(names, requirements, strict=True)}


@pytest.fixture(scope="module")
def conda(project_dir):
    return yaml.safe_load((project_dir / "environment.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lock(project_dir):
    return (project_dir / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def locked(lock):
    """Name -> every version the lock holds (a universal lock may hold one for each Python)."""
    versions: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, flags=re.MULTILINE):
        versions.setdefault(canonicalize_name(name), []).append(Version(version))
    return versions


def test_conda_and_pip_name_the_same_packages_in_the_same_ranges(declared, conda):
    plain = [entry for entry in conda["dependencies"] if isinstance(entry, str)]
    (from_pip,) = [entry["pip"] for entry in conda["dependencies"] if not isinstance(entry, str)]
    requirements = [Requirement(line) for line in [*plain, *from_pip]]
    ranges = {FROM_CONDA.get(r.name, r.name): r.specifier for r in requirements if r.name not in ONLY_CONDA}
    assert ranges == declared


def test_conda_and_pip_ask_for_the_same_python(pyproject, conda):
    plain = [entry for entry in conda["dependencies"] if isinstance(entry, str)]
    python = next(r for r in map(Requirement, plain) if r.name == "python")
    assert str(python.specifier) == pyproject["project"]["requires-python"]


def test_the_python_selected_by_default_is_one_the_project_runs_on(project_dir, pyproject):
    selected = (project_dir / ".python-version").read_text(encoding="utf-8").strip()
    assert selected in Requirement(f"python{pyproject['project']['requires-python']}").specifier


def test_the_lock_holds_every_package_inside_its_range(declared, locked):
    outside = {
        name: f"{locked.get(name)} not in {specifier}"
        for name, specifier in declared.items()
        if not locked.get(name) or not all(version in specifier for version in locked[name])
    }
    assert not outside, "requirements.lock is out of date: make lock"


def test_every_locked_package_has_a_hash(lock):
    entries = [e for e in re.split(r"\n(?=\S)", lock.strip()) if not e.startswith("#")]
    assert entries
    assert [e.split()[0] for e in entries if "--hash=sha256:" not in e] == []


def test_the_lock_does_not_say_where_packages_come_from(lock):
    # A mirror's address would tie the lock to one network; names and hashes are enough.
    assert not re.search(
        r"://|^\s*(-i|-f|--(extra-)?index-url|--find-links)\b|\s@\s", lock, flags=re.MULTILINE
    )


def test_the_build_needs_nothing_that_is_not_locked(pyproject, declared):
    for line in pyproject["build-system"]["requires"]:
        requirement = Requirement(line)
        assert declared[canonicalize_name(requirement.name)] == requirement.specifier

"""The project's dossier, and reports of made-up runs of its editions, made once for the many tests that look at them.

A dossier and a run never change, and the same run gives the same page, so that tests may share them. Rendering the report of an
edition takes six seconds, and some thirty tests look at one. Pages lie in a folder that `tests/conftest.py` makes for one session
of tests: what one worker has rendered, the other reads.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from filelock import FileLock
from sample_runs import sample_run

from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.dossier.load import read_dossier
from forecasting.report.labels import SOURCE
from forecasting.report.render import render_report
from forecasting.runs.store import Run

PRIORS = Path(__file__).resolve().parents[2] / "priors"
FOLDER = "FORECAST_PAGES_OF_TESTS"


@cache
def project_dossier() -> Dossier:
    """Return the project's dossier as it is read from its files."""
    return read_dossier(PRIORS)[0]


def project_edition(name: str) -> EditionDossier:
    """Return one edition of it."""
    return project_dossier().edition(name)


@cache
def made_up(name: str, *, whole: bool = False) -> Run:
    """Return the made-up run of an edition, ``whole`` with what further models answer."""
    return sample_run(project_edition(name), whole=whole)


def report_of(name: str, *, whole: bool = False, public: bool = False, language: str = SOURCE) -> str:
    """Return the report of that run, without a record."""
    path = Path(os.environ[FOLDER]) / f"{name}{'-whole' if whole else ''}{'-public' if public else ''}-{language}.html"
    with FileLock(f"{path}.lock"):
        if not path.is_file():
            page = render_report(made_up(name, whole=whole), project_edition(name), public=public, language=language)
            path.write_bytes(page.encode("utf-8"))
        return path.read_bytes().decode("utf-8")

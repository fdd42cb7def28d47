"""One small edition with every kind of record, and its fit; compiled once per process, for several files of tests."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from textwrap import dedent

from builders import CLAIMS, FILES, claim_yaml, write_dossier

from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.dossier.load import read_dossier
from forecasting.rules.load import load_dossier

PROJECT = Path(__file__).resolve().parents[2]
EDITION = "2024-07-ferry"
COPIES = tuple(f"n-01{i}" for i in range(5))
QUOTES = (
    "customs officers back from the quay", "moved its customs officers", "officers back from the quay", "customs officers back",
    "back from the quay",
)  # fmt: skip
RESOLUTION = """\
  resolution:
    counts: Both governments announce it.
    does_not_count: A rumour.
    settled_by: two news agencies
    status_quo: Nothing changes.
    void_if: One of the two states ceases to exist.
"""


def event_yaml(event: str, reference_class: str, opens_on: str = "2024-01-01", **more: object) -> str:
    """Return the YAML of one event; ``more`` are further fields, such as ``scheduled_on``."""
    lines = {"title": f"What happens to {event}", "opens_on": opens_on, "reference_class": reference_class,
             "why_class": "The nearest count.", "class_fit": "good", "reference_years": 2.0, **more}  # fmt: skip
    return f"- id: {event}\n" + "".join(f"  {name}: {value}\n" for name, value in lines.items()) + RESOLUTION


EVENTS = (
    event_yaml("pact-signed", "pacts-signed", rivals="[tolls-raised]")
    + event_yaml("toll-raised", "tolls-raised", rivals="[pacts-signed]")
    + event_yaml("quay-closed", "tolls-raised")
    + event_yaml("ferry-runs", "pacts-signed")
    + event_yaml("deadline-kept", "deadlines-kept", scheduled_on="2025-03-31")
)
EFFECTS = """\
    effects:
      - {id: pact-lowers-toll, from: pact-signed, to: toll-raised, acts: multiplies, sign: lowers, grade: strong,
         claims: [n-002], why: The pact caps the toll.}
      - {id: toll-lowers-pact, from: toll-raised, to: pact-signed, acts: multiplies, sign: lowers, grade: moderate,
         claims: [], why: A higher toll sours the talks.}
      - {id: pact-lets-ferry-run, from: pact-signed, to: ferry-runs, acts: enables, claims: [],
         why: No pact means no ferry.}
      - {id: deadline-raises-ferry, from: deadline-kept, to: ferry-runs, acts: multiplies, sign: raises,
         grade: moderate, claims: [], why: A harbour that is ready is used.}
      - {id: quay-stops-ferry, from: quay-closed, to: ferry-runs, acts: blocks, claims: [],
         why: The ferry has no other quay.}
    drivers:
      - id: empty-coffers
        title: Sudland is short of money
        high_means: Sudland needs cash soon.
        loadings:
          - {event: toll-raised, sign: raises, grade: moderate}
          - {event: quay-closed, sign: raises, grade: weak}
        why: Tolls and quays are its two incomes.
    """
QUESTIONS = dedent(FILES["questions/ferry.yaml"]) + dedent("""\
        - id: quay-by-2025
          title: Will the quay close by the end of 2025?
          asks: {occurs: quay-closed, by: 2025-12-31}
        - id: deadline-kept-2025
          title: Will the harbour be ready on its date?
          asks: {occurs: deadline-kept, by: 2025-03-31}
        - id: ferry-stages-2026
          title: How far does the ferry come by the end of 2026?
          at: 2026-12-31
          stages: [pact-signed, ferry-runs]
        - id: trouble-2025
          title: Will the toll rise or the quay close by the end of 2025?
          asks: {any_of: [{occurs: toll-raised, by: 2025-12-31}, {occurs: quay-closed, by: 2025-12-31}]}
        """)
HISTORY = dedent(FILES["history.csv"]) + dedent("""\
        2024-06-30,quay-closed,survived,,Test Gazette 2024-06-30,confirmed,quay open
        2024-04-10,toll-raised,signal,1.5,Test Gazette 2024-04-10,confirmed,a toll booth was painted
        """)
WIRE = """\
    paraphrase: The wire says that staff have left the quay.
    speaker: wire
    kind: fact
    target: {event: quay-closed}
    direction: raises
    grade: moderate
    grade_why: Staff leave quays that stay open, too.
    made_on: 2024-07-01
    reliability: B
    credibility: 2
    origin: quay-wire
    """
COFFERS = """\
    paraphrase: Sudland can do without the money.
    speaker: observers
    kind: driver
    target: {driver: empty-coffers}
    direction: lowers
    grade: moderate
    made_on: 2024-07-01
    reliability: C
    credibility: 3
    origin: observers
    """
MORE_CLAIMS = {
    **{name: (quote, WIRE) for name, quote in zip(COPIES, QUOTES, strict=True)},
    "n-020": ("a new toll is unlikely", COFFERS),
}
ASSUMPTIONS = """\
- id: a-001
  statement: The toll and the quay go together, in at least two worlds of five.
  holds: {p: {same: [toll-raised, quay-closed]}, by: 2025-12-31, at_least: 0.4}
  held_by: analyst
  why: One treasury.
  would_change: A gift.
- id: a-002
  statement: If the pact is signed the toll is raised in at most one world of ten.
  holds: {p: {occurs: toll-raised}, given: {occurs: pact-signed}, by: 2025-12-31, at_most: 0.1}
  held_by: harbour master
  editions: 2024-07-ferry
  why: The pact caps the toll.
  would_change: A pact that lets it rise.
- id: a-003
  statement: With a pact the toll is raised less often than without one.
  holds:
    p: {occurs: toll-raised}
    given: {occurs: pact-signed}
    than_given: {holds: pact-signed}
    until: 2025-12-31
    at_most: 0.0
  held_by: analyst
  why: The pact caps the toll.
  would_change: A pact that lets it rise.
- id: a-004
  statement: That the pact is signed before the toll is raised has a chance of 30 to 60 %.
  holds: {p: {before: [pact-signed, toll-raised]}, by: 2025-12-31, between: [0.3, 0.6]}
  held_by: analyst
  why: Both are prepared.
  would_change: A vote on either.
"""
CHANGES = {
    "assumptions.yaml": ASSUMPTIONS,
    "events/ferry.yaml": EVENTS,
    "effects.yaml": dedent(EFFECTS),
    "questions/ferry.yaml": QUESTIONS,
    "history.csv": HISTORY,
    "claims/norland-times.yaml": "".join(claim_yaml(key, *value) for key, value in (CLAIMS | MORE_CLAIMS).items()),
    "editions/2024-07-ferry.yaml": dedent(FILES["editions/2024-07-ferry.yaml"]).replace(
        "ferry-order-2025]", "ferry-order-2025, quay-by-2025, deadline-kept-2025, ferry-stages-2026, trouble-2025]"
    ),
}


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="toy-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def toy_priors() -> Path:
    """Return the folder with the toy's records."""
    return write_dossier(_folder(), PROJECT, CHANGES)


@cache
def toy_dossier() -> Dossier:
    """Return the toy's dossier; it passes every rule."""
    return load_dossier(toy_priors())


def toy_edition() -> EditionDossier:
    """Return the toy's one edition."""
    return toy_dossier().edition(EDITION)


@cache
def toy_network():
    """Return the toy's compiled network (the slow part: 10 to 40 seconds)."""
    from forecasting.models.network.engine import compile_network

    return compile_network(toy_edition())


@cache
def toy_fit():
    """Return the toy's fit, all three layers."""
    from forecasting.fitting.fit import fit

    return fit(toy_edition(), network=toy_network())


@cache
def toy_asked():
    """Return the toy's fit as a notebook has it."""
    from forecasting.lab.fit import Fit

    return Fit.of(toy_fit())


CLASSES = """\
    id,borrows,events,exposure,unit,spread,counted_from,counted_until,basis,citation,note
    pacts-signed,,6,40,year,0.5,1990-01-01,2020-12-31,table,Made up for a test,six pacts in forty pact-years
    tolls-raised,,2,30,year,0.5,1990-01-01,2020-12-31,table,Made up for a test,two rises in thirty years
    deadlines-kept,,7,10,trial,0.5,1990-01-01,2020-12-31,table,Made up for a test,seven of ten
    """


def small_edition(
    root: Path, events: dict[str, str], effects: str = "[]", history: str = "", claims: dict | None = None,
    classes: str = CLASSES, as_of: str = "2024-07-01", until: str = "2025-12-31", drivers: str = "[]",
    asked: tuple[str, ...] = (), life_tables: str = "",
) -> EditionDossier:  # fmt: skip
    """Return an edition that asks of events (``asked``, or all) whether they happen by ``until``.

    ``events`` maps ids to their YAML.
    """
    asked = asked or tuple(events)
    head = "on,event,what,likelihood_ratio,source,status,note\n"
    questions = "".join(
        f"- id: {name}-asked\n  title: Does {name} happen?\n  asks: {{occurs: {name}, by: {until}}}\n" for name in asked
    )
    edition = dedent(FILES["editions/2024-07-ferry.yaml"]).splitlines()
    lines = [line for line in edition if not line.startswith(("questions", "as_of:", "draws"))]
    lines += [f"questions: [{', '.join(f'{name}-asked' for name in asked)}]", f"as_of: {as_of}", "draws: 4000"]
    claims = {} if claims is None else claims
    changes = {
        "events/ferry.yaml": "".join(events.values()), "effects.yaml": f"effects: {effects}\ndrivers: {drivers}\n",
        "questions/ferry.yaml": questions, "history.csv": head + dedent(history),
        "reference_classes.csv": dedent(classes),
        "claims/norland-times.yaml": "".join(claim_yaml(key, *value) for key, value in claims.items()) or "[]\n",
        "editions/2024-07-ferry.yaml": "\n".join(lines) + "\n",
    }  # fmt: skip
    if life_tables:
        changes["life_tables.csv"] = dedent(life_tables)
    return load_dossier(write_dossier(root, PROJECT, changes)).edition(EDITION)


LATE_EVENT = event_yaml("bridge-built", "pacts-signed", opens_on="2024-07-02")
LATE_EFFECTS = """\
  - {id: bridge-lowers-pact, from: bridge-built, to: pact-signed, acts: multiplies, sign: lowers, grade: decisive,
     claims: [], why: A bridge needs no ferry.}
  - {id: toll-raises-quay, from: toll-raised, to: quay-closed, acts: multiplies, sign: raises, grade: decisive,
     claims: [n-900], why: Said only later.}
"""
LATE_HISTORY = """\
2024-07-02,pact-signed,survived,,Test Gazette,confirmed,later
2024-07-05,toll-raised,occurred,,Test Gazette,confirmed,later
2024-07-02,quay-closed,signal,9,Test Gazette,confirmed,later
"""


def _later(claim: str, day: str, more: str = "") -> tuple[str, str]:
    quote, fields = (CLAIMS | MORE_CLAIMS)[claim]
    return quote, dedent(fields).replace("made_on: 2024-07-01", f"made_on: {day}") + more


LATE_CLAIMS = {
    "n-900": _later("n-002", "2024-07-02"),
    "n-901": _later("n-003", "2024-07-02"),
    "n-902": _later("n-001", "2024-07-03", "supersedes: n-001\n"),
    "n-903": _later("n-020", "2024-07-02"),
}


def toy_with_canaries(root: Path) -> EditionDossier:
    """Return the toy's edition with claims, history, signals, an event and effects that came after its as-of date.

    Only the readers are used: `load_dossier` would refuse the claims.
    """
    effects, drivers = CHANGES["effects.yaml"].split("drivers:\n")
    drivers = drivers.replace(
        "    loadings:\n", "    loadings:\n      - {event: bridge-built, sign: raises, grade: strong}\n"
    )
    changes = CHANGES | {
        "events/later.yaml": LATE_EVENT,
        "effects.yaml": f"{effects}{LATE_EFFECTS}drivers:\n{drivers}",
        "history.csv": CHANGES["history.csv"] + LATE_HISTORY,
        "claims/later.yaml": "".join(claim_yaml(key, *value) for key, value in LATE_CLAIMS.items()),
    }
    dossier, failures = read_dossier(write_dossier(root, PROJECT, changes))
    assert not failures
    assert len(dossier.history) == len(toy_dossier().history) + 3
    return dossier.edition(EDITION)


def made_up_posterior(s, n: int = 6, seed: int = 2):
    """Return draws of everything that forecasts are made of, from nobody's posterior, for tests of what follows."""
    import numpy as np
    import xarray as xr

    rng = np.random.default_rng(seed)
    sizes = {"log_hazard": len(s.event_ids), "effect_beta": len(s.effect_ids), "driver_level": len(s.driver_ids),
             "loading_weight": len(s.loading_driver), "signal_log_ratio": len(s.signals)}  # fmt: skip
    values = {name: (("chain", "draw", f"{name}_at"), rng.normal(0, 0.7, (2, n, size))) for name, size in sizes.items()}
    return xr.Dataset(values | {"signal_overlap": (("chain", "draw"), rng.beta(2, 2, (2, n)))})


def made_up_run(directory: Path):
    """Return a run of the toy edition with numbers that tests know by heart; nothing is fitted."""
    import datetime as dt

    import pandas as pd
    from manifests import PASSED, VERDICTS, made_up_manifest

    from forecasting.analysis.registry import columns_of
    from forecasting.forecasts import Forecast, Outcome
    from forecasting.runs.store import Run

    edition, numbers = toy_edition(), {"low": 0.201, "high": 0.814, "mcse": 0.0028, "base_p": 0.23, "prior_p": 0.48,
                               "low_50": 0.32, "high_50": 0.61}
    known = {"theme": "ferries", "edition": EDITION, "as_of": edition.as_of, "deadline": dt.date(2025, 12, 31),
             "gate": PASSED}  # fmt: skip
    yes = {name: Outcome(id="yes", title="yes", p=p, **numbers) for name, p in (("pact", 0.47), ("toll", 0.148))}
    forecasts = (
        Forecast(question="pact-by-2025", title="Will the ferry pact be signed by the end of 2025?", kind="yes/no",
                 outcomes=(yes["pact"],), **known),
        Forecast(question="toll-by-2025", title="Will the toll be raised by the end of 2025?", kind="yes/no",
                 outcomes=(yes["toll"],), **known),
    )  # fmt: skip
    pathway, how = "reads the hazard through its wording", "weights"
    moved = [
        ("n-001", pathway, "pact-by-2025", "yes", 0.47, 0.35, 0.12, 0.001, 0.54, how),
        ("n-003", "signal that shifts the hazard", "pact-by-2025", "yes", 0.47, 0.32, 0.15, 0.0015, 0.5, how),
        ("n-001", pathway, "toll-by-2025", "yes", 0.148, 0.152, -0.004, 0.0004, 0.54, how),
        ("n-010", "signal that shifts the hazard", "", "", None, None, None, None, None, "others say the same more firmly"),
    ]
    asked, shown = ("pact-by-2025", "toll-by-2025"), ("base", "prior", "posterior")
    layers = [(q, "yes", name, p, 0.1, 0.2, 0.3, 0.5, 0.8) for q in asked
              for name, p in zip(shown, (0.23, 0.48, 0.47), strict=True)]  # fmt: skip
    events = [(e, name, 0.162, 0.05, 0.4, 0.15, 0.05, 0.33) for e in edition.event_ids for name in shown]
    days = ((dt.date(2024, 7, 1), 0.0), (dt.date(2025, 12, 31), 0.47))
    curves = [("pact-signed", "posterior", day, p, p / 2, p + 0.1) for day, p in days]
    classes = [
        ("pact-signed", "pacts-signed", True, "", 0.287, 0.1, 0.56, "pact-by-2025", "yes", 0.47, 0.002, 0.0, "fit"),
        ("pact-signed", "tolls-raised", False, "", 0.161, 0.03, 0.39, "pact-by-2025", "yes", 0.37, 0.008, 0.2, how),
    ]
    sources = [
        ("norland-times", "pact-by-2025", "yes", 0.47, 0.21, 0.26, 0.009, 1.31, "refit"),
        ("norland-times", "toll-by-2025", "yes", 0.148, 0.1, 0.048, 0.006, 1.31, "refit"),
    ]
    origins = [
        ("norland-times", 2, "pact-by-2025", "yes", 0.47, 0.35, 0.12, 0.001, 0.54, how),
        ("quay-wire", 5, "", "", None, None, None, None, None, "moves no answer noticeably"),
    ]
    rests = [
        (q, "yes", part, size, 0.01, size >= 0.05, pull, pull / 10, 0.8, 0.2, "base", "driven by the base-rate prior")
        for q in asked for part, size, pull in
        (("base", 0.21, -0.3), ("grades", 0.02, 0.0), ("claims", 0.03, 0.1), ("facts", 0.02, 0.1), ("history", 0.01, 0.0))
    ]
    conflicts = [
        ("pact-signed", "claims", 1, -1.9, -0.4, 1.2, 0.23, "agree",
         "what the claims say agrees with the class: 4.5 times likelier"),
        ("pact-signed", "history", 1, 0.1, 0.0, None, 0.9, "agree", "history agrees with class and claims: 90 % to nothing"),
    ]
    nan = float("nan")
    assumed = [
        (EDITION, "a-001", 0.781, 0.002, 0.4, nan, "yes", 64000, "met: 78.1 ± 0.2 %; held is at least 40 %"),
        (EDITION, "a-002", 0.142, 0.003, nan, 0.1, "no", 30000, "not met: 14.2 ± 0.3 %, on 30,000 paths of the condition; "
         "held is at most 10 %"),
        (EDITION, "a-003", 0.001, 0.002, nan, 0.0, "unclear", 30000, "unclear: 0.1 ± 0.2 points, on 30,000 paths of the "
         "condition; held is at most 0 points"),
        (EDITION, "a-004", nan, nan, 0.3, 0.6, "not asked", 0, "not asked: no question leads to pact-signed"),
    ]
    quiet = [(q, "yes", 0.3, 0.31, -0.01, 0.001, "weights") for q in asked]

    rows = {
        "layers": layers, "events": events, "curves": curves, "influence": moved, "sources": sources, "origins": origins,
        "sensitivity": rests, "conflicts": conflicts, "exposure": quiet, "classes": classes, "gate": list(VERDICTS),
        "assumptions": assumed,
    }  # fmt: skip
    tables = {name: pd.DataFrame(found, columns=list(columns_of(name))) for name, found in rows.items()}
    return Run(directory, made_up_manifest(edition), forecasts, tables)

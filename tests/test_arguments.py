"""Every public function answers a wrong type or value with an error of the package, which says what was found.

Each parameter of each public function is given in turn what it does not take, with all others right. A new function is tried
without being named here; a new parameter is, in `VALID`, or the test that asks for it fails.
"""

from __future__ import annotations

import datetime as dt
import inspect
import itertools
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from absurd import ABSURD
from ledgers import clock, forecast, outcome
from town_balance import town_bands, town_levels
from toy import EDITION, made_up_run, toy_asked, toy_dossier, toy_edition, toy_priors

import forecasting as fc
from forecasting.dossier.edition import Dossier
from forecasting.errors import ForecastingError
from forecasting.lab.probability_lines import Move, Rival
from forecasting.ledger.store import append
from forecasting.runs.store import Run
from forecasting.scoring.reliability import reliability

WRONG: tuple[Any, ...] = (
    None, 5, -1, 2.5, float("nan"), True, "?", "", b"x", (), {}, [None], object(), dt.date(2024, 7, 1), pd.DataFrame(),
)  # fmt: skip
CLASSES = (fc.Fit, Dossier, fc.Forecast, Run, fc.ElicitedPrior, fc.Mixture)


def public() -> dict[str, Callable[..., Any]]:
    """Return every public function and every public method of the classes that a notebook holds, by name."""
    found: dict[str, Callable[..., Any]] = {}
    for name in fc.__all__:
        value = getattr(fc, name)
        if isinstance(value, ModuleType):
            own = {key: one for key, one in vars(value).items() if inspect.isfunction(one) and one.__module__ == value.__name__}
            found |= {f"{name}.{key}": one for key, one in own.items() if not key.startswith("_")}
        elif inspect.isfunction(value):
            found[name] = value
    for kind in CLASSES:
        own = [base for base in reversed(kind.__mro__) if base.__module__.startswith("forecasting.")]
        methods = {key: one for base in own for key, one in vars(base).items() if inspect.isfunction(one)}
        found |= {f"{kind.__name__}.{key}": one for key, one in methods.items() if not key.startswith("_")}
    return found


COUNTER = itertools.count()
SIGNED = {"id": "x-5", "about": "P(a pact within a year)", "analyst": "A. Coder", "made_on": dt.date(2024, 7, 1), "years": 1.0}


@cache
def a_run() -> Run:
    import tempfile

    return made_up_run(Path(tempfile.mkdtemp()))


@cache
def a_prior() -> fc.ElicitedPrior:
    return fc.quartile("Beta", 0.2, 0.3, 0.4, **{**SIGNED, "id": "x-1"})


@cache
def a_ledger() -> Path:
    import tempfile

    folder = Path(tempfile.mkdtemp())
    append(folder, [forecast("pact-by-2025", 0.3), outcome("pact-by-2025", "yes")], clock=clock())
    return folder


@cache
def a_place() -> Any:
    return fc.articles.begin()


@cache
def a_record() -> Any:
    return fc.open_record(priors=str(toy_priors()), ledger=a_ledger(), on="2028-06-01")


# a right value for every parameter, by its name, or by the function's where the name means something else there
VALID: dict[str, Callable[[], Any]] = {
    "dossier": toy_dossier, "edition": toy_edition, "prior.edition": lambda: EDITION, "edition_id": lambda: EDITION,
    "event_id": lambda: "quay-closed", "question_id": lambda: "pact-by-2025", "record_id": lambda: "pact-by-2025",
    "fit": toy_asked, "run": a_run, "trace_record.runs": lambda: [a_run()], "trace_record.depth": lambda: 3,
    "assumptions_table.runs": list, "layer": lambda: "posterior",
    "by": lambda: "2025-06-30", "at": lambda: "2025-06-30", "occurs": lambda: True, "typed": lambda: {"pact-by-2025": 0.4},
    "random_seed": lambda: 1, "network": lambda: None, "progress": lambda: None,
    "priors": lambda: str(toy_priors()), "open_run.runs": lambda: "runs", "open_fit.runs": lambda: "runs",
    "prior": a_prior, "path": lambda: "nowhere.toml", "folder": lambda: "nowhere", "directory": lambda: "nowhere",
    # an elicitation by maxent: others begin to load PreliZ in a thread, under whatever warnings are for the tests after
    "elicit.prior": lambda: fc.maxent("Beta", 0.1, 0.4, 0.8, **SIGNED), "elicit.folder": lambda: None,
    "root": lambda: str(toy_priors()), "warnings": lambda: False, "words": lambda: "war", "theme": lambda: None,
    "unit": lambda: None, "one_of": lambda: (), "exclusive": lambda: (), "implies": lambda: (), "trust": lambda: None,
    "reference_class": lambda: toy_dossier().reference_classes["tolls-raised"], "relatives": lambda: (), "n": lambda: 8,
    "salt": lambda: bytes(range(32)), "digest": lambda: "0" * 64, "mode": lambda: [0.2, 0.8], "bound": lambda: 0.1,
    "mass": lambda: 0.9, "panel.question": lambda: "pact-by-2025", "panel.write": lambda: False,
    "event": lambda: "quay-closed", "lexicon": lambda: "own", "reliability": lambda: "B", "credibility": lambda: 2,
    "direction": lambda: "occurs", "p": lambda: [0.2, 0.8], "a": lambda: 1.2, "weights": lambda: None,
    "variable": lambda: 5, "grades": lambda: toy_dossier().grades, "claim": lambda: toy_dossier().claims["n-001"],
    "claims": lambda: [toy_dossier().claims["n-001"]], "likelihood_words.p": lambda: 0.3, "family": lambda: "Beta",
    "sentences": lambda: "5.2",
    "lower": lambda: 0.1, "upper": lambda: 0.6, "q1": lambda: 0.2, "q2": lambda: 0.3, "q3": lambda: 0.4,
    "chips": lambda: [1, 4, 2, 1], "id": lambda: "x-2", "mixture.priors": lambda: list(SELF["Mixture"]().priors),
    "outcome": lambda: a_run().forecasts[0].headline, "influence_table.outcome": lambda: "yes", "title_of.outcome": lambda: "yes",
    "years": lambda: 0.5,
    "low": lambda: 0.1, "high": lambda: 0.4, "change": lambda: 0.1, "mcse": lambda: 0.01, "sign": lambda: "raises",
    "grade": lambda: "weak", "date": lambda: dt.date(2024, 7, 1), "text": lambda: "a text",
    "known_on": lambda: dt.date(2026, 1, 1),
    "has_happened.by": lambda: dt.date(2025, 12, 31), "forecasts": lambda: list(a_run().forecasts),
    "forecast": lambda: a_run().forecasts[0], "wording": lambda: toy_dossier().lexicons["plain"]["likely"], "chains": lambda: 2,
    "sampled_number.p": lambda: np.linspace(0.1, 0.5, 400), "write_references.runs": lambda: {EDITION: a_run()},
    "hold.events": lambda: None, "strict": lambda: True, "now": lambda: NUMBERS, "reference": lambda: NUMBERS,
    "caption": lambda: "A table", "gates": lambda: a_run().mark, "most": lambda: 4, "events": lambda: ["quay-closed"],
    "after": lambda: dt.date(2024, 1, 1), "until": lambda: dt.date(2025, 1, 1), "before": a_run, "what_changed.after": a_run,
    "what_changed.runs": lambda: (None, None), "table": lambda: toy_asked().given("quay-closed", by="2025-06-30"),
    "ledger": lambda: str(a_ledger()), "on": lambda: "2028-06-01", "score_tables.record": a_record,
    "of_model.model": lambda: "balance", "since.runs": lambda: [a_run()], "since.record": a_record,
    "outcomes.came.record": a_record, "settled_table.record": a_record, "waiting_table.record": a_record,
    "record": a_prior, "changes": lambda: fc.change("n-001", credibility=2), "class_id": lambda: "tolls-raised",
    "kind": lambda: "claim", "name": lambda: "n-001", "key": lambda: "n-001", "Dossier.where.path": lambda: "wording",
    "Run.rows.name": lambda: "influence",
    "row": lambda: toy_dossier().reference_classes["tolls-raised"], "where_counted.path": lambda: "events",
    "Dossier.wording.lexicon": lambda: "plain", "Dossier.wording.wording": lambda: "likely", "x": lambda: 0.3, "q": lambda: 0.5,
    "of_theme.theme": lambda: "", "closest.theme": lambda: "", "curves": lambda: a_run().curves, "title": lambda: "It happens",
    "deadline": lambda: dt.date(2025, 6, 30), "titles": lambda: {"pact-signed": "A pact is signed"},
    "moves": lambda: [Move("It was said", "n-001", 0.1)], "rivals": lambda: [Rival("one", "", True, 0.2, 0.1, 0.3, 0.2)],
    "with_marks.warnings": lambda: "BLOCKED: not held to the gate",
    "hindsight.table": lambda: fc.outcomes.outcome_table(toy_dossier(), list(a_run().forecasts), dt.date(2026, 1, 1)),
    "bands": town_bands, "tries": lambda: {"doubtful": fc.change("n-001", credibility=5)},
    "found": lambda: reliability([0.2, 0.7, 0.8], [False, True, True]),
    "place": a_place, "begin.folder": lambda: "project", "ranks": lambda: "1", "add.kind": lambda: "question",
    "standard": lambda: "icd203", "signed.value": lambda: 0.5,
    "ident": lambda: f"q-{next(COUNTER)}", "fill.ident": lambda: "observer-2024-03",
    "still_open.ident": lambda: "observer-2024-03",
    "skew_note.names": lambda: ["pact-by-2025"], "levels": town_levels, "theatre": lambda: "river",
    "fields": lambda: 5, "figures": lambda: None, "alt": lambda: None, "signed": lambda: None, "tables": lambda: None,
}  # fmt: skip
NUMBERS = {"p": 0.3, "mcse": 0.01}
ANYTHING = {"fields", "signed", "tables"}  # keyword arguments of other names, held to the record that they make
FUNCTIONS = public()
SELF: dict[str, Callable[[], Any]] = {
    "Fit": toy_asked, "Dossier": toy_dossier, "Forecast": lambda: toy_asked().forecast("pact-by-2025"), "Run": a_run,
    "ElicitedPrior": a_prior, "Mixture": lambda: fc.mixture("x-3", [a_prior(), a_prior().model_copy(update={"id": "x-4"})]),
}  # fmt: skip


def parameters(name: str) -> list[inspect.Parameter]:
    return [one for one in inspect.signature(FUNCTIONS[name]).parameters.values() if one.name not in ("self", *ANYTHING)]


def right(name: str, parameter: str) -> Any:
    """Return a right value for a parameter of a function."""
    keys = (f"{name}.{parameter}", f"{name.rpartition('.')[2]}.{parameter}", parameter)
    return next(VALID[key] for key in keys if key in VALID)()


def test_every_parameter_has_a_right_value_here() -> None:
    for name in FUNCTIONS:
        for parameter in parameters(name):
            right(name, parameter.name)


def call(name: str, changed: str, value: Any) -> None:
    """Call a function with one argument changed, and all others right."""
    function, args, kwargs = FUNCTIONS[name], [], {}
    if "signed" in inspect.signature(function).parameters:
        kwargs |= SIGNED | ({"outcomes": ("one", "two"), "years": None} if name == "dirichlet" else {})
    if name.partition(".")[0] in SELF:
        args.append(SELF[name.partition(".")[0]]())
    for parameter in parameters(name):
        given = value if parameter.name == changed else right(name, parameter.name)
        if parameter.kind is parameter.VAR_POSITIONAL:
            args.append(given)
        elif parameter.kind is parameter.KEYWORD_ONLY:
            kwargs[parameter.name] = given
        else:
            args.append(given)
    function(*args, **kwargs)


# these make a run, or read files that are not there
ELSEWHERE = {
    "fit", "prior", "open_run", "open_fit", "from_pymc", "what_changed", "commitments.commit_file", "commitments.reveal_file",
    "commitments.reveal", "commitments.check_reveals", "read_prior", "read_mixture", "references.read_references",
    "references.all_references", "references.hold", "references.write_references", "references.event_numbers", "event_draws",
    "verify_texts", "show", "upper_hand.levels", "upper_hand.worth", "upper_hand.influence_table", "upper_hand.speakers_table",
    "outcomes.counts_moved", "outcomes.counts_read", "asked.of_model",
    "ElicitedPrior.to_pymc", "Mixture.to_pymc",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - ELSEWHERE))
def test_what_is_right_here_is_right(name: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    call(name, "", None)


# what these take is right, and calling them with it takes long, or writes
TAKES = {
    ("fit", "random_seed"): (None, 5), ("fit", "network"): (None,), ("fit", "progress"): (None,),
    ("prior", "edition"): (None,), ("prior", "layer"): (), ("write_prior", "record"): (),
    ("open_run", "runs"): ("?", ""), ("open_fit", "runs"): ("?", ""),  # names of folders, into which the toy would be fitted
}  # fmt: skip
CASES = [(name, parameter.name) for name in FUNCTIONS for parameter in parameters(name)]


@pytest.mark.parametrize(("name", "parameter"), CASES, ids=lambda value: value)
def test_what_is_wrong_is_answered_with_an_error_of_the_package(name, parameter, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for value in WRONG:
        if any(value is one or (type(value) is type(one) and value == one) for one in TAKES.get((name, parameter), ())):
            continue
        try:
            call(name, parameter, value)
        except ForecastingError:
            continue
        except Exception as error:  # noqa: BLE001  which is what this test is for
            pytest.fail(f"{name}({parameter}={value!r}) raises {type(error).__name__}: {error}")


# names of folders, into which the toy would be fitted, and functions of the caller's own, which may raise what they like
NAMES = frozenset({
    "text of a class", "mute text", "numpy text", "line breaks", "upwards", "braces", "markup", "no day", "first day as text",
    "last day as text",
})  # fmt: skip
TAKEN = {("open_run", "runs"): NAMES, ("open_fit", "runs"): NAMES, ("fit", "progress"): {"function", "class"}}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Error in function boost:RuntimeWarning")  # SciPy, of a quantile next to 0
@pytest.mark.parametrize(("name", "parameter"), CASES, ids=lambda value: value)
def test_what_is_absurd_is_answered_so_too(name: str, parameter: str, tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "a" / "b" / "c"  # what leads upwards leads no further than the folder of the test
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    for absurd in sorted(ABSURD.keys() - TAKEN.get((name, parameter), set())):
        try:
            call(name, parameter, ABSURD[absurd]())
        except ForecastingError as error:
            str(error).encode()
        except Exception as error:  # noqa: BLE001  which is what this test is for
            pytest.fail(f"{name}({parameter}={absurd}) raises {type(error).__name__} at {error_place(error)}")


def error_place(error: BaseException) -> str:
    """Return the line that raised, which is shown even where the error itself cannot be."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"


SAID = {
    "no folder": (lambda: fc.load_dossier(None), "root is None, no path; write it as text"),
    "a seed": (lambda: fc.fit(toy_edition(), random_seed="x"), "the seed is 'x'; write a whole number from 0 to 4294967295"),
    "an edition's name": (lambda: fc.fit("name"), "edition is 'name', no EditionDossier; write dossier.edition(id)"),
    "no event": (lambda: toy_asked().given(by=5), "missing a required argument: 'event_id'; write given(event_id: "),
    "an event's number": (lambda: toy_asked().given(5, by="2025-06-30"), "event_id is 5, no id; write it as text, in quotes"),
    "a day": (lambda: toy_asked().given("quay-closed", by=5), "5 is no date; write it as YYYY-MM-DD"),
    "no day": (lambda: toy_asked().given("quay-closed", by=None), "None is no date; write it as YYYY-MM-DD"),
    "a day that is empty": (lambda: toy_asked().intervene("quay-closed", at=""), "'' is no date; write it as YYYY-MM-DD"),
    "nothing": (lambda: fc.mixture(), "missing a required argument: 'id'; write mixture(id: "),
    "an edition's number": (lambda: toy_dossier().edition(5), "edition_id is 5, no id; write it as text, in quotes"),
    "an event of a prior": (lambda: fc.prior(toy_dossier(), 3), "event_id is 3, no id; write it as text, in quotes"),
    "a layer": (lambda: fc.prior(toy_dossier(), "quay-closed", layer="all"), "write 'base' or 'prior' or 'posterior'"),
    "an unknown argument": (lambda: fc.classes(word="war"), "unexpected keyword argument 'word'"),
}  # fmt: skip


@pytest.mark.parametrize(("ask", "said"), SAID.values(), ids=SAID.keys())
def test_it_is_said_what_was_found_and_what_to_write(ask: Callable[[], Any], said: str) -> None:
    with pytest.raises(ForecastingError) as raised:
        ask()
    assert said in str(raised.value)


DAYS = (pd.Timestamp("2025-06-30"), dt.datetime(2025, 6, 30, 23, 59), np.datetime64("2025-06-30"))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_dates_of_other_libraries_are_dates(day: Any) -> None:
    for asked in (toy_asked().given("quay-closed", by=day), toy_asked().intervene("quay-closed", at=day)):
        assert len(asked)
    assert len(toy_asked().watch("pact-by-2025", by=day))

"""Calls of public functions with what they do not take, and messages to the panel of another form than it reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from bad_input import Bad, call
from toy import toy_dossier, toy_edition

import forecasting as fc
from forecasting.dossier.parse import parse_value
from forecasting.lab.panel.message import Message

SIGNED = {"id": "x-1", "about": "P(a pact within a year)", "analyst": "A. Coder", "made_on": dt.date(2024, 7, 1), "years": 1.0}
NAN = float("nan")


def beta(*numbers: Any, **changes: Any) -> Callable[[], Any]:
    """Return the call of an elicitation by quartiles with some arguments changed."""
    return lambda: fc.quartile("Beta", *(numbers or (0.2, 0.3, 0.4)), **{**SIGNED, **changes})


CALLS: dict[str, tuple[Callable[[], Any], str]] = {
    "quartiles out of order": (beta(0.4, 0.3, 0.2), "0.4"),
    "quartiles above one": (beta(0.2, 0.3, 1.4), "1.4"),
    "quartiles of one number": (beta(0.3, 0.3, 0.3), "0.3"),
    "a quartile of NaN": (beta(NAN, 0.3, 0.4), "nan"),
    "a quartile as text": (beta("0.2", 0.3, 0.4), "'0.2'"),
    "two quartiles": (beta(0.2, 0.3), "missing a required argument"),
    "an unknown family": (lambda: fc.quartile("Betta", 0.2, 0.3, 0.4, **SIGNED), "Betta"),
    "no analyst": (beta(analyst=""), "analyst"),
    "an id with a path": (beta(id="../x"), "id"),
    "years below 0": (beta(years=-1.0), "years"),
    "a day as text in another order": (beta(made_on="1.7.2024"), "YYYY-MM-DD"),
    "an unknown field": (beta(colour="red"), "colour"),
    "a mode out of order": (lambda: fc.maxent("Beta", 0.6, 0.1, 0.9, **SIGNED), "0.6"),
    "a mass above one": (lambda: fc.maxent("Beta", 0.1, 0.6, 1.5, **SIGNED), "1.5"),
    "a probability above one": (lambda: fc.likelihood_words(1.5), "1.5"),
    "a probability of NaN": (lambda: fc.likelihood_words(NAN), "nan"),
    "a probability as text": (lambda: fc.likelihood_words("0.3"), "'0.3'"),
    "a probability below 0": (lambda: fc.likelihood_words(-0.1), "-0.1"),
    "an unknown standard": (lambda: fc.likelihood_words(0.3, "klingon"), "klingon"),
    "no folder": (lambda: fc.load_dossier("nowhere/at/all"), "nowhere/at/all"),
    "a folder as bytes": (lambda: fc.load_dossier(b"x"), "b'x'"),
    "an unknown edition": (lambda: toy_dossier().edition("2024-07-fery"), "did you mean '2024-07-ferry'?"),
    "an edition as a number": (lambda: toy_dossier().edition(7), "edition_id is 7, no id; write it as text, in quotes"),
    "a change of no record": (lambda: fc.change(5, wording="likely"), "5"),
    "a fit of a name": (lambda: fc.fit("2024-07-ferry"), "no EditionDossier; write dossier.edition(id)"),
    "a seed below 0": (lambda: fc.fit(toy_edition(), random_seed=-1), "write a whole number from 0 to 4294967295"),
    "a seed of half": (lambda: fc.fit(toy_edition(), random_seed=0.5), "write a whole number"),
    "a seed that is True": (lambda: fc.fit(toy_edition(), random_seed=True), "write a whole number"),
    "a run that is not there": (lambda: fc.open_run("2024-12-syria", runs=5), "runs is 5, no path"),
    "a run of a path": (lambda: fc.open_run("../../etc"), "../../etc"),
    "a run of nothing": (lambda: fc.open_run(), "missing a required"),
    "a prior that is not there": (lambda: fc.read_prior("nowhere.yaml"), "nowhere.yaml"),
    "a mixture of one": (lambda: fc.mixture("x-2", []), "priors"),
    "a mixture of names": (lambda: fc.mixture("x-2", ["a", "b"]), "'a'"),
    "classes of a table": (lambda: fc.classes(pd.DataFrame()), "DataFrame"),
    "classes by an unknown word": (lambda: fc.classes(word="war"), "word"),
    "a table for a dossier": (lambda: fc.check_dossier(pd.DataFrame()), "DataFrame"),
    "a record on no day": (lambda: fc.open_record(priors="priors", ledger="nowhere", on="20240701"), "YYYY-MM-DD"),
    "a record on another spelling": (lambda: fc.open_record(priors="priors", ledger="nowhere", on="1 July"), "YYYY-MM-DD"),
    "an infinite number": (lambda: fc.likelihood_words(np.inf), "inf"),
    "a list for a number": (lambda: fc.likelihood_words([0.3]), "[0.3]"),
}
VALUES: dict[str, tuple[str, str]] = {
    "an alias": ("*x", ""),
    "a tag": ("!!python/name:os.system", "the tag"),
    "two documents": ("a\n---\nb", "a second document"),
    "an open bracket": ("[a", "not well-formed YAML"),
    "an open quotation mark": ('"a', "not closed"),
    "100,000 brackets": ("[" * 100_000, "more than 12 levels of nesting"),
    "a key twice": ("{a: 1, a: 2}", "the key 'a' again"),
}
MESSAGES: dict[str, tuple[Any, str]] = {
    "nothing": (None, "message"),
    "a list": (["set"], "message"),
    "a text": ("show", "message"),
    "a number": (7, "message"),
    "no field": ({}, "do"),
    "an unknown deed": ({"do": "fly"}, "do"),
    "code": ({"do": "eval", "value": "__import__('os')"}, "do"),
    "a path": ({"do": "show", "path": "/etc/passwd"}, "path"),
    "a question that is a list": ({"do": "ask", "question": []}, "question"),
    "an event that is a number": ({"do": "curve", "event": 5}, "event"),
    "a record that is a mapping": ({"do": "set", "record": {}}, "record"),
    "a field that is nothing": ({"do": "set", "field": None}, "field"),
    "a value that is a list": ({"do": "set", "value": [6]}, "value"),
    "a value that is a mapping": ({"do": "set", "value": {"a": 1}}, "value"),
    "a place that is a text": ({"do": "undo", "index": "0"}, "index"),
    "a place that is half": ({"do": "set", "at": 0.5}, "at"),
    "a reason that is a number": ({"do": "write", "reason": 5}, "reason"),
    "a deed in capitals": ({"do": "SHOW"}, "do"),
    "a deed that is true": ({"do": True}, "do"),
    "a prototype": ({"do": "show", "__proto__": {}}, "__proto__"),
}
CASES = [
    *(Bad("call", name, lambda folder, ask=ask: call(ask), (says,)) for name, (ask, says) in CALLS.items()),
    *(
        Bad("value", name, lambda folder, text=text: call(lambda: parse_value(text)), (says,))
        for name, (text, says) in VALUES.items()
    ),
    *(
        Bad(
            "message",
            name,
            lambda folder, said=said: call(lambda: Message.of(said)),
            ("the panel cannot do that", says, "reload it"),
        )
        for name, (said, says) in MESSAGES.items()
    ),
]

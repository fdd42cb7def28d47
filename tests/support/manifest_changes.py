"""Manifests that are none or were edited, and what must be found in each."""

from __future__ import annotations

import json
from collections.abc import Callable


def torn(text: str) -> str:
    return text[:-20]


def without_posterior(text: str) -> str:
    record = json.loads(text)
    del record["outputs"]["posterior.nc"]
    return json.dumps(record)


def with_field(name: str, value: object) -> Callable[[str], str]:
    return lambda text: json.dumps(json.loads(text) | {name: value})


EDITED = [
    (lambda text: "[]", "a list where a manifest has its fields"),
    (lambda text: "null", "null where a manifest has its fields"),
    (lambda text: "7", "a number where a manifest has its fields"),
    (lambda text: "", r"no JSON \(Expecting value"),
    (lambda text: '{"schema": 2}', "schema 2, of an older version of this program, which reads 4"),
    (lambda text: '{"schema": 9}', "schema 9, of a newer version of this program, which reads 4"),
    (lambda text: '{"schema": 4}', "edition: Field required; as_of: Field required; seed: Field required"),
    (lambda text: "[" * 100_000, "nesting too deep to read"),
    (lambda text: " " * 2_000_000 + text, "bytes, more than any manifest has"),
    (lambda text: text.replace('"seed"', '"as_of": "2024-07-01", "seed"'), "a key that stands twice"),
    (lambda text: text.replace('"seed": 20240701', '"seed": NaN'), "NaN, which is no number"),
    (torn, "no JSON"),
    (without_posterior, "other content than its digest stands for: it was changed since the run"),
    (with_field("as_of", "2024-07-02"), "other content than its digest stands for"),
    (with_field("seed", 7), "other content than its digest stands for"),
    (with_field("seed", "20240701"), "seed: Input should be a valid integer"),
    (with_field("seed", True), "seed: Input should be a valid integer"),
    (with_field("as_of", "yesterday"), "as_of: Value error, 'yesterday' is not a date"),
    (with_field("outputs", {"../../etc/x": {"sha256": "0" * 64, "n_bytes": 1}}), "outputs"),
    (with_field("gate", {"n_criteria": 0, "failed": [], "override": None}), "gate.n_criteria"),
    (with_field("mood", "good"), "mood: Extra inputs are not permitted"),
]

"""What the program kept and somebody changed since: ledgers, heads, manifests, tables and draws of runs, elicited priors."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from bad_input import PROJECT, Answer, Bad, call, command
from builders import write_dossier
from ledger_changes import CHANGES, lines
from ledgers import clock, fill, forecast, outcome
from manifest_changes import EDITED
from written_runs import written

from forecasting.backtest.points import parse_point
from forecasting.elicitation.prior_files import read_prior
from forecasting.ledger.store import HEAD, LEDGER, append
from forecasting.runs.manifest import MANIFEST
from forecasting.runs.store import REQUIRED

AGAIN, POINT = "make the run again", ("point.json", "no point of a backtest")
PRIOR = (
    'id: "deal-a"\nabout: "P(a deal within a year)"\nyears: 1\nanalyst: "A. Analyst"\nmade_on: 2024-12-13\nmethod: "maxent"\n'
    'asked: {lower: 0.1, upper: 0.4, mass: 0.8}\nfamily: "Beta"\nparameters: {alpha: 3.47199, beta: 9.45366}\n'
)


def ledger(name: str, change: Callable[[Path], object], *says: str) -> Bad:
    """Return a case of a ledger that was changed since it was written, and is scored; the file stays as it is."""

    def given(folder: Path) -> Answer:
        kept = fill(folder / "ledger", 9)
        change(kept)
        before = {path.name: path.read_bytes() for path in kept.iterdir() if path.is_file()}
        answer = command("score", "--ledger", kept, "--priors", write_dossier(folder, PROJECT))
        assert {path.name: path.read_bytes() for path in kept.iterdir() if path.is_file()} == before, "it was written to"
        return answer

    return Bad("ledger", name, given, says)


def draft(name: str, record: dict[str, object], says: str) -> Bad:
    """Return a case of a record that is none, appended behind one that is; nothing is written."""

    def given(folder: Path) -> Answer:
        kept = fill(folder / "ledger", 2)
        before = (kept / LEDGER).read_bytes()
        answer = call(lambda: append(kept, [forecast("b"), record], clock=clock()))
        assert (kept / LEDGER).read_bytes() == before, "half of it was written"
        return answer

    return Bad("ledger", name, given, (says, "nothing was written"))


def run(name: str, change: Callable[[Path], object], *says: str) -> Bad:
    """Return a case of a run that was changed since it was made, and whose answers are exported; nothing is."""

    def given(folder: Path) -> Answer:
        change(written(folder / "runs"))
        answer = command("export", folder / "answers.xlsx", "--runs", folder / "runs")
        assert not (folder / "answers.xlsx").exists(), "it was exported"
        return answer

    return Bad("run", name, given, says)


def prior(name: str, content: bytes, *says: str) -> Bad:
    """Return a case of the file of an elicited prior."""

    def given(folder: Path) -> Answer:
        (folder / "deal-a.yaml").write_bytes(content)
        return call(lambda: read_prior(folder / "deal-a.yaml"))

    return Bad("prior", name, given, ("deal-a.yaml", *says))


def _written(path: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / path).write_bytes(content)


def _manifest(change: Callable[[str], str]) -> Callable[[Path], object]:
    return lambda folder: (folder / MANIFEST).write_text(change((folder / MANIFEST).read_text("utf-8")), "utf-8")


def _linewise(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Path], object]:
    return lambda folder: (folder / LEDGER).write_bytes(b"".join(change(lines(folder))))


def _flipped(folder: Path, name: str) -> None:
    raw = bytearray((folder / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / name).write_bytes(raw)


def _linked(folder: Path, name: str) -> None:
    (folder / name).rename(folder.parent / "elsewhere")
    (folder / name).symlink_to(folder.parent / "elsewhere")


def _piped(folder: Path, name: str) -> None:
    (folder / name).unlink()
    os.mkfifo(folder / name)


HARMED: dict[str, Callable[[Path, str], object]] = {
    "a bit flipped": _flipped,
    "cut in half": lambda folder, name: os.truncate(folder / name, (folder / name).stat().st_size // 2),
    "gone": lambda folder, name: (folder / name).unlink(), "a link": _linked, "a named pipe": _piped,
    "a folder": lambda folder, name: ((folder / name).unlink(), (folder / name).mkdir()),
}  # fmt: skip
HEADS = {
    "nothing": b"", "no JSON": b"{", "a list": b"[]", "null": b"null", "a text": b'"12"', "no digest": b'{"number": 3}',
    "a number that is none": b'{"number": "x", "digest": ""}', "UTF-16": '{"number": 1}'.encode("utf-16"), "zeros": bytes(40),
    "deep": b"[" * 100_000, "infinity": b'{"number": Infinity, "digest": ""}',
    "a number to come": b'{"number": 99, "digest": ""}',
    "another digest": b'{"number": 3, "digest": "' + b"0" * 64 + b'"}',
}  # fmt: skip
LINES = {
    "no JSON": b"x\n", "a list": b"[]\n", "null": b"null\n", "zeros": bytes(40) + b"\n", "deep": b"[" * 100_000 + b"\n",
    "NaN": b'{"p": NaN}\n', "a key twice": b'{"a": 1, "a": 2}\n', "of a newer program": b'{"schema": 99}\n', "Latin-1": b"\xe4\n",
    "no record": b'{"schema": 1}\n', "a record of another kind": b'{"schema": 1, "entry": "prophecy"}\n',
    "an object of Python": b"cos\nsystem\n(S'ls'\ntR.\n",
}  # fmt: skip
CASES = [
    *(ledger(name, _linewise(change), LEDGER) for name, change in CHANGES.items()),
    *(ledger(f"a head that is {name}", _written(HEAD, content), "ledger") for name, content in HEADS.items()),
    *(ledger(f"a first line that is {name}", _written(LEDGER, content), f"{LEDGER}:1", "found")
      for name, content in LINES.items()),
    *(ledger(f"a last line that is {name}", _linewise(lambda ls, content=content: [*ls, content]), LEDGER, "found")
      for name, content in LINES.items()),
    ledger("gone", lambda folder: (folder / LEDGER).unlink(), "ledger"),
    ledger("a folder", lambda folder: ((folder / LEDGER).unlink(), (folder / LEDGER).mkdir()), "ledger"),
    draft("a sum below one", forecast(outcomes=[{"id": "yes", "title": "yes", "p": 0.3}]), "sum to 0.3"),
    draft("an as-of date to come", forecast(as_of="2026-04-01"), "before its as-of date"),
    draft("no outcomes", forecast(outcomes=[]), "neither"), draft("an unknown field", forecast(colour="red"), "colour"),
    draft("a day to come", outcome(on="2026-03-02"), "before 2026-03-02"),
    draft("no reason", outcome(replaces="a" * 64), "no reason"), draft("no such kind", forecast(entry="prophecy"), "entry"),
    draft("a deadline that is none", forecast(deadline="2026-02-30"), "deadline"),
    draft("an id with a path", forecast("../../etc/x"), "question"),
    draft("a digest that is short", forecast(contract="ab"), "contract"),
    *(run(f"manifest {n}: {found[:40]}", _manifest(change), "manifest.json", "found", re.sub(r"\\(.)", r"\1", found), AGAIN)
      for n, (change, found) in enumerate(EDITED)),
    *(run(f"{name} {how}", lambda folder, name=name, harm=harm: harm(folder, name), name, AGAIN)
      for name in REQUIRED for how, harm in HARMED.items()
      if (how in ("a bit flipped", "cut in half", "gone") or name.endswith(".nc")) and (name, how) != ("forecasts.csv", "gone")),
    *(run(f"{name} that is not listed", _written(name, b"x"), name, "not listed in manifest.json, so nobody vouches for it")
      for name in ("notes.txt", ".hidden", "posterior.pkl", "posterior.zarr", "draws.npy")),
    run("no manifest", lambda folder: (folder / MANIFEST).unlink(), "no run in", "make one with: forecast run"),
    prior("nothing", b""), prior("a list", b"- 1\n"), prior("no YAML", b"id: [\n", "not well-formed"),
    prior("UTF-16", PRIOR.encode("utf-16"), "UTF-8"), prior("an alias", b"a: &x 1\nb: *x\n", "alias"),
    *(prior(f"without {name}", re.sub(rf"(?m)^{name}: .*\n", "", PRIOR).encode(), name)
      for name in ("id", "about", "analyst", "made_on", "method", "asked", "family", "parameters")),
    *(prior(f"{old} for {new}", PRIOR.replace(old, new).encode(), said) for old, new, said in (
        ("Beta", "Betta", "family"), ("2024-12-13", "yesterday", "made_on"), ("lower: 0.1", "lower: NaN", "lower"),
        ("alpha: 3.47199", "alpha: -1", "alpha"), ("lower: 0.1", "lower: 0.9", "lower"), ("mass: 0.8", "mass: 1.5", "mass"),
        ("maxent", "guess", "method"), ('"deal-a"', '"../../x"', "id"), ("years: 1", "years: -1", "years"),
        ("beta: 9.45366", "beta: 9.45366, gamma: 1", "gamma"), ("alpha: 3.47199", "alpha: 3e1", "alpha"),
    )),
    *(Bad("point", name, lambda folder, raw=raw: call(lambda: parse_point(raw, "point.json")), POINT) for name, raw in {
        "nothing": b"", "a list": b"[]", "null": b"null", "deep": b"[" * 100_000, "NaN": b'{"p": NaN}',
        "an older one": b'{"schema": 0}', "zeros": bytes(20), "UTF-16": "{}".encode("utf-16"),
    }.items()),
]  # fmt: skip

"""Priors as files: file → PyMC → file gives the same bytes, and a file that is not sound is refused with its line."""

from __future__ import annotations

import hashlib
import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
from elicited_priors import any_prior, prior, shares, stated
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from forecasting.dossier.parse import parse_yaml
from forecasting.elicitation.elicited import ElicitedPrior
from forecasting.elicitation.families import FAMILIES
from forecasting.elicitation.in_pymc import from_pymc
from forecasting.elicitation.mixture import Mixture, mixture
from forecasting.elicitation.prior_files import canonical, read_mixture, read_prior, write_prior
from forecasting.errors import DossierError, FileError, UsageError

FILE = """\
id: "deal-a"
about: "P(a deal within a year)"
years: 1
analyst: "A. Analyst"
made_on: 2024-12-13
method: "maxent"
asked: {lower: 0.1, upper: 0.4, mass: 0.8}
family: "Beta"
parameters: {alpha: 3.47199, beta: 9.45366}
"""
BY_HAND = """\
# the same prior as another hand would write it
parameters:
  beta: 9.453660
  alpha: 3.47199
family: Beta
asked: {upper: 0.40, mass: 0.8, lower: 0.1}
method: maxent
made_on: 2024-12-13
analyst: A. Analyst
years: 1.0
about: P(a deal within a year)
id: deal-a
note: ""
"""


def both(*weights: float) -> Mixture:
    other = stated("LogitNormal", {"mu": 0.4, "sigma": 0.63}, id="deal-b", analyst="B. Analyst")
    return mixture("deal", [prior(), other], weights or None)


KINDS = {
    "Beta": prior(),
    "LogitNormal": stated("LogitNormal", {"mu": -1.07562, "sigma": 0.660684}),
    "Gamma": stated("Gamma", {"alpha": 6.93668, "beta": 5.48883}),
    "whole numbers": stated("Gamma", {"alpha": 1.0, "beta": 13.0}),
    "LogNormal": stated("LogNormal", {"mu": 0.154028, "sigma": 0.392185}),
    "Normal": stated("Normal", {"mu": -0.75, "sigma": 0.97538}),
    "Dirichlet": shares(),
    "mixture": both(0.3, 0.7),
    "thirds": mixture("t", [prior(id=name) for name in ("one", "two", "three")]),
    "positive": mixture(
        "p", [stated("Gamma", {"alpha": 3, "beta": 0.7}, id="g"), stated("LogNormal", {"mu": 1, "sigma": 0.4}, id="l")]
    ),
    "real": mixture("r", [stated("Normal", {"mu": m, "sigma": 1}, id=f"n{m}") for m in (0, 3)]),
    "sets": mixture("s", [shares(), shares(id="again", analyst="B. Analyst")], [0.9, 0.1]),
}  # fmt: skip


def through_pymc(record: ElicitedPrior | Mixture) -> ElicitedPrior | Mixture:
    import pymc as pm

    with pm.Model() as model:
        record.to_pymc("p")
    return from_pymc(model["p"])


def read(path: Path, record: ElicitedPrior | Mixture) -> ElicitedPrior | Mixture:
    return read_mixture(path) if isinstance(record, Mixture) else read_prior(path)


@pytest.mark.parametrize("kind", KINDS)
def test_from_file_to_pymc_to_file_every_byte_stays(kind: str, tmp_path: Path) -> None:
    first = write_prior(KINDS[kind], tmp_path / "first.yaml")
    second = write_prior(through_pymc(read(first, KINDS[kind])), tmp_path / "second.yaml")
    assert first.read_bytes() == second.read_bytes()


@pytest.fixture(scope="module")
def compiled_before() -> None:
    """Let PyTensor compile once: it then raises Python's recursion limit, which Hypothesis does not want in an example."""
    through_pymc(KINDS["Gamma"])


@pytest.mark.slow
@pytest.mark.usefixtures("compiled_before")
@settings(max_examples=60)
@given(any_prior(), st.floats(0.001, 0.999))
def test_whatever_the_numbers_and_texts_every_byte_stays(record: ElicitedPrior, weight: float) -> None:
    other = record.model_copy(update={"id": "zz-other"})
    with tempfile.TemporaryDirectory() as folder:
        for n, one in enumerate((record, Mixture(id="m", weights=(weight, 1 - weight), priors=(record, other)))):
            first = write_prior(one, Path(folder) / f"{n}.yaml")
            back = through_pymc(read(first, one))
            assert back == one
            assert canonical(back).encode() == first.read_bytes()


def test_the_file_is_the_one_in_the_documentation(tmp_path: Path, project_dir: Path) -> None:
    assert canonical(prior()) == FILE
    assert FILE in (project_dir / "docs/elicited-priors.md").read_text("utf-8")


def test_however_a_file_is_laid_out_the_prior_and_its_canonical_bytes_are_one(tmp_path: Path) -> None:
    path = tmp_path / "deal-a.yaml"
    path.write_text(BY_HAND)
    assert read_prior(path) == prior()
    assert canonical(read_prior(path)) == FILE
    assert hashlib.sha256(canonical(read_prior(path)).encode()).digest() == hashlib.sha256(FILE.encode()).digest()


def test_a_text_that_yaml_would_read_as_something_else_comes_back_as_it_was(tmp_path: Path) -> None:
    for n, text in enumerate(("null", "true", "2024-12-13", "12.50", "- a: {b}", 'say "no" \\ #1', "Ōsaka: 50 % → 日本")):
        path = write_prior(prior(note=text), tmp_path / f"{n}.yaml")
        assert read_prior(path).note == text


def test_numbers_are_written_without_an_exponent(tmp_path: Path) -> None:
    record = stated("Gamma", {"alpha": 2, "beta": 0.00000123456789012}, years=None)
    text = canonical(record)
    assert "beta: 0.00000123456789012}" in text
    assert not re.search(r"[0-9]e[+-]?[0-9]", text)
    assert read_prior(write_prior(record, tmp_path / "small.yaml")) == record


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("years: 1", "yeers: 1", r"deal-a.yaml:3  prior deal-a: unknown field 'yeers'\n  did you mean 'years'\?"),
        ("mass: 0.8", "mass: 80%", r"deal-a.yaml:7 .*mass is '80%'\n  write a plain number such as 12 or 0.5"),
        ("lower: 0.1", "lower: .1", r"deal-a.yaml:7 .*lower is '.1'\n  write a plain number"),
        ("lower: 0.1", "lower: 0.5", r"deal-a.yaml:7 .*lower 0.5 is not below upper 0.4\n  write the smaller"),
        ("alpha: 3.47199", "alpha: 5.47199", r"deal-a.yaml:1 .*is off what was asked by 0.236"),
        ("alpha: 3.47199", "alpha: 0", r"deal-a.yaml:9 .*alpha is 0.0\n  write a number above 0"),
        ("2024-12-13", "2024-13-12", r"deal-a.yaml:5 .*'2024-13-12' is not a day of the calendar"),
        ('family: "Beta"\n', "", r"'family' is missing\n  write family: …"),
        ('id: "deal-a"', 'id: "deal-a"\nid: "deal-b"', r"deal-a.yaml:2  the key 'id' again \(first on line 1\)"),
        ('"A. Analyst"', "!!python/object:os.system x", r"deal-a.yaml:4  the tag"),
        ("years: 1", "years: 1\n---\nx: 1", r"a second document"),
        (FILE, "- 1\n", r"deal-a.yaml:1  no record\n  write the fields id, about"),
        (FILE, "", r"no record"),
    ],
)
def test_a_file_that_is_not_sound_is_refused_with_its_line(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "deal-a.yaml"
    path.write_text(FILE.replace(old, new))
    with pytest.raises(DossierError, match=message):
        read_prior(path)


def test_all_faults_of_a_file_are_shown_at_once(tmp_path: Path) -> None:
    path = tmp_path / "deal-a.yaml"
    path.write_text(FILE.replace("years: 1", "years: none").replace("mass: 0.8", "mass: 8"))
    with pytest.raises(DossierError) as caught:
        read_prior(path)
    assert [result.where.line for result in caught.value.results] == [3, 7]


def test_a_file_of_a_mixture_names_the_line_of_the_prior_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "deal.yaml"
    path.write_text(canonical(both()).replace("lower: 0.1", "lower: 0.9"))
    with pytest.raises(DossierError, match=r"deal.yaml:10 .*lower 0.9 is not below upper 0.4"):
        read_mixture(path)
    path.write_text(canonical(both()).replace("[0.5, 0.5]", "[0.5, 0.47]"))
    with pytest.raises(DossierError, match=r"weights that sum to 0.97"):
        read_mixture(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DossierError, match=r"nothing.yaml  not a file"):
        read_prior(tmp_path / "nothing.yaml")


def test_a_prior_is_never_written_over_another(tmp_path: Path) -> None:
    path = write_prior(prior(), tmp_path / "deal-a.yaml")
    assert write_prior(prior(), path) == path
    with pytest.raises(UsageError, match=r"deal-a.yaml stands there already, with other content; choose another name"):
        write_prior(prior(note="changed my mind"), path)
    assert path.read_text() == FILE
    assert [file.name for file in tmp_path.iterdir()] == ["deal-a.yaml"]
    with pytest.raises(FileError, match=r"cannot be written"):
        write_prior(prior(), tmp_path / "no" / "folder.yaml")


def test_the_strict_parser_of_the_dossier_reads_the_canonical_form(tmp_path: Path) -> None:
    parsed = parse_yaml(write_prior(both(), tmp_path / "deal.yaml"), "deal.yaml")
    assert [item["id"] for item in parsed.value["priors"]] == ["deal-a", "deal-b"]


def test_a_variable_that_was_not_elicited_or_has_been_changed_is_refused() -> None:
    import pymc as pm

    with pm.Model():
        plain, made = pm.Beta("plain", 3.47199, 9.45366), pm.Beta("made", 5.47199, 9.45366)
        other, weighed = pm.Exponential("other", 1.0), pm.Mixture("m", [0.2, 0.3, 0.5], [pm.Beta.dist(a, 3) for a in (1, 2, 3)])
    with pytest.raises(UsageError, match=r"'plain' was not made from an elicited prior; make it with prior.to_pymc"):
        from_pymc(plain)
    made.tag.elicited = prior()
    with pytest.raises(UsageError, match=r"is off what was asked by 0.236"):
        from_pymc(made)
    other.tag.elicited = prior()
    with pytest.raises(UsageError, match=r"other is a Exponential, deal-a is a Beta; make it anew"):
        from_pymc(other)
    weighed.tag.elicited = both()
    with pytest.raises(UsageError, match=r"m has 3 components, deal has 2; make it anew"):
        from_pymc(weighed)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind in FAMILIES and kind != "Dirichlet"])
def test_pymc_and_the_record_mean_the_same_distribution(kind: str) -> None:
    # the density by PyMC, summed between two quantiles, against the record's own distribution function
    import pymc as pm

    record = KINDS[kind]
    with pm.Model():
        variable = record.to_pymc("x")
    x = np.linspace(*record.quantile([0.2, 0.7]), 401)
    density = np.exp(pm.logp(variable, x).eval())
    assert float(np.sum((density[1:] + density[:-1]) / 2 * np.diff(x))) == pytest.approx(0.5, abs=1e-4)


@pytest.mark.slow
def test_a_mixture_in_pymc_has_the_density_of_every_analyst() -> None:
    import pymc as pm

    with pm.Model():
        variable = both(0.3, 0.7).to_pymc("p")
    got = float(np.exp(pm.logp(variable, 0.35).eval()))
    logit = np.log(0.35 / 0.65)
    expected = 0.3 * stats.beta.pdf(0.35, 3.47199, 9.45366) + 0.7 * stats.norm.pdf(logit, 0.4, 0.63) / (0.35 * 0.65)
    assert got == pytest.approx(expected, rel=1e-9)

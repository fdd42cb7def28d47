"""Commit first, show later: the digest binds the analyst to a prior, and hides it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from elicited_priors import any_prior, prior
from hypothesis import given
from hypothesis import strategies as st

from forecasting.elicitation.commitments import check_reveals, commit, commit_file, new_salt, reveal, reveal_file
from forecasting.elicitation.elicited import ElicitedPrior
from forecasting.elicitation.prior_files import canonical, write_prior
from forecasting.errors import DossierError, UsageError

SALT = bytes(range(16))


def test_the_digest_is_that_of_the_documented_bytes() -> None:
    # a second implementation of the recipe in docs/decisions/blind-priors.md: tag, length, salt, canonical bytes
    text = (
        'id: "deal-a"\nabout: "P(a deal within a year)"\nyears: 1\nanalyst: "A. Analyst"\nmade_on: 2024-12-13\n'
        'method: "maxent"\nasked: {lower: 0.1, upper: 0.4, mass: 0.8}\nfamily: "Beta"\n'
        "parameters: {alpha: 3.47199, beta: 9.45366}\n"
    )
    whole = b"forecasting elicited prior 1\n" + b"\x00\x10" + SALT + text.encode()
    assert commit(prior(), SALT) == hashlib.sha256(whole).hexdigest()


@given(any_prior(), st.binary(min_size=16, max_size=64).filter(lambda salt: len(set(salt)) >= 8))
def test_what_was_committed_to_is_revealed(record: ElicitedPrior, salt: bytes) -> None:
    assert reveal(commit(record, salt), record, salt) == record


@pytest.mark.parametrize(
    "changes", [{"note": "x y"}, {"analyst": "B. Analyst"}, {"id": "deal-b"}, {"years": 2}, {"made_on": "2024-12-14"},
                {"parameters": {"alpha": 3.472, "beta": 9.45366}}, {"asked": {"lower": 0.1, "upper": 0.4, "mass": 0.8001}}],
)  # fmt: skip
def test_a_prior_that_has_changed_in_anything_is_not_the_one_committed_to(changes: dict) -> None:
    digest = commit(prior(), SALT)
    with pytest.raises(UsageError, match=r"prior and salt do not give the digest; show the file and the salt committed to"):
        reveal(digest, prior(**changes), SALT)


def test_another_salt_or_another_digest_does_not_open_it() -> None:
    digest = commit(prior(), SALT)
    with pytest.raises(UsageError, match="do not give the digest"):
        reveal(digest, prior(), SALT + b"\x00")
    with pytest.raises(UsageError, match="do not give the digest"):
        reveal(digest[:-1] + ("0" if digest[-1] != "0" else "1"), prior(), SALT)


@pytest.mark.parametrize("salt", [b"", bytes(range(15)), b"\x00" * 32, b"abcabcabcabcabcabc", "0123456789abcdef"])
def test_a_salt_that_could_be_guessed_is_refused(salt: object) -> None:
    with pytest.raises(UsageError, match=r"the salt is no row of 16 or more random bytes; write new_salt\(\)"):
        commit(prior(), salt)


@pytest.mark.slow
def test_every_salt_is_new_and_long_enough_so_equal_priors_do_not_show() -> None:
    salts = {new_salt() for _ in range(100)}
    assert len(salts) == 100
    assert {len(salt) for salt in salts} == {32}
    assert len({commit(prior(), salt) for salt in salts}) == 100


def test_from_file_to_commitment_to_reveal(tmp_path: Path) -> None:
    path = write_prior(prior(), tmp_path / "deal-a.yaml")
    made = commit_file(path)
    assert made.name == "deal-a.commit"
    assert re.fullmatch(r"[0-9a-f]{64}\n", made.read_text())
    assert (tmp_path / "deal-a.salt").stat().st_mode & 0o077 == 0
    assert reveal_file(path) == prior()


def test_layout_may_change_between_commitment_and_reveal_but_no_number(tmp_path: Path) -> None:
    path = write_prior(prior(), tmp_path / "deal-a.yaml")
    commit_file(path)
    path.write_text("# printed for the meeting\n" + canonical(prior()).replace('"Beta"', "Beta"))
    assert reveal_file(path) == prior()
    path.write_text(canonical(prior()).replace("3.47199", "3.472"))
    with pytest.raises(UsageError, match=r"deal-a: prior and salt do not give the digest"):
        reveal_file(path)


def test_there_is_one_commitment_to_a_file(tmp_path: Path) -> None:
    path = write_prior(prior(), tmp_path / "deal-a.yaml")
    first = commit_file(path).read_text()
    with pytest.raises(UsageError, match=r"deal-a.commit is there already; a changed mind is a new prior with a new id"):
        commit_file(path)
    assert (tmp_path / "deal-a.commit").read_text() == first


@pytest.mark.parametrize("suffix", [".commit", ".salt"])
@pytest.mark.parametrize("text", ["", "xyz", "00", "g" * 64, "0" * 65])
def test_a_commitment_or_salt_that_is_damaged_is_named(suffix: str, text: str, tmp_path: Path) -> None:
    path = write_prior(prior(), tmp_path / "deal-a.yaml")
    commit_file(path)
    path.with_suffix(suffix).write_text(text)
    with pytest.raises(DossierError, match=rf"deal-a{suffix}:1 .*\n  restore the (64|32) hexadecimal digits"):
        reveal_file(path)
    path.with_suffix(suffix).unlink()
    with pytest.raises(DossierError, match=rf"deal-a{suffix}  not a file"):
        reveal_file(path)


def test_a_round_shows_who_kept_to_it_who_did_not_and_who_is_silent(tmp_path: Path) -> None:
    for name, analyst in (("a", "A. Analyst"), ("b", "B. Analyst"), ("c", "C. Analyst"), ("d", "A. Analyst")):
        commit_file(write_prior(prior(id=name, analyst=analyst), tmp_path / f"{name}.yaml"))
    (tmp_path / "b.yaml").write_text(canonical(prior(id="b", analyst="B. Analyst", note="after all")))
    (tmp_path / "c.salt").unlink()
    results = {result.where.file: result for result in check_reveals(tmp_path)}
    assert {name: result.status for name, result in results.items()} == {
        "a.commit": "passed", "b.commit": "failure", "c.commit": "warning", "d.commit": "failure",
    }  # fmt: skip
    assert results["a.commit"].found == "a by A. Analyst as committed"
    assert "do not give the digest" in results["b.commit"].found
    assert results["c.commit"].found == "not revealed"
    assert results["d.commit"].found == "A. Analyst committed to this question twice (first in a.commit)"


def test_a_round_names_a_damaged_file_and_goes_on(tmp_path: Path) -> None:
    for name in ("a", "b"):
        commit_file(write_prior(prior(id=name, analyst=f"Analyst {name}"), tmp_path / f"{name}.yaml"))
    (tmp_path / "a.yaml").write_text("id: [\n")
    assert [result.status for result in check_reveals(tmp_path)] == ["failure", "passed"]
    assert check_reveals(tmp_path / "nowhere") == ()

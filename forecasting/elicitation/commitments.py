"""Blind priors: commit to a prior by its digest, show it only after all have committed.

The protocol, and what it cannot do, are in ``docs/decisions/blind-priors.md``.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path

from forecasting.arguments import PATH, PRIOR, TEXT, takes
from forecasting.dossier.parse import ParseError, read_text
from forecasting.elicitation.elicited import ElicitedPrior
from forecasting.elicitation.prior_files import canonical, read_prior, write_new
from forecasting.errors import CheckResult, DossierError, UsageError, Where

TAG = b"forecasting elicited prior 1\n"
MIN_SALT = 16


def new_salt() -> bytes:
    """Return 32 random bytes from the operating system."""
    return secrets.token_bytes(32)


@takes(prior=PRIOR)
def commit(prior: ElicitedPrior, salt: bytes) -> str:
    """Return the digest that binds an analyst to a prior without showing it.

    SHA-256(tag ‖ length of salt in two bytes ‖ salt ‖ canonical bytes of the prior). The canonical bytes hold the id,
    the question, the analyst and the day, so another's digest cannot be passed off as one's own.

    Parameters
    ----------
    prior : ElicitedPrior
        The prior.
    salt : bytes
        At least 16 random bytes, from `new_salt`; kept secret until the reveal, and never used twice.

    Returns
    -------
    str
        64 hexadecimal digits, to be made public. *How to read it:* as nothing, until prior and salt are shown.

    Raises
    ------
    UsageError
        If the salt is shorter than 16 bytes, or plainly not random (fewer than eight different bytes).

    References
    ----------
    Blum, M. (1983), Coin flipping by telephone: a protocol for solving impossible problems, *ACM SIGACT News* 15, 23-27.

    Halevi, S. and Micali, S. (1996), Practical and provably-secure commitment schemes from collision-free hashing,
    *CRYPTO '96*, 201-215.

    Examples
    --------
    >>> from forecasting.elicitation.elicited import ElicitedPrior
    >>> prior = ElicitedPrior(
    ...     id="deal-a", about="P(a deal within a year)", years=1, analyst="A. Analyst", made_on="2024-12-13",
    ...     method="maxent", asked={"upper": 0.4, "lower": 0.1, "mass": 0.8}, family="Beta",
    ...     parameters={"alpha": 3.47199, "beta": 9.45366})
    >>> digest = commit(prior, bytes(range(16)))
    >>> digest[:8], reveal(digest, prior, bytes(range(16))) == prior
    ('c521295d', True)
    """
    if not issubclass(type(salt), bytes) or len(salt) < MIN_SALT or len(set(salt)) < 8:
        raise UsageError("the salt is no row of 16 or more random bytes; write new_salt()")
    return hashlib.sha256(TAG + len(salt).to_bytes(2) + salt + canonical(prior).encode("utf-8")).hexdigest()


@takes(digest=TEXT, prior=PRIOR)
def reveal(digest: str, prior: ElicitedPrior, salt: bytes) -> ElicitedPrior:
    """Return the prior, if it is the one that was committed to.

    Raises
    ------
    UsageError
        If prior and salt do not give the digest: one of the three has changed since.
    """
    if not secrets.compare_digest(commit(prior, salt).encode(), digest.encode()):
        raise UsageError(f"{prior.id}: prior and salt do not give the digest; show the file and the salt committed to")
    return prior


@takes(path=PATH)
def commit_file(path: str | Path) -> Path:
    """Commit to the prior in ``<name>.yaml``: write ``<name>.salt``, to be kept secret, and ``<name>.commit``.

    Returns
    -------
    Path
        ``<name>.commit``, which holds the digest and nothing else. Publish it; keep the other two until the reveal.

    Raises
    ------
    DossierError
        If the file is no valid prior.
    UsageError
        If there is a commitment already: a second one would let the analyst choose between two priors.
    """
    path = Path(path)
    prior, salt = read_prior(path), new_salt()
    for suffix in (".commit", ".salt"):
        if path.with_suffix(suffix).exists():
            raise UsageError(f"{path.with_suffix(suffix)} is there already; a changed mind is a new prior with a new id")
    write_new(path.with_suffix(".salt"), salt.hex() + "\n", private=True)
    return write_new(path.with_suffix(".commit"), commit(prior, salt) + "\n")


@takes(path=PATH)
def reveal_file(path: str | Path) -> ElicitedPrior:
    """Return the prior in ``<name>.yaml`` if, with ``<name>.salt``, it gives the digest in ``<name>.commit``.

    Layout and comments of the file do not count, since the digest is over the canonical form.

    Raises
    ------
    DossierError
        If one of the three files is missing or malformed.
    UsageError
        If they do not fit together.
    """
    path = Path(path)
    digest = _hexadecimal(path.with_suffix(".commit"), 64, 64)
    salt = bytes.fromhex(_hexadecimal(path.with_suffix(".salt"), 2 * MIN_SALT, 1024))
    return reveal(digest, read_prior(path), salt)


@takes(folder=PATH)
def check_reveals(folder: str | Path) -> tuple[CheckResult, ...]:
    """Hold every commitment in a folder against its prior and salt.

    Returns
    -------
    tuple of CheckResult
        One per ``.commit`` file: "passed", a warning where prior or salt are not there yet, a failure where they do not
        fit; and a failure for an analyst who committed to one question twice, which would leave a choice.
    """
    results: list[CheckResult] = []
    seen: dict[tuple[str, str], str] = {}
    for path in sorted(Path(folder).glob("*.commit")):
        where = Where(path.name)
        if not all(path.with_suffix(suffix).is_file() for suffix in (".yaml", ".salt")):
            fix = f"put {path.stem}.yaml and {path.stem}.salt beside it, or say that it was never revealed"
            results.append(CheckResult("prior-reveal", where, "not revealed", fix, "warning"))
            continue
        try:
            prior = reveal_file(path.with_suffix(".yaml"))
        except DossierError as error:
            results.extend(error.results)
            continue
        except UsageError as error:
            found, _, fix = str(error).partition("; ")
            results.append(CheckResult("prior-reveal", where, found, fix))
            continue
        first = seen.setdefault((prior.analyst, prior.about), path.name)
        if first == path.name:
            results.append(CheckResult("prior-reveal", where, f"{prior.id} by {prior.analyst} as committed", "", "passed"))
        else:
            found = f"{prior.analyst} committed to this question twice (first in {first})"
            results.append(CheckResult("prior-reveal", where, found, "let neither count, or agree before on the first"))
    return tuple(results)


def _hexadecimal(path: Path, least: int, most: int) -> str:
    try:
        text = read_text(path, path.name).strip()
    except ParseError as error:
        raise DossierError((error.result,)) from None
    if not re.fullmatch(r"([0-9a-f]{2})+", text) or not least <= len(text) <= most:
        fix = f"restore the {least} hexadecimal digits that were written there"
        raise DossierError((CheckResult("prior-commit", Where(path.name, 1), f"{text[:80]!r}", fix),))
    return text

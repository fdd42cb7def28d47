"""Elicited priors as files: read strictly, written in one way only, so that equal priors are equal bytes."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from forecasting.arguments import PATH, RECORD, takes
from forecasting.dossier.fields import Record
from forecasting.dossier.messages import failures_of
from forecasting.dossier.parse import Parsed, ParseError, parse_yaml
from forecasting.elicitation.elicited import ElicitedPrior
from forecasting.elicitation.mixture import Mixture
from forecasting.errors import CheckResult, DossierError, UsageError
from forecasting.files import create_file

ORDER = ("id", "about", "outcomes", "years", "analyst", "made_on", "method", "asked", "family", "parameters", "note",
         "weights", "priors")  # fmt: skip


def canonical(record: ElicitedPrior | Mixture) -> str:
    r"""Return the one text that stands for a prior: fixed order, shortest exact numbers, texts in double quotes.

    Fields that were left out stay out. Equal priors have equal texts, whatever file they were read from, so the SHA-256
    of the UTF-8 bytes identifies a prior.

    Examples
    --------
    >>> from forecasting.elicitation.elicited import ElicitedPrior
    >>> prior = ElicitedPrior(
    ...     id="deal-a", about="P(a deal within a year)", years=1, analyst="A. Analyst", made_on="2024-12-13",
    ...     method="maxent", asked={"upper": 0.4, "lower": 0.1, "mass": 0.8}, family="Beta",
    ...     parameters={"alpha": 3.47199, "beta": 9.45366})
    >>> print(canonical(prior), end="")
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
    return "".join(f"{line}\n" for line in _lines(record))


def _lines(record: Record) -> list[str]:
    lines = []
    for name in ORDER:
        value = getattr(record, name, None) if name in type(record).model_fields else None
        if value is None or value in ("", ()):
            continue
        if name == "priors":
            inner = [("- " if n == 0 else "  ") + line for prior in value for n, line in enumerate(_lines(prior))]
            lines += ["priors:", *inner]
        else:
            lines.append(f"{name}: {plain_yaml(value)}")
    return lines


def plain_yaml(value: Any) -> str:
    """Return a value as one line of YAML that `forecasting.dossier.parse` reads back as the same value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int | float):
        text = format(Decimal(repr(value or 0)), "f")  # equal numbers have one text: no −0
        return text.removesuffix(".0")
    if isinstance(value, tuple):
        return "[" + ", ".join(plain_yaml(item) for item in value) + "]"
    return "{" + ", ".join(f"{name}: {plain_yaml(item)}" for name, item in value.items()) + "}"


@takes(path=PATH)
def read_prior(path: str | Path) -> ElicitedPrior:
    """Return the elicited prior that a file holds.

    Parameters
    ----------
    path : path
        A file that `write_prior` wrote, or one written by hand with the same fields.

    Returns
    -------
    ElicitedPrior
        Checked anew against what was asked.

    Raises
    ------
    DossierError
        If the file cannot be read, is not strict YAML, or a field is missing, unknown or wrong; the message names file,
        line, finding and fix, for all fields at once.
    UsageError
        If ``path`` is no path.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from forecasting.elicitation.fitting import maxent
    >>> said = dict(about="P(a deal within a year)", made_on="2024-12-13")
    >>> first = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", analyst="A. Analyst", **said)
    >>> path = write_prior(first, Path(mkdtemp()) / "deal-a.yaml")
    >>> read_prior(path) == first
    True
    """
    return _read(Path(path), ElicitedPrior)


@takes(path=PATH)
def read_mixture(path: str | Path) -> Mixture:
    """Return the mixture of elicited priors that a file holds.

    Parameters
    ----------
    path : path
        A file that `write_prior` wrote, or one written by hand with the same fields.

    Returns
    -------
    Mixture
        With every analyst's prior, each checked anew against what was asked.

    Raises
    ------
    DossierError, UsageError
        As for `read_prior`.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from forecasting.elicitation.fitting import maxent
    >>> said = dict(about="P(a deal within a year)", made_on="2024-12-13")
    >>> first = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", analyst="A. Analyst", **said)
    >>> second = maxent("Beta", 0.3, 0.7, 0.8, id="deal-b", analyst="B. Analyst", **said)
    >>> pool = Mixture(id="deal", weights=(0.4, 0.6), priors=(first, second))
    >>> read_mixture(write_prior(pool, Path(mkdtemp()) / "deal.yaml")) == pool
    True
    """
    return _read(Path(path), Mixture)


def _read[R: Record](path: Path, model: type[R]) -> R:
    try:
        parsed = parse_yaml(path, path.name)
    except ParseError as error:
        raise DossierError((error.result,)) from None
    value = parsed.value
    if not isinstance(value, dict):
        fields = ", ".join(name for name in ORDER if name in model.model_fields)
        raise DossierError((CheckResult("prior-form", parsed.where(), "no record", f"write the fields {fields}"),))
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise DossierError(_failures(model, parsed, error)) from None


def _failures(model: type[Record], parsed: Parsed, error: ValidationError) -> tuple[CheckResult, ...]:
    return tuple(failures_of("prior", model, parsed, (), error, parsed.value))


@takes(record=RECORD, path=PATH)
def write_prior(record: ElicitedPrior | Mixture, path: str | Path) -> Path:
    """Write a prior or a mixture as a new file, in its canonical form.

    Parameters
    ----------
    record : ElicitedPrior or Mixture
        What to write.
    path : path
        Where no file is, or the same one.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError
        If something else stands there already: a prior is never edited, a change of mind is a new one.
    FileError
        If it cannot be written.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from forecasting.elicitation.fitting import maxent
    >>> said = dict(about="P(a deal within a year)", made_on="2024-12-13")
    >>> first = maxent("Beta", 0.1, 0.4, 0.8, id="deal-a", analyst="A. Analyst", **said)
    >>> path = write_prior(first, Path(mkdtemp()) / "deal-a.yaml")
    >>> path.read_text("utf-8").splitlines()[0]
    'id: "deal-a"'
    """
    return write_new(Path(path), canonical(record))


def write_new(path: Path, text: str, private: bool = False) -> Path:
    """Put a file where none is, in one step; a file with the same bytes is left as it is.

    A private one can be read by its owner only.
    """
    try:
        create_file(path, text, private=private)
    except FileExistsError:
        if not path.is_file() or path.read_bytes() != text.encode("utf-8"):
            raise UsageError(f"{path} stands there already, with other content; choose another name") from None
    return path

"""Turn what a file holds into the form a record wants, and what pydantic says of it into results an analyst can use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from pathlib import PurePath
from typing import Any, get_args, get_origin

from pydantic import ValidationError

from forecasting.dossier.claim_kinds import lacking
from forecasting.dossier.fields import Record
from forecasting.dossier.parse import FieldPath, Parsed, plain_number
from forecasting.errors import CheckResult, EmptyField, near

_SHAPES = {
    "sha256": "write the 64 hexadecimal digits of a SHA-256",
    "text_sha256": "write the 64 hexadecimal digits of a SHA-256",
    "seal": "leave it to `forecast verify --texts DIR --write`",
}


def a(noun: str) -> str:
    """Return the noun with its indefinite article.

    Examples
    --------
    >>> a("claim"), a("edition")
    ('a claim', 'an edition')
    """
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def failures_of(
    kind: str, model: type[Record], parsed: Parsed, path: FieldPath, error: ValidationError, value: dict[str, Any],
    passed_over: Collection[str] = (),
) -> Iterator[CheckResult]:  # fmt: skip
    """Yield one result per error that pydantic found in a record: file, line, field, finding and fix.

    That a field of ``passed_over`` is not there is said elsewhere: its default could not be read.
    """
    name = next((value[key] for key in ("id", "wording", "event", "grade") if key in value), "")
    label = f"{kind} {name}".strip()
    found_in = error.errors(include_url=False)
    for item in found_in:
        if any(other["loc"][: len(item["loc"])] == item["loc"] != other["loc"] for other in found_in if item["loc"]):
            continue  # a list that is too short because a member of it could not be read
        loc = tuple(part for part in item["loc"] if part != "[key]")
        if item["loc"] and item["loc"][0] in passed_over and (item["type"] == "missing" or item["input"] is None):
            continue
        # an empty cell of a table is a field that was left empty; in YAML a missing key is a slip of its own
        is_empty = item["input"] is None and item["type"] != "extra_forbidden"
        if item["type"] == "missing":
            is_empty = parsed.file.endswith(".csv")
        found, fix = in_words(model, loc, item, is_empty)
        if kind == "wording" and is_empty and value.get("at"):
            fix = f"leave it to `python -m forecasting.fitting.hedges --lexicon {PurePath(parsed.file).stem}`, which computes it"
        result = CheckResult(f"{kind}-fields", parsed.where(*path, *loc), f"{label}: {found}", fix)
        begun = EmptyField(**vars(result), record=label, field=".".join(map(str, loc)), begins=parsed.where(*path).line)
        yield begun if is_empty else result
    if kind == "claim" and all(item["loc"] for item in found_in):  # else what its kind needs is among what was found
        told = {".".join(map(str, item["loc"])) for item in found_in}
        for name in lacking(value):
            if name not in told and name.partition(".")[0] not in told:
                where, begins = parsed.where(*path, *name.split(".")), parsed.where(*path).line
                found, fix = f"{label}: '{name}' is still to be filled in", f"write {name}: …"
                yield EmptyField(f"{kind}-fields", where, found, fix, record=label, field=name, begins=begins)


def in_words(model: type[Record], loc: FieldPath, item: Any, is_empty: bool) -> tuple[str, str]:
    """Return what was found in a field, and what to write instead.

    Parameters
    ----------
    loc : tuple
        The field, from the record inwards; empty for the record as a whole.
    item : dict
        One of the errors of a `pydantic.ValidationError`.
    is_empty : bool
        Whether the field was left open rather than filled in wrongly.
    """
    dotted = ".".join(str(part) for part in loc)
    given = repr(item.get("input"))
    found = f"{dotted} is {given if len(given) <= 80 else given[:77] + '...'}"
    if is_empty:
        return f"'{dotted}' is still to be filled in", _to_write(dotted, item)
    match item["type"]:
        case "missing":
            return f"'{dotted}' is missing", f"write {dotted}: …"
        case "extra_forbidden" if " " in str(loc[-1]):  # {role: envoy, not named}
            return f"unknown field '{dotted}'", "inside { } a comma begins a new field: put a text that holds one in quotes"
        case "extra_forbidden":
            return f"unknown field '{dotted}'", near(str(loc[-1]), _fields_at(model, loc[:-1]), "known fields")
        case "string_pattern_mismatch":
            return found, _SHAPES.get(str(loc[-1]), "write lower-case letters, digits and hyphens, at most 64")
        case "string_type":
            return found, "write text; in quotes if it looks like a number or a truth value"
        case "string_too_short":
            return found, f"write at least {item['ctx']['min_length']} characters"
        case "literal_error":
            return found, f"write one of {item['ctx']['expected']}"
        case "bool_type":
            return found, "write true or false"
        case "value_error":
            text, _, fix = str(item["ctx"]["error"]).partition("; ")
            return f"{dotted} {text}".strip(), fix or "mend the record"
        case "int_type" | "float_type":
            return found, "write a plain number such as 12 or 0.5 (no exponent, no percent sign, no comma)"
        case "tuple_type" | "model_type" | "model_attributes_type" | "dict_type":
            shape = "a list: [one, two]" if item["type"] == "tuple_type" else "fields: {name: value}"
            return found, f"write {shape}"
        case _:
            return found, item["msg"].replace("Input should be", "write a number")


def _to_write(dotted: str, item: Any) -> str:
    """Return what to write in a field that was left empty."""
    match item["type"]:
        case "literal_error":
            return f"write one of {item['ctx']['expected']}"
        case "value_error" if "is not a date" in str(item["ctx"]["error"]):
            return f"write {dotted}: YYYY-MM-DD"
        case "int_type" | "float_type":
            return f"write a plain number: {dotted}: 12"
        case _:
            return _SHAPES.get(dotted.rpartition(".")[2], f"write {dotted}: …")


def _fields_at(model: Any, loc: FieldPath) -> list[str]:
    """Return the names, as written in a file, of the fields of the record at ``loc`` inside ``model``."""
    for part in loc:
        if isinstance(part, str):
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            model = next((kind for kind in plain_types(fields[part].annotation) if issubclass(kind, Record)), model)
    return [field.alias or name for name, field in model.model_fields.items()]


def plain_types(annotation: Any) -> set[Any]:
    """Return the plain types inside an annotation such as ``Annotated[float, …] | None``."""
    parts = get_args(annotation)
    return set().union(*map(plain_types, parts)) if parts else {annotation} if isinstance(annotation, type) else set()


def cells(model: type[Record], row: dict[str, str]) -> dict[str, Any]:
    """Return a CSV row with plain numbers read where the record wants one; other text stays, to be refused there."""
    wanted = _wanted(model)
    return {key: _cell(wanted[key], text) if key in wanted else text for key, text in row.items()}


@cache
def _wanted(model: type[Record]) -> dict[str, frozenset[Any]]:
    """Return which of tuple, int and float each field of a record takes."""
    fields = {name: field.annotation for name, field in model.model_fields.items()}
    return {
        name: frozenset({tuple}) if get_origin(annotation) is tuple else frozenset(plain_types(annotation) & {int, float})
        for name, annotation in fields.items()
    }


def _cell(wanted: frozenset[Any], text: str) -> Any:
    if tuple in wanted:
        return tuple(text.split())
    if not wanted:
        return text
    number = plain_number(text)
    if isinstance(number, int) and float in wanted:
        return float(number)
    return number if type(number) in wanted else text

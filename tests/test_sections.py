"""Every public function, class and method says what house style asks of its kind, section by section."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import pytest

import forecasting as fc

# functions of elicitation that carry records from one form to another, and compute nothing that somebody has to be cited for
CARRIED = {"read_prior", "read_mixture", "write_prior", "from_pymc", "lexicon_row", "dossier_files"}
CITED = {"likelihood_words", "Fit.tilted", "Fit.sensitivity"}  # computed elsewhere, by a published method
# what shows or wraps an object that is there already has its example with the object
SHOWN_WITH_ITS_CLASS = {"Fit.of", "Forecast.of"}


def plain(member: Any) -> Callable:
    """Return the function behind a method of any kind."""
    return member.__func__ if isinstance(member, (classmethod, staticmethod)) else member


def methods() -> Iterator[tuple[str, Callable]]:
    """Yield every public method that a public class defines itself."""
    for name in fc.__all__:
        for method, member in vars(getattr(fc, name)).items() if inspect.isclass(getattr(fc, name)) else ():
            if not method.startswith("_") and inspect.isroutine(plain(member)):
                yield f"{name}.{method}", plain(member)


FUNCTIONS = {name: getattr(fc, name) for name in fc.__all__ if inspect.isfunction(getattr(fc, name))}
METHODS = dict(methods())
CLASSES = {name: getattr(fc, name) for name in fc.__all__ if inspect.isclass(getattr(fc, name))}
PROPERTIES = {
    f"{name}.{member}": value for name, kind in CLASSES.items() for member, value in vars(kind).items()
    if isinstance(value, (property, cached_property)) and not member.startswith("_")
}  # fmt: skip


def sections(item: Any) -> dict[str, str]:
    """Return the sections of a docstring by title; what comes first has the title ''."""
    parts = re.split(r"^(\w[\w ]*)\n-{3,}\n", inspect.getdoc(item) or "", flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def arguments(function: Callable) -> list[inspect.Parameter]:
    return [one for one in inspect.signature(function).parameters.values() if one.name not in ("self", "cls")]


def lacking(name: str, function: Callable) -> set[str]:
    """Return the sections that a function or method should have and does not."""
    wanted = set() if function.__annotations__.get("return") == "None" else {"Returns"}
    if arguments(function):
        wanted |= {"Parameters"} if name in SHOWN_WITH_ITS_CLASS else {"Parameters", "Examples"}
    if hasattr(function, "__wrapped__"):  # it refuses arguments of another kind
        wanted |= {"Raises"}
    computes = function.__module__.startswith("forecasting.elicitation.") and name in FUNCTIONS.keys() - CARRIED
    if computes or name in CITED:
        wanted |= {"References"}
    return wanted - sections(function).keys()


@pytest.mark.parametrize("name", [*FUNCTIONS, *METHODS])
def test_a_function_or_method_has_the_sections_of_its_kind(name: str) -> None:
    assert lacking(name, (FUNCTIONS | METHODS)[name]) == set()


@pytest.mark.parametrize("name", [*FUNCTIONS, *METHODS])
def test_every_argument_is_described(name: str) -> None:
    function = (FUNCTIONS | METHODS)[name]
    heads = re.findall(r"^(\S[^:\n]*)", sections(function).get("Parameters", ""), re.MULTILINE)
    heads = {one.strip(" *") for head in heads for one in head.split(",")}
    assert {one.name for one in arguments(function)} - heads == set()


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_has_an_example(name: str) -> None:
    assert ">>> " in sections(CLASSES[name]).get("Examples", "")


@pytest.mark.parametrize("name", [*FUNCTIONS, *METHODS, *CLASSES, *PROPERTIES])
def test_a_docstring_begins_with_one_sentence(name: str) -> None:
    first = sections((FUNCTIONS | METHODS | CLASSES | PROPERTIES)[name])[""].split("\n\n")[0].strip()
    assert first.endswith((".", '."'))


def test_a_section_that_is_lacking_is_found() -> None:
    def half(x: float) -> float:
        """Return half of a number."""
        return x / 2

    assert lacking("half", half) == {"Parameters", "Returns", "Examples"}
    assert lacking("Fit.tilted", half) == {"Parameters", "Returns", "Examples", "References"}
    assert (len(FUNCTIONS) >= 30, len(METHODS) >= 25, len(PROPERTIES) >= 5) == (True, True, True)

"""Models by name: that of their folder, where ``model.py`` has one class behind the protocol; nothing is registered."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pathlib import Path
from typing import cast

from forecasting.models.base import Model


def model_names() -> tuple[str, ...]:
    """Return the name of every model of the package.

    Examples
    --------
    >>> "network" in model_names()
    True
    """
    return tuple(sorted(path.parent.name for path in Path(__file__).parent.glob("*/model.py")))


def model_class(name: str) -> type[Model]:
    """Return the class behind the protocol in ``models/<name>/model.py``."""
    module = import_module(f"forecasting.models.{name}.model")
    own = [one for one in vars(module).values() if inspect.isclass(one) and one.__module__ == module.__name__]
    (found,) = [one for one in own if hasattr(one, "log_likelihood")]
    return cast(type[Model], found)


def model_title(name: str) -> str:
    """Return what a model calls itself; from the text of its file, because loading it takes a hundred times as long.

    Examples
    --------
    >>> model_title("balance") == model_class("balance").title
    True
    """
    path = Path(__file__).parent / name / "model.py"
    if path.is_file():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "title" and isinstance(node.value, ast.Constant):
                return str(node.value.value)
    return str(model_class(name).title)

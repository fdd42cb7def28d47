"""Special functions of scipy, which is loaded when the first of them is called: it takes a while, and most commands call none."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any


@cache
def _scipy() -> Any:
    return import_module("scipy.special")


def _later(name: str) -> Callable[..., Any]:
    def function(*args: Any, **kwargs: Any) -> Any:
        return getattr(_scipy(), name)(*args, **kwargs)

    function.__name__, function.__doc__ = name, f"Return what ``scipy.special.{name}`` returns."
    return function


betaincinv, gammaincinv = _later("betaincinv"), _later("gammaincinv")
digamma, gammaln, polygamma = _later("digamma"), _later("gammaln"), _later("polygamma")
log_ndtr, ndtr, ndtri = _later("log_ndtr"), _later("ndtr"), _later("ndtri")
logsumexp = _later("logsumexp")

"""The private parts of numba and nutpie that this package uses: all of them, and whether they are as they should be.

A compiled density is kept on disk by numba's own cache, under a key of ours, and given to nutpie as the record that nutpie makes
for itself; neither has a public way for that. `missing_parts` says whether this version still has both. Where it has not,
models are sampled on the density that PyMC states, through public functions alone: slower to compile, the same posterior.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numba.core.ccallback import CFunc
    from nutpie.compile_pymc import CompiledPyMCModel

# what nutpie's record takes, as `forecasting.inference.compiled` fills it in
FIELDS = {
    "_n_dim", "dims", "_coords", "_shapes", "compiled_logp_func", "compiled_expand_func", "initial_point_func", "shared_data",
    "shared_var_keys", "user_data", "n_expanded", "shape_info", "logp_func", "expand_func", "reparameterized_names",
}  # fmt: skip
_KEYS: dict[Callable, tuple[Path, str]] = {}


def missing_parts() -> str:
    """Return what numba or nutpie has no longer, or has in another form; nothing if all is as it should be.

    Examples
    --------
    >>> missing_parts()
    ''
    """
    try:
        from numba.core import sigutils
        from numba.core.caching import CacheImpl, _CacheLocator
        from numba.core.ccallback import CFunc
        from nutpie.compile_pymc import CompiledPyMCModel, address_as_void_pointer, make_user_data
    except ImportError as error:
        return str(error)
    fields = {field.name: field for field in dataclasses.fields(CompiledPyMCModel)}
    needed = {name for name, field in fields.items() if field.default is field.default_factory is dataclasses.MISSING}
    differ = sorted((FIELDS - fields.keys()) | (needed - FIELDS))
    checks = {
        f"nutpie's CompiledPyMCModel has other fields: {', '.join(differ)}": not differ,
        "nutpie's make_user_data takes other arguments": list(inspect.signature(make_user_data).parameters)
        == ["shared_var_keys", "shared_data"],
        "nutpie's address_as_void_pointer is no function": callable(address_as_void_pointer),
        "numba's CacheImpl has no list of locators": isinstance(getattr(CacheImpl, "_locator_classes", None), list),
        "numba's locators have other methods": all(
            hasattr(_CacheLocator, name) for name in ("from_function", "get_cache_path", "get_source_stamp", "get_disambiguator")
        ),
        "numba's CFunc cannot be cached": hasattr(CFunc, "enable_caching") and hasattr(sigutils, "normalize_signature"),
    }
    return "; ".join(said for said, holds in checks.items() if not holds)


def nutpie_model(**fields: Any) -> CompiledPyMCModel:
    """Return the record that ``nutpie.sample`` takes, made of a density of one's own."""
    from nutpie.compile_pymc import CompiledPyMCModel

    return CompiledPyMCModel(**fields)


def shared_table(keys: Mapping[Any, str], data: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return nutpie's table of the addresses, sizes and shapes of some arrays; it does not keep the arrays alive."""
    from nutpie.compile_pymc import make_user_data

    return make_user_data(keys, data)


def address_as_pointer() -> Callable:
    """Return the function that makes a pointer of an address inside compiled code."""
    from nutpie.compile_pymc import address_as_void_pointer

    return address_as_void_pointer


def cached_c_function(function: Callable, signature: Any, folder: Path, key: str) -> CFunc:
    """Return a C function that compiles, or comes from disk, once its ``compile()`` is called.

    Parameters
    ----------
    function : callable
        What numba compiles.
    signature : numba signature
        Of the C function.
    folder : Path
        Where the machine code is kept.
    key : str
        Says which version it is; everything that the code depends on is in it.
    """
    from numba.core import sigutils
    from numba.core.ccallback import CFunc

    _register()
    _KEYS[function] = folder, key
    compiled = CFunc(function, sigutils.normalize_signature(signature), {}, {})
    compiled.enable_caching()
    return compiled


def _register() -> None:
    """Have numba ask our locator first, once; it answers for functions of ours alone."""
    from numba.core.caching import CacheImpl, _CacheLocator

    if any(locator.__module__ == __name__ for locator in CacheImpl._locator_classes):
        return

    class Locator(_CacheLocator):
        """Tells numba where the machine code of a function of ours is kept."""

        def __init__(self, folder: Path, key: str) -> None:
            self._folder, self._key = folder, key

        def get_cache_path(self) -> str:
            return str(self._folder)

        def get_source_stamp(self) -> int:
            return 0  # the key says it all

        def get_disambiguator(self) -> str:
            return self._key

        @classmethod
        def from_function(cls, py_func: Callable, py_file: str) -> Locator | None:
            return cls(*_KEYS[py_func]) if py_func in _KEYS else None

    CacheImpl._locator_classes.insert(0, Locator)  # numba types the list by what is in it

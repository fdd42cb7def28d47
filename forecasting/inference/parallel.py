"""Work that does not depend on each other's results, on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def in_parallel[T, R](work: Callable[[T], R], items: Iterable[T], progress: Callable[[float], None] | None = None) -> list[R]:
    """Return what a function makes of each item, in the items' order, from as many threads as there are cores.

    Threads, because what takes long here (sampling, simulating, array arithmetic) lets go of the interpreter, and shares the
    compiled model. The work must not depend on its order. After a failure, or Ctrl-C, nothing more is begun.

    Parameters
    ----------
    work : callable
        Called with one item; from several threads at once.
    progress : callable, optional
        Called with the share of the items that is done, from the thread that called.

    Examples
    --------
    >>> in_parallel(lambda n: n**2, [1, 2, 3])
    [1, 4, 9]
    """
    items = list(items)
    found = []
    pool = ThreadPoolExecutor(os.cpu_count() or 1)
    try:
        for result in pool.map(work, items):
            found.append(result)
            if progress:
                progress(len(found) / len(items))
    finally:
        pool.shutdown(cancel_futures=True)
    return found

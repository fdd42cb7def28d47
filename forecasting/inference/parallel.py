"""Work that does not depend on each other's results, on all cores; and processes that end with the one that began them."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

PR_SET_PDEATHSIG = 1  # of Linux's prctl: the signal that a process gets when its parent dies
LOOKS = 0.5  # seconds between two looks at who the parent is


def end_with_parent(parent: int) -> None:
    """Have this process end when the one that began it does, however that ends: on Linux at once, elsewhere within a second.

    Without this a worker whose parent was killed goes on alone.

    Parameters
    ----------
    parent : int
        The parent's process id; if that one has died already, this process ends now.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOKS)
    os._exit(1)  # nothing is cleaned up here: whoever made the folders does that, or the next command


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

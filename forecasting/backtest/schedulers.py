"""Do tasks somewhere: in a pool of processes on this machine, or on a cluster by way of Dask; results come as they are done."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from forecasting.errors import ForecastingError, UsageError
from forecasting.inference.parallel import end_with_parent

RETRIES = 3  # of a task whose worker died; a task that fails for another reason fails again, and is not tried again
PATIENCE = 30  # seconds until a scheduler has answered and has a worker
AGAIN = "what is finished is kept: the same command goes on from there"


def in_pool[T, R](work: Callable[[T], R], tasks: Sequence[T], workers: int) -> Iterator[R]:
    """Yield what a function makes of each task, in the order in which they are done, from processes of this machine.

    The processes end with this one, however it ends, and at once when the caller stops taking results.

    Parameters
    ----------
    work : callable
        Importable by its name: processes are begun anew and import it.
    workers : int
        How many processes; each works on one core.

    Raises
    ------
    ForecastingError
        If a process dies.
    """
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(tasks)), context, _begin, (os.getpid(),))
    try:
        for done in as_completed([pool.submit(work, task) for task in tasks]):
            yield done.result()
    except BrokenProcessPool:
        raise ForecastingError(f"a process of the pool ended in its work, perhaps for lack of memory; {AGAIN}") from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()


def _begin(parent: int) -> None:
    end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends this process


def on_dask[T, R](work: Callable[[T], R], tasks: Sequence[T], address: str) -> Iterator[R]:
    """Yield the same from the workers of a Dask scheduler, which may come and go.

    The task of a worker that died is given to another one. Workers import this package, and see the records at the path of
    the command.

    Parameters
    ----------
    address : str
        As ``dask scheduler`` prints it: ``tcp://127.0.0.1:8786``.

    Raises
    ------
    UsageError
        If Dask is not installed, nothing answers at the address, or no worker comes.
    ForecastingError
        If a task fails on a worker, or every worker that was given one has died.
    """
    distributed = _distributed()
    client = _client(distributed, address)
    try:
        futures = client.map(work, tasks, pure=False, retries=RETRIES)
        for _, result in distributed.as_completed(futures, loop=client.loop, with_results=True):
            yield result
    except distributed.KilledWorker as error:
        raise ForecastingError(f"{address}: the workers that were given a task have died ({error}); {AGAIN}") from None
    except (distributed.CancelledError, distributed.comm.CommClosedError):
        raise ForecastingError(f"{address}: the scheduler has gone; start it again. {AGAIN[0].upper()}{AGAIN[1:]}") from None
    finally:
        client.close(timeout=2)


def _distributed() -> Any:
    try:
        import distributed
    except ModuleNotFoundError:
        raise UsageError(
            "--scheduler needs Dask, which is not installed; write pip install distributed (the extra 'cluster' of this package) "
            "here and where workers run, or leave --scheduler out to use the cores of this machine"
        ) from None
    return distributed


def _client(distributed: Any, address: str) -> Any:
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"--scheduler {address}: no answer ({error}); start one with `dask scheduler`, and write the address that it prints"
        ) from None
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        client.close(timeout=2)
        raise UsageError(f"--scheduler {address}: has no worker; start one: dask worker {address} --nthreads 1") from None
    return client

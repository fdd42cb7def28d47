"""What the sessions of both pages share: messages are answered at once, and a thread follows with what takes longer."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from forecasting.errors import ForecastingError


class Following(ABC):
    """A session of a page: it takes messages, computes what follows from them in a thread, and shows what it has.

    ``show`` gets the whole view, as plain values, whenever it has changed; from any thread. ``state`` is a frozen record with
    the fields ``said``, ``failed`` and ``yaml``. ``_lock`` is held wherever it, or what was computed, is read or changed.
    """

    state: Any
    thread: ClassVar[str]  # the name of the thread
    unforeseen: ClassVar[str]  # what is shown where a message fails for a reason that nobody foresaw

    def __init__(self, show: Callable[[dict[str, Any]], object]) -> None:
        self._show, self._lock, self._closed = show, threading.RLock(), False
        self._worker: threading.Thread | None = None

    @abstractmethod
    def view(self) -> dict[str, Any]:
        """Return all that the page draws, as plain values."""

    @abstractmethod
    def _done(self, message: Any) -> Any:
        """Do what a message says, and return the state after it; refuse by an error of ours what cannot be done."""

    def _settle(self, message: Any) -> None:  # noqa: B027 - a session need not
        """Do what comes after a message, whether it was done or refused."""

    @abstractmethod
    def _waits(self) -> Any:
        """Return whether there is anything to compute."""

    @abstractmethod
    def _step(self) -> str:
        """Compute one thing, and return which kind of thing it was; an empty text if a message came that left none."""

    def _shows(self, done: str) -> bool:
        """Return whether the view is shown anew after a step of a kind."""
        return True

    @abstractmethod
    def _taken_back(self) -> Any:
        """Return the state after a step that failed for a reason that nobody foresaw."""

    def handle(self, message: Any) -> None:
        """Do what a message in plain values says, and show what has changed; what cannot be done is said in the view."""
        with self._lock:
            if self._closed:
                return
            self.state = replace(self.state, said="", failed=self.unforeseen, yaml="")
            try:
                self.state = replace(self._done(message), failed="")
            except (ForecastingError, OSError) as error:
                self.state = replace(self.state, failed=str(error))
            finally:  # whatever comes, the page is told that its message has been dealt with
                self._settle(message)
                self._publish()
        self._work()

    def begin(self) -> None:
        """Begin to compute what can be shown late."""
        self._work()

    def close(self) -> None:
        """Stop computing, and wait for the thread; a step that runs is let run out (a second or two) and forgotten."""
        with self._lock:
            self._closed = True
            worker = self._worker
        if worker is not None and worker is not threading.current_thread():
            worker.join()

    def wait(self, seconds: float = 60.0) -> None:
        """Wait until nothing is left to compute."""
        with self._lock:
            worker = self._worker
        if worker is not None:
            worker.join(seconds)

    def _work(self) -> None:
        with self._lock:
            if self._closed or self._worker is not None or not self._waits():
                return
            self._worker = threading.Thread(target=self._compute, name=self.thread, daemon=True)
            self._worker.start()

    def _compute(self) -> None:
        finished = False
        try:
            while (done := self._next()) is not None:
                if self._shows(done):
                    self._publish()
            finished = True
        finally:  # what nobody foresaw ends the thread with its traceback, and the session goes back to what it knows
            if not finished:
                with self._lock:
                    self.state, self._worker = self._taken_back(), None
                self._publish()

    def _next(self) -> str | None:
        """Do a step; where nothing waits the thread is given up under the lock, so that no message falls in between."""
        with self._lock:
            if self._closed or not self._waits():
                self._worker = None
                return None
        return self._step()

    def _publish(self) -> None:
        with self._lock:
            if not self._closed:
                self._show(self.view())

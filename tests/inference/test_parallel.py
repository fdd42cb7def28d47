"""Independent work on all cores: results in order, progress, nothing begun after a failure."""

from __future__ import annotations

import threading
import time

import pytest

from forecasting.inference.parallel import in_parallel


def test_results_keep_the_order_of_the_items_and_progress_rises_to_one() -> None:
    shares: list[float] = []

    def slowly(n: int) -> int:
        time.sleep(0.02 * (n % 3))
        return n * n

    assert in_parallel(slowly, range(9), shares.append) == [n * n for n in range(9)]
    assert shares == [pytest.approx((i + 1) / 9) for i in range(9)]
    assert in_parallel(slowly, [], shares.append) == []


def test_two_items_are_at_work_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    both = threading.Barrier(2, timeout=10)  # breaks unless a second thread comes

    def meet(n: int) -> int:
        both.wait()
        return n

    assert in_parallel(meet, [1, 2]) == [1, 2]


def test_after_a_failure_nothing_more_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    begun: list[int] = []

    def work(n: int) -> None:
        begun.append(n)
        if n == 0:
            raise KeyboardInterrupt
        time.sleep(0.05)

    with pytest.raises(KeyboardInterrupt):
        in_parallel(work, range(100))
    assert len(begun) < 10

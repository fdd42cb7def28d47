"""Every reader takes changed files for what they are: read, or refused in our words; quickly, and whatever is in them.

``python -m benchmarks.fuzz`` does the same with 10,000 examples each, in processes of their own, and measures their memory.
"""

from __future__ import annotations

import logging
import mmap

import pytest
from fuzz_readers import READERS, Reader, fuzz

EXAMPLES = 150
SECONDS = 2.0


@pytest.fixture(autouse=True)
def quiet():
    """Keep what libraries say of damaged files out of the output."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_nothing_but_an_error_of_ours_comes_out_of_a_changed_file(reader: Reader) -> None:
    found = fuzz(reader, EXAMPLES)
    assert not found.crashes
    assert found.examples >= EXAMPLES
    assert found.slowest < SECONDS


def test_a_reader_that_crashes_would_be_found() -> None:
    def bad(raw: bytes) -> object:
        return {b"a": 1}[raw]

    found = fuzz(Reader("bad", lambda: [b"a"], bad), 50)
    assert any(name.startswith("KeyError at test_fuzz.py") for name in found.crashes)


def test_the_memory_of_an_example_is_measured() -> None:
    def large(raw: bytes) -> None:
        with mmap.mmap(-1, 100 * 1024**2) as new:  # what is freed within a long-lived process would be given out again
            for page in range(0, len(new), mmap.PAGESIZE):
                new[page] = 1

    found = fuzz(Reader("large", lambda: [b"a"], large), 20)
    assert 95 < found.memory < 130

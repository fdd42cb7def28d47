"""A browser that prints nothing, half of it or without tags, hangs or leaves helpers: it is said, and nothing runs on."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pikepdf
import pytest

from forecasting.errors import ForecastingError
from forecasting.report.formats import printing
from forecasting.report.formats.names import Paper
from forecasting.report.formats.printing import print_page
from forecasting.report.formats.tagged import finished

PAGE = "<html><head></head><body>x</body></html>"
TARGET = 'for a in "$@"; do case "$a" in --print-to-pdf=*) out="${a#*=}";; esac; done\n'


def plain_pdf() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out := io.BytesIO())
    return out.getvalue()


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return what makes a program the browser that prints."""

    def made(text: str) -> Path:
        path = tmp_path / "browser"
        path.write_text(text)
        path.chmod(0o755)
        monkeypatch.setenv(printing.CHOSEN, str(path))
        return path

    return made


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no program\x00\x01", r"cannot be started \(Exec format error\); name another browser in FORECAST_CHROMIUM"),
        ("#!/nowhere/sh\n", r"cannot be started \(No such file or directory\); name another browser"),
        ("#!/bin/sh\nexit 3\n", r"printed nothing \(exit code 3\); try again, or name another browser"),
        ("#!/bin/sh\necho no display >&2\nkill -9 $$\n", r"printed nothing \(no display\)"),
        (f"#!/bin/sh\n{TARGET}printf '%%PDF-1.7 half' > \"$out\"\n", r"printed no whole PDF \(exit code 0\)"),
        (f"#!/bin/sh\n{TARGET}echo '<html>' > \"$out\"\n", "printed no whole PDF"),
        (f"#!/bin/sh\n{TARGET}mkdir \"$out\"\n", "printed nothing"),
    ],
)
def test_a_browser_that_does_not_print_is_named_with_what_it_said(browser, text: str, said: str) -> None:
    path = browser(text)
    with pytest.raises(ForecastingError, match=said) as found:
        print_page(PAGE, Paper.a4)
    assert str(path) in str(found.value)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system does not tell of processes under /proc")
@pytest.mark.parametrize("hangs", [True, False])
def test_no_helper_of_a_browser_runs_on_or_is_waited_for(browser, tmp_path: Path, monkeypatch, hangs: bool) -> None:
    monkeypatch.setattr(printing, "PATIENCE", 2)
    browser(f"#!/bin/sh\n(sleep 600) &\necho $! > {tmp_path / 'helper'}\n{'wait' if hangs else 'exit 3'}\n")
    with pytest.raises(ForecastingError, match="printed nothing within 2 s" if hangs else "exit code 3"):
        print_page(PAGE, Paper.a4)
    helper = int((tmp_path / "helper").read_text())
    for _ in range(100):
        if not alive(helper):
            break
        time.sleep(0.05)
    assert not alive(helper)


def test_a_printed_file_that_is_damaged_or_has_no_tags_is_said() -> None:
    with pytest.raises(ForecastingError, match=r"printed a damaged PDF .*name another browser, or a newer one, in FORECAST_"):
        finished(b"%PDF-1.7\nnothing of one\n%%EOF", PAGE)
    with pytest.raises(ForecastingError, match=r"printed a PDF without tags \(it has no /StructTreeRoot\); name another browser"):
        finished(plain_pdf(), PAGE)


def test_a_browser_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(printing.CHOSEN, os.devnull)
    with pytest.raises(ForecastingError, match="names /dev/null, which is no program"):
        print_page(PAGE, Paper.a4)

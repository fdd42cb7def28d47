"""60 payloads in every text field of every form that is shared, in Chromium: ``python -m benchmarks.injection``.

Each payload stands in each field once: the payloads are turned by one from page to page. Beside the forms of the tests (report,
report for readers outside, report in German, brief, record page, Markdown, page of all answers, Word, notebook) a PDF is printed
from every tenth report and looked through for actions, and the panel's page is served with every text of its view poisoned.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from benchmarks.trust import Row

COMMAND = "python -m benchmarks.injection"


def live_in_pdf(turn: int) -> int:
    """Return how many parts of a printed report do anything but lead to an address of the web or to another page of it."""
    import io

    import pikepdf
    from injection import edition, turned
    from poison import poison

    from forecasting.report.formats.names import Paper
    from forecasting.report.formats.printing import print_page
    from forecasting.report.formats.tagged import finished
    from forecasting.report.render import render_report

    page = render_report(*poison(edition(), turned(turn)))
    live = 0
    with pikepdf.open(io.BytesIO(finished(print_page(page, Paper.a4), page))) as document:
        live += sum(name in document.Root for name in ("/OpenAction", "/AA", "/AcroForm"))
        live += sum(name in document.Root.get("/Names", {}) for name in ("/JavaScript", "/EmbeddedFiles"))
        for sheet in document.pages:
            for annotation in sheet.get("/Annots", []):
                action = annotation.get("/A", {})
                web = str(action.get("/URI", "https://")).startswith(("http://", "https://"))
                live += annotation.Subtype != "/Link" or not web or str(action.get("/S", "/URI")) not in ("/URI", "/GoTo")
    return live


def measure(quick: bool = False) -> list[Row]:
    """Return the row of `make trust`."""
    from browser import Browser
    from injection import look_at, n_fields
    from panel_page import look_at_panel
    from poison import PAYLOADS

    turns: Sequence[int] = range(0, len(PAYLOADS), 20 if quick else 1)
    with Browser() as browser, tempfile.TemporaryDirectory() as folder:
        found = look_at(browser, turns, Path(folder), lambda text: print(text, file=sys.stderr, flush=True))
        found["panel"] = look_at_panel(browser, turns)
    pdfs = [live_in_pdf(turn) for turn in turns[:: 1 if quick else 10]]
    scripts, handlers, requests, other = (
        sum(getattr(alive, kind) for alive in found.values()) for kind in ("scripts", "handlers", "requests", "other")
    )
    pages = sum(alive.pages for alive in found.values())
    measured = (
        f"{len(PAYLOADS)} payloads × {n_fields()} fields × {len(found) + 1} forms, {pages} pages and {len(pdfs)} PDFs: "
        f"{scripts} scripts, {handlers} handlers, {requests} requests, {other + sum(pdfs)} live links, frames or complaints"
    )
    passed = not (scripts or handlers or requests or other or sum(pdfs))
    target = "0 scripts, 0 handlers, 0 requests"
    how = "60 payloads in every text field of HTML, brief, record, Markdown, Word, PDF, notebook, panel; headless Chromium"
    return [Row("report injection", how, target, measured, passed, COMMAND)]


def main() -> int:
    """Print the row; 1 if anything comes alive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="three turns of the payloads instead of 60")
    (row,) = measure(parser.parse_args().quick)
    print(row.measured)
    return int(not row.passed)


if __name__ == "__main__":
    raise SystemExit(main())

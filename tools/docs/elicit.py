"""Write docs/images/elicit.png: the elicitation of docs/elicited-priors.md with one step, in Debian's Chromium."""

from __future__ import annotations

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests/support")]

from elicit_page import show  # noqa: E402
from elicitations import SIGNED, WIDER, ranged  # noqa: E402
from lab_server import browser_page  # noqa: E402

from forecasting.lab.elicit.session import Session  # noqa: E402

PICTURE = PROJECT / "docs/images/elicit.png"


def main() -> None:
    """Move the upper end of the range, sign, take the picture."""
    session = Session(ranged(), lambda view: None, folder=Path("my-priors"))
    for message in (WIDER, SIGNED):
        session.handle(message)
        session.wait()
    with browser_page(1100, 700, device_scale_factor=1.5, color_scheme="light") as page:
        show(page, session)
        page.locator(".fc-elicit").screenshot(path=PICTURE)


if __name__ == "__main__":
    main()

"""Style sheets hold rules for what is there: every class that a rule names stands in a template or on a picture."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import forecasting.report

ROOM = Path(forecasting.report.__file__).parent
SHEETS = sorted(path.name for path in (ROOM / "templates").glob("*.css"))


def classes_of(sheet: str) -> set[str]:
    plain = re.sub(r"/\*.*?\*/", "", (ROOM / "templates" / sheet).read_text("utf-8"), flags=re.DOTALL)
    selectors = re.findall(r"([^{}]+)\{", plain)
    return {name for selector in selectors for name in re.findall(r"\.([a-z][\w-]*)", selector)}


def used() -> set[str]:
    """Return the words of each class attribute of the templates, conditions included, and the kinds of pictures."""
    templates = "".join(path.read_text("utf-8") for path in (ROOM / "templates").glob("*.j2"))
    attributes = re.findall(r'class="((?:\{\{.*?\}\}|[^"])*)"', templates)
    pictures = "".join(path.read_text("utf-8") for path in ROOM.rglob("*.py"))
    kinds = re.findall(r'inline_svg\([^\n]*"([a-z]+)"\)', pictures)
    return {name for attribute in attributes for name in re.findall(r"[a-z][\w-]*", attribute)} | {*kinds, "chart"}


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_class_of_a_style_sheet_is_used(sheet: str):
    assert classes_of(sheet) - used() == set()

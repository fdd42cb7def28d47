"""The forms that a report can have, and the papers it can be printed on."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """A form of a report."""

    html = "html"
    pdf = "pdf"
    md = "md"
    docx = "docx"
    csv = "csv"
    xlsx = "xlsx"
    json = "json"
    svg = "svg"
    png = "png"
    all = "all"


class Paper(StrEnum):
    """A size of paper, as a style sheet names it."""

    a4 = "A4"
    letter = "letter"

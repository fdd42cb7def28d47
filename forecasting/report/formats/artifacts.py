"""Declare what lies outside all tags on a printed sheet an artifact: a screen reader then passes over running heads and rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

BEGIN, END = {"BMC", "BDC"}, "EMC"
TEXT = ("BT", "ET")
SHAPES = {"m", "re", "l", "c", "v", "y", "h", "W", "W*"}
PAINTS = {"f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "n"}
WHOLE = {"Do", "sh", "INLINE IMAGE"}


def mark_artifacts(pdf: Any, sheet: Any) -> None:
    """Wrap what a sheet draws outside any tag, a text or a shape at a time (ISO 32000-1, 14.8.2.2)."""
    import pikepdf

    found = pikepdf.parse_content_stream(sheet)
    operators = [str(instruction.operator) for instruction in found]
    spans = dict(untagged(operators))
    if not spans:
        return
    begin = pikepdf.ContentStreamInstruction([pikepdf.Name.Artifact], pikepdf.Operator("BMC"))
    end = pikepdf.ContentStreamInstruction([], pikepdf.Operator(END))
    ends = set(spans.values())
    marked: list[Any] = []
    for n, instruction in enumerate(found):
        marked += [begin] if n in spans else []
        marked.append(instruction)
        marked += [end] if n in ends else []
    sheet.Contents = pdf.make_stream(pikepdf.unparse_content_stream(marked))


def untagged(operators: Sequence[str]) -> list[tuple[int, int]]:
    """Return first and last position of each text, shape or picture that is drawn outside marked content.

    Examples
    --------
    >>> untagged(["q", "re", "f", "BDC", "BT", "Tj", "ET", "EMC", "BT", "Tj", "ET", "Q"])
    [(1, 2), (8, 10)]
    """
    spans: list[tuple[int, int]] = []
    depth, begun = 0, -1
    for n, operator in enumerate(operators):
        if operator in BEGIN or operator == END:
            depth += 1 if operator in BEGIN else -1
            begun = -1  # a text object that holds tags of its own is tagged
        elif depth:
            continue
        elif operator in WHOLE:
            spans.append((n, n))
        elif begun < 0 and (operator == TEXT[0] or operator in SHAPES):
            begun = n
        elif begun >= 0 and (operator == TEXT[1] or operator in PAINTS):
            spans.append((begun, n))
            begun = -1
    return spans

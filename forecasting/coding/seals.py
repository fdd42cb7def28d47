"""Write the seals of anchors into the files of claims, changing nothing else in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from forecasting.dossier.anchors import seal_of
from forecasting.dossier.parse import ParseError, parse_yaml
from forecasting.errors import UsageError
from forecasting.files import plain_bytes, write_file

_FIELDS = {"start", "end", "sha256", "paragraph"}
Edit = tuple[int, int, str]  # replace the characters [start, end) of the file


def seal_claims(path: str | Path) -> int:
    """Seal every anchor in one file of claims, in place.

    The seal is computed from what stands in the file and in the records of its sources; check the anchors against the
    text first (`forecasting.coding.verify.verify_texts`), or a slip is sealed in. Comments, order and layout stay as
    they are. The file is replaced in one step, and not touched when every seal is right already.

    Parameters
    ----------
    path : path
        ``claims/<source>.yaml`` of a dossier.

    Returns
    -------
    int
        The number of seals that were added or changed.

    Raises
    ------
    UsageError
        If the file, or a source's record, cannot be read.
    """
    path = Path(path)
    _parsed(path)  # the line edit below trusts the form that the parser vouches for
    text = plain_bytes(path).decode("utf-8")
    edits = [edit for edit in _edits(text, _fingerprints(path)) if text[edit[0] : edit[1]] != edit[2]]
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    if edits:
        write_file(path, text)
    return len(edits)


def _parsed(path: Path) -> object:
    try:
        return parse_yaml(path, path.name).value
    except ParseError as error:
        raise UsageError(str(error.result)) from None


def _fingerprints(path: Path) -> dict[str, str]:
    """Return the fingerprint of the text of every source of the dossier that a file of claims belongs to."""
    records = [_parsed(source) for source in sorted((path.parent.parent / "sources").glob("*.yaml"))]
    return {
        record["id"]: record["text_sha256"]
        for record in records
        if isinstance(record, dict) and {"id", "text_sha256"} <= record.keys()
    }


def _edits(text: str, fingerprints: dict[str, str]) -> Iterator[Edit]:
    """Yield what to write where; a claim whose anchor is incomplete or whose source is unknown is left alone."""
    document = yaml.compose(text, Loader=yaml.SafeLoader)
    for claim in document.value if isinstance(document, yaml.SequenceNode) else ():
        fields = _fields(claim)
        anchor = fields.get("anchor")
        values = {name: node.value for name, node in _fields(anchor).items() if isinstance(node.value, str)}
        source = getattr(fields.get("source"), "value", None)
        if anchor is None or source not in fingerprints or not values.keys() >= _FIELDS:
            continue
        if not all(values[name].isascii() and values[name].isdigit() for name in ("start", "end", "paragraph")):
            continue
        numbers = (int(values["start"]), int(values["end"]), int(values["paragraph"]))
        yield _edit(text, anchor, seal_of(fingerprints[source], *numbers, values["sha256"]))


def _fields(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _edit(text: str, anchor: yaml.Node, seal: str) -> Edit:
    """Return the edit that gives an anchor its seal; quoted, since eight digits alone would be a number."""
    fields = _fields(anchor)
    if "seal" in fields:
        return fields["seal"].start_mark.index, fields["seal"].end_mark.index, f'"{seal}"'
    end = max(value.end_mark.index for value in fields.values())
    if isinstance(anchor, yaml.CollectionNode) and anchor.flow_style:
        return end, end, f', seal: "{seal}"'
    indent = " " * anchor.start_mark.column
    newline = "\r\n" if "\r\n" in text else "\n"
    end += len(re.split(r"[\r\n]", text[end:], maxsplit=1)[0])  # after a comment on the same line
    return end, end, f'{newline}{indent}seal: "{seal}"'

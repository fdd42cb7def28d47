"""Files of a dossier that are no YAML, no CSV, no text or no file: bytes, nesting, aliases, tags, cells, links, folders."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from bad_fields import checked
from bad_input import PROJECT, Answer, Bad, command
from builders import write_dossier
from rule_edits import CLAIMS, EDITION, EFFECTS, HISTORY

LATIN = "title: Die Fähre\n".encode("latin-1")
MARKS = {"U+202E": "\u202e", "U+200B": "\u200b", "U+2066": "\u2066", "U+FE0F": "\ufe0f", "U+3164": "\u3164", "U+2800": "\u2800",
         "U+00AD": "\u00ad", "U+E0001": "\U000e0001", "U+0007": "\x07", "U+FFF9": "\ufff9", "U+115F": "\u115f"}  # fmt: skip
# what is written in place of a file, and what must be said
YAML: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "a tab": (b"id: x\n\ttitle: y\n", ("not well-formed YAML", "mend the line")),
    "two documents": (b"id: x\n---\nid: y\n", ("a second document", "keep one document")),
    "an open quotation mark": (b'id: x\ntitle: "y\n', (":2", "a quotation mark that is not closed", "close it")),
    "an open bracket": (b"id: x\nsources: [a, b\n", ("not well-formed YAML",)),
    "a key twice": (b"id: x\nid: y\n", (":2", "the key 'id' again (first on line 1)", "keep one")),
    "an anchor and an alias": (b"a: &x [1]\nb: *x\n", (":1", "a YAML alias or anchor", "write the value out")),
    "a thousand laughs": (b"a: &a [x, x]\n" + b"".join(b"%c: &%c [*%c, *%c]\n" % (i + 1, i + 1, i, i) for i in range(97, 110)),
                          ("a YAML alias or anchor",)),
    "2,000 brackets": (b"a: " + b"[" * 2000 + b"]" * 2000, ("more than 12 levels of nesting", "flatten")),
    "200,000 brackets": (b"a: " + b"[" * 200_000, ("more than 12 levels of nesting",)),
    "13 levels of mappings": ("".join(f"{' ' * i}k:\n" for i in range(14)).encode(), ("more than 12 levels",)),
    "an object of Python": (b"a: !!python/object/apply:os.system [ls]\n", ("the tag", "write a plain value without a tag")),
    "a tag of YAML": (b"a: !!binary aGk=\n", ("the tag tag:yaml.org,2002:binary",)),
    "a tag of one's own": (b"a: !secret x\n", ("the tag !secret",)),
    "a key that is a list": (b"[a, b]: c\n", ("a key that is not text", "write a plain key")),
    "a key with a question mark": (b"? {a: b}\n: c\n", ("a key that is not text",)),
    "a directive": (b"%YAML 3.0\n---\nid: x\n", ("not well-formed YAML",)),
    "an escape that is none": (b'id: x\ntitle: "\\q"\n', ("a quotation mark that is not closed", "unknown escape")),
    "a list of an edition": (b"- id: x\n", (":1", "instead of a record", "write the fields of an edition")),
    "a number alone": (b"12\n", ("edition",)),
    "a text alone": (b"The ferry\n", ("edition",)),
    "nothing": (b"", ("edition",)),
    "a comment alone": (b"# nothing\n", ("edition",)),
    "Latin-1": (LATIN, (":1", "byte 0xe4 is not UTF-8", "save the file as UTF-8")),
    "UTF-16": ("id: x\n".encode("utf-16"), ("is not UTF-8",)),
    "UTF-32": ("id: x\n".encode("utf-32-le"), ("invisible character U+0000",)),
    "zeros": (bytes(100), ("invisible character U+0000",)),
    "a picture": (b"\x89PNG\r\n\x1a\n", ("is not UTF-8",)),
    "half a letter": ("title: ä".encode()[:-1], ("is not UTF-8",)),
    "a surrogate": (b"title: \xed\xa0\x80\n", ("is not UTF-8",)),
    "5 MB": (b"# " + b"x" * 5_000_000, ("5,000,002 bytes", "keep the file under 5,000,000 bytes")),
    "JSON of a browser": (b'{"id": "x", "id": "y"}', ("the key 'id' again",)),
    "a merge key": (b"<<: {id: x}\nid: y\n", ("unknown field '<<'",)),
    **{f"an invisible {name}": (f"id: x\ntitle: The {mark}ferry\n".encode(), ((f":2  invisible character {name}"), "delete it"))
       for name, mark in MARKS.items()},
}  # fmt: skip
CSV: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "nothing": (b"", ("an empty file", "write the header line")),
    "semicolons": (b"on;event;what\n2024-06-30;pact-signed;survived\n", ("columns parted by semicolons", "by commas")),
    "a cell too many": (b"on,event\na,b,c\n", (":2", "3 cells under 2 columns", "as many cells as the header")),
    "a cell too few": (b"on,event\na\n", (":2", "1 cells under 2 columns")),
    "a column twice": (b"on,on\na,b\n", (":1", "the column 'on' twice", "keep one")),
    "an unknown column": (b"on,event,whaat,source,status\n2024-06-30,pact-signed,survived,G,confirmed\n",
                          ("unknown field 'whaat'", "did you mean 'what'")),
    "an open quotation mark": (b'on,event\na,"b\n', ("not well-formed CSV",)),
    "text behind a quotation mark": (b'on,event\na,"b"c\n', ("not well-formed CSV",)),
    "a cell of a megabyte": (b"on,event\na," + b"x" * 1_000_000 + b"\n", ("not well-formed CSV",)),
    "zeros": (b"on,event\na,\0b\n", (":2", "invisible character U+0000")),
    "UTF-16": ("on,event\n".encode("utf-16"), ("is not UTF-8",)),
    "Latin-1": ("on,event\nä,b\n".encode("latin-1"), (":2", "byte 0xe4 is not UTF-8")),
    "a web page": (b"<html><body>404</body></html>\n", (":1", "unknown field '<html><body>404</body></html>'",
                                                                "known fields")),
    "a workbook": (b"PK\x03\x04" + bytes(30), ("invisible character",)),
    "5 MB": (b"on\n" + b"x" * 5_000_000, ("keep the file under 5,000,000 bytes",)),
    "an old Mac's lines": (b"on,event\ra,b\r", ("not well-formed CSV",)),
    "no such month": (b"on,event,what,source,status\n2024-13-01,pact-signed,survived,Gazette,confirmed\n",
                      (":2", "'2024-13-01'")),
    "a formula for a date": (b"on,event,what,source,status\n=TODAY(),pact-signed,survived,Gazette,confirmed\n",
                             (":2", "on '=TODAY()' is not a date")),
}  # fmt: skip


def replaced(reader: str, name: str, file: str, content: bytes, says: tuple[str, ...]) -> Bad:
    """Return a case of the small dossier with other bytes in one of its files."""

    def given(folder: Path) -> Answer:
        root = write_dossier(folder, PROJECT)
        (root / file).write_bytes(content)
        return command("check", "--priors", root)

    return Bad(reader, name, given, (f"priors/{file}", *says))


def arranged(name: str, change: Callable[[Path], object], *says: str) -> Bad:
    """Return a case of the small dossier with something done to its folder."""

    def given(folder: Path) -> Answer:
        root = write_dossier(folder, PROJECT)
        change(root)
        return command("check", "--priors", root)

    return Bad("folder", name, given, says)


def _link(root: Path, name: str, to: Path | str) -> None:
    (root / name).unlink(missing_ok=True)
    (root / name).symlink_to(to)


def _longer(path: Path, more: str) -> None:
    path.write_text(path.read_text("utf-8") + more, "utf-8")


def _fifo(root: Path) -> None:
    os.mkfifo(root / "claims/pipe.yaml")


FOLDERS = [
    arranged("a link out of it", lambda root: _link(root, "sources/out.yaml", "/etc/passwd"), "a link that leaves the folder"),
    arranged("a link to a folder above", lambda root: _link(root, "sources/up.yaml", root.parent), "leaves the folder"),
    arranged("a link to nowhere", lambda root: _link(root, "claims/gone.yaml", root / "no.yaml"), "priors/claims/gone.yaml"),
    arranged("a link to itself", lambda root: _link(root, "claims/loop.yaml", root / "claims/loop.yaml"), "claims/loop.yaml"),
    arranged("a named pipe", _fifo, "not a file", "put a plain file here"),
    arranged("a folder of a file's name", lambda root: (root / "claims/x.yaml").mkdir(), "not a file"),
    arranged("a YAML file that lies nowhere", lambda root: (root / "claim.yaml").write_text("- id: x\n"), "priors/claim.yaml"),
    arranged("another ending", lambda root: (root / "claims/x.yml").write_text("- id: x\n"), "rename it to x.yaml"),
    arranged("claims in the folder of events", lambda root: (root / "events/x.yaml").write_text((root / CLAIMS).read_text()),
             "priors/events/x.yaml"),
    arranged("every claim twice", lambda root: (root / "claims/x.yaml").write_text((root / CLAIMS).read_text()),
             "claim 'n-001' again (first at priors/claims/norland-times.yaml:1)"),
    arranged("an id in two spellings of its case",
             lambda root: _longer(root / "lexicons/plain.csv", "Likely,0.6,0.67,0.75,0.8,0.9,level,5,Nobody\n"),
             "again (first at priors/lexicons/plain.csv:2)"),
    arranged("no grades", lambda root: (root / "grades.csv").unlink(), "no row for reliability"),
    Bad("folder", "no folder", lambda folder: command("check", "--priors", folder / "none"), ("none",)),
    Bad("folder", "an empty folder", lambda folder: command("check", "--priors", _made(folder / "priors")), ("priors",)),
    Bad("folder", "a file", lambda folder: command("check", "--priors", _file(folder / "priors")), ("priors",)),
]  # fmt: skip


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _file(path: Path) -> Path:
    path.write_text("x")
    return path


CASES = [
    *(replaced("YAML", name, EDITION, content, says) for name, (content, says) in YAML.items()),
    *(replaced("CSV", name, HISTORY, content, says) for name, (content, says) in CSV.items()),
    *(replaced("YAML", f"{name} for effects", EFFECTS, content, says[:0]) for name, (content, says) in YAML.items()
      if name not in ("nothing", "a comment alone")),
    *FOLDERS,
    checked("YAML", "a null for a text", ((EDITION, "title: The ferry in July 2024", "title: null"),), ("title", "write title")),
    checked("YAML", "a null for a list", ((EDITION, "sources: [norland-times]", "sources:"),), ("sources",)),
    checked("YAML", "a null in a list", ((EDITION, "[norland-times]", "[norland-times, ~]"),), ("sources",)),
]  # fmt: skip

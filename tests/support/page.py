"""Read a page the way a browser would: its elements, its texts, its tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Element:
    """One start tag, with all the text inside it (attributes decoded, white space as it stands)."""

    tag: str
    attributes: dict[str, str]
    inside: tuple[str, ...]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """Every element of a page, in order."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        path = tuple(element.tag for element in self._open)
        element = Element(tag, {name: value or "" for name, value in attrs}, path)
        self.elements.append(element)
        if tag not in ("meta", "link"):
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        path = tuple(element.tag for element in self._open)
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, path))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *tags: str) -> list[Element]:
        """Return the elements of some kinds."""
        return [element for element in self.elements if element.tag in tags]

    def text(self) -> str:
        """Return the text of the body, with plain spaces."""
        return " ".join(self.all("body")[0].text.split())

    def rows(self, kind: str) -> list[list[str]]:
        """Return the cells of every row with data cells in tables of a class."""
        rows: list[list[str]] = []
        inside = False
        for element in self.elements:
            if element.tag == "table":
                inside = kind in element.attributes.get("class", "").split()
            elif inside and element.tag == "tr":
                rows.append([])
            elif inside and element.tag in ("th", "td"):
                rows[-1].append(" ".join(element.text.split()))
        return [row for row in rows if len(row) > 1]

    def shape(self) -> Counter[tuple]:
        """Return how often each path of elements occurs outside pictures, links and isolated runs of text left out."""
        return Counter(
            (*element.inside, element.tag, *sorted(element.attributes))
            for element in self.elements
            if "svg" not in element.inside and element.tag not in ("a", "bdi")
        )

"""Dossiers with something nasty in every text field: what a text field accepts, a report has to show literally."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError
from sample_runs import sample_run

from forecasting.dossier.edition import EditionDossier, select_edition
from forecasting.dossier.fields import Record
from forecasting.runs.store import Run

PAYLOADS = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</svg><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><img src=x onerror='alert(1)'>",
    "' onmouseover='alert(1)' x='",
    '" autofocus onfocus="alert(1)" x="',
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe src=https://example.com></iframe>",
    '<a href="javascript:alert(1)">press</a>',
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "[press](javascript:alert(1))",
    "![look](https://example.com/pixel.png)",
    "<link rel=stylesheet href=//example.com/a.css>",
    "<style>@import url(https://example.com/a.css);</style>",
    "<base href=https://example.com/>",
    "<meta http-equiv=refresh content='0;url=https://example.com'>",
    "<form action=https://example.com><input name=a></form>",
    "{{ 7 * 7 }}{% raw %}",
    "{{ config.__class__.__mro__ }}",
    r"$\href{javascript:alert(1)}{x}$ and $x^2$",
    r"$$\frac{1}{0}$$ \write18{ls}",
    "**bold** _it_ `code` # head",
    "&lt;script&gt; &amp; &#60;b&#62;",
    "]]><!-- --><![CDATA[ <b>",
    "abc\u202egnp.exe\u2066 \u200bhidden\ufeff",
    "https://example.com/a?b=<script>alert(1)</script>&c='x'",
    "=HYPERLINK(\"https://example.com\",1)",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//example.com/a.js></script>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<details open ontoggle=alert(1)>",
    "<video src=x onerror=alert(1)></video>",
    "<input onfocus=alert(1) autofocus>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='https://example.com/a.swf'>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<!--><img src=x onerror=alert(1)>-->",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    r"\u003cscript\u003ealert(1)\u003c/script\u003e",
    r"\x3cimg src=x onerror=alert(1)\x3e",
    "<marquee onstart=alert(1)>x</marquee>",
    "<style>*{background:url(//example.com/a.png)}</style>",
    "&#x3c;script&#x3e;alert(1)&#x3c;/script&#x3e;",
    "<img src='https://example.com/pixel.png'>",
    "<img srcset='https://example.com/pixel.png 1x'>",
    "<div style='background:url(https://example.com/a.png)'>x</div>",
    "x' style='background:url(//example.com/a.png)' y='",
    "<a href='https://example.com' ping='https://example.com/p'>x</a>",
    "[x]: https://example.com/pixel.png",
    "<https://example.com/>",
    "![][x]\n\n[x]: https://example.com/pixel.png",
    "| a | b |\n|---|---|\n| ![x](https://example.com/pixel.png) | <b>c</b> |",
    "```\n<script>alert(1)</script>\n```",
    "[press](<javascript:alert(1)>)",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "A" * 300,
)  # fmt: skip


TABLES = (
    "sources", "claims", "events", "effects", "drivers", "questions", "reference_classes", "editions", "assumptions",
)  # fmt: skip


KEYS = {"comes", "stays_away", "wording"}  # entries of a lexicon, which `check` holds to it: no other text comes so far


def poison(edition: EditionDossier, payloads: Sequence[str]) -> tuple[Run, EditionDossier]:
    """Return a run and an edition in which the payloads stand, in turn, in every text field of every record."""
    turn = itertools.cycle(payloads)
    dossier = edition.dossier
    tables = {
        name: MappingProxyType({key: poisoned(record, turn) for key, record in getattr(dossier, name).items()})
        for name in TABLES
    }
    history = tuple(poisoned(row, turn) for row in dossier.history)
    changed = dataclasses.replace(dossier, **tables, history=history)
    nasty = select_edition(changed, changed.editions[edition.edition.id])
    run = sample_run(nasty)
    more = {"command": next(turn), "packages": {next(turn): next(turn)}}
    run = dataclasses.replace(run, manifest=run.manifest.model_copy(update=more))
    for table in (run.gate, run.influence, run.assumptions):
        for column in table.columns.intersection(["criterion", "worst", "bound", "fix", "pathway", "how", "words"]):
            table[column] = [next(turn) for _ in range(len(table))]
    return run, nasty


def poisoned(record: Any, turn: Iterator[str]) -> Any:
    """Return a record with a payload in every field that accepts one as text."""
    for name, value in record:
        if isinstance(value, Record):
            record = record.model_copy(update={name: poisoned(value, turn)})
        elif isinstance(value, tuple) and value and isinstance(value[0], Record):
            record = record.model_copy(update={name: tuple(poisoned(part, turn) for part in value)})
        elif isinstance(value, str) and name not in KEYS:
            payload = next(turn)
            if accepts(record, name, payload):
                record = record.model_copy(update={name: payload})
    return record


def fields_of(edition: EditionDossier) -> int:
    """Return in how many text fields of an edition's records a payload can stand."""
    counted: list[str] = []

    def noted() -> Iterator[str]:
        while True:
            counted.append("")
            yield "plain words"

    turn = noted()
    for name in TABLES:
        for record in getattr(edition.dossier, name).values():
            poisoned(record, turn)
    for row in edition.dossier.history:
        poisoned(row, turn)
    return len(counted)


def accepts(record: Record, name: str, payload: str) -> bool:
    """Return whether a record could be written with the payload in a field."""
    fields = {field.alias or key: getattr(record, key) for key, field in type(record).model_fields.items()}
    alias = type(record).model_fields[name].alias or name
    try:
        type(record).model_validate({**fields, alias: payload})
    except ValidationError:
        return False
    return True

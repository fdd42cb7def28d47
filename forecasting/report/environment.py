"""The templates' environment: everything is escaped, and a missing name is an error."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from forecasting.report.formatting import day, link_parts, sentence, visible


def _shown(value: Any) -> Any:
    """Make what a template prints visible to the last character; markup of our own passes as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return visible(value).replace(" %", "\N{NO-BREAK SPACE}%")


@cache
def environment() -> Environment:
    """Return the templates' environment: everything is escaped, and a missing name is an error."""
    made = Environment(
        loader=PackageLoader("forecasting.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"day": day, "sentence": sentence, "links": link_parts}
    return made

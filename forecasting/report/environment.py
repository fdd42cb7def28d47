"""The templates' environment: everything is escaped, and a missing name is an error."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from forecasting.report.formatting import day, link_parts, sentence, visible
from forecasting.report.names import question_name


def _shown(value: Any) -> Any:
    """Make what a template prints visible to the last character; markup of our own passes as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return visible(value).replace(" %", "\N{NO-BREAK SPACE}%")


def css_string(text: str, most: int) -> Markup:
    r"""Return a text as a string of a style sheet, cut to ``most`` characters, from which nothing can break out.

    Every character but plain letters, digits and spaces is written as its number.

    Parameters
    ----------
    text : str
    most : int
        Characters; a longer text ends with "…".

    Returns
    -------
    Markup
        In double quotes.

    Examples
    --------
    >>> print(css_string("Gas: 5 %</style>", 20))
    "Gas\3a  5 \25 \3c \2f style\3e "
    >>> print(css_string("Ceasefire", 5))
    "Ceas\2026 "
    """
    shown = " ".join(visible(text).split())
    shown = shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"
    plain = (c if c == " " or (c.isascii() and c.isalnum()) else f"\\{ord(c):x} " for c in shown)
    return Markup('"' + "".join(plain) + '"')


def dense(styles: str) -> Markup:
    """Return style sheets without what no browser needs: comments, and blanks after punctuation.

    Examples
    --------
    >>> dense("a :hover { color: red; }")
    Markup('a :hover{color:red;}')
    """
    plain = re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL)
    return Markup(re.sub(r"\s*\{\s*", "{", re.sub(r"([:;,{}])\s+", r"\1", plain)).strip())


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
    made.filters |= {"day": day, "sentence": sentence, "links": link_parts, "question_name": question_name}
    made.filters |= {"css_string": css_string, "dense": dense}
    return made

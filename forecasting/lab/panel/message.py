"""What a page may send to its panel."""

from __future__ import annotations

from typing import Literal

from forecasting.lab.parts.message import Sent


class Message(Sent):
    """One thing to do, with what it takes.

    *ask* takes a question, *curve* an event; *set* a record, a field of it and its value, or the place of the value among the
    options; *undo* the place of a change in the list; *yaml* and *write* a reason; *clear*, *cancel* and *show* nothing.

    Examples
    --------
    >>> Message.of({"do": "undo", "index": 0}).index
    0
    """

    do: Literal["show", "ask", "curve", "set", "undo", "clear", "cancel", "yaml", "write"]
    question: str = ""
    event: str = ""
    record: str = ""
    field: str = ""
    value: str | bool | int | float | None = None
    at: int | None = None
    index: int = -1
    reason: str = ""
